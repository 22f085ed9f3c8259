//! Contacts, as the API shows them: what follows when a ring was accepted.

use serde::{Deserialize, Serialize};

use super::{Office, Said};

/// What is to hold: values, compared as such. As text they are what a person would type to say the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Where: WGS 84 with its letters, or a grid reference (MGRS); at most eight.
    #[serde(default)]
    pub places: Vec<String>,
    /// From when: RFC 3339 with the zone that was said.
    pub from: String,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// When both speak next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_contact: Option<String>,
}

/// A proposal, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Id of its entry.
    pub proposal: String,
    /// Its short name at this station, such as `P-3`.
    pub short: String,
    /// Whether our party proposed it.
    pub ours: bool,
    /// Who proposed, and when.
    pub proposed: Said,
    /// What is proposed.
    pub terms: Terms,
    /// Its words, which nobody reads back; empty if it has none, or if they are not here.
    #[serde(default)]
    pub text: String,
    /// The proposal in whose place it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<String>,
    /// `open`, `read-back` (as it was meant; its author has not confirmed), `read-back-differently`, `confirmed` (both are bound), `corrected`,
    /// `withdrawn` or `void`.
    pub state: String,
    /// For `read-back-differently`: which terms differ: `place-1`, `from`, `until`, `next-contact`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differs: Vec<String>,
    /// Those of them that name the same moment in another zone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_moment: Vec<String>,
    /// For `void`: `not-verified`, `contact-over` or `corrects-nothing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<String>,
    /// The read-back that counts, by whom and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_back: Option<Said>,
    /// For `read-back-differently`: what was read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_back_terms: Option<Terms>,
}

/// What follows when a ring was accepted, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Id of the ring that was accepted.
    pub contact: String,
    /// Its short name at this station: `C-7` follows the ring `R-7`.
    pub short: String,
    /// The ring's.
    pub ring_short: String,
    /// Whether our party rang.
    pub ours: bool,
    /// The office that called.
    pub from: Office,
    /// The office that was called.
    pub to: Office,
    /// `real`, `exercise` or `test`: the ring's.
    pub mark: String,
    /// The exercise in which it stands, if it is marked as one and stands in one.
    #[serde(default)]
    pub exercise: Option<String>,
    /// `verifying`, `verified`, `closed`, `codes-differed` or `broken-off`; `unknown` for one of which this station no longer knows by heart
    /// how it stands: its record tells.
    pub state: String,
    /// Something may be written in it here: it is not over, and this boot is one of the two that the ring brought together.
    pub here: bool,
    /// What both people read to one another: two groups of four digits. Known to the two boots alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Somebody of ours has said that the codes agreed.
    pub we_agreed: bool,
    /// Somebody of theirs has.
    pub they_agreed: bool,
    /// Its proposals, the earliest first.
    pub proposals: Vec<Proposal>,
    /// How many more there are: in a status only what is confirmed or not settled is listed, at most 16.
    pub more_proposals: u64,
}

/// Contacts, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contacts {
    /// The contacts.
    pub contacts: Vec<Contact>,
}

/// A person says whether the code that he heard is the one on his screen. Takes an operator's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewVerified {
    /// `agreed` or `differed`. One *differed* ends the contact for both sides, for good.
    pub said: String,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// Terms as a person typed them: a proposal, or a read-back. Takes an operator's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTerms {
    /// The terms.
    #[serde(flatten)]
    pub terms: Terms,
    /// Whether they are meant although something about them is doubtful, such as a time that is over.
    #[serde(default)]
    pub even_if_doubtful: bool,
    /// For a proposal: the earlier one of ours in whose place it is to stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<String>,
    /// The words of a proposal; may be empty.
    #[serde(default)]
    pub text: String,
    /// BCP 47 tag of the words; our party's first language unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// Something about a proposal, or the end of a contact. Takes an operator's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSettlement {
    /// For the end of a contact: the reason; may be empty.
    #[serde(default)]
    pub text: String,
    /// BCP 47 tag of the words; our party's first language unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}
