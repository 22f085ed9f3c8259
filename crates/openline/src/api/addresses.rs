//! Where our node can be reached from now on: what a person asks for, and what was announced.

use axum::extract::{Path, State};
use openline_net::Hint;
use openline_proto::contract::Command;
use openline_proto::verdict;
use openline_wire::address::Address;

use super::body::{Answer, Json};
use super::caller::Caller;
use super::context::Shared;
use super::convert::{View, actor, rfc3339};
use super::messages::accepted;
use super::problem::ApiError;
use super::types::{Accepted, NewAddresses, Reachable};

/// `POST /v1/lines/{line}/addresses`
pub async fn announce(
    State(context): State<Shared>,
    Path(line): Path<String>,
    caller: Caller,
    Json(asked): Json<NewAddresses>,
) -> Result<Answer<Accepted>, ApiError> {
    let line = context.acting_line(&line)?;
    let actor = caller.operator(&line, asked.actor.as_deref())?;
    let wrong = |given: &String| ApiError::bad_request("address").with("given", given.clone());
    let addresses = asked.addresses.iter();
    let addresses = addresses.map(|given| address(given).ok_or_else(|| wrong(given)));
    let command = Command::ReachableAt(addresses.collect::<Result<_, _>>()?);
    let entry = context.desk.act(line.line, actor, command).await?;
    Ok(Answer(accepted(entry.as_deref())))
}

/// An address that somebody of ours gives for this station: of a bearer that we know, and of one machine.
pub fn address(given: &str) -> Option<Address> {
    let is_one = Hint::parse(given).is_ok_and(|hint| hint.is_reachable());
    Address::new(given).filter(|_| is_one)
}

impl View<'_> {
    /// Where a node said that it can be reached.
    pub(super) fn reachable(&self, it: &verdict::Reachable) -> Reachable {
        Reachable {
            entry: it.entry.to_string(),
            by: self.author(&it.by),
            ours: it.by.party == self.info.ours,
            actor: actor(&it.actor),
            said_ms: it.said,
            said: rfc3339(it.said),
            received_ms: it.stored,
            received: rfc3339(it.stored),
            addresses: it.addresses.iter().map(ToString::to_string).collect(),
        }
    }
}
