//! What the verifier says in the end: how far each chain is proven, what is known to be missing, and
//! one digest by which two parties compare their records by eye.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use openline_wire::cbor::Writer;
use openline_wire::codes::{Kind, Precedence};
use openline_wire::header::Chain;
use openline_wire::ids::{Digest, EntryId, LineId, PartyId};
use sha2::{Digest as _, Sha256};

use crate::attempts::Attempt;
use crate::equivocation::Equivocation;
use crate::finding::{Field, Findings, Place};

/// The verdict over all that was pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The line.
    pub line: LineId,
    /// SHA-256 of the charter that the record is held under; none if the verifier was given none.
    pub charter: Option<Digest>,
    /// The parties whose entries "number compared" the charter and the cards were held against. None of them:
    /// nothing signed proves either.
    pub compared_by: BTreeSet<PartyId>,
    /// Every chain that is held or named by an entry that is held, in ascending order.
    pub chains: Vec<ChainReport>,
    /// What is proven of rings, the last [`Report::ATTEMPTS`] of them.
    pub attempts: Vec<Attempt>,
    /// How many more there were before these.
    pub attempts_left_out: u64,
    /// What kinds of entries there are.
    pub counts: Counts,
    /// Which entries [`Counts::without_body`] counts, the first [`Report::WITHHELD`] of them.
    pub withheld: Vec<Place>,
    /// Everything wrong. Empty means: all that is held is as it was signed.
    pub findings: Findings,
    /// Places that their author signed twice.
    pub equivocations: Vec<Fork>,
    /// Starts that do not cover what is held of their own node.
    pub divergences: Vec<Divergence>,
    /// Entries that are named but not held. No fault: they may still come.
    pub missing: Vec<Missing>,
    /// How many more of `missing` there were beyond [`Report::MISSING`].
    pub missing_left_out: u64,
}

impl Report {
    /// What is listed of `missing`; the rest is counted.
    pub const MISSING: usize = 1_000;

    /// What is listed of `attempts`; the rest is counted.
    pub const ATTEMPTS: usize = 1_000;

    /// What is listed of `withheld`; all are counted.
    pub const WITHHELD: usize = 1_000;

    /// Whether all that is held is as it was signed. It says nothing about what is not held.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    /// One digest over the charter and the size and root of every chain (OL-346). Two parties whose digests
    /// agree hold the same record under the same charter, entry for entry.
    pub fn digest(&self) -> Digest {
        let held: Vec<&ChainReport> = self.chains.iter().filter(|c| c.size > 0).collect();
        let mut w = Writer::new();
        w.array(3 + held.len()).text("openline-record-digest");
        w.item(&self.line);
        w.optional_bytes(self.charter.as_ref().map(|charter| &charter.0[..]));
        for chain in held {
            let Chain { author, stream } = &chain.chain;
            w.array(6).item(&author.party).item(&author.node);
            w.item(&author.boot).uint(stream.code());
            w.uint(chain.size).item(&chain.root);
        }
        Digest(Sha256::digest(w.into_bytes()).into())
    }
}

/// How far one chain is proven. Complete to `size`; beyond, unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainReport {
    /// The chain.
    pub chain: Chain,
    /// Entries from the first on, without gap, damage or dispute.
    pub size: u64,
    /// The last of them.
    pub last: Option<EntryId>,
    /// The author's time of the last of them, UTC in milliseconds; none if what follows is disputed.
    pub last_time: Option<u64>,
    /// The RFC 6962 root of their tree.
    pub root: Digest,
    /// All entries that verified, also beyond a gap or a dispute.
    pub verified: u64,
    /// The furthest size that some entry names beyond `size`, and that entry's place.
    pub claimed: Option<(u64, Place)>,
    /// The first place that its author signed twice: from here on it is disputed.
    pub disputed_from: Option<u64>,
}

/// Entries by what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All that verified, by kind.
    pub kinds: BTreeMap<Kind, u64>,
    /// Messages by precedence.
    pub messages: BTreeMap<Precedence, u64>,
    /// Entries whose body was withheld or erased, so that it is absent; the header still commits to it.
    pub without_body: u64,
}

impl Counts {
    /// Entries that verified.
    pub fn entries(&self) -> u64 {
        self.kinds.values().sum()
    }

    /// Entries of kinds that this version does not know.
    pub fn unknown(&self) -> u64 {
        let unknown = |kind: &Kind| matches!(kind, Kind::Unknown(_));
        let counts = self.kinds.iter().filter(|(kind, _)| unknown(kind));
        counts.map(|(_, count)| count).sum()
    }
}

/// Two entries that one author signed for one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The place.
    pub place: Place,
    /// The two entries, in the order in which they were met.
    pub ids: [EntryId; 2],
    /// What convicts the author before anybody; none if the first was no longer at hand.
    pub evidence: Option<Box<Equivocation>>,
}

/// A start that does not cover entries of its own node that are held: the node was restored from a
/// backup, or a copy of it ran beside it. The party answers for it either way (rule 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The start.
    pub start: Place,
    /// The chain of another boot of the same node.
    pub chain: Chain,
    /// The entries that it does not cover, by sequence.
    pub uncovered: Range<u64>,
}

/// Something that an entry names and that is not held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A gap between entries of a chain.
    Gap {
        /// The chain.
        chain: Chain,
        /// The places not held.
        sequences: Range<u64>,
    },
    /// The target of a receipt or of a reply.
    Target {
        /// Who names it.
        by: Place,
        /// In which field.
        field: Field,
        /// What he names.
        target: EntryId,
    },
}
