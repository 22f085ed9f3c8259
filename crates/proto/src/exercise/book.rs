//! The exercises of a line, in one boot: what is held of each, and which is in force.
//!
//! All of it follows from the entries held, in whatever order they came, and from the time. Only that an exercise is over is kept in
//! mind: a clock that is set back begins none anew (OL-788).

use std::collections::{BTreeMap, BTreeSet};

use openline_wire::codes::Mark;
use openline_wire::fact::{ExerciseAccepted, ExerciseEnded, ExerciseProposed, Fact};
use openline_wire::header::Actor;
use openline_wire::ids::{EntryId, PartyId};
use openline_wire::limits;

use super::request::{NotDone, Request};
use super::stands;
use crate::contract::Moment;
use crate::watch::known::Note;

/// Who signed a part of it, and when by his clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The entry.
    pub id: EntryId,
    /// Whose.
    pub party: PartyId,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: u64,
}

/// An exercise, proposed or in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Who proposed it.
    pub proposed: Signed,
    /// Who accepted it: then it is in force, and this entry names it.
    pub accepted: Option<Signed>,
    /// When it ends by itself, by our clock.
    pub until: u64,
}

/// A proposal that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Proposal {
    signed: Signed,
    until: u64,
    /// When it ends by itself, by our wall clock as it was then: another clock may be years away.
    ends: u64,
    /// When it is over at the latest, by our monotonic clock.
    lasts_to: u64,
    is_over: bool,
}

/// The exercises of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    own: PartyId,
    parties: BTreeSet<PartyId>,
    proposals: BTreeMap<EntryId, Proposal>,
    /// Acceptances by the proposals that they name, which may not be held yet.
    accepted: BTreeMap<EntryId, BTreeMap<EntryId, Signed>>,
    /// Proposals that a party ended, likewise.
    ended: BTreeSet<(PartyId, EntryId)>,
}

impl Book {
    /// None yet. The parties are those of the charter: of others nothing is kept.
    pub fn new(own: PartyId, parties: impl IntoIterator<Item = PartyId>) -> Self {
        Self {
            own,
            parties: parties.into_iter().collect(),
            proposals: BTreeMap::new(),
            accepted: BTreeMap::new(),
            ended: BTreeSet::new(),
        }
    }

    /// Takes an entry of an urgent stream into account, ours or theirs.
    pub fn observe(&mut self, note: &Note, now: Moment) {
        if note.mark != Mark::Real || !self.parties.contains(&note.author.party) {
            return;
        }
        let signed = Signed {
            id: note.id,
            party: note.author.party,
            by: note.actor.clone(),
            at: note.time,
        };
        match &note.fact {
            Fact::ExerciseProposed(it) => self.proposed(signed, *it, note.age, now),
            Fact::ExerciseAccepted(ExerciseAccepted { proposal }) => {
                self.forget_what_waits(signed.party);
                let accepted = self.accepted.entry(*proposal).or_default();
                let of_party = accepted.values().filter(|it| it.party == signed.party);
                // What one party writes takes no room of the other's.
                if of_party.count() < limits::BOOTS {
                    accepted.insert(signed.id, signed);
                }
            }
            Fact::ExerciseEnded(ExerciseEnded { proposal }) => {
                self.forget_what_waits(signed.party);
                self.ended.insert((signed.party, *proposal));
            }
            _ => return,
        }
        self.lapse(now);
    }

    /// One that is over before it begins, or lasts too long, nobody could mean (OL-781).
    fn proposed(&mut self, signed: Signed, fact: ExerciseProposed, age: u64, now: Moment) {
        let Some(lasts) = stands::lasts(signed.at, fact) else {
            return;
        };
        self.make_room_for(&signed.party);
        let left = lasts.saturating_sub(age);
        let proposal = Proposal {
            until: fact.until,
            ends: fact.until.min(now.wall.saturating_add(left)),
            lasts_to: now.monotonic.saturating_add(left),
            is_over: false,
            signed,
        };
        self.proposals.insert(proposal.signed.id, proposal);
    }

    /// Of too many of a party, those give way that are over, then those that nobody accepted, the one first that would be over first.
    fn make_room_for(&mut self, party: &PartyId) {
        let of_party = || {
            let all = self.proposals.iter();
            all.filter(|(_, it)| it.signed.party == *party)
        };
        if of_party().count() < limits::EXERCISES {
            return;
        }
        let runs = |id: &EntryId, it: &Proposal| self.accepted(id, it).next().is_some();
        let first = of_party().min_by_key(|(id, it)| (!it.is_over, runs(id, it), it.until));
        if let Some(id) = first.map(|(id, _)| *id) {
            self.proposals.remove(&id);
            self.accepted.remove(&id);
            self.ended.retain(|(_, ended)| *ended != id);
        }
    }

    /// What a party writes that names nothing held may wait for it, but not without bound.
    fn forget_what_waits(&mut self, party: PartyId) {
        const MOST: usize = 2 * limits::EXERCISES;
        let waits = |id: &EntryId| !self.proposals.contains_key(id);
        let is_its = |signed: &Signed| signed.party == party;
        let accepted = self.accepted.iter();
        let accepted = accepted.filter(|(id, all)| waits(id) && all.values().any(is_its));
        let accepted: Vec<EntryId> = accepted.map(|(id, _)| *id).collect();
        let ended = self.ended.iter();
        let ended = ended.filter(|(by, id)| *by == party && waits(id));
        let ended: Vec<EntryId> = ended.map(|(_, id)| *id).collect();
        if let [first, ..] = accepted.as_slice()
            && accepted.len() >= MOST
            && let Some(all) = self.accepted.get_mut(first)
        {
            all.retain(|_, signed| !is_its(signed));
        }
        if let [first, ..] = ended.as_slice()
            && ended.len() >= MOST
        {
            self.ended.remove(&(party, *first));
        }
        self.accepted.retain(|_, all| !all.is_empty());
    }

    /// Notes which are over by now. Tells whether one has ended that was in force.
    pub fn lapse(&mut self, now: Moment) -> bool {
        let (accepted, ended) = (&self.accepted, &self.ended);
        let mut has_ended = false;
        for (id, proposal) in &mut self.proposals {
            let is_over = ended.iter().any(|(_, it)| it == id)
                || now.wall >= proposal.until
                || now.monotonic >= proposal.lasts_to;
            if is_over && !proposal.is_over {
                proposal.is_over = true;
                has_ended |= accepted.contains_key(id);
            }
        }
        has_ended
    }

    /// When [`Self::lapse`] may find another one over.
    pub fn changes_at(&self, now: Moment) -> Option<u64> {
        let running = self.proposals.values().filter(|it| !it.is_over);
        let ends = running.map(|it| {
            let by_wall = it.until.saturating_sub(now.wall);
            it.lasts_to.min(now.monotonic.saturating_add(by_wall))
        });
        ends.min()
    }

    /// Those that are proposed or in force, as far as [`Self::lapse`] knew last.
    pub fn shown(&self) -> impl Iterator<Item = Shown> {
        let running = self.proposals.iter().filter(|(_, it)| !it.is_over);
        running.map(|(id, proposal)| Shown {
            proposed: proposal.signed.clone(),
            accepted: self.accepted(id, proposal).next().cloned(),
            until: proposal.ends,
        })
    }

    /// The one that is in force, by the entry that names it; of several the one that was accepted first.
    pub fn in_force(&self) -> Option<EntryId> {
        let accepted = self.shown().filter_map(|shown| shown.accepted);
        let first = accepted.min_by_key(|signed| (signed.at, signed.id));
        first.map(|signed| signed.id)
    }

    /// Whether the exercise that an entry names is in force.
    pub fn is_in_force(&self, exercise: &EntryId) -> bool {
        let mut running = self.proposals.iter().filter(|(_, it)| !it.is_over);
        running.any(|(id, proposal)| self.accepted(id, proposal).any(|it| it.id == *exercise))
    }

    /// What counts as its acceptance: another party's (OL-782).
    fn accepted(&self, id: &EntryId, proposal: &Proposal) -> impl Iterator<Item = &Signed> {
        let by = proposal.signed.party;
        let named = self.accepted.get(id).into_iter().flat_map(BTreeMap::values);
        named.filter(move |signed| signed.party != by)
    }

    /// What is to be written for a person of our own party.
    pub fn ask(&self, request: Request, now: Moment) -> Result<Vec<Fact>, NotDone> {
        match request {
            Request::Propose(for_ms) => self.propose(for_ms, now),
            Request::Accept(proposal) => self.accept(proposal),
            Request::End => self.end(),
        }
    }

    fn propose(&self, for_ms: u64, now: Moment) -> Result<Vec<Fact>, NotDone> {
        if self.in_force().is_some() {
            return Err(NotDone::Runs);
        }
        if self.shown().any(|it| it.proposed.party == self.own) {
            return Err(NotDone::ProposedAlready);
        }
        let until = now.wall.saturating_add(for_ms).min(limits::LATEST_TIME_MS);
        Ok(vec![Fact::ExerciseProposed(ExerciseProposed { until })])
    }

    fn accept(&self, proposal: EntryId) -> Result<Vec<Fact>, NotDone> {
        let held = self.proposals.get(&proposal);
        let held = held.ok_or(NotDone::NoSuchProposal)?;
        if held.signed.party == self.own {
            return Err(NotDone::OurProposal);
        }
        if held.is_over {
            return Err(NotDone::Over);
        }
        match self.in_force() {
            Some(_) => Err(NotDone::Runs),
            None => Ok(vec![Fact::ExerciseAccepted(ExerciseAccepted { proposal })]),
        }
    }

    fn end(&self) -> Result<Vec<Fact>, NotDone> {
        let (running, proposed): (Vec<Shown>, Vec<Shown>) =
            self.shown().partition(|it| it.accepted.is_some());
        let ends = if running.is_empty() {
            proposed
        } else {
            running
        };
        if ends.is_empty() {
            return Err(NotDone::NothingToEnd);
        }
        let ended = ends.iter().map(|it| {
            let proposal = it.proposed.id;
            Fact::ExerciseEnded(ExerciseEnded { proposal })
        });
        Ok(ended.collect())
    }
}
