//! How a file is cut: a list of its chunks' hashes, then the chunks, all in pieces that are numbered through.

use openline_record::tree::Edge;
use openline_wire::attachment::Attachment;
use openline_wire::entry::id_of;
use openline_wire::ids::{Digest, EntryId};
use openline_wire::limits::{CHUNK, PIECE};

/// Bytes of a hash in the list.
const HASH: u64 = 32;

/// What is loaded and checked as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The hashes of all chunks, one after the other.
    List,
    /// A chunk.
    Chunk(u64),
}

/// A piece's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// In which part.
    pub part: Part,
    /// Which piece of it.
    pub index: u64,
    /// Its first byte there.
    pub from: usize,
    /// Its bytes.
    pub len: usize,
}

/// The pieces of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    size: u64,
}

impl Layout {
    /// Of a file that a message names.
    pub fn of(file: &Attachment) -> Self {
        Self { size: file.size }
    }

    /// How many chunks it has.
    pub fn chunks(&self) -> u64 {
        self.size.div_ceil(CHUNK as u64)
    }

    /// Bytes of a part; none if there is no such part.
    pub fn len_of(&self, part: Part) -> Option<u64> {
        match part {
            Part::List => Some(HASH * self.chunks()),
            Part::Chunk(index) if index < self.chunks() => {
                Some((self.size - index * CHUNK as u64).min(CHUNK as u64))
            }
            Part::Chunk(_) => None,
        }
    }

    /// The numbers of a part's pieces, as a half-open range.
    pub fn pieces_of(&self, part: Part) -> (u64, u64) {
        let count = self.len_of(part).unwrap_or(0).div_ceil(PIECE as u64);
        let first = match part {
            Part::List => 0,
            Part::Chunk(index) => {
                let list = (HASH * self.chunks()).div_ceil(PIECE as u64);
                list + index.min(self.chunks()) * (CHUNK / PIECE) as u64
            }
        };
        (first, first + count)
    }

    /// How many pieces there are.
    pub fn pieces(&self) -> u64 {
        self.pieces_of(Part::Chunk(self.chunks() - 1)).1
    }

    /// Where a piece belongs; none if there is no such piece.
    pub fn place(&self, number: u64) -> Option<Place> {
        let (_, list) = self.pieces_of(Part::List);
        let a_chunk = (CHUNK / PIECE) as u64;
        let (part, index) = match number.checked_sub(list) {
            None => (Part::List, number),
            Some(beyond) => (Part::Chunk(beyond / a_chunk), beyond % a_chunk),
        };
        let from = index * PIECE as u64;
        let left = self
            .len_of(part)?
            .checked_sub(from)
            .filter(|left| *left > 0)?;
        Some(Place {
            part,
            index,
            from: from as usize,
            len: left.min(PIECE as u64) as usize,
        })
    }
}

/// The hash of a chunk: an RFC 6962 leaf (section 2.1).
pub fn leaf(chunk: &[u8]) -> Digest {
    Digest(id_of(chunk).0)
}

/// The root over the chunks' hashes.
pub fn root(leaves: &[Digest]) -> Digest {
    let edge: Edge = leaves.iter().map(|leaf| EntryId(leaf.0)).collect();
    edge.root()
}

/// The list of hashes as it is sent.
pub fn list_bytes(leaves: &[Digest]) -> Vec<u8> {
    leaves.iter().flat_map(|leaf| leaf.0).collect()
}

/// The hashes in a list.
pub fn leaves_of(list: &[u8]) -> Vec<Digest> {
    let hashes = list.as_chunks().0.iter();
    hashes.map(|hash| Digest(*hash)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: u64) -> Layout {
        Layout { size }
    }

    /// OL-472: each byte of the list and of each chunk belongs to one piece.
    #[test]
    fn pieces_cover_list_and_chunks_once_and_in_order() {
        let chunk = CHUNK as u64;
        for size in [
            1,
            1_023,
            1_024,
            chunk,
            chunk + 1,
            33 * chunk + 5_000,
            64 << 20,
        ] {
            let layout = layout(size);
            let mut at = (Part::List, 0);
            for number in 0..layout.pieces() {
                let place = layout.place(number).unwrap();
                if place.part != at.0 {
                    assert_eq!(Some(at.1), layout.len_of(at.0));
                    at = (place.part, 0);
                }
                assert_eq!(place.from as u64, at.1);
                assert!((1..=PIECE).contains(&place.len));
                at.1 += place.len as u64;
                let (first, end) = layout.pieces_of(place.part);
                assert_eq!(first + place.index, number);
                assert!(number < end);
            }
            assert_eq!(at.0, Part::Chunk(layout.chunks() - 1));
            assert_eq!(Some(at.1), layout.len_of(at.0));
            assert_eq!(layout.place(layout.pieces()), None);
            assert_eq!(layout.place(u64::MAX), None);
        }
    }

    #[test]
    fn a_list_gives_its_hashes_back() {
        let leaves = [1, 2, 3].map(|byte| leaf(&[byte]));
        assert_eq!(leaves_of(&list_bytes(&leaves)), leaves);
        assert_eq!(root(&leaves[..1]), leaves[0]);
        assert_ne!(root(&leaves), root(&leaves[..2]));
    }
}
