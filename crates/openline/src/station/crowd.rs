//! Frames that wait for the core, apart by where they come from: whoever floods stands behind himself, not before others
//! (stochastic fairness queueing, McKenney 1990).

use std::array;
use std::collections::VecDeque;

use openline_proto::contract::{Input, Route};

/// Queues: half of them for ways that our own people named, where nobody else stands in between, and half for all others.
const LANES: usize = 64;

/// Frames that wait in all of them: five megabytes, about what the system's own buffer holds.
const ROOM: usize = 4_096;

/// So many frames in a queue are a few, which are worked on and written down without waiting for those of a long one.
const FEW: usize = 4;

/// The queues.
#[derive(Debug)]
pub struct Crowd {
    lanes: [VecDeque<Input>; LANES],
    waiting: usize,
    /// Whose turn it is.
    turn: usize,
    /// The last that were taken were those of short queues only.
    short_had_theirs: bool,
}

/// Whose turn it is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// Of those who send little: the others rest.
    Few,
}

impl Default for Crowd {
    fn default() -> Self {
        Self {
            lanes: array::from_fn(|_| VecDeque::new()),
            waiting: 0,
            turn: 0,
            short_had_theirs: false,
        }
    }
}

impl Crowd {
    /// Puts a frame behind those that came on the same way. Without room the newest in the longest queue is lost; tells whether
    /// one was.
    pub fn put(&mut self, route: Route, is_named: bool, bytes: &[u8]) -> bool {
        const HALF: usize = LANES / 2;
        let lane = (usize::from(route.bearer) + route.path as usize) % HALF;
        let lane = if is_named { lane } else { HALF + lane };
        let bytes = bytes.to_vec();
        self.lanes[lane].push_back(Input::Frame { route, bytes });
        self.waiting += 1;
        let is_full = self.waiting > ROOM;
        if is_full {
            let longest = self.lanes.iter_mut().max_by_key(|lane| lane.len());
            longest.and_then(VecDeque::pop_back);
            self.waiting -= 1;
        }
        is_full
    }

    /// Whether somebody waits whose turn it is.
    pub fn has(&self, whose: Whose) -> bool {
        match whose {
            Whose::All => self.waiting > 0,
            Whose::Few => self.lanes.iter().any(is_short),
        }
    }

    /// So many frames at most, one of each queue in turn, and whether a long queue had its turn. Where some queues are short
    /// and others long, those of the short ones come first and by themselves, every other time.
    pub fn take(&mut self, most: usize, whose: Whose) -> (Vec<Input>, bool) {
        let has_long = self.lanes.iter().any(|lane| lane.len() > FEW);
        let short_first = has_long && !self.short_had_theirs && self.has(Whose::Few);
        let short_only = short_first || whose == Whose::Few;
        self.short_had_theirs = short_only;
        let goes: [bool; LANES] = array::from_fn(|at| !short_only || is_short(&self.lanes[at]));
        let mut taken = Vec::new();
        let lanes = self.lanes.iter().zip(goes);
        let mut left: usize = lanes
            .filter(|(_, goes)| *goes)
            .map(|(it, _)| it.len())
            .sum();
        while taken.len() < most && left > 0 {
            let lane = &mut self.lanes[self.turn];
            let next = lane.pop_front_if(|_| goes[self.turn]);
            left -= usize::from(next.is_some());
            self.waiting -= usize::from(next.is_some());
            taken.extend(next);
            self.turn = (self.turn + 1) % LANES;
        }
        (taken, has_long && !short_only)
    }
}

fn is_short(lane: &VecDeque<Input>) -> bool {
    (1..=FEW).contains(&lane.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(path: u32) -> Route {
        Route { bearer: 0, path }
    }

    fn taken(crowd: &mut Crowd, most: usize) -> Vec<Input> {
        crowd.take(most, Whose::All).0
    }

    fn paths(taken: Vec<Input>) -> Vec<u32> {
        let path = |input: Input| match input {
            Input::Frame { route, .. } => Some(route.path),
            _ => None,
        };
        taken.into_iter().filter_map(path).collect()
    }

    #[test]
    fn a_frame_behind_a_flood_from_elsewhere_is_next() {
        let mut crowd = Crowd::default();
        (0..1_000).for_each(|_| assert!(!crowd.put(way(5), true, &[0; 40])));
        crowd.put(way(9), true, &[0; 40]);
        assert_eq!(
            paths(taken(&mut crowd, 3)),
            [9],
            "and it is worked on alone"
        );
        crowd.put(way(9), true, &[0; 40]);
        crowd.put(way(9), true, &[0; 40]);
        assert_eq!(
            paths(taken(&mut crowd, 3)),
            [5, 9, 5],
            "the others have their turn"
        );
        assert_eq!(paths(taken(&mut crowd, 3)), [9]);
        assert_eq!(taken(&mut crowd, 5_000).len(), 998);
        assert!(!crowd.has(Whose::All) && taken(&mut crowd, 1).is_empty());
    }

    #[test]
    fn who_sends_from_everywhere_stands_in_no_queue_of_a_way_that_was_named() {
        let mut crowd = Crowd::default();
        (0..3_000).for_each(|path| assert!(!crowd.put(way(path), false, &[0; 40])));
        crowd.put(way(1_000_000), true, &[0; 40]);
        assert_eq!(paths(taken(&mut crowd, 1)), [1_000_000]);
    }

    #[test]
    fn who_fills_the_room_loses_his_own_frames() {
        let mut crowd = Crowd::default();
        let lost = (0..10_000)
            .filter(|_| crowd.put(way(1), true, &[0; 40]))
            .count();
        assert_eq!(lost, 10_000 - ROOM);
        assert!(
            crowd.put(way(2), true, &[0; 40]),
            "one is lost, and it is not this"
        );
        assert_eq!(paths(taken(&mut crowd, 2)), [2]);
        assert_eq!(taken(&mut crowd, 10_000).len(), ROOM - 1);
    }

    #[test]
    fn while_long_queues_rest_only_a_short_one_is_taken_from() {
        let mut crowd = Crowd::default();
        (0..100).for_each(|_| assert!(!crowd.put(way(5), true, &[0; 40])));
        assert!(crowd.has(Whose::All) && !crowd.has(Whose::Few));
        assert!(crowd.take(4, Whose::Few).0.is_empty());
        for _ in 0..3 {
            crowd.put(way(9), true, &[0; 40]);
            let (taken, has_long) = crowd.take(4, Whose::Few);
            assert_eq!((paths(taken), has_long), (vec![9], false));
        }
        let (taken, has_long) = crowd.take(4, Whose::All);
        assert_eq!((paths(taken), has_long), (vec![5; 4], true));
    }

    #[test]
    fn frames_of_one_way_keep_their_order() {
        let mut crowd = Crowd::default();
        (0..10).for_each(|byte| assert!(!crowd.put(way(3), true, &[byte])));
        let bytes = taken(&mut crowd, 10).into_iter().map(|input| match input {
            Input::Frame { bytes, .. } => bytes[0],
            _ => u8::MAX,
        });
        assert!(bytes.eq(0..10));
    }
}
