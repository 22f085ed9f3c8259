//! Entries as they come, as server-sent events whose ids are cursors: a client that was cut off goes on where it
//! was (`Last-Event-ID`), and misses nothing.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use openline_store::{NamedEntry, Reader};
use serde::Deserialize;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::caller::Caller;
use super::context::{Shared, view};
use super::limits;
use super::problem::ApiError;
use crate::station::board::Telling;
use crate::station::peers::LineInfo;

/// Where to begin.
#[derive(Debug, Deserialize)]
pub struct FollowQuery {
    from: Option<u64>,
}

/// `GET /v1/lines/{line}/entries/events`
pub async fn follow(
    State(context): State<Shared>,
    Path(line): Path<String>,
    Query(query): Query<FollowQuery>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let line = context.line(&line)?;
    let last = headers.get("last-event-id");
    let last = last.and_then(|id| id.to_str().ok()?.parse().ok());
    // Listening begins before reading, so nothing falls in between.
    let tellings = context.desk.board.listen();
    let from = last.or(query.from);
    let follower = Follower {
        tellings,
        backlog: Vec::new().into_iter(),
        is_behind: from.is_some(),
        cursor: from.unwrap_or(0),
        context,
        line,
        caller,
    };
    let events = futures_util::stream::unfold(follower, Follower::step);
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

struct Follower {
    context: Shared,
    line: Arc<LineInfo>,
    caller: Caller,
    tellings: broadcast::Receiver<Telling>,
    backlog: std::vec::IntoIter<NamedEntry>,
    is_behind: bool,
    cursor: u64,
}

impl Follower {
    async fn step(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        let event = self.next().await?;
        Some((Ok(event), self))
    }

    /// The next entry; none if the store can't be read any more: the client comes again with its cursor.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(named) = self.backlog.next() {
                return Some(self.show(&named));
            }
            if self.is_behind {
                self.read_backlog().await?;
                continue;
            }
            match self.tellings.recv().await {
                Ok(Telling::Stored(named)) if self.is_next(&named) => {
                    return Some(self.show(&named));
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => self.is_behind = true,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn is_next(&self, named: &NamedEntry) -> bool {
        named.stored.line == self.line.line && named.stored.cursor > self.cursor
    }

    async fn read_backlog(&mut self) -> Option<()> {
        let (line, cursor) = (self.line.line, self.cursor);
        let read = move |reader: &Reader| reader.entries_after(&line, cursor, limits::FOLLOW_PAGE);
        let listing = self.context.desk.read(read).await.ok()?;
        self.is_behind = listing.cursor > cursor;
        self.cursor = self.cursor.max(listing.cursor);
        self.backlog = listing.entries.into_iter();
        Some(())
    }

    fn show(&mut self, named: &NamedEntry) -> Event {
        self.cursor = self.cursor.max(named.stored.cursor);
        let entry = view(&self.line, &self.caller.language).entry(named);
        let event = Event::default()
            .event("entry")
            .id(named.stored.cursor.to_string());
        // Strings and numbers: this can't fail, and an event that failed would be empty.
        event.json_data(&entry).unwrap_or_default()
    }
}
