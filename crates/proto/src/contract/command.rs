//! What a person or program asks for.

use openline_wire::address::Address;
use openline_wire::attachment::Attachment;
use openline_wire::codes::{Answer, Mark, Precedence, SilenceReason, Stage, SuspensionReason};
use openline_wire::fact::{Ring, Shift};
use openline_wire::ids::EntryId;

use crate::alarm::book::Request as AlarmRequest;
use crate::contact::request::Request as ContactRequest;
use crate::exercise::request::Request as ExerciseRequest;
use crate::files::FileId;
use crate::watch::book::Request;

/// What a person or program asks for.
#[derive(Clone, Debug)]
pub enum Command {
    /// A message to the other party.
    Say {
        /// BCP 47 tag.
        language: String,
        /// The words.
        text: String,
        /// How urgent.
        precedence: Precedence,
        /// Whether it is meant.
        mark: Mark,
        /// The message that it answers.
        reply_to: Option<EntryId>,
        /// Files that go with it, whose bytes the store holds.
        files: Vec<Attachment>,
    },
    /// The bytes of a file are not wanted here any more.
    RemoveFile {
        /// Which.
        file: FileId,
        /// As its message names it.
        named: Attachment,
    },
    /// A note to the other side's operators.
    Note {
        /// BCP 47 tag.
        language: String,
        /// The words.
        text: String,
    },
    /// "These messages have reached this stage here."
    Receipt {
        /// The stage.
        stage: Stage,
        /// Messages of the other party.
        targets: Vec<EntryId>,
        /// Whether one of them is urgent, so that the receipt travels with its like.
        urgent: bool,
    },
    /// "We shall be silent."
    AnnounceSilence {
        /// From now on for this many milliseconds.
        for_ms: u64,
        /// Why.
        reason: SilenceReason,
        /// In words, may be empty.
        text: String,
        /// BCP 47 tag of the words.
        language: String,
    },
    /// Call an office of the other party.
    Ring {
        /// Who calls whom, in what, and how long.
        ring: Box<Ring>,
        /// How urgent.
        precedence: Precedence,
        /// Whether it is meant.
        mark: Mark,
        /// What it is about; may be empty.
        text: String,
        /// BCP 47 tag of the words.
        language: String,
    },
    /// Answer a ring that rings here.
    AnswerRing {
        /// The ring.
        ring: EntryId,
        /// What to say to it.
        answer: Answer,
        /// When to call back, UTC in milliseconds; not with an answer that accepts.
        call_back: Option<u64>,
        /// The reason; may be empty.
        text: String,
        /// BCP 47 tag of the words.
        language: String,
    },
    /// Take a ring of ours back.
    WithdrawRing {
        /// The ring.
        ring: EntryId,
    },
    /// In a contact.
    Contact {
        /// The ring that was accepted.
        contact: EntryId,
        /// What.
        request: Box<ContactRequest>,
        /// What is proposed, or why it is closed; may be empty.
        text: String,
        /// BCP 47 tag of the words.
        language: String,
    },
    /// Test the line now; a person asks for it.
    TestNow,
    /// A person has read this text of a test of theirs.
    TestRead(EntryId),
    /// About our party's watch.
    Watch {
        /// What.
        request: Request,
        /// What the one who goes has to say; may be empty.
        text: String,
        /// BCP 47 tag of the words.
        language: String,
    },
    /// Plan who is to be on watch for our party, in place of what was planned; without shifts: take that back.
    Roster(Plan),
    /// Suspend the line.
    Suspend {
        /// Why.
        reason: SuspensionReason,
        /// In words, may be empty.
        text: String,
        /// BCP 47 tag of the words.
        language: String,
    },
    /// End our suspension.
    Resume,
    /// About exercises.
    Exercise {
        /// What.
        request: ExerciseRequest,
        /// What is exercised; empty where nothing is proposed.
        text: String,
        /// BCP 47 tag of the words.
        language: String,
    },
    /// Our node can be reached at these addresses from now on, and at no others; at none: it calls the peer.
    ReachableAt(Vec<Address>),
    /// About an alarm.
    Alarm(AlarmRequest),
    /// Begin a new channel generation: this home was restored or copied (rule 2).
    NewGeneration,
}

/// Who is to be on watch when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// From when on it plans, UTC in milliseconds.
    pub from: u64,
    /// Until when.
    pub until: u64,
    /// The shifts, in the order of their beginnings.
    pub shifts: Vec<Shift>,
}
