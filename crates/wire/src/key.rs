//! Node keys: Ed25519 (RFC 8032) with one acceptance rule, which the classical half of a root shares.
//!
//! The rule (OL-322): S below the group order, A and R canonical encodings and not of small order, and the cofactorless
//! equation. RFC 8032 leaves room here, and two stations that used the room differently would hold different records. It is what
//! `verify_strict` of ed25519-dalek accepts; the equation is left to AWS-LC, which takes three quarters of the time.

use aws_lc_rs::signature::{ED25519, ParsedPublicKey};
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
    key: PublicKey,
}

impl NodeKey {
    /// Reads a public key; none if it is no canonical point or of small order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        Some(Self {
            id: NodeId(Sha256::digest(bytes).into()),
            key: PublicKey::from_bytes(bytes)?,
        })
    }

    /// The node that it names: SHA-256 of the public key.
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// The 32 bytes of RFC 8032.
    pub fn to_bytes(&self) -> [u8; 32] {
        *self.key.as_bytes()
    }

    /// Whether `signature` is this node's over `message`.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> bool {
        self.key.verify(message, signature)
    }
}

/// An Ed25519 public key, decoded once: a canonical encoding, and not of small order.
#[derive(Clone)]
pub(crate) struct PublicKey {
    bytes: [u8; 32],
    parsed: ParsedPublicKey,
}

impl PublicKey {
    /// Decodes a key; none if it is no canonical point or of small order.
    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let key = VerifyingKey::from_bytes(bytes).ok()?;
        // `key.to_bytes()` gives back what was put in; only the point itself knows its one encoding.
        let is_canonical = key.to_edwards().compress().to_bytes() == *bytes;
        let parsed = ParsedPublicKey::new(&ED25519, bytes).ok()?;
        let key = Self {
            bytes: *bytes,
            parsed,
        };
        (is_canonical && !SMALL_ORDER.contains(bytes)).then_some(key)
    }

    /// The 32 bytes of RFC 8032.
    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// The one acceptance rule, for nodes and roots alike. AWS-LC computes R from the rest and compares the bytes, so R has its
    /// one encoding if they are the same; what is left is that it may be of small order.
    pub(crate) fn verify(&self, message: &[u8], signature: &Signature) -> bool {
        let is_small = SMALL_ORDER.iter().any(|it| signature.0.starts_with(it));
        !is_small && self.parsed.verify_sig(message, &signature.0).is_ok()
    }
}

impl core::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "PublicKey({:02x?})", self.bytes)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for PublicKey {}

/// The encodings of the eight points of small order (order 1, 2, 4 and 8): the torsion subgroup of the curve of RFC 8032 section 5.1.
#[rustfmt::skip]
const SMALL_ORDER: [[u8; 32]; 8] = [
    [
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ],
    [
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80,
    ],
    [
        0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    ],
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
        0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
        0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x85,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
        0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
        0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0xfa,
    ],
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
];

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

    /// OL-322
    #[test]
    fn the_points_of_small_order_are_those_that_dalek_calls_weak() {
        for encoding in SMALL_ORDER {
            let point = VerifyingKey::from_bytes(&encoding).expect("a point");
            assert!(point.is_weak(), "{encoding:02x?}");
            assert_eq!(point.to_edwards().compress().to_bytes(), encoding);
        }
        let encodings: std::collections::BTreeSet<_> = SMALL_ORDER.into();
        assert_eq!(encodings.len(), 8);
    }

    /// The order of the group (RFC 8032 section 5.1), little-endian.
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];

    /// A signature with S + L for S: the same equation, another signature.
    fn with_order_added(signature: &Signature) -> Signature {
        let (mut added, mut carry) = (*signature, 0);
        for (byte, of_order) in added.0[32..].iter_mut().zip(ORDER) {
            let sum = u16::from(*byte) + u16::from(of_order) + carry;
            (*byte, carry) = (sum as u8, sum >> 8);
        }
        added
    }

    proptest::proptest! {
        /// OL-322: two libraries accept the same, be it right, changed, or made of the points and numbers where libraries differ.
        #[test]
        fn two_libraries_accept_the_same(
            seed: [u8; 32],
            message: Vec<u8>,
            flip in 0_usize..512,
            small in 0_usize..8,
            s_is_zero: bool,
        ) {
            use ed25519_dalek::Signer as _;
            let signer = ed25519_dalek::SigningKey::from_bytes(&seed);
            let theirs = signer.verifying_key();
            let ours = PublicKey::from_bytes(theirs.as_bytes()).expect("a key");
            let right = Signature(signer.sign(&message).to_bytes());
            let mut flipped = right;
            flipped.0[flip / 8] ^= 1 << (flip % 8);
            let mut of_small_order = right;
            of_small_order.0[..32].copy_from_slice(&SMALL_ORDER[small]);
            if s_is_zero {
                of_small_order.0[32..].fill(0);
            }
            proptest::prop_assert!(ours.verify(&message, &right));
            for signature in [right, flipped, of_small_order, with_order_added(&right)] {
                let strict = ed25519_dalek::Signature::from_bytes(&signature.0);
                let strict = theirs.verify_strict(&message, &strict).is_ok();
                proptest::prop_assert_eq!(ours.verify(&message, &signature), strict);
                proptest::prop_assert_eq!(strict, signature == right);
            }
        }
    }
}
