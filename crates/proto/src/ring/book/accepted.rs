//! The contact that an accepted ring is: who speaks with whom.

use openline_wire::codes::{Ending, Mark};
use openline_wire::ids::{Author, EntryId};

use super::{Book, Held, Standing};

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
    /// Whom a ring brings together; none if its ending is another one, or is not known.
    pub fn accepted(&self, ring: &EntryId) -> Option<Accepted> {
        let held = &self.cases.get(ring)?.held;
        let Standing::Ended(ended) = self.standing(ring)? else {
            return None;
        };
        let answer = ended.cites.filter(|_| ended.ending == Ending::Accepted)?;
        let (rung, called) = (held.ring.as_ref()?, held.answered_by(&answer)?);
        Some(Accepted {
            outcome: ended.id,
            caller: rung.author,
            called,
            mark: rung.mark,
            is_broken_off: self.is_caller_gone(held) || self.is_called_gone(held, &answer, &called),
        })
    }

    /// As of a caller: a later boot of its node began, of which it did not know when it answered.
    fn is_called_gone(&self, held: &Held, answer: &EntryId, called: &Author) -> bool {
        let mut successors = self.successors.iter();
        successors
            .any(|(boot, successor)| boot == called && !held.answered_knowing(answer, successor))
    }
}
