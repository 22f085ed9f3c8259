//! Calls about the watch and suspensions.

use super::{Client, ClientError, path};
use crate::api::types::{Accepted, NewSuspension, NewWatch};

impl Client {
    /// Asks for something about our party's watch.
    pub async fn watch(&self, line: &str, asked: &NewWatch) -> Result<Accepted, ClientError> {
        self.post(&path(line, "watch"), asked).await
    }

    /// Suspends the line, or ends that.
    pub async fn suspension(
        &self,
        line: &str,
        asked: &NewSuspension,
    ) -> Result<Accepted, ClientError> {
        self.post(&path(line, "suspension"), asked).await
    }
}
