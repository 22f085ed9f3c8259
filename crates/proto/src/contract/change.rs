//! What the core wants on stable storage.

use std::fmt;
use std::sync::Arc;

use openline_wire::entry::Entry;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, Digest, EntryId, LineId, NodeId};
use zeroize::Zeroizing;

use super::Misbehaviour;
use crate::alarm::book::Alarm;
use crate::files::{FileId, FileState};

/// One durable change.
#[derive(Clone)]
pub enum Change {
    /// An entry of either party, verified, new at its place.
    Entry(StoredEntry),
    /// A chain is held without a gap up to here. Written with the entries that made it so.
    Progress {
        /// The line.
        line: LineId,
        /// The chain.
        chain: Chain,
        /// Entries held from the first on.
        size: u64,
        /// The last of them.
        last: EntryId,
        /// The right edge of its tree (`openline_record::tree::Edge`).
        edge: Vec<u8>,
    },
    /// The channel's secret state. Never part of a backup (rule 2).
    Channel {
        /// The line.
        line: LineId,
        /// The node at the other end.
        peer: NodeId,
        /// As the channel wrote it.
        state: Zeroizing<Vec<u8>>,
    },
    /// Another boot confirmed that it holds our chain up to here.
    Confirmed {
        /// The line.
        line: LineId,
        /// Who confirmed.
        by: Author,
        /// The chain.
        chain: Chain,
        /// Entries from the first on.
        size: u64,
        /// When we learnt it, by our wall clock.
        at: u64,
        /// When it was said, by the confirmer's wall clock.
        their_time: u64,
    },
    /// Proof of a party's misbehaviour, kept with what proves it.
    Evidence {
        /// The line.
        line: LineId,
        /// Whose.
        by: Author,
        /// What.
        what: Misbehaviour,
        /// The signed entries (`SignedEntry` in canonical form) that prove it; may be empty.
        proof: Vec<Vec<u8>>,
        /// When, by our wall clock.
        at: u64,
    },
    /// A file that goes with a message stands so now. Once it is whole here, so are all its chunks; once it is removed, none is.
    File {
        /// The line.
        line: LineId,
        /// Which.
        id: FileId,
        /// Names its bytes.
        root: Digest,
        /// How many.
        size: u64,
        /// How it stands.
        state: FileState,
    },
    /// A chunk of a file of theirs, as its author signed it.
    Chunk {
        /// The line.
        line: LineId,
        /// Names the file's bytes.
        root: Digest,
        /// Which.
        index: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// An alarm stands so now; one that is quiet need not be kept.
    Alarm {
        /// The line.
        line: LineId,
        /// How it stands.
        alarm: Alarm,
    },
}

/// An entry with what this station knows of it.
#[derive(Clone, Debug)]
pub struct StoredEntry {
    /// The line.
    pub line: LineId,
    /// The entry; shared, because the core keeps recent ones at hand.
    pub entry: Arc<Entry>,
    /// When it was stored here, by our wall clock.
    pub received: u64,
    /// Its place in the order in which this station stored entries; strictly ascending on a line.
    pub cursor: u64,
}

/// A channel's state is secret and never printed.
impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(stored) => write!(f, "Entry({:?} at {})", stored.entry.id(), stored.cursor),
            Self::Progress { chain, size, .. } => write!(f, "Progress({chain:?} to {size})"),
            Self::Channel { peer, .. } => write!(f, "Channel({peer:?})"),
            Self::Confirmed {
                by, chain, size, ..
            } => {
                write!(f, "Confirmed({chain:?} to {size} by {by:?})")
            }
            Self::Evidence { by, what, .. } => write!(f, "Evidence({what:?} by {by:?})"),
            Self::File { id, state, .. } => write!(f, "File({id:?} {state:?})"),
            Self::Chunk { index, .. } => write!(f, "Chunk({index})"),
            Self::Alarm { alarm, .. } => write!(f, "Alarm({:?} {:?})", alarm.key, alarm.state),
        }
    }
}
