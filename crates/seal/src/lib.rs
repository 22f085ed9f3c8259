//! The sealed two-party channel between two nodes on one line: who may read a frame, and with
//! which key, from the first frame under the hand-carried tape to the latest MLS epoch.
//!
//! Sans-IO: time (monotonic milliseconds) and nonces are passed in, bytes come out. The one
//! exception is [`MlsAgreement`], whose MLS library draws its own randomness; a simulation puts
//! another [`Agreement`] in its place.
//!
//! # What a caller does
//!
//! 1. [`Channel::new`] with both tapes, [`Channel::restore`] from the last snapshot, or
//!    [`Channel::recover`] when only the tapes are left.
//! 2. [`Channel::attach`] every bearer with a **fresh random nonce**, at each start.
//! 3. [`Channel::seal`] what is to be sent, [`Channel::open`] what came in, call
//!    [`Channel::rotate_if_due`] at the start and whenever [`Channel::wake_at`] says.
//! 4. When something reports a change ([`Opened::changed`], [`KeysOutcome::Advanced`],
//!    [`Channel::rotate_if_due`], …), persist [`Channel::snapshot`] **before** sending anything.
//! 5. Resend [`Channel::keys_to_send`] until it is empty, hand what arrives to
//!    [`Channel::receive_keys`]; tell the peer every [`Opened::introduced`], and pass what the
//!    peer tells to [`Channel::confirmed`].
//!
//! # What it costs
//!
//! A frame adds 21 bytes to its padded text while the counter is below 8, then 22, from 256 on 23
//! (five of header and counter more or less, 16 of tag); an introduction adds 32 more, until the
//! peer has said that it holds the key. Unpadded text takes one byte to close it.
//!
//! # Where things are
//!
//! `schedule` which key comes from which · `ring` which keys are held, and until when · `frame` the
//! bytes · `verifying` the code that people compare · `sender`, `receiver` nonces, counters and windows · `channel` puts them together. The
//! normative text is `spec/channels.md` (OL-1xx), the reasons are in `docs/decisions/0010-channel-keys.md`.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod agreement;
mod channel;
mod error;
mod frame;
mod generation;
mod key_message;
pub mod limits;
mod mls;
mod names;
mod padding;
mod receiver;
mod ring;
pub mod sabotage;
mod schedule;
mod secret;
mod sender;
mod tape;
#[cfg(test)]
mod vectors_test;
mod verifying;

pub use agreement::{Agreement, AgreementError, Psk};
pub use channel::{Bundle, Carried, Channel, DoorKeys, KeysOutcome, Opened, Salt};
pub use error::ChannelError;
pub use frame::SealedWith;
pub use generation::GenerationRequest;
pub use key_message::{KeyMessage, KeyMessageKind};
pub use mls::{MlsAgreement, MlsIdentity, PeerPin, PreparedKeyPackage};
pub use names::{BearerId, ChannelConfig, KeyId, Nonce, Side};
pub use padding::{EVEN, Padding};
pub use tape::{Tape, Tapes};
pub use verifying::{CodeOf, VerifyingCode};
