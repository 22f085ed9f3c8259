//! What can be said only when all entries were seen: what heads, receipts and frontiers name, how far
//! each chain is proven, and which boots did not know of each other.

use std::collections::BTreeMap;

use openline_wire::codes::Stream;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, Digest, NodeId};

use crate::claims::{Claims, Reach, differs};
use crate::coverage::{self, BOOTS, item_chain};
use crate::finding::{At, Fault, Field, Finding, Place};
use crate::report::{ChainReport, Divergence, Missing, Report};
use crate::runs::roots;
use crate::strand::{StartSeen, Strand};
use crate::verify::Verifier;

/// What a record file says of a chain at its end.
pub(crate) type Closings = BTreeMap<Chain, (u64, Digest)>;

impl Verifier {
    /// The report. Nothing that it says depends on what was not pushed.
    pub fn finish(self) -> Report {
        self.finish_with(&Closings::new())
    }

    /// The report, for a file that says itself how far its chains reach.
    pub(crate) fn finish_with(mut self, closings: &Closings) -> Report {
        self.settle_last(closings);
        let mut reach = Reach::default();
        self.resolve_claims(&mut reach);
        let missing = self.resolve_references();
        self.check_frontiers(&mut reach);
        let divergences = self.divergences();
        let chains = self.chain_reports(&reach);
        self.check_closings(closings, &chains);
        self.report(chains, divergences, missing)
    }

    fn report(
        self,
        chains: Vec<ChainReport>,
        divergences: Vec<Divergence>,
        targets: Vec<Missing>,
    ) -> Report {
        let mut missing = self.gaps;
        missing.extend(targets);
        let is_cut = |boot: &Author| {
            let is_its =
                |it: &&ChainReport| it.chain.author == *boot && it.chain.stream == Stream::Urgent;
            chains
                .iter()
                .find(is_its)
                .is_some_and(|it| it.claimed.is_some())
        };
        let mut attempts = self.attempts.all(is_cut);
        let left_out = missing.len().saturating_sub(Report::MISSING);
        missing.truncate(Report::MISSING);
        let earlier = attempts.len().saturating_sub(Report::ATTEMPTS);
        attempts.drain(..earlier);
        Report {
            line: self.line,
            charter: self.signed.grounds.map(|grounds| grounds.charter),
            compared_by: self.signed.by,
            chains,
            attempts,
            attempts_left_out: earlier as u64,
            counts: self.counts,
            withheld: self.withheld,
            findings: self.findings,
            equivocations: self.forks,
            divergences,
            missing,
            missing_left_out: left_out as u64,
        }
    }

    fn strand_of(&self, chain: &Chain) -> Option<&Strand> {
        self.numbers.get(chain).map(|n| &self.strands[*n])
    }

    /// The last entry of a chain has no successor that tells whether its header is as it was; what the
    /// file says of the chain's root does.
    fn settle_last(&mut self, closings: &Closings) {
        for strand in &mut self.strands {
            let closing = closings.get(&strand.chain);
            let (Some(unsure), Some((size, root))) = (strand.unsure.take(), closing) else {
                continue;
            };
            let mut ids = strand.proven().to_vec();
            ids.push(unsure.id);
            let is_last = *size == unsure.sequence + 1 && *size == ids.len() as u64;
            if is_last && roots(&ids, [*size])[0] != *root {
                self.findings.set_field(unsure.finding, Field::Header);
            }
        }
    }

    /// Compares the heads that named what was not yet held when they came.
    fn resolve_claims(&mut self, reach: &mut Reach) {
        for (chain, claims) in std::mem::take::<Claims>(&mut self.claims).by_chain() {
            for claim in claims {
                let by = self.strands[claim.by.0].place(claim.by.1);
                let strand = self.strand_of(&chain);
                match strand.and_then(|strand| strand.taken(claim.size - 1)) {
                    Some(held) if held == claim.last => {}
                    Some(held) => {
                        let fault = differs(chain, claim.size, held, claim.last);
                        self.note(by, Field::Heads, fault);
                    }
                    None => reach.note(chain, claim.size, by),
                }
            }
        }
    }

    /// Looks for the targets of receipts and replies that were not yet held when they came.
    fn resolve_references(&mut self) -> Vec<Missing> {
        let mut missing = Vec::new();
        for reference in std::mem::take(&mut self.references) {
            match self.known.get(&reference.target) {
                Some(known) => self.check_reference(&reference, *known),
                None => missing.push(Missing::Target {
                    by: reference.by,
                    field: reference.field,
                    target: reference.target,
                }),
            }
        }
        missing
    }

    /// Compares the frontiers of starts with the chains held.
    fn check_frontiers(&mut self, reach: &mut Reach) {
        let mut named: BTreeMap<Chain, Vec<(u64, Digest, Place)>> = BTreeMap::new();
        let mut faults = Vec::new();
        for start in self.strands.iter().filter_map(|s| s.start.as_deref()) {
            for item in &start.frontier {
                let chain = item_chain(start, item);
                if chain.author.boot == start.place.chain.author.boot {
                    faults.push((start.place, Fault::OwnFrontier));
                    continue;
                }
                let strand = self.strand_of(&chain);
                match strand.and_then(|strand| strand.taken(item.size - 1)) {
                    None => reach.note(chain, item.size, start.place),
                    Some(held) if held != item.last => {
                        faults.push((start.place, differs(chain, item.size, held, item.last)));
                    }
                    Some(_) => {
                        let sizes = named.entry(chain).or_default();
                        sizes.push((item.size, item.root, start.place));
                    }
                }
            }
        }
        faults.extend(self.wrong_roots(named));
        for (place, fault) in faults {
            self.note(place, Field::Frontier, fault);
        }
    }

    fn wrong_roots(
        &self,
        named: BTreeMap<Chain, Vec<(u64, Digest, Place)>>,
    ) -> Vec<(Place, Fault)> {
        let mut faults = Vec::new();
        for (chain, mut sizes) in named {
            let proven = self.strand_of(&chain).map_or(&[][..], Strand::proven);
            sizes.retain(|(size, ..)| *size <= proven.len() as u64);
            sizes.sort_by_key(|(size, ..)| *size);
            let held = roots(proven, sizes.iter().map(|(size, ..)| *size));
            for ((size, got, by), held) in sizes.into_iter().zip(held) {
                let chain = Box::new(chain);
                if held != got {
                    let fault = Fault::RootDiffers {
                        chain,
                        size,
                        held,
                        got,
                    };
                    faults.push((by, fault));
                }
            }
        }
        faults
    }

    /// Compares the boots of each node with each other.
    fn divergences(&mut self) -> Vec<Divergence> {
        let mut starts: BTreeMap<NodeId, Vec<&StartSeen>> = BTreeMap::new();
        let mut chains: BTreeMap<NodeId, Vec<(Chain, u64)>> = BTreeMap::new();
        for (chain, number) in &self.numbers {
            let strand = &self.strands[*number];
            let node = chain.author.node;
            starts
                .entry(node)
                .or_default()
                .extend(strand.start.as_deref());
            let size = (*chain, strand.held.end());
            chains.entry(node).or_default().push(size);
        }
        let (mut found, mut too_many) = (Vec::new(), Vec::new());
        for (node, starts) in starts {
            match starts.last() {
                Some(last) if starts.len() > BOOTS => too_many.push((last.place, starts.len())),
                _ => found.extend(coverage::divergences(starts, &chains[&node])),
            }
        }
        for (place, boots) in too_many {
            let fault = Fault::TooManyBoots {
                boots: boots as u64,
                limit: BOOTS as u64,
            };
            self.note(place, Field::Frontier, fault);
        }
        found
    }

    /// One report for each chain that is held or named.
    fn chain_reports(&self, reach: &Reach) -> Vec<ChainReport> {
        let held = self.numbers.keys().chain(reach.chains());
        let chains: std::collections::BTreeSet<&Chain> = held.collect();
        let report = |chain: &Chain| chain_report(chain, self.strand_of(chain), reach);
        // A chain of which nothing verified, and which no entry names, may be no chain at all.
        let is_known = |report: &ChainReport| report.verified > 0 || report.claimed.is_some();
        chains.into_iter().map(report).filter(is_known).collect()
    }

    /// Compares what a file says of its chains with what it holds.
    fn check_closings(&mut self, closings: &Closings, chains: &[ChainReport]) {
        for (chain, (size, root)) in closings {
            let found = chains.binary_search_by_key(&chain, |report| &report.chain);
            let held = found.ok().map(|n| (chains[n].size, chains[n].root));
            let held = held.unwrap_or((0, roots(&[], [0])[0]));
            // Damage was reported where it is; that the sum is then wrong, too, is no news.
            if self
                .strand_of(chain)
                .is_some_and(|strand| strand.is_damaged)
            {
                continue;
            }
            let fault = if held.0 != *size {
                let (held, got) = (held.0, *size);
                Fault::ClosingSize { held, got }
            } else if held.1 != *root {
                let (held, got) = (held.1, *root);
                Fault::ClosingRoot { held, got }
            } else {
                continue;
            };
            self.findings.add(Finding {
                at: At::Chain(*chain),
                field: Field::Closing,
                fault,
            });
        }
    }
}

fn chain_report(chain: &Chain, strand: Option<&Strand>, reach: &Reach) -> ChainReport {
    let proven = strand.map_or(&[][..], Strand::proven);
    let size = proven.len() as u64;
    ChainReport {
        chain: *chain,
        size,
        last: proven.last().copied(),
        last_time: strand.and_then(|strand| strand.last_time),
        root: roots(proven, [size])[0],
        verified: strand.map_or(0, |strand| strand.verified),
        claimed: reach.of(chain).filter(|(claimed, _)| *claimed > size),
        disputed_from: strand.and_then(|strand| strand.disputed_from),
    }
}
