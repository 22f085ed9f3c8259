//! The tape: random key material carried by hand, one for each direction.

use zeroize::Zeroizing;

/// One direction's tape at one index of its hash ratchet. Secret; erased when dropped.
#[derive(Clone)]
pub struct Tape {
    index: u64,
    secret: Zeroizing<Vec<u8>>,
}

impl Tape {
    /// Takes a tape's bytes, at least [`crate::limits::TAPE_MIN_LEN`] of them.
    pub fn new(index: u64, secret: Zeroizing<Vec<u8>>) -> Option<Self> {
        (secret.len() >= crate::limits::TAPE_MIN_LEN).then_some(Self { index, secret })
    }

    /// How often the hash ratchet has turned since the tape was carried.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The next tape; this one is erased.
    pub fn successor(self) -> Self {
        todo!("{:?}", self.secret.len())
    }
}

/// Both tapes of a channel, at the same index.
#[derive(Clone)]
pub struct Tapes {
    /// The tape that the peer made and that we carried home: keys what we send.
    pub sending: Tape,
    /// The tape that we made: keys what we receive.
    pub receiving: Tape,
}
