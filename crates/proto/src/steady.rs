//! A constant rate (OL-459): on each way that is proven one frame of one size goes out at each beat, whether there is something to say or
//! not, and nothing between. Whoever watches the way learns when the station runs, and from sizes and times nothing else.
//!
//! What the line wants sent waits here for its beat, what is urgent in front. A frame is handed out some time before its beat, so that
//! nothing that the machine does then, such as writing to its disk, shows in when it goes.

use std::collections::{BTreeMap, VecDeque};

use openline_seal::{Agreement, BearerId};
use openline_wire::haste::Haste;

use crate::contract::{Moment, Output, Route};
use crate::line::Line;

/// How long before its beat a frame is handed out, at most; half the time between two beats, if that is less.
const AHEAD_MS: u64 = 50;

/// What would wait for longer is out of date, or was sent again.
const LONGEST_WAIT_MS: u64 = 4_000;

/// Frames of each haste that may wait in any case.
const LEAST: usize = 2;

/// What is to go out at a beat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat {
    /// Where.
    pub route: Route,
    /// When, by the monotonic clock.
    pub at: u64,
    /// The frame that waited for it, and its haste; none: one that says nothing is to be made.
    pub frame: Option<(Vec<u8>, Haste)>,
}

/// The ways that have a constant rate.
#[derive(Clone, Debug)]
pub struct Steady {
    every: u64,
    lanes: BTreeMap<Route, Lane>,
}

/// What waits on one way.
#[derive(Clone, Debug, Default)]
struct Lane {
    /// The next beat.
    at: u64,
    waiting: [VecDeque<Vec<u8>>; Haste::ALL.len()],
    /// The turns of each haste, by the number of the last: nothing is starved by what is always there.
    turns: [u64; Haste::ALL.len()],
}

impl Steady {
    /// With a beat once in so many milliseconds.
    pub fn new(every: u64) -> Self {
        Self {
            every: every.max(1),
            lanes: BTreeMap::new(),
        }
    }

    /// The ways that have a constant rate from now on; of others what waits is forgotten: it is sent again.
    pub fn keep(&mut self, ways: &[Route], now: u64) {
        self.lanes.retain(|route, _| ways.contains(route));
        for route in ways {
            self.lanes.entry(*route).or_insert_with(|| Lane {
                at: now + self.every,
                ..Lane::default()
            });
        }
    }

    /// Takes a frame for its way, and tells whether it did: else it goes out at once.
    pub fn take(&mut self, route: Route, haste: Haste, bytes: &mut Vec<u8>) -> bool {
        let most = usize::try_from(LONGEST_WAIT_MS / self.every).unwrap_or(LEAST);
        let Some(lane) = self.lanes.get_mut(&route) else {
            return false;
        };
        let waiting = &mut lane.waiting[haste as usize];
        if waiting.len() >= most.max(LEAST) {
            // The later sign of life says all that the earlier one does; of all else what came first is what is missed most.
            match haste {
                Haste::Life => _ = waiting.pop_front(),
                Haste::Urgent | Haste::Text | Haste::Bulk => return true,
            }
        }
        waiting.push_back(core::mem::take(bytes));
        true
    }

    /// When the next frame is to be handed out.
    pub fn due(&self) -> Option<u64> {
        let beats = self.lanes.values().map(|lane| lane.at);
        beats.min().map(|at| at.saturating_sub(self.ahead()))
    }

    fn ahead(&self) -> u64 {
        AHEAD_MS.min(self.every / 2)
    }

    /// What goes out at the beats that are near.
    pub fn beat(&mut self, now: u64) -> Vec<Beat> {
        let (every, near) = (self.every, now + self.ahead());
        let mut beats = Vec::new();
        for (&route, lane) in &mut self.lanes {
            if lane.at > near {
                continue;
            }
            let frame = lane.next();
            beats.push(Beat {
                route,
                at: lane.at,
                frame,
            });
            // Beats that a sleeping machine missed are not made up for: a crowd of frames would say that it slept.
            let missed = near.saturating_sub(lane.at) / every;
            lane.at += every * (missed + 1);
        }
        beats
    }
}

impl Lane {
    /// What is urgent, or what had its turn longest ago.
    fn next(&mut self) -> Option<(Vec<u8>, Haste)> {
        let turn = |haste: &Haste| match haste {
            Haste::Urgent => 0,
            haste => 1 + self.turns[*haste as usize],
        };
        let all = Haste::ALL.into_iter();
        let there = all.filter(|haste| !self.waiting[*haste as usize].is_empty());
        let haste = there.min_by_key(turn)?;
        let bytes = self.waiting[haste as usize].pop_front()?;
        let last = self.turns.iter().max().copied().unwrap_or(0);
        self.turns[haste as usize] = last + 1;
        Some((bytes, haste))
    }
}

impl<A: Agreement> Line<A> {
    /// Gives what is to go out on ways with a constant rate its beat, and each beat its frame.
    pub(crate) fn keep_pace(&mut self, now: Moment) {
        let Some(mut steady) = self.steady.take() else {
            return;
        };
        steady.keep(&self.steady_ways(now), now.monotonic);
        for mut output in core::mem::take(&mut self.batch.outputs) {
            let waits = match &mut output {
                Output::Send {
                    route,
                    bytes,
                    haste,
                    ..
                } => steady.take(*route, *haste, bytes),
                _ => false,
            };
            if !waits {
                self.batch.outputs.push(output);
            }
        }
        for Beat { route, at, frame } in steady.beat(now.monotonic) {
            if let Some((bytes, haste)) = frame.or_else(|| self.says_nothing(route)) {
                self.batch.outputs.push(Output::Send {
                    route,
                    bytes,
                    haste,
                    at: Some(at),
                });
            }
        }
        self.steady = Some(steady);
    }

    /// Those on which the peer answers; where nobody does, questions become rarer, which says no more than that.
    fn steady_ways(&mut self, now: Moment) -> Vec<Route> {
        let boot = self.freshest().map(|remote| remote.boot);
        let mut remotes = self.remotes.iter_mut();
        let lives = remotes.find(|remote| Some(remote.boot) == boot);
        let echo = self.cadences.echo;
        let Some(remote) = lives else {
            return Vec::new();
        };
        if remote.is_dead(now.monotonic, echo) {
            return Vec::new();
        }
        let mut ways = remote.ways.beside();
        ways.extend(remote.ways.best());
        ways
    }

    /// A frame without bodies, as long as any other.
    fn says_nothing(&mut self, route: Route) -> Option<(Vec<u8>, Haste)> {
        let sealed = self.channel.seal(BearerId(route.bearer), &[]);
        let bytes = sealed.ok()?;
        self.key_frame_sent(route);
        self.testify(None, &[]);
        Some((bytes, Haste::Life))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAY: Route = Route { bearer: 0, path: 1 };
    const OTHER: Route = Route { bearer: 1, path: 1 };

    fn with(every: u64, ways: &[Route]) -> Steady {
        let mut steady = Steady::new(every);
        steady.keep(ways, 1_000);
        steady
    }

    fn put(steady: &mut Steady, haste: Haste, name: u8) -> bool {
        steady.take(WAY, haste, &mut vec![name])
    }

    /// The names of what goes out, 0 for what says nothing, and when.
    fn run(steady: &mut Steady, until: u64) -> Vec<(u64, u8)> {
        let mut sent = Vec::new();
        while let Some(due) = steady.due().filter(|due| *due < until) {
            for beat in steady.beat(due) {
                sent.push((beat.at, beat.frame.map_or(0, |(bytes, _)| bytes[0])));
            }
        }
        sent
    }

    /// OL-459
    #[test]
    fn one_frame_goes_at_each_beat_whether_there_is_something_to_say_or_not() {
        let mut steady = with(100, &[WAY]);
        for name in 1..=3 {
            assert!(put(&mut steady, Haste::Text, name));
        }
        let sent = run(&mut steady, 1_500);
        assert_eq!(
            sent,
            [(1_100, 1), (1_200, 2), (1_300, 3), (1_400, 0), (1_500, 0)]
        );
        assert!(
            !steady.take(OTHER, Haste::Text, &mut vec![1]),
            "no way of its"
        );
    }

    /// OL-459
    #[test]
    fn what_is_urgent_takes_the_next_beat_and_nothing_is_starved() {
        let mut steady = with(100, &[WAY]);
        for name in 10..14 {
            put(&mut steady, Haste::Text, name);
            put(&mut steady, Haste::Bulk, name + 10);
        }
        put(&mut steady, Haste::Urgent, 1);
        let names: Vec<u8> = run(&mut steady, 1_550).into_iter().map(|it| it.1).collect();
        assert_eq!(names, [1, 10, 20, 11, 21]);
    }

    #[test]
    fn a_machine_that_slept_makes_up_for_nothing() {
        let mut steady = with(100, &[WAY]);
        assert_eq!(steady.beat(5_000).len(), 1);
        assert_eq!(steady.beat(5_000), []);
        assert_eq!(steady.due(), Some(5_100 - 50));
    }

    #[test]
    fn what_would_wait_too_long_is_left_to_be_sent_again() {
        let mut steady = with(1_000, &[WAY]);
        for name in 1..10 {
            put(&mut steady, Haste::Life, name);
            put(&mut steady, Haste::Urgent, name + 10);
        }
        let names: Vec<u8> = run(&mut steady, 9_400).into_iter().map(|it| it.1).collect();
        assert_eq!(names, [11, 12, 13, 14, 6, 7, 8, 9]);
    }

    #[test]
    fn of_a_way_that_is_gone_nothing_waits() {
        let mut steady = with(100, &[WAY, OTHER]);
        put(&mut steady, Haste::Text, 1);
        steady.keep(&[OTHER], 1_050);
        steady.keep(&[OTHER, WAY], 1_060);
        assert_eq!(run(&mut steady, 1_150), [(1_100, 0), (1_160, 0)]);
    }
}
