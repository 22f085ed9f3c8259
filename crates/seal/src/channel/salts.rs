//! Salts that need not be sent, because the keys of the frame give them (`spec/channels.md`, OL-128).

use openline_wire::header::Chain;

use super::Channel;
use crate::agreement::Agreement;
use crate::schedule::{self, Slot};

/// A salt of a commitment.
pub type Salt = [u8; 16];

impl<A: Agreement> Channel<A> {
    /// The salt for a place of one of our own chains, in the epoch that we seal under. None under the tape alone: whoever carried
    /// that could guess at what stands behind a commitment.
    pub fn salt_to_send(&self, chain: &Chain, sequence: u64) -> Option<Salt> {
        let (slot, base) = self.ring.sending_base().ok()?;
        let is_ours = (chain.author.party, chain.author.node)
            == (self.config.ours.party, self.config.ours.node);
        (slot.epoch > 0 && is_ours).then(|| schedule::salt(base, chain, sequence))
    }

    /// The salt for a place of one of the peer's chains, in the epoch in which it sealed the frame. None if the keys of that epoch
    /// are not held.
    pub fn salt_received(
        &self,
        (generation, epoch): (u64, u64),
        chain: &Chain,
        sequence: u64,
    ) -> Option<Salt> {
        let slot = Slot::traffic(generation, epoch);
        let held = self.ring.epochs.iter().find(|held| held.slot == slot);
        let base = &held.filter(|held| held.slot.epoch > 0)?.base.receiving;
        let is_theirs = (chain.author.party, chain.author.node)
            == (self.config.peer.party, self.config.peer.node);
        is_theirs.then(|| schedule::salt(base, chain, sequence))
    }
}
