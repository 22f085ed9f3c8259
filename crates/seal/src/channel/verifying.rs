//! The codes of this channel.

use super::Channel;
use crate::agreement::Agreement;
use crate::schedule::{self, Slot};
use crate::verifying::{CodeOf, VerifyingCode};

impl<A: Agreement> Channel<A> {
    /// Generation and epoch that a code may be agreed in now: those that we seal under. None under the tape alone.
    pub fn verifying_epoch(&self) -> Option<(u64, u64)> {
        let slot = self.ring.sending?;
        (slot.epoch > 0).then_some((slot.generation, slot.epoch))
    }

    /// Whether the keys of an epoch are held from which a code can be derived. A called boot asks this before it gives its
    /// nonce: later, somebody between could still choose the keys.
    pub fn holds_epoch(&self, generation: u64, epoch: u64) -> bool {
        epoch > 0 && self.ring.holds(Slot::traffic(generation, epoch))
    }

    /// The code; none if the keys of its epoch are not held (any more), or if it is the tape's. Keep it, once it is there:
    /// the keys go in time.
    pub fn verifying_code(&self, of: &CodeOf) -> Option<VerifyingCode> {
        let slot = Slot::traffic(of.generation, of.epoch);
        let epoch = self.ring.epochs.iter().find(|epoch| epoch.slot == slot);
        let epoch = epoch.filter(|epoch| epoch.slot.epoch > 0)?;
        let (config, binding) = (&self.config, &self.binding);
        Some(schedule::verifying_code(config, binding, &epoch.base, of))
    }
}
