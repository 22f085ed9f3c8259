//! Entries of the right form that nobody signed so: wrong keys, wrong bodies, and signatures that only a
//! laxer rule than OL-322 accepts.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity as _;
use ed25519_dalek::{Signer as _, SigningKey};
use openline_wire::cbor::{Canonical as _, Writer};
use openline_wire::codes::Precedence;
use openline_wire::entry::{Body, Entry, to_be_signed};
use openline_wire::header::Header;
use openline_wire::ids::NodeId;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};

use crate::hex;
use crate::support::author::{Boot, draft};

/// Each vector with its name.
pub fn all() -> Vec<(&'static str, Value)> {
    let mut all = signatures();
    all.extend(keys());
    all.extend(bodies());
    all
}

/// The key that Moscow signs with.
fn moscows_key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn flash() -> Entry {
    let mut moscow = Boot::new(1);
    moscow.start(&[], &[]);
    moscow.flash("Stop.")
}

/// An entry without a body under a key.
fn vector(
    name: &'static str,
    refused: &str,
    key: &[u8; 32],
    header: &[u8],
    signature: &[u8; 64],
) -> (&'static str, Value) {
    let requirement = "OL-322";
    (
        name,
        json!({
            "requirement": requirement,
            "refused_for": refused,
            "node_key": hex(key),
            "stored": hex(&stored(header, signature, None)),
        }),
    )
}

fn stored(header: &[u8], signature: &[u8; 64], body: Option<&Body>) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(4).bytes(header).bytes(signature);
    w.optional_bytes(body.map(|body| &body.salt[..]));
    w.optional_bytes(body.map(|body| &body.content[..]));
    w.into_bytes()
}

fn signatures() -> Vec<(&'static str, Value)> {
    let (flash, key) = (flash(), moscows_key());
    let (header, right) = (flash.header_bytes(), flash.signature().0);
    let public = key.verifying_key().to_bytes();
    let of = |name, signature: &[u8; 64]| vector(name, "signature", &public, header, signature);
    let mut changed = right;
    changed[40] ^= 1;
    let mut moscow = Boot::new(1);
    let other = moscow.start(&[], &[]).signature().0;
    let message = to_be_signed(header);
    let torsion = EIGHT_TORSION[1];
    vec![
        of("signature-changed", &changed),
        of("signature-of-another-entry", &other),
        of("signature-without-context", &key.sign(header).to_bytes()),
        of("signature-with-s-above-the-order", &with_order_added(right)),
        of(
            "signature-with-r-of-small-order",
            &signature(&key, Scalar::ZERO, EdwardsPoint::identity(), &message),
        ),
        of(
            "signature-for-the-cofactored-equation",
            &signature(&key, Scalar::from(4_711u32), torsion, &message),
        ),
    ]
}

/// The same signature with S + L (RFC 8032 section 5.1.7 forbids it; some verifiers do not look).
fn with_order_added(mut signature: [u8; 64]) -> [u8; 64] {
    // L = 2^252 + 27742317777372353535851937790883648493, little-endian.
    let mut order = [0; 32];
    order[..16]
        .copy_from_slice(&27_742_317_777_372_353_535_851_937_790_883_648_493u128.to_le_bytes());
    order[31] = 0x10;
    let mut carry = 0u16;
    for (s, l) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*s) + u16::from(l) + carry;
        *s = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    signature
}

/// A signature with R = [r]B + `offset`. It fits the equation without cofactor if the offset is the
/// neutral element, and the one with cofactor for any point of small order.
fn signature(key: &SigningKey, r: Scalar, offset: EdwardsPoint, message: &[u8]) -> [u8; 64] {
    let point = ED25519_BASEPOINT_POINT * r + offset;
    let encoded = point.compress().to_bytes();
    let public = key.verifying_key().to_bytes();
    let hash = Sha512::new()
        .chain_update(encoded)
        .chain_update(public)
        .chain_update(message);
    let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
    let s = r + k * key.to_scalar();
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&encoded);
    signature[32..].copy_from_slice(s.as_bytes());
    signature
}

/// A header whose node is the hash of this key, whatever key that is.
fn header_of(key: &[u8; 32]) -> Vec<u8> {
    let header = Boot::new(1).header(&draft(Precedence::Routine, None));
    let mut author = header.author;
    author.node = NodeId(Sha256::digest(key).into());
    Header { author, ..header }.to_bytes()
}

fn keys() -> Vec<(&'static str, Value)> {
    // The neutral element: everything signed with S = 0 and R = A fits the plain equation.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let mut of_neutral = [0; 64];
    of_neutral[0] = 1;
    // y = p + 3, which is another encoding of y = 3.
    let mut second = [0xFF; 32];
    (second[0], second[31]) = (0xF0, 0x7F);
    // y = 2 is on no point.
    let mut nowhere = [0; 32];
    nowhere[0] = 2;
    let any = flash().signature().0;
    let flash = flash();
    let washington = Boot::new(2).node_key().to_bytes();
    vec![
        vector(
            "key-of-small-order",
            "key",
            &neutral,
            &header_of(&neutral),
            &of_neutral,
        ),
        vector(
            "key-not-canonical",
            "key",
            &second,
            &header_of(&second),
            &any,
        ),
        vector(
            "key-not-on-the-curve",
            "key",
            &nowhere,
            &header_of(&nowhere),
            &any,
        ),
        vector(
            "wrong-node",
            "node",
            &washington,
            flash.header_bytes(),
            &flash.signature().0,
        ),
    ]
}

fn bodies() -> Vec<(&'static str, Value)> {
    let flash = flash();
    let body = flash.body().expect("a text");
    let mut changed = body.clone();
    changed.content[6] ^= 1;
    let mut salted = body.clone();
    salted.salt[0] ^= 1;
    let mut moscow = Boot::new(1);
    let without = moscow.start(&[], &[]);
    let of = |name, entry: &Entry, body: &Body| {
        let stored = stored(entry.header_bytes(), &entry.signature().0, Some(body));
        (
            name,
            json!({
                "requirement": "OL-324",
                "refused_for": "body",
                "node_key": hex(&moscows_key().verifying_key().to_bytes()),
                "stored": hex(&stored),
            }),
        )
    };
    vec![
        of("body-changed", &flash, &changed),
        of("salt-changed", &flash, &salted),
        of("body-without-commitment", &without, body),
    ]
}
