//! Receipts, silences, and taking up lines that were opened since the start.

use axum::Json as Answer;
use axum::extract::{Path, State};
use openline_proto::contract::Command;
use openline_store::NamedEntry;
use openline_wire::codes::{SilenceReason, Stage};
use openline_wire::limits::RECEIPT_TARGETS;

use super::body::Json;
use super::caller::Caller;
use super::context::Shared;
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
    let line = context.line(&line)?;
    let actor = caller.operator(receipt.actor.as_deref())?;
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
        let facts = |_: &_, named: &NamedEntry| {
            let entry = &named.stored.entry;
            Ok((entry.id(), entry.header().precedence.is_urgent()))
        };
        let (id, is_urgent) = context.entry(&line, name, facts).await?;
        targets.push(id);
        urgent |= is_urgent;
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

/// `POST /v1/lines/{line}/silence`
pub async fn silence(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
    Json(silence): Json<NewSilence>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.line(&line)?;
    let actor = caller.actor(silence.actor.as_deref())?;
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

/// `POST /v1/lines/reload`
pub async fn reload(
    State(context): State<Shared>,
    caller: Caller,
) -> Result<Answer<Status>, ApiError> {
    context.desk.reload().await?;
    Ok(Answer(status::now(&context, &caller.language)))
}
