//! The roster: who is to be on watch when, as a party plans it (OL-721).

use std::collections::BTreeSet;

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::header::Header;
use crate::ids::EntryId;
use crate::limits;
use crate::names;

/// Who is to be on watch when. One without shifts plans nobody, and only takes back what it replaces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Roster {
    /// From when on it plans, UTC in milliseconds.
    pub from: u64,
    /// Until when, likewise.
    pub until: u64,
    /// The shifts, in ascending order of their beginnings, none of which is another's.
    pub shifts: Vec<Shift>,
    /// The rosters that end with it, in ascending order.
    pub replaces: Vec<EntryId>,
}

/// One officer's time on watch. It ends before its last millisecond: the next one may begin in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shift {
    /// Its beginning, UTC in milliseconds.
    pub from: u64,
    /// Its end, likewise.
    pub until: u64,
    /// Who, by the name that he acts under.
    pub officer: String,
}

impl Roster {
    /// Reads the fact of a header, which must name a person as its actor (OL-707).
    pub(super) fn of(header: &Header) -> Result<Self, DecodeError> {
        if !header.actor.is_a_person() {
            return Err(invalid("actor: nobody by name"));
        }
        Self::from_bytes(&header.fact)
    }

    /// Each officer once, in ascending order: on the wire a shift has his place here.
    fn officers(&self) -> Vec<&str> {
        let officers = self.shifts.iter().map(|shift| shift.officer.as_str());
        officers.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn check(&self) -> Result<(), DecodeError> {
        let length = self.until.saturating_sub(self.from);
        if !(1..=limits::ROSTER_MS).contains(&length) {
            return Err(invalid("roster: ends before it begins, or is too long"));
        }
        let is_within =
            |it: &Shift| self.from <= it.from && it.from < it.until && it.until <= self.until;
        let ascends = self.shifts.is_sorted_by(|a, b| a.from < b.from);
        if !(ascends && self.shifts.iter().all(is_within)) {
            return Err(invalid("shifts: out of order, or not within the roster"));
        }
        match self.replaces.is_sorted_by(|a, b| a < b) {
            true => Ok(()),
            false => Err(invalid("replaced rosters: out of order")),
        }
    }
}

impl Canonical for Roster {
    fn write(&self, w: &mut Writer) {
        let officers = self.officers();
        w.array(5).uint(self.from).uint(self.until);
        w.array(officers.len());
        for officer in &officers {
            w.text(officer);
        }
        w.array(self.shifts.len());
        for shift in &self.shifts {
            let place = officers.partition_point(|it| *it < shift.officer.as_str());
            w.array(3).uint(shift.from).uint(shift.until);
            w.uint(place as u64);
        }
        w.items(&self.replaces);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("roster", 5)?;
        let (from, until) = (time(r)?, time(r)?);
        let officers = officers(r)?;
        let count = r.array("shifts", limits::SHIFTS)?;
        let shifts = (0..count)
            .map(|_| shift(r, &officers))
            .collect::<Result<_, _>>()?;
        let roster = Self {
            from,
            until,
            shifts,
            replaces: r.items("replaced rosters", limits::ENDED_AT_ONCE)?,
        };
        if roster.officers().len() != officers.len() {
            return Err(invalid("officers: one without a shift"));
        }
        roster.check()?;
        Ok(roster)
    }
}

fn time(r: &mut Reader<'_>) -> Result<u64, DecodeError> {
    r.uint_up_to("time", limits::LATEST_TIME_MS)
}

fn officers(r: &mut Reader<'_>) -> Result<Vec<String>, DecodeError> {
    let count = r.array("officers", limits::ROSTER_OFFICERS)?;
    let mut officers: Vec<String> = Vec::new();
    for _ in 0..count {
        let officer = r.text("officer", limits::ACTOR_NAME)?;
        if officer.trim().is_empty() || !names::is_plain(officer) {
            return Err(invalid("officer: blank, control or direction characters"));
        }
        if officers.last().is_some_and(|last| last.as_str() >= officer) {
            return Err(invalid("officers: out of order"));
        }
        officers.push(officer.to_owned());
    }
    Ok(officers)
}

fn shift(r: &mut Reader<'_>, officers: &[String]) -> Result<Shift, DecodeError> {
    r.array_of("shift", 3)?;
    let (from, until) = (time(r)?, time(r)?);
    let place = usize::try_from(r.uint("officer")?).ok();
    let officer = place.and_then(|place| officers.get(place));
    let officer = officer.ok_or(invalid("shift: of an officer who is not listed"))?;
    Ok(Shift {
        from,
        until,
        officer: officer.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn shift(from: u64, until: u64, officer: &str) -> Shift {
        Shift {
            from: from * HOUR,
            until: until * HOUR,
            officer: officer.to_owned(),
        }
    }

    fn roster(until: u64, shifts: Vec<Shift>) -> Roster {
        Roster {
            from: 0,
            until: until * HOUR,
            shifts,
            replaces: Vec::new(),
        }
    }

    fn is_read(roster: &Roster) -> bool {
        let read = Roster::from_bytes(&roster.to_bytes());
        read.is_ok_and(|read| read == *roster)
    }

    /// OL-721
    #[test]
    fn a_roster_goes_both_ways_with_each_officer_written_once() {
        let shifts = vec![
            shift(0, 8, "Petrov"),
            shift(8, 17, "Орлова"),
            shift(16, 24, "Petrov"),
        ];
        let good = roster(24, shifts);
        assert!(is_read(&good) && is_read(&roster(24, Vec::new())));
        let bytes = good.to_bytes();
        let times = bytes.windows(6).filter(|part| part == b"Petrov");
        assert_eq!(times.count(), 1);
    }

    /// OL-721
    #[test]
    fn shifts_come_in_order_and_lie_within_a_quarter_of_a_year() {
        let quarter = 92 * 24;
        assert!(is_read(&roster(quarter, Vec::new())));
        assert!(!is_read(&roster(quarter + 1, Vec::new())) && !is_read(&roster(0, Vec::new())));
        for wrong in [
            vec![shift(1, 1, "A")],
            vec![shift(2, 1, "A")],
            vec![shift(20, 25, "A")],
            vec![shift(1, 2, "A"), shift(1, 3, "B")],
            vec![shift(2, 3, "A"), shift(1, 2, "B")],
            vec![shift(1, 2, " ")],
            vec![shift(1, 2, "Orl\u{202e}ova")],
        ] {
            assert!(!is_read(&roster(24, wrong.clone())), "{wrong:?}");
        }
        let mut early = roster(24, vec![shift(1, 2, "A")]);
        early.from = 2 * HOUR;
        assert!(!is_read(&early));
        let mut twice = roster(24, Vec::new());
        twice.replaces = vec![EntryId([2; 32]); 2];
        assert!(!is_read(&twice));
    }

    /// OL-721: the largest that there may be fits into a header.
    #[test]
    fn four_shifts_a_day_for_a_quarter_by_sixty_four_officers_fit() {
        let largest = |count: u64, officers: u64| {
            let name = |n: u64| format!("{:0>128}", n % officers);
            let shifts = (0..count).map(|n| Shift {
                officer: name(n),
                ..shift(6 * n, 6 * n + 6, "")
            });
            let mut roster = roster(6 * 368, shifts.collect());
            roster.replaces = (0..16).map(|n| EntryId([n; 32])).collect();
            roster
        };
        let full = largest(368, 64);
        assert!(full.to_bytes().len() <= limits::FACT);
        assert!(is_read(&full));
        assert!(!is_read(&largest(368, 65)));
        let mut one_more = roster(6 * 368, largest(368, 64).shifts);
        one_more.shifts.push(shift(6 * 368 - 1, 6 * 368, "A"));
        assert!(!is_read(&one_more));
    }

    /// OL-721: another form of the same roster would have another id.
    #[test]
    fn an_officer_without_a_shift_or_out_of_order_is_refused() {
        let bytes = |officers: &[&str], places: &[u64]| {
            let mut w = Writer::new();
            w.array(5).uint(0).uint(24 * HOUR);
            w.array(officers.len());
            for officer in officers {
                w.text(officer);
            }
            w.array(places.len());
            for (from, place) in (0..).zip(places) {
                w.array(3).uint(from).uint(from + 1);
                w.uint(*place);
            }
            w.array(0);
            Roster::from_bytes(&w.into_bytes()).is_ok()
        };
        assert!(bytes(&["A", "B"], &[0, 1]));
        assert!(!bytes(&["A", "B"], &[0, 0]) && !bytes(&["B", "A"], &[0, 1]));
        assert!(!bytes(&["A", "A"], &[0, 1]) && !bytes(&["A"], &[1]));
    }
}
