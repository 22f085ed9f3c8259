//! What a record says of rings (`spec/rings.md`): how each stands, by whose word. The same for everybody who holds the same
//! entries, in whatever order they came (OL-541). Who decides what is not said here: that is the stations' (openline-proto).

pub mod held;
pub mod seen;

use std::collections::{BTreeMap, BTreeSet};

use openline_wire::codes::Mark;
use openline_wire::fact::Fact;
use openline_wire::ids::{Author, BootId, EntryId, PartyId};

use held::{Held, Note, Rung, Standing};

/// The rings of a line, as far as their entries are held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rings {
    /// What bears another mark than the ring is held apart, so that no exercise becomes real (OL-786): only the one that has
    /// the ring itself counts.
    held: BTreeMap<(EntryId, Mark), Held>,
    /// Boots that later boots' starts name, and those boots.
    successors: BTreeSet<(Author, Author)>,
    /// How much of a boot's urgent stream anybody of a party signed that he holds.
    covered: BTreeMap<(PartyId, Author), u64>,
}

impl Rings {
    /// Takes an entry into account.
    pub fn observe(&mut self, note: &Note) {
        for &(of, size) in &note.heads {
            let covered = self.covered.entry((note.author.party, of)).or_insert(0);
            *covered = (*covered).max(size);
        }
        match &note.fact {
            Fact::Start(start) => {
                let Author { party, node, .. } = note.author;
                let named = start.frontier.iter().map(|end| end.boot);
                let pairs = named.map(|boot| (Author { party, node, boot }, note.author));
                self.successors.extend(pairs);
            }
            Fact::Ring(ring) => {
                self.of(&note.id, note.mark).ring = Some(Rung {
                    author: note.author,
                    sequence: note.sequence,
                    mark: note.mark,
                    heads: note.heads.clone(),
                    ring: ring.clone(),
                });
            }
            Fact::Ringing(ringing) => self.of(&ringing.ring, note.mark).ringing(note),
            Fact::Answered(answered) => {
                self.of(&answered.ring, note.mark)
                    .answer(note, answered.answer);
            }
            Fact::Outcome(outcome) => self.of(&outcome.ring, note.mark).outcome(note, outcome),
            _ => {}
        }
    }

    fn of(&mut self, ring: &EntryId, mark: Mark) -> &mut Held {
        self.held.entry((*ring, mark)).or_default()
    }

    /// What is held of a ring and bears its mark; none before the ring itself is held.
    pub fn get(&self, ring: &EntryId) -> Option<&Held> {
        let mut marked = Mark::ALL
            .iter()
            .filter_map(|mark| self.held.get(&(*ring, *mark)));
        marked.find(|held| held.ring.is_some())
    }

    /// A ring as its caller wrote it.
    pub fn rung(&self, ring: &EntryId) -> Option<&Rung> {
        self.get(ring)?.ring.as_ref()
    }

    /// Every ring that is held, in the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = (&EntryId, &Held)> {
        let rings = self.held.iter().filter(|(_, held)| held.ring.is_some());
        rings.map(|((ring, _), held)| (ring, held))
    }

    /// Forgets a ring.
    pub fn forget(&mut self, ring: &EntryId) {
        for mark in Mark::ALL {
            self.held.remove(&(*ring, *mark));
        }
    }

    /// How a ring stands; none if the ring itself is not held.
    pub fn standing(&self, ring: &EntryId) -> Option<Standing> {
        let held = self.get(ring)?;
        let mark = held.ring.as_ref()?.mark;
        let ring_of = |other: &EntryId| {
            let rung = self.rung(other).filter(|rung| rung.mark == mark);
            rung.map(|rung| rung.author.party)
        };
        held.standing(self.is_caller_gone(ring), ring_of)
    }

    /// Whether a later boot of the caller's node began, of which the caller did not know when it rang: beside a copy that
    /// began earlier a boot that lives goes on ringing (OL-514).
    pub fn is_caller_gone(&self, ring: &EntryId) -> bool {
        self.knew_caller_gone(ring, |_| true)
    }

    /// Whether an author who knew of some boots knew that by one of them.
    pub fn knew_caller_gone(&self, ring: &EntryId, knew: impl Fn(&Author) -> bool) -> bool {
        let rung = self.rung(ring);
        rung.is_some_and(|rung| self.is_gone(rung.author, |boot| !rung.knew_of(boot) && knew(boot)))
    }

    /// As of a caller: a later boot of its node began, of which the one that answered did not know then (OL-627).
    pub fn is_called_gone(&self, ring: &EntryId, answer: &EntryId) -> bool {
        self.knew_called_gone(ring, answer, |_| true)
    }

    /// Whether an author who knew of some boots knew that by one of them.
    pub fn knew_called_gone(
        &self,
        ring: &EntryId,
        answer: &EntryId,
        knew: impl Fn(&Author) -> bool,
    ) -> bool {
        let held = self.get(ring);
        let answered = held.and_then(|held| Some((held, held.answered_by(answer)?)));
        answered.is_some_and(|(held, by)| {
            self.is_gone(by, |boot| {
                !held.answered_knowing(answer, boot) && knew(boot)
            })
        })
    }

    /// Whether a boot has a successor of this sort.
    fn is_gone(&self, boot: Author, counts: impl Fn(&Author) -> bool) -> bool {
        let first = Author {
            boot: BootId([0; 16]),
            ..boot
        };
        let later = self.successors.range((boot, first)..);
        let mut its = later.take_while(|(of, _)| *of == boot);
        its.any(|(_, successor)| counts(successor))
    }

    /// Whether anybody of a party signed that he holds the entry at a place of a boot's urgent stream (OL-542).
    pub fn is_covered_by(&self, party: PartyId, author: Author, sequence: u64) -> bool {
        let seen = self.covered.get(&(party, author));
        seen.is_some_and(|&size| size > sequence)
    }
}
