//! Sets of places in a chain, as ascending half-open ranges that do not touch.

/// Which places of a chain somebody holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeSet(Vec<(u64, u64)>);

impl RangeSet {
    /// Places `0..size`.
    pub fn up_to(size: u64) -> Self {
        let mut set = Self::default();
        set.insert(0, size);
        set
    }

    /// Adds `from..to`.
    pub fn insert(&mut self, from: u64, to: u64) {
        if from >= to {
            return;
        }
        let first = self.0.partition_point(|&(_, end)| end < from);
        let last = self.0.partition_point(|&(start, _)| start <= to);
        let merged = self.0[first..last]
            .iter()
            .fold((from, to), |(low, high), &(start, end)| {
                (low.min(start), high.max(end))
            });
        self.0.splice(first..last, [merged]);
    }

    /// Whether `place` is in the set.
    pub fn contains(&self, place: u64) -> bool {
        let after = self.0.partition_point(|&(start, _)| start <= place);
        after > 0 && place < self.0[after - 1].1
    }

    /// How many places are held from the first on, without a gap.
    pub fn contiguous(&self) -> u64 {
        match self.0.first() {
            Some(&(0, end)) => end,
            _ => 0,
        }
    }

    /// The ranges beyond the first gap.
    pub fn ahead(&self) -> &[(u64, u64)] {
        match self.0.first() {
            Some(&(0, _)) => &self.0[1..],
            _ => &self.0,
        }
    }

    /// One past the last place held.
    pub fn end(&self) -> u64 {
        self.0.last().map_or(0, |&(_, end)| end)
    }

    /// The first place at or after `from` that is held here and not in `other`.
    pub fn next_not_in(&self, from: u64, other: &Self) -> Option<u64> {
        let mut place = from;
        loop {
            let range = self
                .0
                .get(self.0.partition_point(|&(_, end)| end <= place))?;
            place = place.max(range.0);
            let skip = other
                .0
                .get(other.0.partition_point(|&(_, end)| end <= place));
            match skip {
                Some(&(start, end)) if start <= place => place = end,
                _ => return Some(place),
            }
            if place < range.1 {
                return Some(place);
            }
        }
    }

    /// What is here and not in `other`.
    pub fn minus(&self, other: &Self) -> Vec<(u64, u64)> {
        let mut out = Vec::new();
        let mut from = 0;
        while let Some(start) = self.next_not_in(from, other) {
            let range = self.0[self.0.partition_point(|&(_, end)| end <= start)];
            let next = other
                .0
                .get(other.0.partition_point(|&(_, end)| end <= start));
            let end = next.map_or(range.1, |&(held, _)| held.min(range.1));
            out.push((start, end));
            from = end;
        }
        out
    }

    /// How many places of `from..to` are held.
    pub fn count(&self, from: u64, to: u64) -> u64 {
        let within = |&(start, end): &(u64, u64)| end.min(to).saturating_sub(start.max(from));
        self.0.iter().map(within).sum()
    }

    /// Forgets all but the last so many ranges.
    pub fn keep_last(&mut self, ranges: usize) {
        self.0.drain(..self.0.len().saturating_sub(ranges));
    }

    /// How many places are held.
    pub fn len(&self) -> u64 {
        self.0.iter().map(|&(start, end)| end - start).sum()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn places(set: &RangeSet) -> BTreeSet<u64> {
        set.0.iter().flat_map(|&(start, end)| start..end).collect()
    }

    fn set_of(ranges: &[(u64, u64)]) -> RangeSet {
        let mut set = RangeSet::default();
        ranges
            .iter()
            .for_each(|&(from, len)| set.insert(from, from + len));
        set
    }

    proptest! {
        /// The ranges say the same as a plain set of places.
        #[test]
        fn ranges_agree_with_a_plain_set(
            a in prop::collection::vec((0u64..60, 0u64..9), 0..12),
            b in prop::collection::vec((0u64..60, 0u64..9), 0..12),
            from in 0u64..70,
        ) {
            let (left, right) = (set_of(&a), set_of(&b));
            let (l, r) = (places(&left), places(&right));
            prop_assert!(left.0.windows(2).all(|pair| pair[0].1 < pair[1].0));
            prop_assert_eq!(left.len(), l.len() as u64);
            prop_assert_eq!(left.count(from, from + 9), l.range(from..from + 9).count() as u64);
            prop_assert_eq!(left.contains(from), l.contains(&from));
            prop_assert_eq!(left.next_not_in(from, &right), l.range(from..).find(|p| !r.contains(p)).copied());
            let rest: BTreeSet<u64> = left.minus(&right).iter().flat_map(|&(s, e)| s..e).collect();
            prop_assert_eq!(rest, l.difference(&r).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(left.contiguous(), (0..).find(|p| !l.contains(p)).unwrap_or(0));
        }
    }
}
