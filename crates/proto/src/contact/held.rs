//! What is held of one contact: the entries that name it, whoever wrote them, in the order of their chains.

use std::collections::BTreeMap;

use openline_wire::codes::Mark;
use openline_wire::fact::Fact;
use openline_wire::ids::{Author, EntryId};
use openline_wire::limits;

use crate::ring::book::Accepted;
use crate::ring::held::Note;

/// An entry of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: EntryId,
    mark: Mark,
    /// What its author had stored of other parties' urgent streams.
    heads: BTreeMap<Author, u64>,
    /// What it says.
    pub fact: Fact,
}

impl Kept {
    fn of(note: &Note) -> Self {
        let others = note.heads.iter();
        let others = others.filter(|(boot, _)| boot.party != note.author.party);
        Self {
            id: note.id,
            mark: note.mark,
            heads: others.copied().take(limits::BOOTS).collect(),
            fact: note.fact.clone(),
        }
    }

    /// How much of a boot's urgent stream its author had stored.
    pub fn knew(&self, boot: &Author) -> u64 {
        self.heads.get(boot).copied().unwrap_or(0)
    }
}

/// An entry with its place in its author's urgent stream.
pub type Placed<'a> = (u64, &'a Kept);

/// The entries that name one contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held(BTreeMap<(Author, u64), Kept>);

impl Held {
    /// Of a contact that no entry names yet.
    pub const fn nothing() -> Self {
        Self(BTreeMap::new())
    }

    /// Takes an entry in, if it is one of those that count (OL-621).
    pub fn take(&mut self, note: &Note) {
        let author = note.author;
        self.0.insert((author, note.sequence), Kept::of(note));
        if self.count_of(author) > limits::ENTRIES_IN_ONE_CONTACT {
            let last = self.0.range((author, 0)..=(author, u64::MAX)).next_back();
            let last = last.map(|((_, sequence), _)| *sequence);
            last.into_iter().for_each(|it| self.leave(author, it));
        }
    }

    /// How many entries of a boot count.
    pub fn count_of(&self, boot: Author) -> usize {
        self.0.range((boot, 0)..=(boot, u64::MAX)).count()
    }

    /// Whether no entry that counts names it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Leaves one out again.
    pub fn leave(&mut self, author: Author, sequence: u64) {
        self.0.remove(&(author, sequence));
    }

    /// What counts of one of the contact's boots, in order (OL-621).
    pub fn of<'a>(&'a self, contact: &Accepted, boot: Author) -> impl Iterator<Item = Placed<'a>> {
        let mark = contact.mark;
        let all = self.0.range((boot, 0)..=(boot, u64::MAX));
        let right = all.filter(move |(_, kept)| kept.mark == mark);
        right.map(|((_, sequence), kept)| (*sequence, kept))
    }
}

/// The contact that an entry names, if it belongs to one.
pub fn contact_of(fact: &Fact) -> Option<EntryId> {
    Some(match fact {
        Fact::Verifying(it) => it.contact,
        Fact::Verified(it) => it.contact,
        Fact::Proposal(it) => it.contact,
        Fact::ReadBack(it) => it.contact,
        Fact::Settlement(it) => it.contact,
        Fact::ContactClosed(it) => it.contact,
        _ => return None,
    })
}
