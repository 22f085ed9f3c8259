//! Round-trip estimate of one way to one boot (RFC 6298).

/// Smoothed round trip, milliseconds scaled by 8 so that short links keep their fractions.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoundTrip {
    smoothed: Option<u64>,
    variance: u64,
}

const SCALE: u64 = 8;

/// Before anything was measured: a geostationary satellite's round trip.
const UNKNOWN_MS: u64 = 600;

/// No single measurement lifts the estimate beyond this many times the present timeout: a frame that was held back
/// for hours, or a machine that slept, says nothing of the way; a way that did become slower is believed step by step.
const BELIEVED: u64 = 2;

/// A first measurement beyond this is one of a frame held back: twice the slowest way that is served (60 s).
const LONGEST_MS: u64 = 120_000;

/// No timer is set finer than this: the other side's disk needs as long.
const GRAIN_MS: u64 = 20;

impl RoundTrip {
    /// Takes a measurement in, milliseconds.
    pub fn measured(&mut self, ms: u64) {
        let Some(smoothed) = self.smoothed else {
            let sample = ms.min(LONGEST_MS) * SCALE;
            (self.smoothed, self.variance) = (Some(sample), sample / 2);
            return;
        };
        let most = (BELIEVED * self.timeout_ms()).min(LONGEST_MS);
        let sample = ms.min(most) * SCALE;
        self.variance = (3 * self.variance + smoothed.abs_diff(sample)) / 4;
        // Half as long as was thought: an earlier measurement was wrong, or the way is another one now.
        let old = if 2 * sample < smoothed { 1 } else { 7 };
        self.smoothed = Some((old * smoothed + sample) / (old + 1));
    }

    /// The smoothed round trip, if any was measured.
    pub fn smoothed_ms(&self) -> Option<u64> {
        self.smoothed.map(|smoothed| smoothed / SCALE)
    }

    /// When a frame without an answer may be taken for lost (RFC 6298 section 2).
    pub fn timeout_ms(&self) -> u64 {
        match self.smoothed {
            None => UNKNOWN_MS,
            Some(smoothed) => (smoothed + (4 * self.variance).max(GRAIN_MS * SCALE)) / SCALE,
        }
    }

    /// How long after the one before a copy of an urgent frame is sent. The first two follow closely, because
    /// most losses are single; the later ones keep clear of a fade of the length of a short word, and still arrive before a loss could be
    /// noticed.
    pub fn stagger_ms(&self, copies_sent: u32) -> u64 {
        let round_trip = self.smoothed_ms().unwrap_or(UNKNOWN_MS);
        match copies_sent {
            0 => (round_trip / 50).clamp(2, 10),
            1 => (round_trip / 10).clamp(5, 20),
            _ => (round_trip / 3).clamp(10, 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_link_times_out_soon_after_its_round_trip() {
        let mut round_trip = RoundTrip::default();
        assert_eq!(round_trip.timeout_ms(), UNKNOWN_MS);
        (0..50).for_each(|_| round_trip.measured(100));
        assert_eq!(round_trip.smoothed_ms(), Some(100));
        assert!((101..=130).contains(&round_trip.timeout_ms()));
    }

    #[test]
    fn an_echo_that_slept_for_two_hours_does_not_stop_repetition() {
        let mut round_trip = RoundTrip::default();
        (0..50).for_each(|_| round_trip.measured(100));
        round_trip.measured(u64::MAX);
        assert!(round_trip.timeout_ms() < 500);
        (0..10).for_each(|_| round_trip.measured(100));
        assert!(round_trip.timeout_ms() < 150);
    }

    #[test]
    fn a_first_echo_that_was_held_back_is_forgotten_soon() {
        let mut round_trip = RoundTrip::default();
        round_trip.measured(u64::MAX);
        assert_eq!(round_trip.smoothed_ms(), Some(LONGEST_MS));
        (0..40).for_each(|_| round_trip.measured(100));
        assert!(round_trip.timeout_ms() < 1_000);
    }

    #[test]
    fn a_way_that_became_slow_is_believed_after_a_few_echoes() {
        let mut round_trip = RoundTrip::default();
        (0..50).for_each(|_| round_trip.measured(100));
        (0..12).for_each(|_| round_trip.measured(60_000));
        assert!(round_trip.timeout_ms() >= 60_000);
    }
}
