//! Code points that stand on the wire: streams, kinds, marks, precedences, stages, attestations.
//!
//! The registries are in `spec/registries.md`; a test compares the two.

mod kind;

use crate::cbor::{DecodeError, invalid};

pub use kind::Kind;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident($what:literal) { $($(#[$vdoc:meta])* $variant:ident = $code:literal $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant = $code,)* }

        impl $name {
            /// All of them, in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code on the wire.
            pub fn code(self) -> u64 {
                self as u64
            }

            /// The value for a code on the wire.
            pub fn from_code(code: u64) -> Result<Self, DecodeError> {
                Self::ALL.iter().copied().find(|v| v.code() == code).ok_or(invalid($what))
            }

            /// The word used in JSON, on the command line and in the registry.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value for a word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.word() == word)
            }
        }
    };
}

codes! {
    /// One chain of a boot's log (rule 7). Each has its own sequence, chain and tree.
    Stream("stream") {
        /// Starts, FLASH, IMMEDIATE, their receipts: never waits for older ROUTINE.
        Urgent = 0 "urgent",
        /// PRIORITY and ROUTINE messages and what belongs to them.
        Traffic = 1 "traffic",
        /// Service notes, tests, observations.
        Service = 2 "service",
    }
}

codes! {
    /// Urgency, not importance (ACP 127).
    Precedence("precedence") {
        /// Speed of service: hours.
        Routine = 0 "routine",
        /// Before routine.
        Priority = 1 "priority",
        /// Speed of service: half an hour.
        Immediate = 2 "immediate",
        /// Interrupts everything else.
        Flash = 3 "flash",
    }
}

impl Precedence {
    /// Whether it travels in the urgent stream, on all bearers, in copies.
    pub fn is_urgent(self) -> bool {
        self >= Self::Immediate
    }

    /// The stream that carries messages of this precedence.
    pub fn stream(self) -> Stream {
        if self.is_urgent() {
            Stream::Urgent
        } else {
            Stream::Traffic
        }
    }
}

codes! {
    /// Whether an entry is meant. Signed in the header, so it can't be stripped (A2, A13).
    Mark("mark") {
        /// Meant.
        Real = 0 "real",
        /// Part of an exercise.
        Exercise = 1 "exercise",
        /// A test of the line.
        Test = 2 "test",
    }
}

codes! {
    /// How far a message has come towards a person (A6). None implies the next.
    Stage("stage") {
        /// On an attended screen.
        Shown = 1 "shown",
        /// An operator signed that he has read it.
        Read = 2 "read",
    }
}

codes! {
    /// How the actor of an entry is known.
    Attestation("attestation") {
        /// No person: the station itself.
        Station = 0 "station",
        /// He says so himself.
        Claimed = 1 "claimed",
        /// The operating system says which user called.
        UnixUser = 2 "unix-user",
        /// A passkey signed for him.
        Passkey = 3 "passkey",
    }
}

codes! {
    /// Why a party announces silence (C2).
    SilenceReason("silence reason") {
        /// The station restarts.
        Restart = 0 "restart",
        /// Longer work on the station or its bearers.
        Maintenance = 1 "maintenance",
        /// Given in the text of the entry.
        Other = 2 "other",
    }
}

codes! {
    /// What seals a line: signatures, key agreement and frames, chosen once in the charter.
    Suite("suite") {
        /// Ed25519 on entries, Ed25519 beside ML-DSA-87 on cards, MLS with X-Wing and both tapes,
        /// SFrame.
        One = 1 "openline-1",
    }
}

codes! {
    /// What a line may be used for, as its charter says.
    Mode("mode") {
        /// Messages.
        Text = 0 "text",
        /// Operators' talk between the terminals.
        ServiceNotes = 1 "service-notes",
    }
}

codes! {
    /// What the called side says to a ring.
    Answer("answer") {
        /// Come on the line.
        Accept = 0 "accept",
        /// No.
        Decline = 1 "decline",
        /// Not now.
        Later = 2 "later",
    }
}

codes! {
    /// How a ring ended. Its caller alone says so, once.
    Ending("ending") {
        /// An answer accepted it.
        Accepted = 0 "accepted",
        /// An answer declined it.
        Declined = 1 "declined",
        /// An answer put it off.
        Later = 2 "later",
        /// The caller took it back.
        Withdrawn = 3 "withdrawn",
        /// It rang there, and nobody answered in time.
        Unanswered = 4 "unanswered",
        /// Nothing showed in time that it rang there.
        Unreachable = 5 "unreachable",
        /// Both rang at once; the other ring goes on for both.
        Merged = 6 "merged",
    }
}

codes! {
    /// What a station does towards a code that neither side can choose.
    VerifyingStep("verifying step") {
        /// The caller commits to his nonce.
        Commits = 0 "commits",
        /// The called side gives its own.
        Shares = 1 "shares",
        /// The caller shows his.
        Reveals = 2 "reveals",
    }
}

codes! {
    /// What a person says of the code that the other side read out.
    Comparison("comparison") {
        /// It is the one on his own screen.
        Agreed = 0 "agreed",
        /// It is not.
        Differed = 1 "differed",
    }
}

codes! {
    /// How the side that proposed settles its proposal.
    Settled("settlement") {
        /// What the other side read back is what was meant.
        Confirmed = 0 "confirmed",
        /// It is taken back.
        Withdrawn = 1 "withdrawn",
        /// Its station knows that the contact is over, and has not confirmed it: nobody will any more.
        Lapsed = 2 "lapsed",
    }
}

codes! {
    /// How a place is given. The datum of all is WGS 84.
    PlaceForm("place form") {
        /// Latitude and longitude.
        Degrees = 0 "degrees",
        /// A reference of the Military Grid Reference System.
        Grid = 1 "grid",
    }
}

impl Ending {
    /// Whether an entry is its ground, so that the outcome cites it: the answer, the ringing, the other ring.
    pub fn cites(self) -> bool {
        !matches!(self, Self::Withdrawn | Self::Unreachable)
    }
}

impl Answer {
    /// How a ring ends that this answer decides.
    pub fn ending(self) -> Ending {
        match self {
            Self::Accept => Ending::Accepted,
            Self::Decline => Ending::Declined,
            Self::Later => Ending::Later,
        }
    }
}

codes! {
    /// Why a party suspends a line (B19).
    SuspensionReason("suspension reason") {
        /// An authority above the watch ordered it.
        Ordered = 0 "ordered",
        /// Keys, premises or people may be in others' hands.
        Compromise = 1 "compromise",
        /// Given in the text of the entry.
        Other = 2 "other",
    }
}

codes! {
    /// Who answers the text of a test.
    Answerer("answerer") {
        /// The station, by itself.
        Machine = 0 "machine",
        /// Somebody who has read it.
        Person = 1 "person",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_from_a_newer_version_keeps_its_code() {
        let kind = Kind::from_code(4711);
        assert_eq!((kind, kind.code()), (Kind::Unknown(4711), 4711));
        for known in Kind::KNOWN {
            assert_eq!(Kind::from_code(known.code()), *known);
        }
    }

    #[test]
    fn only_flash_and_immediate_use_the_urgent_stream() {
        let streams: Vec<_> = Precedence::ALL.iter().map(|p| p.stream().word()).collect();
        assert_eq!(streams, ["traffic", "traffic", "urgent", "urgent"]);
    }
}
