//! `openline show`: one entry whole, with what proves it and what became of it.

use openline_wire::names;

use super::args::Show;
use super::context::Context;
use super::failure::Failure;
use super::{render, time};
use crate::api::types::Entry;

/// Prints one entry. Looking at it this way signs nothing.
pub async fn run(context: &Context<'_>, args: Show) -> Result<(), Failure> {
    let entry = context
        .client()
        .entry(args.line.name(), &args.entry)
        .await?;
    if context.json {
        return context.print_json(&entry);
    }
    context.print(render::headline(context, &entry))?;
    for line in render::text_lines(&entry) {
        context.print(line)?;
    }
    context.print("")?;
    for (label, value) in facts(context, &entry) {
        let label = context.words.text(label);
        context.print(format!("{label:<24}{value}"))?;
    }
    for reached in &entry.stages {
        let label = context.words.text("show-stage");
        context.print(format!("{label:<24}{}", render::stage(context, reached)))?;
    }
    Ok(())
}

fn facts(context: &Context<'_>, entry: &Entry) -> Vec<(&'static str, String)> {
    let words = context.words;
    let attestation = words
        .find(&format!("attestation-{}", entry.actor.attestation))
        .unwrap_or_else(|| names::for_screen(&entry.actor.attestation));
    let actor = match entry.actor.name.is_empty() {
        true => attestation,
        false => format!("{} ({attestation})", names::for_screen(&entry.actor.name)),
    };
    let place = format!("{} {}", entry.stream, entry.sequence);
    let mut facts = vec![
        ("show-actor", actor),
        ("show-time-author", time::date_and_time(entry.time_ms)),
        ("show-time-received", time::date_and_time(entry.received_ms)),
        ("show-place", place),
        ("show-boot", entry.author.boot.clone()),
        ("show-node", entry.author.node.clone()),
        ("show-party", entry.author.party.clone()),
        ("show-id", entry.id.clone()),
    ];
    if let Some(reply_to) = &entry.reply_to {
        facts.insert(0, ("show-reply-to", reply_to.clone()));
    }
    if let Some(lang) = &entry.lang {
        facts.insert(0, ("show-language", names::for_screen(lang)));
    }
    facts
}
