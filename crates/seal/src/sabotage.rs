//! Bugs that the seeded world plants to see whether it would notice them. Where one can be planted, the right
//! thing and the wrong one stand side by side behind [`planted`].
//!
//! Without the feature `sabotage` that is a constant `false`, and the wrong thing is compiled away. Only the
//! world's own program turns the feature on; the product does not compile with it (`crates/openline/src/lib.rs`).

/// A bug inside the channel or the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// A frame is taken as often as it comes: its replay window is off.
    WindowOff,
    /// An entry is taken whatever its signature.
    SignatureUnchecked,
    /// A chain counts as complete beyond a gap.
    GapComplete,
    /// One tree for the whole party, instead of one for each chain.
    OneTree,
    /// A boot lives as of any frame heard, instead of as of the challenge that it gave back.
    UndatedEcho,
    /// Left out on the wire is what any boot of the receiver confirmed.
    ElisionAcrossBoots,
    /// A chain is left out of a head vector because a start names it, however much of it is held.
    OmissionOnStart,
    /// A bug of rings.
    Ring(RingBug),
}

/// A bug of rings, which the model of rings plants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RingBug {
    /// An answer counts although its boot never signed that it rings.
    AnswerWithoutRinging,
    /// A caller forgets that it decided.
    DecidedTwice,
    /// A bell sounds on an echo of any age.
    BellOnStaleEcho,
    /// Of two rings that cross, the smaller does not hold the larger off.
    BothGoOn,
    /// A boot decides a ring that an earlier boot of its node wrote.
    OutcomeForTheDead,
    /// A caller shows its outcome as final before anybody holds it.
    FinalUncovered,
    /// *Broken off* is shown as an ending.
    BrokenOffFinal,
    /// A talk opens on an outcome whose boot is gone.
    TalkOfTheDead,
}

#[cfg(feature = "sabotage")]
pub use switch::{plant, planted};

/// Whether this bug is planted: never.
#[cfg(not(feature = "sabotage"))]
pub const fn planted(_: Bug) -> bool {
    false
}

/// The core knows no globals but this one. To hand the switch through every constructor, from the core down to a
/// replay window, would put the bugs into the interfaces of a product that must not have them. It belongs to a
/// thread, because a history runs on one: so worlds with different bugs can run side by side, and each replays.
#[cfg(feature = "sabotage")]
mod switch {
    use super::Bug;
    use core::cell::Cell;

    std::thread_local! {
        static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
    }

    /// Plants a bug on this thread, or takes away the one that is there.
    pub fn plant(bug: Option<Bug>) {
        PLANTED.set(bug);
    }

    /// Whether this bug is planted on this thread.
    pub fn planted(bug: Bug) -> bool {
        PLANTED.get() == Some(bug)
    }
}
