//! Calls about what is carried by hand.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::{Method, Response, header};

use super::patience::Holder;
use super::{Client, ClientError, broken, empty, path};
use crate::api::types::{Courier, ENTRIES_HEADER, LEFT_HEADER, Unbundled};

/// A bundle, and what is in it.
#[derive(Debug)]
pub struct Made {
    /// The file.
    pub bytes: Vec<u8>,
    /// Entries in it.
    pub entries: u64,
    /// Entries that did not fit.
    pub left: u64,
}

impl Client {
    /// Makes a bundle of what the other side has not confirmed.
    pub async fn bundle(&self, line: &str) -> Result<Made, ClientError> {
        let request = self.request(Method::POST, &path(line, "bundle"));
        let (response, holder) = self.send(request, empty()).await?;
        let (entries, left) = (
            number(&response, ENTRIES_HEADER)?,
            number(&response, LEFT_HEADER)?,
        );
        let bytes = self.read_bytes((response, holder)).await?;
        Ok(Made {
            bytes,
            entries,
            left,
        })
    }

    /// Takes in what a file holds that somebody brought.
    pub async fn take_bundle(&self, file: Vec<u8>) -> Result<Unbundled, ClientError> {
        let request = self
            .request(Method::POST, "/v1/bundles")
            .header(header::CONTENT_TYPE, "application/octet-stream");
        let body = Full::from(file).boxed();
        self.read_json(self.send(request, body).await?).await
    }

    /// How it stands with what is carried by hand.
    pub async fn courier(&self) -> Result<Courier, ClientError> {
        self.get("/v1/courier").await
    }

    pub(super) async fn read_bytes(
        &self,
        (response, holder): (Response<Incoming>, Holder),
    ) -> Result<Vec<u8>, ClientError> {
        let body = response.into_body().collect();
        let body = self.patiently(&holder, body).await?;
        Ok(body.map_err(broken)?.to_bytes().to_vec())
    }
}

fn number(response: &Response<Incoming>, name: &str) -> Result<u64, ClientError> {
    let value = response.headers().get(name);
    let number = value.and_then(|value| value.to_str().ok()?.parse().ok());
    number.ok_or_else(|| ClientError::Answer(format!("no {name}")))
}
