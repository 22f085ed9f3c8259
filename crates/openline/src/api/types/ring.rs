//! Rings, as the API shows them.

use serde::{Deserialize, Serialize};

use super::{Actor, Author};

/// An office of a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Party id.
    pub party: String,
    /// The party's name in the caller's language.
    pub party_name: String,
    /// Its identifier in the charter.
    pub office: String,
    /// What the charter calls it, in the caller's language.
    pub name: String,
}

/// An office to which a ring is offered: the called one, then those that answer for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The office.
    #[serde(flatten)]
    pub office: Office,
    /// From when on, by our clock, as far as we know. Whoever is on watch may answer at any time.
    pub from_ms: u64,
}

/// Something that a boot signed of a ring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Id of the entry.
    pub entry: String,
    /// Who signed it.
    pub who: Author,
    /// Who acted; `station` where no person did.
    pub actor: Actor,
    /// When this station stored it, by its own clock.
    pub our_ms: u64,
    /// By the clock of the one who signed it.
    pub their_ms: u64,
}

/// What the called side said to a ring. The reason stands in its entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RingAnswer {
    /// `accept`, `decline` or `later`.
    pub answer: String,
    /// When to call back.
    pub call_back_ms: Option<u64>,
    /// The same in RFC 3339.
    pub call_back: Option<String>,
    /// Who said it, and when.
    #[serde(flatten)]
    pub said: Said,
}

/// A ring, and how it stands. What it is about stands in its entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// Id of its entry.
    pub ring: String,
    /// Its short name at this station, such as `R-7`.
    pub short: String,
    /// Whether our party rang.
    pub ours: bool,
    /// The office that calls.
    pub from: Office,
    /// The office that is called.
    pub to: Office,
    /// To whom it is offered, and from when on: the called office, its substitutes, the watch.
    #[serde(default)]
    pub offered: Vec<Offer>,
    /// `immediate`, or `flash` if it is urgent.
    pub precedence: String,
    /// `real`, `exercise` or `test`.
    pub mark: String,
    /// The exercise in which it stands, if it is marked as one and stands in one.
    #[serde(default)]
    pub exercise: Option<String>,
    /// In what they are to speak: `text`.
    pub mode: String,
    /// Who rang, and when.
    pub rung: Said,
    /// How long it rings.
    pub for_ms: u64,
    /// Until when it rings, by our clock, as far as we know.
    pub until_ms: u64,
    /// The same in RFC 3339.
    pub until: String,
    /// `calling` (nothing shows that it rings there), `ringing`, `answered` (what the answer is worth the caller has not
    /// said), `broken-off` (the caller is gone, and no outcome is known), or how it ended: `accepted`, `declined`, `later`,
    /// `withdrawn`, `unanswered`, `unreachable` or `merged`; `unknown` for one of which this station no longer knows by heart
    /// how it stands: its record tells.
    pub state: String,
    /// Whether that can't change any more, whatever comes. What the caller decided is final there once the called side is known
    /// to hold it.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// A bell sounds here: it may be answered.
    pub rings_here: bool,
    /// It may be taken back here.
    pub may_be_withdrawn: bool,
    /// By whom it is shown that it rang.
    pub ringing: Option<Said>,
    /// The answer that counted, or while nothing is decided the one that is held.
    pub answer: Option<RingAnswer>,
    /// By whom it is shown how it ended.
    pub outcome: Option<Said>,
    /// Of one that is `merged`: the ring that goes on for both, if it is known here.
    #[serde(default)]
    pub merged_into: Option<String>,
    /// Its short name at this station.
    #[serde(default)]
    pub merged_into_short: Option<String>,
}

/// Rings, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rings {
    /// The rings.
    pub rings: Vec<Ring>,
}

/// An office is to be called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRing {
    /// The office of the other party: its identifier in the charter, or its name.
    pub to: String,
    /// Ours that calls; the counterpart of the other unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Whether it is urgent.
    #[serde(default)]
    pub urgent: bool,
    /// How long it rings, in milliseconds; two minutes unless told, from five seconds to thirty minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_ms: Option<u64>,
    /// `real` unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// What it is about; may be empty.
    #[serde(default)]
    pub text: String,
    /// BCP 47 tag of the words; our party's first language unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// A ring that rings here is to be answered. Takes an operator's name: a program can't come on the line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAnswer {
    /// `accept`, `decline` or `later`.
    pub answer: String,
    /// When to call back, milliseconds since 1970; not with `accept`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_back_ms: Option<u64>,
    /// The reason; may be empty.
    #[serde(default)]
    pub text: String,
    /// BCP 47 tag of the words; our party's first language unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// A ring of ours is to be taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewWithdrawal {
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}
