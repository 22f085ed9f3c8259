//! The rings of a line, in one boot: hands what happens to the machines of those rings that this boot has a part in,
//! and tells of every ring how it stands.
//!
//! What a call returns are the facts of entries to be written, all of them in one transaction; from that call on
//! they count as written. Time is the boot's monotonic clock.

mod accepted;

use std::collections::{BTreeMap, BTreeSet};

use openline_seal::sabotage::{Bug, RingBug, planted};
use openline_wire::codes::{Answer, Ending};
use openline_wire::fact::{Answered, Fact, Outcome, Ring, Ringing};
use openline_wire::ids::{Author, EntryId, PartyId};
use openline_wire::limits;

pub use self::accepted::Accepted;
use super::held::{Ended, Held, Note, Rung, Standing};
use super::{called, caller};

/// What a *have* says of rings (OL-426), with the challenge that it gave back.
#[derive(Clone, Copy, Debug)]
pub struct Echo<'a> {
    /// The boot that said it.
    pub from: Author,
    /// Its open rings, as places in its urgent stream.
    pub open: &'a [u64],
    /// Our clock in the challenge: the boot said it after that (rule 3).
    pub challenged: u64,
}

/// Why what a person wants done with a ring is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// No such ring, or this boot has no part in it.
    NoSuchRing,
    /// It does not ring here.
    NotRinging,
    /// It is answered, decided or over.
    TooLate,
    /// The office that is to be called is calling: answer it.
    TheyRing,
    /// As many rings are open as may be.
    TooMany,
}

/// What this boot does in a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// It rang; and how it decided.
    Caller(caller::State, Option<Ending>),
    /// It is called.
    Called(called::State),
}

/// A ring, and when its time is over here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Case {
    held: Held,
    part: Option<Part>,
    until: u64,
}

/// The rings of a line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Book {
    own: Author,
    cases: BTreeMap<EntryId, Case>,
    /// Boots that later boots' starts name, and those boots.
    successors: BTreeSet<(Author, Author)>,
    /// How much of a boot's urgent stream anybody of a party signed that he holds.
    covered: BTreeMap<(PartyId, Author), u64>,
}

impl Book {
    /// The book of a boot that has read nothing yet. What its disk holds it is given entry by entry, in any order.
    pub fn new(own: Author) -> Self {
        Self {
            own,
            cases: BTreeMap::new(),
            successors: BTreeSet::new(),
            covered: BTreeMap::new(),
        }
    }

    /// Takes an entry into account that is held here, ours or theirs.
    pub fn observe(&mut self, note: &Note, now: u64) -> Vec<Fact> {
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
                self.callers_gone();
                Vec::new()
            }
            Fact::Ring(ring) => self.rung(note, ring, now),
            Fact::Ringing(Ringing { ring }) => {
                self.case(ring).held.ringing(note);
                self.rings_there(ring, note.author)
            }
            Fact::Answered(answered) => {
                let case = self.case(&answered.ring);
                case.held.answer(note, answered.answer);
                self.answered(&answered.ring, note.author, note.id, answered.answer)
            }
            Fact::Outcome(outcome) => {
                self.case(&outcome.ring).held.outcome(note, outcome);
                self.ended(&outcome.ring);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn case(&mut self, ring: &EntryId) -> &mut Case {
        self.cases.entry(*ring).or_default()
    }

    fn rung(&mut self, note: &Note, ring: &Ring, now: u64) -> Vec<Fact> {
        let own = self.own;
        let is_ours = note.author == own
            || planted(Bug::Ring(RingBug::OutcomeForTheDead)) && note.author.party == own.party;
        let is_for_us = ring.to.party == own.party;
        let case = self.case(&note.id);
        case.held.ring = Some(Rung {
            author: note.author,
            sequence: note.sequence,
            mark: note.mark,
            heads: note.heads.clone(),
            ring: ring.clone(),
        });
        case.until = now.saturating_add(ring.for_ms);
        case.part = if is_ours {
            Some(Part::Caller(caller::State::Calling, None))
        } else {
            is_for_us.then_some(Part::Called(called::State::Held))
        };
        self.ended(&note.id);
        self.callers_gone();
        Vec::new()
    }

    /// The called side's boots stop when the outcome is there.
    fn ended(&mut self, ring: &EntryId) {
        let outcome = self.cases.get(ring).map(|case| &case.held);
        if outcome.is_some_and(|held| held.callers_outcome().is_some()) {
            self.called(ring, called::Event::Outcome);
        }
    }

    fn callers_gone(&mut self) {
        let cases = self.cases.iter();
        let cases = cases.filter(|(_, case)| self.is_caller_gone(&case.held));
        for ring in cases.map(|(ring, _)| *ring).collect::<Vec<_>>() {
            self.called(&ring, called::Event::CallerGone);
        }
    }

    /// Whether a later boot of the caller's node began, of which the caller did not know when it rang: beside a copy that
    /// began earlier a boot that lives goes on ringing (OL-514).
    fn is_caller_gone(&self, held: &Held) -> bool {
        let Some(ring) = &held.ring else { return false };
        let mut successors = self.successors.iter();
        successors.any(|(boot, successor)| *boot == ring.author && !ring.knew_of(successor))
    }

    // ---- the caller ----

    /// Whether this boot may ring: not whom rings here (OL-533), and not too many at one time.
    pub fn may_ring(&self, ring: &Ring) -> Result<(), NotDone> {
        let calls_us = |case: &&Case| {
            let theirs = case.held.ring.as_ref().map(|rung| &rung.ring);
            theirs.is_some_and(|it| it.from == ring.to && it.to == ring.from)
        };
        let rings = |case: &Case| {
            use called::State::{Answering, Rings};
            matches!(case.part, Some(Part::Called(Rings | Answering)))
        };
        if self.cases.values().filter(calls_us).any(rings) {
            return Err(NotDone::TheyRing);
        }
        match self.open_rings().len() < limits::OPEN_RINGS {
            true => Ok(()),
            false => Err(NotDone::TooMany),
        }
    }

    /// This boot's rings that are not decided, as places in its urgent stream (OL-426).
    pub fn open_rings(&self) -> Vec<u64> {
        let cases = self.cases.values().filter(|case| case.is_undecided());
        let rings = cases.filter_map(|case| case.held.ring.as_ref());
        let mut open: Vec<u64> = rings.map(|ring| ring.sequence).collect();
        open.sort_unstable();
        open
    }

    /// A person takes a ring back.
    pub fn withdraw(&mut self, ring: &EntryId) -> Result<Vec<Fact>, NotDone> {
        match self.caller(ring, caller::Event::Withdraw, None) {
            Some((caller::Action::TooLate, _)) => Err(NotDone::TooLate),
            Some((_, facts)) => Ok(facts),
            None => Err(NotDone::NoSuchRing),
        }
    }

    fn rings_there(&mut self, ring: &EntryId, boot: Author) -> Vec<Fact> {
        let Some(case) = self.cases.get(ring) else {
            return Vec::new();
        };
        if !case.held.rings_at(&boot) {
            return Vec::new();
        }
        let waiting = case.held.answers_of(&boot);
        let mut facts = self.tell_caller(ring, caller::Event::Ringing, None);
        for (id, answer) in waiting {
            facts.extend(self.answered(ring, boot, id, answer));
        }
        facts
    }

    fn answered(&mut self, ring: &EntryId, by: Author, id: EntryId, answer: Answer) -> Vec<Fact> {
        let case = self.cases.get(ring);
        if !case.is_some_and(|case| case.held.rings_at(&by)) {
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

    fn tell_caller(
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
            Ending::Unanswered => case.held.any_ringing(),
            _ => cites,
        };
        let outcome = Outcome {
            ring: *ring,
            ending,
            cites,
        };
        Some((action, vec![Fact::Outcome(outcome)]))
    }

    // ---- the called side ----

    /// A *have* of the caller came: what is open there may ring here, if it is fresh (OL-521).
    pub fn heard(&mut self, echo: Echo<'_>, now: u64, limit: u64) -> Vec<Fact> {
        let is_fresh = now < echo.challenged.saturating_add(limit);
        if !is_fresh && !planted(Bug::Ring(RingBug::BellOnStaleEcho)) {
            return Vec::new();
        }
        let is_named = |case: &Case| {
            let ring = case.held.ring.as_ref();
            ring.is_some_and(|it| it.author == echo.from && echo.open.contains(&it.sequence))
        };
        let named = self.cases.iter().filter(|(_, case)| is_named(case));
        let named: Vec<EntryId> = named.map(|(ring, _)| *ring).collect();
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
        let other = self.cases.get(theirs);
        let other = other.and_then(|case| case.held.ring.as_ref());
        self.cases.iter().filter_map(move |(id, case)| {
            let Some(Part::Caller(_, ended)) = case.part else {
                return None;
            };
            let crosses = case.held.ring.as_ref()?.crosses(other?);
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
    fn called(&mut self, ring: &EntryId, event: called::Event) -> Option<called::Action> {
        let Some(Part::Called(state)) = &mut self.cases.get_mut(ring)?.part else {
            return None;
        };
        let (next, action) = called::step(*state, event);
        debug_assert!(action != called::Action::Impossible, "{state:?} {event:?}");
        *state = next;
        Some(action)
    }

    // ---- time ----

    /// Ends what has lasted its time.
    pub fn woken(&mut self, now: u64) -> Vec<Fact> {
        let due = self.cases.iter();
        let due = due.filter(|(_, case)| case.is_running() && case.until <= now);
        let due: Vec<EntryId> = due.map(|(ring, _)| *ring).collect();
        due.iter().flat_map(|ring| self.expire(ring)).collect()
    }

    /// When [`Self::woken`] is to be called next.
    pub fn wake_at(&self) -> Option<u64> {
        let running = self.cases.values().filter(|case| case.is_running());
        running.map(|case| case.until).min()
    }

    /// The time of a ring is over.
    pub fn expire(&mut self, ring: &EntryId) -> Vec<Fact> {
        self.called(ring, called::Event::Expiry);
        self.tell_caller(ring, caller::Event::Expiry, None)
    }

    // ---- what is shown ----

    /// How a ring stands; none if the ring itself is not held.
    pub fn standing(&self, ring: &EntryId) -> Option<Standing> {
        let held = &self.cases.get(ring)?.held;
        held.standing(self.is_caller_gone(held), |other| {
            let ring = self.cases.get(other)?.held.ring.as_ref();
            ring.map(|rung| rung.author.party)
        })
    }

    /// How a ring ended for good, as this side may say (OL-542).
    pub fn ended_for_good(&self, ring: &EntryId) -> Option<Ended> {
        let rung = self.cases.get(ring)?.held.ring.as_ref()?;
        let ended = match self.standing(ring)? {
            Standing::Ended(ended) => ended,
            Standing::BrokenOff if planted(Bug::Ring(RingBug::BrokenOffFinal)) => return A_GUESS,
            _ => return None,
        };
        let is_called = rung.ring.to.party == self.own.party;
        let seen = self.covered.get(&(rung.ring.to.party, rung.author));
        let is_covered = seen.is_some_and(|&size| size > ended.sequence);
        let is_final = is_called || is_covered || planted(Bug::Ring(RingBug::FinalUncovered));
        is_final.then_some(ended)
    }

    /// With whom this boot may open a talk of a ring, once that boot is freshly echoed, and the outcome that its keys
    /// bind (OL-543).
    pub fn talk(&self, ring: &EntryId) -> Option<(Author, EntryId)> {
        let held = &self.cases.get(ring)?.held;
        let caller = held.ring.as_ref()?.author;
        let Standing::Ended(ended) = self.standing(ring)? else {
            return None;
        };
        let is_gone = self.is_caller_gone(held) && !planted(Bug::Ring(RingBug::TalkOfTheDead));
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

impl Case {
    fn is_undecided(&self) -> bool {
        use caller::State::{Calling, Ringing};
        matches!(self.part, Some(Part::Caller(Calling | Ringing, _)))
    }

    fn is_running(&self) -> bool {
        let is_called =
            matches!(self.part, Some(Part::Called(state)) if state != called::State::Over);
        is_called || self.is_undecided()
    }
}
