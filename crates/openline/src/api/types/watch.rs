//! The watch and suspensions, as the API shows them.

use serde::{Deserialize, Serialize};

use super::{Actor, Party};

/// An officer on watch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officer {
    /// Id of the entry that began his watch.
    pub watch: String,
    /// Who, and how he was attested.
    pub actor: Actor,
    /// Since when, by the clock of who signed it.
    pub since_ms: u64,
    /// The same in RFC 3339.
    pub since: String,
    /// When he is to have confirmed next that he is there, by our clock; none of a station that does not say.
    #[serde(default)]
    pub confirms_by_ms: Option<u64>,
    /// The same in RFC 3339.
    #[serde(default)]
    pub confirms_by: Option<String>,
    /// To whom he has handed over, who has not taken over yet.
    pub handed_to: Vec<String>,
}

/// Who is on watch for a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnWatch {
    /// The party.
    pub party: Party,
    /// `nobody`, `present`, or `overdue`: an officer has not confirmed in time that he is there.
    pub duty: String,
    /// None, one, or two if the party's stations did not hear each other.
    pub officers: Vec<Officer>,
}

/// A suspension in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// Id of the entry.
    pub entry: String,
    /// Whose.
    pub by: Party,
    /// Who signed it.
    pub actor: Actor,
    /// Since when, by the clock of who signed it.
    pub since_ms: u64,
    /// The same in RFC 3339.
    pub since: String,
    /// `ordered`, `compromise` or `other`.
    pub reason: String,
    /// In words; none if nothing was said, the words are not here, or the store can't be read now.
    #[serde(default)]
    pub text: Option<String>,
}

/// Something about our party's watch. Takes an operator's name: a machine is never on watch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewWatch {
    /// `open`, `replace` (whoever is on watch), `confirm`, `hand-over`, `withdraw` (the hand-over), `take-over` or `close`.
    pub action: String,
    /// For `open`, `replace` and `take-over`: how often he will confirm that he is there, in milliseconds, from a minute to
    /// what the charter says (`presence_ms`); as often as it says unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirms_ms: Option<u64>,
    /// For `hand-over`: to whom, by the name that he acts under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// For `hand-over`: ids or short names of the entries that are open, at most 64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// For `hand-over`: what he has to say; may be empty.
    #[serde(default)]
    pub text: String,
    /// BCP 47 tag of the words; our party's first language unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// The line is suspended by our side, or no longer. Takes an operator's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSuspension {
    /// `suspend` or `resume`.
    pub action: String,
    /// For `suspend`: `ordered`, `compromise` or `other`; `other` unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// For `suspend`: the reason in words; may be empty.
    #[serde(default)]
    pub text: String,
    /// BCP 47 tag of the words; our party's first language unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}
