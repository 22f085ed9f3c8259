//! How rings stand, and what of it may be called final.

use openline_seal::sabotage::{Bug, RingBug, planted};
use openline_wire::codes::{Ending, Mark};
use openline_wire::ids::{Author, EntryId};

use super::{Book, Part};
use crate::ring::held::{Ended, Rung, Standing};

/// All that may be shown of a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The ring.
    pub ring: EntryId,
    /// Whether it is meant; none while the ring itself is not held.
    pub mark: Option<Mark>,
    /// How it stands.
    pub standing: Standing,
    /// Its ending can't change any more, whatever comes (OL-542).
    pub is_final: bool,
    /// What this boot does in it.
    pub part: Option<Part>,
    /// An entry by which the called side said that it rings there.
    pub ringing: Option<EntryId>,
    /// The answer that counted, or while nothing is decided the one that is held.
    pub answer: Option<EntryId>,
}

impl Shown {
    /// Whether it ended, and only a head of the other side's is missing to call that final.
    pub fn awaits_cover(&self) -> bool {
        matches!(self.standing, Standing::Ended(_)) && !self.is_final
    }
}

impl Book {
    /// Every ring that is held, as it is to be shown.
    pub fn shown(&self) -> impl Iterator<Item = Shown> {
        self.cases.iter().filter_map(|(&ring, case)| {
            Some(Shown {
                ring,
                mark: self.rung(&ring).map(|rung| rung.mark),
                standing: self.standing(&ring)?,
                is_final: self.ended_for_good(&ring).is_some(),
                part: case.part,
                ringing: self.rings.get(&ring)?.any_ringing(),
                answer: self.rings.get(&ring)?.an_answer(),
            })
        })
    }

    /// A ring as its caller wrote it.
    pub fn rung(&self, ring: &EntryId) -> Option<&Rung> {
        self.rings.rung(ring)
    }

    /// The ring at a place of a boot's urgent stream.
    pub fn rung_at(&self, author: &Author, place: u64) -> Option<&Rung> {
        let mut rings = self.cases.keys().filter_map(|ring| self.rung(ring));
        rings.find(|rung| rung.author == *author && rung.sequence == place)
    }

    /// How a ring stands; none if the ring itself is not held.
    pub fn standing(&self, ring: &EntryId) -> Option<Standing> {
        self.rings.standing(ring)
    }

    /// How a ring ended for good, as this side may say (OL-542).
    pub fn ended_for_good(&self, ring: &EntryId) -> Option<Ended> {
        let rung = self.rung(ring)?;
        let ended = match self.standing(ring)? {
            Standing::Ended(ended) => ended,
            Standing::BrokenOff if planted(Bug::Ring(RingBug::BrokenOffFinal)) => return A_GUESS,
            _ => return None,
        };
        let is_called = rung.ring.to.party == self.own.party;
        let (party, caller) = (rung.ring.to.party, rung.author);
        let is_covered = self.rings.is_covered_by(party, caller, ended.sequence);
        let is_final = is_called || is_covered || planted(Bug::Ring(RingBug::FinalUncovered));
        is_final.then_some(ended)
    }

    /// With whom this boot may open a talk of a ring, once that boot is freshly echoed, and the outcome that its keys
    /// bind (OL-543).
    pub fn talk(&self, ring: &EntryId) -> Option<(Author, EntryId)> {
        let held = self.rings.get(ring)?;
        let caller = held.ring.as_ref()?.author;
        let Standing::Ended(ended) = self.standing(ring)? else {
            return None;
        };
        let is_gone =
            self.rings.is_caller_gone(ring) && !planted(Bug::Ring(RingBug::TalkOfTheDead));
        if ended.ending != Ending::Accepted || is_gone {
            return None;
        }
        let called = held.answered_by(&ended.cites?)?;
        match self.own {
            own if own == caller => Some((called, ended.id)),
            own if own == called => Some((caller, ended.id)),
            _ => None,
        }
    }
}

/// What the planted bug takes for an outcome.
const A_GUESS: Option<Ended> = Some(Ended {
    id: EntryId([0; 32]),
    sequence: 0,
    ending: Ending::Unreachable,
    cites: None,
});
