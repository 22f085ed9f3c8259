//! Bodies too large for one frame: cut into pieces, and put together again.
//!
//! The same bytes are always cut alike, so pieces of an earlier try still count: on a lossy link each try
//! adds what the last one lost.

use std::collections::{BTreeMap, VecDeque};

use openline_wire::header::Chain;
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

impl Partial {
    fn bytes(&self) -> usize {
        self.pieces.values().map(Vec::len).sum()
    }
}

/// Bodies of one boot that are not complete yet.
#[derive(Debug, Default)]
pub struct Reassembly {
    partials: VecDeque<Partial>,
    /// Bytes in all of them.
    bytes: usize,
}

/// Bodies out of bundles that wait for their other pieces, on one line: as many long texts as a shuffled bundle has, and no more
/// memory than the file that they came in.
pub const CARRIED_BODIES: usize = 1_024;

/// Bytes of them.
pub const CARRIED_BYTES: usize = 16 * 1024 * 1024;

/// Of bodies that come apart from the sessions.
#[derive(Debug, Default)]
pub struct Pieces {
    /// Of requests for a new generation, from whoever holds the tape.
    pub requests: Reassembly,
    /// Of what is carried by hand.
    pub carried: Reassembly,
    /// Bodies out of bundles of which the entries are held: further pieces of them begin nothing.
    pub done: VecDeque<u64>,
    /// What was carried and waits until the entries beside it are taken in.
    pub haves: Vec<(Author, Have)>,
    /// How much of our chains boots that are not heard have said in bundles that they hold.
    pub said: BTreeMap<(Author, Chain), u64>,
}

impl Pieces {
    /// A body out of a bundle is held.
    pub fn is_done(&mut self, whole: u64) {
        if self.done.len() == CARRIED_BODIES {
            self.done.pop_front();
        }
        self.done.push_back(whole);
    }
}

impl Reassembly {
    /// Takes a piece; gives the body when it was the last one missing.
    pub fn take(&mut self, fragment: Fragment) -> Option<Vec<u8>> {
        self.take_among(fragment, limits::REASSEMBLIES, usize::MAX)
    }

    /// How many bodies wait for their other pieces.
    pub fn unfinished(&self) -> usize {
        self.partials.len()
    }

    /// The same, where at most so many bodies of so many bytes wait; the oldest gives way.
    pub fn take_among(
        &mut self,
        fragment: Fragment,
        most: usize,
        most_bytes: usize,
    ) -> Option<Vec<u8>> {
        while self.bytes + fragment.bytes.len() > most_bytes {
            let oldest = self.partials.pop_front()?;
            self.bytes -= oldest.bytes();
        }
        let same =
            |partial: &Partial| (partial.whole, partial.count) == (fragment.whole, fragment.count);
        let at = match self.partials.iter().position(same) {
            Some(at) => at,
            None => {
                if self.partials.len() == most {
                    let oldest = self.partials.pop_front();
                    self.bytes -= oldest.map_or(0, |oldest| oldest.bytes());
                }
                let (whole, count) = (fragment.whole, fragment.count);
                self.partials.push_back(Partial {
                    whole,
                    count,
                    pieces: BTreeMap::new(),
                });
                self.partials.len() - 1
            }
        };
        let partial = &mut self.partials[at];
        self.bytes += fragment.bytes.len();
        let before = partial.pieces.insert(fragment.index, fragment.bytes);
        self.bytes -= before.map_or(0, |before| before.len());
        if partial.pieces.len() as u64 != partial.count {
            return None;
        }
        let partial = self.partials.remove(at)?;
        self.bytes -= partial.bytes();
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
        assert_eq!(reassembly.unfinished(), limits::REASSEMBLIES);
        assert_eq!(reassembly.bytes, limits::REASSEMBLIES * 100);
        // By bytes, too, where many may wait.
        let mut reassembly = Reassembly::default();
        for whole in 0..1_000 {
            let (index, count, bytes) = (0, 2, vec![0; 100]);
            let piece = Fragment {
                whole,
                index,
                count,
                bytes,
            };
            assert_eq!(reassembly.take_among(piece, 900, 5_050), None);
        }
        assert_eq!((reassembly.unfinished(), reassembly.bytes), (50, 5_000));
    }
}
