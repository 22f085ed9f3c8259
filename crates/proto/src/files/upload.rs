//! A file of ours on its way to one boot of the other party's, as it asks for it.

use std::collections::{BTreeMap, BTreeSet};

use openline_wire::attachment::Attachment;

use super::layout::{Layout, Place};
use super::window::Window;
use super::{FileId, Pull};
use crate::ranges::RangeSet;
use crate::rtt::RoundTrip;

/// A piece is lost when this many that were sent after it have arrived (RFC 9002 section 6.1.1).
const OVERTAKEN: u64 = 3;

/// Nobody has asked for so long: he will begin anew.
const ENDS_AFTER_MS: u64 = 60_000;

/// Nor before so many pieces in a row had no answer. He may have all of it, and what is lost is that he says so: where half
/// of all frames are lost, one of a thousand files goes on to be called undelivered.
const IN_VAIN: u32 = 24;

/// What is under way counts as lost after this time at the latest, if an answer does not take longer: a piece in five seconds
/// is no burden for a way that carries anything.
const LONGEST_MS: u64 = 5_000;

/// Each session begins with a few pieces before anything is known of the way: who began ever new ones would draw as many as he likes.
const SESSIONS_APART_MS: u64 = 100;

/// When a boot last began to pull a file.
#[derive(Debug, Default)]
pub struct Begun(Option<u64>);

impl Begun {
    /// Whether it may begin another now; if so, it does.
    pub fn begins(&mut self, now: u64) -> bool {
        let is_too_soon = self.0.is_some_and(|at| now < at + SESSIONS_APART_MS);
        if !is_too_soon {
            self.0 = Some(now);
        }
        !is_too_soon
    }
}

/// One file on its way.
#[derive(Debug)]
pub struct Upload {
    id: FileId,
    session: u64,
    layout: Layout,
    lacking: RangeSet,
    /// What is under way, by the order of sending: which piece, and since when.
    flying: BTreeMap<u64, (u64, u64)>,
    in_air: BTreeSet<u64>,
    next: u64,
    window: Window,
    round_trip: RoundTrip,
    asked: u64,
    silent: u32,
}

impl Upload {
    /// Somebody asks for a file.
    pub fn new(file: &Attachment, pull: &Pull, now: u64) -> Self {
        Self {
            id: pull.file,
            session: pull.session,
            layout: Layout::of(file),
            lacking: RangeSet::default(),
            flying: BTreeMap::new(),
            in_air: BTreeSet::new(),
            next: 0,
            window: Window::default(),
            round_trip: RoundTrip::default(),
            asked: now,
            silent: 0,
        }
    }

    /// Whether a *pull* goes on with this one.
    pub fn is_it(&self, pull: &Pull) -> bool {
        (self.id, self.session) == (pull.file, pull.session)
    }

    /// Which file.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// As the one who pulls named it.
    pub fn session(&self) -> u64 {
        self.session
    }

    /// What has arrived, and what is lacking.
    pub fn pulled(&mut self, pull: &Pull, now: u64) {
        self.asked = now;
        self.silent = 0;
        self.lacking = RangeSet::default();
        let pieces = self.layout.pieces();
        for &(from, to) in &pull.lacking {
            self.lacking.insert(from.min(pieces), to.min(pieces));
        }
        let reached = pull.reached.min(self.next);
        let Some(last) = reached.checked_sub(1) else {
            return;
        };
        let since = self.flying.get(&last).map(|(_, at)| now - at.min(&now));
        let seen: Vec<(u64, u64)> = self
            .flying
            .range(..reached)
            .map(|(sent, (number, _))| (*sent, *number))
            .collect();
        let mut arrived = 0;
        for (sent, number) in seen {
            let is_here = !self.lacking.contains(number);
            if is_here {
                arrived += 1;
            } else if sent + OVERTAKEN < reached {
                self.window.lost(sent, self.next);
            } else {
                continue;
            }
            self.flying.remove(&sent);
            self.in_air.remove(&number);
        }
        if let (1.., Some(ms)) = (arrived, since) {
            self.round_trip.measured(ms);
            self.window.arrived(arrived, ms, last, self.next);
        }
    }

    /// The next piece and its place, if the way has room for it.
    pub fn next(&self) -> Option<(u64, Place)> {
        if self.flying.len() >= self.window.pieces() {
            return None;
        }
        let lacking = self.lacking.minus(&RangeSet::default()).into_iter();
        let mut lacking = lacking.flat_map(|(from, to)| from..to);
        let number = lacking.find(|number| !self.in_air.contains(number))?;
        Some((number, self.layout.place(number)?))
    }

    /// That piece goes out. Tells its number in the order of sending.
    pub fn sent(&mut self, number: u64, now: u64) -> u64 {
        let sent = self.next;
        self.next += 1;
        self.flying.insert(sent, (number, now));
        self.in_air.insert(number);
        sent
    }

    /// When what is under way counts as lost, if nothing is heard of it.
    pub fn due(&self) -> Option<u64> {
        let (_, last) = self.flying.values().next_back()?;
        let timeout = self.round_trip.timeout_ms().max(100) * 2;
        Some(last + (timeout << self.silent.min(6)).min(timeout.max(LONGEST_MS)))
    }

    /// Takes all that is under way for lost if its time has come. Tells whether anybody still waits for it.
    pub fn wake(&mut self, now: u64) -> bool {
        if self.due().is_some_and(|due| due <= now) {
            self.flying.clear();
            self.in_air.clear();
            self.window.silent(self.next);
            self.silent += 1;
        }
        now < self.asked + ENDS_AFTER_MS || self.silent < IN_VAIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-475
    #[test]
    fn sessions_begin_no_faster_than_ten_a_second_however_often_it_is_asked() {
        let mut begun = Begun::default();
        let began = (5..1_005).filter(|now| begun.begins(*now)).count();
        assert_eq!(began, 10);
    }
}
