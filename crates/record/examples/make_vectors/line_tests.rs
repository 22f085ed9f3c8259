//! Entries of tests of the line, one for each way to be wrong.

use openline_wire::codes::{Kind, Mark};
use openline_wire::header::{Actor, Header};
use openline_wire::ids::Digest;
use serde_json::Value;

use crate::defects::{header, of_header};
use crate::support::author::entry_id;
use crate::watch::{array, named};

type Vector = (&'static str, Value);

/// Each with one defect.
pub fn defects() -> Vec<Vector> {
    let mut all = wrong_facts();
    all.extend(wrong_answerers());
    all.extend(wrong_marks());
    all
}

/// A test's entry by a station, with this mark.
fn marked(name: &'static str, requirement: &str, kind: Kind, mark: Mark, fact: Vec<u8>) -> Vector {
    let header = Header {
        kind,
        mark,
        actor: Actor::station(),
        fact,
        ..header()
    };
    of_header(name, requirement, header)
}

/// The fact that names one entry.
fn one() -> Vec<u8> {
    array(1, |w| {
        w.item(&entry_id(1));
    })
}

fn number() -> Vec<u8> {
    array(1, |w| {
        w.uint(1);
    })
}

fn answer(by: u64) -> Vec<u8> {
    array(3, |w| {
        w.item(&entry_id(1)).uint(by).item(&Digest([5; 32]));
    })
}

fn wrong_facts() -> Vec<Vector> {
    let of = |name, requirement, kind, fact| marked(name, requirement, kind, Mark::Test, fact);
    let two = array(2, |w| {
        w.item(&entry_id(1)).item(&entry_id(2));
    });
    let nobody = "test-answer-by-nobody-known";
    vec![
        of("call-up-for-an-entry", "OL-741", Kind::CallUp, one()),
        of("ready-for-a-number", "OL-742", Kind::Ready, number()),
        of("test-text-behind-two", "OL-743", Kind::TestText, two),
        of(nobody, "OL-744", Kind::TestAnswer, answer(2)),
    ]
}

fn wrong_answerers() -> Vec<Vector> {
    let of = |name, by, actor| {
        let header = Header {
            kind: Kind::TestAnswer,
            mark: Mark::Test,
            actor,
            fact: answer(by),
            ..header()
        };
        of_header(name, "OL-744", header)
    };
    let person = "test-answer-by-a-person-who-is-a-station";
    let machine = "test-answer-by-a-machine-who-is-a-person";
    vec![
        of(person, 1, Actor::station()),
        of(machine, 0, named("Brown")),
    ]
}

fn wrong_marks() -> Vec<Vector> {
    let of = |name, kind, mark, fact| marked(name, "OL-745", kind, mark, fact);
    let exercise = "ready-marked-exercise";
    vec![
        of("call-up-marked-real", Kind::CallUp, Mark::Real, number()),
        of(exercise, Kind::Ready, Mark::Exercise, one()),
        of("test-text-marked-real", Kind::TestText, Mark::Real, one()),
        of(
            "test-answer-marked-real",
            Kind::TestAnswer,
            Mark::Real,
            answer(0),
        ),
    ]
}
