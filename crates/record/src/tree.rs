//! The right edge of a chain's RFC 6962 tree: all that is needed to go on and to name the root.
//!
//! The hashing is `tlog_tiles`'; this file only hands it the few hashes it asks for. A leaf is an
//! [`EntryId`] as it stands, because an entry's name already is the leaf hash of its header (rule 8).

use openline_wire::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use openline_wire::ids::{Digest, EntryId};
use tlog_tiles::{Hash, HashReader, stored_hash_index, stored_hashes_for_record_hash, tree_hash};

/// Entries in one chain, at most: a thousand a second for a thousand years are fewer, and `tlog_tiles`
/// numbers the hashes of such a tree without overflow.
pub const MAX_SIZE: u64 = 1 << 48;

/// The tree of one chain, reduced to its complete subtrees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// One for each bit set in `size`, the largest first.
    subtrees: Vec<Subtree>,
}

/// The root of a complete subtree.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Subtree {
    /// Its number in `tlog_tiles`' order, which ascends along the edge.
    index: u64,
    hash: Digest,
}

impl Edge {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves so far; also the sequence of the next.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the chain's next entry.
    pub fn append(&mut self, id: EntryId) {
        let completed = stored_hashes_for_record_hash(self.size, Hash(id.0), self)
            .expect("the edge holds every subtree that the next leaf completes");
        // The leaf and each subtree that it completes: only the largest stays on the edge, in place of
        // those that it swallows.
        let level = completed.len() - 1;
        self.subtrees.truncate(self.subtrees.len() - level);
        let hash = Digest(completed[level].0);
        self.subtrees.push(subtree(self.size, level as u32, hash));
        self.size += 1;
    }

    /// The Merkle tree hash (RFC 6962 section 2.1).
    pub fn root(&self) -> Digest {
        let root = tree_hash(self.size, self).expect("the edge holds every subtree of the root");
        Digest(root.0)
    }
}

impl Extend<EntryId> for Edge {
    fn extend<I: IntoIterator<Item = EntryId>>(&mut self, ids: I) {
        ids.into_iter().for_each(|id| self.append(id));
    }
}

impl FromIterator<EntryId> for Edge {
    fn from_iter<I: IntoIterator<Item = EntryId>>(ids: I) -> Self {
        let mut edge = Self::new();
        edge.extend(ids);
        edge
    }
}

/// The complete subtree of 2^`level` leaves that contains `leaf`.
fn subtree(leaf: u64, level: u32, hash: Digest) -> Subtree {
    let level_byte = u8::try_from(level).expect("a tree of 64-bit size has at most 64 levels");
    Subtree {
        index: stored_hash_index(level_byte, leaf >> level),
        hash,
    }
}

impl HashReader for Edge {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        let find = |index: &u64| {
            let at = self.subtrees.binary_search_by_key(index, |s| s.index);
            at.map(|at| Hash(self.subtrees[at].hash.0))
        };
        indexes
            .iter()
            .map(find)
            .collect::<Result<_, _>>()
            .map_err(|_| tlog_tiles::Error::InvalidInput("not on the edge".into()))
    }
}

/// The form in which a snapshot keeps it: size and subtree hashes, the largest subtree first.
impl Canonical for Edge {
    fn write(&self, w: &mut Writer) {
        w.array(2).uint(self.size).array(self.subtrees.len());
        for subtree in &self.subtrees {
            w.item(&subtree.hash);
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("edge", 2)?;
        let size = r.uint_up_to("edge size", MAX_SIZE)?;
        let len = r.array("edge hashes", 64)?;
        if len != size.count_ones() as usize {
            return Err(invalid("edge: not one hash for each complete subtree"));
        }
        let mut edge = Self {
            size,
            subtrees: Vec::with_capacity(len),
        };
        let mut first = 0;
        for level in (0..u64::BITS).rev().filter(|level| size >> level & 1 == 1) {
            edge.subtrees.push(subtree(first, level, r.item()?));
            first += 1 << level;
        }
        Ok(edge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop_assert_eq, proptest};
    use sha2::{Digest as _, Sha256};

    /// The leaves of the Certificate Transparency reference tests (`merkle_tree_test.cc`, also used by
    /// other implementations): eight short strings.
    const LEAVES: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];

    /// Their roots after 1, 2, … 8 leaves, from the same tests.
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn sha(parts: &[&[u8]]) -> [u8; 32] {
        let hash = parts.iter().fold(Sha256::new(), |h, p| h.chain_update(p));
        hash.finalize().into()
    }

    /// RFC 6962 section 2.1, word for word.
    fn by_the_book(leaves: &[EntryId]) -> [u8; 32] {
        match leaves {
            [] => sha(&[]),
            [leaf] => leaf.0,
            _ => {
                let k = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(k);
                sha(&[&[1], &by_the_book(left), &by_the_book(right)])
            }
        }
    }

    fn ids(n: u32) -> Vec<EntryId> {
        (0..n).map(|i| EntryId(sha(&[&i.to_be_bytes()]))).collect()
    }

    /// OL-350
    #[test]
    fn the_roots_are_those_of_the_certificate_transparency_tests() {
        let mut edge = Edge::new();
        assert_eq!(edge.root().to_string(), EMPTY);
        for (leaf, root) in LEAVES.iter().zip(ROOTS) {
            edge.append(EntryId(sha(&[&[0], leaf])));
            assert_eq!(edge.root().to_string(), root);
        }
    }

    /// OL-350
    #[test]
    fn every_size_up_to_three_hundred_has_the_root_of_the_definition() {
        let ids = ids(300);
        let mut edge = Edge::new();
        for (n, id) in ids.iter().enumerate() {
            assert_eq!(edge.root().0, by_the_book(&ids[..n]), "size {n}");
            edge.append(*id);
        }
    }

    proptest! {
        /// OL-351
        #[test]
        fn a_tree_goes_on_from_its_snapshot(before in 0u32..2_000, after in 0u32..50) {
            let ids = ids(before + after);
            let (old, new) = ids.split_at(before as usize);
            let snapshot = old.iter().copied().collect::<Edge>().to_bytes();
            let mut edge = Edge::from_bytes(&snapshot).expect("our own snapshot");
            edge.extend(new.iter().copied());
            prop_assert_eq!(edge.root().0, by_the_book(&ids));
            prop_assert_eq!(edge.size(), u64::from(before + after));
        }
    }

    /// OL-351
    #[test]
    fn a_snapshot_with_a_hash_too_few_or_too_many_is_refused() {
        let mut w = Writer::new();
        w.array(2).uint(5).array(1).bytes(&[7; 32]);
        assert!(Edge::from_bytes(&w.into_bytes()).is_err());
        let mut w = Writer::new();
        w.array(2).uint(MAX_SIZE + 1).array(0);
        assert!(Edge::from_bytes(&w.into_bytes()).is_err());
    }
}
