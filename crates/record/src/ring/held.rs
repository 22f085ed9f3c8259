//! What is held of one ring, and the state that follows from it: the same for everybody who holds the same entries,
//! in whatever order they came (OL-541).

use std::collections::BTreeMap;

use openline_wire::codes::{Answer, Ending, Mark};
use openline_wire::fact::{self, Fact};
use openline_wire::ids::{Author, EntryId, PartyId};
use openline_wire::limits;

/// An entry, as far as rings are concerned. All of them stand in the urgent stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: EntryId,
    /// Who signed it.
    pub author: Author,
    /// Its place in its author's urgent stream.
    pub sequence: u64,
    /// Whether it is meant.
    pub mark: Mark,
    /// How much of others' urgent streams its author had stored: what all heads said up to and with this entry.
    pub heads: Vec<(Author, u64)>,
    /// What it says.
    pub fact: Fact,
}

/// The ring itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rung {
    /// Its caller.
    pub author: Author,
    /// Its place in the caller's urgent stream.
    pub sequence: u64,
    /// Whether it is meant.
    pub mark: Mark,
    /// What the caller had stored when it rang.
    pub heads: Vec<(Author, u64)>,
    /// What it asks for.
    pub ring: fact::Ring,
}

impl Rung {
    /// Whether the two calls were made at once: each to the office from which the other comes, for the same purpose,
    /// and neither by somebody who knew of the other (OL-531).
    pub fn crosses(&self, other: &Self) -> bool {
        let meets = self.ring.from == other.ring.to && self.ring.to == other.ring.from;
        let alike = self.ring.mode == other.ring.mode && self.mark == other.mark;
        meets && alike && !self.knew(other) && !other.knew(self)
    }

    fn knew(&self, other: &Self) -> bool {
        let mut heads = self.heads.iter();
        heads.any(|&(author, size)| author == other.author && size > other.sequence)
    }

    /// Whether the caller had stored anything of a boot when it rang.
    pub fn knew_of(&self, boot: &Author) -> bool {
        self.heads.iter().any(|(author, _)| author == boot)
    }
}

/// An outcome that its caller wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ended {
    /// The outcome's id: a talk's keys bind it.
    pub id: EntryId,
    /// Its place in the caller's urgent stream.
    pub sequence: u64,
    /// How it ended.
    pub ending: Ending,
    /// Its ground.
    pub cites: Option<EntryId>,
}

impl Standing {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Calling => "calling",
            Self::Ringing => "ringing",
            Self::Answered => "answered",
            Self::BrokenOff => "broken-off",
            Self::Ended(ended) => ended.ending.word(),
        }
    }
}

/// The state of a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It is not known to ring anywhere.
    Calling,
    /// It rings.
    Ringing,
    /// Answered; what the answer is worth the caller has not said.
    Answered,
    /// Its caller is gone, and no outcome is known. Never final.
    BrokenOff,
    /// It has its outcome.
    Ended(Ended),
}

/// What is held of one ring. The parts come in any order, and some never.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Held {
    /// The ring.
    pub ring: Option<Rung>,
    ringings: BTreeMap<Author, EntryId>,
    answers: BTreeMap<EntryId, Said>,
    /// Of each author the outcome with the lowest sequence. Only the caller's counts, and the ring may come last.
    outcomes: BTreeMap<Author, Ended>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Said {
    by: Author,
    answer: Answer,
    /// Boots of its author's node of which he had stored something.
    siblings: Vec<Author>,
}

/// Ringings, answers and outcomes kept of one ring: as many as boots are followed.
const KEPT: usize = limits::BOOTS;

impl Held {
    /// A boot signed that it rings. The first counts.
    pub fn ringing(&mut self, note: &Note) {
        if self.ringings.len() < KEPT {
            self.ringings.entry(note.author).or_insert(note.id);
        }
    }

    /// A boot answered.
    pub fn answer(&mut self, note: &Note, answer: Answer) {
        if self.answers.len() < KEPT {
            let by = note.author;
            let heads = note.heads.iter().map(|(boot, _)| *boot);
            let is_sibling = |it: &Author| (it.party, it.node) == (by.party, by.node);
            let siblings = heads.filter(is_sibling).take(KEPT).collect();
            let said = Said {
                by,
                answer,
                siblings,
            };
            self.answers.insert(note.id, said);
        }
    }

    /// Somebody wrote an outcome.
    pub fn outcome(&mut self, note: &Note, outcome: &fact::Outcome) {
        let ended = Ended {
            id: note.id,
            sequence: note.sequence,
            ending: outcome.ending,
            cites: outcome.cites,
        };
        let earlier = self.outcomes.get(&note.author);
        let is_first = earlier.is_none_or(|earlier| ended.sequence < earlier.sequence);
        if is_first && (earlier.is_some() || self.outcomes.len() < KEPT) {
            self.outcomes.insert(note.author, ended);
        }
    }

    /// Whether a boot of the called side signed that it rings.
    pub fn rings_at(&self, boot: &Author) -> bool {
        self.is_called(boot) && self.ringings.contains_key(boot)
    }

    /// A ringing of the called side.
    pub fn any_ringing(&self) -> Option<EntryId> {
        let mut ringings = self.ringings.iter();
        let called = ringings.find(|(boot, _)| self.is_called(boot));
        called.map(|(_, id)| *id)
    }

    /// Answers of a boot.
    pub fn answers_of(&self, boot: &Author) -> Vec<(EntryId, Answer)> {
        let answers = self.answers.iter();
        let of_boot = answers.filter(|(_, said)| said.by == *boot);
        of_boot.map(|(id, said)| (*id, said.answer)).collect()
    }

    /// The answer that the caller's outcome cites, or else one that may count.
    pub fn an_answer(&self) -> Option<EntryId> {
        let cited = self.callers_outcome().and_then(|ended| ended.cites);
        let cited = cited.filter(|cited| self.answers.contains_key(cited));
        let mut answers = self.answers.iter();
        let held = answers.find(|(_, said)| self.rings_at(&said.by));
        cited.or(held.map(|(id, _)| *id))
    }

    /// Who wrote an answer.
    pub fn answered_by(&self, answer: &EntryId) -> Option<Author> {
        self.answers.get(answer).map(|said| said.by)
    }

    /// Whether who wrote an answer had stored anything of another boot of his node by then.
    pub fn answered_knowing(&self, answer: &EntryId, boot: &Author) -> bool {
        let said = self.answers.get(answer);
        said.is_some_and(|said| said.siblings.contains(boot))
    }

    /// The caller's outcome, whether it counts or not.
    pub fn callers_outcome(&self) -> Option<&Ended> {
        self.outcomes.get(&self.ring.as_ref()?.author)
    }

    /// The state: `caller_gone` if a later boot's start names the caller, `ring_of` tells whose ring an entry is.
    pub fn standing(
        &self,
        caller_gone: bool,
        ring_of: impl Fn(&EntryId) -> Option<PartyId>,
    ) -> Option<Standing> {
        let ring = self.ring.as_ref()?;
        let ended = self.callers_outcome();
        let ended = ended.filter(|ended| self.has_grounds(ring, ended, ring_of));
        Some(match ended {
            Some(ended) => Standing::Ended(*ended),
            None if caller_gone => Standing::BrokenOff,
            None if self.is_answered() => Standing::Answered,
            None if self.any_ringing().is_some() => Standing::Ringing,
            None => Standing::Calling,
        })
    }

    fn is_answered(&self) -> bool {
        let mut answers = self.answers.values();
        answers.any(|said| self.rings_at(&said.by))
    }

    fn is_called(&self, boot: &Author) -> bool {
        let ring = self.ring.as_ref();
        ring.is_some_and(|rung| rung.ring.to.party == boot.party)
    }

    /// Whether what an outcome cites is what its ending asks for (OL-541).
    fn has_grounds(
        &self,
        ring: &Rung,
        ended: &Ended,
        ring_of: impl Fn(&EntryId) -> Option<PartyId>,
    ) -> bool {
        let Some(cites) = &ended.cites else {
            return !ended.ending.cites();
        };
        match ended.ending {
            Ending::Withdrawn | Ending::Unreachable => false,
            Ending::Accepted | Ending::Declined | Ending::Later => {
                let cited = self.answers.get(cites);
                cited.is_some_and(|said| {
                    said.answer.ending() == ended.ending && self.rings_at(&said.by)
                })
            }
            Ending::Unanswered => {
                let mut ringings = self.ringings.iter();
                ringings.any(|(by, id)| id == cites && self.is_called(by))
            }
            Ending::Merged => ring_of(cites) == Some(ring.ring.to.party),
        }
    }
}
