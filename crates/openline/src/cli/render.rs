//! How an entry looks on a screen. Whatever comes from the other side passes [`names::for_screen`] first: an
//! escape code in a text must not write on the reader's terminal (situation 6). Texts stand behind the margin of
//! [`super::layout`], so that none can look like a line of ours.

use openline_wire::names;

use super::contact::text;
use super::context::Context;
use super::file::size;
use super::ring::text::office;
use super::silence::SHORTEST_MS;
use super::{exercise, layout, time};
use crate::api::types::{Actor, Author, Entry, Stage};

/// Two good clocks and a quick network differ by less.
const NOT_WORTH_SAYING_MS: u64 = 2_000;

/// Before what did not fit on the line above it.
const FURTHER: &str = "      ";

/// An entry as a list shows it: a line about it, its text, and what became of it.
pub fn entry(context: &Context<'_>, entry: &Entry) -> String {
    let mut lines = whole(context, entry);
    if entry.kind == "message" {
        lines.extend(stages_lines(context, entry));
    }
    framed(context, entry, lines).join("\n")
}

/// An entry at the moment at which it comes: nothing became of it yet.
pub fn entry_as_it_comes(context: &Context<'_>, entry: &Entry) -> String {
    framed(context, entry, whole(context, entry)).join("\n")
}

/// What it says, before what became of it.
pub fn whole(context: &Context<'_>, entry: &Entry) -> Vec<String> {
    let mut lines = headline(context, entry);
    lines.extend(terms_lines(context, entry));
    lines.extend(text_lines(context, entry));
    lines
}

/// Every line of an exercise says that it is one, and what is meant stands apart from it.
pub fn framed(context: &Context<'_>, entry: &Entry, lines: Vec<String>) -> Vec<String> {
    let real = exercise::breaking_in(context, entry.breaks_in);
    let about = entry.fact.targets_mark.as_ref();
    let lines = exercise::framed(context, about.unwrap_or(&entry.mark), lines);
    real.into_iter().chain(lines).collect()
}

/// How many columns an entry has: fewer if each of its lines says that it is practised.
fn columns(context: &Context<'_>, entry: &Entry) -> usize {
    let about = entry.fact.targets_mark.as_ref();
    exercise::columns(context, about.unwrap_or(&entry.mark))
}

/// What a proposal or a read-back is about.
pub fn terms_lines(context: &Context<'_>, entry: &Entry) -> Vec<String> {
    let terms = entry.fact.terms.as_ref();
    terms.map_or_else(Vec::new, |terms| text::terms(context, terms))
}

/// The days of a list: times of day are read under the date that stands above them.
#[derive(Debug, Default)]
pub struct Days(String);

impl Days {
    /// The line to print before an entry of this time, if its date is another than that of the one before it.
    pub fn turn(&mut self, ms: u64) -> Option<String> {
        let day = time::date(ms);
        if self.0 == day {
            return None;
        }
        self.0.clone_from(&day);
        Some(format!("== {day}"))
    }
}

/// A label that somebody else chose, as part of a line of ours: harmless, and with no room to push what follows
/// to another place.
pub fn label(text: &str) -> String {
    let text = names::for_screen(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands above what is said of a line: its name is the other side's, and what follows may be ours.
pub fn of_line(context: &Context<'_>, line: &str) -> String {
    let blanks = [("line", label(line).into())];
    context.words.fill("of-line", &blanks)
}

/// `M-41  08:00:12Z  FLASH  Moscow  EXERCISE  by Lt. Orlova`
pub fn headline(context: &Context<'_>, entry: &Entry) -> Vec<String> {
    let paint = context.paint;
    let mut parts = vec![
        paint.strong(&entry.short),
        when(context, entry),
        precedence(context, entry),
        side(context, &entry.author, entry.ours),
    ];
    parts.extend(mark(context, entry));
    parts.extend(remark(context, entry));
    parts.extend(reply_to(context, entry));
    parts.extend(by(context, entry));
    parts.retain(|part| !part.is_empty());
    layout::wrap(&parts.join("  "), "", FURTHER, columns(context, entry))
}

/// By the author's clock, the same at both sides; and by ours where it came later, or our clocks differ.
fn when(context: &Context<'_>, entry: &Entry) -> String {
    written(context, entry.time_ms, entry.received_ms)
}

/// The same of anything that was signed at one time and stored here at another.
pub fn written(context: &Context<'_>, time_ms: u64, received_ms: u64) -> String {
    let written = time::clock(time_ms);
    if time_ms.abs_diff(received_ms) < NOT_WORTH_SAYING_MS {
        return written;
    }
    let here = match time::date(time_ms) == time::date(received_ms) {
        true => time::clock(received_ms),
        false => time::date_and_time(received_ms),
    };
    let blanks = [("written", written.into()), ("here", here.into())];
    context.words.fill("entry-times", &blanks)
}

/// What it answers, by its name here.
fn reply_to(context: &Context<'_>, entry: &Entry) -> Option<String> {
    let to = entry.reply_to.as_ref()?;
    let short = entry.reply_to_short.as_ref();
    let name = short.map_or_else(|| first_digits(to), Clone::clone);
    Some(
        context
            .words
            .fill("entry-reply-to", &[("entry", name.into())]),
    )
}

/// The person who acted. Last, so that a name that looks like something else of ours stands behind a word of ours; a
/// receipt names him in what it says.
fn by(context: &Context<'_>, entry: &Entry) -> Option<String> {
    if entry.actor.name.is_empty() || entry.kind == "receipt" {
        return None;
    }
    let name = name_in_quotes(&entry.actor.name);
    Some(context.words.fill("entry-by", &[("name", name.into())]))
}

/// What both sides can call an entry by.
pub fn first_digits(id: &str) -> String {
    id.chars().take(8).collect()
}

fn precedence(context: &Context<'_>, entry: &Entry) -> String {
    let is_urgent_ring = entry.kind == "ring" && entry.precedence == "flash";
    if entry.kind != "message" && !is_urgent_ring {
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
    let name = label(&author.name);
    match ours {
        true => context.words.fill("side-ours", &[("party", name.into())]),
        false => name,
    }
}

/// What is not real says so, loudly; and what is an exercise that nobody agreed on. What breaks into one says that it is meant.
fn mark(context: &Context<'_>, entry: &Entry) -> Option<String> {
    match (entry.mark.as_str(), &entry.exercise) {
        ("real", _) if !entry.breaks_in => return None,
        ("exercise", None) => {
            let text = context.words.text("mark-outside-an-exercise");
            return Some(context.paint.bad(&text));
        }
        _ => {}
    }
    let id = format!("mark-{}", entry.mark);
    let word = context
        .words
        .find(&id)
        .unwrap_or_else(|| label(&entry.mark));
    Some(context.paint.doubtful(&word))
}

/// What an entry is if it is no message.
fn remark(context: &Context<'_>, entry: &Entry) -> Option<String> {
    let words = context.words;
    match entry.kind.as_str() {
        "message" => None,
        "receipt" => Some(receipt(context, entry)),
        "silence" if ends_a_silence(entry) => Some(words.text("entry-silence-ended")),
        "silence" => entry.fact.silence.as_ref().map(|silence| {
            let reason = format!("silence-reason-{}", silence.reason);
            let until = time::date_and_time(silence.until_ms);
            let reason = words
                .find(&reason)
                .unwrap_or_else(|| label(&silence.reason));
            words.fill(
                "entry-silence",
                &[("until", until.into()), ("reason", reason.into())],
            )
        }),
        "roster" => Some(super::roster::text::remark(context, entry)),
        "exercise-proposed" => {
            let until = time::date_and_time(entry.fact.ms.unwrap_or_default());
            Some(words.fill("entry-exercise-proposed", &[("until", until.into())]))
        }
        "hand-over" => {
            let to = entry.fact.to.as_deref().unwrap_or_default();
            Some(words.fill("entry-hand-over", &[("to", name_in_quotes(to).into())]))
        }
        "suspended" => {
            let reason = entry.fact.says.as_deref().unwrap_or_default();
            let reason = words.find(&format!("suspension-reason-{reason}"));
            Some(words.fill(
                "entry-suspended",
                &[("reason", reason.unwrap_or_default().into())],
            ))
        }
        "reachable-at" => {
            let addresses = super::reachable::in_words(&entry.fact.addresses);
            Some(words.fill("entry-reachable-at", &[("addresses", addresses.into())]))
        }
        "call-up" | "ready" | "test-text" | "test-answer" => {
            Some(super::line_test::text::remark(context, entry))
        }
        "ring" => ring(context, entry),
        "ringing" | "answer" | "outcome" => Some(of_a_ring(context, entry)),
        "verifying" | "verified" | "proposal" | "read-back" | "settlement" | "contact-closed" => {
            Some(of_a_contact(context, entry))
        }
        kind => {
            let known = words.find(&format!("kind-{kind}"));
            known.or_else(|| words.find("kind-unknown"))
        }
    }
}

fn ring(context: &Context<'_>, entry: &Entry) -> Option<String> {
    let [from, to] = entry.fact.offices.as_slice() else {
        return context.words.find("kind-unknown");
    };
    // By the clock that its own time is told by: one that comes hours late does not look as if it were to ring from now on.
    let until = entry.time_ms.saturating_add(entry.fact.ms.unwrap_or(0));
    let blanks = [
        ("from", label(&from.name).into()),
        ("to", office(to).into()),
        ("until", time::clock(until).into()),
    ];
    Some(context.words.fill("entry-ring", &blanks))
}

fn of_a_ring(context: &Context<'_>, entry: &Entry) -> String {
    let fact = &entry.fact;
    let id = fact.ring.as_deref().unwrap_or_default();
    let name = fact.ring_short.clone().unwrap_or_else(|| first_digits(id));
    let says = fact.says.as_deref().unwrap_or("ringing");
    let call_back = fact
        .ms
        .map_or_else(|| "none".to_owned(), time::date_and_time);
    let blanks = [("ring", name.into()), ("callback", call_back.into())];
    context
        .words
        .fill(&format!("entry-{}-{says}", entry.kind), &blanks)
}

/// What somebody says in a contact, which is named after its ring: `C-7` follows `R-7`.
fn of_a_contact(context: &Context<'_>, entry: &Entry) -> String {
    let fact = &entry.fact;
    let named = |short: &Option<String>, id: &Option<String>| {
        let first = id.as_deref().map(first_digits);
        short.clone().or(first)
    };
    let ring = named(&fact.ring_short, &fact.ring).unwrap_or_default();
    let proposal = named(&fact.proposal_short, &fact.proposal);
    let blanks = [
        ("contact", ring.replacen("R-", "C-", 1).into()),
        ("proposal", proposal.clone().unwrap_or_default().into()),
        (
            "corrects",
            proposal.unwrap_or_else(|| "none".to_owned()).into(),
        ),
    ];
    let id = match &fact.says {
        Some(says) => format!("entry-{}-{says}", entry.kind),
        None => format!("entry-{}", entry.kind),
    };
    context.words.fill(&id, &blanks)
}

/// Whoever announces again means what he says last: one of the shortest silences ends the one before.
fn ends_a_silence(entry: &Entry) -> bool {
    let ends = entry.time_ms.saturating_add(SHORTEST_MS);
    let silence = entry.fact.silence.as_ref();
    silence.is_some_and(|silence| silence.until_ms <= ends)
}

fn receipt(context: &Context<'_>, entry: &Entry) -> String {
    let stage = entry.fact.stage.as_deref().unwrap_or_default();
    let count = entry.fact.targets.len();
    let entries = match entry.fact.targets_short.is_empty() {
        true => entry
            .fact
            .targets
            .iter()
            .map(|id| first_digits(id))
            .collect(),
        false => entry.fact.targets_short.clone(),
    };
    let who = person(context, &entry.actor, &entry.author);
    let id = match stage {
        _ if entry.fact.void => "entry-receipt-void",
        "shown" => "entry-receipt-shown",
        "read" => "entry-receipt-read",
        _ => "kind-receipt",
    };
    context.words.fill(
        id,
        &[
            ("count", count.into()),
            ("entries", entries.join(", ").into()),
            ("who", who.into()),
        ],
    )
}

/// The text behind the margin, harmless. Where there is none although there should be, that is said, before the margin: no
/// text can look like it.
pub fn text_lines(context: &Context<'_>, entry: &Entry) -> Vec<String> {
    let id = match (entry.text_state.as_deref(), entry.ours) {
        (None, _) => None,
        (Some("unreadable"), _) => Some("text-unreadable"),
        (Some(_), false) => Some("text-withheld"),
        (Some(_), true) => Some("text-withheld-ours"),
    };
    if let Some(id) = id {
        let said = layout::wrap(
            &context.words.text(id),
            "    ",
            FURTHER,
            columns(context, entry),
        );
        return said.iter().map(|line| context.paint.bad(line)).collect();
    }
    let text = entry.text.as_deref().unwrap_or_default();
    let mut lines = layout::body(&names::for_screen(text), columns(context, entry));
    for (file, number) in entry.files.iter().zip(1u64..) {
        let blanks = [
            ("number", number.into()),
            ("name", label(&file.name).into()),
            ("size", size(context.words, file.size).into()),
        ];
        let said = context.words.fill("entry-file", &blanks);
        lines.extend(layout::wrap(
            &said,
            "    ",
            FURTHER,
            columns(context, entry),
        ));
    }
    lines
}

/// `    stored 08:00:12Z · shown to Lt. Smith 08:00:15Z`
fn stages_lines(context: &Context<'_>, entry: &Entry) -> Vec<String> {
    let reached = stages(entry);
    let reached = reached.into_iter().map(|reached| stage(context, reached));
    let mut said: Vec<String> = awaited(context, entry).into_iter().collect();
    said.extend(reached);
    if said.is_empty() {
        return Vec::new();
    }
    let lines = layout::wrap(&said.join(" · "), "    ", FURTHER, columns(context, entry));
    let paint = |line: String| match entry.not_shown {
        true => context.paint.doubtful(&line),
        false => context.paint.quiet(&line),
    };
    lines.into_iter().map(paint).collect()
}

/// What has not happened yet and somebody may be waiting for.
pub fn awaited(context: &Context<'_>, entry: &Entry) -> Option<String> {
    if entry.kind != "message" {
        return None;
    }
    let is_stored = entry.stages.iter().any(|reached| reached.stage == "stored");
    match (entry.ours, entry.not_shown) {
        (true, _) if !is_stored => Some(context.words.text("stage-not-stored")),
        (_, true) => Some(context.words.text("stage-not-shown")),
        _ => None,
    }
}

/// The stages in the order in which we learnt them. A station that restarts confirms anew what it holds; that says
/// nothing more, so each party's first *stored* stands for all.
pub fn stages(entry: &Entry) -> Vec<&Stage> {
    let mut stages: Vec<&Stage> = entry.stages.iter().collect();
    stages.sort_by_key(|reached| reached.our_ms);
    let mut stored_by: Vec<&str> = Vec::new();
    stages.retain(|reached| {
        let party = reached.who.party.as_str();
        let is_new = reached.stage != "stored" || !stored_by.contains(&party);
        if reached.stage == "stored" {
            stored_by.push(party);
        }
        is_new
    });
    stages
}

/// What was signed there so long before it was known here is told with both times.
const LATE_MS: u64 = 60_000;

/// A stage that a message has reached, who says so, and when by our clock.
pub fn stage(context: &Context<'_>, reached: &Stage) -> String {
    let id = match reached.stage.as_str() {
        "stored" => "stage-stored",
        "shown" => "stage-shown",
        "read" => "stage-read",
        other => return label(other),
    };
    let who = person(context, &reached.actor, &reached.who);
    let here = time::time_of_day(reached.our_ms);
    // What came late, as by a courier, was not read when we learnt of it.
    let is_late = reached.our_ms.saturating_sub(reached.their_ms) >= LATE_MS;
    let when = match is_late && reached.their_ms > 0 {
        false => here,
        true => {
            let theirs = time::time_of_day(reached.their_ms);
            let blanks = [("theirs", theirs.into()), ("here", here.into())];
            context.words.fill("stage-known-late", &blanks)
        }
    };
    context
        .words
        .fill(id, &[("who", who.into()), ("when", when.into())])
}

/// The name of a person, to stand between quotes of ours: it has none that could end them, so what looks like a further
/// stage or another person stays part of a name.
pub fn name_in_quotes(name: &str) -> String {
    label(name).replace(['"', '“', '”', '„', '‟', '«', '»', '″', '＂'], "'")
}

/// The person with his side; the side alone where a station acts by itself.
fn person(context: &Context<'_>, actor: &Actor, author: &Author) -> String {
    let party = label(&author.name);
    if actor.name.is_empty() {
        return party;
    }
    let name = name_in_quotes(&actor.name);
    context.words.fill(
        "person-of",
        &[("name", name.into()), ("party", party.into())],
    )
}
