//! What can go wrong in a channel, and what a caller does about it.
//!
//! - *Silence*: [`Unknown`](ChannelError::Unknown), [`Malformed`](ChannelError::Malformed),
//!   [`Forged`](ChannelError::Forged), [`Replay`](ChannelError::Replay),
//!   [`TooManyNonces`](ChannelError::TooManyNonces). A stranger, noise or an old frame: count it,
//!   answer nothing. The channel has not changed.
//! - *Misbehaviour*: [`Misbehaviour`](ChannelError::Misbehaviour) and
//!   [`Agreement`](ChannelError::Agreement) with
//!   [`Refused`](AgreementError::Refused). Whoever holds the key of the frame broke the protocol; tell a person,
//!   go on. Under the tape alone that may also be whoever carried the tape.
//! - *Ours*: all others. The caller's order of calls, damaged storage, or the library.

use crate::AgreementError;

/// Why a channel refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// No key of ours has this key id.
    #[error("no key with this id")]
    Unknown,
    /// Too short, or with a header that openline does not write.
    #[error("not a frame")]
    Malformed,
    /// A known key id, but the frame does not authenticate.
    #[error("the frame does not authenticate")]
    Forged,
    /// Its counter was seen before or is older than the window, or its nonce was given up.
    #[error("the frame is a replay, or older than the window")]
    Replay,
    /// The peer used up the nonces that one base secret may have; the next epoch frees it.
    #[error("too many nonces under one base secret")]
    TooManyNonces,
    /// Authentic, yet against the protocol.
    #[error("the peer broke the protocol: {0}")]
    Misbehaviour(&'static str),
    /// The agreement failed.
    #[error("key agreement: {0}")]
    Agreement(#[from] AgreementError),
    /// [`attach`](crate::Channel::attach) was not called for this bearer.
    #[error("the bearer is not attached")]
    NotAttached,
    /// Recovered from tapes alone and no generation entered yet: nothing can be sealed.
    #[error("no generation has been entered yet")]
    NoGeneration,
    /// All counters of this bearer's key are used: attach it again with a fresh nonce.
    #[error("the frame key is used up")]
    KeyUsedUp,
    /// The call does not fit the channel's state.
    #[error("out of order: {0}")]
    OutOfOrder(&'static str),
    /// The snapshot belongs to another line, charter or pair of nodes.
    #[error("the snapshot belongs to another channel")]
    ForeignSnapshot,
    /// The snapshot does not decode, or is of a version that we do not know.
    #[error("the snapshot is damaged or of an unknown version")]
    DamagedSnapshot,
    /// The cryptographic library failed for a reason of its own.
    #[error("the SFrame library failed: {0}")]
    Library(String),
}

impl ChannelError {
    /// Whether whoever holds the key of the frame broke the protocol.
    pub fn is_misbehaviour(&self) -> bool {
        matches!(
            self,
            Self::Misbehaviour(_) | Self::Agreement(AgreementError::Refused { .. })
        )
    }
}
