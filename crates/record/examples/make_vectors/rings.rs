//! Entries of rings: right ones, and one for each way to be wrong.

use openline_wire::cbor::{Canonical as _, Writer};
use openline_wire::codes::{Answer, Ending, Kind, Mode, Precedence};
use openline_wire::entry::Entry;
use openline_wire::fact::{Answered, Fact, Outcome, Ring, Ringing};
use openline_wire::ids::{EntryId, PartyId};
use openline_wire::limits::LATEST_TIME_MS;
use openline_wire::office::{OfficeId, OfficeRef};
use serde_json::{Value, json};

use crate::defects::of_fact;
use crate::support::author::{Boot, Draft, draft, entry_id};
use crate::valid::entry;

type Vector = (&'static str, Value);

/// Moscow rings; it rings in Washington, which answers; Moscow says how it ended.
pub fn valid(moscow: &mut Boot, washington: &mut Boot) -> Vec<Vector> {
    let rung = whole(moscow, washington, Answer::Accept);
    let [ring, ringing, answer, outcome] = &rung;
    let id = ring.id();
    let later = answered(id, Answer::Later, Some(moscow.clock + 3_600_000));
    let later = washington.write(of(Kind::Answer, later, Some("At three.")));
    let ended = |moscow: &Boot, ending, cites| {
        let fact = outcome_of(id, ending, cites);
        moscow.clone().write(of(Kind::Outcome, fact, None))
    };
    vec![
        entry("ring", "OL-501", ring),
        entry("ringing", "OL-502", ringing),
        entry("answer-accepts", "OL-503", answer),
        entry("answer-later", "OL-503", &later),
        entry("outcome-accepted", "OL-504", outcome),
        entry(
            "outcome-withdrawn",
            "OL-504",
            &ended(moscow, Ending::Withdrawn, None),
        ),
        entry(
            "outcome-merged",
            "OL-504",
            &ended(moscow, Ending::Merged, Some(entry_id(5))),
        ),
    ]
}

/// A ring from its beginning to its outcome.
pub fn whole(moscow: &mut Boot, washington: &mut Boot, answer: Answer) -> [Entry; 4] {
    let fact = Fact::Ring(right(moscow.author.party, washington.author.party));
    let ring = moscow.write(of(Kind::Ring, fact, Some("The convoy at the bridge.")));
    let id = ring.id();
    washington.hold([&ring]);
    let fact = Fact::Ringing(Ringing { ring: id });
    let ringing = washington.write(of(Kind::Ringing, fact, None));
    let answer_fact = answered(id, answer, None);
    let said = washington.write(of(Kind::Answer, answer_fact, None));
    moscow.hold([&ringing, &said]);
    let fact = outcome_of(id, answer.ending(), Some(said.id()));
    let outcome = moscow.write(of(Kind::Outcome, fact, None));
    washington.hold([&outcome]);
    [ring, ringing, said, outcome]
}

/// What stands in the urgent stream for a ring.
pub fn of(kind: Kind, fact: Fact, text: Option<&str>) -> Draft {
    Draft {
        kind,
        fact: fact.to_bytes(),
        ..draft(Precedence::Flash, text)
    }
}

pub fn right(from: PartyId, to: PartyId) -> Ring {
    Ring {
        from: office(from),
        to: office(to),
        mode: Mode::Text,
        for_ms: 120_000,
        exercise: None,
    }
}

fn office(party: PartyId) -> OfficeRef {
    let office = OfficeId::new("watch").expect("an identifier");
    OfficeRef { party, office }
}

fn answered(ring: EntryId, answer: Answer, call_back: Option<u64>) -> Fact {
    Fact::Answered(Answered {
        ring,
        answer,
        call_back,
    })
}

fn outcome_of(ring: EntryId, ending: Ending, cites: Option<EntryId>) -> Fact {
    Fact::Outcome(Outcome {
        ring,
        ending,
        cites,
    })
}

/// Each with one defect.
pub fn defects() -> Vec<Vector> {
    let mut all = wrong_rings();
    all.extend(wrong_answers());
    all.extend(wrong_outcomes());
    all
}

fn wrong_rings() -> Vec<Vector> {
    let (own, other) = (PartyId([1; 32]), PartyId([2; 32]));
    let of = |name, (from, to): (PartyId, PartyId), office: &str, mode, for_ms| {
        let mut w = Writer::new();
        w.array(4).array(2).item(&from).text("watch");
        w.array(2).item(&to).text(office);
        w.uint(mode).uint(for_ms);
        of_fact(name, "OL-501", Kind::Ring, w.into_bytes())
    };
    let there = (own, other);
    let mut longer = right(own, other).to_bytes();
    longer[0] += 1;
    longer.push(0);
    let mut nothing = Writer::new();
    nothing.array(1).null();
    vec![
        of("ring-within-one-party", (own, own), "watch", 0, 60_000),
        of(
            "ring-from-another-party",
            (other, PartyId([3; 32])),
            "watch",
            0,
            60_000,
        ),
        of("ring-in-an-unknown-mode", there, "watch", 99, 60_000),
        of("ring-to-an-office-in-capitals", there, "Watch", 0, 60_000),
        of("ring-to-no-office", there, "", 0, 60_000),
        of("ring-too-short", there, "watch", 0, 4_999),
        of("ring-too-long", there, "watch", 0, 1_800_001),
        of_fact("ring-with-a-field-too-many", "OL-501", Kind::Ring, longer),
        of_fact(
            "ringing-of-nothing",
            "OL-502",
            Kind::Ringing,
            nothing.into_bytes(),
        ),
    ]
}

fn wrong_answers() -> Vec<Vector> {
    let of = |name, answer, call_back| {
        let mut w = Writer::new();
        w.array(3).item(&entry_id(1)).uint(answer);
        w.optional_uint(call_back);
        of_fact(name, "OL-503", Kind::Answer, w.into_bytes())
    };
    let beyond = Some(LATEST_TIME_MS + 1);
    vec![
        of("answer-unknown", 3, None),
        of("answer-that-accepts-for-later", 0, Some(60_000)),
        of("answer-call-back-beyond-the-calendar", 2, beyond),
    ]
}

fn wrong_outcomes() -> Vec<Vector> {
    let of = |name, ending, cites: Option<u8>| {
        let mut w = Writer::new();
        let cites = cites.map(entry_id);
        w.array(3).item(&entry_id(1)).uint(ending);
        w.optional_bytes(cites.as_ref().map(EntryId::as_bytes));
        of_fact(name, "OL-504", Kind::Outcome, w.into_bytes())
    };
    vec![
        of("outcome-unknown", 7, Some(2)),
        of("outcome-accepted-without-an-answer", 0, None),
        of("outcome-unanswered-without-a-ringing", 4, None),
        of("outcome-withdrawn-citing", 3, Some(2)),
        of("outcome-unreachable-citing", 5, Some(2)),
    ]
}

/// A fact of a ring, read: what another implementation must have found in the bytes.
pub fn fact(fact: &Fact) -> Option<Value> {
    let office = |office: &OfficeRef| json!({ "party": office.party.to_string(), "office": office.office.as_str() });
    Some(match fact {
        Fact::Ring(ring) => {
            let mut fact = json!({
                "from": office(&ring.from),
                "to": office(&ring.to),
                "mode": ring.mode.word(),
                "for_ms": ring.for_ms,
            });
            if let Some(exercise) = ring.exercise {
                fact["exercise"] = exercise.to_string().into();
            }
            fact
        }
        Fact::Ringing(ringing) => json!({ "ring": ringing.ring.to_string() }),
        Fact::Answered(answered) => json!({
            "ring": answered.ring.to_string(),
            "answer": answered.answer.word(),
            "call_back": answered.call_back,
        }),
        Fact::Outcome(outcome) => json!({
            "ring": outcome.ring.to_string(),
            "ending": outcome.ending.word(),
            "cites": outcome.cites.map(|id| id.to_string()),
        }),
        _ => return None,
    })
}
