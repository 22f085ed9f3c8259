//! The contact that an accepted ring is: who speaks with whom.

use openline_wire::codes::{Ending, Mark};
use openline_wire::ids::{Author, EntryId};

use super::Book;
use crate::ring::held::Standing;

/// What an accepted ring brings together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The outcome that says so, and counts.
    pub outcome: EntryId,
    /// The boot that rang.
    pub caller: Author,
    /// The boot whose answer the outcome cites.
    pub called: Author,
    /// The ring's mark.
    pub mark: Mark,
    /// Whether a boot of it is gone (OL-627).
    pub is_broken_off: bool,
}

impl Book {
    /// Rings that were accepted.
    pub fn contacts(&self) -> impl Iterator<Item = EntryId> {
        let rings = self.cases.keys().copied();
        rings.filter(|ring| self.accepted(ring).is_some())
    }

    /// Whether an author who knew of some boots knew by them that a boot of a contact is gone.
    pub fn knew_gone(
        &self,
        contact: &EntryId,
        boot: &Author,
        knew: impl Fn(&Author) -> bool,
    ) -> bool {
        let Some(Standing::Ended(ended)) = self.standing(contact) else {
            return false;
        };
        match self.rung(contact) {
            Some(rung) if rung.author == *boot => self.rings.knew_caller_gone(contact, knew),
            _ => ended
                .cites
                .is_some_and(|answer| self.rings.knew_called_gone(contact, &answer, knew)),
        }
    }

    /// Whom a ring brings together; none if its ending is another one, or is not known.
    pub fn accepted(&self, ring: &EntryId) -> Option<Accepted> {
        let held = self.rings.get(ring)?;
        let Standing::Ended(ended) = self.standing(ring)? else {
            return None;
        };
        let answer = ended.cites.filter(|_| ended.ending == Ending::Accepted)?;
        let (rung, called) = (held.ring.as_ref()?, held.answered_by(&answer)?);
        let is_called_gone = self.rings.is_called_gone(ring, &answer);
        Some(Accepted {
            outcome: ended.id,
            caller: rung.author,
            called,
            mark: rung.mark,
            is_broken_off: self.rings.is_caller_gone(ring) || is_called_gone,
        })
    }
}
