//! A file of the other party's on its way to us: what is here, what is asked for, whether it is what its author signed.

use std::collections::BTreeMap;

use openline_wire::attachment::Attachment;
use openline_wire::ids::Digest;
use openline_wire::limits;

use super::layout::{self, Layout, Part};
use super::{FileId, Piece, Pull};
use crate::ranges::RangeSet;
use crate::rtt::RoundTrip;

/// Chunks that are asked for at one time, and may lie here in part: a mebibyte.
const OPEN_CHUNKS: usize = 32;

/// Pieces after which it is said what has come.
const PIECES_A_PULL: u32 = 8;

/// So long after a piece it is said in any case, in milliseconds.
const PULL_MS: u64 = 25;

/// Where nothing comes it is asked again after this time, then ever more rarely.
const AGAIN_MS: u64 = 1_000;

/// Who was asked so often and has sent nothing has no more of it, for all that we know: another file has its turn.
const IN_VAIN: u32 = 6;

/// At least so often, while the other station lives.
const RARELY_MS: u64 = 30_000;

/// What a piece came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// Nothing yet.
    Nothing,
    /// A chunk is whole and as it was signed.
    Chunk {
        /// Which.
        index: u64,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// What came is not what the file's author signed.
    Wrong,
}

/// A part that has come in part.
#[derive(Debug)]
struct Open {
    bytes: Vec<u8>,
    pieces: RangeSet,
}

/// One file on its way.
#[derive(Debug)]
pub struct Download {
    id: FileId,
    root: Digest,
    layout: Layout,
    /// Empty until the list has come.
    leaves: Vec<Digest>,
    held: RangeSet,
    open: BTreeMap<Part, Open>,
    session: u64,
    /// One past the largest number of sending.
    reached: u64,
    unsaid: u32,
    due: u64,
    tries: u32,
}

impl Download {
    /// Begins, or goes on with what is held already.
    pub fn new(id: FileId, file: &Attachment, held: RangeSet, session: u64, now: u64) -> Self {
        Self {
            id,
            root: file.root,
            layout: Layout::of(file),
            leaves: Vec::new(),
            held,
            open: BTreeMap::new(),
            session,
            reached: 0,
            unsaid: 0,
            due: now,
            tries: 0,
        }
    }

    /// Which file.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// Chunks that are here.
    pub fn held(&self) -> &RangeSet {
        &self.held
    }

    /// Whether all is here.
    pub fn is_whole(&self) -> bool {
        self.held.contiguous() == self.layout.chunks()
    }

    /// Whether nothing came however often it was asked for.
    pub fn is_in_vain(&self) -> bool {
        self.tries >= IN_VAIN
    }

    /// When the next *pull* is due.
    pub fn due(&self) -> u64 {
        self.due
    }

    /// Takes a piece.
    pub fn take(&mut self, piece: Piece, now: u64) -> Taken {
        if piece.session != self.session {
            return Taken::Nothing;
        }
        self.tries = 0;
        self.reached = self.reached.max(piece.sent.saturating_add(1));
        self.unsaid += 1;
        self.due = match self.unsaid {
            1 => now + PULL_MS,
            PIECES_A_PULL.. => now,
            _ => self.due.min(now + PULL_MS),
        };
        let Some(place) = self.layout.place(piece.number) else {
            return Taken::Wrong;
        };
        if place.len != piece.bytes.len() {
            return Taken::Wrong;
        }
        if !self.wants(place.part) {
            return Taken::Nothing;
        }
        let len = self.layout.len_of(place.part).unwrap_or(0) as usize;
        let open = self.open.entry(place.part).or_insert_with(|| Open {
            bytes: vec![0; len],
            pieces: RangeSet::default(),
        });
        open.bytes[place.from..place.from + place.len].copy_from_slice(&piece.bytes);
        open.pieces.insert(place.index, place.index + 1);
        let (first, end) = self.layout.pieces_of(place.part);
        if open.pieces.contiguous() < end - first {
            return Taken::Nothing;
        }
        let whole = self.open.remove(&place.part).map(|open| open.bytes);
        self.check(place.part, whole.unwrap_or_default())
    }

    /// The parts that are asked for now: the list first, then the first chunks that are not here.
    fn wanted(&self) -> Vec<Part> {
        if self.leaves.is_empty() {
            return vec![Part::List];
        }
        let all = RangeSet::up_to(self.layout.chunks());
        let lacking = all.minus(&self.held).into_iter();
        let lacking = lacking.flat_map(|(from, to)| from..to);
        lacking.take(OPEN_CHUNKS).map(Part::Chunk).collect()
    }

    fn wants(&self, part: Part) -> bool {
        self.open.contains_key(&part) || self.wanted().contains(&part)
    }

    fn check(&mut self, part: Part, bytes: Vec<u8>) -> Taken {
        match part {
            Part::List => {
                let leaves = layout::leaves_of(&bytes);
                if layout::root(&leaves) != self.root {
                    return Taken::Wrong;
                }
                self.leaves = leaves;
                Taken::Nothing
            }
            Part::Chunk(index) => {
                if self.leaves.get(index as usize) != Some(&layout::leaf(&bytes)) {
                    return Taken::Wrong;
                }
                self.held.insert(index, index + 1);
                Taken::Chunk { index, bytes }
            }
        }
    }

    /// Says what is lacking, if it is time.
    pub fn pull(&mut self, round_trip: &RoundTrip, now: u64) -> Option<Pull> {
        if now < self.due || self.is_whole() {
            return None;
        }
        // Nothing has come since: it is asked again after a round trip and more, then more rarely.
        let again = AGAIN_MS.max(2 * round_trip.timeout_ms());
        self.due = now + (again << self.tries.min(8)).min(RARELY_MS.max(again));
        self.tries += 1;
        self.unsaid = 0;
        Some(Pull {
            file: self.id,
            session: self.session,
            reached: self.reached,
            lacking: self.lacking(),
        })
    }

    fn lacking(&self) -> Vec<(u64, u64)> {
        let mut lacking = RangeSet::default();
        for part in self.wanted() {
            let (first, end) = self.layout.pieces_of(part);
            let nothing = RangeSet::default();
            let held = self.open.get(&part).map_or(&nothing, |open| &open.pieces);
            let missing = RangeSet::up_to(end - first).minus(held);
            missing
                .into_iter()
                .for_each(|(from, to)| lacking.insert(first + from, first + to));
        }
        let mut ranges = lacking.minus(&RangeSet::default());
        ranges.truncate(limits::PULL_RANGES);
        ranges
    }
}
