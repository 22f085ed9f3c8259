//! `openline suspend`, `openline resume`: the line is suspended without being cut; and what stands of that.

use super::args::{Resume, Suspend, SuspensionReason};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::interrupt::Watch;
use super::lines::{by_our_clock, line_of};
use super::render::{label, name_in_quotes};
use super::say::or_give_back;
use super::time;
use super::watch::done;
use crate::api::types::{Line, NewSuspension, Suspension};
use crate::client::Client;

/// Suspends the line for our side.
pub async fn suspend(context: &Context<'_>, args: Suspend) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
    let line = args.line.name();
    if context.is_attended() {
        before_suspending(&client, line).await?;
    }
    let reason = match args.reason {
        Some(reason) => reason,
        None if context.is_attended() => ask_reason(context)?,
        None => SuspensionReason::Other,
    };
    let text = super::ring::words(context, args.stdin, "suspend-ask-reason")?;
    let asked = NewSuspension {
        action: "suspend".to_owned(),
        reason: Some(word(reason).to_owned()),
        text: text.clone(),
        lang: context.tag.clone(),
        actor: None,
    };
    let accepted = or_give_back(context, &text, client.suspension(line, &asked).await)?;
    done(context, &accepted, "suspend-done", &[])
}

/// Whoever would type a reason for nothing hears it before.
async fn before_suspending(client: &Client, line: &str) -> Result<(), Failure> {
    let status = client.status().await?;
    let suspended = line_of(&status, line).map(|line| &line.suspended);
    match suspended.is_some_and(|all| all.iter().any(|it| it.by.ours)) {
        true => Err(Failure::new(Exit::Failed, "problem-suspended-already")),
        false => Ok(()),
    }
}

/// Which of the three it is: it is signed, so it is not guessed.
fn ask_reason(context: &Context<'_>) -> Result<SuspensionReason, Failure> {
    let _interrupts = Watch::begin(context, "error-interrupted-unsent");
    let all = [
        (SuspensionReason::Ordered, "suspend-word-ordered"),
        (SuspensionReason::Compromise, "suspend-word-compromise"),
        (SuspensionReason::Other, "suspend-word-other"),
    ];
    loop {
        let question = context.words.text("suspend-ask-which");
        let answer = context.ask_or_leave(&question)?.to_lowercase();
        let is_meant = |(reason, id): &&(SuspensionReason, &str)| {
            answer == word(*reason) || answer == context.words.text(id)
        };
        if let Some((reason, _)) = all.iter().find(is_meant) {
            return Ok(*reason);
        }
        context.say("suspend-none-of-these", &[])?;
    }
}

fn word(reason: SuspensionReason) -> &'static str {
    match reason {
        SuspensionReason::Ordered => "ordered",
        SuspensionReason::Compromise => "compromise",
        SuspensionReason::Other => "other",
    }
}

/// Ends our side's suspension.
pub async fn resume(context: &Context<'_>, args: Resume) -> Result<(), Failure> {
    let client = context.acting(args.operator)?;
    let asked = NewSuspension {
        action: "resume".to_owned(),
        ..NewSuspension::default()
    };
    let accepted = client.suspension(args.line.name(), &asked).await?;
    done(context, &accepted, "resume-done", &[])
}

/// Suspensions in force, one sentence each: first of all that is to be read.
pub fn in_force(context: &Context<'_>, line: &Line) -> Vec<String> {
    let said = |suspension: &Suspension| {
        let reason = context
            .words
            .find(&format!("suspension-reason-{}", suspension.reason));
        let text = suspension.text.as_deref().map(name_in_quotes);
        let blanks = [
            ("party", label(&suspension.by.name).into()),
            ("ours", if suspension.by.ours { "yes" } else { "no" }.into()),
            ("name", name_in_quotes(&suspension.actor.name).into()),
            (
                "since",
                time::date_and_time(by_our_clock(line, suspension.by.ours, suspension.since_ms))
                    .into(),
            ),
            (
                "reason",
                reason.unwrap_or_else(|| label(&suspension.reason)).into(),
            ),
            ("words", text.unwrap_or_else(|| "none".to_owned()).into()),
        ];
        context
            .paint
            .bad(&context.words.fill("evidence-suspended", &blanks))
    };
    line.suspended.iter().map(said).collect()
}
