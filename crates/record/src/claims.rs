//! Heads against what is held: an entry that says "I had these" is a signed receipt, and what it names
//! beyond what we hold is known to exist and to be missing here.

use std::collections::BTreeMap;

use openline_wire::header::{Chain, Head};
use openline_wire::ids::EntryId;

use crate::finding::{Fault, Place};

/// Heads that could not be compared yet, by the chain that they name.
#[derive(Default)]
pub(crate) struct Claims(BTreeMap<Chain, Vec<Claim>>);

/// "I hold `size` entries of that chain, and the last is `last`."
pub(crate) struct Claim {
    /// Who says so: the number of his strand, and the sequence.
    pub by: (usize, u64),
    pub size: u64,
    pub last: EntryId,
}

impl Claims {
    pub fn add(&mut self, by: (usize, u64), head: &Head) {
        let claims = self.0.entry(head.chain).or_default();
        claims.push(Claim {
            by,
            size: head.size,
            last: head.last,
        });
    }

    pub fn by_chain(self) -> impl Iterator<Item = (Chain, Vec<Claim>)> {
        self.0.into_iter()
    }
}

/// The furthest that each chain is known to reach, and who says so.
#[derive(Default)]
pub(crate) struct Reach(BTreeMap<Chain, (u64, Place)>);

impl Reach {
    pub fn note(&mut self, chain: Chain, size: u64, by: Place) {
        let furthest = self.0.entry(chain).or_insert((size, by));
        if size > furthest.0 {
            *furthest = (size, by);
        }
    }

    pub fn of(&self, chain: &Chain) -> Option<(u64, Place)> {
        self.0.get(chain).copied()
    }

    pub fn chains(&self) -> impl Iterator<Item = &Chain> {
        self.0.keys()
    }
}

/// The fault in a head that names another entry than the one held there.
pub(crate) fn differs(chain: Chain, size: u64, held: EntryId, got: EntryId) -> Fault {
    Fault::HeadDiffers {
        chain: Box::new(chain),
        size,
        held,
        got,
    }
}
