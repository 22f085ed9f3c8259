//! `openline follow`: entries as they come.
//!
//! On a terminal with a named operator before it, what is printed counts as *shown* to him, and is signed as
//! such. Piped or with `--json` a program reads, and nothing counts (situation 3).

use super::args::Follow;
use super::context::Context;
use super::failure::Failure;
use super::{render, status};
use crate::api::types::{Entry, NewReceipt, Status};
use crate::client::{Client, Events};

/// Follows a line until it is interrupted.
pub async fn run(context: &Context<'_>, args: Follow) -> Result<(), Failure> {
    match context.is_attended() {
        true => attended(context, &args).await,
        false => by_a_program(context, &args).await,
    }
}

async fn by_a_program(context: &Context<'_>, args: &Follow) -> Result<(), Failure> {
    let mut entries = context.client().follow(args.line.name(), args.from).await?;
    while let Some(entry) = entries.next().await {
        let entry = entry?;
        match context.json {
            true => context.print_json(&entry)?,
            false => context.print(render::entry(context, &entry))?,
        }
    }
    Ok(())
}

async fn attended(context: &Context<'_>, args: &Follow) -> Result<(), Failure> {
    // Asked first, so that a missing station is not found out after the name.
    context.client().status().await?;
    let name = context.ask_name()?;
    let client = context.client().as_actor(name.clone());
    context.say("follow-begins", &[("name", name.into())])?;
    let line = args.line.name();
    let mut entries = client.follow(line, args.from).await?;
    let mut statuses = client.watch_status().await?;
    let mut told = String::new();
    loop {
        tokio::select! {
            entry = entries.next() => match entry {
                None => return Ok(()),
                Some(entry) => show(context, &client, line, entry?).await?,
            },
            status = next_status(&mut statuses) => tell_verdict(context, status?, args, &mut told)?,
        }
    }
}

/// Prints an entry; then, and only then, says that it was shown.
async fn show(
    context: &Context<'_>,
    client: &Client,
    line: &str,
    entry: Entry,
) -> Result<(), Failure> {
    let is_our_receipt = entry.kind == "receipt" && entry.ours;
    if entry.kind == "start" || is_our_receipt {
        return Ok(());
    }
    let bell = if wants_a_bell(&entry) { "\u{7}" } else { "" };
    context.print(format!("{bell}{}", render::entry(context, &entry)))?;
    if entry.kind == "message" && !entry.ours && !is_shown(&entry) {
        let receipt = NewReceipt {
            stage: "shown".to_owned(),
            entries: vec![entry.id],
            actor: None,
        };
        client.receipt(line, &receipt).await?;
    }
    Ok(())
}

fn wants_a_bell(entry: &Entry) -> bool {
    !entry.ours
        && matches!(entry.precedence.as_str(), "flash" | "immediate")
        && entry.kind == "message"
}

fn is_shown(entry: &Entry) -> bool {
    entry.stages.iter().any(|reached| reached.stage == "shown")
}

/// When the station has no more to say of its status, the stream of entries will end too and tell why.
async fn next_status(statuses: &mut Events<Status>) -> Result<Status, Failure> {
    match statuses.next().await {
        Some(status) => Ok(status?),
        None => std::future::pending().await,
    }
}

fn tell_verdict(
    context: &Context<'_>,
    status: Status,
    args: &Follow,
    told: &mut String,
) -> Result<(), Failure> {
    let wanted = |name: &str| {
        args.line
            .line
            .as_deref()
            .is_none_or(|wanted| wanted == name)
    };
    for line in status
        .lines
        .iter()
        .filter(|line| wanted(&line.name) || wanted(&line.line))
    {
        if *told != line.verdict {
            line.verdict.clone_into(told);
            context.print(format!("-- {}", status::headline(context, line)))?;
        }
    }
    Ok(())
}
