//! Entries as they come, as server-sent events whose ids are cursors: a client that was cut off goes on where it
//! was (`Last-Event-ID`), and misses nothing.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use openline_store::{NamedEntry, Reader};
use openline_wire::codes::{Kind, Mark};
use serde::Deserialize;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::caller::Caller;
use super::context::{Shared, view};
use super::convert::with_stages;
use super::entries;
use super::limits;
use super::problem::ApiError;
use super::types::Entry;
use crate::station::board::{Confirmed, Telling};
use crate::station::peers::LineInfo;
use crate::station::trouble::Trouble;

/// Where to begin.
#[derive(Debug, Deserialize)]
pub struct FollowQuery {
    from: Option<u64>,
    /// Whether our messages are told once more when they reach the other side's disk.
    #[serde(default)]
    stored: bool,
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
    context.check_cursor(&line, from.unwrap_or(0)).await?;
    let follower = Follower {
        tellings,
        backlog: VecDeque::new(),
        wants_stored: query.stored,
        is_behind: from.is_some(),
        cursor: from.unwrap_or(0),
        shown: from.unwrap_or(0),
        context,
        line,
        caller,
        troubles: VecDeque::new(),
        is_over: false,
    };
    let events = futures_util::stream::unfold(follower, Follower::step);
    Ok(Sse::new(events).keep_alive(keep_alive()))
}

/// Comments in a stream that has nothing to tell: a caller knows by them that the station lives.
pub fn keep_alive() -> KeepAlive {
    KeepAlive::new().interval(Duration::from_millis(limits::KEEP_ALIVE_MS))
}

struct Follower {
    context: Shared,
    line: Arc<LineInfo>,
    caller: Caller,
    tellings: broadcast::Receiver<Telling>,
    backlog: VecDeque<Entry>,
    wants_stored: bool,
    is_behind: bool,
    cursor: u64,
    shown: u64,
    /// What is to be told between the entries.
    troubles: VecDeque<Trouble>,
    /// Nothing more can be read.
    is_over: bool,
}

impl Follower {
    async fn step(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        let event = self.next().await?;
        Some((Ok(event), self))
    }

    /// The next entry, or what is wrong with the record: told as what it is, for a client that only saw the stream end would
    /// come again at once. None when no more can come.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(entry) = self.backlog.pop_front() {
                return Some(self.show(&entry));
            }
            if let Some(trouble) = self.troubles.pop_front() {
                return Some(self.tell(&trouble));
            }
            if self.is_over {
                return None;
            }
            if let Err(trouble) = self.wait().await {
                self.is_over = true;
                self.troubles.push_back(trouble);
            }
        }
    }

    /// Until something is to be shown, or may be.
    async fn wait(&mut self) -> Result<(), Trouble> {
        if self.is_behind {
            return self.read_backlog().await;
        }
        match self.tellings.recv().await {
            Ok(Telling::Stored(named)) if self.is_next(&named) => {
                let entry = self.look_up(named).await?;
                self.backlog.push_back(entry);
            }
            Ok(Telling::Confirmed(said)) if self.wants_stored => self.read_stored(said).await?,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => self.is_behind = true,
            Err(RecvError::Closed) => self.is_over = true,
        }
        Ok(())
    }

    fn tell(&self, trouble: &Trouble) -> Event {
        let problem = self.context.words.problem(trouble, &self.caller.language);
        let data = crate::json::to_string(&problem).unwrap_or_default();
        Event::default().event("problem").data(data)
    }

    fn is_next(&self, named: &NamedEntry) -> bool {
        named.stored.line == self.line.line && named.stored.cursor > self.cursor
    }

    /// A new entry. What it names is looked up, if it names anything.
    async fn look_up(&self, named: Arc<NamedEntry>) -> Result<Entry, Trouble> {
        let header = named.stored.entry.header();
        let entry = view(&self.line, &self.caller.language).entry(&named);
        let fact = &entry.fact;
        let names_another = header.kind == Kind::Receipt
            || [&fact.ring, &fact.proposal, &fact.test]
                .into_iter()
                .any(Option::is_some);
        let board = self.context.desk.board.clone();
        let is_meant = header.mark != Mark::Exercise && board.exercise(&self.line.line).is_none();
        if header.reply_to.is_none() && !names_another && is_meant {
            return Ok(entry);
        }
        let (line, language) = (self.line.clone(), self.caller.language.clone());
        let read = move |reader: &Reader| {
            let mut view = view(&line, &language);
            view.recent = Some(&board);
            with_stages(&view, reader, &named)
        };
        self.context.desk.read(read).await
    }

    async fn read_backlog(&mut self) -> Result<(), Trouble> {
        let (line, cursor) = (self.line.clone(), self.cursor);
        let language = self.caller.language.clone();
        let board = self.context.desk.board.clone();
        let read = move |reader: &Reader| {
            let listing = reader.entries_after(&line.line, cursor, limits::FOLLOW_PAGE)?;
            let mut view = view(&line, &language);
            view.recent = Some(&board);
            let entries = listing.entries.iter();
            let entries = entries.map(|named| with_stages(&view, reader, named));
            let entries = entries.collect::<Result<_, _>>()?;
            Ok((listing.cursor, entries, listing.unreadable))
        };
        let (last, entries, unreadable) = self.context.desk.read(read).await?;
        if unreadable > 0 {
            self.troubles.push_back(entries::unreadable(unreadable));
        }
        self.is_behind = last > cursor;
        self.cursor = self.cursor.max(last);
        self.backlog = entries;
        Ok(())
    }

    /// Our messages that have just reached the other side's disk, a page at a time.
    async fn read_stored(&mut self, said: Arc<Confirmed>) -> Result<(), Trouble> {
        if said.line != self.line.line {
            return Ok(());
        }
        for (first, end) in said.places.iter().copied() {
            let mut from = first;
            while from < end {
                let until = end.min(from + limits::FOLLOW_PAGE as u64);
                let (line, language) = (self.line.clone(), self.caller.language.clone());
                let (chain, board) = (said.chain, self.context.desk.board.clone());
                let read = move |reader: &Reader| {
                    let mut view = view(&line, &language);
                    view.recent = Some(&board);
                    let messages = reader.messages_in(&line.line, &chain, (from, until))?;
                    let messages = messages.iter();
                    let entries = messages.map(|named| with_stages(&view, reader, named));
                    entries.collect::<Result<Vec<_>, _>>()
                };
                self.backlog.extend(self.context.desk.read(read).await?);
                from = until;
            }
        }
        Ok(())
    }

    fn show(&mut self, entry: &Entry) -> Event {
        let event = Event::default().event("entry");
        // What is told once more has no id: a client that was cut off must not go back to it.
        let event = match entry.cursor > self.shown {
            true => event.id(entry.cursor.to_string()),
            false => event,
        };
        self.shown = self.shown.max(entry.cursor);
        self.cursor = self.cursor.max(entry.cursor);
        // Strings and numbers: this can't fail, and an event that failed would be empty.
        event.data(crate::json::to_string(entry).unwrap_or_default())
    }
}
