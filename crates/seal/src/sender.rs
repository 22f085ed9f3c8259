//! Sealing: for each bearer its nonce, and under each base secret the two keys that come from it,
//! each with a counter from zero.

use crate::error::ChannelError;
use crate::frame::{SealedWith, SealingKey};
use crate::names::{BearerId, KeyId, Nonce, Origin};
use crate::padding::Padding;
use crate::schedule::{self, Purpose, Slot};
use crate::secret::Secret;
use openline_wire::ids::BootId;
use std::collections::BTreeMap;

/// All bearers of a channel, as far as sealing goes.
pub(crate) struct Sender {
    boot: BootId,
    bearers: BTreeMap<BearerId, Bearer>,
    last: Vec<SealedWith>,
}

struct Bearer {
    origin: Origin,
    padding: Padding,
    keys: BTreeMap<Slot, Keys>,
}

struct Keys {
    id: KeyId,
    introductions: SealingKey,
    frames: SealingKey,
    confirmed: bool,
}

impl Sender {
    pub(crate) fn new(boot: BootId) -> Self {
        Self {
            boot,
            bearers: BTreeMap::new(),
            last: Vec::new(),
        }
    }

    pub(crate) fn attach(&mut self, bearer: BearerId, nonce: Nonce, padding: Padding) {
        let origin = Origin {
            nonce,
            boot: self.boot,
        };
        self.bearers.insert(
            bearer,
            Bearer {
                origin,
                padding,
                keys: BTreeMap::new(),
            },
        );
    }

    pub(crate) fn detach(&mut self, bearer: BearerId) {
        self.bearers.remove(&bearer);
    }

    /// Seals under `base`, which must be the base secret of `slot`.
    pub(crate) fn seal(
        &mut self,
        bearer: BearerId,
        slot: Slot,
        base: &Secret,
        text: &[u8],
    ) -> Result<Vec<u8>, ChannelError> {
        let bearer = self
            .bearers
            .get_mut(&bearer)
            .ok_or(ChannelError::NotAttached)?;
        let keys = match bearer.keys.entry(slot) {
            std::collections::btree_map::Entry::Occupied(held) => held.into_mut(),
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(Keys::derive(base, &bearer.origin)?)
            }
        };
        let (frame, with) = if keys.confirmed {
            keys.frames.seal(text, bearer.padding, None)?
        } else {
            keys.introductions
                .seal(text, bearer.padding, Some(&bearer.origin))?
        };
        // An introduction travels under the id of those who listen, and is about the frame key.
        let id = keys.id;
        self.last.push(SealedWith { id, ..with });
        Ok(frame)
    }

    /// The longest text whose frame is at most `frame_size` long.
    pub(crate) fn room(&self, bearer: BearerId, slot: Slot, frame_size: usize) -> Option<usize> {
        /// An introduction under a key not yet derived: config, key id, tag, origin; counter 0
        /// sits in the config byte.
        const FIRST: usize = 1 + 4 + 16 + 32;
        let bearer = self.bearers.get(&bearer)?;
        let overhead = match bearer.keys.get(&slot) {
            Some(keys) if keys.confirmed => keys.frames.overhead(None),
            Some(keys) => keys.introductions.overhead(Some(&bearer.origin)),
            None => FIRST,
        };
        bearer
            .padding
            .longest_text(frame_size.checked_sub(overhead)?)
    }

    /// The peer holds this key. Requests are introduced each time all the same: they are for a peer
    /// that has lost what it held.
    pub(crate) fn confirmed(&mut self, id: KeyId) {
        let all = self
            .bearers
            .values_mut()
            .flat_map(|bearer| bearer.keys.iter_mut());
        all.filter(|(slot, keys)| slot.purpose == Purpose::Traffic && keys.id == id)
            .for_each(|(_, keys)| keys.confirmed = true);
    }

    pub(crate) fn unconfirm(&mut self, bearer: BearerId) {
        let keys = self
            .bearers
            .get_mut(&bearer)
            .into_iter()
            .flat_map(|b| b.keys.values_mut());
        keys.for_each(|keys| keys.confirmed = false);
    }

    /// Forgets the keys of all slots before `oldest`. They are never derived again, because what a
    /// channel seals under only moves forward; so no counter starts twice.
    pub(crate) fn forget_before(&mut self, oldest: Slot) {
        for bearer in self.bearers.values_mut() {
            bearer.keys.retain(|slot, _| *slot >= oldest);
        }
    }

    pub(crate) fn start_call(&mut self) {
        self.last.clear();
    }

    pub(crate) fn sealed_with(&self) -> &[SealedWith] {
        &self.last
    }
}

impl Keys {
    fn derive(base: &Secret, origin: &Origin) -> Result<Self, ChannelError> {
        let session = schedule::session(base, origin);
        Ok(Self {
            id: session.id,
            introductions: SealingKey::new(
                schedule::introduction_id(base),
                &session.introductions,
            )?,
            frames: SealingKey::new(session.id, &session.frames)?,
            confirmed: false,
        })
    }
}
