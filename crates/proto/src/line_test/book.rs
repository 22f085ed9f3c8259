//! The tests of a line, in one boot: begins those that are due, answers the other side's, and tells what came of each.
//!
//! What a call returns is to be done in its order; from that call on it counts as done. Time is the boot's monotonic clock;
//! the wall clock only says whose turn it is.

use std::collections::BTreeMap;

use openline_wire::codes::Answerer;
use openline_wire::fact::{CallUp, Fact, Ready, TestAnswer, TestText};
use openline_wire::ids::{Author, Digest, EntryId};
use openline_wire::limits;

use super::corpus::Chooser;
use super::schedule::{Figures, Schedule};
use super::told::{Do, NotDone, Note, Told};
use super::{initiator, responder};
use crate::contract::Moment;

/// A test that this boot began.
#[derive(Clone, Debug)]
struct Ours {
    state: initiator::State,
    called: u64,
    /// The ready that its text follows, and who wrote it: he alone answers.
    ready: Option<(EntryId, Author)>,
    /// What an answer says that is right.
    expected: Option<Digest>,
    text: Option<EntryId>,
    texted: u64,
}

/// A test that another party began.
#[derive(Clone, Debug)]
struct Theirs {
    state: responder::State,
    from: Author,
    called: u64,
    ready: Option<EntryId>,
    text: Option<(EntryId, Digest)>,
}

/// The tests of a line.
#[derive(Clone)]
pub struct Book {
    own: Author,
    schedule: Schedule,
    chooser: Chooser,
    ours: BTreeMap<EntryId, Ours>,
    theirs: BTreeMap<EntryId, Theirs>,
    /// When this boot was last ready for somebody.
    was_ready: Option<u64>,
    /// A person's call-up is on its way to the disk.
    is_asked: bool,
}

/// So many texts are kept back for the timetable: one for every half cadence of a day.
const KEPT_BACK: usize = 48;

impl Book {
    /// The book of a boot that has read nothing yet. What its disk holds it is given entry by entry. `place` is that of our
    /// party among the charter's `parties`; `seed` is drawn at random and told nobody.
    pub fn new(
        own: Author,
        (place, parties): (usize, usize),
        figures: Figures,
        seed: [u8; 32],
        now: u64,
    ) -> Self {
        Self {
            own,
            schedule: Schedule::new(figures, place, parties, now),
            chooser: Chooser::new(seed),
            ours: BTreeMap::new(),
            theirs: BTreeMap::new(),
            was_ready: None,
            is_asked: false,
        }
    }

    /// The line is open from now on: nothing was due before.
    pub fn begin(&mut self, now: u64) {
        self.schedule.begin(now);
    }

    /// The timetable.
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// When the other party's next call-up is missed, by the wall clock.
    pub fn theirs_by(&self, now: Moment) -> u64 {
        let left = self.schedule.theirs_by() - time(now.monotonic);
        now.wall.saturating_add_signed(left)
    }

    /// An announced silence of either side begins to be in force, or none is any more.
    pub fn silence(&mut self, is_in_force: bool, now: u64) {
        match is_in_force {
            true => self.schedule.silence_begins(now),
            false => self.schedule.silence_ends(now),
        }
    }

    /// Takes an entry into account.
    pub fn observe(&mut self, note: &Note, now: u64) -> Vec<Do> {
        let is_ours = note.author.party == self.own.party;
        match (&note.fact, is_ours) {
            (Fact::CallUp(call_up), true) => self.own_called(note, call_up, now),
            (Fact::CallUp(_), false) => return self.they_called(note, now),
            (Fact::Ready(ready), true) if note.author == self.own => {
                if let Some(theirs) = self.theirs.get_mut(&ready.call_up) {
                    theirs.ready = Some(note.id);
                }
            }
            (Fact::Ready(ready), false) => return self.ready(note, ready, now),
            (Fact::TestText(text), true) => self.own_text(note, text, now),
            (Fact::TestText(text), false) => return self.text(note, text),
            (Fact::TestAnswer(answer), false) => return self.answered(note, answer, now),
            _ => {}
        }
        Vec::new()
    }

    // ---- ours ----

    fn own_called(&mut self, note: &Note, call_up: &CallUp, now: u64) {
        if let Some(turn) = call_up.turn {
            self.schedule.own_called(turn, now, note.age);
        } else {
            self.is_asked = false;
        }
        if note.author != self.own {
            return;
        }
        let ours = Ours {
            state: initiator::State::Called,
            called: now,
            ready: None,
            expected: None,
            text: None,
            texted: now,
        };
        self.ours.insert(note.id, ours);
        let oldest = self.ours.iter().min_by_key(|(id, it)| (it.called, **id));
        if let (true, Some(id)) = (self.ours.len() > limits::TESTS, oldest.map(|it| *it.0)) {
            self.ours.remove(&id);
        }
    }

    /// A person wants a test now.
    pub fn call_up(&mut self, now: u64) -> Result<Do, NotDone> {
        use initiator::State::{Called, Texted};
        let mut states = self.ours.values().map(|it| it.state);
        if self.is_asked || states.any(|state| matches!(state, Called | Texted)) {
            return Err(NotDone::UnderWay);
        }
        if now < self.may_call_at() {
            return Err(NotDone::TooSoon);
        }
        if self.chooser.left(time(now)) <= KEPT_BACK {
            return Err(NotDone::NoTextLeft);
        }
        self.is_asked = true;
        Ok(write(Fact::CallUp(CallUp { turn: None })))
    }

    /// When this boot may call up again.
    fn may_call_at(&self) -> u64 {
        let last = self.ours.values().map(|it| it.called).max();
        last.map_or(0, |at| at.saturating_add(limits::CALL_UPS_APART_MS))
    }

    fn ready(&mut self, note: &Note, ready: &Ready, now: u64) -> Vec<Do> {
        let Some(action) = self.initiator(&ready.call_up, initiator::Event::Ready, now) else {
            return Vec::new();
        };
        if action != initiator::Action::SignText {
            return Vec::new();
        }
        let chosen = self.chooser.choose(time(now));
        let (Some(ours), Some((text, digest))) = (self.ours.get_mut(&ready.call_up), chosen) else {
            return Vec::new();
        };
        ours.ready = Some((note.id, note.author));
        ours.expected = Some(digest);
        ours.texted = now;
        let fact = Fact::TestText(TestText { ready: note.id });
        vec![Do::Write(fact, Some(text))]
    }

    fn own_text(&mut self, note: &Note, text: &TestText, now: u64) {
        if let Some(content) = &note.content {
            self.chooser.used(content, time(now) - time(note.age));
        }
        let follows = |ours: &&mut Ours| ours.ready.is_some_and(|(ready, _)| ready == text.ready);
        if let (true, Some(ours)) = (
            note.author == self.own,
            self.ours.values_mut().find(follows),
        ) {
            ours.text = Some(note.id);
        }
    }

    fn answered(&mut self, note: &Note, answer: &TestAnswer, now: u64) -> Vec<Do> {
        let mut ours = self.ours.iter();
        let Some((call_up, it)) = ours.find(|(_, it)| it.text == Some(answer.text)) else {
            return Vec::new();
        };
        let (call_up, called) = (*call_up, it.called);
        let is_right = it.expected == Some(answer.content);
        if it.ready.is_none_or(|(_, by)| by != note.author) {
            return Vec::new();
        }
        let event = match (answer.by, is_right) {
            (Answerer::Machine, true) => initiator::Event::Right,
            (Answerer::Machine, false) => initiator::Event::Wrong,
            (Answerer::Person, _) => initiator::Event::Person,
        };
        let told = match self.initiator(&call_up, event, now) {
            Some(initiator::Action::Passed) => Told::Passed {
                call_up,
                took_ms: now.saturating_sub(called),
            },
            Some(initiator::Action::Garbled) => Told::Garbled { call_up },
            Some(initiator::Action::PersonAnswered) => Told::PersonAnswered {
                call_up,
                by: note.actor.clone(),
                is_right,
            },
            _ => return Vec::new(),
        };
        vec![Do::Tell(told)]
    }

    /// Hands an event to the machine of a test of ours. What comes after its time is over comes too late, also if nobody
    /// has woken the book since.
    fn initiator(
        &mut self,
        call_up: &EntryId,
        event: initiator::Event,
        now: u64,
    ) -> Option<initiator::Action> {
        let figures = self.schedule.figures();
        let ours = self.ours.get_mut(call_up)?;
        let by_clock = matches!(
            event,
            initiator::Event::Expiry | initiator::Event::PersonExpiry
        );
        if !by_clock && ours.ends(&figures).is_some_and(|(end, _)| end <= now) {
            return None;
        }
        let (next, action) = initiator::step(ours.state, event);
        debug_assert!(action != initiator::Action::Impossible, "{event:?}");
        ours.state = next;
        Some(action)
    }

    // ---- theirs ----

    fn they_called(&mut self, note: &Note, now: u64) -> Vec<Do> {
        if matches!(note.fact, Fact::CallUp(CallUp { turn: Some(_) })) {
            self.schedule.they_called(now, note.age);
        }
        // What the disk held is over, or a boot before this one was ready for it.
        if note.age > 0 || self.theirs.contains_key(&note.id) {
            return Vec::new();
        }
        let theirs = Theirs {
            state: responder::State::Called,
            from: note.author,
            called: now,
            ready: None,
            text: None,
        };
        self.theirs.insert(note.id, theirs);
        let oldest = self.theirs.iter().min_by_key(|(id, it)| (it.called, **id));
        if let (true, Some(id)) = (self.theirs.len() > limits::TESTS, oldest.map(|it| *it.0)) {
            self.theirs.remove(&id);
        }
        let is_soon = self
            .was_ready
            .is_some_and(|at| now < at.saturating_add(limits::READY_APART_MS));
        let event = match is_soon {
            true => responder::Event::TooSoon,
            false => responder::Event::InTime,
        };
        let call_up = note.id;
        match self.responder(&call_up, event) {
            Some(responder::Action::SignReady) => {
                self.was_ready = Some(now);
                vec![write(Fact::Ready(Ready { call_up }))]
            }
            _ => Vec::new(),
        }
    }

    fn text(&mut self, note: &Note, text: &TestText) -> Vec<Do> {
        let follows = |it: &Theirs| it.ready == Some(text.ready) && it.from == note.author;
        let mut theirs = self.theirs.iter();
        let call_up = theirs.find(|(_, it)| follows(it)).map(|(id, _)| *id);
        // Without its body nothing was read.
        let (Some(call_up), Some(content)) = (call_up, note.content) else {
            return Vec::new();
        };
        if self.responder(&call_up, responder::Event::Text)
            != Some(responder::Action::SignByMachine)
        {
            return Vec::new();
        }
        if let Some(theirs) = self.theirs.get_mut(&call_up) {
            theirs.text = Some((note.id, content));
        }
        let answer = answer(note.id, Answerer::Machine, content);
        vec![write(answer), Do::Tell(Told::TheirsRead { text: note.id })]
    }

    /// A person has read the text of a test of theirs: what is to be written, with him as its actor.
    pub fn read(&mut self, text: &EntryId) -> Result<Fact, NotDone> {
        let mut theirs = self.theirs.iter();
        let found = theirs.find_map(|(call_up, it)| match it.text {
            Some((id, content)) if id == *text => Some((*call_up, content)),
            _ => None,
        });
        let (call_up, content) = found.ok_or(NotDone::NothingToRead)?;
        match self.responder(&call_up, responder::Event::Person) {
            Some(responder::Action::SignByPerson) => Ok(answer(*text, Answerer::Person, content)),
            Some(responder::Action::Answered) => Err(NotDone::Answered),
            _ => Err(NotDone::NothingToRead),
        }
    }

    /// Hands an event to the machine of a test of theirs.
    fn responder(
        &mut self,
        call_up: &EntryId,
        event: responder::Event,
    ) -> Option<responder::Action> {
        let theirs = self.theirs.get_mut(call_up)?;
        let (next, action) = responder::step(theirs.state, event);
        debug_assert!(action != responder::Action::Impossible, "{event:?}");
        theirs.state = next;
        Some(action)
    }

    // ---- time ----

    /// Begins what is due, and tells what was missed. To be called once when the disk is read, and then as [`Self::wake_at`] says.
    pub fn woken(&mut self, now: Moment) -> Vec<Do> {
        let mut done = self.expire(now.monotonic);
        let lasts = self.schedule.figures().lasts;
        if self.schedule.theirs_missed(now.monotonic) {
            let excused = self.schedule.is_excused(now.monotonic, lasts);
            done.push(Do::Tell(Told::TheirsMissed { excused }));
        }
        let due = self.schedule.due(now.monotonic, now.wall);
        if let Some((turn, turns)) = due.filter(|_| self.may_call_at() <= now.monotonic) {
            self.schedule.own_called(turn, now.monotonic, 0);
            if turns > 0 {
                done.push(Do::Tell(Told::OursMissed { turns }));
            }
            done.push(write(Fact::CallUp(CallUp { turn: Some(turn) })));
        }
        done
    }

    /// When [`Self::woken`] is to be called next, by the monotonic clock.
    pub fn wake_at(&self, now: Moment) -> u64 {
        let figures = self.schedule.figures();
        let ends = self.ours.values().filter_map(|ours| ours.ends(&figures));
        let look = self.schedule.look_at(now, self.may_call_at());
        ends.map(|(end, _)| end).fold(look, u64::min)
    }

    fn expire(&mut self, now: u64) -> Vec<Do> {
        let figures = self.schedule.figures();
        let due = self.ours.iter().filter_map(|(call_up, ours)| {
            let (end, event) = ours.ends(&figures)?;
            (end <= now).then_some((*call_up, event))
        });
        let due: Vec<_> = due.collect();
        let excused = self.schedule.is_excused(now, figures.lasts);
        let told = due.into_iter().filter_map(|(call_up, event)| {
            let told = match self.initiator(&call_up, event, now)? {
                initiator::Action::NoReady => Told::NoReady { call_up, excused },
                initiator::Action::NoAnswer => Told::NoAnswer { call_up, excused },
                initiator::Action::NobodyAnswered => Told::NobodyAnswered { call_up },
                _ => return None,
            };
            Some(Do::Tell(told))
        });
        told.collect()
    }
}

impl Ours {
    /// What ends of itself, and when.
    fn ends(&self, figures: &Figures) -> Option<(u64, initiator::Event)> {
        let machine = self.called.saturating_add(figures.lasts);
        let person = self.texted.saturating_add(figures.person_lasts());
        match self.state {
            initiator::State::Called | initiator::State::Texted | initiator::State::ByPerson => {
                Some((machine, initiator::Event::Expiry))
            }
            initiator::State::ByMachine => Some((person, initiator::Event::PersonExpiry)),
            initiator::State::Over => None,
        }
    }
}

fn write(fact: Fact) -> Do {
    Do::Write(fact, None)
}

fn answer(text: EntryId, by: Answerer, content: Digest) -> Fact {
    Fact::TestAnswer(TestAnswer { text, by, content })
}

fn time(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX / 8).min(i64::MAX / 8)
}
