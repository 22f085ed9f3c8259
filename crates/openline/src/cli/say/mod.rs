//! `openline say`: takes a text from the prompt or from standard input, hands it to the station, and tells
//! what becomes of it.
//!
//! Never from the command line: every user of the machine can read that in the process list, and the shell
//! keeps it in a file.

use std::io::IsTerminal as _;

use openline_wire::codes::{Mark, Precedence};
use openline_wire::text;
use tokio::time::{Instant, timeout_at};

use super::air;
use super::args::{Say, Wait};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::file;
use super::interrupt::Watch;
use super::lines;
use super::time;
use crate::api::types::{NewMessage, Status};

mod delivery;
mod input;
mod many;

pub use delivery::or_give_back;
pub use input::{is_piped, piped};

/// What is asked of a text, besides its words.
struct Order {
    line: String,
    precedence: Precedence,
    mark: Mark,
    wait: Option<Wait>,
    timeout: std::time::Duration,
    /// When that is over, what a person needs for his text aside.
    deadline: Instant,
    /// A person typed it here.
    is_typed: bool,
}

/// Sends one text, or with `--stdin --json` as many as there are lines.
pub async fn run(context: &Context<'_>, args: Say) -> Result<(), Failure> {
    if !args.text.is_empty() {
        return Err(Failure::new(Exit::Usage, "error-text-on-the-command-line"));
    }
    file::check(context, &args.attach)?;
    let timeout = std::time::Duration::from_millis(time::duration_ms(&args.timeout)?);
    let mut order = Order {
        line: args.line.name().to_owned(),
        precedence: precedence(&args),
        mark: mark(&args),
        wait: args.wait,
        timeout,
        deadline: later(Instant::now(), timeout),
        is_typed: !args.stdin && !context.json && std::io::stdin().is_terminal(),
    };
    let mut message = NewMessage {
        lang: context.tag.clone(),
        precedence: Some(order.precedence.word().to_owned()),
        mark: Some(order.mark.word().to_owned()),
        reply_to: args.reply_to.clone(),
        ..NewMessage::default()
    };
    if args.stdin && context.json {
        let client = context.acting(args.operator)?;
        if !args.attach.is_empty() {
            let status = context.client().status().await?;
            air::refuse_files(context, &status, &order.line, &args.attach)?;
        }
        message.files = file::hand_in(&client, &order.line, &args.attach).await?;
        return many::run(context, &client, &order, message).await;
    }
    // Asked first: nobody shall type a text that no station takes.
    let status = timeout_at(order.deadline, context.client().status()).await;
    let status = status.map_err(|_| delivery::unsent(&order, context))??;
    context.refuse_no_line(&status)?;
    air::refuse_files(context, &status, &order.line, &args.attach)?;
    context.speaks_of(order.mark.word());
    if !context.json && std::io::stdin().is_terminal() {
        before_typing(context, &status, &order)?;
    }
    let asked = Instant::now();
    let client = context.acting(args.operator)?;
    message.text = compose(context, &mut order)?;
    order.deadline = later(order.deadline, asked.elapsed());
    message.precedence = Some(order.precedence.word().to_owned());
    air::tell(context, &status, &order.line, &message.text, &args.attach)?;
    message.files = file::hand_in(&client, &order.line, &args.attach).await?;
    delivery::run(context, &client, &order, message).await
}

/// However long somebody wants to wait.
fn later(at: Instant, by: std::time::Duration) -> Instant {
    at.checked_add(by).unwrap_or(at)
}

fn precedence(args: &Say) -> Precedence {
    match (args.flash, args.immediate, args.priority) {
        (true, _, _) => Precedence::Flash,
        (_, true, _) => Precedence::Immediate,
        (_, _, true) => Precedence::Priority,
        // As with --routine, which says what is so anyway.
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

/// How the line is, so that nobody types a text for a dead one and thinks that it is being read; and while an exercise runs, that what
/// he types is none, should he have forgotten to say that it is.
fn before_typing(context: &Context<'_>, status: &Status, order: &Order) -> Result<(), Failure> {
    let Some(line) = lines::line_of(status, &order.line) else {
        return Ok(());
    };
    let practises = line.exercises.iter().any(|it| it.state == "in-force");
    if practises && order.mark == Mark::Real {
        context.tell(&context.paint.bad(&context.words.text("say-real")))?;
    }
    context.tell(&super::status::headline(context, line))?;
    match lines::is_silent(line) {
        true => context.say("say-will-be-queued", &[]),
        false => Ok(()),
    }
}

/// From a person, with a prompt and a question back; or whole from standard input. What a person typed is not thrown
/// away for a slip: he is asked again.
fn compose(context: &Context<'_>, order: &mut Order) -> Result<String, Failure> {
    if !order.is_typed {
        return piped(context);
    }
    let text = loop {
        let precedence = order.precedence.word().to_uppercase();
        context.say("say-prompt", &[("precedence", precedence.into())])?;
        let typed = input::whole(context, input::typed()?);
        match typed.and_then(|text| fit(context, order, text)) {
            Ok(Some(text)) => break text,
            Ok(None) => context.say("say-again", &[])?,
            Err(failure) if failure.exit() == Exit::Usage => return Err(failure),
            Err(failure) => {
                failure.tell(context.words, false);
                context.say("say-again", &[])?;
            }
        }
    };
    if order.precedence == Precedence::Flash && order.mark == Mark::Real {
        // What was typed is not thrown away either, should he think better of the FLASH.
        confirm_flash(context).or_else(|failure| {
            delivery::give_back(context, &text, Exit::Failed)?;
            Err(failure)
        })?;
    }
    Ok(text)
}

/// The text if it may go out; one that is too long for an urgent text may go as PRIORITY instead.
fn fit(context: &Context<'_>, order: &mut Order, text: String) -> Result<Option<String>, Failure> {
    let (words, bytes) = (text::words(&text), text.len());
    let blanks = [("words", words.into()), ("bytes", bytes.into())];
    let Err(failure) = input::check(&text, order.precedence) else {
        context.say("say-count", &blanks)?;
        return Ok(Some(text));
    };
    let may_be_less = order.precedence.is_urgent() && failure.exit() == Exit::Forbidden;
    if !may_be_less || input::check(&text, Precedence::Priority).is_err() {
        return Err(failure);
    }
    failure.tell(context.words, false);
    let _interrupts = Watch::begin(context, "error-interrupted-unsent");
    let answer = context.ask(&context.words.text("say-as-priority"))?;
    if answer != "PRIORITY" {
        return Ok(None);
    }
    order.precedence = Precedence::Priority;
    context.say("say-count", &blanks)?;
    Ok(Some(text))
}

/// Answers that are not the word, before nothing is sent.
const TRIES: usize = 5;

/// A FLASH wakes people up on the other side: not by a slip of the finger. Nor is it thrown away by one.
fn confirm_flash(context: &Context<'_>) -> Result<(), Failure> {
    let _interrupts = Watch::begin(context, "error-interrupted-unsent");
    let mut question = "say-confirm-flash";
    for _ in 0..TRIES {
        match context.ask(&context.words.text(question))?.as_str() {
            "FLASH" => return Ok(()),
            "" => break,
            _ => question = "say-confirm-flash-again",
        }
    }
    Err(Failure::new(Exit::Failed, "error-flash-not-confirmed"))
}
