//! What can go wrong in a channel, and what a caller does about it.
//!
//! - *Silence* ([`Unknown`](ChannelError::Unknown), [`Forged`](ChannelError::Forged),
//!   [`Replay`](ChannelError::Replay), [`Malformed`](ChannelError::Malformed)): a stranger, noise or
//!   an old frame. Count it, answer nothing, keep nothing.
//! - *Misbehaviour* ([`Misbehaviour`](ChannelError::Misbehaviour)): authenticated as the peer, yet
//!   against the protocol. Keep it as evidence, tell a person, go on.
//! - *Ours*: the caller's order of calls, damaged storage or the library.

use crate::AgreementError;

/// Why a channel refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChannelError {
    /// No key of ours has this key id.
    #[error("no key with this id")]
    Unknown,
    /// The frame is too short to be one, or its header does not parse.
    #[error("not a frame")]
    Malformed,
    /// A known key id, but the frame does not authenticate.
    #[error("the frame does not authenticate")]
    Forged,
    /// Authentic, but seen before or older than the replay window.
    #[error("the frame is a replay, or older than the window")]
    Replay,
    /// The peer, authenticated, sent something that the protocol forbids.
    #[error("the peer broke the protocol: {0}")]
    Misbehaviour(&'static str),
    /// The peer's MLS message was refused.
    #[error("key agreement: {0}")]
    Agreement(#[from] AgreementError),
    /// [`crate::Channel::attach`] was not called for this bearer.
    #[error("the bearer is not attached")]
    NotAttached,
    /// Recovered from tapes alone: no generation has been agreed yet, nothing can be sealed.
    #[error("no generation is agreed yet")]
    NoGeneration,
    /// All counters of this bearer's key are used; attach the bearer with a fresh nonce.
    #[error("the frame key is used up")]
    KeyUsedUp,
    /// The call does not fit the channel's state.
    #[error("out of order: {0}")]
    OutOfOrder(&'static str),
    /// The snapshot belongs to another line, charter or pair of nodes.
    #[error("the snapshot belongs to another channel")]
    ForeignSnapshot,
    /// The snapshot does not decode.
    #[error("the snapshot is damaged")]
    DamagedSnapshot,
}
