//! What an entry knows: what its author had stored when he signed it (the beginning of `spec/watch.md`).

use std::collections::{BTreeMap, BTreeSet};

use openline_wire::codes::{Mark, Stream};
use openline_wire::fact::{Fact, Start};
use openline_wire::header::Actor;
use openline_wire::ids::{Author, EntryId, PartyId};
use openline_wire::limits;

/// An entry of the urgent stream, as far as the watch and suspensions are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: EntryId,
    /// Who signed it.
    pub author: Author,
    /// Its place in its author's urgent stream.
    pub sequence: u64,
    /// Whether it is meant.
    pub mark: Mark,
    /// How much of others' urgent streams its author had stored: what all heads said up to and with this entry.
    pub heads: Vec<(Author, u64)>,
    /// When it was signed, UTC in milliseconds by its author's clock. Shown, and nothing else.
    pub time: u64,
    /// Who acted.
    pub actor: Actor,
    /// For how long it has been stored here, in milliseconds. 0 for one that comes in now; for what a boot finds on its disk, as
    /// far as the clocks tell.
    pub age: u64,
    /// What it says.
    pub fact: Fact,
}

/// How far somebody knows each urgent stream of his party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known(BTreeMap<Author, u64>);

impl Known {
    /// Whether it knows the entry at a place.
    pub fn knows(&self, author: &Author, sequence: u64) -> bool {
        self.0.get(author).is_some_and(|&size| size > sequence)
    }

    fn add(&mut self, author: Author, size: u64) -> bool {
        let known = self.0.entry(author).or_insert(0);
        let is_new = size > *known;
        *known = (*known).max(size);
        is_new
    }
}

/// The starts of boots: a head that covers one may leave out what its frontier names (OL-306).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Starts {
    /// By boot: the time of the start, and how much of earlier boots' urgent streams it names.
    of: BTreeMap<Author, (u64, Vec<(Author, u64)>)>,
}

impl Starts {
    /// Takes a start into account. Of too many, the earliest are forgotten.
    pub fn observe(&mut self, author: Author, time: u64, start: &Start) {
        let Author { party, node, .. } = author;
        let urgent = start.frontier.iter();
        let urgent = urgent.filter(|end| end.stream == Stream::Urgent);
        let names = urgent.take(limits::BOOTS).map(|end| {
            let boot = end.boot;
            (Author { party, node, boot }, end.size)
        });
        self.of.insert(author, (time, names.collect()));
        if self.of.len() > limits::STARTS {
            let earliest = self.of.iter().min_by_key(|(boot, it)| (it.0, **boot));
            if let Some(boot) = earliest.map(|(boot, _)| *boot) {
                self.of.remove(&boot);
            }
        }
    }

    /// What an author knows of his own party's streams who has signed so many entries of his urgent one and named these heads.
    pub fn known(&self, author: Author, before: u64, heads: &[(Author, u64)]) -> Known {
        self.known_of(author.party, author, before, heads)
    }

    /// What he knows of a party's streams, his own or the other's.
    pub fn known_of(
        &self,
        party: PartyId,
        author: Author,
        before: u64,
        heads: &[(Author, u64)],
    ) -> Known {
        let mut known = Known::default();
        let mut todo = Vec::new();
        let own = (author.party == party).then_some((author, before));
        let named = heads.iter().filter(|(it, _)| it.party == party);
        for (boot, size) in named.copied().chain(own) {
            known.add(boot, size);
            todo.push(boot);
        }
        let mut done = BTreeSet::new();
        while let Some(boot) = todo.pop() {
            let Some((_, names)) = self.of.get(&boot).filter(|_| done.insert(boot)) else {
                continue;
            };
            for &(earlier, size) in names {
                known.add(earlier, size);
                todo.push(earlier);
            }
        }
        // Whatever a false start says of his chain: nobody knows what he signs later.
        if let Some((author, before)) = own {
            known.0.insert(author, before);
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use openline_wire::fact::Frontier;
    use openline_wire::ids::{BootId, Digest, NodeId};

    use super::*;

    fn boot(number: u8) -> Author {
        Author {
            party: PartyId([1; 32]),
            node: NodeId([2; 32]),
            boot: BootId([number; 16]),
        }
    }

    /// OL-713: what stands before an entry in its chain it knows, and nothing behind it.
    #[test]
    fn a_start_that_claims_what_is_not_signed_yet_makes_nobody_know_it() {
        let (honest, liar) = (boot(1), boot(2));
        let claimed = Frontier {
            boot: honest.boot,
            stream: Stream::Urgent,
            size: 1_000,
            last: EntryId([0; 32]),
            root: Digest([0; 32]),
        };
        let mut starts = Starts::default();
        let frontier = vec![claimed];
        starts.observe(liar, 0, &Start { frontier });
        let known = starts.known(honest, 5, &[(liar, 1)]);
        assert!(known.knows(&honest, 4) && !known.knows(&honest, 5));
    }
}
