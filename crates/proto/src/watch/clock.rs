//! Whether this machine's wall clock can be believed (OL-727).
//!
//! A roster is kept by the clock on the wall, and that may jump. Nobody can tell from a jump which of the two times was the right
//! one; but a clock that has kept step for a while was set by somebody, and one that stands before what was written by it
//! is wrong.

use openline_wire::limits;

use crate::contract::Moment;

/// So long after a jump the clock is doubted, in milliseconds of the monotonic clock: as long as an officer has to take his shift.
/// Who sets a clock, or a time service that finds it wrong, corrects himself sooner.
pub const DOUBTED_MS: u64 = 15 * 60_000;

/// The wall clock, held against the monotonic one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// Wall clock less monotonic clock when it was looked at last.
    offset: Option<i64>,
    /// Until when it is doubted, by the monotonic clock.
    doubted_until: Option<u64>,
}

impl Clock {
    /// Looks at both clocks, as often as anything happens.
    pub fn look(&mut self, now: Moment) {
        let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
        let offset = signed(now.wall) - signed(now.monotonic);
        let last = self.offset.replace(offset).unwrap_or(offset);
        if offset.abs_diff(last) > limits::CLOCK_DOUBT_MS {
            self.doubted_until = Some(now.monotonic.saturating_add(DOUBTED_MS));
        }
    }

    /// Whether it can be believed, if something was stored at `stored` by it.
    pub fn is_believed(&self, now: Moment, stored: Option<u64>) -> bool {
        let is_settled = self
            .doubted_until
            .is_none_or(|until| until <= now.monotonic);
        let is_behind = |stored: u64| now.wall.saturating_add(limits::CLOCK_DOUBT_MS) < stored;
        is_settled && !stored.is_some_and(is_behind)
    }

    /// When it is believed again, by the monotonic clock.
    pub fn settles_at(&self, now: Moment) -> Option<u64> {
        self.doubted_until.filter(|&until| until > now.monotonic)
    }
}
