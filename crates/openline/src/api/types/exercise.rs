//! Exercises, as the API shows them.

use serde::{Deserialize, Serialize};

use super::{Actor, Party};

/// Who signed a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExerciseSigned {
    /// Id of the entry.
    pub entry: String,
    /// Whose.
    pub by: Party,
    /// Who.
    pub actor: Actor,
    /// When, by his station's clock.
    pub at_ms: u64,
    /// The same in RFC 3339.
    pub at: String,
}

/// Something that was meant, and came while an exercise ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokeIn {
    /// Id of the entry.
    pub entry: String,
    /// Its short name at this station.
    pub short: String,
    /// `message` or `ring`.
    pub kind: String,
    /// `routine`, `priority`, `immediate` or `flash`.
    pub precedence: String,
    /// Whose.
    pub by: Party,
    /// When this station stored it, by its own clock.
    pub at_ms: u64,
}

/// An exercise that is proposed or in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exercise {
    /// Id of the entry that accepted it, which names it; none while it is only proposed.
    pub exercise: Option<String>,
    /// `proposed` or `in-force`.
    pub state: String,
    /// Who proposed it.
    pub proposed: ExerciseSigned,
    /// Short name of the proposal; none if the store can't be read now.
    #[serde(default)]
    pub short: Option<String>,
    /// What is exercised; none if the words are not here, or the store can't be read now.
    #[serde(default)]
    pub text: Option<String>,
    /// Who accepted it.
    pub accepted: Option<ExerciseSigned>,
    /// When it ends by itself, by our clock.
    pub until_ms: u64,
    /// The same in RFC 3339.
    pub until: String,
    /// Texts and rings that are meant and were stored here since it began.
    #[serde(default)]
    pub real: u64,
    /// Some of them: the most urgent first, of one urgency the latest first, at most 16.
    #[serde(default)]
    pub broke_in: Vec<BrokeIn>,
}

/// Something about exercises. Takes an operator's name: a machine agrees on nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewExercise {
    /// `propose`, `accept` or `end`.
    pub action: String,
    /// For `propose`: for how long from now on, in milliseconds, from a minute to seven days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_ms: Option<u64>,
    /// For `accept`: id or short name of the other side's proposal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
    /// For `propose`: what is exercised.
    #[serde(default)]
    pub text: String,
    /// BCP 47 tag of the words; our party's first language unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}
