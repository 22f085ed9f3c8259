//! `openline show`: one entry whole, with what proves it and what became of it.

use super::args::Show;
use super::context::Context;
use super::failure::Failure;
use super::from_disk::Source;
use super::{layout, render, ring, time};
use crate::api::types::Entry;

/// Prints one entry. Looking at it this way signs nothing.
pub async fn run(context: &Context<'_>, args: Show) -> Result<(), Failure> {
    let source = Source::find(context, args.line.line.as_deref()).await?;
    let entry = source.entry(args.line.name(), &args.entry).await?;
    if context.json {
        return context.print_json(&entry);
    }
    tell(context, &entry)?;
    // How a ring stands only a running station says.
    if entry.kind == "ring"
        && let Ok(ring) = context.client().one_ring(args.line.name(), &entry.id).await
    {
        context.print(row(
            &context.words.text("show-ring"),
            &ring::text::state(context, &ring),
        ))?;
    }
    Ok(())
}

fn tell(context: &Context<'_>, entry: &Entry) -> Result<(), Failure> {
    let whole = render::whole(context, entry);
    for line in render::framed(context, entry, whole) {
        context.print(line)?;
    }
    context.print("")?;
    context.print(row(
        &context.words.text("show-name"),
        &names(context, entry),
    ))?;
    for (label, value) in facts(context, entry) {
        let label = context.words.text(label);
        context.print(row(&label, &value))?;
    }
    let mut said: Vec<String> = render::awaited(context, entry).into_iter().collect();
    let stages = render::stages(entry);
    said.extend(stages.into_iter().map(|it| render::stage(context, it)));
    let mut label = context.words.text("show-stage");
    for stage in said {
        context.print(row(&std::mem::take(&mut label), &stage))?;
    }
    Ok(())
}

/// A value beside its label, and under itself where it is long; but an id stays whole, to be copied.
fn row(label: &str, value: &str) -> String {
    let first = format!("{label:<24}");
    if !value.contains(' ') {
        return format!("{first}{value}");
    }
    let rest = " ".repeat(24);
    layout::wrap(value, &first, &rest, layout::columns()).join("\n")
}

/// The short name is this station's; what both sides can say to each other is the id's beginning.
fn names(context: &Context<'_>, entry: &Entry) -> String {
    let common = render::first_digits(&entry.id);
    let blanks = [
        ("entry", entry.short.clone().into()),
        ("common", common.into()),
    ];
    context.words.fill("show-names", &blanks)
}

fn facts(context: &Context<'_>, entry: &Entry) -> Vec<(&'static str, String)> {
    let words = context.words;
    let attestation = words
        .find(&format!("attestation-{}", entry.actor.attestation))
        .unwrap_or_else(|| render::label(&entry.actor.attestation));
    // How they know their people is their word alone.
    let attestation = match entry.ours || entry.actor.name.is_empty() {
        true => attestation,
        false => words.fill("attestation-theirs", &[("how", attestation.into())]),
    };
    let actor = match entry.actor.name.is_empty() {
        true => attestation,
        false => format!("{} ({attestation})", render::label(&entry.actor.name)),
    };
    let stream = words.find(&format!("stream-{}", entry.stream));
    let stream = stream.unwrap_or_else(|| render::label(&entry.stream));
    let place = format!("{stream} {}", entry.sequence);
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
    if let Some(exercise) = &entry.exercise {
        facts.insert(0, ("show-exercise", exercise.clone()));
    }
    if let Some(reply_to) = &entry.reply_to {
        let name = entry.reply_to_short.as_ref().unwrap_or(reply_to);
        facts.insert(0, ("show-reply-to", name.clone()));
    }
    if let Some(lang) = &entry.lang {
        facts.insert(0, ("show-language", render::label(lang)));
    }
    facts
}
