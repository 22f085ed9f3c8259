//! A place on earth, as people give it to one another: latitude and longitude, or a grid reference. The datum is WGS 84 and no
//! other: the same figures on another are a place hundreds of metres away.

use core::fmt;
use core::str::FromStr;

use thiserror::Error;

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::codes::PlaceForm;
use crate::grid::{GridError, GridReference};
use crate::limits;

mod reading;

/// Units in a degree. The unit is a ten-thousandth of a second of arc, 3 mm on the ground: in it six decimals of a degree
/// (36 units), five of a minute (6) and four of a second (1) are all whole numbers. So nothing that is typed is ever rounded:
/// whatever digit differs, the value differs, and one place has one value in whatever form it was typed.
pub const UNITS: i64 = 36_000_000;

/// The poles.
const LATITUDE: i64 = 90 * UNITS;

/// The meridian opposite to Greenwich, which is called 180 east.
const LONGITUDE: i64 = 180 * UNITS;

/// Latitude, north positive, and longitude, east positive, on WGS 84, in [`UNITS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Degrees {
    latitude: i64,
    longitude: i64,
}

/// A place. A read-back must be in the form of what it reads back: turned from one into the other it would be rounded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Latitude and longitude.
    Degrees(Degrees),
    /// A grid reference.
    Grid(GridReference),
}

/// Why what was typed is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PlaceError {
    /// Not latitude and longitude in one of the forms, nor a grid reference.
    #[error("neither latitude and longitude nor a grid reference")]
    Form,
    /// No letter says which way: N or S, E or W, in Latin letters. Without it, figures can be exchanged unseen.
    #[error("the letter is missing: N or S, E or W")]
    NoHemisphere,
    /// Longitude stands before latitude.
    #[error("latitude comes first, then longitude")]
    Order,
    /// Too coarse to be meant, or finer than can be kept: 4 to 6 decimals of a degree, 2 to 5 of a minute, whole seconds or up
    /// to 4 decimals.
    #[error("too few digits behind the point, or too many")]
    Precision,
    /// More than 90 degrees of latitude, 180 of longitude, 59 minutes or seconds.
    #[error("there is no such latitude or longitude")]
    Range,
    /// A grid reference that is none.
    #[error(transparent)]
    Grid(#[from] GridError),
}

impl PlaceError {
    /// A stable name for messages and for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form => "place-form",
            Self::NoHemisphere => "place-without-hemisphere",
            Self::Order => "place-order",
            Self::Precision => "place-precision",
            Self::Range => "place-range",
            Self::Grid(error) => error.code(),
        }
    }
}

impl Degrees {
    /// A place in units; none if there is none.
    pub fn new(latitude: i64, longitude: i64) -> Option<Self> {
        let is_there = (-LATITUDE..=LATITUDE).contains(&latitude)
            && (-LONGITUDE < longitude && longitude <= LONGITUDE);
        is_there.then_some(Self {
            latitude,
            longitude,
        })
    }

    /// In units, north positive.
    pub fn latitude(&self) -> i64 {
        self.latitude
    }

    /// In units, east positive.
    pub fn longitude(&self) -> i64 {
        self.longitude
    }
}

/// Where something may be meant to be: what lies elsewhere is doubted. West may be greater than east: then it lies across the
/// meridian opposite to Greenwich.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its south-western corner.
    pub south_west: Degrees,
    /// Its north-eastern corner.
    pub north_east: Degrees,
}

impl Area {
    /// Whether a place lies in it; of a grid reference, the middle of its square. A square that is nowhere lies in no area.
    pub fn holds(&self, place: &Place) -> bool {
        let point = match place {
            Place::Degrees(point) => Some(*point),
            Place::Grid(grid) => middle(grid),
        };
        point.is_some_and(|point| self.has(&point))
    }

    fn has(&self, point: &Degrees) -> bool {
        let (west, east) = (self.south_west.longitude, self.north_east.longitude);
        let is_between = match west <= east {
            true => (west..=east).contains(&point.longitude),
            false => point.longitude >= west || point.longitude <= east,
        };
        is_between
            && (self.south_west.latitude..=self.north_east.latitude).contains(&point.latitude)
    }
}

fn middle(grid: &GridReference) -> Option<Degrees> {
    let (latitude, longitude) = grid.middle()?;
    let units = |degrees: f64| (degrees * UNITS as f64) as i64;
    Degrees::new(units(latitude), units(longitude))
}

impl FromStr for Place {
    type Err = PlaceError;

    /// Reads what a person typed.
    fn from_str(text: &str) -> Result<Self, PlaceError> {
        if text.len() > limits::PLACE_TYPED {
            return Err(PlaceError::Form);
        }
        match GridReference::is_meant(text) {
            true => Ok(Self::Grid(GridReference::typed(text)?)),
            false => reading::degrees(text).map(Self::Degrees),
        }
    }
}

impl fmt::Display for Degrees {
    /// Degrees, minutes and seconds, with no more decimals than are needed: what reads back as the same place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (north, east) = (self.latitude >= 0, self.longitude >= 0);
        write_angle(f, self.latitude.abs(), 2, if north { 'N' } else { 'S' })?;
        f.write_str(" ")?;
        write_angle(f, self.longitude.abs(), 3, if east { 'E' } else { 'W' })
    }
}

fn write_angle(f: &mut fmt::Formatter<'_>, units: i64, width: usize, way: char) -> fmt::Result {
    let (degrees, minutes) = (units / UNITS, units / (UNITS / 60) % 60);
    let (seconds, parts) = (units / (UNITS / 3600) % 60, units % (UNITS / 3600));
    write!(f, "{degrees:0width$}°{minutes:02}'{seconds:02}")?;
    if parts != 0 {
        let decimals = format!("{parts:04}");
        write!(f, ".{}", decimals.trim_end_matches('0'))?;
    }
    write!(f, "\"{way}")
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Degrees(degrees) => degrees.fmt(f),
            Self::Grid(grid) => grid.fmt(f),
        }
    }
}

impl Canonical for Place {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Degrees(it) => {
                w.array(3).uint(PlaceForm::Degrees.code());
                w.int(it.latitude).int(it.longitude);
            }
            Self::Grid(grid) => {
                w.array(2).uint(PlaceForm::Grid.code()).item(grid);
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let len = r.array("place", 3)?;
        match (PlaceForm::from_code(r.uint("place form")?)?, len) {
            (PlaceForm::Degrees, 3) => {
                let (latitude, longitude) = (r.int("latitude")?, r.int("longitude")?);
                let degrees = Degrees::new(latitude, longitude);
                degrees.map(Self::Degrees).ok_or(invalid("place: nowhere"))
            }
            (PlaceForm::Grid, 2) => Ok(Self::Grid(r.item()?)),
            _ => Err(invalid("place")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::zoned::Zoned;

    fn degrees(latitude: i64, longitude: i64) -> Degrees {
        Degrees::new(latitude, longitude).expect("a place")
    }

    /// OL-601
    #[test]
    fn every_place_has_one_value_and_beyond_the_poles_there_is_none() {
        assert!(Degrees::new(LATITUDE, LONGITUDE).is_some());
        for (latitude, longitude) in [
            (LATITUDE + 1, 0),
            (-LATITUDE - 1, 0),
            (0, LONGITUDE + 1),
            (0, -LONGITUDE),
            (i64::MIN, i64::MAX),
        ] {
            assert_eq!(Degrees::new(latitude, longitude), None);
            let mut w = Writer::new();
            w.array(3).uint(0).int(latitude).int(longitude);
            assert!(Place::from_bytes(&w.into_bytes()).is_err());
        }
    }

    /// OL-663
    #[test]
    fn what_lies_outside_the_area_is_noticed_in_either_form() {
        let corner = |latitude: i64, longitude: i64| degrees(latitude * UNITS, longitude * UNITS);
        let area = Area {
            south_west: corner(44, 22),
            north_east: corner(53, 41),
        };
        let holds = |text: &str| area.holds(&text.parse().expect("a place"));
        assert!(holds("50.4501N 30.5234E"));
        assert!(!holds("30.5234N 50.4501E"), "exchanged");
        assert!(!holds("50.4501S 30.5234E") && !holds("50.4501N 30.5234W"));
        assert!(holds("36U UA 23456 78901"));
        assert!(!holds("36U UA 23456 78901".replace("36U", "39U").as_str()));
        let across = Area {
            south_west: corner(-20, 170),
            north_east: corner(10, -170),
        };
        for (text, inside) in [
            ("0.0000N 179.0000E", true),
            ("0.0000N 179.0000W", true),
            ("0.0000N 160.0000E", false),
            ("0.0000N 160.0000W", false),
        ] {
            assert_eq!(
                across.holds(&text.parse().expect("a place")),
                inside,
                "{text}"
            );
        }
    }

    fn any() -> impl Strategy<Value = Degrees> {
        (-LATITUDE..=LATITUDE, 1 - LONGITUDE..=LONGITUDE).prop_map(|(a, b)| degrees(a, b))
    }

    proptest! {
        /// OL-662: whatever is typed, nothing breaks, and what is taken is shown as what reads back as the same.
        #[test]
        fn anything_may_be_typed(chars in proptest::collection::vec(crate::testing::typed(), 0..40)) {
            let text: String = chars.into_iter().collect();
            if let Ok(place) = text.parse::<Place>() {
                prop_assert_eq!(place.to_string().parse(), Ok(place));
            }
            if let Ok(time) = text.parse::<Zoned>() {
                prop_assert_eq!(time.to_string().parse(), Ok(time));
            }
        }

        /// OL-601 OL-662
        #[test]
        fn every_place_reads_back(point in any()) {
            let place = Place::Degrees(point);
            prop_assert_eq!(place.to_string().parse(), Ok(place.clone()));
            prop_assert_eq!(Place::from_bytes(&place.to_bytes()), Ok(place));
        }

        /// OL-642: each digit changed, neighbours exchanged, the other hemisphere. (The equator lies in both.)
        #[test]
        fn a_slip_is_another_place_or_none(point in any()) {
            prop_assume!(point.latitude != 0 && point.longitude != 0 && point.longitude != LONGITUDE);
            let text = point.to_string();
            for slip in crate::testing::slips(&text) {
                prop_assert_ne!(slip.parse(), Ok(Place::Degrees(point)), "{} for {}", slip, text);
            }
        }

        /// OL-642: latitude and longitude exchanged, with or without their letters, are another place.
        #[test]
        fn exchanged_figures_are_another_place_or_none(
            a in 1_000_000u64..90_000_000, b in 1_000_000u64..180_000_000,
        ) {
            prop_assume!(a != b);
            let figure = |it: u64| format!("{}.{:06}", it / 1_000_000, it % 1_000_000);
            let right: Place = format!("{}N {}E", figure(a), figure(b)).parse().expect("a place");
            let figures: Result<Place, _> = format!("{}N {}E", figure(b), figure(a)).parse();
            prop_assert_ne!(figures, Ok(right));
            let letters: Result<Place, _> = format!("{}E {}N", figure(b), figure(a)).parse();
            prop_assert_eq!(letters, Err(PlaceError::Order));
        }
    }
}
