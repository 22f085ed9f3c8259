//! When one way is asked whether it still leads to the peer, and when it counts as cut.
//!
//! A question and its answer are two frames of about a hundred bytes with their IP and UDP headers. At an echo of five
//! seconds that is some fourteen bytes a second for each way kept ready; a charter for a thin link has a longer echo, and so
//! rarer questions.

use crate::config::Cadences;
use crate::rtt::RoundTrip;

/// A way that answers is asked once in so many echo periods: what the way in use carries is not more often proven when a frame of
/// it is lost.
const PERIODS: u64 = 3;

/// So many questions in a row without an answer make a way that answered before a cut one. Where three frames in ten are lost, one
/// series in fifteen ends so by chance, and the next answer ends that.
const TRIES: u32 = 4;

/// From so many on it is not said any more that the way answers.
const DOUBT: u32 = 2;

/// A way that does not answer is asked ever more rarely, down to once in this time: whoever has its address now gets no more.
const LONGEST_MS: u64 = 60_000;

/// The questions on one way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asking {
    /// When the first of the questions was asked that have no answer.
    since: Option<u64>,
    tries: u32,
    due: u64,
    round_trip: RoundTrip,
}

impl Asking {
    /// Its smoothed round trip, once it has answered, in milliseconds.
    pub fn round_trip(&self) -> Option<u64> {
        self.round_trip.smoothed_ms()
    }

    /// When it is asked next.
    pub fn due(&self) -> u64 {
        self.due
    }

    /// A question goes out.
    pub fn asked(&mut self, now: u64, cadences: &Cadences) {
        self.since.get_or_insert(now);
        self.tries = self.tries.saturating_add(1);
        let patience = cadences.echo.max(2 * self.round_trip.timeout_ms());
        let doublings = self.tries.saturating_sub(TRIES).min(6);
        let longest = LONGEST_MS.max(patience);
        self.due = now + (patience << doublings).min(longest);
    }

    /// What was sent on this way at a moment came back on it, after a round trip. What was held back says nothing of the
    /// questions since.
    pub fn answered(&mut self, sent: u64, round_trip: u64, cadences: &Cadences) {
        self.round_trip.measured(round_trip);
        if self.since.is_none_or(|since| sent >= since) {
            (self.since, self.tries) = (None, 0);
            self.due = sent + PERIODS * cadences.echo;
        }
    }

    /// Nobody answered on any way for a while, so nothing follows from what was asked meanwhile.
    pub fn begin_anew(&mut self, now: u64) {
        (self.since, self.tries, self.due) = (None, DOUBT, now);
    }

    /// Since when nothing came back, if that is long enough and was asked often enough.
    pub fn silent_since(&self, now: u64, cadences: &Cadences) -> Option<u64> {
        self.turns_at(cadences)
            .filter(|&at| at <= now)
            .and(self.since)
    }

    /// When its silence will have lasted long enough, if it was asked often enough.
    pub fn turns_at(&self, cadences: &Cadences) -> Option<u64> {
        let since = self.since.filter(|_| self.tries > TRIES);
        since.map(|since| since + cadences.silent_after)
    }

    /// Whether it may have fallen silent.
    pub fn is_in_doubt(&self) -> bool {
        self.tries >= DOUBT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIVE_SECONDS: Cadences = Cadences {
        echo: 5_000,
        silent_after: 15_000,
        presence: 3_600_000,
    };

    /// Asks whenever that is due, up to a moment, and says when it did.
    fn ask_until(asking: &mut Asking, end: u64, cadences: &Cadences) -> Vec<u64> {
        let mut times = Vec::new();
        while asking.due() < end {
            times.push(asking.due());
            asking.asked(asking.due(), cadences);
        }
        times
    }

    /// OL-436
    #[test]
    fn a_way_without_answer_is_asked_five_times_soon_and_then_once_a_minute() {
        let mut asking = Asking::default();
        asking.answered(1_000, 40, &FIVE_SECONDS);
        assert_eq!(asking.due(), 16_000);
        let times = ask_until(&mut asking, 300_000, &FIVE_SECONDS);
        let first: Vec<u64> = times.iter().map(|at| at - 16_000).take(7).collect();
        assert_eq!(first, [0, 5_000, 10_000, 15_000, 20_000, 30_000, 50_000]);
        assert_eq!(times[times.len() - 1] - times[times.len() - 2], 60_000);
    }

    /// OL-438
    #[test]
    fn four_questions_and_the_charters_limit_make_a_way_a_silent_one() {
        let slow = Cadences {
            echo: 5_000,
            silent_after: 120_000,
            presence: 3_600_000,
        };
        for (cadences, silent_at) in [(FIVE_SECONDS, 20_000), (slow, 120_000)] {
            let mut asking = Asking::default();
            ask_until(&mut asking, 20_000, &cadences);
            assert_eq!(asking.silent_since(200_000, &cadences), None);
            asking.asked(20_000, &cadences);
            assert_eq!(
                asking.silent_since(silent_at - 1, &cadences).is_some(),
                silent_at == 20_000
            );
            assert_eq!(asking.silent_since(silent_at, &cadences), Some(0));
            asking.answered(20_000, 40, &cadences);
            assert_eq!(asking.silent_since(400_000, &cadences), None);
        }
    }

    /// OL-438: a satellite's answer takes its time.
    #[test]
    fn a_slow_way_is_given_the_time_that_it_takes() {
        let mut asking = Asking::default();
        asking.answered(0, 20_000, &FIVE_SECONDS);
        let times = ask_until(&mut asking, 600_000, &FIVE_SECONDS);
        assert!(times[1] - times[0] >= 40_000, "{times:?}");
    }

    /// OL-424: a frame that was held back proves what was, not what is.
    #[test]
    fn an_answer_to_an_earlier_question_leaves_later_ones_open() {
        let mut asking = Asking::default();
        asking.answered(1_000, 40, &FIVE_SECONDS);
        ask_until(&mut asking, 60_000, &FIVE_SECONDS);
        asking.answered(2_000, 58_000, &FIVE_SECONDS);
        assert_eq!(asking.silent_since(60_000, &FIVE_SECONDS), Some(16_000));
    }
}
