//! All chains of a line, as this station holds them, and what follows from them: heads, coverage, names.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use openline_record::tree::Edge;
use openline_seal::sabotage::{Bug, planted};
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::Stream;
use openline_wire::entry::Entry;
use openline_wire::fact::{Fact, Frontier, Start};
use openline_wire::header::{Chain, Head};
use openline_wire::ids::{Author, BootId, Digest, EntryId, LineId};
use openline_wire::limits;

use crate::bodies::{BootPrefix, PREFIX};
use crate::chain::{ChainLog, Placed};
use crate::config::StoredChain;
use crate::lineage::{HeldThen, Lineage};
use crate::packed::Known;

/// Entries held ahead of their turn in all chains together: twice what one may have. Beyond it only what is next
/// in its chain is taken.
const AHEAD_IN_ALL: usize = 2 * limits::AHEAD as usize;

/// Bytes of entries kept at hand in all chains together: a dozen full chains, whoever opened how many.
const RECENT_IN_ALL: usize = 6 * 1024 * 1024;

/// The logs of all parties of one line.
#[derive(Debug)]
pub struct Log {
    line: LineId,
    chains: BTreeMap<Chain, ChainLog>,
    boots: BTreeMap<BootId, Author>,
    starts: BTreeMap<Author, Start>,
    /// Chains that a start names and of which nothing is held.
    lacking: BTreeSet<Chain>,
    /// How much of each chain the starts of its author's sibling boots cover (rule 4).
    covered: BTreeMap<Chain, u64>,
    /// Boots with chains beyond what the starts of their siblings cover.
    uncovered: BTreeSet<Author>,
    /// Starts between which and their ancestors another is still missing.
    unjudged: BTreeMap<Author, HeldThen>,
    /// Entries held ahead of their turn, in all chains.
    ahead: usize,
    /// Bytes of the entries at hand, in all chains.
    recent_bytes: usize,
}

/// Whether one more boot can be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// The entry adds no boot to those that are followed.
    Known,
    /// It adds one, and there is room.
    Free,
    /// It adds one too many.
    Full,
}

impl Log {
    /// No chains yet.
    pub fn new(line: LineId) -> Self {
        Self {
            line,
            chains: BTreeMap::new(),
            boots: BTreeMap::new(),
            starts: BTreeMap::new(),
            lacking: BTreeSet::new(),
            covered: BTreeMap::new(),
            uncovered: BTreeSet::new(),
            unjudged: BTreeMap::new(),
            ahead: 0,
            recent_bytes: 0,
        }
    }

    /// Takes a chain up as the store describes it.
    pub fn add_from_disk(&mut self, stored: &StoredChain) {
        let edge = Edge::from_bytes(&stored.edge).unwrap_or_default();
        let chain = ChainLog::stored(edge, stored.last, &stored.ahead);
        self.add_stored(stored.chain, chain);
    }

    /// Takes a chain up as the store holds it.
    pub fn add_stored(&mut self, chain: Chain, log: ChainLog) {
        self.know(chain.author);
        self.ahead += log.ahead();
        self.lacking.remove(&chain);
        self.chains.insert(chain, log);
        self.review(&chain.author);
    }

    /// Takes note of a start that the store holds.
    pub fn add_start(&mut self, entry: &Entry) {
        let Fact::Start(start) = entry.fact() else {
            return;
        };
        let author = entry.header().author;
        for (chain, size) in named(&author, &start) {
            let covered = self.covered.entry(chain).or_insert(0);
            *covered = (*covered).max(size);
            self.review(&chain.author);
        }
        let chains = start.frontier.iter().map(|end| end.chain(&author));
        self.lacking
            .extend(chains.filter(|chain| !self.chains.contains_key(chain)));
        self.starts.insert(author, start);
    }

    /// Makes a boot known by name before it has written anything.
    pub fn know(&mut self, author: Author) {
        self.boots.insert(author.boot, author);
    }

    /// Forgets the name of a boot that has written nothing.
    pub fn forget(&mut self, author: &Author) {
        if !self.has_written(author) {
            self.boots.remove(&author.boot);
        }
    }

    /// Whether anything that it wrote is held.
    pub fn has_written(&self, author: &Author) -> bool {
        chains_of(author).any(|chain| self.chains.contains_key(&chain))
    }

    /// One chain.
    pub fn chain(&self, chain: &Chain) -> Option<&ChainLog> {
        self.chains.get(chain)
    }

    /// One chain, made if it is new.
    pub fn chain_mut(&mut self, chain: &Chain) -> &mut ChainLog {
        self.know(chain.author);
        self.lacking.remove(chain);
        self.chains.entry(*chain).or_default()
    }

    /// What its chain says to an entry.
    pub fn place(&self, entry: &Entry) -> Placed {
        let nothing = ChainLog::default();
        let chain = self.chains.get(&entry.header().chain()).unwrap_or(&nothing);
        let is_ahead = entry.header().sequence > chain.size();
        match chain.place(entry) {
            Placed::New if is_ahead && self.ahead >= AHEAD_IN_ALL => Placed::TooFar,
            placed => placed,
        }
    }

    /// Whether there is room for a new entry (OL-444): the boots of its node that no start covers are bounded,
    /// unless it is a start that covers one of them, so that an honest crowd of them always melts away.
    pub fn room_for(&self, entry: &Entry) -> Room {
        let header = entry.header();
        let author = header.author;
        let adds_nothing = header.sequence < self.covered(&header.chain());
        if adds_nothing || self.uncovered.contains(&author) {
            return Room::Known;
        }
        let is_sibling = |boot: &&Author| (boot.party, boot.node) == (author.party, author.node);
        let uncovered = self.uncovered.iter().filter(is_sibling).count();
        match entry.fact() {
            _ if uncovered < limits::BOOTS => Room::Free,
            Fact::Start(start) if self.covers_a_boot(&author, &start) => Room::Free,
            _ => Room::Full,
        }
    }

    /// Looks again whether a boot has chains beyond what the starts of its siblings name.
    fn review(&mut self, boot: &Author) {
        match self.is_uncovered(boot) {
            true => self.uncovered.insert(*boot),
            false => self.uncovered.remove(boot),
        };
    }

    fn is_uncovered(&self, boot: &Author) -> bool {
        let mut ends = chains_of(boot).filter_map(|chain| {
            let end = self.chains.get(&chain)?.held().end();
            Some((chain, end))
        });
        ends.any(|(chain, end)| end > self.covered(&chain))
    }

    fn covers_a_boot(&self, author: &Author, start: &Start) -> bool {
        let named: BTreeMap<Chain, u64> = named(author, start).collect();
        let is_covered = |boot: &Author| {
            chains_of(boot).all(|chain| {
                let end = self.chains.get(&chain).map_or(0, |log| log.held().end());
                let size = named.get(&chain).copied().unwrap_or(0);
                end <= size.max(self.covered(&chain))
            })
        };
        let boots: BTreeSet<Author> = named.keys().map(|chain| chain.author).collect();
        let mut uncovered = boots.iter().filter(|boot| self.uncovered.contains(boot));
        uncovered.any(is_covered)
    }

    /// All chains in ascending order.
    pub fn chains(&self) -> impl Iterator<Item = (&Chain, &ChainLog)> {
        self.chains.iter()
    }

    /// Takes a new entry in; tells whether its chain has grown without a gap.
    pub fn insert(&mut self, entry: Arc<Entry>) -> bool {
        if entry.header().sequence == 0 {
            self.add_start(&entry);
        }
        let author = entry.header().author;
        let chain = self.chain_mut(&entry.header().chain());
        let before = (chain.ahead(), chain.recent_bytes());
        let has_grown = chain.insert(entry);
        let after = (chain.ahead(), chain.recent_bytes());
        self.ahead = self.ahead + after.0 - before.0;
        self.recent_bytes = self.recent_bytes + after.1 - before.1;
        while self.recent_bytes > RECENT_IN_ALL {
            self.forget_some();
        }
        self.review(&author);
        has_grown
    }

    /// The chain with most at hand forgets half of it; what is needed again is fetched from the store.
    fn forget_some(&mut self) {
        let largest = self
            .chains
            .values_mut()
            .max_by_key(|chain| chain.recent_bytes());
        let forgotten = largest.map_or(0, ChainLog::forget_half);
        self.recent_bytes = self.recent_bytes.saturating_sub(forgotten.max(1));
    }

    /// What was handed to the store is on stable storage now.
    pub fn settle(&mut self) {
        self.chains.values_mut().for_each(ChainLog::settle);
    }

    /// How much of a chain the starts of sibling boots have covered (rule 4).
    pub fn covered(&self, chain: &Chain) -> u64 {
        self.covered.get(chain).copied().unwrap_or(0)
    }

    /// Whether a chain may be left out of a list of all chains: it is held exactly as far as a start that is
    /// held names it, and so follows from that start. (A start alone is not enough: its author may have
    /// held what we do not.)
    pub fn follows_from_a_start(&self, chain: &Chain) -> bool {
        self.chains
            .get(chain)
            .is_some_and(|log| log.size() == log.held().end() && log.size() == self.covered(chain))
    }

    /// Chains that a start names and of which nothing is held.
    pub fn named_and_lacking(&self) -> impl Iterator<Item = Chain> {
        self.lacking.iter().copied()
    }

    /// How far somebody holds each chain who listed `sizes` and left out what follows from starts. Each start is
    /// looked at once, so neither a long life nor starts made to name each other make this long.
    pub fn implied_sizes(&self, sizes: &BTreeMap<Chain, u64>) -> BTreeMap<Chain, u64> {
        let is_held = |(chain, size): &(&Chain, &u64)| chain.stream == Stream::Urgent && **size > 0;
        let held = sizes.iter().filter(is_held);
        let mut open: Vec<Author> = held.map(|(chain, _)| chain.author).collect();
        let mut seen: BTreeSet<Author> = open.iter().copied().collect();
        let mut implied = sizes.clone();
        while let Some(boot) = open.pop() {
            let Some(start) = self.starts.get(&boot) else {
                continue;
            };
            let unlisted = named(&boot, start).filter(|(chain, _)| !sizes.contains_key(chain));
            for (chain, size) in unlisted {
                let known = implied.entry(chain).or_insert(0);
                *known = (*known).max(size);
                if chain.stream == Stream::Urgent && seen.insert(chain.author) {
                    open.push(chain.author);
                }
            }
        }
        implied
    }

    /// The heads that were on stable storage before this batch and do not follow from a start. A boot whose
    /// start names a chain of which nothing is held is not listed yet: it would imply that chain, and a head of
    /// size 0 can't be written.
    pub fn settled_heads(&self) -> impl Iterator<Item = Head> {
        self.chains.iter().filter_map(|(chain, log)| {
            let is_listed = log.settled() > 0
                && !self.is_left_out_of_heads(chain)
                && !(chain.stream == Stream::Urgent && self.implies_too_much(&chain.author));
            let last = log.settled_last()?;
            is_listed.then_some(Head {
                chain: *chain,
                size: log.settled(),
                last,
            })
        })
    }

    fn is_left_out_of_heads(&self, chain: &Chain) -> bool {
        match planted(Bug::OmissionOnStart) {
            true => self.covered(chain) > 0,
            false => self.follows_on_disk(chain),
        }
    }

    /// Whether a chain follows from a start, and was on stable storage that far before this batch: what came in with the
    /// batch nobody may say that he holds (invariant 16), not even by leaving it out.
    fn follows_on_disk(&self, chain: &Chain) -> bool {
        let held = self.chains.get(chain);
        held.is_some_and(|log| log.settled() == log.size()) && self.follows_from_a_start(chain)
    }

    /// Whether to list a boot would say too much: its start names a chain of which nothing is held, or one that is
    /// held in part and can't be listed itself for that reason.
    fn implies_too_much(&self, boot: &Author) -> bool {
        let (mut open, mut seen) = (vec![*boot], BTreeSet::new());
        while let Some(boot) = open.pop() {
            let start = self.starts.get(&boot);
            for end in start.into_iter().flat_map(|start| &start.frontier) {
                let chain = end.chain(&boot);
                let (author, stream) = (chain.author, chain.stream);
                let held = self.chains.get(&chain);
                if held.is_none_or(|log| log.settled() == 0) {
                    return true;
                }
                let is_partial = stream == Stream::Urgent && !self.follows_on_disk(&chain);
                if is_partial && seen.insert(author) {
                    open.push(author);
                }
            }
        }
        false
    }

    /// The ends of a node's earlier chains that no earlier start covers.
    pub fn frontier(&self, author: &Author) -> Vec<Frontier> {
        let of_node = |chain: &&Chain| {
            (chain.author.party, chain.author.node) == (author.party, author.node)
                && chain.author.boot != author.boot
        };
        let mut ends: Vec<Frontier> = self
            .chains
            .keys()
            .filter(of_node)
            .filter(|chain| !self.follows_from_a_start(chain))
            .filter_map(|chain| self.end(chain))
            .collect();
        ends.sort_by_key(|end| (end.boot, end.stream));
        ends
    }

    fn end(&self, chain: &Chain) -> Option<Frontier> {
        let log = self.chains.get(chain)?;
        Some(Frontier {
            boot: chain.author.boot,
            stream: chain.stream,
            size: log.size(),
            last: log.last()?,
            root: Digest(self.tree(chain)?.edge().root().0),
        })
    }

    /// The chain whose tree a start names for `chain`: that one (rule 8).
    fn tree(&self, chain: &Chain) -> Option<&ChainLog> {
        if planted(Bug::OneTree) {
            let of_party = |other: &&Chain| other.author.party == chain.author.party;
            return self.chains.get(self.chains.keys().find(of_party)?);
        }
        self.chains.get(chain)
    }

    /// Takes note of a start that came in, and of what was held of its node's other boots by then.
    pub fn begin_judging(&mut self, boot: Author) {
        let of_siblings = self.chains.iter().filter(|(chain, _)| {
            let author = chain.author;
            (author.party, author.node) == (boot.party, boot.node) && author.boot != boot.boot
        });
        let held = of_siblings.map(|(chain, log)| (*chain, log.held().end()));
        let held = held.filter(|&(_, size)| size > 0).collect();
        if self.unjudged.len() < limits::BOOTS {
            self.unjudged.insert(boot, held);
        }
    }

    /// Which boots of a node knew of which.
    pub fn lineage(&self) -> Lineage<'_> {
        Lineage::new(&self.starts)
    }

    /// The boots of which it is certain by now that they were started from an older disk.
    pub fn restored(&mut self) -> Vec<Author> {
        let mut lineage = Lineage::new(&self.starts);
        let mut restored = Vec::new();
        self.unjudged.retain(|boot, held| {
            let verdict = lineage.is_restored(boot, held);
            restored.extend((verdict == Some(true)).then_some(*boot));
            verdict.is_none()
        });
        restored
    }
}

fn chains_of(author: &Author) -> impl Iterator<Item = Chain> {
    let author = *author;
    Stream::ALL
        .iter()
        .map(move |&stream| Chain { author, stream })
}

/// The chains of sibling boots that a boot's start names, and how much of each.
fn named<'a>(boot: &'a Author, start: &'a Start) -> impl Iterator<Item = (Chain, u64)> + 'a {
    let siblings = start.frontier.iter().filter(|end| end.boot != boot.boot);
    siblings.map(|end| (end.chain(boot), end.size))
}

impl Known for Log {
    fn line(&self) -> LineId {
        self.line
    }

    fn author(&self, prefix: &[u8]) -> Option<Author> {
        let mut from = [0u8; BootId::LEN];
        from.get_mut(..prefix.len())?.copy_from_slice(prefix);
        let mut matching = self
            .boots
            .range((Bound::Included(BootId(from)), Bound::Unbounded))
            .take_while(|(boot, _)| boot.0.starts_with(prefix))
            .map(|(_, author)| *author);
        let first = matching.next()?;
        matching.next().is_none().then_some(first)
    }

    fn prefix(&self, boot: &BootId) -> BootPrefix {
        let unique = (PREFIX..BootId::LEN).find(|&len| self.author(&boot.0[..len]).is_some());
        boot.0[..unique.unwrap_or(BootId::LEN)].to_vec()
    }

    fn entry(&self, chain: &Chain, sequence: u64) -> Option<&Entry> {
        self.chains.get(chain)?.recent(sequence).map(Arc::as_ref)
    }

    fn id(&self, chain: &Chain, sequence: u64) -> Option<EntryId> {
        self.chains.get(chain)?.id(sequence)
    }
}
