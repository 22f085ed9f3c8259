//! Who calls whom: ringing, answering, taking back, and how rings stand.

use std::sync::Arc;

use axum::extract::{Path, State};
use openline_proto::contract::Command;
use openline_store::{NamedEntry, Reader, StoreError};
use openline_wire::codes::{Answer as Answers, Kind, Mark, Mode, Precedence};
use openline_wire::fact;
use openline_wire::ids::EntryId;
use openline_wire::office::{Office, OfficeRef};

use super::body::{Answer, Json};
use super::caller::Caller;
use super::context::{Context, Shared, view};
use super::messages::{accepted, language, word};
use super::problem::ApiError;
use super::types::{Accepted, NewAnswer, NewRing, NewWithdrawal, Ring, Rings};
use crate::station::clock::wall;
use crate::station::peers::LineInfo;

/// How long it rings unless told: time to come from the next room.
const RINGS_MS: u64 = 120_000;

/// Rings that one answer lists, beside those that run: what a person looks through.
pub const LISTED: u64 = 16;

/// `POST /v1/lines/{line}/rings`
pub async fn start(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
    Json(ring): Json<NewRing>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.actor_on(&line, ring.actor.as_deref())?;
    let mark = word(ring.mark.as_deref(), Mark::Real, Mark::from_word, "mark")?;
    line.charter.allows(Mode::Text, mark)?;
    let precedence = match ring.urgent {
        true => Precedence::Flash,
        false => Precedence::Immediate,
    };
    may_be_said(&line, &ring.text, precedence)?;
    let to = office(&line, &ring.to, false)?;
    let from = match &ring.from {
        Some(name) => office(&line, name, true)?,
        None => counterpart(&line, to)
            .or_else(|| namesake(&line, to))
            .ok_or_else(|| {
                ApiError::forbidden("no-counterpart").with("office", to.id.office.as_str())
            })?,
    };
    let command = Command::Ring {
        ring: Box::new(fact::Ring {
            from: from.id.clone(),
            to: to.id.clone(),
            mode: Mode::Text,
            for_ms: ring.for_ms.unwrap_or(RINGS_MS),
            exercise: None,
        }),
        precedence,
        mark,
        text: ring.text,
        language: language(ring.lang, &line)?,
    };
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

/// `GET /v1/lines/{line}/rings`
pub async fn list(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
) -> Result<Answer<Rings>, ApiError> {
    let line = context.line(&line)?;
    let rings = last(&context, line, caller.language.clone()).await?;
    Ok(Answer(Rings { rings }))
}

/// `GET /v1/lines/{line}/rings/{ring}`
pub async fn one(
    State(context): State<Shared>,
    Path((line, ring)): Path<(String, String)>,
    caller: Caller,
) -> Result<Answer<Ring>, ApiError> {
    let line = context.line(&line)?;
    let (board, info, tongue) = (
        context.desk.board.clone(),
        line.clone(),
        caller.language.clone(),
    );
    let read = move |reader: &Reader, named: &NamedEntry| {
        let shown = board.ring(&info.line, &named.stored.entry.id());
        let offset = board.clock_offset(&info.line);
        view(&info, &tongue).ring(reader, named, shown.as_ref(), offset)
    };
    let found = context.entry(&line, &ring, read).await?;
    found.map(Answer).ok_or_else(|| not_a_ring(&ring))
}

/// `POST /v1/lines/{line}/rings/{ring}/answer`
pub async fn answer(
    State(context): State<Shared>,
    Path((line, ring)): Path<(String, String)>,
    caller: Caller,
    Json(answer): Json<NewAnswer>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, answer.actor.as_deref())?;
    may_be_said(&line, &answer.text, Precedence::Immediate)?;
    let said = word(
        Some(&answer.answer),
        Answers::Decline,
        Answers::from_word,
        "answer",
    )?;
    if answer
        .call_back_ms
        .is_some_and(|at| said == Answers::Accept || at <= wall())
    {
        return Err(ApiError::bad_request("ring-call-back"));
    }
    let (ring, is_ours) = ring_id(&context, &line, &ring).await?;
    if is_ours {
        return Err(ApiError::forbidden("ring-is-ours"));
    }
    let command = Command::AnswerRing {
        ring,
        answer: said,
        call_back: answer.call_back_ms,
        text: answer.text,
        language: language(answer.lang, &line)?,
    };
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

/// `POST /v1/lines/{line}/rings/{ring}/withdraw`
pub async fn withdraw(
    State(context): State<Shared>,
    Path((line, ring)): Path<(String, String)>,
    caller: Caller,
    Json(withdrawal): Json<NewWithdrawal>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.actor_on(&line, withdrawal.actor.as_deref())?;
    let (ring, is_ours) = ring_id(&context, &line, &ring).await?;
    if !is_ours {
        return Err(ApiError::forbidden("ring-is-theirs"));
    }
    let command = Command::WithdrawRing { ring };
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

/// The last rings of a line, the latest first.
pub async fn last(
    context: &Context,
    line: Arc<LineInfo>,
    language: String,
) -> Result<Vec<Ring>, ApiError> {
    let board = context.desk.board.clone();
    let read = move |reader: &Reader| -> Result<Vec<Ring>, StoreError> {
        let mut listed = reader.latest(&line.line, Kind::Ring, LISTED)?;
        // What runs is listed however many came after it.
        for id in board.running_rings(&line.line) {
            if listed.iter().all(|named| named.stored.entry.id() != id) {
                listed.extend(reader.by_id(&id)?);
            }
        }
        listed.sort_by_key(|named| std::cmp::Reverse(named.stored.cursor));
        let mut rings = Vec::new();
        for named in listed {
            let shown = board.ring(&line.line, &named.stored.entry.id());
            let offset = board.clock_offset(&line.line);
            let view = view(&line, &language);
            rings.extend(view.ring(reader, &named, shown.as_ref(), offset)?);
        }
        Ok(rings)
    };
    Ok(context.desk.read(read).await?)
}

/// The ring that a caller names, and whether it is ours.
async fn ring_id(
    context: &Context,
    line: &Arc<LineInfo>,
    name: &str,
) -> Result<(EntryId, bool), ApiError> {
    let ours = line.ours;
    let found = move |_: &_, named: &NamedEntry| {
        let (entry, header) = (&named.stored.entry, named.stored.entry.header());
        let is_ring = header.kind == Kind::Ring;
        Ok(is_ring.then(|| (entry.id(), header.author.party == ours)))
    };
    let found = context.entry(line, name, found).await?;
    found.ok_or_else(|| not_a_ring(name))
}

/// What a ring is about, and the reason of an answer, are urgent texts as any other; but they may be empty.
fn may_be_said(line: &LineInfo, text: &str, precedence: Precedence) -> Result<(), ApiError> {
    match text.is_empty() {
        true => Ok(()),
        false => Ok(line.charter.allows_text(text, precedence)?),
    }
}

fn not_a_ring(name: &str) -> ApiError {
    ApiError::forbidden("not-a-ring").with("entry", name)
}

/// The office that a caller names, by its identifier or by a name of it in any language.
fn office<'a>(line: &'a LineInfo, name: &str, ours: bool) -> Result<&'a Office, ApiError> {
    let party = if ours { line.ours } else { line.theirs };
    let wanted = name.trim().to_lowercase();
    let is_called = |office: &&Office| {
        let mut names = office.names.iter();
        office.id.office.as_str() == wanted || names.any(|(_, it)| it.to_lowercase() == wanted)
    };
    let found = line.charter.offices_of(party).find(is_called);
    found.ok_or_else(|| {
        let offices = line.charter.offices_of(party);
        let among: Vec<&str> = offices.map(|office| office.id.office.as_str()).collect();
        let error = ApiError::not_found("no-such-office").with("office", name);
        error.with("offices", among.join(", "))
    })
}

/// Our office of the same identifier, where the charter names no counterparts.
fn namesake<'a>(line: &'a LineInfo, theirs: &Office) -> Option<&'a Office> {
    let mut ours = line.charter.offices_of(line.ours);
    ours.find(|office| office.id.office == theirs.id.office)
}

/// The first of our offices that speaks with one of theirs.
fn counterpart<'a>(line: &'a LineInfo, theirs: &Office) -> Option<&'a Office> {
    let is_ours = |office: &&OfficeRef| office.party == line.ours;
    let named = theirs.counterparts.iter().find(is_ours)?;
    line.charter
        .offices
        .iter()
        .find(|office| office.id == *named)
}
