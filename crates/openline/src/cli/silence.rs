//! `openline silence`: tells the other side, signed, that we shall be silent (C2), or that it is over.

use super::args::{LineName, Reason, SilenceAnnounce, SilenceEnd};
use super::context::Context;
use super::failure::{Exit, Failure};
use super::time;
use crate::api::types::{Line, NewSilence, Status};

/// The shortest that can be announced. Whoever announces again means what he says last, so this ends an earlier one.
pub const SHORTEST_MS: u64 = 1_000;

/// Announces it, and says until when.
pub async fn announce(context: &Context<'_>, args: SilenceAnnounce) -> Result<(), Failure> {
    let for_ms = time::duration_ms(&args.duration)?;
    if !send(context, &args.line, args.operator, (for_ms, args.reason)).await? {
        return Ok(());
    }
    let until = time::date_and_time(time::now_ms().saturating_add(for_ms));
    context.say("silence-announced", &[("until", until.into())])
}

/// Ends what was announced before. Where nothing is, an entry about it would be false.
pub async fn end(context: &Context<'_>, args: SilenceEnd) -> Result<(), Failure> {
    let status = context.client().status().await?;
    if !may_be_silent(&status, args.line.name()) {
        return Err(Failure::new(Exit::Failed, "error-no-silence"));
    }
    let last = (SHORTEST_MS, Reason::Other);
    if send(context, &args.line, args.operator, last).await? {
        context.say("silence-ended", &[])?;
    }
    Ok(())
}

/// Whether a silence of ours runs on the line that is meant. A line that only the station knows under this name is for
/// it to find.
fn may_be_silent(status: &Status, line: &str) -> bool {
    let is_meant = |it: &&Line| line == "-" || line == it.name || it.line.starts_with(line);
    let mut meant = status.lines.iter().filter(is_meant).peekable();
    meant.peek().is_none() || meant.any(|it| it.announced_here.is_some())
}

/// Tells whether there is still something to be said to a person.
async fn send(
    context: &Context<'_>,
    line: &LineName,
    operator: Option<String>,
    (for_ms, reason): (u64, Reason),
) -> Result<bool, Failure> {
    let silence = NewSilence {
        for_ms,
        reason: word(reason).to_owned(),
        lang: context.tag.clone(),
        ..NewSilence::default()
    };
    let client = context.acting(operator)?;
    let accepted = client.silence(line.name(), &silence).await?;
    if context.json {
        context.print_json(&accepted)?;
    }
    Ok(!context.json)
}

fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::Restart => "restart",
        Reason::Maintenance => "maintenance",
        Reason::Other => "other",
    }
}
