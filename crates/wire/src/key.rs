//! Node keys: Ed25519 (RFC 8032) with one acceptance rule, which the classical half of a root shares.
//!
//! The rule is `verify_strict` of ed25519-dalek: S below the group order, A and R canonical encodings and
//! not of small order, and the cofactorless equation. RFC 8032 leaves room here, and two stations that
//! used the room differently would hold different records.

use ed25519_dalek::VerifyingKey;
use sha2::{Digest as _, Sha256};

use crate::ids::NodeId;

/// A signature: R and S (RFC 8032 section 5.1.6).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signature(pub [u8; 64]);

/// The public key of a node, decoded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeKey {
    id: NodeId,
    key: VerifyingKey,
}

impl NodeKey {
    /// Reads a public key; none if it is no canonical point or of small order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        Some(Self {
            id: NodeId(Sha256::digest(bytes).into()),
            key: verifying_key(bytes)?,
        })
    }

    /// The node that it names: SHA-256 of the public key.
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// The 32 bytes of RFC 8032.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// Whether `signature` is this node's over `message`.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> bool {
        verify(&self.key, message, signature)
    }
}

/// Decodes an Ed25519 public key; none if it is no canonical point or of small order.
pub(crate) fn verifying_key(bytes: &[u8; 32]) -> Option<VerifyingKey> {
    let key = VerifyingKey::from_bytes(bytes).ok()?;
    let canonical = key.to_bytes() == *bytes && !key.is_weak();
    canonical.then_some(key)
}

/// The one acceptance rule, for nodes and roots alike.
pub(crate) fn verify(key: &VerifyingKey, message: &[u8], signature: &Signature) -> bool {
    let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
    key.verify_strict(message, &signature).is_ok()
}
