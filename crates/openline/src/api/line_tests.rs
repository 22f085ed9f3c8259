//! Tests of the line: asking for one, answering one as a person, and how they stand.

use std::sync::Arc;

use axum::extract::{Path, State};
use openline_proto::contract::Command;
use openline_proto::line_test::shown::{self, Shown};
use openline_store::{NamedEntry, Reader, StoreError};
use openline_wire::codes::{Answerer, Kind};
use openline_wire::fact::{self, digest_of};
use openline_wire::ids::EntryId;

use super::body::{Answer, Json};
use super::caller::Caller;
use super::context::{Context, Shared};
use super::convert::rfc3339;
use super::messages::accepted;
use super::problem::ApiError;
use super::types::{
    Accepted, Fact, MissedTurn, NewTest, NewTestRead, Test, TestAnswer, TestCounts, TestEntry,
    Tests,
};
use crate::station::clock::wall;
use crate::station::peers::LineInfo;

/// Tests that `status` lists: some hours of both sides.
pub const LISTED: usize = 8;

/// `GET /v1/lines/{line}/tests`
pub async fn list(
    State(context): State<Shared>,
    Path(line): Path<String>,
) -> Result<Answer<Tests>, ApiError> {
    let line = context.acting_line(&line)?;
    let tests = now(&context, &line, usize::MAX).await;
    tests
        .map(Answer)
        .ok_or_else(|| ApiError::not_found("no-tests-yet"))
}

/// `POST /v1/lines/{line}/tests`
pub async fn start(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
    Json(test): Json<NewTest>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, test.actor.as_deref())?;
    let entry = context.desk.act(line.line, actor, Command::TestNow).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

/// `POST /v1/lines/{line}/tests/{entry}/read`
pub async fn read(
    State(context): State<Shared>,
    Path((line, name)): Path<(String, String)>,
    caller: Caller,
    Json(read): Json<NewTestRead>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, read.actor.as_deref())?;
    let text = |_: &_, named: &NamedEntry| {
        let header = named.stored.entry.header();
        Ok((header.kind == Kind::TestText).then(|| named.stored.entry.id()))
    };
    let text = context.entry(&line, &name, text).await?;
    let text = text.ok_or_else(|| ApiError::forbidden("not-a-test-text").with("entry", &name))?;
    let command = Command::TestRead(text);
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

/// How the tests of a line stand, with so many of the latest; none if the line is not taken up.
pub async fn now(context: &Context, line: &Arc<LineInfo>, listed: usize) -> Option<Tests> {
    let held = context.desk.board.tests(&line.line)?;
    let read = {
        let held = held.clone();
        move |reader: &Reader| named(reader, &held, listed)
    };
    // Without the store they have no short names.
    let latest = context.desk.read(read).await;
    let latest = latest.unwrap_or_else(|_| {
        let latest = held.latest.iter().take(listed);
        latest.map(|it| test(it, |_| None)).collect()
    });
    Some(tests(&held, latest, wall()))
}

fn named(reader: &Reader, tests: &shown::Tests, listed: usize) -> Result<Vec<Test>, StoreError> {
    let mut latest = Vec::new();
    for it in tests.latest.iter().take(listed) {
        let mut names = Vec::new();
        for held in [it.ready, it.text].into_iter().flatten() {
            let name = reader
                .by_id(&held.entry)?
                .map(|named| named.name.to_string());
            names.push((held.entry, name));
        }
        latest.push(test(it, |id| {
            let found = names.iter().find(|(of, _)| of == id);
            found.and_then(|(_, name)| name.clone())
        }));
    }
    Ok(latest)
}

fn tests(held: &shown::Tests, latest: Vec<Test>, now: u64) -> Tests {
    let counts = |is_ours: bool| {
        let of_side = || held.latest.iter().filter(move |it| it.is_ours == is_ours);
        let is_answered =
            |it: &&Shown| matches!(it.state, shown::State::Passed | shown::State::Read);
        TestCounts {
            began: of_side().count() as u64,
            by_machine: of_side().filter(is_answered).count() as u64,
            by_person: of_side().filter(|it| it.by_person.is_some()).count() as u64,
        }
    };
    let (next_ours, next_theirs) = (held.next(true, now), held.next(false, now));
    Tests {
        cadence_ms: held.figures.cadence,
        lasts_ms: held.figures.lasts,
        missed: held.is_missed,
        next_ours_ms: next_ours,
        next_ours: rfc3339(next_ours),
        next_theirs_ms: next_theirs,
        next_theirs: rfc3339(next_theirs),
        theirs_by_ms: held.theirs_by,
        theirs_by: rfc3339(held.theirs_by),
        ours_missed: held.ours_missed,
        theirs_missed: held.theirs_missed.map(|missed| MissedTurn {
            at_ms: missed.at,
            excused: missed.is_excused,
        }),
        ours: counts(true),
        theirs: counts(false),
        latest,
    }
}

fn test(it: &Shown, short: impl Fn(&EntryId) -> Option<String>) -> Test {
    let entry = |held: shown::Held| TestEntry {
        entry: held.entry.to_string(),
        short: short(&held.entry),
        at_ms: held.at,
    };
    let answer = |answered: &shown::Answered| TestAnswer {
        entry: answered.entry.to_string(),
        name: answered.by.clone(),
        at_ms: answered.at,
        right: answered.is_right,
    };
    Test {
        call_up: it.call_up.to_string(),
        ours: it.is_ours,
        turn: it.turn,
        called_ms: it.called,
        called: rfc3339(it.called),
        state: it.state.word().to_owned(),
        excused: it.is_excused,
        ready: it.ready.map(entry),
        text: it.text.map(entry),
        by_machine: it.by_machine.as_ref().map(answer),
        by_person: it.by_person.as_ref().map(answer),
        took_ms: it.took_ms,
        nobody_read: it.nobody_read,
    }
}

/// What an entry says that belongs to a test; nothing if it does not.
pub fn fact(fact: &fact::Fact) -> Fact {
    let (follows, says) = match fact {
        fact::Fact::CallUp(it) => {
            return Fact {
                turn: it.turn,
                ..Fact::default()
            };
        }
        fact::Fact::Ready(it) => (it.call_up, None),
        fact::Fact::TestText(it) => (it.ready, None),
        fact::Fact::TestAnswer(it) => (
            it.text,
            Some(match it.by {
                Answerer::Machine => "machine",
                Answerer::Person => "person",
            }),
        ),
        _ => return Fact::default(),
    };
    Fact {
        test: Some(follows.to_string()),
        says: says.map(str::to_owned),
        ..Fact::default()
    }
}

/// Adds what only the record knows: the name of the entry that one follows, and whether an answer is what was sent.
pub fn complete(reader: &Reader, named: &NamedEntry, fact: &mut Fact) -> Result<(), StoreError> {
    let Some(follows) = fact.test.as_deref().and_then(EntryId::from_hex) else {
        return Ok(());
    };
    let Some(followed) = reader.by_id(&follows)? else {
        return Ok(());
    };
    fact.test_short = Some(followed.name.to_string());
    if let fact::Fact::TestAnswer(answer) = named.stored.entry.fact() {
        let sent = followed.stored.entry.body();
        fact.right = sent.map(|sent| digest_of(&sent.content) == answer.content);
    }
    Ok(())
}
