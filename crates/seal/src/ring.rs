//! The key ring: the tapes not yet used, and the epochs of the current generation whose keys we
//! hold. It knows when a key is erased, not who is told.

use crate::agreement::Psk;
use crate::error::ChannelError;
use crate::limits::{COURIER_KEYS, EPOCHS_KEPT, OLD_EPOCH_KEPT_MS};
use crate::names::ChannelConfig;
use crate::schedule::{self, BasePair, Binding, Purpose, Slot};
use crate::secret::Secret;
use crate::tape::Tapes;

/// The secrets of a channel, but for those of the agreement.
pub(crate) struct KeyRing {
    /// At the index of the lowest generation that can still be entered.
    pub(crate) tapes: Tapes,
    /// Ascending, all of one generation.
    pub(crate) epochs: Vec<Epoch>,
    /// What we seal under: the last of `epochs`, or the one before it while the peer has not been
    /// heard in the last. `None` before the first generation.
    pub(crate) sending: Option<Slot>,
    /// This generation's pre-shared keys, until its MLS group exists.
    pub(crate) psks: Vec<Psk>,
    /// What bundles are sealed under, ascending; they outlive their generation (OL-191).
    pub(crate) couriers: Vec<CourierKeys>,
}

/// The base secrets of bundles, from one epoch.
pub(crate) struct CourierKeys {
    pub(crate) slot: Slot,
    pub(crate) base: BasePair,
}

/// One epoch's base secrets.
pub(crate) struct Epoch {
    pub(crate) slot: Slot,
    pub(crate) base: BasePair,
    /// When they are erased, once the peer was heard in a later epoch.
    pub(crate) retire_at: Option<u64>,
}

impl KeyRing {
    pub(crate) fn new(tapes: Tapes) -> Self {
        Self {
            tapes,
            epochs: Vec::new(),
            sending: None,
            psks: Vec::new(),
            couriers: Vec::new(),
        }
    }

    /// Enters a generation: its tape key carries the traffic, everything older is erased, and so
    /// are its tapes, in favour of their successors.
    pub(crate) fn enter(&mut self, config: &ChannelConfig, binding: &Binding, generation: u64) {
        let tapes = self.tapes.clone().turned_to(generation);
        let slot = Slot::traffic(tapes.index(), 0);
        let base = schedule::tape_base(config, binding, &tapes, Purpose::Traffic);
        let courier = schedule::tape_base(config, binding, &tapes, Purpose::Courier);
        self.add_courier(Slot::courier(tapes.index(), 0), courier);
        self.psks = schedule::psks(config, binding, &tapes);
        self.epochs = vec![Epoch {
            slot,
            base,
            retire_at: None,
        }];
        self.sending = Some(slot);
        self.tapes = tapes.successor();
    }

    /// Adds the epoch after the latest one.
    pub(crate) fn add(&mut self, slot: Slot, base: BasePair) {
        if self.epochs.len() >= EPOCHS_KEPT {
            self.epochs.remove(0);
        }
        self.epochs.push(Epoch {
            slot,
            base,
            retire_at: None,
        });
    }

    /// Adds keys for bundles; the oldest give way.
    pub(crate) fn add_courier(&mut self, slot: Slot, base: BasePair) {
        self.couriers.retain(|keys| keys.slot < slot);
        self.couriers.push(CourierKeys { slot, base });
        let excess = self.couriers.len().saturating_sub(COURIER_KEYS);
        self.couriers.drain(..excess);
    }

    /// The newest keys for bundles that the peer is known to be able to derive: those of no later epoch than we seal under.
    pub(crate) fn courier_base(&self) -> Result<(Slot, &Secret), ChannelError> {
        let sending = self.sending.ok_or(ChannelError::NoGeneration)?;
        let reached = (sending.generation, sending.epoch);
        let mut usable = self.couriers.iter().rev();
        let newest = usable.find(|keys| (keys.slot.generation, keys.slot.epoch) <= reached);
        let newest = newest.ok_or(ChannelError::NoGeneration)?;
        Ok((newest.slot, &newest.base.sending))
    }

    pub(crate) fn latest(&self) -> Option<Slot> {
        self.epochs.last().map(|epoch| epoch.slot)
    }

    pub(crate) fn holds(&self, slot: Slot) -> bool {
        self.epochs.iter().any(|epoch| epoch.slot == slot)
    }

    pub(crate) fn sending_base(&self) -> Result<(Slot, &Secret), ChannelError> {
        let held = self
            .epochs
            .iter()
            .find(|epoch| Some(epoch.slot) == self.sending);
        held.map(|epoch| (epoch.slot, &epoch.base.sending))
            .ok_or(ChannelError::NoGeneration)
    }

    /// The peer was heard in this epoch: it has left the earlier ones.
    pub(crate) fn heard_in(&mut self, slot: Slot, now: u64) {
        for epoch in self.epochs.iter_mut().filter(|epoch| epoch.slot < slot) {
            epoch
                .retire_at
                .get_or_insert(now.saturating_add(OLD_EPOCH_KEPT_MS));
        }
    }

    /// Erases what is due; whether there was anything.
    pub(crate) fn expire(&mut self, now: u64) -> bool {
        let before = self.epochs.len();
        self.epochs
            .retain(|epoch| epoch.retire_at.is_none_or(|at| now < at));
        self.epochs.len() < before
    }

    /// When [`Self::expire`] has something to do.
    pub(crate) fn next_expiry(&self) -> Option<u64> {
        self.epochs.iter().filter_map(|epoch| epoch.retire_at).min()
    }
}
