//! How many of our frames arrive, from what the receiver reports of the counters it saw.

/// Loss of what we send under one key, in thousandths, smoothed over the last frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct LossMeter {
    last: Option<Report>,
    permille: Option<u64>,
    /// From the first few frames: good enough for copies, and not for a verdict.
    guess: Option<u64>,
    sampled: u64,
}

/// What a receiver saw of one key: counters go up by one with each frame sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// Which key, by the low bits of its id.
    pub key: u64,
    /// One past the highest counter seen.
    pub reached: u64,
    /// Frames received.
    pub received: u64,
}

/// Frames in one sample: enough to tell 30 % from 10 %, few enough to notice a change soon.
const SAMPLE: u64 = 20;

/// Frames after which a guess is better than none: the first FLASH may be lost.
const GUESS: u64 = 8;

/// Losses of this share and more call for copies of urgent frames.
const COPIES_FROM_PERMILLE: u64 = 40;

/// Copies of an urgent frame are sent until at most this share of them would be lost altogether. An entry and the
/// answer to it have to arrive, so nineteen of twenty must come through at the first try with room to spare.
const RESIDUAL_PERMILLE: u64 = 12;

/// More copies than this would make the congestion that they fight.
const MOST_COPIES: u32 = 5;

impl LossMeter {
    /// Takes a report in. Reports may be late, doubled, or about a new key.
    pub fn reported(&mut self, report: Report) {
        let Some(last) = self.last.filter(|last| last.key == report.key) else {
            self.last = Some(report);
            return;
        };
        let sent = report.reached.saturating_sub(last.reached);
        if sent < GUESS || report.received < last.received {
            return;
        }
        let arrived = (report.received - last.received).min(sent);
        // The peer's figures: they may be anything.
        let lost = u128::from(sent - arrived) * 1000 / u128::from(sent);
        let sample = u64::try_from(lost).unwrap_or(1000);
        if sent < SAMPLE {
            self.guess = Some(sample);
            return;
        }
        self.permille = Some(match self.permille {
            Some(old) if self.sampled > 1 => (3 * old + sample) / 4,
            Some(old) => (old + sample) / 2,
            None => sample,
        });
        self.sampled += 1;
        self.last = Some(report);
    }

    /// Share lost, in thousandths, once enough was seen.
    pub fn permille(&self) -> Option<u64> {
        self.permille
    }

    /// How often an urgent frame is sent at first.
    pub fn copies(&self) -> u32 {
        let Some(loss) = self
            .permille
            .or(self.guess)
            .filter(|&loss| loss >= COPIES_FROM_PERMILLE)
        else {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(loss_permille: u64) -> LossMeter {
        let mut meter = LossMeter::default();
        for step in 0..20 {
            let reached = step * 100;
            let received = reached * (1000 - loss_permille) / 1000;
            meter.reported(Report {
                key: 1,
                reached,
                received,
            });
        }
        meter
    }

    /// OL-431
    #[test]
    fn copies_follow_the_measured_loss() {
        let copies = [0, 10, 100, 300, 900].map(|loss| meter(loss).copies());
        assert_eq!(copies, [1, 1, 2, 4, 5]);
    }

    #[test]
    fn absurd_reports_of_a_liar_are_taken_for_loss_and_nothing_else() {
        let mut meter = meter(0);
        for (reached, received) in [(u64::MAX, 7), (u64::MAX, u64::MAX), (0, 0)] {
            meter.reported(Report {
                key: 1,
                reached,
                received,
            });
        }
        assert!(meter.permille().is_some_and(|loss| loss <= 1000));
    }

    #[test]
    fn a_new_key_begins_a_new_count() {
        let mut meter = meter(300);
        meter.reported(Report {
            key: 2,
            reached: 5,
            received: 5,
        });
        assert!(
            meter
                .permille()
                .is_some_and(|loss| (290..=310).contains(&loss))
        );
    }
}
