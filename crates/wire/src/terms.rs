//! What people commit themselves to, as far as it must be read back: where, from when, until when, when they speak next.

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::limits;
use crate::place::{Area, Place};
use crate::zoned::Zoned;

/// The terms of a proposal. Equal are those of equal values: the text that was typed is nowhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Terms {
    /// Where; in the order in which they are named.
    pub places: Vec<Place>,
    /// From when it holds.
    pub from: Zoned,
    /// Until when; none if nothing is said.
    pub until: Option<Zoned>,
    /// When both speak next; none if nothing is said.
    pub next_contact: Option<Zoned>,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// A place, counted from 0.
    Place(usize),
    /// From when.
    From,
    /// Until when.
    Until,
    /// When both speak next.
    NextContact,
}

impl Term {
    /// A stable name for messages and for programs: `place-1` is the first place.
    pub fn word(self) -> String {
        match self {
            Self::Place(at) => format!("place-{}", at + 1),
            Self::From => "from".to_owned(),
            Self::Until => "until".to_owned(),
            Self::NextContact => "next-contact".to_owned(),
        }
    }
}

/// What a person should look at again before he says it. It may be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// It lies outside the area that people speak about.
    Elsewhere(Term),
    /// It is over.
    Past(Term),
    /// It is more than a year away.
    FarAhead(Term),
}

impl Doubt {
    /// Of what.
    pub fn term(self) -> Term {
        match self {
            Self::Elsewhere(term) | Self::Past(term) | Self::FarAhead(term) => term,
        }
    }

    /// A stable name for messages and for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Elsewhere(_) => "elsewhere",
            Self::Past(_) => "past",
            Self::FarAhead(_) => "far-ahead",
        }
    }
}

impl Terms {
    /// The terms that differ from those of another.
    pub fn differing(&self, other: &Self) -> Vec<Term> {
        let places = self.places.len().max(other.places.len());
        let place_differs = |at: &usize| self.places.get(*at) != other.places.get(*at);
        let mut terms: Vec<Term> = (0..places).filter(place_differs).map(Term::Place).collect();
        let times = [
            (Term::From, self.from == other.from),
            (Term::Until, self.until == other.until),
            (Term::NextContact, self.next_contact == other.next_contact),
        ];
        let differ = times.into_iter().filter(|(_, is_same)| !is_same);
        terms.extend(differ.map(|(term, _)| term));
        terms
    }

    /// The time of a term; none if that one is a place, or not said.
    pub fn time(&self, term: Term) -> Option<Zoned> {
        match term {
            Term::Place(_) => None,
            Term::From => Some(self.from),
            Term::Until => self.until,
            Term::NextContact => self.next_contact,
        }
    }

    /// What is doubtful at this time, UTC in milliseconds, for people who speak about this area.
    pub fn doubts(&self, now_ms: u64, area: Option<&Area>) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        for (at, place) in self.places.iter().enumerate() {
            if area.is_some_and(|area| !area.holds(place)) {
                doubts.push(Doubt::Elsewhere(Term::Place(at)));
            }
        }
        let times = [
            (Term::From, Some(self.from)),
            (Term::Until, self.until),
            (Term::NextContact, self.next_contact),
        ];
        for (term, time) in times {
            let Some(time) = time else { continue };
            if time.utc_ms() < now_ms {
                doubts.push(Doubt::Past(term));
            } else if time.utc_ms() - now_ms > limits::TERM_DOUBT_MS {
                doubts.push(Doubt::FarAhead(term));
            }
        }
        doubts
    }

    /// Whether it may stand in an entry: it ends after it begins.
    pub fn fits(&self) -> bool {
        let ends = self
            .until
            .is_none_or(|until| until.utc_ms() > self.from.utc_ms());
        ends && self.places.len() <= limits::PLACES
    }
}

impl Canonical for Terms {
    fn write(&self, w: &mut Writer) {
        w.array(4).items(&self.places).item(&self.from);
        for time in [&self.until, &self.next_contact] {
            match time {
                Some(time) => w.item(time),
                None => w.null(),
            };
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("terms", 4)?;
        let terms = Self {
            places: r.items("places", limits::PLACES)?,
            from: r.item()?,
            until: r.optional(Reader::item)?,
            next_contact: r.optional(Reader::item)?,
        };
        terms
            .fits()
            .then_some(terms)
            .ok_or(invalid("terms: end before they begin"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: u64 = 1_795_900_000_000;

    fn time(text: &str) -> Zoned {
        text.parse().expect("a time")
    }

    fn terms() -> Terms {
        let place = |text: &str| text.parse().expect("a place");
        Terms {
            places: vec![place("50.4501N 30.5234E"), place("36U UA 23456 78901")],
            from: time("2026-11-29T06:00+02:00"),
            until: Some(time("2026-11-30T06:00+02:00")),
            next_contact: Some(time("2026-11-29T04:30Z")),
        }
    }

    /// OL-603
    #[test]
    fn terms_end_after_they_begin_and_name_eight_places_at_most() {
        let right = terms();
        assert_eq!(Terms::from_bytes(&right.to_bytes()), Ok(right.clone()));
        for (until, may) in [
            ("2026-11-29T06:00+02:00", false),
            ("2026-11-29T06:00+03:00", false),
            ("2026-11-29T06:00:01+02:00", true),
        ] {
            let until = Some(time(until));
            let terms = Terms { until, ..terms() };
            assert_eq!(Terms::from_bytes(&terms.to_bytes()).is_ok(), may);
        }
        for (count, may) in [(0, true), (8, true), (9, false)] {
            let places = vec![right.places[0].clone(); count];
            let terms = Terms { places, ..terms() };
            assert_eq!(Terms::from_bytes(&terms.to_bytes()).is_ok(), may, "{count}");
        }
    }

    /// OL-642: each term is named that differs: another value, none, one more, the same in another form or zone.
    #[test]
    fn what_differs_is_named() {
        let right = terms();
        assert_eq!(right.differing(&terms()), []);
        let with = |change: fn(&mut Terms)| {
            let mut other = terms();
            change(&mut other);
            assert_eq!(right.differing(&other), other.differing(&right));
            right.differing(&other)
        };
        assert_eq!(
            with(|it| it.places.swap(0, 1)),
            [Term::Place(0), Term::Place(1)]
        );
        assert_eq!(with(|it| it.places.truncate(1)), [Term::Place(1)]);
        assert_eq!(with(|it| it.until = None), [Term::Until]);
        assert_eq!(
            with(|it| it.next_contact = Some(time("2026-11-29T06:30+02:00"))),
            [Term::NextContact],
            "the same moment in another zone"
        );
        assert_eq!(
            with(|it| it.from = time("2026-11-29T06:00+03:00")),
            [Term::From]
        );
    }

    /// OL-663 OL-665
    #[test]
    fn what_lies_elsewhere_in_the_past_or_far_ahead_is_doubted() {
        assert_eq!(terms().doubts(NOW_MS, None), []);
        let past = terms().doubts(time("2026-11-29T04:30:01Z").utc_ms(), None);
        assert_eq!(
            past,
            [Doubt::Past(Term::From), Doubt::Past(Term::NextContact)]
        );
        let until = Some(time("2027-11-29T21:06:40Z"));
        let at_the_limit = Terms { until, ..terms() };
        assert_eq!(at_the_limit.doubts(NOW_MS, None), []);
        let until = Some(time("2027-11-29T21:06:41Z"));
        let beyond = Terms { until, ..terms() };
        assert_eq!(beyond.doubts(NOW_MS, None), [Doubt::FarAhead(Term::Until)]);
        let Place::Degrees(here) = terms().places[0] else {
            panic!("degrees");
        };
        let area = Area {
            south_west: here,
            north_east: here,
        };
        let elsewhere = [Doubt::Elsewhere(Term::Place(1))];
        assert_eq!(terms().doubts(NOW_MS, Some(&area)), elsewhere);
    }
}
