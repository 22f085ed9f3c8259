//! The picture of the layers as two tables: who may import whom inside, and what the core may
//! bring in from outside. ARCHITECTURE.md draws the same picture; change both together.

const WIRE: &str = "openline-wire";
const RECORD: &str = "openline-record";
const SEAL: &str = "openline-seal";
const PROTO: &str = "openline-proto";
const STORE: &str = "openline-store";
const NET: &str = "openline-net";

/// The crates of layers 0 to 2.
pub const CORE: &[&str] = &[WIRE, RECORD, SEAL, PROTO];

/// One crate of the workspace and the crates of the workspace that it may import.
pub struct Row {
    pub name: &'static str,
    pub imports: &'static [&'static str],
    /// Its tests may use any other crate; those of all others keep to `imports`.
    pub free_tests: bool,
}

/// Imports go down only. A crate that is not named here does not belong to the picture yet.
pub const PICTURE: &[Row] = &[
    product(WIRE, &[]),
    product(RECORD, &[WIRE]),
    product(SEAL, &[WIRE]),
    product(PROTO, &[WIRE, RECORD, SEAL]),
    product(STORE, &[WIRE, RECORD, SEAL, PROTO]),
    product(NET, &[WIRE]),
    product("openline", &[WIRE, RECORD, SEAL, PROTO, STORE, NET]),
    development("openline-sim", &[WIRE, RECORD, SEAL, PROTO]),
    development("openline-bench", &[]),
    development("xtask", &[]),
];

const fn product(name: &'static str, imports: &'static [&'static str]) -> Row {
    Row {
        name,
        imports,
        free_tests: false,
    }
}

const fn development(name: &'static str, imports: &'static [&'static str]) -> Row {
    Row {
        name,
        imports,
        free_tests: true,
    }
}

/// One library that some core crates may import directly, and why.
pub struct Allowed {
    pub name: &'static str,
    pub by: &'static [&'static str],
    pub reason: &'static str,
}

/// What the core may bring in from outside. None of it tells the time, opens a file or a socket.
/// The MLS library inside seal draws randomness of its own: the one exception, and it stays behind
/// seal's wall.
#[rustfmt::skip] // a table
pub const ALLOWED: &[Allowed] = &[
    allow("aws-lc-rs", &[WIRE], "ML-DSA of roots and cards"),
    allow("ed25519-dalek", &[WIRE], "entry signatures with one strict acceptance rule"),
    allow("hkdf", &[SEAL], "frame keys from tapes and exporter secrets (RFC 5869)"),
    allow("hmac", &[WIRE], "salted commitments (RFC 2104)"),
    allow("mgrs-convert", &[WIRE], "whether a typed grid reference is anywhere on earth (NGA.STND.0037)"),
    allow("minicbor", CORE, "CBOR (RFC 8949); the canonical form is checked on top"),
    allow("mls-rs", &[SEAL], "channel keys (RFC 9420)"),
    allow("mls-rs-core", &[SEAL], "the traits that the MLS library asks its user to fill in"),
    allow("mls-rs-crypto-awslc", &[SEAL], "the hybrid post-quantum suite for MLS"),
    allow("rand_chacha", &[PROTO], "a generator fed with a seed that is passed in; draws nothing by itself"),
    allow("sframe", &[SEAL], "frame encryption (RFC 9605)"),
    allow("sha2", &[WIRE, RECORD, SEAL], "hashes of entries, trees, keys"),
    allow("thiserror", CORE, "typed errors without hand-written Display"),
    allow("tlog_tiles", &[RECORD], "Merkle trees and proofs (RFC 6962)"),
    allow("unicode-segmentation", &[WIRE], "words as UAX #29 counts them"),
    allow("zeroize", &[WIRE, SEAL, PROTO], "secrets are wiped when they are dropped"),
    allow("zstd", &[WIRE], "bodies against a shared dictionary; thin links pay by the byte"),
];

/// What the core's tests may import besides.
#[rustfmt::skip] // a table
pub const ALLOWED_IN_TESTS: &[Allowed] = &[
    allow("coset", &[RECORD], "somebody else's COSE, to read our entries with"),
    allow("curve25519-dalek", &[RECORD], "signatures that only a lax rule would accept, for the vectors"),
    allow("ed25519-dalek", &[RECORD], "authors that sign; the crate itself only verifies"),
    allow("proptest", CORE, "properties, with cases that are replayed"),
    allow("serde_json", CORE, "the vectors' files"),
];

const fn allow(name: &'static str, by: &'static [&'static str], reason: &'static str) -> Allowed {
    Allowed { name, by, reason }
}
