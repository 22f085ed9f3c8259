//! What came out of a bundle.

use openline_wire::ids::{Author, LineId};

/// What frames out of a bundle came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Frames that no line of ours has keys for.
    pub strange: u64,
    /// Long entries, of all lines, that wait for pieces of theirs: another copy of the bundle may bring them.
    pub unfinished: u64,
    /// What the others held, for each boot that sealed some of them.
    pub from: Vec<ImportedFrom>,
}

/// What one boot of a line's peer had sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportedFrom {
    /// The line.
    pub line: LineId,
    /// Who sealed it; that boot may be long over.
    pub by: Author,
    /// When, by its wall clock; the latest that it says.
    pub sealed: Option<u64>,
    /// Entries that were new here.
    pub fresh: u64,
    /// Entries that were held already.
    pub held: u64,
    /// Entries that were not taken: there is no room for them now (OL-445), or they are not what they should be.
    pub left: u64,
}

impl ImportedFrom {
    /// Nothing of it yet.
    pub fn nothing(line: LineId, by: Author) -> Self {
        Self {
            line,
            by,
            sealed: None,
            fresh: 0,
            held: 0,
            left: 0,
        }
    }

    /// Adds what another part of the same held.
    pub fn add(&mut self, other: &Self) {
        self.sealed = self.sealed.max(other.sealed);
        self.fresh += other.fresh;
        self.held += other.held;
        self.left += other.left;
    }
}

impl Imported {
    /// Adds what other frames came to.
    pub fn add(&mut self, other: &Self) {
        self.strange += other.strange;
        // Those of the parts before are among them.
        self.unfinished = other.unfinished;
        for one in &other.from {
            let same = |it: &&mut ImportedFrom| (it.line, it.by) == (one.line, one.by);
            match self.from.iter_mut().find(same) {
                Some(held) => held.add(one),
                None => self.from.push(*one),
            }
        }
    }
}
