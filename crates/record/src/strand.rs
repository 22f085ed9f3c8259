//! One chain as the verifier has it: its tip, its ids, and what is still open about it.

use openline_wire::codes::Kind;
use openline_wire::entry::Entry;
use openline_wire::fact::{Fact, Frontier};
use openline_wire::header::Chain;
use openline_wire::ids::{EntryId, LineId};

use crate::chain::{Heads, Tip};
use crate::finding::Place;
use crate::runs::Runs;

/// One chain.
pub(crate) struct Strand {
    pub chain: Chain,
    pub tip: Tip,
    pub held: Runs,
    /// The newest entry, kept whole as evidence should a second one turn up beside it.
    pub newest: Option<Entry>,
    /// The author's time of the last entry before the first gap.
    pub last_time: Option<u64>,
    pub disputed_from: Option<u64>,
    /// Set if a place was lost to damage: sizes can't agree then.
    pub is_damaged: bool,
    /// A lost entry of which it is not known yet whether header or signature was changed.
    pub unsure: Option<Unsure>,
    pub start: Option<Box<StartSeen>>,
    /// Entries that verified.
    pub verified: u64,
}

/// An entry whose signature failed: the header's hash tells, once somebody else names it, whether the
/// header is as it was.
pub(crate) struct Unsure {
    /// The finding to put right.
    pub finding: usize,
    pub sequence: u64,
    pub id: EntryId,
}

/// The start of a boot.
pub(crate) struct StartSeen {
    pub place: Place,
    pub time: u64,
    pub frontier: Vec<Frontier>,
    /// What it says is held of others; the boot's other streams count from there.
    pub heads: Heads,
}

impl Strand {
    pub fn new(line: LineId, chain: Chain, heads: Heads) -> Self {
        Self {
            chain,
            tip: Tip::new(line, chain, heads),
            held: Runs::default(),
            newest: None,
            last_time: None,
            disputed_from: None,
            is_damaged: false,
            unsure: None,
            start: None,
            verified: 0,
        }
    }

    pub fn place(&self, sequence: u64) -> Place {
        Place {
            chain: self.chain,
            sequence,
        }
    }

    /// Takes an entry in at its place, which is free.
    pub fn hold(&mut self, entry: Entry, follows: bool) {
        let header = entry.header();
        self.held.push(header.sequence, entry.id(), follows);
        self.tip.advance(header, entry.id());
        if self.proven().len() as u64 == header.sequence + 1 {
            self.last_time = Some(header.time);
        }
        if header.kind == Kind::Start {
            self.start = start_seen(&entry, self.tip.heads().clone());
        }
        self.newest = Some(entry);
    }

    /// A place whose entry is damaged. Links are taken up again behind it.
    pub fn lose(&mut self, sequence: u64) {
        if sequence == self.tip.next() {
            self.tip.skip(sequence);
        }
        self.is_damaged = true;
    }

    /// The entry at a place, unless it is disputed which one that is.
    pub fn taken(&self, sequence: u64) -> Option<EntryId> {
        let is_disputed = self.disputed_from.is_some_and(|from| sequence >= from);
        (!is_disputed).then(|| self.held.at(sequence)).flatten()
    }

    /// Entries from the first on, without gap, damage or dispute.
    pub fn proven(&self) -> &[EntryId] {
        let ids = self.held.contiguous();
        let disputed = self.disputed_from.and_then(|n| usize::try_from(n).ok());
        &ids[..disputed.unwrap_or(ids.len()).min(ids.len())]
    }
}

fn start_seen(entry: &Entry, heads: Heads) -> Option<Box<StartSeen>> {
    let Fact::Start(start) = entry.fact() else {
        return None;
    };
    Some(Box::new(StartSeen {
        place: Place::of(entry.header()),
        time: entry.header().time,
        frontier: start.frontier,
        heads,
    }))
}
