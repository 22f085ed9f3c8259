//! Entries of exercises: agreed on, written in, ended; and one for each way to be wrong.

use openline_wire::codes::{Kind, Mark, Stream};
use openline_wire::entry::Entry;
use openline_wire::fact::{
    ExerciseAccepted, ExerciseEnded, ExerciseProposed, Fact, InExercise, Ring,
};
use openline_wire::header::{Actor, Header};
use openline_wire::ids::{Digest, EntryId};
use serde_json::{Value, json};

use crate::defects::{header, of_header};
use crate::rings;
use crate::support::author::{Boot, Draft, entry_id, person};
use crate::valid::entry;
use crate::watch::{array, of};

type Vector = (&'static str, Value);

const HOUR: u64 = 3_600_000;

/// Everything that the two write of an exercise.
pub fn valid(moscow: &mut Boot, washington: &mut Boot) -> Vec<Vector> {
    let [proposed, accepted, text, ring, ended] = whole(moscow, washington);
    vec![
        entry("exercise-proposed", "OL-781", &proposed),
        entry("exercise-accepted", "OL-782", &accepted),
        entry("message-in-an-exercise", "OL-785", &text),
        entry("ring-in-an-exercise", "OL-785", &ring),
        entry("exercise-ended", "OL-783", &ended),
    ]
}

/// An exercise from its proposal to its end.
pub fn whole(moscow: &mut Boot, washington: &mut Boot) -> [Entry; 5] {
    let until = moscow.clock + 2 * HOUR;
    let fact = Fact::ExerciseProposed(ExerciseProposed { until });
    let what = Some("A fire in the engine room.");
    let proposed = moscow.write(of(Kind::ExerciseProposed, fact, what));
    washington.hold([&proposed]);
    let proposal = proposed.id();
    let fact = Fact::ExerciseAccepted(ExerciseAccepted { proposal });
    let accepted = washington.write(of(Kind::ExerciseAccepted, fact, None));
    moscow.hold([&accepted]);
    let exercise = accepted.id();
    let fact = Fact::InExercise(InExercise { exercise });
    let text = Some("Exercise. A fire is reported. Exercise.");
    let text = moscow.write(practised(of(Kind::Message, fact, text)));
    let fact = Fact::Ring(Ring {
        exercise: Some(exercise),
        ..rings::right(moscow.author.party, washington.author.party)
    });
    let ring = moscow.write(practised(of(Kind::Ring, fact, Some("The fire."))));
    washington.hold([&text, &ring]);
    let fact = Fact::ExerciseEnded(ExerciseEnded { proposal });
    let ended = washington.write(of(Kind::ExerciseEnded, fact, None));
    moscow.hold([&ended]);
    [proposed, accepted, text, ring, ended]
}

fn practised(draft: Draft) -> Draft {
    Draft {
        mark: Mark::Exercise,
        ..draft
    }
}

/// An authentic entry that stands where it should not.
pub fn misplaced() -> (&'static str, &'static str, Draft) {
    let proposal = entry_id(1);
    let fact = Fact::ExerciseEnded(ExerciseEnded { proposal });
    let draft = Draft {
        stream: Stream::Traffic,
        ..of(Kind::ExerciseEnded, fact, None)
    };
    ("exercise-outside-the-urgent-stream", "OL-784", draft)
}

/// Each with one defect.
pub fn defects() -> Vec<Vector> {
    let mut all = wrong_facts();
    all.extend(wrong_actors_and_marks());
    all.extend(wrong_names());
    all
}

fn right(kind: Kind) -> Header {
    let proposal = entry_id(1);
    let fact = match kind {
        Kind::ExerciseProposed => {
            let until = header().time + HOUR;
            Fact::ExerciseProposed(ExerciseProposed { until })
        }
        Kind::ExerciseAccepted => Fact::ExerciseAccepted(ExerciseAccepted { proposal }),
        _ => Fact::ExerciseEnded(ExerciseEnded { proposal }),
    };
    Header {
        kind,
        actor: person(),
        fact: fact.to_bytes(),
        commitment: Some(Digest([6; 32])),
        ..header()
    }
}

fn wrong_facts() -> Vec<Vector> {
    let of = |name, requirement, kind, fact| {
        let header = Header {
            fact,
            ..right(kind)
        };
        of_header(name, requirement, header)
    };
    let beyond = array(1, |w| {
        w.uint(openline_wire::limits::LATEST_TIME_MS + 1);
    });
    let nothing = || {
        array(1, |w| {
            w.null();
        })
    };
    let about_nothing = Header {
        commitment: None,
        ..right(Kind::ExerciseProposed)
    };
    let accepted = "exercise-accepted-of-nothing";
    vec![
        of(
            "exercise-proposed-beyond-the-calendar",
            "OL-781",
            Kind::ExerciseProposed,
            beyond,
        ),
        of_header("exercise-proposed-about-nothing", "OL-781", about_nothing),
        of(accepted, "OL-782", Kind::ExerciseAccepted, nothing()),
        of(
            "exercise-ended-of-nothing",
            "OL-783",
            Kind::ExerciseEnded,
            nothing(),
        ),
    ]
}

fn wrong_actors_and_marks() -> Vec<Vector> {
    let kinds = [
        (
            Kind::ExerciseProposed,
            [
                "exercise-proposed-by-a-station",
                "exercise-proposed-marked-exercise",
            ],
        ),
        (
            Kind::ExerciseAccepted,
            [
                "exercise-accepted-by-a-station",
                "exercise-accepted-marked-exercise",
            ],
        ),
        (
            Kind::ExerciseEnded,
            ["exercise-ended-by-a-station", "exercise-ended-marked-test"],
        ),
    ];
    let of = |(kind, [by_a_station, practised]): (Kind, [&'static str; 2])| {
        let nobody = Header {
            actor: Actor::station(),
            ..right(kind)
        };
        let mark = match kind {
            Kind::ExerciseEnded => Mark::Test,
            _ => Mark::Exercise,
        };
        let marked = Header {
            mark,
            ..right(kind)
        };
        [
            of_header(by_a_station, "OL-784", nobody),
            of_header(practised, "OL-784", marked),
        ]
    };
    kinds.into_iter().flat_map(of).collect()
}

/// What is meant, and a test, name no exercise.
fn wrong_names() -> Vec<Vector> {
    let exercise: EntryId = entry_id(1);
    let of = |name, kind, mark, fact: Fact| {
        let header = Header {
            kind,
            mark,
            fact: fact.to_bytes(),
            ..header()
        };
        of_header(name, "OL-785", header)
    };
    let text = || Fact::InExercise(InExercise { exercise });
    let washington = Boot::new(2).author.party;
    let ring = Fact::Ring(Ring {
        exercise: Some(exercise),
        ..rings::right(header().author.party, washington)
    });
    let note = "service-note-in-an-exercise";
    vec![
        of(
            "message-that-is-meant-in-an-exercise",
            Kind::Message,
            Mark::Real,
            text(),
        ),
        of(
            "message-of-a-test-in-an-exercise",
            Kind::Message,
            Mark::Test,
            text(),
        ),
        of(
            "ring-that-is-meant-in-an-exercise",
            Kind::Ring,
            Mark::Real,
            ring,
        ),
        of(note, Kind::ServiceNote, Mark::Exercise, text()),
    ]
}

/// A fact of an exercise, read: what another implementation must have found in the bytes.
pub fn fact(fact: &Fact) -> Option<Value> {
    Some(match fact {
        Fact::ExerciseProposed(it) => json!({ "until": it.until }),
        Fact::ExerciseAccepted(it) => json!({ "proposal": it.proposal.to_string() }),
        Fact::ExerciseEnded(it) => json!({ "proposal": it.proposal.to_string() }),
        Fact::InExercise(it) => json!({ "exercise": it.exercise.to_string() }),
        _ => return None,
    })
}
