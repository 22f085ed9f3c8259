//! Reads what a caller sent: within the limits, as JSON, with an error that says what is wrong.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::limits;
use super::problem::ApiError;
use crate::station::trouble::Trouble;

/// An answer of JSON, harmless on a terminal.
pub struct Answer<T>(pub T);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        // Strings and numbers: this can't fail.
        let body = crate::json::to_vec(&self.0).unwrap_or_default();
        (kind, body).into_response()
    }
}

/// A body of JSON.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let bytes = raw(request, limits::BODY).await?;
        parse(&bytes).map(Self)
    }
}

/// A body as it is, of at most so many bytes.
pub async fn raw(request: Request, most: usize) -> Result<Vec<u8>, ApiError> {
    let patience = Duration::from_millis(limits::BODY_WAIT_MS);
    let bytes = tokio::time::timeout(patience, whole(request.into_body(), most)).await;
    bytes.map_err(|_| too_slow())?
}

/// All of a body. One that is too long is taken in all the same, within reason, and thrown away: a caller whose writing fails does
/// not read why.
async fn whole(body: Body, most: usize) -> Result<Vec<u8>, ApiError> {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(chunk) = chunks.next().await {
        let broken = |_| ApiError::bad_request("not-understood").with("place", "none");
        let chunk = chunk.map_err(broken)?;
        length += chunk.len();
        if length <= most {
            kept.extend_from_slice(&chunk);
        } else if length > most.max(limits::REFUSED_BODY) {
            break;
        }
    }
    match length <= most {
        true => Ok(kept),
        false => Err(longer_than(most)),
    }
}

/// Reads one object. Fields that this version does not know are ignored.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes).map_err(|error| {
        // Only the place: serde's own words may repeat the text.
        let place = format!("{}:{}", error.line(), error.column());
        ApiError::bad_request("not-understood").with("place", place)
    })
}

/// Reads one line of a stream. That it is no text at all is said as such: nobody looks for that in JSON.
pub fn parse_line<T: DeserializeOwned>(line: &[u8]) -> Result<T, ApiError> {
    match std::str::from_utf8(line) {
        Ok(_) => parse(line),
        Err(_) => Err(ApiError::bad_request("not-utf8")),
    }
}

/// What was sent is longer than we read.
pub fn too_long() -> ApiError {
    longer_than(limits::BODY)
}

fn longer_than(most: usize) -> ApiError {
    let trouble = Trouble::new("too-large").with("limit", most);
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, trouble)
}

fn too_slow() -> ApiError {
    ApiError::new(StatusCode::REQUEST_TIMEOUT, Trouble::new("too-slow"))
}
