//! Terms that a person typed. There is no other way to make them: what came in an entry can't be turned into them, so that nothing
//! offers to send a proposal back as its own read-back (OL-661).
//!
//! ```compile_fail
//! # use openline_proto::contact::typed::Typed;
//! # use openline_wire::fact::Proposal;
//! fn echo(proposal: Proposal) -> Typed {
//!     Typed(proposal.terms)
//! }
//! ```

use openline_wire::limits;
use openline_wire::place::{Area, Place, PlaceError};
use openline_wire::terms::{Doubt, Term, Terms};
use openline_wire::zoned::{Zoned, ZonedError};
use thiserror::Error;

/// What stands in the fields that a person filled in.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    /// Where, one field for each place.
    pub places: &'a [&'a str],
    /// From when.
    pub from: &'a str,
    /// Until when, if anything.
    pub until: Option<&'a str>,
    /// When both speak next, if anything.
    pub next_contact: Option<&'a str>,
}

/// Terms as a person typed them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed(Terms);

/// What is wrong with what was typed, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Slip {
    /// A place is none.
    #[error("place {}: {wrong}", at + 1)]
    Place {
        /// Which field, from 0.
        at: usize,
        /// Why.
        wrong: PlaceError,
    },
    /// A time is none.
    #[error("{term:?}: {wrong}")]
    Time {
        /// Which one.
        term: Term,
        /// Why.
        wrong: ZonedError,
    },
    /// It ends before it begins.
    #[error("it ends before it begins")]
    Order,
    /// More places than one proposal may have.
    #[error("{got} places, at most {}", limits::PLACES)]
    TooManyPlaces {
        /// How many.
        got: usize,
    },
}

impl Typed {
    /// Reads what was typed.
    pub fn read(fields: Fields<'_>) -> Result<Self, Slip> {
        let got = fields.places.len();
        if got > limits::PLACES {
            return Err(Slip::TooManyPlaces { got });
        }
        let time = |term, text: &str| -> Result<Zoned, Slip> {
            text.parse().map_err(|wrong| Slip::Time { term, wrong })
        };
        let optional = |term, text: Option<&str>| text.map(|text| time(term, text)).transpose();
        let place = |(at, text): (usize, &&str)| -> Result<Place, Slip> {
            text.parse().map_err(|wrong| Slip::Place { at, wrong })
        };
        let terms = Terms {
            places: fields
                .places
                .iter()
                .enumerate()
                .map(place)
                .collect::<Result<_, _>>()?,
            from: time(Term::From, fields.from)?,
            until: optional(Term::Until, fields.until)?,
            next_contact: optional(Term::NextContact, fields.next_contact)?,
        };
        terms.fits().then_some(Self(terms)).ok_or(Slip::Order)
    }

    /// What the person should look at again (OL-663, OL-665). It knows nothing of any proposal.
    pub fn doubts(&self, now_ms: u64, area: Option<&Area>) -> Vec<Doubt> {
        self.0.doubts(now_ms, area)
    }

    pub(super) fn into_terms(self) -> Terms {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: Fields<'_> = Fields {
        places: &["50.4501N 30.5234E"],
        from: "2026-11-29T06:00+02:00",
        until: None,
        next_contact: None,
    };

    /// OL-661 OL-662 OL-664
    #[test]
    fn what_is_typed_wrong_is_named_with_its_field() {
        let slip = |fields| Typed::read(fields).err();
        assert_eq!(slip(FIELDS), None);
        let wrong = PlaceError::Order;
        let places = &["50.4501N 30.5234E", "30.5234E 50.4501N"];
        let place = Slip::Place { at: 1, wrong };
        assert_eq!(slip(Fields { places, ..FIELDS }), Some(place));
        assert_eq!(
            place.to_string(),
            "place 2: latitude comes first, then longitude"
        );
        let wrong = ZonedError::NoZone;
        let until = Some("2026-11-29T07:00");
        let time = Slip::Time {
            term: Term::Until,
            wrong,
        };
        assert_eq!(slip(Fields { until, ..FIELDS }), Some(time));
        let until = Some("2026-11-29T06:59+03:00");
        assert_eq!(slip(Fields { until, ..FIELDS }), Some(Slip::Order));
        let places = &["50.4501N 30.5234E"; 9];
        let many = Slip::TooManyPlaces { got: 9 };
        assert_eq!(slip(Fields { places, ..FIELDS }), Some(many));
    }

    /// OL-663 OL-665
    #[test]
    fn a_person_is_asked_about_what_is_past() {
        let typed = Typed::read(FIELDS).expect("terms");
        assert_eq!(typed.doubts(0, None), [Doubt::FarAhead(Term::From)]);
        assert_eq!(typed.doubts(u64::MAX, None), [Doubt::Past(Term::From)]);
    }
}
