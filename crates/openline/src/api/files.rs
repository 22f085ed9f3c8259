//! Files that go with messages: handed in before the message, and out again whole.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use openline_proto::contract::Command;
use openline_proto::files::FileState;
use openline_store::{KnownFile, NamedEntry, Reader};
use openline_wire::attachment::{self, Attachment};
use openline_wire::ids::{Digest, LineId};
use openline_wire::limits as wire;
use serde::Deserialize;

use super::body::{self, Answer};
use super::caller::Caller;
use super::context::{Context, Shared, find};
use super::problem::ApiError;
use super::types::{Accepted, File, Files, NamedFile};
use crate::station::peers::LineInfo;

/// What a file is to be called.
#[derive(Deserialize)]
pub struct Name {
    name: String,
}

impl From<&Attachment> for NamedFile {
    fn from(file: &Attachment) -> Self {
        Self {
            name: file.name.clone(),
            size: file.size,
            root: file.root.to_string(),
        }
    }
}

/// `POST /v1/lines/{line}/files?name=…`
pub async fn keep(
    State(context): State<Shared>,
    Path(line): Path<String>,
    Query(Name { name }): Query<Name>,
    request: Request,
) -> Result<Answer<NamedFile>, ApiError> {
    let line = context.acting_line(&line)?.line;
    if !attachment::is_name(&name) {
        return Err(ApiError::bad_request("file-name"));
    }
    let bytes = body::raw(request, wire::ATTACHMENT as usize).await?;
    if bytes.is_empty() {
        return Err(ApiError::bad_request("file-empty").with("file", name));
    }
    let kept = context
        .desk
        .files(move |shelf| shelf.keep(&line, &name, &bytes));
    Ok(Answer(NamedFile::from(&kept.await?)))
}

/// `GET /v1/lines/{line}/files`
pub async fn list(
    State(context): State<Shared>,
    Path(line): Path<String>,
) -> Result<Answer<Files>, ApiError> {
    let line = context.line(&line)?;
    let id = line.line;
    let known = context
        .desk
        .read(move |reader: &Reader| reader.files(&id))
        .await?;
    let shown = context.desk.files(move |shelf| {
        let each = known.into_iter().map(|(message, known)| {
            let held = match known.state {
                FileState::Removed | FileState::Wrong => 0,
                _ => shelf.held(&id, &known.file)?,
            };
            Ok(file(&line, &message, &known, held))
        });
        each.collect()
    });
    Ok(Answer(Files {
        files: shown.await?,
    }))
}

fn file(line: &LineInfo, message: &NamedEntry, known: &KnownFile, held: u64) -> File {
    let entry = &message.stored.entry;
    File {
        entry: entry.id().to_string(),
        short: message.name.to_string(),
        number: known.id.which + 1,
        ours: entry.header().author.party == line.ours,
        name: known.file.name.clone(),
        size: known.file.size,
        root: known.file.root.to_string(),
        state: known.state.word().to_owned(),
        held,
    }
}

/// The file of a message that a caller names.
async fn known(
    context: &Context,
    line: &Arc<LineInfo>,
    (entry, number): (&str, u64),
) -> Result<KnownFile, ApiError> {
    let (info, wanted) = (line.clone(), entry.to_owned());
    let read = move |reader: &Reader| {
        let Some(message) = find(reader, &info, &wanted)? else {
            return Ok(None);
        };
        let id = message.stored.entry.id();
        let files = reader.files(&info.line)?.into_iter();
        let mut files = files.map(|(_, known)| known);
        Ok(files.find(|known| known.id.message == id && known.id.which + 1 == number))
    };
    let found = context.desk.read(read).await?;
    found.ok_or_else(|| {
        let error = ApiError::not_found("no-such-file");
        error.with("entry", entry).with("number", number)
    })
}

/// `GET /v1/lines/{line}/files/{entry}/{number}`
pub async fn take(
    State(context): State<Shared>,
    Path((line, entry, number)): Path<(String, String, u64)>,
) -> Result<Response, ApiError> {
    let line = context.line(&line)?;
    let known = known(&context, &line, (&entry, number)).await?;
    let (id, state) = (line.line, known.state.word());
    let whole = context
        .desk
        .files(move |shelf| shelf.whole(&id, &known.file));
    let Some(bytes) = whole.await? else {
        let error = ApiError::not_found("file-not-here");
        return Err(error.with("state", state));
    };
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    Ok((kind, Bytes::from(bytes)).into_response())
}

/// `DELETE /v1/lines/{line}/files/{entry}/{number}`
pub async fn remove(
    State(context): State<Shared>,
    Path((line, entry, number)): Path<(String, String, u64)>,
    caller: Caller,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let known = known(&context, &line, (&entry, number)).await?;
    if known.state == FileState::Removed {
        let error = ApiError::not_found("file-not-here");
        return Err(error.with("state", known.state.word()));
    }
    let actor = caller.actor_on(&line, None)?;
    let command = Command::RemoveFile {
        file: known.id,
        named: known.file,
    };
    context.desk.act(line.line, actor, command).await?;
    Ok(Answer(super::messages::accepted(None)))
}

/// The files that a text is to go with: their bytes must be here.
pub async fn attached(
    context: &Context,
    line: LineId,
    named: Vec<NamedFile>,
) -> Result<Vec<Attachment>, ApiError> {
    if named.len() > wire::ATTACHMENTS {
        return Err(ApiError::bad_request("too-many-files"));
    }
    let mut files = Vec::new();
    for NamedFile { name, size, root } in named {
        let root = Digest::from_hex(&root);
        let root =
            root.ok_or_else(|| ApiError::bad_request("not-understood").with("place", "files"))?;
        let file = Attachment { name, size, root };
        let shown = file.clone();
        let held = context.desk.files(move |shelf| shelf.held(&line, &file));
        if held.await? != shown.size {
            return Err(ApiError::not_found("file-not-here").with("state", "unknown"));
        }
        files.push(shown);
    }
    Ok(files)
}
