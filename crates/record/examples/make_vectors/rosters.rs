//! Rosters: right ones, and one for each way to be wrong.

use openline_wire::codes::{Kind, Stream};
use openline_wire::fact::{Fact, Roster, Shift};
use openline_wire::header::{Actor, Header};
use openline_wire::ids::EntryId;
use serde_json::{Value, json};

use crate::defects::{header, of_fact, of_header};
use crate::support::author::{Boot, Draft, entry_id};
use crate::valid::entry;
use crate::watch::{array, of};

type Vector = (&'static str, Value);

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

/// When the rosters here begin to plan.
const BEGINS: u64 = 1_652_400_000_000;

/// Two days of three shifts, between two officers.
fn two_days() -> Roster {
    let shift = |n: u64| Shift {
        from: BEGINS + n * 8 * HOUR,
        until: BEGINS + (n + 1) * 8 * HOUR,
        officer: ["Lt. Orlova", "Капитан Петров"][usize::from(n % 2 == 1)].to_owned(),
    };
    Roster {
        from: BEGINS,
        until: BEGINS + 2 * DAY,
        shifts: (0..6).map(shift).collect(),
        replaces: Vec::new(),
    }
}

/// As large as there may be.
fn largest() -> Roster {
    let shift = |n: u64| Shift {
        from: BEGINS + n * 6 * HOUR,
        until: BEGINS + (n + 1) * 6 * HOUR,
        officer: format!("{:0>128}", n % 64),
    };
    Roster {
        from: BEGINS,
        until: BEGINS + 92 * DAY,
        shifts: (0..368).map(shift).collect(),
        replaces: (0..16).map(entry_id).collect(),
    }
}

/// Everything that a party may plan.
pub fn valid(moscow: &Boot) -> Vec<Vector> {
    let planned = |roster| moscow.clone().write(draft(roster));
    let taken_back = Roster {
        shifts: Vec::new(),
        replaces: vec![entry_id(1)],
        ..two_days()
    };
    vec![
        entry("roster", "OL-721", &planned(two_days())),
        entry("roster-of-a-quarter", "OL-721", &planned(largest())),
        entry("roster-taken-back", "OL-721", &planned(taken_back)),
    ]
}

fn draft(roster: Roster) -> Draft {
    of(Kind::Roster, Fact::Roster(roster), None)
}

/// An authentic one that stands where it should not.
pub fn misplaced() -> (&'static str, &'static str, Draft) {
    let stream = Stream::Service;
    let draft = Draft {
        stream,
        ..draft(two_days())
    };
    ("roster-outside-the-urgent-stream", "OL-708", draft)
}

/// What stands in a fact, whether it makes sense or not.
struct Raw<'a> {
    time: (u64, u64),
    officers: Vec<&'a str>,
    shifts: Vec<(u64, u64, u64)>,
    replaces: Vec<EntryId>,
}

impl Raw<'_> {
    fn bytes(&self) -> Vec<u8> {
        array(5, |w| {
            w.uint(self.time.0).uint(self.time.1);
            w.array(self.officers.len());
            for officer in &self.officers {
                w.text(officer);
            }
            w.array(self.shifts.len());
            for (from, until, officer) in &self.shifts {
                w.array(3).uint(*from).uint(*until);
                w.uint(*officer);
            }
            w.items(&self.replaces);
        })
    }
}

/// Right, with two shifts.
fn raw<'a>() -> Raw<'a> {
    let change = BEGINS + 8 * HOUR;
    Raw {
        time: (BEGINS, BEGINS + DAY),
        officers: vec!["A", "B"],
        shifts: vec![(BEGINS, change, 0), (change, BEGINS + DAY, 1)],
        replaces: Vec::new(),
    }
}

/// Each with one defect.
pub fn defects() -> Vec<Vector> {
    let by_station = Header {
        kind: Kind::Roster,
        fact: Fact::Roster(two_days()).to_bytes(),
        actor: Actor::station(),
        ..header()
    };
    let by_station = of_header("roster-by-a-station", "OL-707", by_station);
    let mut all = wrong_frames();
    all.extend(wrong_shifts());
    all.push(by_station);
    all
}

fn wrong(name: &'static str, raw: &Raw<'_>) -> Vector {
    of_fact(name, "OL-721", Kind::Roster, raw.bytes())
}

/// The time, the officers, and what is replaced.
fn wrong_frames() -> Vec<Vector> {
    let lasting = |name, until| {
        let time = (BEGINS, until);
        wrong(name, &Raw { time, ..raw() })
    };
    let by = |name, officers: &[&'static str]| {
        let officers = officers.to_vec();
        wrong(name, &Raw { officers, ..raw() })
    };
    let replacing = |name, ids: Vec<u8>| {
        let replaces = ids.into_iter().map(entry_id).collect();
        wrong(name, &Raw { replaces, ..raw() })
    };
    let of_no_time = Raw {
        time: (BEGINS, BEGINS),
        officers: Vec::new(),
        shifts: Vec::new(),
        replaces: Vec::new(),
    };
    let long = "P".repeat(129);
    let of_a_long_name = Raw {
        officers: vec!["A", &long],
        ..raw()
    };
    vec![
        wrong("roster-of-no-time", &of_no_time),
        lasting("roster-of-93-days", BEGINS + 93 * DAY),
        by("roster-officer-blank", &[" ", "B"]),
        by(
            "roster-officer-with-a-direction-override",
            &["A\u{202e}", "B"],
        ),
        wrong("roster-officer-name-too-long", &of_a_long_name),
        by("roster-officers-out-of-order", &["B", "A"]),
        by("roster-officer-twice", &["A", "A"]),
        by("roster-officer-without-a-shift", &["A", "B", "C"]),
        by("roster-shift-of-nobody-listed", &["A"]),
        replacing("roster-replacing-one-twice", vec![1, 1]),
        replacing("roster-replacing-out-of-order", vec![2, 1]),
        replacing("roster-replacing-17", (0..17).collect()),
    ]
}

fn wrong_shifts() -> Vec<Vector> {
    let with = |name, shifts: &[(u64, u64, u64)]| {
        let shifts = shifts.to_vec();
        wrong(name, &Raw { shifts, ..raw() })
    };
    let (begin, change, end) = (BEGINS, BEGINS + 8 * HOUR, BEGINS + DAY);
    let (first, second) = ((begin, change, 0), (change, end, 1));
    let early = (begin - 1, change, 0);
    let late = (change, end + 1, 1);
    let of_no_time = (begin, begin, 0);
    let many: Vec<_> = (0..369).map(|n| (begin + n, end, n % 2)).collect();
    vec![
        with("roster-shift-before-it-begins", &[early, second]),
        with("roster-shift-after-it-ends", &[first, late]),
        with("roster-shift-of-no-time", &[of_no_time, second]),
        with("roster-shifts-out-of-order", &[second, first]),
        with("roster-two-shifts-at-once", &[first, (begin, end, 1)]),
        with("roster-of-369-shifts", &many),
    ]
}

/// A fact, read: each officer once, in order, and each shift with his place.
pub fn fact(roster: &Roster) -> Value {
    let names = roster.shifts.iter().map(|it| it.officer.as_str());
    let officers: std::collections::BTreeSet<&str> = names.collect();
    let officers: Vec<&str> = officers.into_iter().collect();
    let shift = |it: &Shift| {
        let place = officers.iter().position(|name| *name == it.officer);
        json!([it.from, it.until, place])
    };
    json!({
        "from_ms": roster.from,
        "until_ms": roster.until,
        "officers": officers,
        "shifts": roster.shifts.iter().map(shift).collect::<Vec<_>>(),
        "replaces": roster.replaces.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
