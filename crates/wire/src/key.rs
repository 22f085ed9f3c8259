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
    // `key.to_bytes()` gives back what was put in; only the point itself knows its one encoding.
    let canonical = key.to_edwards().compress().to_bytes() == *bytes;
    (canonical && !key.is_weak()).then_some(key)
}

/// The one acceptance rule, for nodes and roots alike.
pub(crate) fn verify(key: &VerifyingKey, message: &[u8], signature: &Signature) -> bool {
    let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
    key.verify_strict(message, &signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-322: y = 3 is on the curve and of large order; p + 3 encodes it a second time.
    #[test]
    fn one_key_has_one_encoding() {
        let mut canonical = [0; 32];
        canonical[0] = 3;
        let mut second = [0xFF; 32];
        (second[0], second[31]) = (0xED + 3, 0x7F);
        assert!(NodeKey::from_bytes(&canonical).is_some());
        assert_eq!(NodeKey::from_bytes(&second), None);
    }

    /// OL-322: points of order 1, 2, 4 and 8.
    #[test]
    fn a_key_of_small_order_is_refused() {
        let order_8 = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
        let mut keys = vec![[0; 32], [0; 32], NodeId::from_hex(order_8).expect("hex").0];
        keys[1][0] = 1;
        let mut minus_one = [0xFF; 32];
        (minus_one[0], minus_one[31]) = (0xEC, 0x7F);
        keys.push(minus_one);
        for mut key in keys {
            for sign in [0, 0x80] {
                key[31] ^= sign;
                assert_eq!(NodeKey::from_bytes(&key), None, "{key:02x?}");
            }
        }
    }
}
