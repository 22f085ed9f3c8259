//! What may be said of a line, and the evidence for it.
//!
//! A verdict says what the evidence says and no more: with one bearer a cut and a dead station can't be told
//! apart, and then the verdict is *cannot tell why*.

use std::sync::Arc;

use openline_wire::address::Address;
use openline_wire::codes::SilenceReason;
use openline_wire::fact::Shift;
use openline_wire::header::Actor;
use openline_wire::ids::{Author, EntryId, PartyId};

use crate::contract::Route;
use crate::exercise::book::Shown as Exercise;
use crate::watch::book::Duty;
use crate::watch::roster::{Outlook, Standing};
use crate::watch::suspension::Suspension;

/// The state of a line, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Not open yet: the other side has not been heard, or the number has not been compared by both.
    Opening,
    /// The other station answered just now, sealed post-quantum.
    Open,
    /// It answered just now, but something is not as it should be; the evidence says what.
    Degraded,
    /// Nothing of the other side was heard since this boot of ours began, and there was no time for an answer yet.
    NotHeardYet,
    /// No answer for longer than the charter allows; cannot tell why.
    NoSignOfLife,
    /// No answer, as the other party announced.
    AnnouncedSilence,
}

impl Verdict {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Open => "open",
            Self::Degraded => "degraded",
            Self::NotHeardYet => "not-heard-yet",
            Self::NoSignOfLife => "no-sign-of-life",
            Self::AnnouncedSilence => "announced-silence",
        }
    }
}

/// Why an answering line is not *open*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shortcoming {
    /// The tape key still carries the traffic: sealed, but whoever carried the tape had it too.
    TapeOnly,
    /// More than one frame in ten is lost.
    Loss,
    /// Two boots of the peer's node are alive.
    Cloned,
    /// Another boot of our own node ran beside this one.
    ClonedHere,
    /// Proof of misbehaviour is on record.
    Misbehaviour,
}

impl Shortcoming {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::TapeOnly => "tape-only",
            Self::Loss => "loss",
            Self::Cloned => "cloned",
            Self::ClonedHere => "cloned-here",
            Self::Misbehaviour => "misbehaviour",
        }
    }
}

/// A silence that a party announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Who.
    pub by: Author,
    /// When the announcement was stored here, by our wall clock.
    pub said: u64,
    /// End, by our wall clock: as long after the announcement was stored here as it was announced for.
    pub until: u64,
    /// Why.
    pub reason: SilenceReason,
}

/// Frames keep coming from where the peer is known to be, and none of our keys opens them: one of the two homes was
/// copied or put back, or somebody writes the peer's address on what he sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unopened {
    /// The first since a frame of the peer's was opened, by our wall clock.
    pub since: u64,
    /// The last.
    pub last: u64,
}

/// An officer on watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// The entry that began his watch.
    pub watch: EntryId,
    /// Who, and how he was attested.
    pub actor: Actor,
    /// Since when, by the clock of who signed it.
    pub since: u64,
    /// When he is to have confirmed next that he is there, by our wall clock when we learnt of the watch last.
    pub confirms_by: u64,
    /// To whom he has handed over, who has not taken over yet.
    pub handed_to: Vec<String>,
}

/// Who is on watch for a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnWatch {
    /// The party.
    pub party: PartyId,
    /// Whether anybody is there.
    pub duty: Duty,
    /// None, one, or two if its boots did not hear each other.
    pub officers: Vec<Officer>,
}

/// How a way is, as far as it can be known from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayState {
    /// The other station answers on it.
    Answers,
    /// It has not answered yet, or does not just now; or nothing is heard on any way, and nobody can tell why.
    Unknown,
    /// It answered before and does not any more, while another way works.
    Cut {
        /// When it was asked what it has not answered.
        since: u64,
    },
}

impl WayState {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Unknown => "unknown",
            Self::Cut { .. } => "cut",
        }
    }
}

/// Who is to be on watch for a party, by its rosters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The party.
    pub party: PartyId,
    /// The rosters that stand: none, one, or several if its boots did not hear each other.
    pub rosters: Vec<Arc<Standing>>,
    /// What they say of now and of what comes; none if this machine's clock can't be believed.
    pub outlook: Option<Outlook>,
    /// The shift of our own party whose officer is not on watch though it has begun.
    pub untaken: Option<Shift>,
}

/// A way to the other station, as far as it was asked on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Which.
    pub route: Route,
    /// Whether it is the one in use.
    pub in_use: bool,
    /// When it was asked what it answered last on this way, by our wall clock.
    pub answered: Option<u64>,
    /// When an authentic frame came on it last, by our wall clock.
    pub heard: Option<u64>,
    /// When a test of ours went over it last that came through, by our wall clock.
    pub tested: Option<u64>,
    /// Its smoothed round trip, milliseconds.
    pub round_trip_ms: Option<u64>,
    /// Share of our frames on it that was lost, in thousandths; measured while it was in use.
    pub loss_permille: Option<u64>,
    /// How it is, by our wall clock.
    pub state: WayState,
}

/// Where a node said that it can be reached (OL-446).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reachable {
    /// The entry.
    pub entry: EntryId,
    /// Which boot of the node said so.
    pub by: Author,
    /// When it was signed, by its author's clock.
    pub said: u64,
    /// When it was stored here, by our wall clock.
    pub stored: u64,
    /// Who signed it.
    pub actor: Actor,
    /// There and nowhere else; none: it calls the other side itself.
    pub addresses: Vec<Address>,
}

/// What is known of a line, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// In one word.
    pub verdict: Verdict,
    /// Since when, by our wall clock at the time.
    pub since: u64,
    /// The other station was alive at some moment not before this one, by our wall clock (rule 3).
    pub alive_as_of: Option<u64>,
    /// The boot that answered last.
    pub peer: Option<Author>,
    /// Why not *open*.
    pub shortcomings: Vec<Shortcoming>,
    /// The silence in force.
    pub announced: Option<Announced>,
    /// The silence that the other party announced and outlasts: over, and nothing was heard since.
    pub overrun: Option<Announced>,
    /// The silence that our own party announced, while it lasts.
    pub announced_here: Option<Announced>,
    /// What comes instead of a sign of life.
    pub unopened: Option<Unopened>,
    /// Smoothed round trip of the way in use, milliseconds.
    pub round_trip_ms: Option<u64>,
    /// Share of our frames that did not arrive, in thousandths.
    pub loss_permille: Option<u64>,
    /// The peer's wall clock less ours, milliseconds: as much of the difference as the round trip does not explain.
    pub clock_offset_ms: Option<i64>,
    /// The channel's generation.
    pub generation: u64,
    /// The channel's epoch; 0 is the tape key.
    pub epoch: u64,
    /// Whether both parties signed that the safety number was compared.
    pub number_compared: (bool, bool),
    /// Entries of ours that the other side has not confirmed.
    pub unconfirmed: u64,
    /// Who is on watch, for our party first.
    pub watch: Vec<OnWatch>,
    /// Who is to be on watch, for our party first.
    pub planned: Vec<Planned>,
    /// Suspensions in force.
    pub suspended: Vec<Suspension>,
    /// Exercises that are proposed or in force.
    pub exercises: Vec<Exercise>,
    /// Where nodes announced that they can be reached, of our party first: the list of each that counts.
    pub reachable: Vec<Reachable>,
    /// The list by which the other node is looked for: the one that counts, or for a few seconds still the one before.
    pub taken_up: Option<Reachable>,
    /// The ways to the other station.
    pub ways: Vec<Way>,
}
