//! Rosters, as the API shows them.

use serde::{Deserialize, Serialize};

use super::{Actor, Party};

/// One officer's time on watch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Its beginning.
    pub from_ms: u64,
    /// The same in RFC 3339.
    pub from: String,
    /// Its end: the next may begin then.
    pub until_ms: u64,
    /// The same in RFC 3339.
    pub until: String,
    /// Who, by the name that he acts under.
    pub officer: String,
}

/// A time for which nobody is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Its beginning.
    pub from_ms: u64,
    /// The same in RFC 3339.
    pub from: String,
    /// Its end; none if nobody is planned afterwards.
    pub until_ms: Option<u64>,
    /// The same in RFC 3339.
    pub until: Option<String>,
}

/// Who is to be on watch for a party now and next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The party.
    pub party: Party,
    /// `no-roster`, `planned`, `gap` (one has begun or begins within twelve hours), or `clock-in-doubt`: by this machine's
    /// clock nothing can be told.
    pub state: String,
    /// The shift that runs.
    pub now: Option<Shift>,
    /// The one that begins next.
    pub next: Option<Shift>,
    /// The gap.
    pub gap: Option<Gap>,
    /// The shift of our own party whose officer is not on watch though it began a quarter of an hour ago.
    pub not_taken: Option<Shift>,
}

/// A roster that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// Id of the entry.
    pub entry: String,
    /// Who signed it.
    pub actor: Actor,
    /// When, by his clock.
    pub signed_ms: u64,
    /// The same in RFC 3339.
    pub signed: String,
    /// From when on it plans.
    pub from_ms: u64,
    /// Until when.
    pub until_ms: u64,
    /// Its shifts, in the order of their beginnings.
    pub shifts: Vec<Shift>,
}

/// The rosters of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyRoster {
    /// Who is to be on watch now and next.
    pub planned: Planned,
    /// Those that stand: none, one, or several if the party's stations did not hear each other.
    pub rosters: Vec<Roster>,
    /// The times for which nobody is planned, from now on.
    pub gaps: Vec<Gap>,
}

/// The rosters of a line, our party's first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rosters {
    /// Line id.
    pub line: String,
    /// For each party.
    pub parties: Vec<PartyRoster>,
}

/// A shift that is to be planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewShift {
    /// Its beginning, UTC in milliseconds since 1970.
    pub from_ms: u64,
    /// Its end, likewise.
    pub until_ms: u64,
    /// Who, by the name that he acts under.
    pub officer: String,
}

/// Who is to be on watch for our party, in place of what was planned. Takes an operator's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRoster {
    /// The shifts, in any order; at most 368, of 64 officers, within 92 days. Without any, what was planned is taken back.
    pub shifts: Vec<NewShift>,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}
