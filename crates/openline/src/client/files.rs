//! Calls about files that go with messages.

use http_body_util::{BodyExt as _, Full};
use hyper::{Method, header};

use super::{Client, ClientError, empty, path, percent};
use crate::api::types::{Accepted, Files, NamedFile};

impl Client {
    /// Hands in a file that is to go with a text.
    pub async fn keep_file(
        &self,
        line: &str,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<NamedFile, ClientError> {
        let address = format!("{}?name={}", path(line, "files"), percent(name));
        let request = self
            .request(Method::POST, &address)
            .header(header::CONTENT_TYPE, "application/octet-stream");
        let body = Full::from(bytes).boxed();
        self.read_json(self.send(request, body).await?).await
    }

    /// The files of a line.
    pub async fn files(&self, line: &str) -> Result<Files, ClientError> {
        self.get(&path(line, "files")).await
    }

    /// A file that is here whole.
    pub async fn file(&self, line: &str, entry: &str, number: u64) -> Result<Vec<u8>, ClientError> {
        let request = self.request(Method::GET, &address(line, entry, number));
        self.read_bytes(self.send(request, empty()).await?).await
    }

    /// Removes the bytes of a file here.
    pub async fn remove_file(
        &self,
        line: &str,
        entry: &str,
        number: u64,
    ) -> Result<Accepted, ClientError> {
        let request = self.request(Method::DELETE, &address(line, entry, number));
        self.read_json(self.send(request, empty()).await?).await
    }
}

fn address(line: &str, entry: &str, number: u64) -> String {
    let entry = if entry.is_empty() { " " } else { entry };
    path(line, &format!("files/{}/{number}", percent(entry)))
}
