//! Grid references of the Military Grid Reference System on WGS 84 (NGA.STND.0037), to 100 m, 10 m or 1 m.
//!
//! A reference stays what it is: turned into degrees it would be rounded, and nobody could tell any more whether what was
//! read back is what was said. Whether there is such a square on earth is asked of `mgrs-convert` when a person types it;
//! what stands in an entry needs only the form, so that no two versions of a library disagree about an entry.

use core::fmt;

use mgrs_convert::Mgrs;
use thiserror::Error;

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};

/// Letters of a band, a column and a row: I and O look like digits.
const BANDS: &str = "CDEFGHJKLMNPQRSTUVWX";
const COLUMNS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const ROWS: &str = "ABCDEFGHJKLMNPQRSTUV";

/// Zone, band, square, easting and northing, as in `36UUA2345678901`. Capitals, two digits of the zone, no spaces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GridReference(String);

/// Why what was typed is no grid reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum GridError {
    /// Not zone, band, square and digits.
    #[error("not of the form 36U UA 23456 78901")]
    Form,
    /// Too coarse or too fine: three to five digits each way.
    #[error("not three to five digits each way")]
    Digits,
    /// No such square lies in this zone and band.
    #[error("there is no such square")]
    NoSuchSquare,
}

impl GridError {
    /// A stable name for messages and for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form => "grid-form",
            Self::Digits => "grid-digits",
            Self::NoSuchSquare => "grid-no-such-square",
        }
    }
}

impl GridReference {
    /// Takes the one form; none if it is another.
    fn new(text: &str) -> Option<Self> {
        let zone = text.get(..2)?;
        let is_zone = zone.bytes().all(|b| b.is_ascii_digit())
            && (1..=60).contains(&zone.parse::<u8>().ok()?);
        let mut letters = text.get(2..5)?.chars();
        let mut stands_in = |set: &str| letters.next().is_some_and(|it| set.contains(it));
        let is_square = stands_in(BANDS) && stands_in(COLUMNS) && stands_in(ROWS);
        let digits = text.get(5..)?;
        let are_digits = digits.bytes().all(|b| b.is_ascii_digit());
        let fits = is_zone && is_square && are_digits && matches!(digits.len(), 6 | 8 | 10);
        fits.then(|| Self(text.to_owned()))
    }

    /// Whether a text is meant as a grid reference: a zone, and three letters behind it.
    pub(crate) fn is_meant(text: &str) -> bool {
        let mut chars = text.chars().filter(|c| !c.is_whitespace()).peekable();
        let mut zone = 0;
        while chars.next_if(char::is_ascii_digit).is_some() {
            zone += 1;
        }
        let letters = chars.take_while(char::is_ascii_alphabetic).count();
        (1..=2).contains(&zone) && letters >= 3
    }

    /// Reads what a person typed, in either case and with spaces where he likes; refuses what is nowhere on earth.
    pub fn typed(text: &str) -> Result<Self, GridError> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let plain = plain.to_ascii_uppercase();
        let has_short_zone = plain
            .chars()
            .nth(1)
            .is_some_and(|c| c.is_ascii_alphabetic());
        let padded = if has_short_zone {
            format!("0{plain}")
        } else {
            plain
        };
        let digits = padded.get(5..).ok_or(GridError::Form)?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(GridError::Form);
        }
        if !matches!(digits.len(), 6 | 8 | 10) {
            return Err(GridError::Digits);
        }
        let reference = Self::new(&padded).ok_or(GridError::Form)?;
        let exists = reference.middle().is_some();
        exists.then_some(reference).ok_or(GridError::NoSuchSquare)
    }

    /// Latitude and longitude of the middle of its square, in degrees: to judge by, never to compare. None if there is no
    /// such square.
    pub fn middle(&self) -> Option<(f64, f64)> {
        let middle = self.0.parse::<Mgrs>().ok()?.to_latlon();
        Some((middle.lat(), middle.lon()))
    }
}

impl fmt::Display for GridReference {
    /// In groups, as it is read aloud.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (square, digits) = self.0.split_at(5);
        let (easting, northing) = digits.split_at(digits.len() / 2);
        write!(f, "{} {} {easting} {northing}", &square[..3], &square[3..])
    }
}

impl Canonical for GridReference {
    fn write(&self, w: &mut Writer) {
        w.text(&self.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Self::new(r.text("grid reference", 15)?).ok_or(invalid("grid reference"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-662
    #[test]
    fn a_reference_is_read_in_any_case_and_with_any_spaces() {
        let right = GridReference::typed("36UUA2345678901").expect("a reference");
        for form in [
            "36U UA 23456 78901",
            " 36uua 2345678901",
            "36 U U A 2345678901",
        ] {
            assert_eq!(GridReference::typed(form).as_ref(), Ok(&right), "{form}");
        }
        assert_eq!(right.to_string(), "36U UA 23456 78901");
        assert_eq!(GridReference::from_bytes(&right.to_bytes()), Ok(right));
        let short = GridReference::typed("4Q FJ 1234 6789").expect("a reference");
        assert_eq!(short.to_string(), "04Q FJ 1234 6789");
    }

    /// OL-662 OL-663
    #[test]
    fn what_is_no_reference_is_refused_for_what_is_wrong_with_it() {
        use GridError::{Digits, Form, NoSuchSquare};
        for (text, wrong) in [
            ("36U UA 23456 7890", Digits),
            ("36U UA", Digits),
            ("36U UA 12 34", Digits),
            ("36U UA 123456 123456", Digits),
            ("61U UA 23456 78901", Form),
            ("00U UA 23456 78901", Form),
            ("36I UA 23456 78901", Form),
            ("36U UO 23456 78901", Form),
            ("36U UA 2345x 78901", Form),
            ("36U", Form),
            ("36Ü UA 23456 78901", Form),
            // Columns A to H belong to other zones; row N lies far from this band.
            ("36U AA 23456 78901", NoSuchSquare),
            ("36U UN 23456 78901", NoSuchSquare),
        ] {
            assert_eq!(GridReference::typed(text), Err(wrong), "{text}");
        }
    }

    /// OL-663: where NGA's GEOTRANS (by the Python package mgrs 1.5.0) says that the south-western corner of each square lies: in
    /// every kind of zone, Norway's and Spitsbergen's exceptions among them.
    #[test]
    fn a_square_lies_where_geotrans_says() {
        for (text, latitude, longitude) in [
            ("36UUA2418291607", 50.450094, 30.523397),
            ("37UDB1322479766", 55.755791, 37.617298),
            ("18SUJ2339407395", 38.897694, -77.036503),
            ("32VLN0779312209", 60.499999, 5.500000),
            ("33XWG1427883355", 78.223196, 15.626668),
            ("56HLH3490052288", -33.856807, 151.215294),
            ("19FEV4480527029", -54.801908, -68.303001),
            ("60NZF2282355336", 0.499997, 179.899991),
            ("01MAV7717644663", -0.500006, -179.900000),
            ("25XEN0373383449", 83.599999, -32.700037),
            ("31CDM4915473130", -79.500001, 0.499971),
            ("36RYA0964316886", 31.768292, 35.213696),
            ("52SBH9615802806", 37.949998, 126.679997),
        ] {
            let reference = GridReference::typed(text).expect("a reference");
            let (lat, lon) = reference.middle().expect("a square");
            // From the corner to the middle of a metre: 0.7 m, and a metre is 9e-6 degrees.
            let east: f64 = (lon - longitude) * f64::to_radians(latitude).cos();
            let away = east.hypot(lat - latitude);
            assert!((4e-6..9e-6).contains(&away), "{text}: {away}");
        }
    }

    /// OL-601: one reference has one form, whatever is on earth.
    #[test]
    fn another_form_in_an_entry_is_refused() {
        for (text, right) in [
            ("36UUA234567", true),
            ("36UAA234567", true),
            ("36uUA234567", false),
            ("6UUA234567", false),
            ("36U UA234567", false),
            ("36UUA23456", false),
            ("36UUA23456789012", false),
        ] {
            let mut w = Writer::new();
            w.text(text);
            assert_eq!(
                GridReference::from_bytes(&w.into_bytes()).is_ok(),
                right,
                "{text}"
            );
        }
    }

    /// OL-642
    #[test]
    fn a_changed_digit_letter_or_zone_is_another_reference() {
        let right = GridReference::typed("36U UA 23456 78901").expect("a reference");
        let mut slips = crate::testing::slips(&right.to_string());
        for at in [2, 4, 5] {
            for letter in 'A'..='Z' {
                let mut slip = right.to_string();
                slip.replace_range(at..at + 1, &letter.to_string());
                slips.push(slip);
            }
        }
        let means_it = |slip: &&String| GridReference::typed(slip).as_ref() == Ok(&right);
        let same: Vec<_> = slips.iter().filter(means_it).collect();
        // Each of the three letters was also put where it stands.
        assert_eq!(same, ["36U UA 23456 78901"; 3]);
    }
}
