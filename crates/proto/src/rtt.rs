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

/// No timer is set finer than this: the other side's disk needs as long.
const GRAIN_MS: u64 = 20;

impl RoundTrip {
    /// Takes a measurement in, milliseconds.
    pub fn measured(&mut self, ms: u64) {
        let sample = ms.saturating_mul(SCALE);
        match self.smoothed {
            None => (self.smoothed, self.variance) = (Some(sample), sample / 2),
            Some(smoothed) => {
                self.variance = (3 * self.variance + smoothed.abs_diff(sample)) / 4;
                self.smoothed = Some((7 * smoothed + sample) / 8);
            }
        }
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

    /// How long after the one before a copy of an urgent frame is sent. The first follows closely, because
    /// most losses are single; the later ones keep clear of a burst, and still arrive before a loss could be
    /// noticed.
    pub fn stagger_ms(&self, copies_sent: u32) -> u64 {
        let round_trip = self.smoothed_ms().unwrap_or(UNKNOWN_MS);
        match copies_sent {
            0 => (round_trip / 50).clamp(2, 10),
            _ => (round_trip / 8).clamp(5, 60),
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
}
