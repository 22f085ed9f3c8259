//! The rings of a line, in one boot: hands what happens to the machines of those rings that this boot has a part in,
//! and tells of every ring how it stands.
//!
//! What a call returns are the facts of entries to be written, all of them in one transaction; from that call on
//! they count as written. Time is the boot's monotonic clock.

mod accepted;
mod answering;
mod calling;
mod shown;

use std::collections::BTreeMap;

use openline_seal::sabotage::{Bug, RingBug, planted};
use openline_wire::codes::Ending;
use openline_wire::fact::{Fact, Ring, Ringing};
use openline_wire::ids::{Author, EntryId};
use openline_wire::limits;
use thiserror::Error;

use super::held::Note;
use super::{Rings, called, caller};

pub use accepted::Accepted;
pub use shown::Shown;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotDone {
    /// No such ring, or this boot has no part in it.
    #[error("no such ring, or this start of the station has no part in it")]
    NoSuchRing,
    /// It does not ring here.
    #[error("it does not ring here")]
    NotRinging,
    /// It is answered, decided or over.
    #[error("it is answered, decided or over")]
    TooLate,
    /// The office that is to be called is calling: answer it.
    #[error("that office is calling: answer it")]
    TheyRing,
    /// As many rings are open as may be.
    #[error("as many rings are open as may be")]
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

/// What this boot does in a ring, and when its time is over here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Case {
    part: Option<Part>,
    until: u64,
}

/// The rings of a line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Book {
    own: Author,
    rings: Rings,
    /// For each of these rings.
    cases: BTreeMap<EntryId, Case>,
}

impl Book {
    /// The book of a boot that has read nothing yet. What its disk holds it is given entry by entry, in any order.
    pub fn new(own: Author) -> Self {
        Self {
            own,
            rings: Rings::default(),
            cases: BTreeMap::new(),
        }
    }

    /// Takes an entry into account that is held here, ours or theirs.
    pub fn observe(&mut self, note: &Note, now: u64) -> Vec<Fact> {
        if let Some(ring) = ring_of(note) {
            self.case(&ring);
        }
        self.rings.observe(note);
        let is_of_another = |ring| {
            self.rings
                .rung(&ring)
                .is_some_and(|rung| rung.mark != note.mark)
        };
        if ring_of(note).is_some_and(is_of_another) {
            return Vec::new();
        }
        match &note.fact {
            Fact::Start(_) => {
                self.callers_gone();
                Vec::new()
            }
            Fact::Ring(ring) => self.ring(note, ring, now),
            Fact::Ringing(Ringing { ring }) => self.rings_there(ring, note.author),
            Fact::Answered(it) => self.answered(&it.ring, note.author, note.id, it.answer),
            Fact::Outcome(outcome) => {
                self.ended(&outcome.ring);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// What this boot does in a ring. Where there are too many, the one gives way that a person would miss least.
    fn case(&mut self, ring: &EntryId) -> &mut Case {
        if self.cases.len() >= limits::RINGS && !self.cases.contains_key(ring) {
            let least = self
                .cases
                .iter()
                .min_by_key(|(ring, case)| self.weight(ring, case));
            let least = least.map(|(ring, _)| *ring);
            if let Some(least) = least {
                self.cases.remove(&least);
                self.rings.forget(&least);
            }
        }
        self.cases.entry(*ring).or_default()
    }

    fn ring(&mut self, note: &Note, ring: &Ring, now: u64) -> Vec<Fact> {
        let own = self.own;
        let is_ours = note.author == own
            || planted(Bug::Ring(RingBug::OutcomeForTheDead)) && note.author.party == own.party;
        let is_for_us = ring.to.party == own.party;
        let case = self.case(&note.id);
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
        let held = self.rings.get(ring);
        if held.is_some_and(|held| held.callers_outcome().is_some()) {
            self.called(ring, called::Event::Outcome);
        }
    }

    fn callers_gone(&mut self) {
        let running = self.cases.iter().filter(|(_, case)| case.is_running());
        let cases = running.filter(|(ring, _)| self.rings.is_caller_gone(ring));
        for ring in cases.map(|(ring, _)| *ring).collect::<Vec<_>>() {
            self.called(&ring, called::Event::CallerGone);
        }
    }

    /// By how much a person would miss a ring: first what runs on our side, then what rings, then what our party rang, then
    /// what may ring yet; of each the youngest.
    fn weight(&self, ring: &EntryId, case: &Case) -> (u8, u64) {
        let is_ours = |rung: &super::held::Rung| rung.author.party == self.own.party;
        let rank = match case.part {
            _ if case.is_undecided() => 4,
            Some(Part::Called(called::State::Rings | called::State::Answering)) => 3,
            _ if self.rings.rung(ring).is_some_and(is_ours) => 2,
            Some(Part::Called(called::State::Held)) => 1,
            _ => 0,
        };
        (rank, case.until)
    }

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
}

/// The ring that an entry belongs to.
pub fn ring_of(note: &Note) -> Option<EntryId> {
    match &note.fact {
        Fact::Ring(_) => Some(note.id),
        Fact::Ringing(it) => Some(it.ring),
        Fact::Answered(it) => Some(it.ring),
        Fact::Outcome(it) => Some(it.ring),
        _ => None,
    }
}

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
