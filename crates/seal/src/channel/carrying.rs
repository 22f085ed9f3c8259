//! What is carried by hand: bundles of frames under keys of their own, which outlive the epochs and generations of what
//! is heard live. A bundle needs no order and no window: whatever is in it may come late, twice, in any order, or in part.

use super::Channel;
use crate::agreement::Agreement;
use crate::error::ChannelError;
use crate::frame::{OpeningKey, SealedWith, SealingKey, split_introduction};
use crate::names::{KeyId, Nonce, Origin};
use crate::padding::Padding;
use crate::schedule;
use openline_wire::ids::BootId;

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
