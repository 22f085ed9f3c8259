//! The small types that a channel and its callers name things by.

use openline_wire::ids::{BootId, Digest, LineId, NodeId, PartyId};

/// One end of a channel: a node and the party it speaks for. The lower of the two ends commits
/// the epochs that follow an even one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Side {
    /// The party.
    pub party: PartyId,
    /// Its node.
    pub node: NodeId,
}

/// What a channel must know and does not store: the same at each start, but for `boot`.
#[derive(Clone, Debug)]
pub struct ChannelConfig {
    /// The line.
    pub line: LineId,
    /// Hash of the charter that opened the line.
    pub charter: Digest,
    /// This end.
    pub ours: Side,
    /// The other end.
    pub peer: Side,
    /// This start of this node.
    pub boot: BootId,
    /// Age of an epoch, in milliseconds, at which the side whose turn it is commits the next;
    /// see [`ROTATE_EVERY_MS`](crate::limits::ROTATE_EVERY_MS).
    pub rotate_every_ms: u64,
}

/// A bearer, by the number that the driver gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BearerId(pub u8);

/// 128 random bits, drawn afresh for each (boot, channel, bearer) and never stored.
pub type Nonce = [u8; 16];

/// Whose frame key it is: one start of a node, on one bearer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    pub(crate) nonce: Nonce,
    pub(crate) boot: BootId,
}

/// Names one key on the wire: a keyed hash with its top bit set, so that it always takes four
/// bytes of the SFrame header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(u32);

impl KeyId {
    const TOP: u32 = 1 << 31;

    /// Reads a number off the wire; `None` without the top bit.
    pub fn new(number: u32) -> Option<Self> {
        (number & Self::TOP != 0).then_some(Self(number))
    }

    /// The number, for the wire.
    pub fn number(self) -> u32 {
        self.0
    }

    pub(crate) fn from_hash(hash: [u8; 4]) -> Self {
        Self(u32::from_be_bytes(hash) | Self::TOP)
    }
}
