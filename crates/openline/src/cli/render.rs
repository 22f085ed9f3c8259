//! How an entry looks on a screen. Whatever comes from the other side passes [`names::for_screen`] first: an
//! escape code in a text must not write on the reader's terminal (situation 6).

use openline_wire::names;

use super::context::Context;
use super::time;
use crate::api::types::{Actor, Author, Entry, Stage};

/// An entry as a list shows it: a line about it, its text, and what became of it.
pub fn entry(context: &Context<'_>, entry: &Entry) -> String {
    let mut lines = vec![headline(context, entry)];
    lines.extend(text_lines(entry));
    if entry.kind == "message" {
        lines.extend(stages_line(context, entry));
    }
    lines.join("\n")
}

/// `M-41  08:00:12Z  FLASH  Moscow  EXERCISE`
pub fn headline(context: &Context<'_>, entry: &Entry) -> String {
    let paint = context.paint;
    let mut parts = vec![
        paint.strong(&entry.short),
        time::time_of_day(entry.received_ms),
        precedence(context, entry),
        side(context, &entry.author, entry.ours),
    ];
    parts.extend(mark(context, entry));
    parts.extend(remark(context, entry));
    parts.retain(|part| !part.is_empty());
    parts.join("  ")
}

fn precedence(context: &Context<'_>, entry: &Entry) -> String {
    if entry.kind != "message" {
        return String::new();
    }
    let word = entry.precedence.to_uppercase();
    match entry.precedence.as_str() {
        "flash" => context.paint.bad(&word),
        "immediate" => context.paint.doubtful(&word),
        _ => word,
    }
}

/// The party's name; ours is marked, so that nobody takes his own words for the other side's.
fn side(context: &Context<'_>, author: &Author, ours: bool) -> String {
    let name = names::for_screen(&author.name);
    match ours {
        true => context.words.fill("side-ours", &[("party", name.into())]),
        false => name,
    }
}

/// What is not real says so, loudly.
fn mark(context: &Context<'_>, entry: &Entry) -> Option<String> {
    if entry.mark == "real" {
        return None;
    }
    let id = format!("mark-{}", entry.mark);
    let word = context
        .words
        .find(&id)
        .unwrap_or_else(|| names::for_screen(&entry.mark));
    Some(context.paint.doubtful(&word))
}

/// What an entry is if it is no message.
fn remark(context: &Context<'_>, entry: &Entry) -> Option<String> {
    let words = context.words;
    match entry.kind.as_str() {
        "message" => None,
        "receipt" => Some(receipt(context, entry)),
        "silence" => entry.fact.silence.as_ref().map(|silence| {
            let reason = format!("silence-reason-{}", silence.reason);
            let until = time::date_and_time(silence.until_ms);
            let reason = words
                .find(&reason)
                .unwrap_or_else(|| names::for_screen(&silence.reason));
            words.fill(
                "entry-silence",
                &[("until", until.into()), ("reason", reason.into())],
            )
        }),
        kind => {
            let known = words.find(&format!("kind-{kind}"));
            known.or_else(|| words.find("kind-unknown"))
        }
    }
}

fn receipt(context: &Context<'_>, entry: &Entry) -> String {
    let stage = entry.fact.stage.as_deref().unwrap_or_default();
    let count = entry.fact.targets.len();
    let who = person(context, &entry.actor, &entry.author);
    let id = match stage {
        "shown" => "entry-receipt-shown",
        "read" => "entry-receipt-read",
        _ => "kind-receipt",
    };
    context
        .words
        .fill(id, &[("count", count.into()), ("who", who.into())])
}

/// The text, indented, harmless.
pub fn text_lines(entry: &Entry) -> Vec<String> {
    let text = entry.text.as_deref().unwrap_or_default();
    let indented = |line: &str| format!("    {line}");
    names::for_screen(text).lines().map(indented).collect()
}

/// `    stored 08:00:12Z · shown to Lt. Smith 08:00:15Z`
fn stages_line(context: &Context<'_>, entry: &Entry) -> Option<String> {
    let stages: Vec<String> = entry
        .stages
        .iter()
        .map(|reached| stage(context, reached))
        .collect();
    if stages.is_empty() {
        return None;
    }
    Some(context.paint.quiet(&format!("    {}", stages.join(" · "))))
}

/// A stage that a message has reached, who says so, and when by our clock.
pub fn stage(context: &Context<'_>, reached: &Stage) -> String {
    let id = match reached.stage.as_str() {
        "stored" => "stage-stored",
        "shown" => "stage-shown",
        "read" => "stage-read",
        other => return names::for_screen(other),
    };
    let who = person(context, &reached.actor, &reached.who);
    let when = time::time_of_day(reached.our_ms);
    context
        .words
        .fill(id, &[("who", who.into()), ("when", when.into())])
}

/// The person with his side; the side alone where a station acts by itself.
fn person(context: &Context<'_>, actor: &Actor, author: &Author) -> String {
    let party = names::for_screen(&author.name);
    if actor.name.is_empty() {
        return party;
    }
    let name = names::for_screen(&actor.name);
    context.words.fill(
        "person-of",
        &[("name", name.into()), ("party", party.into())],
    )
}
