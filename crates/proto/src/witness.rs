//! What a core did that no output shows: the plaintext behind each frame, the keys it was sealed with, how many
//! frames it took for authentic. For the seeded world, which asserts on them; nothing is kept unless it asks.

use std::collections::VecDeque;

use openline_seal::SealedWith;
use openline_wire::ids::Author;

/// One frame, in the order of the [`crate::contract::Output::Send`]s of a drain.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The boot that it is for; none for key messages and while nobody was heard.
    pub to: Option<Author>,
    /// Key and counter.
    pub with: SealedWith,
    /// What was sealed.
    pub plaintext: Vec<u8>,
}

/// What was seen since it was last asked for.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// Frames sealed.
    pub sealed: VecDeque<Sealed>,
    /// Frames that authenticated.
    pub opened: u64,
}
