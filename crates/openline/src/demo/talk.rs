//! Talks with the demo's stations and waits for what must come, but never for ever.

use std::future::Future;
use std::time::Duration;

use tokio::time::timeout;

use super::party::Party;
use crate::api::types::{Contact, EntriesQuery, Entry, Line, MessageEvent, NewMessage, Ring};
use crate::cli::failure::{Exit, Failure};
use crate::cli::station_error::went_away;
use crate::client::{ClientError, Events, MessageSink};

/// Longer than anything in the story takes on the slowest machine; shorter than a reader's patience.
const LIMIT: Duration = Duration::from_secs(30);

/// How often a station is asked for what it does not announce.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// How often where the story tells how long it took.
const SOON: Duration = Duration::from_millis(2);

/// A text on its way, and what is heard of it.
pub struct Sent {
    events: Events<MessageEvent>,
    /// Held so that the station goes on reporting.
    _sink: MessageSink,
}

/// Hands a text to a party's station.
pub async fn send(party: &Party, message: NewMessage) -> Result<Sent, Failure> {
    let (sink, events) = party.client().say_many("-").await?;
    sink.send(&message).await?;
    Ok(Sent {
        events,
        _sink: sink,
    })
}

impl Sent {
    /// Waits until the text has come so far.
    pub async fn reaches(&mut self, step: &str) -> Result<MessageEvent, Failure> {
        in_time(async {
            loop {
                let event = next(&mut self.events).await?;
                if let Some(problem) = event.refused {
                    return Err(Failure::stations(Exit::Forbidden, problem));
                }
                if event.event == step {
                    return Ok(event);
                }
            }
        })
        .await
    }

    /// Whether the text has come so far within a while.
    pub async fn reaches_within(&mut self, step: &str, while_: Duration) -> Result<bool, Failure> {
        match timeout(while_, self.reaches(step)).await {
            Ok(reached) => reached.map(|_| true),
            Err(_) => Ok(false),
        }
    }
}

/// Waits until a party's station says of its line what is wanted.
pub async fn line_where(party: &Party, wanted: impl Fn(&Line) -> bool) -> Result<Line, Failure> {
    in_time(async {
        loop {
            let status = party.client().status().await?;
            if let Some(line) = status.lines.into_iter().find(|line| wanted(line)) {
                return Ok(line);
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    })
    .await
}

/// Waits until a ring stands at a party's station as wanted.
pub async fn ring_where(
    party: &Party,
    id: &str,
    wanted: impl Fn(&Ring) -> bool,
) -> Result<Ring, Failure> {
    in_time(async {
        loop {
            // Until it is there, the station knows no such entry.
            match party.client().one_ring("-", id).await {
                Ok(ring) if wanted(&ring) => return Ok(ring),
                Ok(_) | Err(ClientError::Refused(_)) => tokio::time::sleep(SOON).await,
                Err(error) => return Err(error.into()),
            }
        }
    })
    .await
}

/// Waits until a contact stands as wanted at a party.
pub async fn contact_where(
    party: &Party,
    id: &str,
    wanted: impl Fn(&Contact) -> bool,
) -> Result<Contact, Failure> {
    in_time(async {
        loop {
            let contact = party.client().contact("-", id).await?;
            if wanted(&contact) {
                return Ok(contact);
            }
            tokio::time::sleep(SOON).await;
        }
    })
    .await
}

/// Waits until a party's station holds an entry.
pub async fn arrival(party: &Party, id: &str) -> Result<Entry, Failure> {
    in_time(async {
        let mut entries = party.client().follow("-", Some(0)).await?;
        loop {
            let entry = next(&mut entries).await?;
            if entry.id == id {
                return Ok(entry);
            }
        }
    })
    .await
}

/// Ids of all that a party's station holds, as often as it holds them.
pub async fn held(party: &Party) -> Result<Vec<String>, Failure> {
    let mut query = EntriesQuery::default();
    let mut ids = Vec::new();
    loop {
        let page = party.client().entries("-", &query).await?;
        ids.extend(page.entries.into_iter().map(|entry| entry.id));
        match page.next {
            Some(cursor) => query.after = Some(cursor),
            None => break,
        }
    }
    ids.sort();
    Ok(ids)
}

/// Waits until something is so, asking again and again.
pub async fn until<F: Future<Output = Result<bool, Failure>>>(
    mut is_so: impl FnMut() -> F,
) -> Result<(), Failure> {
    in_time(async {
        while !is_so().await? {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Ok(())
    })
    .await
}

async fn next<T: serde::de::DeserializeOwned>(events: &mut Events<T>) -> Result<T, Failure> {
    match events.next().await {
        Some(event) => Ok(event?),
        None => Err(went_away()),
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    match timeout(LIMIT, work).await {
        Ok(done) => done,
        Err(_) => Err(Failure::new(Exit::TimeRanOut, "error-demo-too-slow")),
    }
}
