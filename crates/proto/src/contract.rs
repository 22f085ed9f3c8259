//! The core's contract with its driver: what goes in, what comes out, and in which order.
//!
//! The driver hands in any number of [`Input`]s with [`crate::Core::handle`], then calls
//! [`crate::Core::drain`] and carries the [`Output`]s out **in order**, and does so until a drain is empty.
//! What stands behind a [`Output::Persist`] is carried out only after the changes are on stable storage: so
//! nothing is sent, shown or acknowledged before it would survive a crash. If a Persist fails, the driver
//! throws the core and its outputs away: an entry that was never persisted never existed, and what follows is
//! a new boot (rule 4).

mod carried;
mod change;
mod command;
mod misbehaviour;
mod refusal;

use std::sync::Arc;

use openline_wire::entry::Entry;
use openline_wire::haste::Haste;
use openline_wire::header::{Actor, Chain};
use openline_wire::ids::{Author, BootId, Digest, EntryId, LineId, NodeId, PartyId};
use openline_wire::key::Signature;

use crate::alarm::book::Alarm;
use crate::contact::shown::Shown as ContactShown;
use crate::files::layout::Part;
use crate::files::{FileId, FileState};
use crate::line_test::shown::Tests;
use crate::ring::book::Shown;
use crate::verdict::Status;

pub use carried::{Imported, ImportedFrom};
pub use change::{Change, StoredEntry};
pub use command::{Command, Plan};
pub use misbehaviour::Misbehaviour;
pub use refusal::Refusal;

/// When something happens. The two clocks are never mixed: limits use the first, people see the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Milliseconds of a clock that never jumps and counts suspend; zero is the start of this boot.
    pub monotonic: u64,
    /// UTC, milliseconds since 1970, as this machine believes. May jump, may be a day wrong.
    pub wall: u64,
}

/// A way to the peer: a bearer and, where it has many ends (UDP), which of them. Opaque to the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// Which bearer; drawn by the driver.
    pub bearer: u8,
    /// Which end of it; drawn by the bearer, for instance for each remote address.
    pub path: u32,
}

/// What the driver hands to the core.
#[derive(Debug)]
pub enum Input {
    /// Bytes arrived. Anybody may have sent them.
    Frame {
        /// On which way; answers go back on it once it is validated.
        route: Route,
        /// As they came.
        bytes: Vec<u8>,
    },
    /// A way to a line's peer that somebody configured or announced: a hint, not a proof.
    Hint {
        /// The line.
        line: LineId,
        /// The way.
        route: Route,
        /// When the peer answered on it last, by our wall clock, as far as that outlived our restart.
        answered: Option<u64>,
    },
    /// The ways that the list of addresses leads to which the peer's node announced (OL-447), in the order in which they are to be
    /// tried. Ways that were hinted at before are so no more, unless a [`Self::Hint`] follows.
    Announced {
        /// The line.
        line: LineId,
        /// The ways.
        routes: Vec<Route>,
    },
    /// The ways to a line's peer on which nothing comes back (OL-440): somebody of ours said so. Replaces earlier ones.
    OneWay {
        /// The line.
        line: LineId,
        /// The ways.
        routes: Vec<Route>,
    },
    /// A bearer on which this station must not send.
    Silent {
        /// Which.
        bearer: u8,
    },
    /// Somebody wants something. Answered by exactly one [`Event::Done`] or [`Event::Refused`].
    Command {
        /// Drawn by the driver, returned in the answer.
        ticket: u64,
        /// The line.
        line: LineId,
        /// Who acts.
        actor: Actor,
        /// What he wants.
        command: Command,
    },
    /// The answer to [`Output::Sign`]. Signatures come back in the order in which they were asked for.
    Signed {
        /// As asked.
        ticket: u64,
        /// Over the bytes that were given.
        signature: Signature,
    },
    /// The answer to [`Output::Load`]: what the store holds of it, in ascending order.
    Loaded {
        /// The line.
        line: LineId,
        /// The chain.
        chain: Chain,
        /// First place that was asked for.
        from: u64,
        /// The entries found. Fewer than asked for only if the store holds no more.
        entries: Vec<Arc<Entry>>,
    },
    /// The answer to [`Output::LoadPart`].
    PartLoaded(LoadedPart),
    /// Seal these entries of our node's, which the store holds, into a bundle. Answered by one [`Output::Bundle`].
    Carry {
        /// Drawn by the driver, returned in the answer.
        ticket: u64,
        /// The line.
        line: LineId,
        /// In the order in which they are to stand; may be none, since a bundle also says what is held here.
        entries: Vec<Arc<Entry>>,
    },
    /// Frames out of a bundle, in any order. Anybody may have written them. Answered by one [`Event::Carried`].
    Carried {
        /// Drawn by the driver, returned in the answer.
        ticket: u64,
        /// As they were read.
        frames: Vec<Vec<u8>>,
    },
    /// The time of the last [`Output::WakeAt`] has come. Spurious calls are harmless.
    Woken,
}

/// A part of a file, as the store holds it.
#[derive(Debug)]
pub struct LoadedPart {
    /// The line.
    pub line: LineId,
    /// The file's root.
    pub root: Digest,
    /// As asked.
    pub part: Part,
    /// Its bytes; none if the store has them no more.
    pub bytes: Option<Vec<u8>>,
}

/// What the core wants done, in this order.
#[derive(Debug)]
pub enum Output {
    /// Sign these bytes with the node's key and hand the signature back.
    Sign {
        /// To be returned.
        ticket: u64,
        /// The bytes (`entry::to_be_signed`).
        bytes: Vec<u8>,
    },
    /// Put all of this on stable storage, together or not at all, before going on.
    Persist(Vec<Change>),
    /// Worth keeping, but nothing waits for it: write it with the next Persist, or within a second.
    Note(Change),
    /// Hand stored entries back as [`Input::Loaded`].
    Load {
        /// The line.
        line: LineId,
        /// The chain.
        chain: Chain,
        /// First place.
        from: u64,
        /// At most so many.
        count: u64,
    },
    /// Hand a part of a file back as [`Input::PartLoaded`].
    LoadPart {
        /// The line.
        line: LineId,
        /// The file's root.
        root: Digest,
        /// Which part.
        part: Part,
    },
    /// Give these bytes to a bearer. It may lose them.
    Send {
        /// The way.
        route: Route,
        /// Sealed.
        bytes: Vec<u8>,
        /// What it may wait for, where frames wait.
        haste: Haste,
        /// At this time by the monotonic clock; none: now.
        at: Option<u64>,
    },
    /// Give these frames to whoever asked for a bundle.
    Bundle {
        /// As asked.
        ticket: u64,
        /// None: there is no such line, or it has no keys to seal under.
        frames: Option<Vec<Vec<u8>>>,
    },
    /// Tell those who listen.
    Tell(Event),
    /// Call again at this monotonic time, if not before. Replaces earlier wishes.
    WakeAt(u64),
}

/// What those who listen are told. All of it is on stable storage by then.
#[derive(Clone, Debug)]
pub enum Event {
    /// A command was carried out.
    Done {
        /// The command.
        ticket: u64,
        /// The entry it made, if it made one.
        entry: Option<EntryId>,
    },
    /// A command was not carried out, and nothing was changed.
    Refused {
        /// The command.
        ticket: u64,
        /// Why.
        why: Refusal,
    },
    /// An entry, ours or the other party's, is stored here.
    Stored(StoredEntry),
    /// The other side's boot holds these places of a chain on its disk.
    Confirmed {
        /// The line.
        line: LineId,
        /// Who says so.
        by: Author,
        /// The chain, of ours.
        chain: Chain,
        /// Places newly confirmed, as half-open ranges.
        places: Vec<(u64, u64)>,
        /// When we learnt it.
        at: Moment,
        /// When it was said, by the confirmer's wall clock.
        their_time: u64,
    },
    /// The state of a ring changed; after a start, of each that is known.
    Ring {
        /// The line.
        line: LineId,
        /// Now.
        shown: Shown,
    },
    /// The state of a contact changed; after a start, of each that is known.
    Contact {
        /// The line.
        line: LineId,
        /// Now.
        shown: Box<ContactShown>,
    },
    /// How the tests of a line stand changed; also after a start.
    LineTests {
        /// The line.
        line: LineId,
        /// Now.
        tests: Box<Tests>,
    },
    /// An alarm changed; after a start, each that is not quiet.
    Alarm {
        /// The line.
        line: LineId,
        /// Now.
        alarm: Alarm,
    },
    /// A file came with a message, is whole, was delivered or removed.
    File {
        /// The line.
        line: LineId,
        /// Which.
        id: FileId,
        /// Now.
        state: FileState,
    },
    /// The state of a line changed.
    Status {
        /// The line.
        line: LineId,
        /// Now.
        status: Box<Status>,
    },
    /// A party did what no honest one does.
    Misbehaved {
        /// The line.
        line: LineId,
        /// Whose boot.
        by: Author,
        /// What.
        what: Misbehaviour,
    },
    /// A node of either party runs again from an older disk.
    Restored {
        /// The line.
        line: LineId,
        /// The boot whose start did not know all of its node's earlier entries.
        boot: Author,
    },
    /// Two boots of one node run at one time.
    Cloned {
        /// The line.
        line: LineId,
        /// One.
        one: Author,
        /// The other.
        other: Author,
    },
    /// The channel's keys changed.
    Keys {
        /// The line.
        line: LineId,
        /// Counts the times that a line's channel was set up anew.
        generation: u64,
        /// 0 while the tape key carries the traffic.
        epoch: u64,
    },
    /// What frames out of a bundle came to; what is fresh is on stable storage.
    Carried {
        /// As asked.
        ticket: u64,
        /// What they held.
        imported: Imported,
    },
    /// The core met traces of itself that it did not write, so this boot must end and another begin
    /// (rule 4). Nothing more will come out of this core.
    BootEnds {
        /// The line on which it was seen.
        line: LineId,
    },
}

/// What the core must be told about itself when it starts.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Our party.
    pub party: PartyId,
    /// This machine.
    pub node: NodeId,
    /// This start of it: 16 random bytes drawn by the driver.
    pub boot: BootId,
}
