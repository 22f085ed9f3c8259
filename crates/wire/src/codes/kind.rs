//! What an entry is.

use super::Stream;

/// What an entry is. A code that this version does not know is kept, shown as unknown, and breaks
/// nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A boot begins: the first entry of its urgent stream.
    Start,
    /// Text from one party to the other.
    Message,
    /// A stage that messages of the other party have reached.
    Receipt,
    /// A planned silence.
    Silence,
    /// "We compared the safety number", without which no line opens.
    NumberCompared,
    /// Operators' talk between the terminals; never a message.
    ServiceNote,
    /// One party calls an office of the other.
    Ring,
    /// It rings at the called side.
    Ringing,
    /// What the called side says to it.
    Answer,
    /// How it ended.
    Outcome,
    /// A station's step towards the code of a contact.
    Verifying,
    /// A person compared the codes.
    Verified,
    /// What is to hold where, from when, until when.
    Proposal,
    /// The other side's person says it again.
    ReadBack,
    /// The side that proposed confirms or withdraws.
    Settlement,
    /// A contact is over.
    ContactClosed,
    /// Who is to be on watch when.
    Roster,
    /// A watch begins.
    WatchOpened,
    /// The officer on watch is there.
    Presence,
    /// Who goes names who is to come.
    HandOver,
    /// He takes it back.
    HandOverWithdrawn,
    /// Who comes is on watch from here on.
    TakeOver,
    /// A watch ends, and nobody follows.
    WatchClosed,
    /// A party suspends the line.
    Suspended,
    /// It ends its suspension.
    Resumed,
    /// A test of the line begins.
    CallUp,
    /// The other side is there for it.
    Ready,
    /// The text of a test.
    TestText,
    /// What was read of it.
    TestAnswer,
    /// A party proposes an exercise.
    ExerciseProposed,
    /// Another accepts it.
    ExerciseAccepted,
    /// A party ends it.
    ExerciseEnded,
    /// A node says where it can be reached from now on.
    ReachableAt,
    /// From a newer version.
    Unknown(u64),
}

impl Kind {
    /// The kinds that this version knows, in the order of their codes.
    pub const KNOWN: &'static [Self] = &[
        Self::Start,
        Self::Message,
        Self::Receipt,
        Self::Silence,
        Self::NumberCompared,
        Self::ServiceNote,
        Self::Ring,
        Self::Ringing,
        Self::Answer,
        Self::Outcome,
        Self::Verifying,
        Self::Verified,
        Self::Proposal,
        Self::ReadBack,
        Self::Settlement,
        Self::ContactClosed,
        Self::Roster,
        Self::WatchOpened,
        Self::Presence,
        Self::HandOver,
        Self::HandOverWithdrawn,
        Self::TakeOver,
        Self::WatchClosed,
        Self::Suspended,
        Self::Resumed,
        Self::CallUp,
        Self::Ready,
        Self::TestText,
        Self::TestAnswer,
        Self::ExerciseProposed,
        Self::ExerciseAccepted,
        Self::ExerciseEnded,
        Self::ReachableAt,
    ];

    /// The code on the wire.
    pub fn code(self) -> u64 {
        match self {
            Self::Start => 0,
            Self::Message => 1,
            Self::Receipt => 2,
            Self::Silence => 3,
            Self::NumberCompared => 4,
            Self::ServiceNote => 5,
            Self::Ring => 6,
            Self::Ringing => 7,
            Self::Answer => 8,
            Self::Outcome => 9,
            Self::Verifying => 10,
            Self::Verified => 11,
            Self::Proposal => 12,
            Self::ReadBack => 13,
            Self::Settlement => 14,
            Self::ContactClosed => 15,
            Self::Roster => 19,
            Self::WatchOpened => 20,
            Self::Presence => 21,
            Self::HandOver => 22,
            Self::HandOverWithdrawn => 23,
            Self::TakeOver => 24,
            Self::WatchClosed => 25,
            Self::Suspended => 26,
            Self::Resumed => 27,
            Self::CallUp => 28,
            Self::Ready => 29,
            Self::TestText => 30,
            Self::TestAnswer => 31,
            Self::ExerciseProposed => 32,
            Self::ExerciseAccepted => 33,
            Self::ExerciseEnded => 34,
            Self::ReachableAt => 35,
            Self::Unknown(code) => code,
        }
    }

    /// The kind for a code on the wire. Never fails: see [`Kind::Unknown`].
    pub fn from_code(code: u64) -> Self {
        Self::KNOWN
            .iter()
            .copied()
            .find(|kind| kind.code() == code)
            .unwrap_or(Self::Unknown(code))
    }

    /// The word used in JSON and in the registry.
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Message => "message",
            Self::Receipt => "receipt",
            Self::Silence => "silence",
            Self::NumberCompared => "number-compared",
            Self::ServiceNote => "service-note",
            Self::Ring => "ring",
            Self::Ringing => "ringing",
            Self::Answer => "answer",
            Self::Outcome => "outcome",
            Self::Verifying => "verifying",
            Self::Verified => "verified",
            Self::Proposal => "proposal",
            Self::ReadBack => "read-back",
            Self::Settlement => "settlement",
            Self::ContactClosed => "contact-closed",
            Self::Roster => "roster",
            Self::WatchOpened => "watch-opened",
            Self::Presence => "presence",
            Self::HandOver => "hand-over",
            Self::HandOverWithdrawn => "hand-over-withdrawn",
            Self::TakeOver => "take-over",
            Self::WatchClosed => "watch-closed",
            Self::Suspended => "suspended",
            Self::Resumed => "resumed",
            Self::CallUp => "call-up",
            Self::Ready => "ready",
            Self::TestText => "test-text",
            Self::TestAnswer => "test-answer",
            Self::ExerciseProposed => "exercise-proposed",
            Self::ExerciseAccepted => "exercise-accepted",
            Self::ExerciseEnded => "exercise-ended",
            Self::ReachableAt => "reachable-at",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Whether it belongs to a ring.
    pub fn is_of_a_ring(self) -> bool {
        matches!(
            self,
            Self::Ring | Self::Ringing | Self::Answer | Self::Outcome
        )
    }

    /// Whether it belongs to a contact.
    pub fn is_of_a_contact(self) -> bool {
        (Self::Verifying..=Self::ContactClosed).contains(&self)
    }

    /// Whether it says who is on watch, or who is to be.
    pub fn is_of_the_watch(self) -> bool {
        (Self::Roster..=Self::WatchClosed).contains(&self)
    }

    /// Whether it suspends the line, or ends that.
    pub fn is_of_a_suspension(self) -> bool {
        matches!(self, Self::Suspended | Self::Resumed)
    }

    /// Whether it agrees on an exercise, or ends one.
    pub fn is_of_an_exercise(self) -> bool {
        (Self::ExerciseProposed..=Self::ExerciseEnded).contains(&self)
    }

    /// Whether it belongs to a test of the line.
    pub fn is_of_a_test(self) -> bool {
        (Self::CallUp..=Self::TestAnswer).contains(&self)
    }

    /// The one stream in which it may stand; none for those that have no such rule.
    pub fn stream(self) -> Option<Stream> {
        let is_said = self.is_of_a_ring() || self.is_of_a_contact();
        let is_of_a_watch = self.is_of_the_watch() || self.is_of_a_suspension();
        let is_of_the_line = self.is_of_an_exercise() || self == Self::ReachableAt;
        match is_said || is_of_a_watch || is_of_the_line {
            true => Some(Stream::Urgent),
            false => self.is_of_a_test().then_some(Stream::Service),
        }
    }

    /// Whether its body is a text.
    pub fn carries_text(self) -> bool {
        matches!(
            self,
            Self::Message
                | Self::ServiceNote
                | Self::Ring
                | Self::Answer
                | Self::Proposal
                | Self::ContactClosed
                | Self::HandOver
                | Self::Suspended
                | Self::TestText
                | Self::ExerciseProposed
        )
    }
}
