//! Texts, one a line, and what becomes of each, one event a line: both at the same time, so that a program can
//! keep hundreds under way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use openline_store::{NamedEntry, Reader, StoreError};
use openline_wire::header::Chain;
use openline_wire::ids::EntryId;
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};

use super::body;
use super::caller::Caller;
use super::context::{Shared, view};
use super::convert;
use super::limits;
use super::messages;
use super::pending::{Pending, Sent, Step, Text, Until, person};
use super::problem::ApiError;
use super::types::{MessageEvent, NewMessage};
use crate::ndjson::Lines;
use crate::station::board::{Answer, Confirmed, Telling};
use crate::station::clock;
use crate::station::peers::LineInfo;

/// When the stream ends by itself, once the caller has sent all his texts.
#[derive(Debug, Deserialize)]
pub struct StreamQuery {
    until: Option<String>,
}

/// `POST /v1/lines/{line}/messages/stream`
pub async fn stream(
    State(context): State<Shared>,
    Path(line): Path<String>,
    Query(query): Query<StreamQuery>,
    caller: Caller,
    body: Body,
) -> Result<Response, ApiError> {
    let line = context.acting_line(&line)?;
    let until = messages::word(
        query.until.as_deref(),
        Until::Read,
        Until::from_word,
        "until",
    )?;
    let (out, events) = mpsc::channel(1);
    let conversation = Conversation {
        tellings: context.desk.board.listen(),
        context,
        line,
        caller,
        until,
        pending: Pending::default(),
        events: Vec::new(),
        next_index: 0,
    };
    tokio::spawn(conversation.run(Lines::new(body, limits::BODY), out));
    let chunks = futures_util::stream::unfold(events, |mut events| async move {
        let chunk: Bytes = events.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(chunk), events))
    });
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((kind, Body::from_stream(chunks)).into_response())
}

struct Conversation {
    context: Shared,
    line: Arc<LineInfo>,
    caller: Caller,
    until: Until,
    tellings: broadcast::Receiver<Telling>,
    pending: Pending,
    events: Vec<u8>,
    next_index: u64,
}

impl Conversation {
    /// Runs until the caller goes away, or has sent all and every text has come as far as he wanted.
    async fn run(mut self, mut lines: Lines<Body>, out: mpsc::Sender<Bytes>) {
        let (reply, mut answers) = mpsc::unbounded_channel();
        let mut has_more = true;
        let pause = Duration::from_millis(limits::KEEP_ALIVE_MS);
        let mut keep_alive = tokio::time::interval_at((Instant::now() + pause).into(), pause);
        loop {
            let may_take =
                has_more && self.pending.has_room() && self.events.len() < limits::UNREAD_EVENTS;
            tokio::select! {
                permit = out.reserve(), if !self.events.is_empty() => match permit {
                    Ok(permit) => permit.send(std::mem::take(&mut self.events).into()),
                    Err(_) => return,
                },
                () = out.closed() => return,
                // A blank line: the caller knows by it that the station lives.
                _ = keep_alive.tick() => if self.events.is_empty() {
                    self.events.push(b'\n');
                },
                Some(answer) = answers.recv() => self.answered(answer),
                telling = self.tellings.recv() => {
                    // The core answers before it tells more, so what was answered by now comes first.
                    while let Ok(answer) = answers.try_recv() {
                        self.answered(answer);
                    }
                    self.told(telling).await;
                }
                line = lines.next(), if may_take => match line {
                    Some(Ok(line)) => self.take(&line, &reply).await,
                    Some(Err(crate::ndjson::LineError::TooLong)) => self.refuse(&body::too_long()),
                    Some(Err(_)) | None => has_more = false,
                },
            }
            let is_over = !has_more && self.pending.have_all_reached(self.until);
            if is_over && self.events.is_empty() {
                return;
            }
        }
    }

    async fn take(&mut self, line: &[u8], reply: &mpsc::UnboundedSender<Answer>) {
        let asked = match body::parse_line::<NewMessage>(line) {
            Ok(message) => {
                messages::command(&self.context, &self.line, &self.caller, message).await
            }
            Err(error) => Err(error),
        };
        match asked {
            Ok((actor, command)) => {
                let text = self.next_text();
                let desk = &self.context.desk;
                let ticket = desk.submit(self.line.line, actor, command, reply).await;
                self.pending.take(ticket, text);
            }
            Err(error) => self.refuse(&error),
        }
    }

    fn next_text(&mut self) -> Text {
        let (index, taken) = (self.next_index, Instant::now());
        self.next_index += 1;
        Text { index, taken }
    }

    fn answered(&mut self, answer: Answer) {
        let step = self.pending.answered(answer);
        self.write(step);
    }

    async fn told(&mut self, telling: Result<Telling, RecvError>) {
        match telling {
            Ok(Telling::Stored(named)) => {
                let steps = self.pending.stored(&named);
                self.write(steps);
            }
            Ok(Telling::Confirmed(said)) => {
                let steps = self.pending.confirmed(&said);
                self.write(steps);
            }
            Err(RecvError::Lagged(_)) => self.catch_up().await,
            // The board lives as long as the station.
            Err(RecvError::Closed) => {}
        }
    }

    /// Reads what was missed from the store.
    async fn catch_up(&mut self) {
        let (ids, line) = (self.pending.followed(), self.line.line);
        let read = move |reader: &Reader| ids.iter().map(|id| missed(reader, id)).collect();
        let found: Result<Vec<Missed>, _> = self.context.desk.read(read).await;
        for missed in found.unwrap_or_default() {
            for said in &missed.confirmed {
                let said = Confirmed {
                    line,
                    ..said.clone()
                };
                let steps = self.pending.confirmed(&said);
                self.write(steps);
            }
            for receipt in missed.receipts {
                let steps = self.pending.stored(&Arc::new(receipt));
                self.write(steps);
            }
        }
    }

    fn write(&mut self, steps: impl IntoIterator<Item = Step>) {
        for step in steps {
            let event = self.event(step);
            self.write_event(&event);
        }
    }

    fn write_event(&mut self, event: &MessageEvent) {
        // Strings and numbers: this can't fail, and a line that failed would be left out.
        if let Ok(line) = crate::json::to_vec(event) {
            self.events.extend(line);
            self.events.push(b'\n');
        }
    }

    fn refuse(&mut self, error: &ApiError) {
        let text = self.next_text();
        let event = self.refused(text, error);
        self.write_event(&event);
    }

    fn refused(&self, text: Text, error: &ApiError) -> MessageEvent {
        let words = &self.context.words;
        let name = |party| self.line.name(party, &self.caller.language).to_owned();
        let error = error.clone().naming(|party| Some(name(party)));
        MessageEvent {
            refused: Some(words.problem(error.trouble(), &self.caller.language)),
            ..event("refused", text)
        }
    }

    fn event(&self, step: Step) -> MessageEvent {
        let view = view(&self.line, &self.caller.language);
        let person = person(&step).map(convert::actor);
        match step {
            Step::Refused(text, failure) => self.refused(text, &failure.into()),
            Step::Stored {
                sent,
                by,
                our_ms,
                their_ms,
            } => MessageEvent {
                who: Some(view.author(&by)),
                our_ms,
                their_ms: Some(their_ms),
                ..sent_event("stored", &sent)
            },
            Step::StoredHere(sent, named) => MessageEvent {
                our_ms: named.stored.received,
                ..by_person(sent_event("stored-here", &sent), &view, &named, person)
            },
            Step::Receipt(sent, named) => {
                let stage = view.receipt(&named).map(|receipt| receipt.stage);
                let event = sent_event(&stage.unwrap_or_default(), &sent);
                MessageEvent {
                    our_ms: named.stored.received,
                    their_ms: Some(named.stored.entry.header().time),
                    ..by_person(event, &view, &named, person)
                }
            }
        }
    }
}

fn by_person(
    event: MessageEvent,
    view: &convert::View<'_>,
    named: &NamedEntry,
    person: Option<super::types::Actor>,
) -> MessageEvent {
    MessageEvent {
        who: Some(view.author(&named.stored.entry.header().author)),
        attestation: person
            .as_ref()
            .map_or_else(String::new, |person| person.attestation.clone()),
        actor: person,
        ..event
    }
}

fn sent_event(kind: &str, sent: &Sent) -> MessageEvent {
    MessageEvent {
        entry: Some(sent.id.to_string()),
        short: Some(sent.short.to_string()),
        ..event(kind, sent.text)
    }
}

fn event(kind: &str, text: Text) -> MessageEvent {
    let elapsed = text.taken.elapsed().as_millis();
    MessageEvent {
        event: kind.to_owned(),
        index: text.index,
        entry: None,
        short: None,
        who: None,
        actor: None,
        attestation: openline_wire::codes::Attestation::Station.word().to_owned(),
        our_ms: clock::wall(),
        their_ms: None,
        elapsed_ms: u64::try_from(elapsed).unwrap_or(u64::MAX),
        refused: None,
    }
}

struct Missed {
    confirmed: Vec<Confirmed>,
    receipts: Vec<NamedEntry>,
}

fn missed(reader: &Reader, id: &EntryId) -> Result<Missed, StoreError> {
    let receipts = reader.receipts_for(id)?;
    let Some(named) = reader.by_id(id)? else {
        let confirmed = Vec::new();
        return Ok(Missed {
            confirmed,
            receipts,
        });
    };
    let (line, header) = (named.stored.line, named.stored.entry.header());
    let chain: Chain = header.chain();
    let said = reader.confirmations(&line, &chain, header.sequence)?;
    let confirmed = said.iter().map(|said| Confirmed {
        line,
        by: said.by,
        chain,
        places: vec![(header.sequence, header.sequence + 1)],
        at: openline_proto::contract::Moment {
            monotonic: 0,
            wall: said.at,
        },
        their_time: said.their_time,
    });
    let confirmed = confirmed.collect();
    Ok(Missed {
        confirmed,
        receipts,
    })
}
