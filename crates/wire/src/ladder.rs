//! To whom a ring is offered, and when (OL-525).

use crate::charter::Charter;
use crate::limits::LADDER_URGENT_MS;
use crate::office::{Office, OfficeId, OfficeRef};

/// An office to which a ring is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung<'a> {
    /// Which.
    pub office: &'a Office,
    /// From when on, in milliseconds after it began to ring.
    pub after_ms: u64,
}

impl Charter {
    /// The called office, then those that answer for it. Empty if the charter has no such office.
    pub fn ladder(&self, called: &OfficeRef, for_ms: u64, is_urgent: bool) -> Vec<Rung<'_>> {
        let offices = self.answering(called);
        let whole = match is_urgent {
            true => LADDER_URGENT_MS.min(for_ms / 2),
            false => for_ms / 2,
        };
        let steps = (offices.len() as u64).saturating_sub(1).max(1);
        let rung = |(place, office)| Rung {
            office,
            after_ms: whole / steps * place,
        };
        (0..).zip(offices).map(rung).collect()
    }

    fn answering(&self, called: &OfficeRef) -> Vec<&Office> {
        let party = || self.offices_of(called.party);
        let first = party().find(|office| office.id == *called);
        let of_id = |id: &OfficeId| party().find(|office| office.id.office == *id);
        let substitutes = first.into_iter().flat_map(|office| &office.substitutes);
        let watch = party().filter(|office| first.is_some() && office.level == 1);
        let all = first.into_iter().chain(substitutes.filter_map(of_id));
        let mut answering: Vec<&Office> = Vec::new();
        for office in all.chain(watch) {
            if !answering.iter().any(|known| known.id == office.id) {
                answering.push(office);
            }
        }
        answering
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{RING_MAX_MS, RING_MIN_MS};
    use crate::testing;

    fn id(name: &str) -> OfficeId {
        OfficeId::new(name).expect("an id")
    }

    /// The charter of the tests, with a head for whom a deputy and then the watch answer.
    fn charter() -> Charter {
        let mut charter = testing::charter();
        let watch = charter.offices[0].clone();
        let office = |name, level, substitutes: &[&str]| Office {
            id: OfficeRef {
                party: watch.id.party,
                office: id(name),
            },
            level,
            substitutes: substitutes.iter().map(|name| id(name)).collect(),
            ..watch.clone()
        };
        let head = office("head", 4, &["deputy", "aide"]);
        let others = [office("deputy", 3, &["watch"]), office("aide", 2, &[])];
        charter.offices.push(head);
        charter.offices.extend(others);
        charter
    }

    fn ladder(called: &str, for_ms: u64, is_urgent: bool) -> Vec<(String, u64)> {
        let charter = charter();
        let called = OfficeRef {
            party: charter.offices[0].id.party,
            office: id(called),
        };
        let rungs = charter.ladder(&called, for_ms, is_urgent);
        let of = |rung: &Rung<'_>| (rung.office.id.office.to_string(), rung.after_ms);
        rungs.iter().map(of).collect()
    }

    /// OL-525
    #[test]
    fn the_called_office_comes_first_then_its_substitutes_and_last_the_watch() {
        let names = |called, urgent| -> Vec<(String, u64)> { ladder(called, 120_000, urgent) };
        let said = |names: &[(&str, u64)]| -> Vec<(String, u64)> {
            let owned = |(name, ms): &(&str, u64)| ((*name).to_owned(), *ms);
            names.iter().map(owned).collect()
        };
        let quiet = [
            ("head", 0),
            ("deputy", 20_000),
            ("aide", 40_000),
            ("watch", 60_000),
        ];
        assert_eq!(names("head", false), said(&quiet));
        let urgent = [
            ("head", 0),
            ("deputy", 3_333),
            ("aide", 6_666),
            ("watch", 9_999),
        ];
        assert_eq!(names("head", true), said(&urgent));
        assert_eq!(names("watch", true), said(&[("watch", 0)]));
        assert_eq!(names("king", true), []);
    }

    /// OL-525: whoever of those that may answer is absent, in every combination, one who is not is reached within ten seconds, and
    /// before the ring is over.
    #[test]
    fn whoever_is_absent_an_urgent_ring_reaches_anybody_else_within_ten_seconds() {
        for for_ms in [RING_MIN_MS, 8_000, 120_000, RING_MAX_MS] {
            let ladder = ladder("head", for_ms, true);
            for absent in 0..(1 << ladder.len()) - 1 {
                let there = (0..ladder.len()).find(|at| absent & (1 << at) == 0);
                let after = there.map(|at| ladder[at].1).expect("somebody is there");
                assert!(after <= LADDER_URGENT_MS && after < for_ms, "{absent:b}");
            }
        }
    }
}
