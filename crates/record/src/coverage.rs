//! Which boots of a node knew of which (rule 4): a start names where earlier boots' chains ended, and
//! what an earlier start has covered need not be named again.
//!
//! A start that does not cover what is held of its node began from an older disk, or beside a copy of
//! itself. Where the starts between are not held, nothing is said: an honest node is never accused on
//! missing evidence.

use std::collections::BTreeMap;

use openline_wire::header::Chain;
use openline_wire::ids::BootId;

use crate::report::Divergence;
use crate::strand::StartSeen;

/// Boots of one node that are compared with each other. Once a day for ten years are fewer; the work
/// grows with the square.
pub(crate) const BOOTS: usize = 4_096;

/// The starts of one node, and who is reached from whom.
struct Boots<'a> {
    starts: Vec<&'a StartSeen>,
    numbers: BTreeMap<BootId, usize>,
    /// The earlier boots that each boot's start reaches, as bits.
    earlier: Vec<Bits>,
    /// Whether a start on the way is not held.
    is_broken: Vec<bool>,
}

type Bits = Vec<u64>;

/// The starts among `starts`, all of one node, that fail to cover a chain of it; `chains` are those held
/// with their sizes.
pub(crate) fn divergences(starts: Vec<&StartSeen>, chains: &[(Chain, u64)]) -> Vec<Divergence> {
    let boots = Boots::new(starts);
    let listed = boots.listed();
    let none = Vec::new();
    let mut found = Vec::new();
    for (chain, size) in chains {
        let listers = listed.get(chain).unwrap_or(&none);
        for number in 0..boots.starts.len() {
            let covered = boots.covered(number, chain, listers);
            if let Some(covered) = covered.filter(|covered| covered < size) {
                found.push(Divergence {
                    start: boots.starts[number].place,
                    chain: *chain,
                    uncovered: covered..*size,
                });
            }
        }
    }
    found
}

impl<'a> Boots<'a> {
    fn new(starts: Vec<&'a StartSeen>) -> Self {
        let boot = |start: &StartSeen| start.place.chain.author.boot;
        let numbers = starts.iter().enumerate().map(|(n, s)| (boot(s), n));
        let mut boots = Self {
            numbers: numbers.collect(),
            earlier: vec![vec![0; starts.len().div_ceil(64)]; starts.len()],
            is_broken: vec![false; starts.len()],
            starts,
        };
        while boots.spread() {}
        boots
    }

    /// Passes on what each start reaches; whether anything changed.
    fn spread(&mut self) -> bool {
        let mut changed = false;
        for number in 0..self.starts.len() {
            for item in &self.starts[number].frontier {
                let Some(&earlier) = self.numbers.get(&item.boot) else {
                    changed |= !self.is_broken[number];
                    self.is_broken[number] = true;
                    continue;
                };
                changed |= join(&mut self.earlier, number, earlier);
                changed |= self.is_broken[earlier] && !self.is_broken[number];
                self.is_broken[number] |= self.is_broken[earlier];
            }
        }
        changed
    }

    /// Who lists each chain, and up to which size.
    fn listed(&self) -> BTreeMap<Chain, Vec<(usize, u64)>> {
        let mut listed: BTreeMap<Chain, Vec<(usize, u64)>> = BTreeMap::new();
        for (number, start) in self.starts.iter().enumerate() {
            for item in &start.frontier {
                let chain = item_chain(start, item);
                listed.entry(chain).or_default().push((number, item.size));
            }
        }
        listed
    }

    /// How much of `chain` the start `number` covers, if it had to: none if the chain is its own or
    /// later, or if that can't be told.
    fn covered(&self, number: usize, chain: &Chain, listers: &[(usize, u64)]) -> Option<u64> {
        let own = self.starts[number].place.chain.author.boot;
        let boot = chain.author.boot;
        if boot == own {
            return None;
        }
        let is_reached = |(by, _): &&(usize, u64)| *by == number || has(&self.earlier[number], *by);
        let covered = listers.iter().filter(is_reached).map(|(_, size)| *size);
        let covered = covered.max().unwrap_or(0);
        let lists_it = listers.iter().any(|(by, _)| *by == number);
        if lists_it {
            return Some(covered);
        }
        let other = *self.numbers.get(&boot)?;
        let is_unclear = self.is_broken[number] || self.is_broken[other];
        (!is_unclear && self.is_later(number, other)).then_some(covered)
    }

    /// Whether the start `number` came after the boot `other`. Where neither reached the other, their
    /// author's own clock decides which of the two to name.
    fn is_later(&self, number: usize, other: usize) -> bool {
        if has(&self.earlier[other], number) {
            return false;
        }
        let key = |n: usize| (self.starts[n].time, self.starts[n].place.chain.author.boot);
        has(&self.earlier[number], other) || key(number) > key(other)
    }
}

/// The chain that an item of a start's frontier is about.
pub(crate) fn item_chain(start: &StartSeen, item: &openline_wire::fact::Frontier) -> Chain {
    let mut chain = start.place.chain;
    chain.author.boot = item.boot;
    chain.stream = item.stream;
    chain
}

/// Adds `earlier` and all that it reaches to what `number` reaches; whether that was news.
fn join(reach: &mut [Bits], number: usize, earlier: usize) -> bool {
    let mut changed = !has(&reach[number], earlier);
    reach[number][earlier / 64] |= 1 << (earlier % 64);
    for word in 0..reach[number].len() {
        let news = reach[earlier][word] & !reach[number][word];
        reach[number][word] |= news;
        changed |= news != 0;
    }
    changed
}

fn has(bits: &Bits, number: usize) -> bool {
    bits[number / 64] >> (number % 64) & 1 == 1
}
