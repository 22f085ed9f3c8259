//! MLS (RFC 9420) with the X-Wing suite as the agreement of a group of two.

use crate::{Agreement, AgreementError, ChannelError, Psk, Side};
use zeroize::Zeroizing;

/// A node's long-lived MLS leaf: its credential (party id ‖ node id) and signing key. Secret.
pub struct MlsIdentity {
    _side: Side,
}

impl MlsIdentity {
    /// Draws a new signing key for this node.
    pub fn generate(_side: Side) -> Result<Self, AgreementError> {
        todo!()
    }

    /// The MLS signature public key, for the card.
    pub fn signature_key(&self) -> &[u8] {
        todo!()
    }

    /// A fresh key package: the public part for a card or an opening file, the private part to be
    /// kept for the channel that it will open.
    pub fn prepare_key_package(&self) -> Result<PreparedKeyPackage, AgreementError> {
        todo!()
    }

    /// The identity as secret bytes.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        todo!()
    }

    /// Reads [`to_bytes`](Self::to_bytes).
    pub fn from_bytes(_bytes: &[u8]) -> Result<Self, AgreementError> {
        todo!()
    }
}

/// A key package and its private part.
pub struct PreparedKeyPackage {
    /// For the peer.
    pub public: Vec<u8>,
    /// To be kept: erased from the channel's state once the group is joined.
    pub secret: Zeroizing<Vec<u8>>,
}

/// What the peer's card says about its MLS leaf; nothing else is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerPin {
    /// Party and node: the credential.
    pub side: Side,
    /// The MLS signature public key.
    pub signature_key: Vec<u8>,
}

/// [`Agreement`] by MLS: X-Wing suite, tapes as external pre-shared keys, the peer's leaf pinned.
pub struct MlsAgreement {
    _pin: PeerPin,
}

impl MlsAgreement {
    /// An agreement without a group. `prepared` is the private part of the key package that the
    /// peer holds, if it is the peer who will create the group.
    pub fn new(
        _identity: &MlsIdentity,
        _peer: PeerPin,
        _prepared: Option<&[u8]>,
    ) -> Result<Self, AgreementError> {
        todo!()
    }
}

impl Agreement for MlsAgreement {
    fn key_package(&mut self) -> Result<Vec<u8>, AgreementError> {
        todo!()
    }
    fn create(&mut self, _kp: &[u8], _psks: &[Psk]) -> Result<Vec<u8>, AgreementError> {
        todo!()
    }
    fn join(&mut self, _welcome: &[u8], _psks: &[Psk]) -> Result<(), AgreementError> {
        todo!()
    }
    fn commit(&mut self) -> Result<Vec<u8>, AgreementError> {
        todo!()
    }
    fn process(&mut self, _commit: &[u8]) -> Result<(), AgreementError> {
        todo!()
    }
    fn epoch(&self) -> u64 {
        todo!()
    }
    fn export(
        &self,
        _label: &[u8],
        _context: &[u8],
        _len: usize,
    ) -> Result<Zeroizing<Vec<u8>>, AgreementError> {
        todo!()
    }
    fn state(&self) -> Result<Zeroizing<Vec<u8>>, AgreementError> {
        todo!()
    }
    fn restore(_state: &[u8]) -> Result<Self, AgreementError> {
        todo!()
    }
}

#[allow(dead_code)]
type Unused = ChannelError;
