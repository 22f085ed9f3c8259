//! Datagrams that come from where the peer is known to be, and that none of our keys opens: the only trace of a peer
//! whose keys are not ours any more, because one of the two homes was copied or put back.
//!
//! Anybody can write the peer's address on a datagram, so this decides nothing: it is told to a person, who can ask
//! the other side's people. It costs three numbers for each line, whoever sends how much.

use crate::contract::Moment;
use crate::verdict::Unopened;

/// A few may be stragglers, sealed for an earlier start of ours.
const ENOUGH: u32 = 3;

/// Those that came since something of the peer's was opened last.
#[derive(Clone, Copy, Debug)]
pub struct Unopenable {
    first: Moment,
    last: Moment,
    count: u32,
}

impl Unopenable {
    /// One more came. After a pause of `silent_after` the count begins anew.
    pub fn one_more(before: Option<Self>, now: Moment, silent_after: u64) -> Self {
        let before = before.filter(|it| it.keeps_coming(now, silent_after));
        Self {
            first: before.map_or(now, |it| it.first),
            last: now,
            count: before.map_or(1, |it| it.count.saturating_add(1)),
        }
    }

    /// What is to be told: that they have been coming for as long as the line needs to count as silent. A peer that is
    /// well introduces its keys again within that time, as after each start of ours.
    pub fn told(&self, now: Moment, silent_after: u64) -> Option<Unopened> {
        let lasted = self.last.monotonic - self.first.monotonic;
        let counts = self.count >= ENOUGH && lasted >= silent_after;
        (counts && self.keeps_coming(now, silent_after)).then_some(Unopened {
            since: self.first.wall,
            last: self.last.wall,
        })
    }

    /// When it is over unless another comes, by our monotonic clock.
    pub fn lapses_at(&self, silent_after: u64) -> u64 {
        self.last.monotonic + silent_after
    }

    fn keeps_coming(&self, now: Moment, silent_after: u64) -> bool {
        now.monotonic < self.lapses_at(silent_after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SILENT: u64 = 15_000;

    fn at(monotonic: u64) -> Moment {
        Moment {
            monotonic,
            wall: 1_000_000 + monotonic,
        }
    }

    fn after(times: impl IntoIterator<Item = u64>) -> Unopenable {
        let one_more = |before, time| Some(Unopenable::one_more(before, at(time), SILENT));
        times
            .into_iter()
            .fold(None, one_more)
            .expect("one at least")
    }

    /// OL-455
    #[test]
    fn stragglers_after_a_start_of_ours_are_not_worth_a_word() {
        let stragglers = after((0..100).map(|n| n * 100));
        assert_eq!(stragglers.told(at(9_900), SILENT), None);
        let two_far_apart = after([0, 14_999]);
        assert_eq!(two_far_apart.told(at(15_000), SILENT), None);
    }

    /// OL-455
    #[test]
    fn what_keeps_coming_is_told_until_it_stops() {
        let knocks = after((0..=40).map(|n| n * 500));
        let told = Some(Unopened {
            since: 1_000_000,
            last: 1_020_000,
        });
        assert_eq!(knocks.told(at(20_100), SILENT), told);
        assert_eq!(knocks.told(at(34_999), SILENT), told);
        assert_eq!(knocks.told(at(35_000), SILENT), None);
    }

    /// OL-455
    #[test]
    fn after_a_pause_it_begins_anew() {
        let again = after((0..=40).map(|n| n * 500).chain([60_000, 60_500, 61_000]));
        assert_eq!(again.told(at(61_000), SILENT), None);
    }
}
