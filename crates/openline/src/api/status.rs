//! What is known of the station and its lines, once or whenever it changes.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::Event;
use futures_util::Stream;
use openline_proto::verdict;
use openline_store::Reader;
use openline_wire::codes::Kind;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

use super::alarms;
use super::body::Answer;
use super::caller::Caller;
use super::context::{Context, Shared, view};
use super::convert::{rfc3339, unusable_line};
use super::follow::keep_alive;
use super::limits::{STATUS_INTERVAL_MS, STATUS_STORE_WAIT_MS};
use super::types::{
    Bearer, Carried, Drops, Gone, Line, NOT_TAKEN_UP, NotShown, Party, Station, Status, Way,
};
use super::{contacts, exercises, line_tests, rings, watch as watches};
use crate::station::board::{State as BoardState, Telling};
use crate::station::peers::LineInfo;
use crate::station::{self, BearerFacts, Sockets};

/// `GET /v1/status`
pub async fn status(State(context): State<Shared>, caller: Caller) -> Answer<Status> {
    Answer(now(&context, &caller.language).await)
}

/// `GET /v1/lines`
pub async fn lines(State(context): State<Shared>, caller: Caller) -> Answer<Vec<Line>> {
    Answer(now(&context, &caller.language).await.lines)
}

/// `GET /v1/status/events`
pub async fn events(
    State(context): State<Shared>,
    caller: Caller,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut changes = context.desk.board.watch();
    changes.mark_changed();
    let changes = (changes, context.desk.board.listen());
    let state = (context, caller, changes);
    let events = futures_util::stream::unfold(state, async |(context, caller, mut changes)| {
        wait(&mut changes).await?;
        let status = now(&context, &caller.language).await;
        // Strings and numbers: this can't fail, and an event that failed would be empty.
        let data = crate::json::to_string(&status).unwrap_or_default();
        let event = Ok(Event::default().event("status").data(data));
        Some((event, (context, caller, changes)))
    });
    Sse::new(events).keep_alive(keep_alive())
}

/// Waits for a change, then a little for others that come with it.
async fn wait(
    (changes, tellings): &mut (watch::Receiver<u64>, broadcast::Receiver<Telling>),
) -> Option<()> {
    tokio::select! {
        changed = changes.changed() => changed.ok()?,
        () = told(tellings) => {}
    }
    tokio::time::sleep(Duration::from_millis(STATUS_INTERVAL_MS)).await;
    changes.mark_unchanged();
    *tellings = tellings.resubscribe();
    Some(())
}

/// Waits for an entry that changes what was shown to nobody: a message, or a receipt.
async fn told(tellings: &mut broadcast::Receiver<Telling>) {
    loop {
        match tellings.recv().await {
            Ok(Telling::Stored(named)) => {
                let kind = named.stored.entry.header().kind;
                if matches!(kind, Kind::Message | Kind::Receipt) {
                    return;
                }
            }
            Ok(Telling::Confirmed(_)) => {}
            Err(RecvError::Lagged(_)) => return,
            // The station ends; the board says so.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// The status for a reader of a language.
pub async fn now(context: &Context, language: &str) -> Status {
    let state = context.desk.board.state();
    let mut lines = Vec::new();
    for line in state.lines.values() {
        let mut shown = view(&line.info, language).line(line, &context.words);
        let known = line.status.iter().flat_map(|status| &status.ways);
        shown.ways = known.filter_map(|it| way(context, it)).collect();
        if let Some((cursor, not_shown)) = stored(context, line.info.clone()).await {
            (shown.cursor, shown.not_shown) = (Some(cursor), Some(not_shown));
            let rings = rings::last(context, line.info.clone(), language.to_owned());
            shown.rings = rings.await.unwrap_or_default();
            let contacts = contacts::last(context, line.info.clone(), language.to_owned());
            shown.contacts = contacts.await.unwrap_or_default();
        }
        exercises::complete(context, &line.info, language, &mut shown.exercises).await;
        watches::complete(context, &mut shown.suspended).await;
        shown.tests = line_tests::now(context, &line.info, line_tests::LISTED).await;
        lines.push(shown);
    }
    let unusable = state.unusable.iter();
    lines.extend(unusable.map(|line| unusable_line(line, &context.words, language)));
    // What was found at the start has been so since then; nothing older is known.
    for line in lines.iter_mut().filter(|line| line.trouble.is_some()) {
        line.verdict = NOT_TAKEN_UP.to_owned();
        (line.since_ms, line.since) = (state.started, rfc3339(state.started));
    }
    Status {
        lines,
        station: station(context, &state, language),
    }
}

/// A way; none if the socket no longer knows where it led.
fn way(context: &Context, way: &verdict::Way) -> Option<Way> {
    let sockets = &context.desk.sockets;
    let (address, from) = (sockets.url_of(way.route)?, sockets.own_url(way.route)?);
    Some(Way {
        address,
        from,
        in_use: way.in_use,
        answered_ms: way.answered,
        heard_ms: way.heard,
        tested_ms: way.tested,
        round_trip_ms: way.round_trip_ms,
        loss_permille: way.loss_permille,
        state: way.state.word().to_owned(),
        cut_since_ms: match way.state {
            verdict::WayState::Cut { since } => Some(since),
            _ => None,
        },
    })
}

/// The last cursor, and what was shown to nobody; none if the store does not answer soon.
async fn stored(context: &Context, line: Arc<LineInfo>) -> Option<(u64, NotShown)> {
    let known = context.not_shown.clone();
    let look =
        move |reader: &Reader| known.look(reader, &line, |known| (known.cursor, known.summary()));
    let patience = Duration::from_millis(STATUS_STORE_WAIT_MS);
    let reading = tokio::time::timeout(patience, context.desk.read(look));
    reading.await.ok()?.ok()
}

fn station(context: &Context, state: &BoardState, language: &str) -> Station {
    let (own, sockets) = (&context.own, &context.desk.sockets);
    let trouble = state.no_store.as_ref();
    Station {
        state: match (trouble, state.is_up) {
            (Some(_), _) => "no-store",
            (None, false) => "starting",
            (None, true) => "running",
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
        listening: sockets.urls(),
        gone: gone(sockets),
        bearers: sockets.facts().into_iter().map(bearer).collect(),
        send_only: sockets
            .send_only()
            .iter()
            .map(|it| it.url.clone())
            .collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        drops: drops(sockets.drops()),
        alarm_hooks: state
            .alarm_hooks
            .iter()
            .map(|hook| alarms::hook(context, hook, language))
            .collect(),
    }
}

fn drops(drops: openline_net::Drops) -> Drops {
    Drops {
        size: drops.size,
        damaged: drops.damaged,
        queue_full: drops.queue_full,
        not_sent: drops.not_sent,
    }
}

fn bearer(facts: BearerFacts) -> Bearer {
    let carried = |it: station::Carried| Carried {
        frames: it.frames,
        bytes: it.bytes,
    };
    Bearer {
        address: facts.url,
        state: if facts.gone.is_some() { "gone" } else { "up" }.to_owned(),
        why: facts.gone,
        rate: facts.rate,
        sent: carried(facts.sent),
        received: carried(facts.received),
        drops: drops(facts.drops),
        receive_only: facts.receive_only,
    }
}

fn gone(sockets: &Sockets) -> Vec<Gone> {
    let gone = sockets.gone().into_iter();
    gone.map(|(address, why)| Gone { address, why }).collect()
}
