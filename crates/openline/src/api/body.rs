//! Reads what a caller sent: within the limits, as JSON, with an error that says what is wrong.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde::de::DeserializeOwned;

use super::limits;
use super::problem::ApiError;
use crate::station::trouble::Trouble;

/// A body of JSON.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state).await;
        parse(&bytes.map_err(too_large)?).map(Self)
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

/// What was sent is longer than we read.
pub fn too_long() -> ApiError {
    let trouble = Trouble::new("too-large").with("limit", limits::BODY);
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, trouble)
}

fn too_large(rejection: BytesRejection) -> ApiError {
    match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_long(),
        _ => ApiError::bad_request("not-understood").with("place", "0:0"),
    }
}
