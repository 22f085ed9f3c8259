//! What is carried by hand: making a bundle, taking one in, and how it stands.

use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use openline_net::bundle;
use openline_wire::ids::LineId;

use super::body::{self, Answer};
use super::caller::Caller;
use super::context::Shared;
use super::problem::ApiError;
use super::types::{Courier, CourierLine, ENTRIES_HEADER, LEFT_HEADER, Unbundled, UnbundledLine};
use crate::station::board::Failure;
use crate::station::bundles::BundleError;
use crate::station::clock::wall;
use crate::station::trouble::Trouble;

impl From<BundleError> for ApiError {
    fn from(error: BundleError) -> Self {
        match error {
            BundleError::Failed(Failure::BootEnded) => {
                Self::from(Trouble::new("bundle-interrupted"))
            }
            BundleError::Failed(failure) => failure.into(),
            BundleError::NoRoom => Self::from(Trouble::new("bundle-no-room")),
            BundleError::Unread(trouble) => trouble.into(),
            BundleError::NoKeys => Self::forbidden("no-courier-keys"),
            BundleError::NotABundle => Self::bad_request("not-a-bundle"),
        }
    }
}

/// `POST /v1/lines/{line}/bundle`
pub async fn export(
    State(context): State<Shared>,
    Path(line): Path<String>,
) -> Result<Response, ApiError> {
    let line = context.acting_line(&line)?;
    let made = context.desk.make_bundle(line.line, context.own.node);
    let (given, file) = made.await?;
    let kind = "application/octet-stream".to_owned();
    let head = [
        (header::CONTENT_TYPE.as_str(), kind),
        (ENTRIES_HEADER, given.entries.to_string()),
        (LEFT_HEADER, given.left.to_string()),
    ];
    context.desk.gave_bundle(line.line, given);
    Ok((head, Bytes::from(file)).into_response())
}

/// `POST /v1/bundles`
pub async fn import(
    State(context): State<Shared>,
    caller: Caller,
    request: Request,
) -> Result<Answer<Unbundled>, ApiError> {
    let file = body::raw(request, bundle::LONGEST).await?;
    let taken = context.desk.take_bundle(&file).await?;
    let name = |line: LineId| {
        let info = context.desk.board.line(&line);
        info.map(|info| info.name(info.theirs, &caller.language).to_owned())
    };
    let lines = taken.lines.into_iter().map(|(line, taken)| UnbundledLine {
        line: line.to_string(),
        name: name(line).unwrap_or_default(),
        taken,
    });
    Ok(Answer(Unbundled {
        frames: taken.frames,
        missing: taken.missing,
        strange: taken.strange,
        unfinished: taken.unfinished,
        lines: lines.collect(),
    }))
}

/// `GET /v1/courier`
pub async fn status(
    State(context): State<Shared>,
    caller: Caller,
) -> Result<Answer<Courier>, ApiError> {
    let (desk, node) = (&context.desk, context.own.node);
    let mut lines = Vec::new();
    for info in desk.board.lines() {
        let held = desk.courier.line(&info.line.to_string());
        let unproven = held.is_unproven(wall());
        lines.push(CourierLine {
            line: info.line.to_string(),
            name: info.name(info.theirs, &caller.language).to_owned(),
            waiting: desk.unconfirmed(info.line, node, 0).await?.left,
            given: held.given,
            taken: held.taken,
            unproven,
        });
    }
    let folders = desk.courier.folders();
    Ok(Answer(Courier { lines, folders }))
}
