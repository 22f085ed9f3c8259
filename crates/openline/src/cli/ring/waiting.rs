//! Tells how a ring stands, at each change, until it is known how it ended.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::super::context::Context;
use super::super::failure::{Exit, Failure};
use super::super::interrupt::Watch;
use super::super::{exercise, render};
use super::text;
use crate::api::types::{Line, Ring, Status};
use crate::client::Client;

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
        let status = next.ok_or_else(gone)??;
        let Some(ring) = find(&status, ring) else {
            continue;
        };
        tell(context, ring, &mut told)?;
        if let Some(exit) = exit(ring) {
            tell_reason(context, client, &status, ring).await?;
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
    status: &Status,
    ring: &Ring,
) -> Result<(), Failure> {
    let answer = ring.answer.as_ref().filter(|_| ring.ours && !context.json);
    let of_it = |line: &&Line| line.rings.iter().any(|it| it.ring == ring.ring);
    let line = status.lines.iter().find(of_it);
    let (Some(answer), Some(line)) = (answer, line) else {
        return Ok(());
    };
    let entry = client.entry(&line.line, &answer.said.entry).await?;
    let lines = render::text_lines(context, &entry);
    let lines = exercise::framed(context, &entry.mark, lines);
    lines.iter().try_for_each(|line| context.print(line))
}

fn find<'a>(status: &'a Status, ring: &str) -> Option<&'a Ring> {
    let rings = status.lines.iter().flat_map(|line| &line.rings);
    rings.into_iter().find(|it| it.ring == ring)
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
        false => exercise::framed(context, &ring.mark, vec![text::state(context, ring)]),
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
