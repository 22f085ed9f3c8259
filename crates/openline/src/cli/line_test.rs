//! `openline test`: tests the line now, tells when it is tested and what came of it, and has a person answer a test of theirs.

use super::args::{TestNow, TestRead, TestSchedule};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::interrupt::Watch;
use super::render::{self, label};
use super::sign_read;
use crate::api::types::{Line, Status, Test};

pub mod text;

/// Calls up, and waits until it is known what came of it. The exit code says what.
pub async fn now(context: &Context<'_>, args: TestNow) -> Result<Exit, Failure> {
    let status = context.client().status().await?;
    context.refuse_no_line(&status)?;
    let client = context.acting(args.operator)?;
    before_testing(context, &status, args.line.name())?;
    let accepted = client.test_now(args.line.name()).await?;
    let call_up = accepted.entry.unwrap_or_default();
    let _interrupts = Watch::begin(context, "error-interrupted-testing");
    let mut statuses = client.watch_status().await?;
    let mut told = None;
    let mut verdict = super::lines::line_of(&status, args.line.name()).map(|it| it.verdict.clone());
    while let Some(status) = statuses.next().await {
        let status = status?;
        let Some((line, test)) = find(&status, &call_up) else {
            continue;
        };
        // A line that dies meanwhile: whoever waits is to know why.
        if !context.json && verdict.replace(line.verdict.clone()).as_ref() != Some(&line.verdict) {
            context.tell(&super::status::headline(context, line))?;
        }
        if told.as_ref() != Some(&test.state) {
            told = Some(test.state.clone());
            match context.json {
                true => context.print_json(test)?,
                false => context.tell(&text::state(context, &line.name, test))?,
            }
        }
        if let Some(exit) = exit(test) {
            return Ok(exit);
        }
    }
    Err(Failure::new(
        Exit::NoStation,
        "error-station-went-away-testing",
    ))
}

/// On a line that is not open nobody waits for long without knowing it.
fn before_testing(context: &Context<'_>, status: &Status, line: &str) -> Result<(), Failure> {
    let line = super::lines::line_of(status, line);
    let Some(line) = line.filter(|line| line.verdict != "open" && !context.json) else {
        return Ok(());
    };
    context.tell(&super::status::headline(context, line))?;
    let lasts_ms = line.tests.as_ref().map_or(0, |tests| tests.lasts_ms);
    let lasts = super::time::span(lasts_ms, context.words);
    context.say("test-may-last", &[("lasts", lasts.into())])
}

fn find<'a>(status: &'a Status, call_up: &str) -> Option<(&'a Line, &'a Test)> {
    status.lines.iter().find_map(|line| {
        let mut latest = line.tests.iter().flat_map(|tests| &tests.latest);
        Some((line, latest.find(|it| it.call_up == call_up)?))
    })
}

/// The exit code of a test of ours that is over; none while it is not.
fn exit(test: &Test) -> Option<Exit> {
    match test.state.as_str() {
        "passed" => Some(Exit::Done),
        "garbled" => Some(Exit::VerificationFailed),
        "no-ready" | "no-answer" => Some(Exit::TimeRanOut),
        "cut-short" => Some(Exit::NoStation),
        _ => None,
    }
}

/// Whose turn it is, and what came of the latest tests.
pub async fn schedule(context: &Context<'_>, args: TestSchedule) -> Result<(), Failure> {
    let client = context.client();
    let status = client.status().await?;
    context.refuse_no_line(&status)?;
    let wanted = args.line.line.as_deref();
    let is_meant = |it: &&Line| wanted.is_none_or(|line| line == it.name || line == it.line);
    let lines: Vec<&Line> = status.lines.iter().filter(is_meant).collect();
    if let (Some(line), true) = (wanted, lines.is_empty()) {
        // The station knows the name, or says that it does not.
        return tell(context, line, &client.tests(line).await?);
    }
    for line in lines {
        match line.tests {
            Some(_) => tell(context, &line.name, &client.tests(&line.line).await?)?,
            None => context.say("test-none-yet", &[("line", label(&line.name).into())])?,
        }
    }
    Ok(())
}

fn tell(
    context: &Context<'_>,
    line: &str,
    tests: &crate::api::types::Tests,
) -> Result<(), Failure> {
    if context.json {
        return context.print_json(tests);
    }
    context.print(render::of_line(context, line))?;
    let lines = text::timetable(context, line, tests);
    lines
        .iter()
        .try_for_each(|it| context.tell(&format!("  {it}")))
}

/// A person answers the text of a test of theirs: it stands before him, and he signs that he has read it.
pub async fn read(context: &Context<'_>, args: TestRead) -> Result<(), Failure> {
    let line = args.line.name();
    let name = match args.entry {
        Some(name) => name,
        None => unread(context, line).await?,
    };
    let entry = context.client().entry(line, &name).await?;
    if !context.json {
        context.print(render::entry(context, &entry))?;
    }
    if entry.kind != "test-text" {
        let failure = Failure::new(Exit::Forbidden, "error-not-a-test-text");
        return Err(failure.with("entry", entry.short));
    }
    let interrupts = Watch::begin(context, "error-interrupted-unsigned");
    let person = match args.operator {
        Some(name) => name,
        None if context.is_attended() => context.ask_name()?,
        None => return Err(Failure::new(Exit::Usage, "error-who-reads")),
    };
    match (context.is_attended(), args.yes) {
        (true, _) => sign_read::confirm(context, &entry, &person)?,
        (false, true) => {}
        (false, false) => return Err(Failure::new(Exit::Usage, "error-sign-read-needs-yes")),
    }
    drop(interrupts);
    let client = context.client().as_actor(person.clone());
    let accepted = client.read_test(line, &entry.id).await?;
    match context.json {
        true => context.print_json(&accepted),
        false => {
            let name = openline_wire::names::for_screen(&person);
            let blanks = [("entry", entry.short.into()), ("name", name.into())];
            context.say("signed-read", &blanks)
        }
    }
}

/// The text of their last test that our machine has answered, and no person.
async fn unread(context: &Context<'_>, line: &str) -> Result<String, Failure> {
    let tests = context.client().tests(line).await?;
    let is_unread = |it: &&Test| it.state == "read" && it.by_person.is_none();
    let text = tests.latest.into_iter().find(|it| is_unread(&it));
    let text = text.and_then(|it| it.text);
    text.map(|it| it.entry)
        .ok_or_else(|| Failure::new(Exit::Failed, "error-no-test-to-read"))
}
