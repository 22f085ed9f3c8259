//! What waits to go out over a tty, and when the kernel is given it: no sooner than the line can carry it.
//!
//! The kernel's own queue holds 4 kB, which is minutes of a slow line: an urgent frame behind that would come too late
//! to be of use. So the bearer counts what the line carries, and drops what would wait for too long.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// A byte with its start bit and stop bit (8N1), and a fiftieth of that more: two clocks differ by as much, and what the
/// kernel is given too early adds up there.
const BITS_PER_HUNDRED_BYTES: u64 = 1_020;

/// How much of the line's time the kernel has in hand, so that the line has no gaps while the core waits for the disk.
const AHEAD: Duration = Duration::from_millis(250);

/// The longest time that a frame waits for its turn: what is older was sent again by the core, or is out of date.
const LONGEST_WAIT: Duration = Duration::from_secs(4);

/// Frames that may be under way in any case. Where one full frame takes longer than [`LONGEST_WAIT`] (below 3,200 bit/s), an urgent
/// text in two frames must still fit.
const LEAST_FRAMES: usize = 2;

/// What has to happen before more can be given to the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The kernel has room again.
    Room,
    /// This time comes.
    At(Instant),
}

/// The queue of one tty.
#[derive(Debug)]
pub(crate) struct Outgoing {
    rate: u32,
    frames: VecDeque<Vec<u8>>,
    /// Bytes in `frames` that the kernel was not given.
    waiting: usize,
    /// Bytes of the first that it was.
    given: usize,
    is_refused: bool,
    /// When the line will have carried what the kernel was given.
    free_at: Instant,
}

impl Outgoing {
    pub fn new(rate: u32, now: Instant) -> Self {
        Self {
            rate,
            frames: VecDeque::new(),
            waiting: 0,
            given: 0,
            is_refused: false,
            free_at: now,
        }
    }

    /// Takes a frame as it goes over the line, if it would not wait for too long.
    #[must_use]
    pub fn push(&mut self, frame: Vec<u8>, now: Instant) -> bool {
        let on_the_line = self.free_at.saturating_duration_since(now);
        let wait = on_the_line + self.time_of(self.waiting);
        let under_way = self.frames.len() + usize::from(!on_the_line.is_zero() && self.given == 0);
        if wait > LONGEST_WAIT && under_way >= LEAST_FRAMES {
            return false;
        }
        self.waiting += frame.len();
        self.frames.push_back(frame);
        true
    }

    /// What the kernel is to be given now.
    pub fn due(&self, now: Instant) -> Option<&[u8]> {
        let is_due = self.given > 0 || self.free_at <= now + AHEAD;
        let first = self.frames.front().filter(|_| is_due)?;
        Some(&first[self.given..])
    }

    /// The kernel took so many bytes of that.
    pub fn gave(&mut self, bytes: usize, now: Instant) {
        self.free_at = self.free_at.max(now) + self.time_of(bytes);
        self.waiting -= bytes;
        self.given += bytes;
        let length = self.frames.front().map_or(0, Vec::len);
        self.is_refused = self.given < length;
        if !self.is_refused {
            self.frames.pop_front();
            self.given = 0;
        }
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
        let taken = (0..100).filter(|_| outgoing.push(vec![1; 100], now));
        assert_eq!(taken.count(), 38);
    }

    /// OL-804: what the kernel was given waits as well.
    #[test]
    fn what_is_on_the_line_counts() {
        let now = Instant::now();
        let mut outgoing = Outgoing::new(9_600, now);
        let mut taken = 0;
        for _ in 0..100 {
            taken += usize::from(outgoing.push(vec![1; 100], now));
            give(&mut outgoing, now);
        }
        assert_eq!(taken, 38);
    }

    /// OL-804: a text in two full frames fits at any rate, a third frame does not.
    #[test]
    fn at_75_bits_a_second_two_full_frames_wait_and_not_a_third() {
        let now = Instant::now();
        let mut outgoing = Outgoing::new(75, now);
        assert!(outgoing.push(vec![1; 1_243], now));
        assert_eq!(give(&mut outgoing, now), 1);
        assert!(outgoing.push(vec![2; 1_243], now));
        assert!(!outgoing.push(vec![3; 27], now));
        assert_eq!(give(&mut outgoing, now), 0);
        let later = now + Duration::from_secs(170);
        assert_eq!(give(&mut outgoing, later), 1);
        assert!(outgoing.push(vec![3; 27], later));
    }

    #[test]
    fn the_kernel_is_given_no_more_than_the_line_carries() {
        let start = Instant::now();
        let mut outgoing = Outgoing::new(9_600, start);
        let mut given = 0;
        for ms in 0..10_000 {
            let now = start + Duration::from_millis(ms);
            let _ = outgoing.push(vec![1; 96], now);
            given += give(&mut outgoing, now);
        }
        // Ten frames a second, less a fiftieth, and what the kernel has in hand.
        assert!((98..=102).contains(&given), "{given}");
    }

    #[test]
    fn the_rest_of_a_frame_goes_before_the_next_one() {
        let now = Instant::now();
        let mut outgoing = Outgoing::new(115_200, now);
        assert!(outgoing.push(vec![1; 100], now) && outgoing.push(vec![2; 50], now));
        outgoing.gave(30, now);
        assert_eq!(outgoing.next(), Some(Next::Room));
        assert_eq!(outgoing.due(now), Some(&[1; 70][..]));
        outgoing.gave(70, now);
        assert!(matches!(outgoing.next(), Some(Next::At(_))));
        assert_eq!(outgoing.due(now), Some(&[2; 50][..]));
        assert_eq!(outgoing.clear(now), 1);
        assert_eq!(outgoing.next(), None);
    }
}
