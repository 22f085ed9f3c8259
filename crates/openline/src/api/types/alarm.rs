//! Alarms, as the API shows them; also what is told to the program or address that drives lamps and horns.

use serde::{Deserialize, Serialize};

use super::{Actor, Party, Problem};

/// An alarm of our station. The other side is not told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// What people call it, in the caller's language: `no-sign-of-life/moscow`.
    pub name: String,
    /// The line.
    pub line: String,
    /// What for: `no-sign-of-life`, `way-cut`, `test-missed` and the other words of `spec/registries.md`, "Alarms".
    pub cause: String,
    /// About whom.
    pub party: Party,
    /// `raised`, `acknowledged`, `cleared` (its cause is gone, and nobody has acknowledged that it was there), `shelved`, or `quiet`:
    /// it is over.
    pub state: String,
    /// Since when, by our clock.
    pub since_ms: u64,
    /// The same in RFC 3339.
    pub since: String,
    /// Who acknowledged or shelved it.
    pub by: Option<Actor>,
    /// Until when it is shelved.
    pub until_ms: Option<u64>,
    /// The same in RFC 3339.
    pub until: Option<String>,
}

/// The alarms of a line that are not quiet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarms {
    /// Those that nobody has acknowledged come first.
    pub alarms: Vec<Alarm>,
}

/// An alarm is acknowledged, or brought back. Takes an operator's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAcknowledgement {
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// An alarm is put aside for a time. Takes an operator's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewShelving {
    /// For how long, in seconds: from a minute to eight hours.
    pub for_s: u64,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// A program or an address that is told of alarms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmHook {
    /// `run` or `post`.
    pub way: String,
    /// The program's path, or the address.
    pub target: String,
    /// How often it was called since the start.
    pub calls: u64,
    /// How often that failed.
    pub failures: u64,
    /// When the last call failed; none if it did not.
    pub failed_at_ms: Option<u64>,
    /// Why, and what to do.
    pub trouble: Option<Problem>,
}
