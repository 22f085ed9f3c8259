//! Who is on watch, and suspensions: what persons ask for, and how it stands.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use openline_proto::contract::Command;
use openline_proto::verdict;
use openline_proto::watch::book::{Duty, Request};
use openline_proto::watch::suspension;
use openline_store::{NamedEntry, Reader};
use openline_wire::codes::SuspensionReason;
use openline_wire::ids::EntryId;
use openline_wire::limits;

use super::body::{Answer, Json};
use super::caller::Caller;
use super::context::{Context, Shared};
use super::convert::{View, actor, rfc3339, text_of};
use super::limits::STATUS_STORE_WAIT_MS;
use super::messages::{accepted, language, word};
use super::problem::ApiError;
use super::types::{Accepted, NewSuspension, NewWatch, Officer, OnWatch, Suspension};
use crate::station::peers::LineInfo;

/// `POST /v1/lines/{line}/watch`
pub async fn ask(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
    Json(asked): Json<NewWatch>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, asked.actor.as_deref())?;
    let request = request(&context, &line, &asked).await?;
    let command = Command::Watch {
        request,
        text: asked.text,
        language: language(asked.lang, &line)?,
    };
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

async fn request(
    context: &Context,
    line: &Arc<LineInfo>,
    asked: &NewWatch,
) -> Result<Request, ApiError> {
    let by_charter = line.charter.cadences.presence_ms;
    let confirms = asked.confirms_ms.unwrap_or(by_charter);
    Ok(match asked.action.as_str() {
        "open" => Request::Open(confirms),
        "replace" => Request::Replace(confirms),
        "confirm" => Request::Confirm,
        "take-over" => Request::TakeOver(confirms),
        "withdraw" => Request::Withdraw,
        "close" => Request::Close,
        "hand-over" => {
            let to = asked.to.clone().unwrap_or_default();
            Caller::may_act(&to, line)?;
            Request::HandOver(to, items(context, line, &asked.items).await?)
        }
        other => {
            let error = ApiError::bad_request("unknown-word");
            return Err(error.with("field", "action").with("word", other));
        }
    })
}

/// The entries that a hand-over names as open.
async fn items(
    context: &Context,
    line: &Arc<LineInfo>,
    names: &[String],
) -> Result<Vec<EntryId>, ApiError> {
    if names.len() > limits::OPEN_ITEMS {
        return Err(ApiError::bad_request("watch-form"));
    }
    let mut items = Vec::new();
    for name in names {
        let id = |_: &_, named: &NamedEntry| Ok(named.stored.entry.id());
        items.push(context.entry(line, name, id).await?);
    }
    Ok(items)
}

/// `POST /v1/lines/{line}/suspension`
pub async fn suspend(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
    Json(asked): Json<NewSuspension>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, asked.actor.as_deref())?;
    let command = match asked.action.as_str() {
        "resume" => Command::Resume,
        "suspend" => Command::Suspend {
            reason: word(
                asked.reason.as_deref(),
                SuspensionReason::Other,
                SuspensionReason::from_word,
                "reason",
            )?,
            text: asked.text,
            language: language(asked.lang, &line)?,
        },
        other => {
            let error = ApiError::bad_request("unknown-word");
            return Err(error.with("field", "action").with("word", other));
        }
    };
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

/// Adds the words of suspensions, which only the record knows. Without an answer of the store soon they stay as they are.
pub async fn complete(context: &Context, suspended: &mut Vec<Suspension>) {
    if suspended.is_empty() {
        return;
    }
    let mut whole = suspended.clone();
    let look = move |reader: &Reader| {
        for suspension in &mut whole {
            let id = EntryId::from_hex(&suspension.entry);
            let named = id.map(|id| reader.by_id(&id)).transpose()?.flatten();
            let text = named.and_then(|named| text_of(&named.stored.entry));
            suspension.text = text.map(|it| it.text).filter(|it| !it.is_empty());
        }
        Ok(whole)
    };
    let patience = Duration::from_millis(STATUS_STORE_WAIT_MS);
    if let Ok(Ok(whole)) = tokio::time::timeout(patience, context.desk.read(look)).await {
        *suspended = whole;
    }
}

impl View<'_> {
    /// Who is on watch for a party.
    pub(super) fn on_watch(&self, watch: &verdict::OnWatch) -> OnWatch {
        let officers = watch.officers.iter().map(|officer| Officer {
            watch: officer.watch.to_string(),
            actor: actor(&officer.actor),
            since_ms: officer.since,
            since: rfc3339(officer.since),
            confirms_by_ms: Some(officer.confirms_by),
            confirms_by: Some(rfc3339(officer.confirms_by)),
            handed_to: officer.handed_to.clone(),
        });
        OnWatch {
            party: self.party(watch.party),
            duty: match watch.duty {
                Duty::Nobody => "nobody",
                Duty::Present => "present",
                Duty::Overdue => "overdue",
            }
            .to_owned(),
            officers: officers.collect(),
        }
    }

    /// A suspension in force.
    pub(super) fn suspension(&self, suspension: &suspension::Suspension) -> Suspension {
        Suspension {
            entry: suspension.id.to_string(),
            by: self.party(suspension.party),
            actor: actor(&suspension.by),
            since_ms: suspension.since,
            since: rfc3339(suspension.since),
            reason: suspension.reason.word().to_owned(),
            text: None,
        }
    }
}
