//! Tells how a ring stands, at each change, until it is known how it ended.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::interrupt::Watch;
use super::super::{exercise, layout, render};
use super::{next, on_watch, text};
use crate::api::types::{Line, Ring, Status};
use crate::client::{Client, ClientError};

/// How long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Until it is known how the ring ended, however long that takes.
    Ended,
    /// The same, or so long.
    EndedOr(Duration),
}

/// What was told last: what it says of the ring's state, and whether that was final.
type Told = Option<(String, bool)>;

/// Tells of each change. The exit code says how it ended.
pub async fn run(
    context: &Context<'_>,
    client: &Client,
    ring: &str,
    until: Until,
) -> Result<Exit, Failure> {
    let _interrupts = Watch::begin(context, "error-interrupted-ringing");
    let mut statuses = client.watch_status().await?;
    let mut told: Told = None;
    let deadline = match until {
        Until::Ended => None,
        Until::EndedOr(patience) => Some(Instant::now() + patience),
    };
    loop {
        let next = tokio::select! {
            next = statuses.next() => next,
            () = deadline_of(deadline) => return Ok(Exit::TimeRanOut),
        };
        let status = match next {
            None | Some(Err(ClientError::Broken(_) | ClientError::NoStation(_))) => {
                return Err(gone());
            }
            Some(status) => status?,
        };
        let Some((line, ring)) = find(&status, ring) else {
            continue;
        };
        tell(context, ring, &mut told)?;
        if let Some(exit) = exit(ring) {
            tell_reason(context, client, line, ring).await?;
            if matches!(ring.state.as_str(), "accepted" | "merged") && !context.json {
                next::tell(context, client, ring).await?;
            }
            return Ok(exit);
        }
    }
}

/// The station went away. What it rang it can't decide any more when it is back.
fn gone() -> Failure {
    Failure::new(Exit::NoStation, "error-station-went-away-ringing")
}

async fn deadline_of(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// What the other side said with its answer. It may be none, and is not in the ring itself.
async fn tell_reason(
    context: &Context<'_>,
    client: &Client,
    line: &Line,
    ring: &Ring,
) -> Result<(), Failure> {
    let answer = ring.answer.as_ref().filter(|_| ring.ours && !context.json);
    let Some(answer) = answer else {
        return Ok(());
    };
    let entry = client.entry(&line.line, &answer.said.entry).await?;
    let mut lines = render::text_lines(context, &entry);
    if let Some(text) = on_watch::of_theirs(context, line, ring) {
        let columns = exercise::columns(context, &ring.mark);
        lines.extend(layout::wrap(&text, "    ", "      ", columns));
    }
    let lines = exercise::framed(context, &entry.mark, lines);
    lines.iter().try_for_each(|line| context.print(line))
}

fn find<'a>(status: &'a Status, ring: &str) -> Option<(&'a Line, &'a Ring)> {
    let lines = status.lines.iter();
    let mut rings = lines.flat_map(|line| line.rings.iter().map(move |it| (line, it)));
    rings.find(|(_, it)| it.ring == ring)
}

fn tell(context: &Context<'_>, ring: &Ring, told: &mut Told) -> Result<(), Failure> {
    let now = Some((ring.state.clone(), ring.is_final));
    if *told == now {
        return Ok(());
    }
    let is_first = told.is_none();
    *told = now;
    if context.json {
        return context.print_json(ring);
    }
    let lines = match is_first {
        true => text::whole(context, ring),
        false => {
            let columns = exercise::columns(context, &ring.mark);
            let state = layout::wrap(&text::state(context, ring), "    ", "      ", columns);
            exercise::framed(context, &ring.mark, state)
        }
    };
    lines.iter().try_for_each(|line| context.print(line))
}

/// The exit code of a ring that ended; none while it has not.
fn exit(ring: &Ring) -> Option<Exit> {
    match ring.state.as_str() {
        "accepted" => Some(Exit::Done),
        "declined" => Some(Exit::DECLINED),
        "later" => Some(Exit::LATER),
        "unanswered" => Some(Exit::Unanswered),
        "unreachable" => Some(Exit::Unreachable),
        "withdrawn" | "merged" | "broken-off" => Some(Exit::CameToNothing),
        _ => None,
    }
}
