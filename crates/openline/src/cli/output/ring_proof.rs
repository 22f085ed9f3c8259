//! What `verify` says of a ring.

use serde::{Deserialize, Serialize};

/// An entry that proves something of a ring, signed by a boot of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Its id.
    pub entry: String,
    /// The party that signed it.
    pub party: String,
    /// Its name in the reader's language, where its card is at hand.
    pub name: Option<String>,
    /// The boot that signed it.
    pub boot: String,
    /// When, by its clock, milliseconds since 1970.
    pub time_ms: u64,
}

/// A ring, as the record proves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RingProof {
    /// That it was rung.
    pub rung: Proof,
    /// The office that called, by its identifier in the charter.
    pub from: String,
    /// The one that was called.
    pub to: String,
    /// `real`, `exercise` or `test`.
    pub mark: String,
    /// How it stands by what is held, as in `ring list`; `unknown` where an entry that is not in the record may say otherwise.
    pub state: String,
    /// That it rang at the called side; null if nothing here proves it.
    pub ringing: Option<Proof>,
    /// What that answered.
    pub answer: Option<Proof>,
    /// How it ended.
    pub outcome: Option<Proof>,
    /// What its caller signed of its end, where the entry that he cites is not in the record.
    pub claim: Option<RingClaim>,
}

/// An outcome whose ground is not in the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RingClaim {
    /// The outcome.
    pub outcome: Proof,
    /// How it says that the ring ended.
    pub state: String,
    /// The entry that it cites.
    pub cites: String,
}
