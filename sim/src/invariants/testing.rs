//! Tests of the line: whose turn it is, what is written once, which texts go out, and what is told of each.
//!
//! Shows OL-744, OL-745, OL-751, OL-752, OL-753, OL-754, OL-755 and OL-759 over every history.

use openline_proto::contract::StoredEntry;
use openline_proto::line_test::shown::{Answered, Shown, State, Tests};
use openline_wire::codes::{Answerer, Mark, Stream};
use openline_wire::fact::{CallUp, Fact, digest_of};
use openline_wire::header::Header;
use openline_wire::ids::{Author, EntryId, PartyId};
use openline_wire::limits;

use super::{Scene, Verdict, Violation};
use crate::disk::Disk;
use crate::model::Model;

/// How often tests come in the world.
const CADENCE: u64 = 60_000;

const DAY: u64 = 86_400_000;

/// What is signed of tests, taken into the model.
pub(super) fn signing(model: &mut Model, scene: Scene, header: &Header) -> Verdict {
    if !header.kind.is_of_a_test() {
        return Ok(());
    }
    if (header.mark, header.stream) != (Mark::Test, Stream::Service) {
        let what = format!("{:?} is marked {:?}", header.kind, header.mark);
        return Err(Violation::new("OL-745 a test says that it is one", what));
    }
    let by = header.author;
    match Fact::of(header) {
        Ok(Fact::CallUp(CallUp { turn: Some(turn) })) => called_up(model, scene, by, turn),
        Ok(Fact::Ready(ready)) => {
            let before = model.tests.ready.insert(by, scene.moment.monotonic);
            apart(before, scene, limits::READY_APART_MS, "OL-754 readies")?;
            once(model, by, ready.call_up, false)
        }
        Ok(Fact::TestText(text)) => {
            let ready = model.written.get(&text.ready);
            match ready.map(|written| Fact::of(&written.header)) {
                Some(Ok(Fact::Ready(ready))) => once(model, by, ready.call_up, false),
                other => Err(Violation::new(
                    "OL-754 a text upon a ready",
                    format!("{by:?} upon {other:?}"),
                )),
            }
        }
        Ok(Fact::TestAnswer(answer)) => {
            let is_person = answer.by == Answerer::Person;
            match is_person == header.actor.is_a_person() {
                true => once(model, by, answer.text, is_person),
                false => Err(Violation::new(
                    "OL-744 who answers",
                    format!("{by:?}: {:?} as {:?}", header.actor, answer.by),
                )),
            }
        }
        _ => Ok(()),
    }
}

/// The other party's turn is taken only by a boot that ran, and did not call up, for two and a half cadences.
fn called_up(model: &mut Model, scene: Scene, by: Author, turn: u64) -> Verdict {
    let before = model.tests.called.insert(by, scene.moment.monotonic);
    apart(before, scene, CADENCE / 2, "OL-752 call-ups")?;
    let waited = scene.moment.monotonic - before.unwrap_or(0);
    // The party with the smaller id stands first in a charter.
    let is_first = by.party == PartyId([1; 32]);
    match turn.is_multiple_of(2) == is_first || waited >= 5 * CADENCE / 2 {
        true => Ok(()),
        false => Err(Violation::new(
            "OL-751 whose turn",
            format!("{by:?} begins {turn} after {waited} ms"),
        )),
    }
}

fn apart(before: Option<u64>, scene: Scene, least: u64, what: &'static str) -> Verdict {
    let now = scene.moment.monotonic;
    match before.is_none_or(|before| now - before >= least) {
        true => Ok(()),
        false => Err(Violation::new(
            what,
            format!("{:?} at {before:?} and {now}", scene.author),
        )),
    }
}

fn once(model: &mut Model, by: Author, follows: EntryId, is_person: bool) -> Verdict {
    match model.tests.followed.insert((by, follows, is_person)) {
        true => Ok(()),
        false => Err(Violation::new(
            "OL-754 OL-755 once",
            format!("{by:?} answers {follows:?} twice"),
        )),
    }
}

/// What is written down: no boot sends a text twice in a day.
pub(super) fn persisted(model: &mut Model, scene: Scene, stored: &StoredEntry) -> Verdict {
    let (entry, by) = (&stored.entry, stored.entry.header().author);
    let (Fact::TestText(_), Some(body)) = (entry.fact(), entry.body()) else {
        return Ok(());
    };
    if by != scene.author {
        return Ok(());
    }
    let text = (by, digest_of(&body.content));
    match model.tests.texts.insert(text, scene.now) {
        Some(before) if scene.now - before < DAY => Err(Violation::new(
            "OL-759 no text again",
            format!("{by:?} sent one at {before} and {}", scene.now),
        )),
        _ => Ok(()),
    }
}

/// What is shown.
pub(super) fn shown(model: &mut Model, scene: Scene, disk: &Disk, tests: &Tests) -> Verdict {
    for it in &tests.latest {
        if it.state == State::Passed {
            was_answered(disk, it)?;
        }
        let persons = it.by_person.iter().map(|it| (it, Answerer::Person));
        let machines = it.by_machine.iter().map(|it| (it, Answerer::Machine));
        for (answered, by) in persons.chain(machines) {
            answered_by(disk, it, (answered, by))?;
        }
    }
    model.shown_tests[scene.machine] = Some(tests.clone());
    Ok(())
}

/// Nothing has passed without the other side's signed word for what was sent.
fn was_answered(disk: &Disk, test: &Shown) -> Verdict {
    let text = test.text.and_then(|text| disk.find(&text.entry));
    let sent = text.and_then(|stored| Some(digest_of(&stored.entry.body()?.content)));
    let answer = test.by_machine.as_ref();
    let answer = answer.and_then(|answer| disk.find(&answer.entry));
    let is_so = answer.is_some_and(|stored| {
        let by = stored.entry.header().author.party;
        matches!(stored.entry.fact(), Fact::TestAnswer(it) if Some(it.content) == sent)
            && by != test.began.party
    });
    match is_so && test.is_ours {
        true => Ok(()),
        false => Err(Violation::new(
            "OL-755 what passed was answered",
            format!("{test:?}"),
        )),
    }
}

/// A machine's answer is no person's, nor the other way round; and each is of this test's text.
fn answered_by(disk: &Disk, test: &Shown, (it, by): (&Answered, Answerer)) -> Verdict {
    let is_so = disk.find(&it.entry).is_some_and(|stored| {
        let text = test.text.map(|text| text.entry);
        matches!(stored.entry.fact(), Fact::TestAnswer(answer)
            if answer.by == by && Some(answer.text) == text)
    });
    match is_so {
        true => Ok(()),
        false => Err(Violation::new(
            "OL-755 apart from each other",
            format!("{by:?}: {it:?} in {test:?}"),
        )),
    }
}
