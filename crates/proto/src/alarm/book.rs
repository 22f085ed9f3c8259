//! The alarms of a line: raised and cleared with hysteresis, acknowledged and shelved by people.
//!
//! Nothing here is an entry. What a call returns is how an alarm stands now: the caller keeps the last of each alarm on disk
//! and gives all of them back after a restart ([`Book::restore`]). Lengths of time are by the boot's monotonic clock.

use std::collections::{BTreeMap, BTreeSet};

use openline_wire::header::Actor;

use super::cause::Key;
use super::machine::{Action, Event, State, step};
use crate::contract::Moment;

/// The shortest time for which an alarm is shelved, in milliseconds.
pub const SHELVED_MIN_MS: u64 = 60_000;

/// The longest, in milliseconds: a watch. Who comes next decides anew.
pub const SHELVED_MAX_MS: u64 = 8 * 3_600_000;

/// How an alarm stands, as it is shown and kept on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Which.
    pub key: Key,
    /// How it stands.
    pub state: State,
    /// Since when, UTC in milliseconds by this machine's clock.
    pub since: u64,
    /// Who acknowledged or shelved it.
    pub by: Option<Actor>,
    /// Until when it is shelved, likewise.
    pub until: Option<u64>,
}

/// What a person wants done with an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Which.
    pub key: Key,
    /// What.
    pub act: Act,
}

/// See [`Request`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// "I know."
    Acknowledge,
    /// Put it aside for so long, in milliseconds.
    Shelve(u64),
    /// Bring it back.
    Unshelve,
}

/// Why what a person wants done with an alarm is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// There is none, or it is over.
    NotRaised,
    /// It is acknowledged or shelved.
    Done,
    /// A station by itself is nobody.
    Nobody,
    /// The time is too short or too long.
    WrongTime,
}

/// An alarm, and what makes it chatter if nobody stops that.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    alarm: Alarm,
    /// Whether its cause is there, and since when it is or is not.
    holds: bool,
    changed: u64,
    /// Whether its cause has lasted long enough, and was not absent long enough since.
    is_up: bool,
    /// Until when it is shelved.
    shelved_until: Option<u64>,
}

/// The alarms of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    kept: BTreeMap<Key, Kept>,
}

impl Book {
    /// What a boot before this one kept on disk.
    pub fn restore(&mut self, alarms: impl IntoIterator<Item = Alarm>, now: Moment) {
        for alarm in alarms {
            // Whether its cause lasts is seen at the first look: until then it stands as it stood.
            let was_up = matches!(
                alarm.state,
                State::Raised | State::Acknowledged | State::Shelved
            );
            let left = alarm.until.map(|until| {
                let asked = until.saturating_sub(alarm.since).min(SHELVED_MAX_MS);
                until.saturating_sub(now.wall).min(asked)
            });
            let kept = Kept {
                holds: was_up,
                changed: now.monotonic,
                is_up: was_up,
                shelved_until: left.map(|left| now.monotonic.saturating_add(left)),
                alarm,
            };
            if kept.alarm.state != State::Quiet {
                self.kept.insert(kept.alarm.key, kept);
            }
        }
    }

    /// Says which causes are there now: all others are not. Of a cause that is up and happened `again`, who acknowledged it
    /// did not know. Returns the alarms that changed.
    pub fn observe(
        &mut self,
        causes: &BTreeSet<Key>,
        again: &BTreeSet<Key>,
        now: Moment,
    ) -> Vec<Alarm> {
        for key in causes {
            let new = || Kept::new(*key, now);
            self.kept.entry(*key).or_insert_with(new);
        }
        for (key, kept) in &mut self.kept {
            let holds = causes.contains(key);
            if kept.holds != holds {
                (kept.holds, kept.changed) = (holds, now.monotonic);
            }
        }
        let happened = self.kept.values_mut();
        let happened = happened.filter(|kept| kept.is_up && again.contains(&kept.alarm.key));
        let raised = happened.filter_map(|kept| kept.happens(Event::Again, now));
        let mut changed: Vec<Alarm> = raised.collect();
        changed.extend(self.woken(now));
        changed
    }

    /// Raises, clears and brings back what is due. Returns the alarms that changed.
    pub fn woken(&mut self, now: Moment) -> Vec<Alarm> {
        let settled = self.kept.values_mut().flat_map(|kept| kept.settle(now));
        let changed = settled.collect();
        self.kept
            .retain(|_, kept| kept.holds || kept.is_up || kept.alarm.state != State::Quiet);
        changed
    }

    /// When [`Self::woken`] is to be called next.
    pub fn wake_at(&self) -> Option<u64> {
        let due = self
            .kept
            .values()
            .flat_map(|kept| [kept.turns_at(), kept.shelved_until]);
        due.flatten().min()
    }

    /// Does what a person wants done.
    pub fn ask(&mut self, request: Request, by: &Actor, now: Moment) -> Result<Alarm, NotDone> {
        let key = &request.key;
        match request.act {
            Act::Acknowledge => self.acknowledge(key, by, now),
            Act::Shelve(length) => self.shelve(key, by, length, now),
            Act::Unshelve => self.unshelve(key, by, now),
        }
    }

    /// A person acknowledges an alarm.
    pub fn acknowledge(&mut self, key: &Key, by: &Actor, now: Moment) -> Result<Alarm, NotDone> {
        self.act(key, Event::Acknowledge, by, now)
    }

    /// A person puts an alarm aside for a time.
    pub fn shelve(
        &mut self,
        key: &Key,
        by: &Actor,
        length: u64,
        now: Moment,
    ) -> Result<Alarm, NotDone> {
        if !(SHELVED_MIN_MS..=SHELVED_MAX_MS).contains(&length) {
            return Err(NotDone::WrongTime);
        }
        self.act(key, Event::Shelve, by, now)?;
        let kept = self.kept.get_mut(key).ok_or(NotDone::NotRaised)?;
        kept.shelved_until = Some(now.monotonic.saturating_add(length));
        kept.alarm.until = Some(now.wall.saturating_add(length));
        Ok(kept.alarm.clone())
    }

    /// A person brings an alarm back that was put aside. That he did, the alarm itself shows.
    pub fn unshelve(&mut self, key: &Key, by: &Actor, now: Moment) -> Result<Alarm, NotDone> {
        if !by.is_a_person() {
            return Err(NotDone::Nobody);
        }
        let kept = self.kept.get_mut(key);
        let kept = kept.filter(|kept| kept.shelved_until.is_some());
        let kept = kept.ok_or(NotDone::NotRaised)?;
        kept.shelved_until = Some(now.monotonic);
        let back = kept.settle(now);
        back.into_iter().next_back().ok_or(NotDone::NotRaised)
    }

    /// Every alarm that is not quiet, in the order of their names.
    pub fn alarms(&self) -> impl Iterator<Item = &Alarm> {
        let alarms = self.kept.values().map(|kept| &kept.alarm);
        alarms.filter(|alarm| alarm.state != State::Quiet)
    }

    /// Whether an alarm is not quiet.
    pub fn stands(&self, key: &Key) -> bool {
        self.alarms().any(|alarm| alarm.key == *key)
    }

    /// Whether the cause of an alarm was there at the last look.
    pub fn holds(&self, key: &Key) -> bool {
        self.kept.get(key).is_some_and(|kept| kept.holds)
    }

    /// Whether a horn sounds.
    pub fn sounds(&self) -> bool {
        self.alarms().any(|alarm| alarm.state == State::Raised)
    }

    fn act(&mut self, key: &Key, event: Event, by: &Actor, now: Moment) -> Result<Alarm, NotDone> {
        if !by.is_a_person() {
            return Err(NotDone::Nobody);
        }
        let kept = self.kept.get_mut(key).ok_or(NotDone::NotRaised)?;
        let (next, action) = step(kept.alarm.state, event);
        match action {
            Action::NotRaised => return Err(NotDone::NotRaised),
            Action::Done => return Err(NotDone::Done),
            _ => {}
        }
        kept.enter(next, now);
        kept.alarm.by = Some(by.clone());
        Ok(kept.alarm.clone())
    }
}

impl Kept {
    fn new(key: Key, now: Moment) -> Self {
        Self {
            alarm: Alarm {
                key,
                state: State::Quiet,
                since: now.wall,
                by: None,
                until: None,
            },
            holds: false,
            changed: now.monotonic,
            is_up: false,
            shelved_until: None,
        }
    }

    fn enter(&mut self, state: State, now: Moment) {
        self.alarm.state = state;
        self.alarm.since = now.wall;
        self.alarm.by = None;
        self.alarm.until = None;
        self.shelved_until = None;
    }

    /// When its cause will have lasted, or been absent, for long enough; none if that is so, or never.
    fn turns_at(&self) -> Option<u64> {
        let cause = self.alarm.key.cause;
        let length = match (self.holds, self.is_up) {
            (true, false) => Some(cause.raised_after()),
            (false, true) => cause.cleared_after(),
            _ => None,
        };
        length.map(|length| self.changed.saturating_add(length))
    }

    fn settle(&mut self, now: Moment) -> Vec<Alarm> {
        let mut changed = Vec::new();
        let is_due = |at: Option<u64>| at.is_some_and(|at| at <= now.monotonic);
        if is_due(self.turns_at()) {
            self.is_up = self.holds;
            let event = match self.is_up {
                true => Event::Raise,
                false => Event::Clear,
            };
            changed.extend(self.happens(event, now));
        }
        if is_due(self.shelved_until) {
            let event = match self.is_up {
                true => Event::BackRaised,
                false => Event::BackQuiet,
            };
            changed.extend(self.happens(event, now));
        }
        changed
    }

    fn happens(&mut self, event: Event, now: Moment) -> Option<Alarm> {
        let (next, action) = step(self.alarm.state, event);
        debug_assert!(action != Action::Impossible, "{event:?}");
        if next == self.alarm.state {
            return None;
        }
        self.enter(next, now);
        Some(self.alarm.clone())
    }
}
