//! Percentiles.

use std::time::Duration;

/// Half, nearly all, and the worst of a set of times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Half of them took no longer.
    pub p50: Duration,
    /// 95 of 100 took no longer.
    pub p95: Duration,
    /// None took longer.
    pub max: Duration,
}

impl Summary {
    /// Of times in any order; zeros if there are none.
    #[must_use]
    pub fn of(times: &[Duration]) -> Self {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        let [p50, p95, max] = [50, 95, 100].map(|percent| nearest_rank(&sorted, percent));
        Self { p50, p95, max }
    }
}

/// The smallest of the values that `percent` of all do not exceed.
fn nearest_rank(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted
        .get(rank.saturating_sub(1))
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(counts: &[u64]) -> Vec<Duration> {
        counts
            .iter()
            .map(|&count| Duration::from_millis(count))
            .collect()
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let times: Vec<u64> = (1..=200).rev().collect();
        let summary = Summary::of(&ms(&times));
        assert_eq!(
            [summary.p50, summary.p95, summary.max].to_vec(),
            ms(&[100, 190, 200])
        );
    }

    #[test]
    fn of_five_the_third_is_the_median_and_the_worst_the_95th() {
        let summary = Summary::of(&ms(&[50, 10, 40, 20, 30]));
        assert_eq!(
            [summary.p50, summary.p95, summary.max].to_vec(),
            ms(&[30, 50, 50])
        );
        assert_eq!(Summary::of(&[]), Summary::default());
    }
}
