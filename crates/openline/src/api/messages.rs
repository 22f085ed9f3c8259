//! Texts, one at a time.

use std::sync::Arc;

use axum::extract::{Path, State};
use openline_proto::contract::Command;
use openline_store::NamedEntry;
use openline_wire::codes::{Kind, Mark, Mode, Precedence};
use openline_wire::header::Actor;
use openline_wire::ids::EntryId;
use openline_wire::language::Language;
use sha2::{Digest as _, Sha256};

use super::body::{Answer, Json};
use super::caller::Caller;
use super::context::{Context, Shared};
use super::idempotency::Fingerprint;
use super::limits;
use super::problem::ApiError;
use super::types::{Accepted, NewMessage};
use crate::station::peers::LineInfo;
use crate::station::trouble::Trouble;

/// `POST /v1/lines/{line}/messages`
pub async fn say(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
    Json(message): Json<NewMessage>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let key = message.idempotency_key.clone();
    if key
        .as_ref()
        .is_some_and(|key| key.trim().is_empty() || key.len() > limits::IDEMPOTENCY_KEY)
    {
        return Err(ApiError::bad_request("idempotency-key"));
    }
    let asked = fingerprint(&caller, &message);
    // In a task of its own: if the caller goes away in between, his key must still find the answer.
    let acting = tokio::spawn(async move {
        let act = say_once(&context, &line, &caller, message);
        match key {
            Some(key) => context.remembered.once(line.line, key, asked, act).await,
            None => act.await,
        }
    });
    let stopped = |_| ApiError::from(Trouble::new("boot-ended"));
    acting.await.map_err(stopped)?.map(Answer)
}

/// What a call asks for, and in whose name.
fn fingerprint(caller: &Caller, message: &NewMessage) -> Fingerprint {
    let actor = caller.actor(message.actor.as_deref()).ok();
    let who = actor.map(|actor| (actor.name, actor.attestation.code()));
    // Strings and numbers: this can't fail.
    let asked = serde_json::to_vec(&(message, who)).unwrap_or_default();
    Sha256::digest(asked).into()
}

async fn say_once(
    context: &Context,
    line: &Arc<LineInfo>,
    caller: &Caller,
    message: NewMessage,
) -> Result<Accepted, ApiError> {
    let (actor, command) = command(context, line, caller, message).await?;
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(accepted(entry.as_deref()))
}

/// The answer to a call that made an entry.
pub fn accepted(entry: Option<&NamedEntry>) -> Accepted {
    Accepted {
        entry: entry.map(|named| named.stored.entry.id().to_string()),
        short: entry.map(|named| named.name.to_string()),
    }
}

/// What the core is asked for a text, if the charter allows it.
pub async fn command(
    context: &Context,
    line: &Arc<LineInfo>,
    caller: &Caller,
    message: NewMessage,
) -> Result<(Actor, Command), ApiError> {
    let actor = caller.actor_on(line, message.actor.as_deref())?;
    let precedence = word(
        message.precedence.as_deref(),
        Precedence::Routine,
        Precedence::from_word,
        "precedence",
    )?;
    let mark = word(message.mark.as_deref(), Mark::Real, Mark::from_word, "mark")?;
    line.charter.allows(Mode::Text, mark)?;
    line.charter.allows_text(&message.text, precedence)?;
    let reply_to = match &message.reply_to {
        Some(name) => Some(message_id(context, line, name, mark).await?),
        None => None,
    };
    let files = super::files::attached(context, line.line, message.files).await?;
    let command = Command::Say {
        language: language(message.lang, line)?,
        text: message.text,
        precedence,
        mark,
        reply_to,
        files,
    };
    Ok((actor, command))
}

/// The id of the message that a caller names. Nothing else can be answered.
async fn message_id(
    context: &Context,
    line: &Arc<LineInfo>,
    name: &str,
    mark: Mark,
) -> Result<EntryId, ApiError> {
    let found = |_: &_, named: &NamedEntry| {
        let (entry, header) = (&named.stored.entry, named.stored.entry.header());
        Ok((entry.id(), header.kind == Kind::Message, header.mark))
    };
    match context.entry(line, name, found).await? {
        // What is meant may answer an exercise, and breaks in; never the other way round (OL-786).
        (_, true, answered) if mark == Mark::Exercise && answered != mark => {
            Err(ApiError::forbidden("exercise-answers-no-exercise").with("entry", name))
        }
        (id, true, _) => Ok(id),
        (_, false, _) => Err(ApiError::forbidden("not-a-message").with("entry", name)),
    }
}

/// The language of a text: the caller's, else our party's usual one.
pub fn language(given: Option<String>, line: &LineInfo) -> Result<String, ApiError> {
    let tag = given.unwrap_or_else(|| line.language().to_owned());
    match Language::new(&tag) {
        Some(language) => Ok(language.as_str().to_owned()),
        None => Err(ApiError::bad_request("language").with("tag", tag)),
    }
}

/// A word of a registry, or what it is unless told.
pub fn word<T>(
    given: Option<&str>,
    unless_told: T,
    read: impl Fn(&str) -> Option<T>,
    field: &'static str,
) -> Result<T, ApiError> {
    let Some(word) = given else {
        return Ok(unless_told);
    };
    read(word).ok_or_else(|| {
        let error = ApiError::bad_request("unknown-word");
        error.with("field", field).with("word", word)
    })
}
