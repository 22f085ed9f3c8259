//! What a station knows of a line besides its record: who its parties are, what they are called, what the
//! charter allows, and where the other one may be reached.

use openline_net::Hint;
use openline_wire::charter::Charter;
use openline_wire::ids::{LineId, NodeId, PartyId};
use openline_wire::language::LocalNames;

use crate::api::sayable;

/// A line's parties and rules.
#[derive(Clone, Debug)]
pub struct LineInfo {
    /// The line.
    pub line: LineId,
    /// Our party.
    pub ours: PartyId,
    /// The other one.
    pub theirs: PartyId,
    /// The other one's node.
    pub peer: NodeId,
    /// The rules that both signed.
    pub charter: Charter,
    /// Where the other one said that it may be reached.
    pub hints: Vec<Hint>,
}

impl LineInfo {
    /// What a party is called in a language; empty for one that is not of the line.
    pub fn name(&self, party: PartyId, language: &str) -> &str {
        self.names(party)
            .map_or("", |names| names.in_language(language))
    }

    /// Whether the other party is called so, in any language.
    pub fn is_called(&self, name: &str) -> bool {
        let same = |(_, theirs): (_, &str)| theirs.to_lowercase() == name.to_lowercase();
        self.names(self.theirs)
            .is_some_and(|names| names.iter().any(same))
    }

    /// The party that is called so, in any language and as it is said in the name of an alarm, or that has this id.
    pub fn party_called(&self, name: &str) -> Option<PartyId> {
        let wanted = sayable(name);
        let is_called = |party: &PartyId| {
            let mut names = self.names(*party).into_iter().flat_map(LocalNames::iter);
            party.to_string() == name || names.any(|(_, theirs)| sayable(theirs) == wanted)
        };
        [self.ours, self.theirs].into_iter().find(is_called)
    }

    /// The language that our party usually writes in.
    pub fn language(&self) -> &str {
        let ours = self.charter.party(self.ours);
        ours.and_then(|party| party.languages.first())
            .map_or("und", |language| language.as_str())
    }

    /// What the other party is called.
    pub fn their_names(&self) -> Option<&LocalNames> {
        self.names(self.theirs)
    }

    fn names(&self, party: PartyId) -> Option<&LocalNames> {
        self.charter.party(party).map(|party| &party.names)
    }
}
