//! Which boots of a node knew of which, by the frontiers of their starts: what a restoration is told by.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use openline_wire::codes::Stream;
use openline_wire::fact::Start;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, BootId};

/// How much of each chain of a node was held when one of its starts came in.
pub type HeldThen = BTreeMap<Chain, u64>;

/// The starts on record, and what was found in them so far: starts that are made to name each other would be walked again
/// for each chain that is held.
#[derive(Debug)]
pub struct Lineage<'a> {
    starts: &'a BTreeMap<Author, Start>,
    ancestries: BTreeMap<Author, Option<Rc<Ancestry>>>,
}

/// What a boot's start names, directly or through the starts of the boots it names.
#[derive(Debug, Default)]
struct Ancestry {
    boots: BTreeSet<BootId>,
    /// How much of each chain, by the start that covers the most of it.
    covered: BTreeMap<(BootId, Stream), u64>,
}

impl<'a> Lineage<'a> {
    /// Nothing was looked at yet.
    pub fn new(starts: &'a BTreeMap<Author, Start>) -> Self {
        Self {
            starts,
            ancestries: BTreeMap::new(),
        }
    }

    /// Whether a boot was started from an older disk: its start, with the starts that this names, fails to cover
    /// something that was held when it came in and that no later boot wrote. None while a start between them
    /// is missing.
    pub fn is_restored(&mut self, boot: &Author, held: &HeldThen) -> Option<bool> {
        let ancestry = self.ancestry(boot)?;
        for (chain, &size) in held {
            let writer = &chain.author;
            if ancestry.boots.contains(&writer.boot) {
                if size > ancestry.covered(chain) {
                    return Some(true);
                }
            } else if !self.ancestry(writer)?.boots.contains(&boot.boot) {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Whether a boot is known to have begun after another of its node: its start leads to it.
    pub fn is_later(&mut self, boot: &Author, earlier: &BootId) -> bool {
        let ancestry = self.ancestry(boot).filter(|_| boot.boot != *earlier);
        ancestry.is_some_and(|it| it.boots.contains(earlier))
    }

    /// None while a start that the boot's start leads to is missing.
    fn ancestry(&mut self, boot: &Author) -> Option<Rc<Ancestry>> {
        let starts = self.starts;
        let find = || Ancestry::found(starts, boot).map(Rc::new);
        self.ancestries.entry(*boot).or_insert_with(find).clone()
    }
}

impl Ancestry {
    fn found(starts: &BTreeMap<Author, Start>, boot: &Author) -> Option<Self> {
        let mut open = vec![*boot];
        let mut found = Self::default();
        while let Some(next) = open.pop() {
            for end in &starts.get(&next)?.frontier {
                let most = found.covered.entry((end.boot, end.stream)).or_default();
                *most = end.size.max(*most);
                if found.boots.insert(end.boot) {
                    let boot = end.boot;
                    open.push(Author { boot, ..next });
                }
            }
        }
        Some(found)
    }

    fn covered(&self, chain: &Chain) -> u64 {
        let most = self.covered.get(&(chain.author.boot, chain.stream));
        most.copied().unwrap_or(0)
    }
}
