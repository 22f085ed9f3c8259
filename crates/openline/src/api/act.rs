//! Receipts, silences, new keys, and taking up lines that were opened since the start.

use axum::extract::{Path, State};
use openline_proto::contract::Command;
use openline_store::NamedEntry;
use openline_wire::codes::{Kind, SilenceReason, Stage};
use openline_wire::ids::{EntryId, PartyId};
use openline_wire::limits::RECEIPT_TARGETS;

use super::body::{Answer, Json};
use super::caller::Caller;
use super::context::Shared;
use super::convert;
use super::messages::{accepted, language, word};
use super::problem::ApiError;
use super::status;
use super::types::{Accepted, NewReceipt, NewSilence, Status};

/// `POST /v1/lines/{line}/receipts`
pub async fn receipt(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
    Json(receipt): Json<NewReceipt>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, receipt.actor.as_deref())?;
    let stage = word(
        Some(&receipt.stage),
        Stage::Shown,
        Stage::from_word,
        "stage",
    )?;
    if receipt.entries.is_empty() || receipt.entries.len() > RECEIPT_TARGETS {
        let error = ApiError::bad_request("receipt-targets");
        return Err(error.with("limit", RECEIPT_TARGETS));
    }
    let (mut targets, mut urgent) = (Vec::new(), false);
    for name in &receipt.entries {
        let target = |_: &_, named: &NamedEntry| Ok(Target::of(named));
        let target = context.entry(&line, name, target).await?;
        if !(target.is_message && target.party == line.theirs) {
            return Err(ApiError::forbidden("not-their-message"));
        }
        if !target.has_text {
            return Err(ApiError::forbidden("no-text-to-sign").with("entry", name));
        }
        targets.push(target.id);
        urgent |= target.is_urgent;
    }
    targets.sort();
    targets.dedup();
    let command = Command::Receipt {
        stage,
        targets,
        urgent,
    };
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

struct Target {
    id: EntryId,
    party: PartyId,
    is_message: bool,
    /// What is not here can't have been read.
    has_text: bool,
    is_urgent: bool,
}

impl Target {
    fn of(named: &NamedEntry) -> Self {
        let (entry, header) = (&named.stored.entry, named.stored.entry.header());
        Self {
            id: entry.id(),
            party: header.author.party,
            is_message: header.kind == Kind::Message,
            has_text: convert::text_state(entry).is_none(),
            is_urgent: header.precedence.is_urgent(),
        }
    }
}

/// `POST /v1/lines/{line}/silence`
pub async fn silence(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
    Json(silence): Json<NewSilence>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.actor_on(&line, silence.actor.as_deref())?;
    let command = Command::AnnounceSilence {
        for_ms: silence.for_ms,
        reason: word(
            Some(&silence.reason),
            SilenceReason::Other,
            SilenceReason::from_word,
            "reason",
        )?,
        text: silence.text,
        language: language(silence.lang, &line)?,
    };
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

/// `POST /v1/lines/{line}/keys`
pub async fn renew(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.actor_on(&line, None)?;
    let asked = context.desk.act(line.line, actor, Command::NewGeneration);
    Ok(Answer(accepted(asked.await?.as_deref())))
}

/// `POST /v1/lines/reload`
pub async fn reload(
    State(context): State<Shared>,
    caller: Caller,
) -> Result<Answer<Status>, ApiError> {
    context.desk.reload().await?;
    Ok(Answer(status::now(&context, &caller.language).await))
}
