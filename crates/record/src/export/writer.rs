//! Writes a record file entry by entry, with memory for one chain's tree edge only.

use openline_wire::cbor::{Canonical as _, Writer};
use openline_wire::entry::{SignedEntry, id_of};
use openline_wire::header::Chain;
use openline_wire::ids::{Digest, EntryId, LineId};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::{Head, Item, RecordEnd};
use crate::finding::Place;
use crate::tree::Edge;

/// Why an entry can't be written next. It is the caller's doing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WriteError {
    /// The entry belongs to another line.
    #[error("an entry of line {got} in the record of line {expected}")]
    Line {
        /// The record's line.
        expected: LineId,
        /// The entry's line.
        got: LineId,
    },
    /// Chains ascend, entries ascend in them.
    #[error("{got} can't come after {after}")]
    Order {
        /// The entry before.
        after: Box<Place>,
        /// This entry.
        got: Box<Place>,
    },
}

/// Writes one record file. Each call appends bytes to `out`, to be written behind those before.
pub struct RecordWriter {
    line: LineId,
    hash: Sha256,
    group: Option<Group>,
    chains: u64,
    entries: u64,
}

/// The chain being written.
struct Group {
    last: Place,
    id: EntryId,
    /// The tree up to, and without, `newest`.
    edge: Edge,
    /// The last entry that followed, as long as none stands beside it.
    newest: Option<EntryId>,
    /// Whether a gap or a second entry at one place has ended what counts as proven.
    is_ended: bool,
}

impl RecordWriter {
    /// Begins a file.
    pub fn new(head: Head, out: &mut Vec<u8>) -> Self {
        let mut writer = Self {
            line: head.line,
            hash: Sha256::new(),
            group: None,
            chains: 0,
            entries: 0,
        };
        writer.item(&Item::Head(head), out);
        writer
    }

    /// Adds an entry. Chains come in ascending order, and the entries of a chain by sequence; two
    /// entries that their author signed for one place come behind each other, in any order.
    pub fn entry(&mut self, entry: &SignedEntry, out: &mut Vec<u8>) -> Result<(), WriteError> {
        let header = entry.header();
        if header.line != self.line {
            let (expected, got) = (self.line, header.line);
            return Err(WriteError::Line { expected, got });
        }
        let place = Place::of(header);
        let id = id_of(entry.header_bytes());
        self.check_order(place, id)?;
        if self.chain() != Some(place.chain) {
            self.close(out);
            self.item(&Item::Chain(place.chain), out);
            self.chains += 1;
        }
        self.group
            .get_or_insert_with(|| Group::new(place, id))
            .add(place, id);
        self.entries += 1;
        self.bytes(entry.to_bytes(), out);
        Ok(())
    }

    /// Ends the file.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        self.close(out);
        let end = RecordEnd {
            chains: self.chains,
            entries: self.entries,
            digest: Digest(self.hash.clone().finalize().into()),
        };
        self.item(&Item::RecordEnd(end), out);
    }

    fn chain(&self) -> Option<Chain> {
        self.group.as_ref().map(|group| group.last.chain)
    }

    fn check_order(&self, place: Place, id: EntryId) -> Result<(), WriteError> {
        let Some(group) = &self.group else {
            return Ok(());
        };
        let is_beside = place == group.last && id != group.id;
        if place > group.last || is_beside {
            return Ok(());
        }
        Err(WriteError::Order {
            after: Box::new(group.last),
            got: Box::new(place),
        })
    }

    fn close(&mut self, out: &mut Vec<u8>) {
        let Some(mut group) = self.group.take() else {
            return;
        };
        group.edge.extend(group.newest);
        let end = Item::ChainEnd {
            size: group.edge.size(),
            root: group.edge.root(),
        };
        self.item(&end, out);
    }

    fn item(&mut self, item: &Item<'_>, out: &mut Vec<u8>) {
        let mut w = Writer::new();
        item.write(&mut w);
        self.bytes(w.into_bytes(), out);
    }

    fn bytes(&mut self, bytes: Vec<u8>, out: &mut Vec<u8>) {
        self.hash.update(&bytes);
        out.extend_from_slice(&bytes);
    }
}

impl Group {
    fn new(place: Place, id: EntryId) -> Self {
        Self {
            last: place,
            id,
            edge: Edge::new(),
            newest: None,
            is_ended: false,
        }
    }

    fn add(&mut self, place: Place, id: EntryId) {
        let next = self.edge.size() + u64::from(self.newest.is_some());
        if !self.is_ended && place.sequence == next {
            self.edge.extend(self.newest.replace(id));
        } else if !self.is_ended {
            self.is_ended = true;
            // A second entry at this place: neither counts. After a gap, the one before it does.
            let is_disputed = place.sequence < next;
            self.edge
                .extend(self.newest.take().filter(|_| !is_disputed));
        }
        (self.last, self.id) = (place, id);
    }
}
