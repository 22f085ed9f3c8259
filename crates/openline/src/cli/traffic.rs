//! `openline traffic`: what went over the line, oldest first.

use super::args::Traffic;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::{render, time};
use crate::api::types::{EntriesQuery, Entry};

/// Lists entries page by page, so that a long record needs little memory.
pub async fn run(context: &Context<'_>, args: Traffic) -> Result<(), Failure> {
    let client = context.client();
    let mut query = since(args.since.as_deref())?;
    let mut is_empty = true;
    loop {
        let page = client.entries(args.line.name(), &query).await?;
        for entry in page
            .entries
            .iter()
            .filter(|entry| context.json || is_traffic(entry))
        {
            is_empty = false;
            print(context, entry)?;
        }
        match page.next {
            Some(cursor) => query.after = Some(cursor),
            None => break,
        }
    }
    if is_empty && !context.json {
        context.say("traffic-none", &[])?;
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

/// What people said to each other. Receipts stand at the messages; starts are the machines' matter.
fn is_traffic(entry: &Entry) -> bool {
    matches!(
        entry.kind.as_str(),
        "message" | "service-note" | "silence" | "number-compared" | "unknown"
    )
}

fn print(context: &Context<'_>, entry: &Entry) -> Result<(), Failure> {
    match context.json {
        true => context.print_json(entry),
        false => context.print(render::entry(context, entry)),
    }
}
