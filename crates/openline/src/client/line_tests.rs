//! Calls about tests of the line.

use super::{Client, ClientError, path, percent};
use crate::api::types::{Accepted, NewTest, NewTestRead, Tests};

impl Client {
    /// Tests the line now.
    pub async fn test_now(&self, line: &str) -> Result<Accepted, ClientError> {
        self.post(&path(line, "tests"), &NewTest::default()).await
    }

    /// How the tests stand.
    pub async fn tests(&self, line: &str) -> Result<Tests, ClientError> {
        self.get(&path(line, "tests")).await
    }

    /// A person has read the text of a test of theirs.
    pub async fn read_test(&self, line: &str, text: &str) -> Result<Accepted, ClientError> {
        let call = format!("tests/{}/read", percent(text));
        self.post(&path(line, &call), &NewTestRead::default()).await
    }
}
