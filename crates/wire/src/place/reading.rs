//! Reads latitude and longitude as people type them: `50.45012N 30.52341E`, `50°27.0072'N 030°31.4046'E`,
//! `50°27'00.43"N 30 31 24.28 E`. The decimal mark is a point or a comma.

use super::{Degrees, LONGITUDE, PlaceError, UNITS};

/// What may stand behind degrees, minutes and seconds.
const MARKS: [&[char]; 3] = [&['°', 'º'], &['\'', '’', '′'], &['"', '”', '″']];

/// Of degrees, minutes and seconds: units, and how many decimals may follow if nothing smaller does.
const PARTS: [(i64, core::ops::RangeInclusive<usize>); 3] =
    [(UNITS, 4..=6), (UNITS / 60, 2..=5), (UNITS / 3600, 0..=4)];

/// Digits of a whole number: three of longitude.
const WHOLE: usize = 3;

pub(super) fn degrees(text: &str) -> Result<Degrees, PlaceError> {
    let is_way = |c: char| c.is_ascii_alphabetic();
    let (first, rest) = split_behind(text, is_way).ok_or(PlaceError::NoHemisphere)?;
    let rest = rest.trim_start().trim_start_matches([',', ';']);
    let (second, left) = split_behind(rest, is_way).ok_or(PlaceError::NoHemisphere)?;
    if !left.trim().is_empty() {
        return Err(PlaceError::Form);
    }
    let (latitude, longitude) = (angle(first)?, angle(second)?);
    match (latitude.way, longitude.way) {
        ('N' | 'S', 'E' | 'W') => {}
        ('E' | 'W', 'N' | 'S') => return Err(PlaceError::Order),
        _ => return Err(PlaceError::NoHemisphere),
    }
    let signed = |angle: &Angle| match angle.way {
        'S' | 'W' => -angle.units,
        _ => angle.units,
    };
    // The meridian opposite to Greenwich is east and west of it; it has one name.
    let east = match signed(&longitude) {
        west if west == -LONGITUDE => LONGITUDE,
        east => east,
    };
    Degrees::new(signed(&latitude), east).ok_or(PlaceError::Range)
}

/// The text up to and with the first character that is so, and what stands behind it.
fn split_behind(text: &str, is_so: impl Fn(char) -> bool) -> Option<(&str, &str)> {
    let (at, found) = text.char_indices().find(|(_, c)| is_so(*c))?;
    Some(text.split_at(at + found.len_utf8()))
}

struct Angle {
    units: i64,
    /// N, S, E or W.
    way: char,
}

/// One angle: one to three numbers, the last with decimals, and a letter.
fn angle(text: &str) -> Result<Angle, PlaceError> {
    let way = text.chars().next_back().map(|c| c.to_ascii_uppercase());
    let way = way.ok_or(PlaceError::NoHemisphere)?;
    let mut rest = text[..text.len() - 1].trim();
    let mut units = 0;
    for (at, (unit, decimals)) in PARTS.into_iter().enumerate() {
        let number = Number::first_of(rest).ok_or(PlaceError::Form)?;
        rest = rest[number.len..].trim_start();
        rest = rest.strip_prefix(MARKS[at]).unwrap_or(rest).trim_start();
        let whole: i64 = number.whole.parse().map_err(|_| PlaceError::Form)?;
        if at > 0 && whole >= 60 {
            return Err(PlaceError::Range);
        }
        units += whole * unit;
        if !rest.is_empty() && number.decimals.is_none() {
            continue;
        }
        let fraction = number.decimals.unwrap_or("");
        if !decimals.contains(&fraction.len()) {
            return Err(PlaceError::Precision);
        }
        units += decimal(fraction, unit);
        break;
    }
    let is_read = rest.is_empty();
    is_read
        .then_some(Angle { units, way })
        .ok_or(PlaceError::Form)
}

/// A fraction of a unit, which the unit is divisible by.
fn decimal(digits: &str, unit: i64) -> i64 {
    let mut place = unit;
    let mut sum = 0;
    for digit in digits.bytes() {
        place /= 10;
        sum += i64::from(digit - b'0') * place;
    }
    sum
}

struct Number<'a> {
    whole: &'a str,
    decimals: Option<&'a str>,
    /// Bytes of both.
    len: usize,
}

impl<'a> Number<'a> {
    fn first_of(text: &'a str) -> Option<Self> {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let whole = digits(text);
        if !(1..=WHOLE).contains(&whole) {
            return None;
        }
        let behind = text[whole..].strip_prefix(['.', ',']);
        let decimals = behind.map(|behind| &behind[..digits(behind)]);
        Some(Self {
            whole: &text[..whole],
            decimals,
            len: whole + decimals.map_or(0, |it| it.len() + 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Degrees, Place, PlaceError, UNITS};

    fn read(text: &str) -> Result<Degrees, PlaceError> {
        match text.parse()? {
            Place::Degrees(degrees) => Ok(degrees),
            Place::Grid(_) => panic!("{text} is read as a grid reference"),
        }
    }

    /// OL-662: one place has one value, in whatever form it is typed.
    #[test]
    fn one_place_in_every_form() {
        let right = Degrees::new(50 * UNITS + UNITS / 4, -(30 * UNITS + UNITS / 2));
        for form in [
            "50.2500N 30.5000W",
            "50,250000n, 030.5000w",
            "50.2500°N 30.5000°W",
            "50 15.00 N 30 30.00 W",
            "50°15.00000'N 30°30.00'W",
            "50°15′00″N 30°30′00.0000″W",
            "50 15 00 N; 30 30 00 W",
        ] {
            assert_eq!(read(form).ok(), right, "{form}");
        }
        assert_eq!(read("0.0000S 180.0000W"), read("0.0000N 180.0000E"));
    }

    /// OL-662: nothing is rounded, down to the last digit of each form.
    #[test]
    fn the_last_digit_counts_in_every_form() {
        for (form, other) in [
            ("50.450001N 30.5234E", "50.450002N 30.5234E"),
            ("50 27.00001N 30 31.00E", "50 27.00002N 30 31.00E"),
            ("50 27 00.0001N 30 31 00E", "50 27 00.0002N 30 31 00E"),
        ] {
            assert_ne!(read(form).expect("a place"), read(other).expect("a place"));
        }
    }

    /// OL-662 OL-663
    #[test]
    fn what_is_no_place_is_refused_for_what_is_wrong_with_it() {
        use PlaceError::{Form, NoHemisphere, Order, Precision, Range};
        for (text, wrong) in [
            ("50.4501 30.5234", NoHemisphere),
            ("50.4501N 30.5234", NoHemisphere),
            ("50.4501N 30.5234N", NoHemisphere),
            ("+50.4501 +30.5234", NoHemisphere),
            // A Cyrillic letter that looks like E.
            ("50.4501N 30.5234Е", NoHemisphere),
            ("30.5234E 50.4501N", Order),
            ("50.450N 30.5234E", Precision),
            ("50N 30E", Precision),
            ("50.4501234N 30.5234E", Precision),
            ("50 27.1N 30 31.00E", Precision),
            ("50 27N 30 31E", Precision),
            ("50 27 00.00001N 30 31 00E", Precision),
            ("90.0001N 30.5234E", Range),
            ("50.4501N 180.0001E", Range),
            ("50 60.00N 30 31.00E", Range),
            ("50 27 60N 30 31 00E", Range),
            ("50.4501N 30.5234E NAD27", Form),
            ("50.4501 27N 30.5234E", Form),
            ("-50.4501N 30.5234E", Form),
            ("5000.4501N 30.5234E", Form),
            ("50 27 00 00N 30 31 00E", Form),
            ("N50.4501 E30.5234", Form),
            ("50.4501N 30.5234E ".repeat(6).as_str(), Form),
            ("", NoHemisphere),
        ] {
            assert_eq!(read(text), Err(wrong), "{text}");
        }
    }
}
