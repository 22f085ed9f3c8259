//! What the tests of a line are told, and what they want done and told.

use openline_wire::fact::Fact;
use openline_wire::ids::{Author, Digest, EntryId};
use openline_wire::text::Text;

/// An entry of a test that is held here, ours or theirs. All of them stand in the service stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: EntryId,
    /// Who signed it.
    pub author: Author,
    /// The name of its actor; empty for the station itself.
    pub actor: String,
    /// For how long it has been stored here, in milliseconds. 0 for one that comes in or is written now; for what a boot
    /// finds on its disk, as far as the clocks tell.
    pub age: u64,
    /// What `digest_of` says of its body; none if it has none, or not here.
    pub content: Option<Digest>,
    /// What it says.
    pub fact: Fact,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Do {
    /// Write an entry, in the service stream, marked as a test, by the station itself; with a text for its body if there
    /// is one.
    Write(Fact, Option<Text>),
    /// Tell people.
    Tell(Told),
}

/// What came of a test. Where `excused` is true, an announced silence explains it, and it is no reason for an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Ours has passed: the other side's machine read what was sent.
    Passed {
        /// The call-up.
        call_up: EntryId,
        /// From the call-up to the answer, in milliseconds.
        took_ms: u64,
    },
    /// Its machine read something else.
    Garbled {
        /// The call-up.
        call_up: EntryId,
    },
    /// Nobody was ready for ours.
    NoReady {
        /// The call-up.
        call_up: EntryId,
        /// An announced silence explains it.
        excused: bool,
    },
    /// Somebody was ready, and the text was not answered.
    NoAnswer {
        /// The call-up.
        call_up: EntryId,
        /// An announced silence explains it.
        excused: bool,
    },
    /// A person there has read it.
    PersonAnswered {
        /// The call-up.
        call_up: EntryId,
        /// His name.
        by: String,
        /// Whether he read what was sent.
        is_right: bool,
    },
    /// No person there answered in his time.
    NobodyAnswered {
        /// The call-up.
        call_up: EntryId,
    },
    /// So many of our party's own turns passed without a call-up: our station did not run, or slept.
    OursMissed {
        /// How many.
        turns: u64,
    },
    /// The other side's turn passed without a call-up.
    TheirsMissed {
        /// An announced silence explains it.
        excused: bool,
    },
    /// Theirs came through as far as our machine can tell; a person may read it.
    TheirsRead {
        /// The text.
        text: EntryId,
    },
}

impl Told {
    /// What it means for the alarm: that a test was missed or garbled, that one has come through, or nothing.
    pub fn is_missed(&self) -> Option<bool> {
        match self {
            Self::Garbled { .. } => Some(true),
            Self::NoReady { excused, .. }
            | Self::NoAnswer { excused, .. }
            | Self::TheirsMissed { excused } => (!excused).then_some(true),
            Self::Passed { .. } | Self::TheirsRead { .. } => Some(false),
            Self::PersonAnswered { .. } | Self::NobodyAnswered { .. } | Self::OursMissed { .. } => {
                None
            }
        }
    }
}

/// Why what a person wants done with a test is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// One is under way.
    UnderWay,
    /// The last one began just now, and nobody would be ready so soon again.
    TooSoon,
    /// What is left of the texts of 24 hours is kept for the timetable.
    NoTextLeft,
    /// No such text was sent to this boot.
    NothingToRead,
    /// A person has answered it.
    Answered,
}
