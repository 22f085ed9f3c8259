//! The rings of this boot: what happens to them, and their one outcome.

use openline_seal::sabotage::{Bug, RingBug, planted};
use openline_wire::codes::{Answer, Ending, Mark};
use openline_wire::fact::{Fact, Outcome, Ring};
use openline_wire::ids::{Author, EntryId};
use openline_wire::limits;

use super::{Book, Case, NotDone, Part};
use crate::ring::held::{Held, Rung};
use crate::ring::{called, caller};

impl Book {
    /// Whether this boot may ring: not whom rings here (OL-533), and not too many at one time.
    pub fn may_ring(&self, ring: &Ring) -> Result<(), NotDone> {
        // What is meant waits for no exercise (OL-792).
        let counts = |rung: &&Rung| rung.mark != Mark::Exercise || ring.exercise.is_some();
        let calls_us = |id: &EntryId| {
            let theirs = self.rings.rung(id).filter(counts).map(|rung| &rung.ring);
            theirs.is_some_and(|it| it.from == ring.to && it.to == ring.from)
        };
        let rings = |(id, case): (&EntryId, &Case)| {
            use called::State::{Answering, Rings};
            matches!(case.part, Some(Part::Called(Rings | Answering))) && calls_us(id)
        };
        if self.cases.iter().any(rings) {
            return Err(NotDone::TheyRing);
        }
        match self.open_rings().len() < limits::OPEN_RINGS {
            true => Ok(()),
            false => Err(NotDone::TooMany),
        }
    }

    /// This boot's rings that are not decided, as places in its urgent stream (OL-426).
    pub fn open_rings(&self) -> Vec<u64> {
        let cases = self.cases.iter().filter(|(_, case)| case.is_undecided());
        let rings = cases.filter_map(|(ring, _)| self.rings.rung(ring));
        let mut open: Vec<u64> = rings.map(|ring| ring.sequence).collect();
        open.sort_unstable();
        open
    }

    /// This boot's rings that are not decided.
    pub fn undecided(&self) -> Vec<EntryId> {
        let cases = self.cases.iter().filter(|(_, case)| case.is_undecided());
        cases.map(|(ring, _)| *ring).collect()
    }

    /// A person takes a ring back.
    pub fn withdraw(&mut self, ring: &EntryId) -> Result<Vec<Fact>, NotDone> {
        match self.caller(ring, caller::Event::Withdraw, None) {
            Some((caller::Action::TooLate, _)) => Err(NotDone::TooLate),
            Some((_, facts)) => Ok(facts),
            None => Err(NotDone::NoSuchRing),
        }
    }

    pub(super) fn rings_there(&mut self, ring: &EntryId, boot: Author) -> Vec<Fact> {
        let held = self.rings.get(ring).filter(|held| held.rings_at(&boot));
        let Some(waiting) = held.map(|held| held.answers_of(&boot)) else {
            return Vec::new();
        };
        let mut facts = self.tell_caller(ring, caller::Event::Ringing, None);
        for (id, answer) in waiting {
            facts.extend(self.answered(ring, boot, id, answer));
        }
        facts
    }

    pub(super) fn answered(
        &mut self,
        ring: &EntryId,
        by: Author,
        id: EntryId,
        answer: Answer,
    ) -> Vec<Fact> {
        let held = self.rings.get(ring);
        if !held.is_some_and(|held| held.rings_at(&by)) {
            if !planted(Bug::Ring(RingBug::AnswerWithoutRinging)) {
                return self.tell_caller(ring, caller::Event::EarlyAnswer, None);
            }
            self.tell_caller(ring, caller::Event::Ringing, None);
        }
        let event = match answer {
            Answer::Accept => caller::Event::Accept,
            Answer::Decline => caller::Event::Decline,
            Answer::Later => caller::Event::Later,
        };
        self.tell_caller(ring, event, Some(id))
    }

    pub(super) fn tell_caller(
        &mut self,
        ring: &EntryId,
        event: caller::Event,
        cites: Option<EntryId>,
    ) -> Vec<Fact> {
        let done = self.caller(ring, event, cites);
        done.map(|(_, facts)| facts).unwrap_or_default()
    }

    /// Hands an event to the machine of a ring of ours.
    fn caller(
        &mut self,
        ring: &EntryId,
        event: caller::Event,
        cites: Option<EntryId>,
    ) -> Option<(caller::Action, Vec<Fact>)> {
        let case = self.cases.get_mut(ring)?;
        let Some(Part::Caller(state, ended)) = &mut case.part else {
            return None;
        };
        let (next, action) = caller::step(*state, event);
        debug_assert!(action != caller::Action::Impossible, "{state:?} {event:?}");
        let caller::Action::Decide(ending) = action else {
            *state = next;
            return Some((action, Vec::new()));
        };
        if !planted(Bug::Ring(RingBug::DecidedTwice)) {
            *state = next;
        }
        *ended = Some(ending);
        let cites = match ending {
            Ending::Unanswered => self.rings.get(ring).and_then(Held::any_ringing),
            _ => cites,
        };
        let outcome = Outcome {
            ring: *ring,
            ending,
            cites,
        };
        Some((action, vec![Fact::Outcome(outcome)]))
    }
}
