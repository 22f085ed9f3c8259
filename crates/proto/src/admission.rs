//! How fast new boots of the peer's are followed. Each costs a little memory for as long as we run, and a party
//! that lies can begin as many as it likes; no machine starts anew every second for long.

/// New boots that may come at once: a machine that crashed for hours while the line was down is caught up with.
const AT_ONCE: u64 = 1_024;

/// One more may come each second.
const ONE_MORE_MS: u64 = 1_000;

/// What is left to be admitted.
#[derive(Clone, Copy, Debug)]
pub struct Admission {
    left: u64,
    counted: u64,
}

impl Admission {
    /// All that may come at once.
    pub fn new(now: u64) -> Self {
        Self {
            left: AT_ONCE,
            counted: now,
        }
    }

    /// Whether one more boot is followed.
    pub fn admit(&mut self, now: u64) -> bool {
        let more = now.saturating_sub(self.counted) / ONE_MORE_MS;
        self.left = (self.left + more).min(AT_ONCE);
        self.counted += more * ONE_MORE_MS;
        let admitted = self.left > 0;
        self.left = self.left.saturating_sub(1);
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-444
    #[test]
    fn a_flood_of_boots_is_followed_at_one_a_second_and_an_old_crowd_at_once() {
        let mut admission = Admission::new(0);
        let admitted = |admission: &mut Admission, from: u64, to: u64| {
            (from..to).filter(|&now| admission.admit(now)).count() as u64
        };
        assert_eq!(admitted(&mut admission, 0, 60_000), AT_ONCE + 59);
        assert_eq!(admitted(&mut admission, 60_000, 70_000), 10);
        let later = 70_000 + 10 * AT_ONCE * ONE_MORE_MS;
        assert_eq!(admitted(&mut admission, later, later + 5_000), AT_ONCE + 4);
    }
}
