//! The rings of others: when a bell sounds for them here, and what a person answers.

use openline_seal::sabotage::{Bug, RingBug, planted};
use openline_wire::codes::{Answer, Ending};
use openline_wire::fact::{Answered, Fact, Ringing};
use openline_wire::ids::EntryId;

use super::{Book, Echo, NotDone, Part};
use crate::ring::{called, caller};

impl Book {
    /// A *have* of the caller came: what is open there may ring here, if it is fresh (OL-521).
    pub fn heard(&mut self, echo: Echo<'_>, now: u64, limit: u64) -> Vec<Fact> {
        let is_fresh = now < echo.challenged.saturating_add(limit);
        if !is_fresh && !planted(Bug::Ring(RingBug::BellOnStaleEcho)) {
            return Vec::new();
        }
        let is_named = |ring: &&EntryId| {
            let ring = self.rings.rung(ring);
            ring.is_some_and(|it| it.author == echo.from && echo.open.contains(&it.sequence))
        };
        let named: Vec<EntryId> = self.cases.keys().filter(is_named).copied().collect();
        named.iter().flat_map(|ring| self.open(ring)).collect()
    }

    /// The caller said afresh that a ring is open.
    fn open(&mut self, ring: &EntryId) -> Vec<Fact> {
        let (event, yielding) = self.meets(ring);
        let Some(action) = self.called(ring, event) else {
            return Vec::new();
        };
        let ring = *ring;
        let ringing = Fact::Ringing(Ringing { ring });
        match action {
            called::Action::SignRinging => vec![ringing],
            called::Action::SignRingingMergeAndAccept => {
                let mut facts = vec![ringing];
                for own in yielding {
                    facts.extend(self.tell_caller(&own, caller::Event::Crossed, Some(ring)));
                }
                facts.push(Fact::Answered(Answered {
                    ring,
                    answer: Answer::Accept,
                    call_back: None,
                }));
                facts
            }
            _ => Vec::new(),
        }
    }

    /// How rings of our own stand that cross this one, and those that would give way.
    fn meets(&self, theirs: &EntryId) -> (called::Event, Vec<EntryId>) {
        let mut yielding = Vec::new();
        let mut event = called::Event::Open;
        for (ours, ended) in self.crossing(theirs) {
            let is_smaller = ours < theirs && !planted(Bug::Ring(RingBug::BothGoOn));
            match (is_smaller, ended) {
                (true, Some(Ending::Accepted)) => return (called::Event::OursTalks, Vec::new()),
                (true, None) => event = called::Event::OursGoesOn,
                (false, None) if ours > theirs => yielding.push(*ours),
                _ => {}
            }
        }
        if event == called::Event::Open && !yielding.is_empty() {
            event = called::Event::OursYields;
        }
        (event, yielding)
    }

    fn crossing(&self, theirs: &EntryId) -> impl Iterator<Item = (&EntryId, Option<Ending>)> {
        let other = self.rings.rung(theirs);
        self.cases.iter().filter_map(move |(id, case)| {
            let Some(Part::Caller(_, ended)) = case.part else {
                return None;
            };
            let crosses = self.rings.rung(id)?.crosses(other?);
            crosses.then_some((id, ended))
        })
    }

    /// A person answers a ring that rings here.
    pub fn answer(
        &mut self,
        ring: &EntryId,
        answer: Answer,
        call_back: Option<u64>,
    ) -> Result<Vec<Fact>, NotDone> {
        let ring = *ring;
        match self.called(&ring, called::Event::Answer) {
            None => Err(NotDone::NoSuchRing),
            Some(called::Action::NotRinging) => Err(NotDone::NotRinging),
            Some(called::Action::SignAnswer) => Ok(vec![Fact::Answered(Answered {
                ring,
                answer,
                call_back,
            })]),
            Some(_) => Err(NotDone::TooLate),
        }
    }

    /// What this boot does in a ring, if it has a part in it.
    pub fn part(&self, ring: &EntryId) -> Option<Part> {
        self.cases.get(ring)?.part
    }

    /// Whether a bell sounds here for a ring.
    pub fn rings(&self, ring: &EntryId) -> bool {
        self.part(ring) == Some(Part::Called(called::State::Rings))
    }

    /// Hands an event to the machine of a ring of theirs.
    pub(super) fn called(
        &mut self,
        ring: &EntryId,
        event: called::Event,
    ) -> Option<called::Action> {
        let Some(Part::Called(state)) = &mut self.cases.get_mut(ring)?.part else {
            return None;
        };
        let (next, action) = called::step(*state, event);
        debug_assert!(action != called::Action::Impossible, "{state:?} {event:?}");
        *state = next;
        Some(action)
    }
}
