//! A party's root keys: Ed25519 and ML-DSA-87 (FIPS 204) side by side, meant to be kept offline.
//!
//! A root signature counts only if both halves verify, so a forger must break both (B15). The root's
//! hash is the party's id: whoever compares it, or the safety number made of it, has compared both keys.

use aws_lc_rs::signature::{ML_DSA_87, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::cose::HybridToBeSigned;
use crate::ids::PartyId;
use crate::key::{PublicKey, Signature};

/// Bytes of an ML-DSA-87 public key (FIPS 204 table 2).
pub const ML_DSA_87_KEY: usize = 2592;

/// Bytes of an ML-DSA-87 signature (FIPS 204 table 2).
pub const ML_DSA_87_SIGNATURE: usize = 4627;

/// Both public keys of a root, and the party that they name.
#[derive(Clone, PartialEq, Eq)]
pub struct RootKeys {
    party: PartyId,
    ed25519: PublicKey,
    ml_dsa: Vec<u8>,
}

impl RootKeys {
    /// Takes both keys; none if the Ed25519 key is no canonical point or of small order, or the other is not
    /// [`ML_DSA_87_KEY`] bytes long. (Every string of that length encodes an ML-DSA-87 key.)
    pub fn new(ed25519: &[u8; 32], ml_dsa: &[u8]) -> Option<Self> {
        let ed25519 = PublicKey::from_bytes(ed25519)?;
        let mut keys = Self {
            party: PartyId([0; 32]),
            ed25519,
            ml_dsa: (ml_dsa.len() == ML_DSA_87_KEY).then(|| ml_dsa.to_vec())?,
        };
        keys.party = PartyId(Sha256::digest(keys.to_bytes()).into());
        Some(keys)
    }

    /// The party: SHA-256 of the canonical form of both keys.
    pub fn party(&self) -> PartyId {
        self.party
    }

    /// Checks both halves of a signature; names the half that failed.
    pub fn verify(
        &self,
        message: &HybridToBeSigned,
        signature: &HybridSignature,
    ) -> Result<(), RootHalf> {
        if !self.ed25519.verify(&message.ed25519, &signature.ed25519) {
            return Err(RootHalf::Ed25519);
        }
        UnparsedPublicKey::new(&ML_DSA_87, &self.ml_dsa)
            .verify(&message.ml_dsa, &signature.ml_dsa)
            .map_err(|_| RootHalf::MlDsa87)
    }
}

impl core::fmt::Debug for RootKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "RootKeys({})", self.party.short())
    }
}

impl Canonical for RootKeys {
    fn write(&self, w: &mut Writer) {
        w.array(2)
            .bytes(self.ed25519.as_bytes())
            .bytes(&self.ml_dsa);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("root keys", 2)?;
        let ed25519 = r.fixed("root key, Ed25519")?;
        let ml_dsa = r.bytes("root key, ML-DSA-87", ML_DSA_87_KEY)?;
        Self::new(&ed25519, ml_dsa).ok_or(invalid("root keys"))
    }
}

/// One half of a root signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootHalf {
    /// The classical half.
    Ed25519,
    /// The post-quantum half.
    MlDsa87,
}

impl core::fmt::Display for RootHalf {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "Ed25519",
            Self::MlDsa87 => "ML-DSA-87",
        })
    }
}

/// Both halves of a root signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HybridSignature {
    /// Over [`HybridToBeSigned::ed25519`].
    pub ed25519: Signature,
    /// Over [`HybridToBeSigned::ml_dsa`], with an empty context (FIPS 204 section 5.2);
    /// [`ML_DSA_87_SIGNATURE`] bytes.
    pub ml_dsa: Vec<u8>,
}
