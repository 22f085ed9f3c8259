//! Bodies too large for one frame: cut into pieces, and put together again.
//!
//! The same bytes are always cut alike, so pieces of an earlier try still count: on a lossy link each try
//! adds what the last one lost.

use std::collections::{BTreeMap, VecDeque};

use openline_wire::ids::Author;
use openline_wire::limits;

use crate::bodies::{Fragment, Have};

/// Bytes of a body in one piece: what leaves room for a *have* beside it.
pub const PIECE: usize = limits::FRAME_PLAINTEXT - 128;

/// The name of a body: of its bytes, and not of the entry in it. One entry can be coded in several ways, and pieces of two of them
/// make neither (seed 1645 of the world). FNV, as it need only differ: a sender who mixes up his own bodies harms himself.
pub fn name_of(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |name, &byte| {
        (name ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Cuts a body up. `whole` names it: the same for the same bytes.
pub fn cut(whole: u64, bytes: &[u8]) -> Vec<Fragment> {
    let count = bytes.len().div_ceil(PIECE) as u64;
    let pieces = bytes.chunks(PIECE).zip(0..);
    pieces
        .map(|(piece, index)| Fragment {
            whole,
            index,
            count,
            bytes: piece.to_vec(),
        })
        .collect()
}

#[derive(Debug)]
struct Partial {
    whole: u64,
    count: u64,
    pieces: BTreeMap<u64, Vec<u8>>,
}

/// Bodies of one boot that are not complete yet.
#[derive(Debug, Default)]
pub struct Reassembly(VecDeque<Partial>);

/// Of bodies that come apart from the sessions.
#[derive(Debug, Default)]
pub struct Pieces {
    /// Of requests for a new generation, from whoever holds the tape.
    pub requests: Reassembly,
    /// Of what is carried by hand.
    pub carried: Reassembly,
    /// What was carried and waits until the entries beside it are taken in.
    pub haves: Vec<(Author, Have)>,
}

impl Reassembly {
    /// Takes a piece; gives the body when it was the last one missing.
    pub fn take(&mut self, fragment: Fragment) -> Option<Vec<u8>> {
        let same =
            |partial: &Partial| (partial.whole, partial.count) == (fragment.whole, fragment.count);
        let at = match self.0.iter().position(same) {
            Some(at) => at,
            None => {
                if self.0.len() == limits::REASSEMBLIES {
                    self.0.pop_front();
                }
                let (whole, count) = (fragment.whole, fragment.count);
                self.0.push_back(Partial {
                    whole,
                    count,
                    pieces: BTreeMap::new(),
                });
                self.0.len() - 1
            }
        };
        let partial = &mut self.0[at];
        partial.pieces.insert(fragment.index, fragment.bytes);
        if partial.pieces.len() as u64 != partial.count {
            return None;
        }
        let partial = self.0.remove(at)?;
        Some(partial.pieces.into_values().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-403
    #[test]
    fn pieces_of_several_tries_in_any_order_make_the_body() {
        let bytes: Vec<u8> = (0..5_000u32).map(|n| n as u8).collect();
        let pieces = cut(7, &bytes);
        let mut reassembly = Reassembly::default();
        let (kept, lost): (Vec<_>, Vec<_>) = pieces.into_iter().partition(|p| p.index % 2 == 0);
        assert!(
            kept.into_iter()
                .rev()
                .all(|piece| reassembly.take(piece).is_none())
        );
        let whole: Vec<_> = lost
            .into_iter()
            .rev()
            .filter_map(|p| reassembly.take(p))
            .collect();
        assert_eq!(whole, [bytes]);
    }

    /// OL-403: of two codings of one entry, as long as each other, each try completes its own.
    #[test]
    fn pieces_of_two_codings_of_one_entry_are_not_mixed() {
        let codings = [1, 2].map(|byte| vec![byte; 2 * PIECE]);
        let mut pieces = codings.iter().map(|it| cut(name_of(it), it));
        let (one, other) = (pieces.next().unwrap(), pieces.next().unwrap());
        let mut reassembly = Reassembly::default();
        let order = [&one[0], &other[1], &one[1], &other[0]];
        let whole = order.map(|piece| reassembly.take(piece.clone()));
        let [one, other] = codings;
        assert_eq!(whole, [None, None, Some(one), Some(other)]);
    }

    #[test]
    fn a_peer_that_never_completes_a_body_costs_a_bounded_number_of_them() {
        let mut reassembly = Reassembly::default();
        for whole in 0..1_000 {
            let piece = Fragment {
                whole,
                index: 0,
                count: 2,
                bytes: vec![0; 100],
            };
            assert_eq!(reassembly.take(piece), None);
        }
        assert_eq!(reassembly.0.len(), limits::REASSEMBLIES);
    }
}
