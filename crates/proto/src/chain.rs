//! One chain as this station holds it: a part without a gap, and what came ahead of its turn.

use std::collections::BTreeMap;
use std::sync::Arc;

use openline_record::tree::Edge;
use openline_seal::sabotage::{Bug, planted};
use openline_wire::entry::Entry;
use openline_wire::ids::EntryId;
use openline_wire::limits;

use crate::ranges::RangeSet;

/// Entries kept in memory for each chain: bases of deltas, what is still to be sent, what a duplicate is
/// compared with.
const RECENT: usize = 1024;

/// Bytes kept in memory for each chain.
const RECENT_BYTES: usize = 512 * 1024;

/// What a chain says to an entry at one of its places.
#[derive(Debug, PartialEq, Eq)]
pub enum Placed {
    /// It is new; the chain without a gap may have grown.
    New,
    /// It is the one that is held.
    Duplicate,
    /// The place is held, but what stands there is not in memory: load it to compare.
    Compare,
    /// Another entry stands there, signed by the same author.
    Conflict(Arc<Entry>),
    /// It names another predecessor than the one held, or is named by none of its successors.
    Fork,
    /// Further beyond the gap than anything that may be under way.
    TooFar,
}

/// One chain.
#[derive(Debug, Default)]
pub struct ChainLog {
    held: RangeSet,
    edge: Edge,
    last: Option<EntryId>,
    /// Beyond the first gap: the entry's id and the one that it names as its predecessor.
    ahead: BTreeMap<u64, (EntryId, EntryId)>,
    recent: BTreeMap<u64, Arc<Entry>>,
    recent_bytes: usize,
    /// How much of it was on stable storage when the last batch was carried out, and the last entry of that.
    settled: u64,
    settled_last: Option<EntryId>,
}

impl ChainLog {
    /// A chain as the store holds it.
    pub fn stored(edge: Edge, last: Option<EntryId>, ahead: &[(u64, EntryId, EntryId)]) -> Self {
        let mut held = RangeSet::up_to(edge.size());
        ahead
            .iter()
            .for_each(|&(place, ..)| held.insert(place, place + 1));
        let ahead = ahead
            .iter()
            .map(|&(place, id, previous)| (place, (id, previous)))
            .collect();
        let settled = edge.size();
        Self {
            held,
            edge,
            last,
            ahead,
            settled,
            settled_last: last,
            ..Self::default()
        }
    }

    /// Places held, also beyond a gap.
    pub fn held(&self) -> &RangeSet {
        &self.held
    }

    /// Entries from the first on that are held and linked to one another.
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The last of them.
    pub fn last(&self) -> Option<EntryId> {
        self.last
    }

    /// The tree over them.
    pub fn edge(&self) -> &Edge {
        &self.edge
    }

    /// Of them, those that were on stable storage before this batch.
    pub fn settled(&self) -> u64 {
        self.settled
    }

    /// What was handed to the store is on stable storage now.
    pub fn settle(&mut self) {
        self.settled = self.edge.size();
        self.settled_last = self.last;
    }

    /// The last entry of what was on stable storage before this batch.
    pub fn settled_last(&self) -> Option<EntryId> {
        self.settled_last
    }

    /// Entries held ahead of their turn.
    pub fn ahead(&self) -> usize {
        self.ahead.len()
    }

    /// Bytes of the entries at hand.
    pub fn recent_bytes(&self) -> usize {
        self.recent_bytes
    }

    /// Forgets the older half of the entries at hand, at least one; tells how many bytes that was.
    pub fn forget_half(&mut self) -> usize {
        let before = self.recent_bytes;
        for _ in 0..self.recent.len().div_ceil(2) {
            self.forget_oldest();
        }
        before - self.recent_bytes
    }

    fn forget_oldest(&mut self) {
        if let Some((_, oldest)) = self.recent.pop_first() {
            self.recent_bytes -= weight(&oldest);
        }
    }

    /// A recent entry.
    pub fn recent(&self, place: u64) -> Option<&Arc<Entry>> {
        self.recent.get(&place)
    }

    /// The id at a recent place.
    pub fn id(&self, place: u64) -> Option<EntryId> {
        if place + 1 == self.size() {
            return self.last;
        }
        let ahead = || self.ahead.get(&place).map(|&(id, _)| id);
        self.recent
            .get(&place)
            .map(|entry| entry.id())
            .or_else(ahead)
    }

    /// Whether an entry may stand at its place; changes nothing.
    pub fn place(&self, entry: &Entry) -> Placed {
        let place = entry.header().sequence;
        if self.held.contains(place) {
            return match self.id(place) {
                Some(id) if id == entry.id() => Placed::Duplicate,
                Some(_) => self
                    .recent
                    .get(&place)
                    .cloned()
                    .map_or(Placed::Compare, Placed::Conflict),
                None => Placed::Compare,
            };
        }
        if place > self.size() + limits::AHEAD {
            return Placed::TooFar;
        }
        let before = place.checked_sub(1).and_then(|before| self.id(before));
        let forks_before = before.is_some() && before != entry.header().previous;
        let after = self.ahead.get(&(place + 1)).map(|&(_, previous)| previous);
        if forks_before || after.is_some_and(|previous| previous != entry.id()) {
            return Placed::Fork;
        }
        Placed::New
    }

    /// Takes an entry in for which [`Self::place`] said [`Placed::New`]. Tells whether the part without a
    /// gap has grown.
    pub fn insert(&mut self, entry: Arc<Entry>) -> bool {
        let (place, id) = (entry.header().sequence, entry.id());
        // The first has no predecessor; its own id stands in, and is never compared.
        let previous = entry.header().previous.unwrap_or(id);
        self.held.insert(place, place + 1);
        self.remember(entry);
        self.ahead.insert(place, (id, previous));
        let before = self.size();
        while let Some((id, _)) = self.next_linked() {
            self.edge.append(id);
            self.last = Some(id);
        }
        self.size() > before
    }

    fn next_linked(&mut self) -> Option<(EntryId, EntryId)> {
        if planted(Bug::GapComplete) {
            return self.ahead.pop_first().map(|(_, next)| next);
        }
        self.ahead.remove(&self.size())
    }

    /// Keeps an entry at hand, for instance one that was loaded to be sent.
    pub fn remember(&mut self, entry: Arc<Entry>) {
        self.recent_bytes += weight(&entry);
        if let Some(old) = self.recent.insert(entry.header().sequence, entry) {
            self.recent_bytes -= weight(&old);
        }
        while self.recent.len() > RECENT || self.recent_bytes > RECENT_BYTES {
            self.forget_oldest();
        }
    }
}

/// Bytes that an entry takes in memory, about.
pub(crate) fn weight(entry: &Entry) -> usize {
    entry.header_bytes().len() + entry.body().map_or(0, |body| body.content.len())
}
