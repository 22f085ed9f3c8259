//! How tests of the line look on a screen.

use super::super::context::Context;
use super::super::render::{first_digits, label, name_in_quotes};
use super::super::time;
use crate::api::types::{Entry, Line, Test, TestCounts, Tests};

/// Below this a time is told in milliseconds.
const SOON_MS: u64 = 10_000;

/// Tests that a timetable lists: a day of the usual cadence.
const LISTED: usize = 24;

/// How a test stands, by whose word; one of theirs that lasted longer than tests do as one that they left off.
fn state_after(context: &Context<'_>, line: &str, test: &Test, lasts_ms: u64) -> String {
    let waits = matches!(test.state.as_str(), "called-up" | "ready");
    match !test.ours && waits && time::now_ms() > test.called_ms.saturating_add(lasts_ms) {
        true => context
            .words
            .fill("test-state-left-off", &[("party", label(line).into())]),
        false if !test.ours && waits => {
            let until = test.called_ms.saturating_add(lasts_ms);
            let blanks = [
                ("party", label(line).into()),
                ("called", time::time_of_day(test.called_ms).into()),
                ("until", time::time_of_day(until).into()),
                ("state", state(context, line, test).into()),
            ];
            context.words.fill("test-theirs-waits", &blanks)
        }
        false => state(context, line, test),
    }
}

/// How a test stands, by whose word.
pub fn state(context: &Context<'_>, line: &str, test: &Test) -> String {
    let ready = test.ready.as_ref().map(|it| it.at_ms);
    let blanks = [
        ("party", label(line).into()),
        (
            "when",
            time::time_of_day(ready.unwrap_or(test.called_ms)).into(),
        ),
        ("took", took(context, test.took_ms.unwrap_or(0)).into()),
        ("excused", yes(test.excused).into()),
    ];
    let id = format!("test-state-{}", test.state);
    let text = match context.words.find(&id) {
        Some(_) => context.words.fill(&id, &blanks),
        None => label(&test.state),
    };
    let is_missed = matches!(test.state.as_str(), "no-ready" | "no-answer");
    match test.state.as_str() {
        "passed" => context.paint.good(&text),
        "garbled" => context.paint.bad(&text),
        _ if is_missed && !test.excused => context.paint.bad(&text),
        "cut-short" => context.paint.doubtful(&text),
        _ => text,
    }
}

/// The last test of each side, one sentence each.
pub fn evidence(context: &Context<'_>, line: &Line) -> Vec<String> {
    let last = |is_ours: bool| {
        let tests = line.tests.as_ref()?;
        let test = tests.latest.iter().find(|it| it.ours == is_ours)?;
        let state = state_after(context, &line.name, test, tests.lasts_ms);
        let blanks = [
            ("party", label(&line.name).into()),
            ("ours", yes(is_ours).into()),
            ("when", time::time_of_day(test.called_ms).into()),
            ("state", state.into()),
        ];
        Some(context.words.fill("evidence-test", &blanks))
    };
    [true, false].into_iter().filter_map(last).collect()
}

/// When the line is tested, and what came of the latest tests.
pub fn timetable(context: &Context<'_>, line: &str, tests: &Tests) -> Vec<String> {
    let words = context.words;
    let party = label(line);
    let blanks = [
        ("party", party.clone().into()),
        ("cadence", time::span(tests.cadence_ms, words).into()),
        ("lasts", time::span(tests.lasts_ms, words).into()),
        ("ours", time::time_of_day(tests.next_ours_ms).into()),
        ("theirs", time::time_of_day(tests.next_theirs_ms).into()),
        ("by", time::time_of_day(tests.theirs_by_ms).into()),
        ("slept", tests.ours_missed.into()),
    ];
    let mut lines = vec![
        words.fill("test-cadence", &blanks),
        words.fill("test-next", &blanks),
    ];
    if tests.missed {
        lines.push(context.paint.bad(&words.fill("test-last-missed", &blanks)));
    }
    if let Some(missed) = &tests.theirs_missed {
        let blanks = [
            ("party", party.clone().into()),
            ("when", time::time_of_day(missed.at_ms).into()),
            ("excused", yes(missed.excused).into()),
        ];
        lines.push(words.fill("test-theirs-missed", &blanks));
    }
    if tests.ours_missed > 0 {
        lines.push(words.fill("test-ours-missed", &blanks));
    }
    lines.push(counts(context, &party, true, &tests.ours));
    lines.push(counts(context, &party, false, &tests.theirs));
    let latest = tests.latest.iter().take(LISTED);
    lines.extend(latest.map(|it| one(context, line, it, tests.lasts_ms)));
    lines
}

fn counts(context: &Context<'_>, party: &str, is_ours: bool, counts: &TestCounts) -> String {
    let blanks = [
        ("party", party.to_owned().into()),
        ("began", counts.began.into()),
        ("machine", counts.by_machine.into()),
        ("person", counts.by_person.into()),
    ];
    let id = match is_ours {
        true => "test-counts-ours",
        false => "test-counts-theirs",
    };
    context.words.fill(id, &blanks)
}

/// `08:00:00Z  ours  Passed: … Read there by “Lt. Orlova”.`
fn one(context: &Context<'_>, line: &str, test: &Test, lasts_ms: u64) -> String {
    let side = match test.ours {
        true => context.words.text("test-side-ours"),
        false => label(line),
    };
    let mut parts = vec![
        time::time_of_day(test.called_ms),
        side,
        state_after(context, line, test, lasts_ms),
    ];
    parts.extend(person(context, test));
    parts.join("  ")
}

fn person(context: &Context<'_>, test: &Test) -> Option<String> {
    let words = context.words;
    if let Some(answer) = &test.by_person {
        let blanks = [
            ("name", name_in_quotes(&answer.name).into()),
            ("right", yes(answer.right).into()),
            ("here", yes(!test.ours).into()),
        ];
        return Some(words.fill("test-person", &blanks));
    }
    match (test.ours, test.nobody_read, &test.text) {
        (true, true, _) => Some(words.text("test-person-nobody")),
        (false, _, Some(text)) if test.state == "read" => {
            let name = text.short.clone();
            let name = name.unwrap_or_else(|| first_digits(&text.entry));
            Some(words.fill("test-person-may-read", &[("entry", name.into())]))
        }
        _ => None,
    }
}

/// What an entry of a test says, in a list of entries.
pub fn remark(context: &Context<'_>, entry: &Entry) -> String {
    let fact = &entry.fact;
    let id = fact.test.as_deref().unwrap_or_default();
    let follows = fact.test_short.clone().unwrap_or_else(|| first_digits(id));
    let right = match fact.right {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    let blanks = [
        ("entry", follows.into()),
        ("asked", yes(fact.turn.is_none()).into()),
        ("by", fact.says.clone().unwrap_or_default().into()),
        ("right", right.into()),
    ];
    let id = match entry.kind.as_str() {
        "call-up" => "entry-call-up",
        "ready" => "entry-ready",
        "test-text" => "entry-test-text",
        _ => "entry-test-answer",
    };
    context.words.fill(id, &blanks)
}

fn took(context: &Context<'_>, ms: u64) -> String {
    match ms < SOON_MS {
        true => context.words.fill("test-took-ms", &[("ms", ms.into())]),
        false => time::span(ms, context.words),
    }
}

fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}
