//! What a record proves of rings: that one side rang, that it rang at the other, what that answered, how it ended; each by the
//! signature of whoever it was up to.

use std::collections::BTreeMap;

use openline_wire::codes::{Ending, Mark};
use openline_wire::entry::Entry;
use openline_wire::fact;
use openline_wire::ids::{Author, EntryId};

use crate::ring::Rings;
use crate::ring::held::Standing;
use crate::ring::seen::Seen;

/// An entry that proves something of a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The entry.
    pub entry: EntryId,
    /// Who signed it.
    pub by: Author,
    /// When, by his clock.
    pub time: u64,
}

/// A ring, as the record proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// That it was rung.
    pub rung: Proof,
    /// By which office, and which was called.
    pub ring: fact::Ring,
    /// Whether it was meant.
    pub mark: Mark,
    /// How it stands by what is held; what is not held may say more.
    pub standing: Standing,
    /// That it rang at the called side.
    pub ringing: Option<Proof>,
    /// What that answered.
    pub answer: Option<Proof>,
    /// How it ended.
    pub outcome: Option<Proof>,
    /// What its caller signed of its end, where the ground that he cites is not in the record: that may prove another end than
    /// `standing`.
    pub claim: Option<Claim>,
    /// An entry here shows that its caller's boot signed more than is here: how it ended may stand there.
    pub is_cut: bool,
}

/// An outcome whose ground is not held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The outcome.
    pub outcome: Proof,
    /// Its place in its caller's urgent stream.
    pub sequence: u64,
    /// How it says that the ring ended.
    pub ending: Ending,
    /// The entry that it cites.
    pub cites: EntryId,
}

impl Attempt {
    /// Whether an entry that is not here may say how it ended. Nobody can then say that it was broken off.
    pub fn is_in_doubt(&self) -> bool {
        self.claim.is_some() || self.is_cut && self.outcome.is_none()
    }
}

/// Collects what authentic entries say of rings.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    seen: Seen,
    rings: Rings,
    proofs: BTreeMap<EntryId, Proof>,
}

impl Attempts {
    /// An authentic entry, in its place.
    pub(crate) fn push(&mut self, entry: &Entry) {
        let (id, header) = (entry.id(), entry.header());
        if header.kind.is_of_a_ring() {
            let proof = Proof {
                entry: id,
                by: header.author,
                time: header.time,
            };
            self.proofs.insert(id, proof);
        }
        for entry in self.seen.take(id, header, 0) {
            self.rings.observe(&entry.note);
        }
    }

    /// All of them, in the order of their callers' clocks. `is_cut` tells whether a boot signed more of its urgent stream than is held.
    pub(crate) fn all(&self, is_cut: impl Fn(&Author) -> bool) -> Vec<Attempt> {
        let rings = self.rings.all().filter_map(|(ring, held)| {
            let rung = held.ring.as_ref()?;
            let proof = |id: Option<EntryId>| self.proofs.get(&id?).copied();
            let standing = self.rings.standing(ring)?;
            let outcome = match standing {
                Standing::Ended(ended) => Some(ended.id),
                _ => None,
            };
            let ended = held.callers_outcome().filter(|_| outcome.is_none());
            let claim = ended.and_then(|ended| {
                let cites = ended.cites.filter(|id| !self.proofs.contains_key(id))?;
                Some(Claim {
                    outcome: proof(Some(ended.id))?,
                    sequence: ended.sequence,
                    ending: ended.ending,
                    cites,
                })
            });
            Some(Attempt {
                rung: proof(Some(*ring))?,
                ring: rung.ring.clone(),
                mark: rung.mark,
                standing,
                ringing: proof(held.any_ringing()),
                answer: proof(held.an_answer()),
                outcome: proof(outcome),
                claim,
                is_cut: is_cut(&rung.author),
            })
        });
        let mut rings: Vec<Attempt> = rings.collect();
        rings.sort_by_key(|attempt| (attempt.rung.time, attempt.rung.entry));
        rings
    }
}
