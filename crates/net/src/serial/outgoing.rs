//! What waits to go out over a tty, and when the kernel is given it: no sooner than the line can carry it.
//!
//! The kernel's own queue holds 4 kB, which is minutes of a slow line: an urgent frame behind that would come too late
//! to be of use. So the bearer counts what the line carries, and drops what would wait for too long.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use openline_wire::haste::Haste;

/// A byte with its start bit and stop bit (8N1), and a fiftieth of that more: two clocks differ by as much, and what the
/// kernel is given too early adds up there.
const BITS_PER_HUNDRED_BYTES: u64 = 1_020;

/// How much of the line's time the kernel has in hand, so that the line has no gaps while the core waits for the disk.
const AHEAD: Duration = Duration::from_millis(250);

/// The longest time that a frame waits for its turn: what is older was sent again by the core, or is out of date.
const LONGEST_WAIT: Duration = Duration::from_secs(4);

/// Frames of each haste that may wait in any case. Where one full frame takes longer than [`LONGEST_WAIT`] (below 3,200 bit/s), one
/// that is there again and again must not keep another from ever having its turn.
const LEAST: usize = 1;

/// An urgent text in two frames must still fit.
const LEAST_URGENT: usize = 2;

/// What has to happen before more can be given to the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The kernel has room again.
    Room,
    /// This time comes.
    At(Instant),
}

/// A frame that waits.
#[derive(Debug)]
struct Waiting {
    bytes: Vec<u8>,
    haste: Haste,
}

/// The queue of one tty. What is urgent goes first; the others have their turns, so that nothing is starved by what is always there.
#[derive(Debug)]
pub struct Outgoing {
    rate: u32,
    /// The first is under way or goes next.
    frames: VecDeque<Waiting>,
    /// Bytes in `frames` that the kernel was not given.
    waiting: usize,
    /// Bytes of the first that it was.
    given: usize,
    is_refused: bool,
    /// When the line will have carried what the kernel was given.
    free_at: Instant,
    /// The turns of each haste, by the number of the last.
    turns: [u64; Haste::ALL.len()],
}

/// What became of a frame that was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// It is in the queue.
    pub is_taken: bool,
    /// So many others gave way to it.
    pub gave_way: usize,
}

impl Outgoing {
    /// An empty one, of a line that carries so many bits a second.
    pub fn new(rate: u32, now: Instant) -> Self {
        Self {
            rate,
            frames: VecDeque::new(),
            waiting: 0,
            given: 0,
            is_refused: false,
            free_at: now,
            turns: [0; Haste::ALL.len()],
        }
    }

    /// Takes a frame as it goes over the line, if it would not wait for too long.
    pub fn push(&mut self, bytes: Vec<u8>, haste: Haste, now: Instant) -> Pushed {
        // What gives way is sent again when its time comes; the later sign of life says all that the earlier one does.
        let may = |waiting| match haste {
            Haste::Urgent => waiting != Haste::Urgent,
            Haste::Life => waiting == Haste::Life,
            Haste::Text | Haste::Bulk => false,
        };
        let mut gave_way = 0;
        while self.is_full(haste, now) && self.give_way(may) {
            gave_way += 1;
        }
        let is_taken = !self.is_full(haste, now);
        if is_taken {
            self.waiting += bytes.len();
            self.frames.push_back(Waiting { bytes, haste });
            self.choose();
        }
        Pushed { is_taken, gave_way }
    }

    fn is_full(&self, haste: Haste, now: Instant) -> bool {
        let on_the_line = self.free_at.saturating_duration_since(now);
        let wait = on_the_line + self.time_of(self.waiting);
        let begun = usize::from(self.given > 0);
        let alike = self
            .frames
            .iter()
            .skip(begun)
            .filter(|it| it.haste == haste);
        let least = match haste {
            Haste::Urgent => LEAST_URGENT,
            _ => LEAST,
        };
        wait > LONGEST_WAIT && alike.count() >= least
    }

    /// Drops the least hasty of the frames that may be dropped, the last first; what the kernel has a part of stays. Tells whether there
    /// was one.
    fn give_way(&mut self, may: impl Fn(Haste) -> bool) -> bool {
        let begun = usize::from(self.given > 0);
        let droppable = self.frames.iter().enumerate().skip(begun);
        let droppable = droppable.filter(|(_, it)| may(it.haste));
        let Some((at, _)) = droppable.max_by_key(|(at, it)| (it.haste, *at)) else {
            return false;
        };
        let dropped = self.frames.remove(at);
        self.waiting -= dropped.map_or(0, |it| it.bytes.len());
        self.choose();
        true
    }

    /// Puts the frame in front that goes next, unless one is under way: an urgent one, or one of those whose turn was longest ago.
    fn choose(&mut self) {
        if self.given > 0 {
            return;
        }
        let turn = |it: &Waiting| match it.haste {
            Haste::Urgent => 0,
            haste => 1 + self.turns[haste as usize],
        };
        let next = self.frames.iter().enumerate();
        let next = next
            .min_by_key(|(at, it)| (turn(it), *at))
            .map(|(at, _)| at);
        let chosen = next.and_then(|at| self.frames.remove(at));
        chosen.into_iter().for_each(|it| self.frames.push_front(it));
    }

    /// What the kernel is to be given now.
    pub fn due(&self, now: Instant) -> Option<&[u8]> {
        let is_due = self.given > 0 || self.free_at <= now + AHEAD;
        let first = self.frames.front().filter(|_| is_due)?;
        Some(&first.bytes[self.given..])
    }

    /// The kernel took so many bytes of that.
    pub fn gave(&mut self, bytes: usize, now: Instant) {
        self.free_at = self.free_at.max(now) + self.time_of(bytes);
        self.waiting -= bytes;
        self.given += bytes;
        let length = self.frames.front().map_or(0, |it| it.bytes.len());
        self.is_refused = self.given < length;
        if !self.is_refused {
            self.given = 0;
            if let Some(gone) = self.frames.pop_front() {
                let last = self.turns.iter().max().copied().unwrap_or(0);
                self.turns[gone.haste as usize] = last + 1;
            }
            self.choose();
        }
    }

    /// When the line will have carried what the kernel was given.
    pub fn free_at(&self) -> Instant {
        self.free_at
    }

    /// What has to happen before there is more to do; none if nothing waits.
    pub fn next(&self) -> Option<Next> {
        self.frames.front()?;
        let at = self.free_at.checked_sub(AHEAD).unwrap_or(self.free_at);
        Some(match self.is_refused {
            true => Next::Room,
            false => Next::At(at),
        })
    }

    /// The tty is gone, and what waited for it. Tells how many frames that are.
    pub fn clear(&mut self, now: Instant) -> usize {
        let lost = self.frames.len();
        *self = Self::new(self.rate, now);
        lost
    }

    /// How long the line needs for so many bytes.
    fn time_of(&self, bytes: usize) -> Duration {
        let bits = bytes as u64 * BITS_PER_HUNDRED_BYTES;
        Duration::from_micros(bits * 10_000 / u64::from(self.rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed(outgoing: &mut Outgoing, bytes: Vec<u8>, now: Instant) -> bool {
        outgoing.push(bytes, Haste::Text, now).is_taken
    }

    /// Gives the kernel what is due; it has room for everything.
    fn give(outgoing: &mut Outgoing, now: Instant) -> usize {
        let mut given = 0;
        while let Some(length) = outgoing.due(now).map(<[u8]>::len) {
            outgoing.gave(length, now);
            given += 1;
        }
        given
    }

    /// OL-804: at 9600 bit/s four seconds are some 3,800 bytes.
    #[test]
    fn four_seconds_of_the_line_wait_and_no_more() {
        let now = Instant::now();
        let mut outgoing = Outgoing::new(9_600, now);
        let taken = (0..100).filter(|_| pushed(&mut outgoing, vec![1; 100], now));
        assert_eq!(taken.count(), 38);
    }

    /// OL-804: what the kernel was given waits as well.
    #[test]
    fn what_is_on_the_line_counts() {
        let now = Instant::now();
        let mut outgoing = Outgoing::new(9_600, now);
        let mut taken = 0;
        for _ in 0..100 {
            taken += usize::from(pushed(&mut outgoing, vec![1; 100], now));
            give(&mut outgoing, now);
        }
        assert_eq!(taken, 38);
    }

    /// OL-804: a text in two full frames fits at any rate, a third frame does not.
    #[test]
    fn at_75_bits_a_second_two_full_frames_wait_and_not_a_third() {
        let now = Instant::now();
        let mut outgoing = Outgoing::new(75, now);
        assert!(pushed(&mut outgoing, vec![1; 1_243], now));
        assert_eq!(give(&mut outgoing, now), 1);
        assert!(pushed(&mut outgoing, vec![2; 1_243], now));
        assert!(!pushed(&mut outgoing, vec![3; 27], now));
        assert_eq!(give(&mut outgoing, now), 0);
        let later = now + Duration::from_secs(170);
        assert_eq!(give(&mut outgoing, later), 1);
        assert!(pushed(&mut outgoing, vec![3; 27], later));
    }

    #[test]
    fn the_kernel_is_given_no_more_than_the_line_carries() {
        let start = Instant::now();
        let mut outgoing = Outgoing::new(9_600, start);
        let mut given = 0;
        for ms in 0..10_000 {
            let now = start + Duration::from_millis(ms);
            let _ = pushed(&mut outgoing, vec![1; 96], now);
            given += give(&mut outgoing, now);
        }
        // Ten frames a second, less a fiftieth, and what the kernel has in hand.
        assert!((98..=102).contains(&given), "{given}");
    }

    #[test]
    fn the_rest_of_a_frame_goes_before_the_next_one() {
        let now = Instant::now();
        let mut outgoing = Outgoing::new(115_200, now);
        assert!(
            pushed(&mut outgoing, vec![1; 100], now) && pushed(&mut outgoing, vec![2; 50], now)
        );
        outgoing.gave(30, now);
        assert_eq!(outgoing.next(), Some(Next::Room));
        assert_eq!(outgoing.due(now), Some(&[1; 70][..]));
        outgoing.gave(70, now);
        assert!(matches!(outgoing.next(), Some(Next::At(_))));
        assert_eq!(outgoing.due(now), Some(&[2; 50][..]));
        assert_eq!(outgoing.clear(now), 1);
        assert_eq!(outgoing.next(), None);
    }

    /// The first byte of each frame that the line carries within a time, while it is given what is due each millisecond.
    fn carried(outgoing: &mut Outgoing, from: Instant, seconds: u64) -> Vec<u8> {
        let mut carried = Vec::new();
        for ms in 0..seconds * 1_000 {
            let now = from + Duration::from_millis(ms);
            while let Some(due) = outgoing.due(now) {
                carried.push(due[0]);
                let length = due.len();
                outgoing.gave(length, now);
            }
        }
        carried
    }

    /// OL-804: behind what is under way, before all that waits.
    #[test]
    fn an_urgent_frame_waits_for_the_one_under_way_and_for_no_other() {
        let now = Instant::now();
        let mut outgoing = Outgoing::new(1_200, now);
        for first in [1, 2, 3, 4] {
            outgoing.push(vec![first; 200], Haste::Bulk, now);
            give(&mut outgoing, now);
        }
        assert!(outgoing.push(vec![9; 200], Haste::Urgent, now).is_taken);
        assert_eq!(carried(&mut outgoing, now, 20)[0], 9);
    }

    /// OL-804: where many urgent frames find no room, what is not urgent makes it.
    #[test]
    fn what_is_not_urgent_gives_way_to_what_is() {
        let now = Instant::now();
        let mut outgoing = Outgoing::new(1_200, now);
        for first in [1, 2, 3] {
            outgoing.push(vec![first; 200], Haste::Bulk, now);
            give(&mut outgoing, now);
        }
        let urgent = (5..9).map(|first| outgoing.push(vec![first; 50], Haste::Urgent, now));
        let urgent: Vec<Pushed> = urgent.collect();
        assert!(urgent.iter().all(|it| it.is_taken), "{urgent:?}");
        assert!(urgent.iter().any(|it| it.gave_way > 0), "{urgent:?}");
        assert_eq!(carried(&mut outgoing, now, 20)[..4], [5, 6, 7, 8]);
    }

    /// OL-804: what is held may take several frames to say; none of them gives way while the line has time for all.
    #[test]
    fn the_latest_sign_of_life_takes_the_place_of_another_only_where_time_is_short() {
        let now = Instant::now();
        for (rate, left) in [(9_600, 5), (75, 1)] {
            let mut outgoing = Outgoing::new(rate, now);
            outgoing.push(vec![1; 100], Haste::Text, now);
            give(&mut outgoing, now);
            (2..7).for_each(|first| _ = outgoing.push(vec![first; 100], Haste::Life, now));
            assert_eq!(outgoing.frames.len(), left, "{rate} bit/s");
            assert_eq!(outgoing.frames.back().map(|it| it.bytes[0]), Some(6));
        }
    }

    /// OL-804: signs of life that come faster than the line carries them leave the others their turns.
    #[test]
    fn nothing_is_starved_by_what_is_always_there() {
        let start = Instant::now();
        let mut outgoing = Outgoing::new(75, start);
        let mut counts = [0; 4];
        for second in 0..3_600 {
            let now = start + Duration::from_secs(second);
            for (first, haste) in [(1, Haste::Life), (2, Haste::Text), (3, Haste::Bulk)] {
                outgoing.push(vec![first; 100], haste, now);
            }
            let carried = carried(&mut outgoing, now, 1);
            carried.iter().for_each(|it| counts[usize::from(*it)] += 1);
        }
        let [_, life, text, bulk] = counts;
        assert!(life > 50 && text > 50 && bulk > 50, "{counts:?}");
    }
}
