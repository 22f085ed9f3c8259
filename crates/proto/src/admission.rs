//! How many of a kind are taken in from a peer that may send as many as it likes: so many at once, then one every so
//! often.

/// New boots of the peer's that may come at once: a machine that crashed for hours while the line was down is caught up
/// with. Each costs a little memory for as long as we run.
pub const BOOTS_AT_ONCE: u64 = 1_024;

/// Then one more: no machine starts anew every second for long.
pub const ONE_MORE_BOOT_MS: u64 = 1_000;

/// What is left to be admitted.
#[derive(Clone, Copy, Debug)]
pub struct Admission {
    at_once: u64,
    one_more_ms: u64,
    left: u64,
    counted: u64,
}

impl Admission {
    /// All that may come at once.
    pub fn new(at_once: u64, one_more_ms: u64, now: u64) -> Self {
        Self {
            at_once,
            one_more_ms,
            left: at_once,
            counted: now,
        }
    }

    /// Whether one more is admitted; if so, it is counted.
    pub fn admit(&mut self, now: u64) -> bool {
        let admitted = self.has_room(now);
        self.left = self.left.saturating_sub(1);
        admitted
    }

    /// Whether one more would be admitted.
    pub fn has_room(&mut self, now: u64) -> bool {
        let more = now.saturating_sub(self.counted) / self.one_more_ms;
        self.left = (self.left + more).min(self.at_once);
        self.counted += more * self.one_more_ms;
        self.left > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-444
    #[test]
    fn a_flood_of_boots_is_followed_at_one_a_second_and_an_old_crowd_at_once() {
        let mut admission = Admission::new(BOOTS_AT_ONCE, ONE_MORE_BOOT_MS, 0);
        let admitted = |admission: &mut Admission, from: u64, to: u64| {
            (from..to).filter(|&now| admission.admit(now)).count() as u64
        };
        assert_eq!(admitted(&mut admission, 0, 60_000), BOOTS_AT_ONCE + 59);
        assert_eq!(admitted(&mut admission, 60_000, 70_000), 10);
        let later = 70_000 + 10 * BOOTS_AT_ONCE * ONE_MORE_BOOT_MS;
        assert_eq!(
            admitted(&mut admission, later, later + 5_000),
            BOOTS_AT_ONCE + 4
        );
    }
}
