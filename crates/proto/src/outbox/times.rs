//! When entries that a boot was sent were signed: it tells its clock by them (OL-427), long after the entries themselves may have
//! left the memory.

use std::collections::BTreeMap;

use openline_wire::header::Chain;

use super::Place;

/// Twice what may be under way. Only who confirms others and leaves the first one out can make it more; the first ones go then, and what
/// he says of them counts with the next *have*.
const MOST: usize = 8_192;

/// Of each chain from the last one on that is confirmed without a gap.
#[derive(Debug, Default)]
pub struct Times(BTreeMap<Place, u64>);

impl Times {
    /// An entry goes out.
    pub fn insert(&mut self, place: Place, time: u64) {
        self.0.insert(place, time);
        if self.0.len() > MOST {
            self.0.pop_first();
        }
    }

    /// The time of an entry that was sent.
    pub fn of(&self, chain: &Chain, sequence: u64) -> Option<u64> {
        let place = (chain.stream, chain.author, sequence);
        self.0.get(&place).copied()
    }

    /// The boot has so many entries of a chain without a gap.
    pub fn holds(&mut self, chain: &Chain, size: u64) {
        let place = |sequence| (chain.stream, chain.author, sequence);
        let before = self.0.range(place(0)..place(size.saturating_sub(1)));
        let before: Vec<Place> = before.map(|(place, _)| *place).collect();
        for place in before {
            self.0.remove(&place);
        }
    }
}
