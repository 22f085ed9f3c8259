//! The bytes of a frame: an SFrame ciphertext (RFC 9605) with AES-256-GCM, and behind an
//! *introduction* the nonce and boot that its key comes from, as SFrame metadata.
//!
//! ```text
//! frame         1 config │ 4 key id │ 0..8 counter │ ciphertext │ 16 tag
//! introduction  the same, with the introduction id │ 16 nonce │ 16 boot
//! ```

use crate::error::ChannelError;
use crate::limits::{FRAMES_PER_KEY, REPLAY_WINDOW};
use crate::names::{KeyId, Origin};
use crate::padding::{Padding, unpad};
use crate::sabotage::{Bug, planted};
use crate::secret::Secret;
use openline_wire::ids::BootId;
use sframe::CipherSuite;
use sframe::error::SframeError;
use sframe::frame::validation::{ReplayAttackProtection, Tolerance};
use sframe::frame::{EncryptedFrameView, MediaFrameView, MonotonicCounter};
use sframe::header::SframeHeader;
use sframe::key::{DecryptionKey, EncryptionKey};

/// SFrame suite 5 (RFC 9605 section 8.1).
const SUITE: CipherSuite = CipherSuite::AesGcm256Sha512;
const TAG: usize = 16;
const ORIGIN: usize = 32;

impl KeyId {
    /// The key id in a frame's header, if it has the form that openline uses: the look-up that
    /// chooses the channel, or silence.
    pub fn of_frame(frame: &[u8]) -> Option<Self> {
        let header = SframeHeader::deserialize(frame).ok()?;
        let shortest = SframeHeader::new(header.key_id(), header.counter());
        if header != shortest || frame.len() < header.len() + TAG {
            return None;
        }
        u32::try_from(header.key_id()).ok().and_then(Self::new)
    }
}

/// Splits an introduction into the SFrame ciphertext and its origin.
pub(crate) fn split_introduction(frame: &[u8]) -> Option<(&[u8], Origin)> {
    let (sealed, trailer) = frame.split_at_checked(frame.len().checked_sub(ORIGIN)?)?;
    let (nonce, boot) = trailer.split_at(16);
    let origin = Origin {
        nonce: nonce.try_into().ok()?,
        boot: BootId::from_slice(boot)?,
    };
    Some((sealed, origin))
}

fn trailer(origin: &Origin) -> [u8; ORIGIN] {
    let mut bytes = [0; ORIGIN];
    bytes[..16].copy_from_slice(&origin.nonce);
    bytes[16..].copy_from_slice(origin.boot.as_bytes());
    bytes
}

/// A key and counter that sealed a frame, so that a test can see that no pair repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SealedWith {
    /// A hash of the key; not its id, which may collide.
    pub key: [u8; 16],
    /// The counter.
    pub counter: u64,
    /// What both sides call the key: the id of the frame key, also while it is introduced.
    pub id: KeyId,
    /// Whether the frame introduces that key; such frames have a counter of their own.
    pub introduces: bool,
}

/// A key that seals, with its counter.
pub(crate) struct SealingKey {
    key: EncryptionKey,
    counter: MonotonicCounter,
    name: [u8; 16],
    id: KeyId,
}

impl SealingKey {
    pub(crate) fn new(id: KeyId, base: &Secret) -> Result<Self, ChannelError> {
        let key = EncryptionKey::derive_from(SUITE, u64::from(id.number()), base.as_bytes())
            .map_err(library)?;
        let counter = MonotonicCounter::new(FRAMES_PER_KEY - 1);
        Ok(Self {
            key,
            counter,
            name: base.expand("openline key name 1", &[]),
            id,
        })
    }

    /// How many bytes the next frame adds to its padded text.
    pub(crate) fn overhead(&self, origin: Option<&Origin>) -> usize {
        let header = SframeHeader::new(self.key.key_id(), self.counter.current());
        header.len() + TAG + origin.map_or(0, |_| ORIGIN)
    }

    /// Seals one text; with an origin, as an introduction.
    pub(crate) fn seal(
        &mut self,
        text: &[u8],
        padding: Padding,
        origin: Option<&Origin>,
    ) -> Result<(Vec<u8>, SealedWith), ChannelError> {
        if self.counter.is_exhausted() {
            return Err(ChannelError::KeyUsedUp);
        }
        let with = SealedWith {
            key: self.name,
            counter: self.counter.current(),
            id: self.id,
            introduces: origin.is_some(),
        };
        let metadata = origin.map(trailer);
        let metadata = metadata.as_ref().map_or(&[][..], |bytes| &bytes[..]);
        let padded = padding.pad(text, self.overhead(origin));
        let mut buffer = Vec::new();
        let frame = MediaFrameView::try_with_meta_data(&mut self.counter, &padded[..], metadata)
            .and_then(|plain| plain.encrypt_into(&self.key, &mut buffer).map(|_| ()));
        frame.map_err(library)?;
        // The library puts the metadata first; behind the ciphertext it leaves the header in front.
        buffer.rotate_left(metadata.len());
        Ok((buffer, with))
    }
}

/// A key that opens, with its replay window.
pub(crate) struct OpeningKey {
    key: DecryptionKey,
    window: ReplayAttackProtection,
}

impl OpeningKey {
    pub(crate) fn new(id: KeyId, base: &Secret) -> Result<Self, ChannelError> {
        let id = u64::from(id.number());
        let key = DecryptionKey::derive_from(SUITE, id, base.as_bytes()).map_err(library)?;
        let window = window(id);
        Ok(Self { key, window })
    }

    /// Opens an SFrame ciphertext; only success moves the window. Gives text and counter.
    pub(crate) fn open(
        &mut self,
        sealed: &[u8],
        origin: Option<&Origin>,
    ) -> Result<(Vec<u8>, u64), ChannelError> {
        let metadata = origin.map(trailer);
        let metadata = metadata.as_ref().map_or(&[][..], |bytes| &bytes[..]);
        let frame = EncryptedFrameView::try_with_meta_data(sealed, metadata)
            .map_err(|_| ChannelError::Malformed)?;
        // No key seals so many frames, and no arithmetic of ours shall meet such a number.
        if frame.header().counter() >= FRAMES_PER_KEY {
            return Err(ChannelError::Malformed);
        }
        if planted(Bug::WindowOff) {
            self.window = window(self.key.key_id());
        }
        let opened = frame
            .validated_decrypt(&self.key, &mut self.window)
            .map_err(refusal)?;
        let text =
            unpad(opened.payload()).ok_or(ChannelError::Misbehaviour("a frame without padding"))?;
        Ok((text.to_vec(), opened.counter()))
    }
}

fn window(id: u64) -> ReplayAttackProtection {
    ReplayAttackProtection::new(id, Tolerance::new(REPLAY_WINDOW))
}

fn refusal(error: SframeError) -> ChannelError {
    match error {
        SframeError::FrameValidationFailed(_) => ChannelError::Replay,
        _ => ChannelError::Forged,
    }
}

fn library(error: SframeError) -> ChannelError {
    ChannelError::Library(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-127: whoever holds the key may write any counter into a frame, up to the largest number there is.
    #[test]
    fn a_frame_numbered_beyond_the_life_of_a_key_is_refused_and_moves_nothing() {
        let base = Secret::extract(b"salt", &[b"a peer that lies"]);
        let id = KeyId::new(0x8102_0304).expect("a key id");
        let mut sealing = SealingKey::new(id, &base).expect("a key");
        let mut opening = OpeningKey::new(id, &base).expect("a key");
        for counter in [FRAMES_PER_KEY, u64::MAX / 2, u64::MAX - 1] {
            sealing.counter = MonotonicCounter::with_start_value(counter, u64::MAX);
            let (frame, _) = sealing.seal(b"text", Padding::None, None).expect("sealed");
            assert_eq!(opening.open(&frame, None), Err(ChannelError::Malformed));
        }
        for counter in [0, FRAMES_PER_KEY - 1] {
            sealing.counter = MonotonicCounter::with_start_value(counter, u64::MAX);
            let (frame, _) = sealing.seal(b"text", Padding::None, None).expect("sealed");
            let opened = opening.open(&frame, None);
            assert_eq!(opened, Ok((b"text".to_vec(), counter)));
        }
    }
}
