//! Calls about rings.

use super::{Client, ClientError, path, percent};
use crate::api::types::{Accepted, NewAnswer, NewRing, NewWithdrawal, Ring, Rings};

impl Client {
    /// Calls an office of the other party.
    pub async fn ring(&self, line: &str, ring: &NewRing) -> Result<Accepted, ClientError> {
        self.post(&path(line, "rings"), ring).await
    }

    /// The last rings, the latest first.
    pub async fn rings(&self, line: &str) -> Result<Rings, ClientError> {
        self.get(&path(line, "rings")).await
    }

    /// One ring, by id or short name.
    pub async fn one_ring(&self, line: &str, name: &str) -> Result<Ring, ClientError> {
        let name = if name.is_empty() { " " } else { name };
        self.get(&path(line, &format!("rings/{}", percent(name))))
            .await
    }

    /// Answers a ring that rings here.
    pub async fn answer_ring(
        &self,
        line: &str,
        ring: &str,
        answer: &NewAnswer,
    ) -> Result<Accepted, ClientError> {
        let call = format!("rings/{}/answer", percent(ring));
        self.post(&path(line, &call), answer).await
    }

    /// Takes a ring of ours back.
    pub async fn withdraw_ring(&self, line: &str, ring: &str) -> Result<Accepted, ClientError> {
        let call = format!("rings/{}/withdraw", percent(ring));
        self.post(&path(line, &call), &NewWithdrawal::default())
            .await
    }
}
