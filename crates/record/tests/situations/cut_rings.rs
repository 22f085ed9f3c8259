//! Rings of which a record does not hold all: whoever hands over a record leaves out what he does not like, and corrects its sums.

use openline_record::attempts::Attempt;
use openline_record::finding::Field;
use openline_record::report::Missing;
use openline_wire::codes::{Answer, Ending, Kind, Mode, Precedence};
use openline_wire::entry::Entry;
use openline_wire::fact::{Answered, Fact, Frontier, Outcome, Ring, Ringing};
use openline_wire::ids::EntryId;
use openline_wire::office::{OfficeId, OfficeRef};

use crate::support::author::{Boot, Draft, draft};
use crate::support::verify;
use openline_wire::codes::Stream;
use openline_wire::ids::Digest;

fn of(kind: Kind, fact: &Fact) -> Draft {
    Draft {
        kind,
        fact: fact.to_bytes(),
        ..draft(Precedence::Flash, None)
    }
}

/// Moscow rang, Washington accepted, and Moscow's outcome says so; then Moscow began anew.
struct Accepted {
    moscow: Vec<Entry>,
    washington: Vec<Entry>,
    answer: EntryId,
}

fn accepted() -> Accepted {
    let (mut moscow, mut washington) = (Boot::new(1), Boot::new(2));
    let office = |boot: &Boot| OfficeRef {
        party: boot.author.party,
        office: OfficeId::new("watch").expect("an identifier"),
    };
    let mut ours = vec![moscow.start(&[], &[])];
    let mut theirs = vec![washington.start(&[], &[])];
    moscow.hold(&theirs);
    let ring = Fact::Ring(Ring {
        from: office(&moscow),
        to: office(&washington),
        mode: Mode::Text,
        for_ms: 60_000,
        exercise: None,
    });
    ours.push(moscow.write(of(Kind::Ring, &ring)));
    let ring = ours[1].id();
    washington.hold(&ours);
    theirs.push(washington.write(of(Kind::Ringing, &Fact::Ringing(Ringing { ring }))));
    let answered = Fact::Answered(Answered {
        ring,
        answer: Answer::Accept,
        call_back: None,
    });
    theirs.push(washington.write(of(Kind::Answer, &answered)));
    moscow.hold(&theirs);
    let answer = theirs[2].id();
    let outcome = Fact::Outcome(Outcome {
        ring,
        ending: Ending::Accepted,
        cites: Some(answer),
    });
    ours.push(moscow.write(of(Kind::Outcome, &outcome)));
    let mut later = moscow.reboot(2);
    let frontier = Frontier {
        boot: moscow.author.boot,
        stream: Stream::Urgent,
        size: 3,
        last: ours[2].id(),
        root: root_of(&ours),
    };
    ours.push(later.start(&[frontier], &[]));
    Accepted {
        moscow: ours,
        washington: theirs,
        answer,
    }
}

/// What the verifier itself says of the first three entries: the frontier is not what is tried here.
fn root_of(entries: &[Entry]) -> Digest {
    verify(&entries[..3]).chains[0].root
}

fn attempt(entries: &[&[Entry]]) -> (Attempt, Vec<Missing>) {
    let mut report = verify(&entries.concat());
    assert!(report.is_sound(), "{:?}", report.findings);
    assert_eq!(report.attempts.len(), 1);
    (report.attempts.remove(0), report.missing)
}

/// OL-541: nothing is missing.
#[test]
fn a_whole_record_proves_how_the_ring_ended() {
    let all = accepted();
    let (attempt, missing) = attempt(&[&all.moscow, &all.washington]);
    assert_eq!(attempt.standing.word(), "accepted");
    assert!(attempt.ringing.is_some() && attempt.answer.is_some() && attempt.outcome.is_some());
    assert!(!attempt.is_in_doubt() && missing.is_empty());
}

/// OL-343: all that Washington signed was left out. What Moscow signed of it is not, and its ground is named as missing.
#[test]
fn a_record_without_the_answer_tells_what_the_caller_signed() {
    let all = accepted();
    for left in [0, 1, 2] {
        let (attempt, missing) = attempt(&[&all.moscow, &all.washington[..left]]);
        assert!(attempt.is_in_doubt(), "{left} of Washington's");
        let claim = attempt.claim.expect("an outcome");
        assert_eq!((claim.ending, claim.cites), (Ending::Accepted, all.answer));
        assert_eq!(claim.outcome.entry, all.moscow[2].id());
        let named = missing.iter().any(|it| {
            matches!(it, Missing::Target { field: Field::Grounds, target, .. } if *target == all.answer)
        });
        assert!(named, "{missing:?}");
    }
}

/// OL-343: the caller's outcome was left out, and its next start names it. Nobody can say that the ring was broken off.
#[test]
fn a_record_without_the_outcome_says_that_it_is_cut() {
    let all = accepted();
    let without = [&all.moscow[..2], &all.moscow[3..]].concat();
    let (attempt, _) = attempt(&[&without, &all.washington]);
    assert!(attempt.claim.is_none() && attempt.is_cut);
    assert!(attempt.is_in_doubt());
}
