//! Which boots of a node knew of which, by the frontiers of their starts: what a restoration is told by.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

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
    ancestors: BTreeMap<Author, Option<Rc<BTreeSet<BootId>>>>,
}

impl<'a> Lineage<'a> {
    /// Nothing was looked at yet.
    pub fn new(starts: &'a BTreeMap<Author, Start>) -> Self {
        Self {
            starts,
            ancestors: BTreeMap::new(),
        }
    }

    /// Whether a boot was started from an older disk: its start, with the starts that this names, fails to cover
    /// something that was held when it came in and that no later boot wrote. None while a start between them
    /// is missing.
    pub fn is_restored(&mut self, boot: &Author, held: &HeldThen) -> Option<bool> {
        let ancestors = self.ancestors(boot)?;
        for (chain, &size) in held {
            let writer = &chain.author;
            if ancestors.contains(&writer.boot) {
                if size > self.covered(boot, &ancestors, chain) {
                    return Some(true);
                }
            } else if !self.ancestors(writer)?.contains(&boot.boot) {
                return Some(true);
            }
        }
        Some(false)
    }

    /// The boots that a boot's start names, directly or through those; none while one of their starts is missing.
    fn ancestors(&mut self, boot: &Author) -> Option<Rc<BTreeSet<BootId>>> {
        let starts = self.starts;
        let find = || found(starts, boot).map(Rc::new);
        self.ancestors.entry(*boot).or_insert_with(find).clone()
    }

    fn covered(&self, boot: &Author, ancestors: &BTreeSet<BootId>, chain: &Chain) -> u64 {
        let starts = ancestors.iter().chain([&boot.boot]);
        let starts = starts.filter_map(|&name| {
            self.starts.get(&Author {
                boot: name,
                ..*boot
            })
        });
        let ends = starts.flat_map(|start| &start.frontier);
        ends.filter(|end| (end.boot, end.stream) == (chain.author.boot, chain.stream))
            .map(|end| end.size)
            .max()
            .unwrap_or(0)
    }
}

fn found(starts: &BTreeMap<Author, Start>, boot: &Author) -> Option<BTreeSet<BootId>> {
    let mut open = vec![*boot];
    let mut found = BTreeSet::new();
    while let Some(next) = open.pop() {
        for end in &starts.get(&next)?.frontier {
            if found.insert(end.boot) {
                let boot = end.boot;
                open.push(Author { boot, ..next });
            }
        }
    }
    Some(found)
}
