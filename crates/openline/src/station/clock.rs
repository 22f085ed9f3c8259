//! The two clocks of a boot: one that never jumps and counts suspend, one for people.

use std::time::{Duration, SystemTime};

use openline_proto::contract::Moment;
use rustix::time::{ClockId, clock_gettime};

/// Counts from the start of a boot.
#[derive(Clone, Copy, Debug)]
pub struct BootClock {
    start: Duration,
}

impl BootClock {
    /// A boot starts now.
    pub fn start() -> Self {
        Self {
            start: since_machine_start(),
        }
    }

    /// Now, by both clocks.
    pub fn now(&self) -> Moment {
        Moment {
            monotonic: millis(since_machine_start().saturating_sub(self.start)),
            wall: wall(),
        }
    }

    /// How long until a monotonic time of this boot; zero if it has passed.
    pub fn until(&self, monotonic: u64) -> Duration {
        Duration::from_millis(monotonic.saturating_sub(self.now().monotonic))
    }
}

/// UTC by this machine's clock, milliseconds since 1970; 0 for a clock before that.
pub fn wall() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map(millis).unwrap_or(0)
}

/// CLOCK_BOOTTIME of clock_gettime(2): unlike CLOCK_MONOTONIC it goes on while the machine sleeps, and a time
/// limit must not be longer for whoever closes the lid.
fn since_machine_start() -> Duration {
    let time = clock_gettime(ClockId::Boottime);
    Duration::try_from(time).unwrap_or_default()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boot_counts_from_zero_and_forward() {
        let clock = BootClock::start();
        let one = clock.now();
        assert!(one.monotonic < 60_000, "{one:?}");
        assert!(clock.now().monotonic >= one.monotonic);
        assert_eq!(clock.until(0), Duration::ZERO);
        assert!(clock.until(1 << 40) > Duration::from_secs(1 << 20));
    }
}
