//! The ids held of one chain, in runs without a gap.

use openline_wire::ids::{Digest, EntryId};

use crate::tree::Edge;

/// Ids by sequence. Runs ascend; only the first may begin at 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs(Vec<Run>);

#[derive(Clone, Debug)]
struct Run {
    first: u64,
    ids: Vec<EntryId>,
}

impl Run {
    fn end(&self) -> u64 {
        self.first + self.ids.len() as u64
    }
}

impl Runs {
    /// Adds an id behind all that are held. If it does not `follow` the one before it, a new run begins.
    pub fn push(&mut self, sequence: u64, id: EntryId, follows: bool) {
        match self.0.last_mut() {
            Some(run) if follows && run.end() == sequence => run.ids.push(id),
            _ => self.0.push(Run {
                first: sequence,
                ids: vec![id],
            }),
        }
    }

    /// The id at a place.
    pub fn at(&self, sequence: u64) -> Option<EntryId> {
        let run = self.0.partition_point(|run| run.first <= sequence);
        let run = &self.0[run.checked_sub(1)?];
        let index = usize::try_from(sequence - run.first).ok()?;
        run.ids.get(index).copied()
    }

    /// The ids from the first entry up to the first gap.
    pub fn contiguous(&self) -> &[EntryId] {
        match self.0.first() {
            Some(run) if run.first == 0 => &run.ids,
            _ => &[],
        }
    }

    /// The place behind the last id held.
    pub fn end(&self) -> u64 {
        self.0.last().map_or(0, Run::end)
    }
}

/// The tree roots of the first `size` ids, for ascending sizes none of which is beyond the ids.
pub(crate) fn roots(ids: &[EntryId], sizes: impl IntoIterator<Item = u64>) -> Vec<Digest> {
    let mut edge = Edge::new();
    let mut rest = ids.iter();
    let mut root_at = |size: u64| {
        let missing = usize::try_from(size - edge.size()).unwrap_or(usize::MAX);
        edge.extend(rest.by_ref().take(missing).copied());
        edge.root()
    };
    sizes.into_iter().map(&mut root_at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::entry_id;

    /// OL-335
    #[test]
    fn what_lies_beyond_a_gap_is_held_but_does_not_count_as_contiguous() {
        let mut runs = Runs::default();
        for sequence in [0, 1, 2, 5, 6] {
            runs.push(sequence, entry_id(sequence as u8), true);
        }
        runs.push(7, entry_id(70), false);
        assert_eq!(runs.contiguous().len(), 3);
        assert_eq!((runs.at(2), runs.at(3)), (Some(entry_id(2)), None));
        assert_eq!(
            (runs.at(6), runs.at(7)),
            (Some(entry_id(6)), Some(entry_id(70)))
        );
        assert_eq!((runs.at(8), runs.end()), (None, 8));
    }

    #[test]
    fn a_chain_whose_beginning_is_missing_has_nothing_contiguous() {
        let mut runs = Runs::default();
        assert_eq!((runs.at(0), runs.contiguous().len()), (None, 0));
        runs.push(1, entry_id(1), true);
        assert_eq!((runs.at(0), runs.contiguous().len()), (None, 0));
    }

    /// OL-340
    #[test]
    fn the_roots_of_several_sizes_come_from_one_pass() {
        let ids: Vec<EntryId> = (0..9).map(entry_id).collect();
        let root = |n: usize| ids[..n].iter().copied().collect::<Edge>().root();
        assert_eq!(
            roots(&ids, [0, 4, 4, 9]),
            [root(0), root(4), root(4), root(9)]
        );
    }
}
