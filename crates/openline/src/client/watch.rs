//! Calls about the watch, suspensions, and where our node can be reached.

use super::{Client, ClientError, path};
use crate::api::types::{Accepted, NewAddresses, NewRoster, NewSuspension, NewWatch, Rosters};

impl Client {
    /// Asks for something about our party's watch.
    pub async fn watch(&self, line: &str, asked: &NewWatch) -> Result<Accepted, ClientError> {
        self.post(&path(line, "watch"), asked).await
    }

    /// What the parties plan.
    pub async fn rosters(&self, line: &str) -> Result<Rosters, ClientError> {
        self.get(&path(line, "roster")).await
    }

    /// Plans who is to be on watch for our party.
    pub async fn plan(&self, line: &str, roster: &NewRoster) -> Result<Accepted, ClientError> {
        self.post(&path(line, "roster"), roster).await
    }

    /// Announces where our node can be reached from now on.
    pub async fn announce_addresses(
        &self,
        line: &str,
        asked: &NewAddresses,
    ) -> Result<Accepted, ClientError> {
        self.post(&path(line, "addresses"), asked).await
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
