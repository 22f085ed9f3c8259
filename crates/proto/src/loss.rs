//! How many of our frames arrive, from what the receiver reports of the counters it saw.
//!
//! A key's counter goes up with every frame, wherever that went. So it is kept which of them the receiver should have seen
//! ([`Counted`]): what went to another boot, or on a way that does not answer, is no loss of the line.

use std::collections::VecDeque;

use openline_seal::{KeyId, SealedWith};

use crate::ranges::RangeSet;
use crate::rtt::RoundTrip;

/// Loss of what we send to one boot on one way, in thousandths, smoothed over the last frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct LossMeter {
    last: Option<Report>,
    permille: Option<u64>,
    /// Before that: good enough for copies, and not for a verdict.
    first: FirstFrames,
    sampled: u64,
}

/// The frames of a sample that is not whole yet.
#[derive(Clone, Copy, Debug, Default)]
struct FirstFrames {
    counted: u64,
    lost: u64,
}

/// What a receiver saw of one key: counters go up by one with each frame sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Which key: see [`key_name`].
    pub key: u64,
    /// One past the highest counter seen.
    pub reached: u64,
    /// Frames received.
    pub received: u64,
}

/// What a report calls a key (OL-437): the id of the frame key, and whether it counts the frames that introduce it or the others.
pub fn key_name(id: KeyId, introduces: bool) -> u64 {
    u64::from(id.number()) << 1 | u64::from(!introduces)
}

/// A frame that was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// As in a report.
    pub key: u64,
    /// Its counter.
    pub counter: u64,
}

impl From<&SealedWith> for Frame {
    fn from(with: &SealedWith) -> Self {
        Self {
            key: key_name(with.id, with.introduces),
            counter: with.counter,
        }
    }
}

/// Keys of which it is kept what went out under them: a key introduced and in use, on each of two bearers.
const KEYS: usize = 4;

/// Ranges of counters kept for one key; the oldest give way, and then count neither as sent nor as lost.
const RANGES: usize = 256;

/// The frames that one boot should have seen, by their counters.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    keys: VecDeque<(u64, RangeSet)>,
}

impl Counted {
    /// The boot should see this frame; or it has, since it answered it.
    pub fn insert(&mut self, frame: Frame) {
        let known = self.keys.iter().position(|(key, _)| *key == frame.key);
        let at = known.unwrap_or_else(|| {
            if self.keys.len() == KEYS {
                self.keys.pop_front();
            }
            self.keys.push_back((frame.key, RangeSet::default()));
            self.keys.len() - 1
        });
        let counters = &mut self.keys[at].1;
        counters.insert(frame.counter, frame.counter + 1);
        counters.keep_last(RANGES);
    }

    /// How many there are under a key with a counter in `from..to`.
    fn among(&self, key: u64, from: u64, to: u64) -> u64 {
        let of_key = self.keys.iter().find(|(known, _)| *known == key);
        of_key.map_or(0, |(_, counters)| counters.count(from, to))
    }
}

/// Frames in one sample: enough to tell 30 % from 10 %, few enough to notice a change soon.
const SAMPLE: u64 = 20;

/// Where an answer takes as long as this, the way may be a radio on which a copy takes seconds of air: there loss is measured
/// before anything is sent twice.
const SLOW_MS: u64 = 1_000;

/// Losses of this share and more call for copies of urgent frames.
const COPIES_FROM_PERMILLE: u64 = 40;

/// Copies of an urgent frame are sent until at most this share of them would be lost altogether. An entry and the
/// answer to it have to arrive, so nineteen of twenty must come through at the first try with room to spare.
const RESIDUAL_PERMILLE: u64 = 12;

/// More copies than this would make the congestion that they fight.
const MOST_COPIES: u32 = 5;

impl LossMeter {
    /// Takes a report in. Reports may be late, doubled, about a new key, or a lie.
    pub fn reported(&mut self, report: Report, counted: &Counted) {
        let Some(last) = self.last.filter(|last| last.key == report.key) else {
            self.last = Some(report);
            return;
        };
        let sent = counted.among(report.key, last.reached, report.reached);
        if sent == 0 || report.received < last.received {
            return;
        }
        let arrived = (report.received - last.received).min(sent);
        let lost = sent - arrived;
        if sent < SAMPLE {
            let counted = sent;
            self.first = FirstFrames { counted, lost };
            return;
        }
        let sample = lost * 1000 / sent;
        self.permille = Some(match self.permille {
            Some(old) if self.sampled > 1 => (3 * old + sample) / 4,
            Some(old) => (old + sample) / 2,
            None => sample,
        });
        self.sampled += 1;
        self.last = Some(report);
    }

    /// What comes now is counted from the next report on: what was sent in between went where nobody was.
    pub fn restart(&mut self) {
        self.last = None;
    }

    /// Share lost, in thousandths, once enough was seen.
    pub fn permille(&self) -> Option<u64> {
        self.permille
    }

    /// How often an urgent frame is sent at first, on a way with that round trip.
    pub fn copies(&self, round_trip: &RoundTrip) -> u32 {
        let is_quick = round_trip
            .smoothed_ms()
            .is_some_and(|measured| measured < SLOW_MS);
        let estimate = || is_quick.then(|| self.first.permille());
        let loss = self.permille.or_else(estimate);
        let Some(loss) = loss.filter(|&loss| loss >= COPIES_FROM_PERMILLE) else {
            return 1;
        };
        let (mut all_lost, mut copies) = (loss, 1);
        while all_lost > RESIDUAL_PERMILLE && copies < MOST_COPIES {
            all_lost = all_lost * loss / 1000;
            copies += 1;
        }
        copies
    }
}

impl FirstFrames {
    /// Share lost that is to be expected (Laplace's rule of succession). The less is known, the more copies: the first FLASH of a
    /// boot is the one that must not wait for a second try.
    fn permille(self) -> u64 {
        (self.lost + 1) * 1000 / (self.counted + 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A way on which an answer takes so long.
    fn way(ms: u64) -> RoundTrip {
        let mut way = RoundTrip::default();
        way.measured(ms);
        way
    }

    /// So many frames were sent under the first key, and the boot should have seen all of them.
    fn sent(frames: u64) -> Counted {
        let mut counted = Counted::default();
        (0..frames).for_each(|counter| counted.insert(Frame { key: 1, counter }));
        counted
    }

    fn report(key: u64, reached: u64, received: u64) -> Report {
        Report {
            key,
            reached,
            received,
        }
    }

    fn meter(loss_permille: u64) -> LossMeter {
        let (mut meter, counted) = (LossMeter::default(), sent(2_000));
        for step in 0..20 {
            let reached = step * 100;
            let received = reached * (1000 - loss_permille) / 1000;
            meter.reported(report(1, reached, received), &counted);
        }
        meter
    }

    /// OL-437
    #[test]
    fn what_went_elsewhere_is_not_lost() {
        let (mut meter, mut counted) = (LossMeter::default(), Counted::default());
        // Every other frame is for another boot; of those for this one, one in five is lost.
        (0..200).for_each(|n| {
            counted.insert(Frame {
                key: 1,
                counter: 2 * n,
            });
        });
        meter.reported(report(1, 0, 0), &counted);
        meter.reported(report(1, 200, 80), &counted);
        assert_eq!(meter.permille(), Some(200));
        meter.reported(report(1, 400, 160), &counted);
        assert_eq!(meter.permille(), Some(200));
    }

    /// OL-437
    #[test]
    fn what_was_sent_while_nobody_answered_is_not_lost() {
        let (mut meter, counted) = (LossMeter::default(), sent(2_000));
        meter.reported(report(1, 0, 0), &counted);
        meter.reported(report(1, 100, 100), &counted);
        meter.restart();
        meter.reported(report(1, 1_000, 101), &counted);
        meter.reported(report(1, 1_100, 201), &counted);
        assert_eq!(meter.permille(), Some(0));
    }

    /// What is kept is bounded, and what was forgotten counts neither way.
    #[test]
    fn the_oldest_counters_are_forgotten() {
        let mut counted = Counted::default();
        for n in 0..1_000 {
            counted.insert(Frame {
                key: 1,
                counter: 2 * n,
            });
        }
        assert_eq!(counted.among(1, 0, 2_000), RANGES as u64);
        (2..=5).for_each(|key| counted.insert(Frame { key, counter: 0 }));
        assert_eq!(counted.among(1, 0, 2_000), 0);
        assert_eq!(counted.among(5, 0, 2_000), 1);
    }

    /// OL-431
    #[test]
    fn copies_follow_the_measured_loss() {
        let copies = [0, 10, 100, 300, 900].map(|loss| meter(loss).copies(&way(200)));
        assert_eq!(copies, [1, 1, 2, 4, 5]);
    }

    /// OL-431
    #[test]
    fn before_loss_is_measured_the_first_frames_go_in_more_copies_than_they_will_need() {
        let (mut meter, counted) = (LossMeter::default(), sent(2_000));
        let mut copies = vec![meter.copies(&way(200))];
        for received in [0, 2, 8, 16, 20] {
            meter.reported(report(1, received, received), &counted);
            copies.push(meter.copies(&way(200)));
        }
        assert_eq!(copies, [5, 5, 4, 2, 2, 1]);
    }

    /// OL-431
    #[test]
    fn where_copies_are_dear_loss_is_measured_first() {
        let mut meter = LossMeter::default();
        let unmeasured = RoundTrip::default();
        let copies = |meter: &LossMeter| [meter.copies(&unmeasured), meter.copies(&way(1_000))];
        assert_eq!(copies(&meter), [1, 1]);
        meter.reported(report(1, 0, 0), &sent(2_000));
        meter.reported(report(1, 20, 14), &sent(2_000));
        assert_eq!(copies(&meter), [4, 4]);
    }

    #[test]
    fn absurd_reports_of_a_liar_are_taken_for_loss_and_nothing_else() {
        let mut meter = meter(0);
        for (reached, received) in [(u64::MAX, 7), (u64::MAX, u64::MAX), (0, 0)] {
            meter.reported(report(1, reached, received), &sent(2_000));
        }
        assert!(meter.permille().is_some_and(|loss| loss <= 1000));
    }

    #[test]
    fn a_new_key_begins_a_new_count() {
        let mut meter = meter(300);
        meter.reported(report(2, 5, 5), &sent(2_000));
        assert!(
            meter
                .permille()
                .is_some_and(|loss| (290..=310).contains(&loss))
        );
    }
}
