//! What whoever watches a station's frames can learn from their sizes and times.

use openline_seal::{EVEN, Padding};

/// What a datagram has around a frame: IP and UDP.
const AROUND: usize = 28;

/// How a station's frames look from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnTheWire {
    /// How frames are padded: sizes tell an observer something, and hiding them costs a thin link something.
    pub padding: Padding,
    /// At a constant rate, one frame in so many milliseconds on each way that works.
    pub beat_ms: Option<u64>,
}

impl OnTheWire {
    /// As much as there is to say, padded so.
    pub fn padded(padding: Padding) -> Self {
        Self {
            padding,
            beat_ms: None,
        }
    }

    /// So many bits a second on each way that works, all frames equally long.
    pub fn at_a_constant_rate(bits_a_second: u32) -> Self {
        let bits = 8 * (EVEN + AROUND) as u64;
        Self {
            padding: Padding::Even,
            beat_ms: Some((1_000 * bits).div_ceil(u64::from(bits_a_second).max(1))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_and_what_is_around_it_take_their_time_at_the_rate() {
        for (rate, beat) in [(8_000, 1_228), (64_000, 154), (1_000_000, 10)] {
            let it = OnTheWire::at_a_constant_rate(rate);
            assert_eq!((it.padding, it.beat_ms), (Padding::Even, Some(beat)));
        }
    }
}
