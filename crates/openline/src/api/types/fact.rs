//! What an entry says beyond its text, as the API shows it.

use serde::{Deserialize, Serialize};

use super::{Office, Shift, Silence, Terms};

/// What an entry says beyond its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// For a receipt: `shown` or `read`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// For a receipt: ids of the messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// Their short names at this station, of those that it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets_short: Vec<String>,
    /// For a receipt: `exercise`, if all the messages are marked so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets_mark: Option<String>,
    /// For a receipt that proves nothing: it names no person, or a message of its own author.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub void: bool,
    /// For a silence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence: Option<Silence>,
    /// For what belongs to a ring, or to the contact that it opened: its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ring: Option<String>,
    /// Its short name at this station, if it is held here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ring_short: Option<String>,
    /// For a ring: the office that calls, and the one that is called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offices: Vec<Office>,
    /// For a proposal what it corrects; for a read-back or a settlement what it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
    /// Its short name at this station, if it is held here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal_short: Option<String>,
    /// For a proposal or a read-back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
    /// For a roster: its shifts; none, if it takes back what was planned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shifts: Vec<Shift>,
    /// For a reachable-at: the addresses; none, if the node calls and is not to be called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// For a hand-over: to whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// For what belongs to a test but its call-up: id of the entry that it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// Its short name at this station, if it is held here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_short: Option<String>,
    /// For a call-up by the timetable: its place there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<u64>,
    /// For a test answer: whether it is what was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<bool>,
    /// For a test answer `machine` or `person`; for a suspension its reason; for an answer `accept`, `decline` or `later`; for an outcome how the ring ended, as in [`super::Ring::state`];
    /// for a step of verifying `commits`, `shares` or `reveals`; for a verified `agreed` or `differed`; for a settlement `confirmed`, `withdrawn` or `lapsed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// For a ring: how long it rings; for an answer: when to call back, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
}
