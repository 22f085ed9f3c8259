//! What is known of the station and its lines, once or whenever it changes.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use tokio::sync::watch;

use super::caller::Caller;
use super::context::{Context, Shared, view};
use super::limits::STATUS_INTERVAL_MS;
use super::types::{Drops, Line, Party, Station, Status};
use crate::station::board::State as BoardState;

/// `GET /v1/status`
pub async fn status(State(context): State<Shared>, caller: Caller) -> Json<Status> {
    Json(now(&context, &caller.language))
}

/// `GET /v1/lines`
pub async fn lines(State(context): State<Shared>, caller: Caller) -> Json<Vec<Line>> {
    Json(now(&context, &caller.language).lines)
}

/// `GET /v1/status/events`
pub async fn events(
    State(context): State<Shared>,
    caller: Caller,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut changes = context.desk.board.watch();
    changes.mark_changed();
    let state = (context, caller, changes);
    let events = futures_util::stream::unfold(state, async |(context, caller, mut changes)| {
        wait(&mut changes).await?;
        let status = now(&context, &caller.language);
        let event = Event::default().event("status").json_data(&status);
        // Strings and numbers: this can't fail, and an event that failed would be empty.
        let event = Ok(event.unwrap_or_default());
        Some((event, (context, caller, changes)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// Waits for a change, then a little for others that come with it.
async fn wait(changes: &mut watch::Receiver<u64>) -> Option<()> {
    changes.changed().await.ok()?;
    tokio::time::sleep(Duration::from_millis(STATUS_INTERVAL_MS)).await;
    changes.mark_unchanged();
    Some(())
}

/// The status for a reader of a language.
pub fn now(context: &Context, language: &str) -> Status {
    let state = context.desk.board.state();
    let lines = state.lines.values();
    Status {
        lines: lines
            .map(|line| view(&line.info, language).line(line, &context.words))
            .collect(),
        station: station(context, &state, language),
    }
}

fn station(context: &Context, state: &BoardState, language: &str) -> Station {
    let (own, sockets) = (&context.own, &context.desk.sockets);
    let drops = sockets.drops();
    let trouble = state.no_store.as_ref();
    Station {
        state: if trouble.is_some() {
            "no-store"
        } else {
            "running"
        }
        .to_owned(),
        trouble: trouble.map(|trouble| context.words.problem(trouble, language)),
        party: Party {
            party: own.party.to_string(),
            name: own.names.in_language(language).to_owned(),
            ours: true,
        },
        node: own.node.to_string(),
        boot: state.boot.map(|boot| boot.to_string()).unwrap_or_default(),
        started_ms: state.started,
        listening: sockets
            .addresses()
            .iter()
            .map(|address| format!("udp://{address}"))
            .collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        drops: Drops {
            size: drops.size,
            queue_full: drops.refused,
            not_sent: drops.not_sent,
        },
    }
}
