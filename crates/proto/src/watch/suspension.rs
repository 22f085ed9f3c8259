//! Suspensions: a party suspends the line by itself, and what the line still carries then.
//!
//! A suspension is there until an entry of the same party names it as ended. So what crosses an end stands, whoever comes
//! first (OL-733).

use std::collections::{BTreeMap, BTreeSet};

use openline_wire::codes::{Kind, Mark, Precedence, SuspensionReason};
use openline_wire::fact::{Fact, Resumed, Ring, Suspended};
use openline_wire::header::Actor;
use openline_wire::ids::{EntryId, PartyId};
use openline_wire::limits;
use openline_wire::office::{Office, OfficeRef};

use super::known::Note;

/// The level of the watch: rings between such offices are no principals' rings.
const LEVEL_OF_THE_WATCH: u64 = 1;

/// A suspension in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    /// The entry.
    pub id: EntryId,
    /// Whose.
    pub party: PartyId,
    /// Since when, by the clock of who signed it.
    pub since: u64,
    /// Who signed it.
    pub by: Actor,
    /// Why.
    pub reason: SuspensionReason,
}

/// What is asked of a line that may be suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act<'a> {
    /// To write an entry other than a ring.
    Write(Kind, Precedence),
    /// To ring, or to let a ring sound.
    Ring(&'a Ring),
}

/// The suspensions of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspensions {
    own: PartyId,
    parties: BTreeMap<PartyId, Held>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Held {
    suspended: BTreeMap<EntryId, Suspension>,
    /// Ends of suspensions that are not held yet.
    resumed: BTreeSet<EntryId>,
}

impl Suspensions {
    /// None yet. The parties are those of the charter.
    pub fn new(own: PartyId, parties: impl IntoIterator<Item = PartyId>) -> Self {
        let parties = parties.into_iter().map(|party| (party, Held::default()));
        Self {
            own,
            parties: parties.collect(),
        }
    }

    /// Takes an entry of an urgent stream into account, ours or theirs, once.
    pub fn observe(&mut self, note: &Note) {
        let held = self.parties.get_mut(&note.author.party);
        let Some(held) = held.filter(|_| note.mark == Mark::Real) else {
            return;
        };
        match &note.fact {
            Fact::Suspended(suspended) => held.suspended(note, suspended.reason),
            Fact::Resumed(resumed) => {
                for id in &resumed.suspensions {
                    held.resumed(*id);
                }
            }
            _ => {}
        }
    }

    /// Those in force, both parties'.
    pub fn in_force(&self) -> impl Iterator<Item = &Suspension> {
        self.parties
            .values()
            .flat_map(|held| held.suspended.values())
    }

    /// What is to be written to suspend the line for our side; nothing if it is.
    pub fn suspend(&self, reason: SuspensionReason) -> Option<Fact> {
        let mut own = self.in_force().filter(|it| it.party == self.own);
        let is_new = own.next().is_none();
        is_new.then_some(Fact::Suspended(Suspended { reason }))
    }

    /// What is to be written to end every suspension of our side; nothing if there is none.
    pub fn resume(&self) -> Vec<Fact> {
        let own = self.in_force().filter(|it| it.party == self.own);
        let own: Vec<EntryId> = own.map(|it| it.id).collect();
        let at_once = own.chunks(limits::ENDED_AT_ONCE);
        let resumed = at_once.map(|ids| {
            let suspensions = ids.to_vec();
            Fact::Resumed(Resumed { suspensions })
        });
        resumed.collect()
    }

    /// Whether a line carries this, and if not, the suspension that says why (OL-734): of our own side's, if both
    /// suspended it.
    pub fn allows(&self, act: Act<'_>, offices: &[Office]) -> Result<(), &Suspension> {
        let goes_on = match act {
            Act::Write(Kind::Message, precedence) => precedence == Precedence::Flash,
            Act::Write(..) => true,
            Act::Ring(ring) => {
                let is_watch = |office| is_of_the_watch(office, offices);
                is_watch(&ring.from) && is_watch(&ring.to)
            }
        };
        let first = self
            .in_force()
            .min_by_key(|it| (it.party != self.own, it.id));
        match first {
            Some(suspension) if !goes_on => Err(suspension),
            _ => Ok(()),
        }
    }
}

/// An office that the charter does not name is not the watch.
fn is_of_the_watch(office: &OfficeRef, offices: &[Office]) -> bool {
    let named = offices.iter().find(|it| it.id == *office);
    named.is_some_and(|it| it.level == LEVEL_OF_THE_WATCH)
}

impl Held {
    fn suspended(&mut self, note: &Note, reason: SuspensionReason) {
        // Whose end came first is over.
        if self.resumed.remove(&note.id) || self.suspended.len() >= limits::WATCH_ENTRIES {
            return;
        }
        let suspension = Suspension {
            id: note.id,
            party: note.author.party,
            since: note.time,
            by: note.actor.clone(),
            reason,
        };
        self.suspended.insert(note.id, suspension);
    }

    fn resumed(&mut self, id: EntryId) {
        let is_held = self.suspended.remove(&id).is_some();
        if !is_held && self.resumed.len() < limits::WATCH_ENTRIES {
            self.resumed.insert(id);
        }
    }
}
