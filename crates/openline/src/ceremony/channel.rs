//! From an opened line to its sealed channel: the one place where the ceremony meets `openline_seal`.

use openline_seal::{AgreementError, ChannelConfig, MlsAgreement, MlsIdentity, PeerPin, Side};
use openline_wire::ids::BootId;

use super::{LineParty, LineSetup};

impl LineSetup {
    /// What the line's channel must know, for one boot.
    pub fn channel_config(&self, boot: BootId) -> ChannelConfig {
        ChannelConfig {
            line: self.line,
            charter: self.charter_digest,
            ours: self.own.side(),
            peer: self.peer.side(),
            boot,
            rotate_every_ms: self.charter.cadences.rotate_ms,
        }
    }

    /// Both tapes as the channel takes them, until they were erased.
    pub fn channel_tapes(&self) -> Option<openline_seal::Tapes> {
        let tapes = self.tapes.as_ref()?;
        let carried = |tape: &openline_wire::tape::CarriedTape| {
            openline_seal::Tape::carried(&tape.to_secret())
        };
        openline_seal::Tapes::new(carried(&tapes.sending)?, carried(&tapes.receiving)?)
    }

    /// The agreement of a channel that has no state yet: our leaf, the peer's pinned by its card, and on the
    /// accepting side the key package from which the opener creates the group.
    pub fn agreement(&self, leaf: &MlsIdentity) -> Result<MlsAgreement, AgreementError> {
        let peer = PeerPin {
            side: self.peer.side(),
            signature_key: self.peer.node.leaf_key.clone(),
        };
        let prepared = self.key_package_secret.as_ref();
        MlsAgreement::new(leaf, peer, prepared.map(|secret| secret.as_slice()))
    }
}

impl LineParty {
    /// The party and its node.
    pub fn side(&self) -> Side {
        Side {
            party: self.card.party(),
            node: self.node.key.id(),
        }
    }
}
