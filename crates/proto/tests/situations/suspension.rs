//! Moscow suspends the line: what goes on, what is refused with the signed reason, and how it ends.

use crate::support::desk;

use desk::{Desk, MOSCOW, WASHINGTON, party, person};
use openline_proto::ring::book::Book as Rings;
use openline_proto::ring::held;
use openline_proto::watch::known::Note;
use openline_proto::watch::suspension::{Act, Suspensions};
use openline_wire::codes::{Ending, Kind, Mark, Mode, Precedence, SuspensionReason};
use openline_wire::fact::{Fact, Outcome, Ring};
use openline_wire::language::{Language, LocalNames};
use openline_wire::office::{Office, OfficeId, OfficeRef};

fn office(of: u8, name: &str) -> OfficeRef {
    OfficeRef {
        party: party(of),
        office: OfficeId::new(name).expect("an identifier"),
    }
}

/// The watch and the chief of staff of each side.
fn offices() -> Vec<Office> {
    let all = [WASHINGTON, MOSCOW]
        .into_iter()
        .flat_map(|of| [(of, "chief-of-staff", 3), (of, "watch", 1)]);
    let language = Language::new("en").expect("a tag");
    let names = LocalNames::new(vec![(language, "Office".to_owned())]).expect("names");
    let office = |(of, name, level)| Office {
        id: office(of, name),
        names: names.clone(),
        level,
        counterparts: Vec::new(),
        substitutes: Vec::new(),
    };
    all.map(office).collect()
}

fn ring(from: u8, office_name: &str) -> Ring {
    Ring {
        from: office(from, office_name),
        to: office(3 - from, office_name),
        mode: Mode::Text,
        for_ms: 60_000,
        exercise: None,
    }
}

fn suspensions(own: u8) -> Suspensions {
    Suspensions::new(party(own), [party(WASHINGTON), party(MOSCOW)])
}

/// Moscow's boot, and its suspension.
fn suspended(node: u8) -> (Desk, Note) {
    let mut moscow = Desk::new(MOSCOW, node);
    let fact = suspensions(MOSCOW).suspend(SuspensionReason::Ordered);
    let note = moscow.sign("Orlova", fact.expect("it is not suspended"));
    (moscow, note)
}

/// OL-733 OL-734
#[test]
fn moscow_suspends_and_both_sides_show_who_since_when_and_why() {
    let (_, note) = suspended(1);
    for own in [MOSCOW, WASHINGTON] {
        let mut line = suspensions(own);
        assert_eq!(line.in_force().count(), 0);
        line.observe(&note);
        let it = line.in_force().next().expect("one");
        assert_eq!(
            (it.id, it.party, it.since),
            (note.id, party(MOSCOW), note.time)
        );
        assert_eq!(
            (&it.by, it.reason),
            (&person("Orlova"), SuspensionReason::Ordered)
        );
    }
}

/// OL-734: exactly this goes on, on either side.
#[test]
fn a_suspended_line_carries_tests_signs_of_life_and_a_flash() {
    let (_, note) = suspended(1);
    let mut line = suspensions(WASHINGTON);
    let offices = offices();
    let message = |precedence| Act::Write(Kind::Message, precedence);
    for precedence in Precedence::ALL {
        assert_eq!(line.allows(message(*precedence), &offices), Ok(()));
    }
    line.observe(&note);
    for precedence in Precedence::ALL {
        let allowed = line.allows(message(*precedence), &offices).is_ok();
        assert_eq!(allowed, *precedence == Precedence::Flash, "{precedence:?}");
    }
    let others = Kind::KNOWN
        .iter()
        .filter(|kind| **kind != Kind::Message && **kind != Kind::Ring);
    for kind in others {
        let act = Act::Write(*kind, Precedence::Routine);
        assert_eq!(line.allows(act, &offices), Ok(()), "{kind:?}");
    }
    assert_eq!(
        line.allows(Act::Ring(&ring(WASHINGTON, "watch")), &offices),
        Ok(())
    );
    let principals = ring(WASHINGTON, "chief-of-staff");
    let why = line
        .allows(Act::Ring(&principals), &offices)
        .expect_err("refused");
    assert_eq!((why.id, why.reason), (note.id, SuspensionReason::Ordered));
    let mut unknown = ring(WASHINGTON, "watch");
    unknown.to = office(MOSCOW, "somebody");
    assert!(line.allows(Act::Ring(&unknown), &offices).is_err());
}

/// OL-733
#[test]
fn it_resumes_when_its_own_side_says_so_and_in_whatever_order_that_came() {
    let (mut moscow, note) = suspended(1);
    let mut line = suspensions(MOSCOW);
    line.observe(&note);
    assert_eq!(line.suspend(SuspensionReason::Other), None);
    let resumed = moscow.sign("Orlova", line.resume().remove(0));
    let mut foreign = resumed.clone();
    foreign.author = Desk::new(WASHINGTON, 9).author;
    line.observe(&foreign);
    assert_eq!(line.in_force().count(), 1, "nobody resumes for another");
    for order in [[&note, &resumed], [&resumed, &note]] {
        let mut washington = suspensions(WASHINGTON);
        order.iter().for_each(|note| washington.observe(note));
        assert_eq!(washington.in_force().count(), 0);
        assert_eq!(washington.resume(), []);
    }
}

/// OL-733: two boots of Moscow, one suspends while the other ends an earlier one.
#[test]
fn a_suspension_that_crosses_an_end_stands() {
    let (_, first) = suspended(1);
    let (mut other, second) = suspended(2);
    let mut line = suspensions(MOSCOW);
    line.observe(&first);
    let resumed = other.sign("Petrov", line.resume().remove(0));
    for order in [[&first, &second, &resumed], [&resumed, &second, &first]] {
        let mut line = suspensions(WASHINGTON);
        order.iter().for_each(|note| line.observe(note));
        let ids: Vec<_> = line.in_force().map(|it| it.id).collect();
        assert_eq!(ids, [second.id]);
    }
}

/// OL-733 (OL-708)
#[test]
fn an_exercise_suspends_nothing() {
    let (_, mut note) = suspended(1);
    note.mark = Mark::Exercise;
    let mut line = suspensions(WASHINGTON);
    line.observe(&note);
    assert_eq!(line.in_force().count(), 0);
}

/// OL-733: more than one entry can list.
#[test]
fn twenty_suspensions_end_with_two_entries() {
    let mut line = suspensions(MOSCOW);
    let notes: Vec<Note> = (1..=20).map(|node| suspended(node).1).collect();
    notes.iter().for_each(|note| line.observe(note));
    let resumed = line.resume();
    assert_eq!(resumed.len(), 2);
    let mut moscow = Desk::new(MOSCOW, 30);
    for fact in resumed {
        let note = moscow.sign("Orlova", fact);
        line.observe(&note);
    }
    assert_eq!(line.in_force().count(), 0);
}

/// OL-735: Washington's principal rings while Moscow suspends.
#[test]
fn a_ring_that_crosses_the_suspension_is_withdrawn_and_sounds_nowhere() {
    let (_, note) = suspended(2);
    let washington = Desk::new(WASHINGTON, 1);
    let principals = ring(WASHINGTON, "chief-of-staff");
    let mut rings = Rings::new(washington.author);
    let rung = held::Note {
        id: openline_wire::ids::EntryId([1; 32]),
        author: washington.author,
        sequence: 1,
        mark: Mark::Real,
        heads: Vec::new(),
        fact: Fact::Ring(principals.clone()),
    };
    rings.observe(&rung, 0);
    let refuses = |own| {
        let mut line = suspensions(own);
        line.observe(&note);
        line.allows(Act::Ring(&principals), &offices()).is_err()
    };
    assert!(refuses(MOSCOW), "no bell sounds there");
    assert!(refuses(WASHINGTON), "the caller takes it back");
    let facts = rings.withdraw(&rung.id).expect("it is open");
    let outcome = Outcome {
        ring: rung.id,
        ending: Ending::Withdrawn,
        cites: None,
    };
    assert_eq!(facts, [Fact::Outcome(outcome)]);
}
