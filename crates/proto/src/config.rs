//! What the core is told about a line when it starts: the charter's figures, who may speak, and what
//! the store holds.

use std::collections::{BTreeMap, BTreeSet};

use openline_seal::{Agreement, Channel, Padding};
use openline_wire::fact::{Fact, NumberCompared};
use openline_wire::header::{Actor, Chain, Header};
use openline_wire::ids::{Author, EntryId, LineId, NodeId, PartyId};
use openline_wire::key::NodeKey;
use openline_wire::limits;
use openline_wire::office::Office;

use crate::alarm::book::Alarm;
use crate::contact::held::contact_of;
use crate::contract::{Misbehaviour, StoredEntry};
use crate::files::StoredFile;
use crate::line_test::schedule::Figures;
use crate::ring::book::ring_of;
use crate::ring::seen::{InTurn, Seen};

/// The figures of a charter that the core lives by, all in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cadences {
    /// An idle station lets itself be heard this often.
    pub echo: u64,
    /// Without an answer for so long there is *no sign of life*. At least three echoes.
    pub silent_after: u64,
    /// An officer on watch confirms that he is there at least once in so long.
    pub presence: u64,
}

impl Default for Cadences {
    fn default() -> Self {
        Self {
            echo: 5_000,
            silent_after: 15_000,
            presence: 3_600_000,
        }
    }
}

/// A line, as the core needs it.
pub struct LineConfig<A: Agreement> {
    /// Its id.
    pub line: LineId,
    /// The charter's figures.
    pub cadences: Cadences,
    /// The nodes that the parties' cards certify, ours included.
    pub nodes: BTreeMap<NodeId, (PartyId, NodeKey)>,
    /// The node at the other end.
    pub peer: NodeId,
    /// How often the line is tested, and how long a test lasts.
    pub tests: Figures,
    /// The charter's offices.
    pub offices: Vec<Office>,
    /// The sealed channel to it.
    pub channel: Channel<A>,
    /// How frames are padded.
    pub padding: Padding,
    /// On each way that is proven one frame goes out once in so many milliseconds, and nothing between; none: when there is something to say.
    pub beat_ms: Option<u64>,
    /// That our side compared the safety number, and who did: written to the record once.
    pub number_compared: Option<(Actor, NumberCompared)>,
    /// What is on disk.
    pub stored: StoredLine,
}

/// What the store holds of a line, read at the start.
#[derive(Clone, Debug, Default)]
pub struct StoredLine {
    /// Every chain of which at least one entry is held.
    pub chains: Vec<StoredChain>,
    /// The largest cursor given to an entry; 0 if there is none.
    pub last_cursor: u64,
    /// Entries of the kinds that the line's state is computed from: starts, silences, numbers compared.
    pub state_entries: Vec<StoredEntry>,
    /// What other boots confirmed of our chains, as noted.
    pub confirmed: Vec<(Author, Chain, u64)>,
    /// Of whose misbehaviour proof is kept, and of which.
    pub misbehaved: BTreeSet<(PartyId, Misbehaviour)>,
    /// How alarms stood when they last changed.
    pub alarms: Vec<Alarm>,
    /// What rings and the watch are computed from.
    pub told: StoredTold,
    /// The files of which anybody may still ask, or that are still to come.
    pub files: Vec<StoredFile>,
    /// The last entries of tests, in the order in which they were stored: [`limits::TEST_ENTRIES`] at most.
    pub tests: Vec<StoredEntry>,
}

/// What rings and the watch are computed from: all entries of a line, seen once in the order of their chains.
#[derive(Clone, Debug, Default)]
pub struct StoredTold {
    /// What was said in each chain.
    pub seen: Seen,
    /// What follows from that.
    pub entries: Vec<InTurn>,
}

impl StoredTold {
    /// Leaves out all but the latest rings of each party, as many as a boot keeps in mind, with what belongs to them. One party's
    /// flood takes no place of the other's.
    pub fn keep_the_latest_rings(&mut self) {
        let is_ring = |entry: &&InTurn| matches!(entry.note.fact, Fact::Ring(_));
        let mut rings: BTreeMap<PartyId, Vec<(u64, EntryId)>> = BTreeMap::new();
        for ring in self.entries.iter().filter(is_ring) {
            let of_party = rings.entry(ring.note.author.party).or_default();
            of_party.push((ring.stored, ring.note.id));
        }
        let mut earlier = BTreeSet::new();
        for mut of_party in rings.into_values() {
            of_party.sort_unstable();
            let too_many = of_party.len().saturating_sub(limits::RINGS);
            earlier.extend(of_party[..too_many].iter().map(|(_, id)| *id));
        }
        let is_kept = |entry: &InTurn| {
            let ring = ring_of(&entry.note).or_else(|| contact_of(&entry.note.fact));
            ring.is_none_or(|ring| !earlier.contains(&ring))
        };
        self.entries.retain(is_kept);
    }

    /// Takes an entry that is on disk since then, by our wall clock. Of a chain the first comes first.
    pub fn take(&mut self, id: EntryId, header: &Header, stored: u64) {
        self.entries.extend(self.seen.take(id, header, stored));
    }
}

/// What the store holds of a chain.
#[derive(Clone, Debug)]
pub struct StoredChain {
    /// The chain.
    pub chain: Chain,
    /// Entries held from the first on, without a gap.
    pub size: u64,
    /// The last of them.
    pub last: Option<EntryId>,
    /// The right edge of the tree over them, as written by `openline_record::tree::Edge`.
    pub edge: Vec<u8>,
    /// Entries held beyond the first gap: place, id, and the id that it names as its predecessor.
    pub ahead: Vec<(u64, EntryId, EntryId)>,
}
