//! `openline say`: takes a text from the prompt or from standard input, hands it to the station, and tells
//! what becomes of it.
//!
//! Never from the command line: every user of the machine can read that in the process list, and the shell
//! keeps it in a file.

use std::io::{IsTerminal as _, Read as _};

use openline_wire::codes::{Mark, Precedence};
use openline_wire::{limits, text};

use super::args::{Say, Wait};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::time;
use crate::api::types::NewMessage;

mod delivery;
mod many;

/// What is asked of a text, besides its words.
struct Order {
    line: String,
    precedence: Precedence,
    mark: Mark,
    wait: Option<Wait>,
    timeout: std::time::Duration,
}

/// Sends one text, or with `--stdin --json` as many as there are lines.
pub async fn run(context: &Context<'_>, args: Say) -> Result<(), Failure> {
    if !args.text.is_empty() {
        return Err(Failure::new(Exit::Usage, "error-text-on-the-command-line"));
    }
    let order = Order {
        line: args.line.name().to_owned(),
        precedence: precedence(&args),
        mark: mark(&args),
        wait: args.wait,
        timeout: std::time::Duration::from_millis(time::duration_ms(&args.timeout)?),
    };
    let message = NewMessage {
        lang: context.tag.clone(),
        precedence: Some(order.precedence.word().to_owned()),
        mark: Some(order.mark.word().to_owned()),
        reply_to: args.reply_to.clone(),
        ..NewMessage::default()
    };
    let mut client = context.client();
    if let Some(name) = &args.operator {
        client = client.as_actor(name.clone());
    }
    if args.stdin && context.json {
        return many::run(context, &client, &order, message).await;
    }
    // Asked first: nobody shall type a text that no station takes.
    client.status().await?;
    let text = compose(context, &args, &order)?;
    delivery::run(context, &client, &order, NewMessage { text, ..message }).await
}

fn precedence(args: &Say) -> Precedence {
    match (args.flash, args.immediate, args.priority) {
        (true, _, _) => Precedence::Flash,
        (_, true, _) => Precedence::Immediate,
        (_, _, true) => Precedence::Priority,
        _ => Precedence::Routine,
    }
}

fn mark(args: &Say) -> Mark {
    match (args.exercise, args.test) {
        (true, _) => Mark::Exercise,
        (_, true) => Mark::Test,
        _ => Mark::Real,
    }
}

/// From a person, with a prompt and a question back; or whole from standard input.
fn compose(context: &Context<'_>, args: &Say, order: &Order) -> Result<String, Failure> {
    if args.stdin || context.json || !std::io::stdin().is_terminal() {
        return read_all();
    }
    let text = ask_for_text(context, order)?;
    check(&text, order.precedence)?;
    let count = text::words(&text);
    let bytes = text.len();
    context.say(
        "say-count",
        &[("words", count.into()), ("bytes", bytes.into())],
    )?;
    if order.precedence == Precedence::Flash && order.mark == Mark::Real {
        confirm_flash(context)?;
    }
    Ok(text)
}

/// Not more than a text may have, and one byte, so that too long a text is refused as such.
fn read_all() -> Result<String, Failure> {
    let mut text = String::new();
    let mut input = std::io::stdin().lock().take(limits::TEXT as u64 + 1);
    input
        .read_to_string(&mut text)
        .map_err(|error| Failure::file("standard input", &error))?;
    Ok(text.trim_end().to_owned())
}

/// Lines up to one with a single dot, or to the end of the input (Ctrl-D).
fn ask_for_text(context: &Context<'_>, order: &Order) -> Result<String, Failure> {
    let precedence = order.precedence.word().to_uppercase();
    context.say("say-prompt", &[("precedence", precedence.into())])?;
    let mut text = String::new();
    for line in std::io::stdin().lines() {
        let line = line.map_err(|error| Failure::file("standard input", &error))?;
        if line.trim() == "." {
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text.trim_end().to_owned())
}

/// The station refuses the same; here a person hears it before he is asked to confirm.
fn check(given: &str, precedence: Precedence) -> Result<(), Failure> {
    text::check(given, precedence).map_err(|error| match error {
        text::TextError::Empty => Failure::new(Exit::Usage, "error-text-empty"),
        text::TextError::TooManyWords { words } => {
            Failure::new(Exit::Forbidden, "error-too-many-words").with("words", words)
        }
        text::TextError::TooManyBytes { bytes, limit } => {
            Failure::new(Exit::Forbidden, "error-too-many-bytes")
                .with("bytes", bytes)
                .with("limit", limit)
        }
    })
}

/// A FLASH wakes people up on the other side: not by a slip of the finger.
fn confirm_flash(context: &Context<'_>) -> Result<(), Failure> {
    let answer = context.ask(&context.words.text("say-confirm-flash"))?;
    match answer == "FLASH" {
        true => Ok(()),
        false => Err(Failure::new(Exit::Failed, "error-flash-not-confirmed")),
    }
}
