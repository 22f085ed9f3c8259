//! What nobody was shown yet, as the API shows it.

use serde::{Deserialize, Serialize};

/// Messages of the other side that were shown to nobody yet, by urgency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotShown {
    /// How many FLASH.
    pub flash: u64,
    /// How many IMMEDIATE.
    pub immediate: u64,
    /// How many PRIORITY.
    pub priority: u64,
    /// How many ROUTINE.
    pub routine: u64,
    /// How many of all these came without a text that can be read, so that nobody can sign for them.
    #[serde(default)]
    pub without_text: u64,
    /// Some of them: the most urgent first, of one urgency first what is meant, then the oldest first, at most 16.
    pub entries: Vec<NotShownEntry>,
}

/// See [`NotShown::entries`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotShownEntry {
    /// Its id.
    pub entry: String,
    /// Its short name.
    pub short: String,
    /// Its urgency.
    pub precedence: String,
    /// Whether it is meant: `real`, `exercise` or `test`.
    pub mark: String,
    /// See [`super::Entry::text_state`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_state: Option<String>,
}
