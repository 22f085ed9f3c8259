//! `openline ring`: calls an office of the other side, or answers its call; and tells how rings stand.
//!
//! What a ring is about and the reason of an answer come from the prompt or from standard input, never from the
//! command line: every user of the machine can read that.

use std::ops::RangeInclusive;

use openline_wire::limits;

use super::args::{RingAnswer, RingList, RingStart, RingWithdraw};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::interrupt::Watch;
use super::say::or_give_back;
use super::time;
use crate::api::types::{NewAnswer, NewRing, Ring, Rings, Status};
use crate::client::Client;

mod next;
mod on_watch;
pub mod text;
mod waiting;

use waiting::Until;

/// How long a ring may last.
const RINGS_FOR: RangeInclusive<u64> = limits::RING_MIN_MS..=limits::RING_MAX_MS;

/// How long a caller's outcome is waited for after an answer: longer than a live line needs.
const OUTCOME: std::time::Duration = std::time::Duration::from_secs(10);

/// Rings, and waits until it is known how the ring ended.
pub async fn start(context: &Context<'_>, args: RingStart) -> Result<Exit, Failure> {
    let for_ms = args.duration.as_deref().map(time::duration_ms);
    let for_ms = for_ms.transpose()?;
    context.refuse_no_line(&context.client().status().await?)?;
    if context.is_attended() && for_ms.is_some_and(|ms| !RINGS_FOR.contains(&ms)) {
        return Err(Failure::new(Exit::Failed, "problem-ring-form"));
    }
    let client = context.acting(args.operator)?;
    let status = client.status().await?;
    before_ringing(context, &status, args.line.name())?;
    let text = words(context, args.stdin, "ring-ask-agenda")?;
    let ring = NewRing {
        to: args.to,
        from: args.from,
        urgent: args.urgent,
        for_ms,
        mark: args.exercise.then(|| "exercise".to_owned()),
        text: text.clone(),
        lang: context.tag.clone(),
        ..NewRing::default()
    };
    let accepted = client.ring(args.line.name(), &ring).await;
    let accepted = or_give_back(context, &text, accepted)?;
    let id = accepted.entry.unwrap_or_default();
    waiting::run(context, &client, &id, Until::Ended).await
}

/// What the line looks like before somebody rings: on one without a sign of life it will hardly ring there, and that a person who
/// pipes his words is told, too.
fn before_ringing(context: &Context<'_>, status: &Status, line: &str) -> Result<(), Failure> {
    if context.json {
        return Ok(());
    }
    match super::lines::line_of(status, line) {
        Some(line) if context.is_attended() || super::lines::is_silent(line) => {
            context.tell(&super::status::headline(context, line))
        }
        _ => Ok(()),
    }
}

/// Accepts.
pub async fn accept(context: &Context<'_>, args: RingAnswer) -> Result<Exit, Failure> {
    answer(context, args, "accept").await
}

/// Declines.
pub async fn decline(context: &Context<'_>, args: RingAnswer) -> Result<Exit, Failure> {
    answer(context, args, "decline").await
}

/// Puts it off.
pub async fn later(context: &Context<'_>, args: RingAnswer) -> Result<Exit, Failure> {
    answer(context, args, "later").await
}

async fn answer(context: &Context<'_>, args: RingAnswer, word: &str) -> Result<Exit, Failure> {
    let call_back_at = args.call_back_at.as_deref().map(time::coming_ms);
    let mut call_back_ms = call_back_at.transpose()?;
    let name = context.named(args.operator)?;
    let client = context.acting_as(name.clone());
    let (line, ring) = meant(context, &client, args.line.line, args.ring, |it| {
        it.rings_here
    })
    .await?;
    let accepts = word == "accept";
    if let (true, true, Some(name)) = (accepts, context.is_attended(), &name) {
        on_watch::may_accept(context, &client, &line, name).await?;
    }
    if word == "later" && context.is_attended() && call_back_ms.is_none() {
        call_back_ms = ask_call_back(context)?;
    }
    let text = match accepts && !args.stdin {
        // Who accepts needs no reason, and somebody waits for him.
        true => String::new(),
        false => words(context, args.stdin, "ring-ask-reason")?,
    };
    let answer = NewAnswer {
        answer: word.to_owned(),
        call_back_ms,
        text: text.clone(),
        lang: context.tag.clone(),
        actor: None,
    };
    let answered = client.answer_ring(&line, &ring, &answer).await;
    or_give_back(context, &text, answered)?;
    let ended = waiting::run(context, &client, &ring, Until::EndedOr(OUTCOME)).await?;
    Ok(as_said(word, ended))
}

/// The exit code of an answer: done if the ring ended as it says, or if the caller has not decided yet; else how it ended, so that no
/// program takes a ring that was withdrawn meanwhile, or that a colleague answered otherwise, for what was said here.
fn as_said(word: &str, ended: Exit) -> Exit {
    match (word, ended) {
        (_, Exit::TimeRanOut) => Exit::Done,
        ("decline", Exit::DECLINED) | ("later", Exit::LATER) => Exit::Done,
        ("decline" | "later", Exit::Done) => Exit::Failed,
        (_, ended) => ended,
    }
}

/// When whoever called is to be called back; none if that is left open.
fn ask_call_back(context: &Context<'_>) -> Result<Option<u64>, Failure> {
    let _interrupts = Watch::begin(context, "error-interrupted-unsent");
    let question = context.words.text("ring-ask-call-back");
    loop {
        let answer = context.ask_or_leave(&question)?;
        if answer.is_empty() {
            return Ok(None);
        }
        match time::coming_ms(&answer) {
            Ok(at) => return Ok(Some(at)),
            Err(failure) => failure.tell(context.words, false),
        }
    }
}

/// Takes a ring of ours back.
pub async fn withdraw(context: &Context<'_>, args: RingWithdraw) -> Result<Exit, Failure> {
    let client = context.acting(args.operator)?;
    let wanted = (args.line.line, args.ring);
    let (line, ring) = meant(context, &client, wanted.0, wanted.1, |it| {
        it.may_be_withdrawn
    })
    .await?;
    client.withdraw_ring(&line, &ring).await?;
    waiting::run(context, &client, &ring, Until::EndedOr(OUTCOME)).await?;
    Ok(Exit::Done)
}

/// The last rings, the latest first, with what was said with each.
pub async fn list(context: &Context<'_>, args: RingList) -> Result<Exit, Failure> {
    let client = context.client();
    let contacts = match context.json {
        true => Vec::new(),
        false => next::contacts(&client.status().await?),
    };
    let of_line = |line: String| move |ring| (line.clone(), ring);
    let rings: Vec<(String, Ring)> = match args.line.line {
        Some(line) => {
            let rings = client.rings(&line).await?.rings;
            rings.into_iter().map(of_line(line)).collect()
        }
        // Of all lines: who looks at 3 a.m. has one bell in the house.
        None => {
            let status = client.status().await?;
            context.refuse_no_line(&status)?;
            let lines = status.lines.into_iter();
            lines
                .flat_map(|line| line.rings.into_iter().map(of_line(line.line)))
                .collect()
        }
    };
    if context.json {
        let rings = rings.into_iter().map(|(_, ring)| ring).collect();
        context.print_json(&Rings { rings })?;
        return Ok(Exit::Done);
    }
    if rings.is_empty() {
        context.say("ring-none", &[])?;
    }
    for (line, ring) in &rings {
        let mut lines = text::whole(context, ring);
        lines.extend(said_with(context, &client, line, ring).await?);
        lines.extend(next::of(context, &contacts, ring));
        lines.iter().try_for_each(|line| context.print(line))?;
    }
    Ok(Exit::Done)
}

/// What the ring is about, and the reason of its answer, where anything was said.
async fn said_with(
    context: &Context<'_>,
    client: &Client,
    line: &str,
    ring: &Ring,
) -> Result<Vec<String>, Failure> {
    let answer = ring.answer.as_ref().map(|answer| &answer.said.entry);
    let about = ("ring-said-about", Some(&ring.ring));
    let mut lines = Vec::new();
    for (id, entry) in [about, ("ring-said-answering", answer)] {
        let Some(entry) = entry else { continue };
        let entry = client.entry(line, entry).await?;
        let is_empty = entry.text.as_deref().unwrap_or_default().is_empty();
        if !is_empty || entry.text_state.is_some() {
            lines.push(format!("    {}", context.words.text(id)));
            lines.extend(super::render::text_lines(context, &entry));
        }
    }
    Ok(super::exercise::framed(context, &ring.mark, lines))
}

/// The ring that is meant, with its line: the one that is named, or else the only one of its kind.
async fn meant(
    context: &Context<'_>,
    client: &Client,
    line: Option<String>,
    ring: Option<String>,
    fits: impl Fn(&Ring) -> bool,
) -> Result<(String, String), Failure> {
    let named = line.clone().unwrap_or_else(|| "-".to_owned());
    let status = client.status().await?;
    context.refuse_no_line(&status)?;
    if let Some(ring) = ring {
        return one(client, &status, named, &ring).await;
    }
    let lines = status.lines.iter();
    let lines = lines.filter(|it| {
        line.as_ref()
            .is_none_or(|line| *line == it.name || *line == it.line)
    });
    let fitting = lines.flat_map(|it| it.rings.iter().map(|ring| (&it.line, ring)));
    let fitting: Vec<_> = fitting.filter(|(_, ring)| fits(ring)).collect();
    match fitting.as_slice() {
        [(line, ring)] => Ok(((*line).clone(), ring.ring.clone())),
        [] => Err(Failure::new(Exit::Failed, "error-no-ring")),
        several => {
            let names: Vec<&str> = several
                .iter()
                .map(|(_, ring)| ring.short.as_str())
                .collect();
            Err(Failure::new(Exit::Usage, "error-which-ring").with("rings", names.join(", ")))
        }
    }
}

/// The ring of a name, on the line that is named; or on the only one that has such a ring that has not ended.
async fn one(
    client: &Client,
    status: &Status,
    line: String,
    name: &str,
) -> Result<(String, String), Failure> {
    let is_it = |it: &&Ring| it.short.eq_ignore_ascii_case(name) || it.ring.starts_with(name);
    let runs = |it: &&Ring| it.rings_here || it.may_be_withdrawn;
    let rings = status.lines.iter().flat_map(|of| {
        let rings = of.rings.iter().filter(is_it).filter(runs);
        rings.map(|ring| (of.line.clone(), ring.ring.clone()))
    });
    let rings: Vec<_> = rings.collect();
    match rings.as_slice() {
        [it] if line == "-" => Ok(it.clone()),
        _ => Ok((line.clone(), client.one_ring(&line, name).await?.ring)),
    }
}

/// One line from a person, which may stay empty; or all of standard input, also where somebody pipes without saying so: words that
/// are there are sent.
pub fn words(context: &Context<'_>, stdin: bool, question: &str) -> Result<String, Failure> {
    match (stdin || super::say::is_piped(), context.is_attended()) {
        (true, _) => super::say::piped(context),
        (false, true) => {
            let _interrupts = Watch::begin(context, "error-interrupted-unsent");
            context.ask_or_leave(&context.words.text(question))
        }
        (false, false) => Ok(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_done_only_if_the_ring_ended_as_it_says() {
        for (word, ended, exit) in [
            ("accept", Exit::Done, Exit::Done),
            ("accept", Exit::CameToNothing, Exit::CameToNothing),
            ("accept", Exit::DECLINED, Exit::DECLINED),
            ("accept", Exit::TimeRanOut, Exit::Done),
            ("decline", Exit::DECLINED, Exit::Done),
            ("decline", Exit::Done, Exit::Failed),
            ("decline", Exit::Unanswered, Exit::Unanswered),
            ("later", Exit::LATER, Exit::Done),
            ("later", Exit::DECLINED, Exit::DECLINED),
        ] {
            assert_eq!(as_said(word, ended), exit, "{word} {ended:?}");
        }
    }
}
