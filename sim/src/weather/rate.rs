//! How fast a bearer is in one direction, and what becomes of frames that find it busy. Behind a router they wait in the order in which
//! they came, and what would wait for too long is lost. Before a tty the driver knows of each how hasty it is, and keeps to OL-804.

use std::collections::VecDeque;

use openline_wire::haste::Haste;

use super::Letter;
use crate::dice::Dice;

/// Slow radios, modems, and what a satellite or an office has. Bits a second.
const RATES: [u64; 7] = [75, 300, 1_200, 2_400, 9_600, 64_000, 1_000_000];

/// What a tty's frame waits for its turn at most (OL-804).
const LONGEST_WAIT_US: u64 = 4_000_000;

/// Frames of each haste that may wait before a tty in any case, and urgent ones (OL-804).
const LEAST: usize = 1;
const LEAST_URGENT: usize = 2;

#[derive(Debug)]
pub enum Rate {
    Unlimited,
    Router(Router),
    Tty(Tty),
}

impl Rate {
    /// As the seed has it: every other lane is as fast as its sender.
    pub fn drawn(dice: &mut Dice) -> Self {
        let kind = dice.below(4);
        let rate = dice.pick(&RATES).unwrap_or(1_000_000);
        match kind {
            0 | 1 => Self::Unlimited,
            2 => Self::Router(Router {
                rate,
                longest_wait_us: dice
                    .pick(&[100_000, 2_000_000, 30_000_000])
                    .unwrap_or(100_000),
                free_at_us: 0,
            }),
            _ => Self::Tty(Tty::new(rate)),
        }
    }
}

fn air_us(bytes: usize, rate: u64) -> u64 {
    bytes as u64 * 8 * 1_000_000 / rate
}

/// A queue in the order in which frames came, which loses what it has no room for.
#[derive(Debug)]
pub struct Router {
    rate: u64,
    longest_wait_us: u64,
    free_at_us: u64,
}

impl Router {
    /// When the last bit of a frame will have left that comes now; none if it is lost.
    pub fn carried_at(&mut self, bytes: usize, now: u64) -> Option<u64> {
        let now_us = now * 1_000;
        let begins = self.free_at_us.max(now_us);
        if begins - now_us > self.longest_wait_us {
            return None;
        }
        self.free_at_us = begins + air_us(bytes, self.rate);
        Some(self.free_at_us.div_ceil(1_000))
    }
}

/// The queue of a driver that knows what may wait for what.
#[derive(Debug)]
pub struct Tty {
    rate: u64,
    frames: VecDeque<(Haste, Letter)>,
    waiting_bytes: usize,
    free_at_us: u64,
    /// The turns of each haste, by the number of the last.
    turns: [u64; Haste::ALL.len()],
    /// The time for which it asked.
    calls_at: Option<u64>,
}

impl Tty {
    fn new(rate: u64) -> Self {
        Self {
            rate,
            frames: VecDeque::new(),
            waiting_bytes: 0,
            free_at_us: 0,
            turns: [0; Haste::ALL.len()],
            calls_at: None,
        }
    }

    /// Takes a frame, if it would not wait for too long or may push others out. Tells how many are lost by that.
    pub fn push(&mut self, letter: Letter, haste: Haste, now: u64) -> u64 {
        let gives_way = |waits: Haste| match haste {
            Haste::Urgent => waits != Haste::Urgent,
            Haste::Life => waits == Haste::Life,
            Haste::Text | Haste::Bulk => false,
        };
        let mut lost = 0;
        while self.is_full(haste, now) {
            let waiting = self.frames.iter().enumerate();
            let least = waiting
                .filter(|(_, (waits, _))| gives_way(*waits))
                .max_by_key(|(at, (waits, _))| (*waits, *at));
            let Some((at, _)) = least else {
                return lost + 1;
            };
            self.take(at);
            lost += 1;
        }
        self.waiting_bytes += letter.bytes.len();
        self.frames.push_back((haste, letter));
        lost
    }

    fn is_full(&self, haste: Haste, now: u64) -> bool {
        let on_the_line = self.free_at_us.saturating_sub(now * 1_000);
        let wait = on_the_line + air_us(self.waiting_bytes, self.rate);
        let least = match haste {
            Haste::Urgent => LEAST_URGENT,
            _ => LEAST,
        };
        let alike = self.frames.iter().filter(|(waits, _)| *waits == haste);
        wait > LONGEST_WAIT_US && alike.count() >= least
    }

    fn take(&mut self, at: usize) -> Option<(Haste, Letter)> {
        let (haste, letter) = self.frames.remove(at)?;
        self.waiting_bytes -= letter.bytes.len();
        Some((haste, letter))
    }

    /// The frame that the line begins with now, if it is free, and when it will have carried that: an urgent one, or one of those
    /// whose turn was longest ago.
    pub fn pop(&mut self, now: u64) -> Option<(Letter, u64)> {
        if self.free_at_us > now * 1_000 {
            return None;
        }
        let turn = |haste: Haste| match haste {
            Haste::Urgent => 0,
            haste => 1 + self.turns[haste as usize],
        };
        let waiting = self.frames.iter().enumerate();
        let (at, _) = waiting.min_by_key(|(at, (haste, _))| (turn(*haste), *at))?;
        let (haste, letter) = self.take(at)?;
        self.turns[haste as usize] = 1 + self.turns.iter().max().copied().unwrap_or(0);
        self.free_at_us = now * 1_000 + air_us(letter.bytes.len(), self.rate);
        Some((letter, self.free_at_us.div_ceil(1_000)))
    }

    /// It was called at the time for which it asked.
    pub fn is_called(&mut self) {
        self.calls_at = None;
    }

    /// When it wants to be called, unless it will be or nothing waits.
    pub fn calls_at(&mut self) -> Option<u64> {
        if self.frames.is_empty() || self.calls_at.is_some() {
            return None;
        }
        self.calls_at = Some(self.free_at_us.div_ceil(1_000));
        self.calls_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(bytes: usize) -> Letter {
        Letter {
            to: 1,
            route: (0, 0),
            bytes: vec![0; bytes],
        }
    }

    #[test]
    fn a_router_sends_frames_one_after_the_other_and_loses_what_would_wait_too_long() {
        let mut router = Router {
            rate: 8_000,
            longest_wait_us: 150_000,
            free_at_us: 0,
        };
        let carried: Vec<_> = (0..3).map(|_| router.carried_at(100, 1_000)).collect();
        assert_eq!(carried, [Some(1_100), Some(1_200), None]);
        assert_eq!(router.carried_at(100, 1_100), Some(1_300));
    }

    #[test]
    fn before_a_tty_an_urgent_frame_waits_for_the_one_under_way_alone_and_the_others_take_turns() {
        let mut tty = Tty::new(8_000);
        let mut lost = 0;
        for haste in [
            Haste::Text,
            Haste::Text,
            Haste::Bulk,
            Haste::Life,
            Haste::Urgent,
        ] {
            lost += tty.push(letter(100 + haste as usize), haste, 0);
        }
        assert_eq!(tty.pop(0).map(|(it, _)| it.bytes.len()), Some(100));
        assert_eq!((tty.calls_at(), tty.calls_at()), (Some(100), None));
        let mut order = Vec::new();
        let mut now = 0;
        while let Some(at) = (!tty.frames.is_empty()).then_some(tty.free_at_us.div_ceil(1_000)) {
            now = now.max(at);
            order.extend(tty.pop(now).map(|(it, _)| it.bytes.len() - 100));
        }
        assert_eq!((lost, order), (0, vec![2, 3, 1, 2]));
    }

    #[test]
    fn before_a_slow_tty_the_latest_sign_of_life_takes_the_place_of_the_earlier_one() {
        let mut tty = Tty::new(75);
        assert_eq!(tty.push(letter(100), Haste::Text, 0), 0);
        assert!(tty.pop(0).is_some());
        let lost = [Haste::Life, Haste::Life, Haste::Text, Haste::Text]
            .map(|haste| tty.push(letter(50), haste, 0));
        assert_eq!(lost, [0, 1, 0, 1]);
    }
}
