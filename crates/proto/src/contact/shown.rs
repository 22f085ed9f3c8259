//! How a contact stands, for people.

use std::collections::BTreeMap;

use openline_seal::VerifyingCode;
use openline_wire::ids::EntryId;

use super::book::ContactStanding;
use super::view;

/// All that may be shown of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The ring that was accepted.
    pub contact: EntryId,
    /// How it stands.
    pub standing: ContactStanding,
    /// Whether this boot is one of the two that it brought together.
    pub is_ours: bool,
    /// What both people read to one another; known to the two boots alone, for as long as they live.
    pub code: Option<VerifyingCode>,
    /// Its proposals.
    pub proposals: BTreeMap<EntryId, view::Shown>,
}
