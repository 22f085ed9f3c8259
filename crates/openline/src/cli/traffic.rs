//! `openline traffic`: what went over the line, oldest first.

use super::args::Traffic;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::from_disk::Source;
use super::{render, status, time};
use crate::api::types::{EntriesQuery, Entry, NotShown};

/// Lists entries page by page, so that a long record needs little memory.
pub async fn run(context: &Context<'_>, args: Traffic) -> Result<(), Failure> {
    let wanted = args.line.line.as_deref();
    let source = Source::find(context, wanted).await?;
    let mut query = since(args.since.as_deref())?;
    let begin = (query.since, query.after);
    if let (false, Some(cursor)) = (context.json, query.after) {
        context.say("traffic-after", &[("cursor", cursor.to_string().into())])?;
    }
    let (mut is_empty, mut unreadable) = (true, 0);
    let mut days = render::Days::default();
    loop {
        let page = source.entries(args.line.name(), &query).await?;
        for entry in page
            .entries
            .iter()
            .filter(|entry| context.json || is_traffic(entry))
        {
            is_empty = false;
            print(context, &mut days, entry)?;
        }
        unreadable += page.unreadable;
        match page.next {
            Some(cursor) => query.after = Some(cursor),
            None => break,
        }
    }
    // That there is nothing, nobody can say then.
    if is_empty && unreadable == 0 && !context.json {
        tell_nothing(context, begin)?;
    }
    if !context.json {
        tell_not_shown(context, source.not_shown(wanted).await?)?;
    }
    match unreadable {
        0 => Ok(()),
        count => Err(Failure::new(Exit::Failed, "error-entries-damaged").with("count", count)),
    }
}

/// Nothing came since then, which does not mean that nothing ever did.
fn tell_nothing(context: &Context<'_>, begin: (Option<u64>, Option<u64>)) -> Result<(), Failure> {
    match begin {
        (Some(since), _) => {
            let when = time::time_of_day(since).into();
            context.say("traffic-none-since", &[("when", when)])
        }
        (_, Some(cursor)) => {
            let cursor = cursor.to_string().into();
            context.say("traffic-none-after", &[("cursor", cursor)])
        }
        _ => context.say("traffic-none", &[]),
    }
}

/// At the end, where the reader looks: what arrived while nobody sat before a screen.
fn tell_not_shown(context: &Context<'_>, waiting: Vec<NotShown>) -> Result<(), Failure> {
    for text in waiting.iter().flat_map(|it| status::not_shown(context, it)) {
        context.print(text)?;
    }
    Ok(())
}

/// A cursor, a time, or an age.
fn since(text: Option<&str>) -> Result<EntriesQuery, Failure> {
    let mut query = EntriesQuery::default();
    let Some(text) = text else {
        return Ok(query);
    };
    if let Ok(cursor) = text.parse() {
        query.after = Some(cursor);
        return Ok(query);
    }
    let wrong = || Failure::new(Exit::Usage, "error-since").with("given", text.to_owned());
    query.since = Some(time::moment_ms(text).ok_or_else(wrong)?);
    Ok(query)
}

/// What people said to each other, and that the line was tested. Receipts stand at the messages; starts are the machines' matter.
fn is_traffic(entry: &Entry) -> bool {
    matches!(
        entry.kind.as_str(),
        "message"
            | "service-note"
            | "silence"
            | "number-compared"
            | "ring"
            | "answer"
            | "outcome"
            | "verified"
            | "proposal"
            | "read-back"
            | "settlement"
            | "contact-closed"
            | "roster"
            | "watch-opened"
            | "take-over"
            | "watch-closed"
            | "suspended"
            | "resumed"
            | "reachable-at"
            | "exercise-proposed"
            | "exercise-accepted"
            | "exercise-ended"
            | "call-up"
            | "test-answer"
            | "unknown"
    )
}

fn print(context: &Context<'_>, days: &mut render::Days, entry: &Entry) -> Result<(), Failure> {
    if context.json {
        return context.print_json(entry);
    }
    if let Some(day) = days.turn(entry.time_ms) {
        context.print(day)?;
    }
    context.print(render::entry(context, entry))
}
