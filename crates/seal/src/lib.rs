//! The sealed two-party channel between two nodes on one line: who may read a frame, and with
//! which key, from the first frame under the hand-carried tape to the latest MLS epoch.
//!
//! Sans-IO: time (monotonic milliseconds) and nonces are passed in, bytes come out. The one
//! exception is [`MlsAgreement`], whose MLS library draws its own randomness; a simulation puts
//! another [`Agreement`] in its place.
//!
//! # What a caller does
//!
//! 1. [`Channel::new`] with both tapes, or [`Channel::restore`] from the last snapshot, or
//!    [`Channel::recover`] when only the tapes are left.
//! 2. [`Channel::attach`] every bearer with a **fresh random nonce**, at each start.
//! 3. [`Channel::seal`] what is to be sent, [`Channel::open`] what came in.
//! 4. When something reports a change ([`Opened::changed`], [`KeysOutcome::Advanced`],
//!    [`Channel::rotate_if_due`], …), persist [`Channel::snapshot`] **before** sending anything.
//! 5. Resend [`Channel::keys_to_send`] until it is empty, hand what arrives to
//!    [`Channel::receive_keys`]; tell the peer every [`Opened::introduced`] and pass what it tells
//!    to [`Channel::confirmed`].
//!
//! The normative text is `spec/channels.md` (OL-1xx).

#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod agreement;
mod channel;
mod error;
mod key_message;
pub mod limits;
mod mls;
mod padding;
mod tape;

pub use agreement::{Agreement, AgreementError, Psk};
pub use channel::{
    BearerId, Channel, ChannelConfig, GenerationRequest, KeyId, KeyMessage, KeysOutcome, Nonce,
    Opened, SealedWith, Side, Under,
};
pub use error::ChannelError;
pub use mls::{MlsAgreement, MlsIdentity, PeerPin, PreparedKeyPackage};
pub use padding::Padding;
pub use tape::{Tape, Tapes};
