//! Planted bugs: each alone must be found by the world, or the world looks at the wrong things. Those of a
//! driver the world plants itself; those of the channel and the core stand behind one function of seal's.

use openline_seal::sabotage::{Bug, RingBug};

use crate::history::About;
use crate::station::Faults;

/// What is planted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Planted {
    /// Nothing.
    #[default]
    Nothing,
    /// The driver writes some time after it was to: what follows is acknowledged before it is on disk.
    WriteLate,
    /// The driver leaves one batch in forty unwritten.
    DropPersist,
    /// A boot on a restored disk draws the nonces that an earlier one drew.
    NonceAgain,
    /// A boot takes the name of the one before, and goes on in its chains.
    EarlierBoot,
    /// A bug inside the channel or the core.
    Inside(Bug),
}

impl Planted {
    /// All bugs.
    pub const BUGS: [Self; 17] = [
        Self::WriteLate,
        Self::DropPersist,
        Self::NonceAgain,
        Self::EarlierBoot,
        Self::Inside(Bug::WindowOff),
        Self::Inside(Bug::SignatureUnchecked),
        Self::Inside(Bug::GapComplete),
        Self::Inside(Bug::OneTree),
        Self::Inside(Bug::UndatedEcho),
        Self::Inside(Bug::ElisionAcrossBoots),
        Self::Inside(Bug::OmissionOnStart),
        Self::Inside(Bug::Ring(RingBug::DecidedTwice)),
        Self::Inside(Bug::Ring(RingBug::BellOnStaleEcho)),
        Self::Inside(Bug::Ring(RingBug::BothGoOn)),
        Self::Inside(Bug::Ring(RingBug::OutcomeForTheDead)),
        Self::Inside(Bug::Ring(RingBug::FinalUncovered)),
        Self::Inside(Bug::Ring(RingBug::BrokenOffFinal)),
    ];

    /// Bugs of rings: the model of rings must find each (`sim/tests/ring_model`), the world those that show
    /// without a talk, and without a liar: an honest boot's answer stands behind its ringing in one chain.
    pub const OF_RINGS: [Self; 8] = [
        Self::Inside(Bug::Ring(RingBug::AnswerWithoutRinging)),
        Self::Inside(Bug::Ring(RingBug::DecidedTwice)),
        Self::Inside(Bug::Ring(RingBug::BellOnStaleEcho)),
        Self::Inside(Bug::Ring(RingBug::BothGoOn)),
        Self::Inside(Bug::Ring(RingBug::OutcomeForTheDead)),
        Self::Inside(Bug::Ring(RingBug::FinalUncovered)),
        Self::Inside(Bug::Ring(RingBug::BrokenOffFinal)),
        Self::Inside(Bug::Ring(RingBug::TalkOfTheDead)),
    ];

    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::WriteLate => "acknowledge-before-persist",
            Self::DropPersist => "drop-a-persist",
            Self::NonceAgain => "nonce-again-after-restore",
            Self::EarlierBoot => "go-on-in-an-earlier-boots-chain",
            Self::Inside(Bug::WindowOff) => "frame-outside-its-window",
            Self::Inside(Bug::SignatureUnchecked) => "signature-unchecked",
            Self::Inside(Bug::GapComplete) => "gap-taken-as-complete",
            Self::Inside(Bug::OneTree) => "one-tree-for-the-party",
            Self::Inside(Bug::UndatedEcho) => "undated-echo",
            Self::Inside(Bug::ElisionAcrossBoots) => "elision-across-boots",
            Self::Inside(Bug::OmissionOnStart) => "omission-on-a-start-alone",
            Self::Inside(Bug::Ring(bug)) => word_of(bug),
        }
    }

    /// The number of the rule that it breaks, and that must find it.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::WriteLate | Self::DropPersist => "21",
            Self::NonceAgain | Self::Inside(Bug::WindowOff) => "11",
            Self::EarlierBoot => "1",
            Self::Inside(Bug::SignatureUnchecked) => "22",
            Self::Inside(Bug::GapComplete) => "20",
            Self::Inside(Bug::OneTree) => "15",
            Self::Inside(Bug::UndatedEcho) => "10",
            Self::Inside(Bug::ElisionAcrossBoots) => "18",
            Self::Inside(Bug::OmissionOnStart) => "14",
            Self::Inside(Bug::Ring(bug)) => rule_of(bug),
        }
    }

    /// The histories that it is looked for in.
    pub fn shows_in(self) -> About {
        match self {
            Self::Inside(Bug::Ring(_)) => About::Rings,
            _ => About::Anything,
        }
    }

    /// The bug that is called so.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::BUGS.into_iter().find(|bug| bug.word() == word)
    }

    /// What it does to a driver.
    pub fn faults(self) -> Faults {
        Faults {
            writes_late: self == Self::WriteLate,
            drops_each: (self == Self::DropPersist).then_some(40),
        }
    }

    /// Lives through something with the bug planted on this thread, and takes it away again.
    pub fn during<T>(self, live: impl FnOnce() -> T) -> T {
        let inside = match self {
            Self::Inside(bug) => Some(bug),
            _ => None,
        };
        plant(inside);
        let lived = live();
        plant(None);
        lived
    }
}

fn word_of(bug: RingBug) -> &'static str {
    match bug {
        RingBug::AnswerWithoutRinging => "answer-without-ringing",
        RingBug::DecidedTwice => "caller-decides-twice",
        RingBug::BellOnStaleEcho => "bell-on-a-stale-echo",
        RingBug::BothGoOn => "both-rings-go-on",
        RingBug::OutcomeForTheDead => "outcome-for-a-dead-boot",
        RingBug::FinalUncovered => "final-before-it-is-covered",
        RingBug::BrokenOffFinal => "broken-off-as-final",
        RingBug::TalkOfTheDead => "talk-of-a-dead-boot",
    }
}

fn rule_of(bug: RingBug) -> &'static str {
    match bug {
        RingBug::DecidedTwice | RingBug::OutcomeForTheDead => "2",
        RingBug::BrokenOffFinal => "3",
        RingBug::FinalUncovered => "4",
        RingBug::TalkOfTheDead => "6",
        RingBug::AnswerWithoutRinging => "7",
        RingBug::BellOnStaleEcho => "9",
        RingBug::BothGoOn => "OL-533",
    }
}

#[cfg(feature = "sabotage")]
use openline_seal::sabotage::plant;

/// This build has no bugs to plant.
#[cfg(not(feature = "sabotage"))]
fn plant(_: Option<Bug>) {}
