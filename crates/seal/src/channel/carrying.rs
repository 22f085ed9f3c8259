//! What is carried by hand: bundles of frames under keys of their own, which outlive the epochs and generations of what
//! is heard live. A bundle needs no order and no window: whatever is in it may come late, twice, in any order, or in part.

use super::Channel;
use crate::agreement::Agreement;
use crate::error::ChannelError;
use crate::frame::{OpeningKey, SealedWith, SealingKey, split_introduction};
use crate::limits::DOOR_KEYS;
use crate::names::{KeyId, Nonce, Origin};
use crate::padding::Padding;
use crate::ring::CourierKeys;
use crate::schedule;
use crate::secret::Secret;
use openline_wire::ids::BootId;
use zeroize::Zeroizing;

/// One bundle being sealed.
pub struct Bundle {
    key: SealingKey,
    origin: Origin,
    sealed: Vec<SealedWith>,
}

/// What came out of a carried frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Carried {
    /// The text. Nothing in it may depend on its being new.
    pub plaintext: Vec<u8>,
    /// The start of the peer's node that sealed it; it may be long over.
    pub boot: BootId,
}

impl core::fmt::Debug for Carried {
    /// Leaves the text out, so that no log ever holds it.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Carried")
            .field("bytes", &self.plaintext.len())
            .field("boot", &self.boot)
            .finish()
    }
}

/// What opens doors (OL-192): secrets that both sides share, by which a caller shows to a bearer that he is worth an answer.
#[derive(Clone, Default)]
pub struct DoorKeys {
    /// The peer's, the newest that it is known to have first.
    pub theirs: Vec<Zeroizing<[u8; 32]>>,
    /// Ours.
    pub ours: Vec<Zeroizing<[u8; 32]>>,
}

impl core::fmt::Debug for DoorKeys {
    /// Leaves the keys out.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("DoorKeys")
            .field("theirs", &self.theirs.len())
            .field("ours", &self.ours.len())
            .finish()
    }
}

impl Bundle {
    /// Seals one text: a frame that whoever holds the bundle's base secret can open by itself.
    pub fn seal(&mut self, plaintext: &[u8]) -> Result<Vec<u8>, ChannelError> {
        let (frame, with) = self
            .key
            .seal(plaintext, Padding::Classes, Some(&self.origin))?;
        self.sealed.push(with);
        Ok(frame)
    }

    /// Keys and counters so far.
    pub fn sealed_with(&self) -> &[SealedWith] {
        &self.sealed
    }
}

impl<A: Agreement> Channel<A> {
    /// Begins a bundle (OL-190). The nonce must be fresh from the system's random source, for each bundle.
    pub fn bundle(&self, nonce: Nonce) -> Result<Bundle, ChannelError> {
        let (_, base) = self.ring.courier_base()?;
        let origin = Origin {
            nonce,
            boot: self.config.boot,
        };
        let session = schedule::session(base, &origin);
        let id = schedule::introduction_id(base);
        Ok(Bundle {
            key: SealingKey::new(id, &session.introductions)?,
            origin,
            sealed: Vec::new(),
        })
    }

    /// What opens the peer's door, and what opens ours (OL-192).
    pub fn door_keys(&self) -> DoorKeys {
        let reached = self.ring.courier_base().map(|(slot, _)| slot).ok();
        let newest = self.ring.couriers.iter().rev().take(DOOR_KEYS);
        let is_shared = |keys: &&CourierKeys| reached.is_some_and(|slot| keys.slot <= slot);
        // What the peer may not have yet is tried last.
        let (shared, early): (Vec<_>, Vec<_>) = newest.partition(is_shared);
        let in_order = || shared.iter().chain(&early);
        let key = |base: &Secret| Zeroizing::new(schedule::door_key(base));
        DoorKeys {
            theirs: in_order().map(|keys| key(&keys.base.sending)).collect(),
            ours: in_order().map(|keys| key(&keys.base.receiving)).collect(),
        }
    }

    /// Opens a frame out of a bundle. It leaves nothing behind, and may be opened again.
    pub fn open_carried(&self, frame: &[u8]) -> Result<Carried, ChannelError> {
        let id = KeyId::of_frame(frame).ok_or(ChannelError::Malformed)?;
        let (sealed, origin) = split_introduction(frame).ok_or(ChannelError::Malformed)?;
        let mut refusal = ChannelError::Unknown;
        for keys in &self.ring.couriers {
            let base = &keys.base.receiving;
            if schedule::introduction_id(base) != id {
                continue;
            }
            let session = schedule::session(base, &origin);
            let opened = OpeningKey::new(id, &session.introductions)
                .and_then(|mut key| key.open(sealed, Some(&origin)));
            match opened {
                Ok((plaintext, _)) => {
                    let boot = origin.boot;
                    return Ok(Carried { plaintext, boot });
                }
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }
}
