//! All chains of a line, as this station holds them, and what follows from them: heads, coverage, names.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use openline_wire::codes::Stream;
use openline_wire::entry::Entry;
use openline_wire::fact::{Fact, Frontier, Start};
use openline_wire::header::{Chain, Head};
use openline_wire::ids::{Author, BootId, Digest, EntryId, LineId};
use openline_wire::limits;

use crate::bodies::{BootPrefix, PREFIX};
use crate::chain::ChainLog;
use crate::lineage::{HeldThen, Lineage};
use crate::packed::Known;

/// The logs of all parties of one line.
#[derive(Debug)]
pub struct Log {
    line: LineId,
    chains: BTreeMap<Chain, ChainLog>,
    boots: BTreeMap<BootId, Author>,
    starts: BTreeMap<Author, Start>,
    /// Starts between which and their ancestors another is still missing.
    unjudged: BTreeMap<Author, HeldThen>,
}

impl Log {
    /// No chains yet.
    pub fn new(line: LineId) -> Self {
        Self {
            line,
            chains: BTreeMap::new(),
            boots: BTreeMap::new(),
            starts: BTreeMap::new(),
            unjudged: BTreeMap::new(),
        }
    }

    /// Takes a chain up as the store holds it.
    pub fn add_stored(&mut self, chain: Chain, log: ChainLog) {
        self.know(chain.author);
        self.chains.insert(chain, log);
    }

    /// Takes note of a start that the store holds.
    pub fn add_start(&mut self, entry: &Entry) {
        if let Fact::Start(start) = entry.fact() {
            self.starts.insert(entry.header().author, start);
        }
    }

    /// Makes a boot known by name before it has written anything.
    pub fn know(&mut self, author: Author) {
        self.boots.insert(author.boot, author);
    }

    /// One chain.
    pub fn chain(&self, chain: &Chain) -> Option<&ChainLog> {
        self.chains.get(chain)
    }

    /// One chain, made if it is new.
    pub fn chain_mut(&mut self, chain: &Chain) -> &mut ChainLog {
        self.know(chain.author);
        self.chains.entry(*chain).or_default()
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
        self.chain_mut(&entry.header().chain()).insert(entry)
    }

    /// What was handed to the store is on stable storage now.
    pub fn settle(&mut self) {
        self.chains.values_mut().for_each(ChainLog::settle);
    }

    /// Whether a boot other than `author`'s own start has covered so much of `chain` (rule 4).
    fn covered(&self, chain: &Chain) -> u64 {
        self.siblings(&chain.author)
            .filter_map(|(_, start)| named(start, chain))
            .map(|frontier| frontier.size)
            .max()
            .unwrap_or(0)
    }

    fn siblings(&self, author: &Author) -> impl Iterator<Item = (&Author, &Start)> {
        let author = *author;
        self.starts.iter().filter(move |(other, _)| {
            (other.party, other.node) == (author.party, author.node) && other.boot != author.boot
        })
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
        let named = self.starts.iter().flat_map(|(author, start)| {
            start.frontier.iter().map(|end| Chain {
                author: Author {
                    boot: end.boot,
                    ..*author
                },
                stream: end.stream,
            })
        });
        let lacking: BTreeSet<Chain> = named
            .filter(|chain| !self.chains.contains_key(chain))
            .collect();
        lacking.into_iter()
    }

    /// How far somebody holds a chain who listed `sizes` and left out what follows from starts.
    pub fn implied_size(&self, chain: &Chain, sizes: &BTreeMap<Chain, u64>) -> u64 {
        if let Some(&size) = sizes.get(chain) {
            return size;
        }
        // Each step goes to a start that names this chain; a start can't name itself, and the walk is
        // bounded so that starts made to name each other end it.
        self.implied_within(chain, sizes, self.starts.len())
    }

    fn implied_within(&self, chain: &Chain, sizes: &BTreeMap<Chain, u64>, depth: usize) -> u64 {
        if let Some(&size) = sizes.get(chain) {
            return size;
        }
        let Some(depth) = depth.checked_sub(1) else {
            return 0;
        };
        let holds = |boot: &Author| {
            let urgent = Chain {
                author: *boot,
                stream: Stream::Urgent,
            };
            self.implied_within(&urgent, sizes, depth) > 0
        };
        self.siblings(&chain.author)
            .filter_map(|(boot, start)| Some((boot, named(start, chain)?)))
            .filter(|(boot, _)| holds(boot))
            .map(|(_, frontier)| frontier.size)
            .max()
            .unwrap_or(0)
    }

    /// The heads that were on stable storage before this batch and do not follow from a start. A boot whose
    /// start names a chain of which nothing is held is not listed yet: it would imply that chain, and a head of
    /// size 0 can't be written.
    pub fn settled_heads(&self) -> impl Iterator<Item = Head> {
        self.chains.iter().filter_map(|(chain, log)| {
            let is_listed = log.settled() > 0
                && !self.follows_from_a_start(chain)
                && !(chain.stream == Stream::Urgent && self.implies_too_much(&chain.author));
            let last = log.id(log.settled().checked_sub(1)?)?;
            is_listed.then_some(Head {
                chain: *chain,
                size: log.settled(),
                last,
            })
        })
    }

    fn implies_too_much(&self, boot: &Author) -> bool {
        let named = self.starts.get(boot).map(|start| &start.frontier[..]);
        named.unwrap_or_default().iter().any(|end| {
            let author = Author {
                boot: end.boot,
                ..*boot
            };
            let stream = end.stream;
            let held = self.chains.get(&Chain { author, stream });
            held.is_none_or(|log| log.settled() == 0)
        })
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
            root: Digest(log.edge().root().0),
        })
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

    /// The boots of which it is certain by now that they were started from an older disk.
    pub fn restored(&mut self) -> Vec<Author> {
        let lineage = Lineage(&self.starts);
        let mut restored = Vec::new();
        self.unjudged.retain(|boot, held| {
            let verdict = lineage.is_restored(boot, held);
            restored.extend((verdict == Some(true)).then_some(*boot));
            verdict.is_none()
        });
        restored
    }
}

fn named<'a>(start: &'a Start, chain: &Chain) -> Option<&'a Frontier> {
    start
        .frontier
        .iter()
        .find(|end| (end.boot, end.stream) == (chain.author.boot, chain.stream))
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
