//! Our private keys: made, kept as secret bytes, and asked for signatures. The core holds none of them.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, ML_DSA_87_SIGNING, PqdsaKeyPair};
use openline_wire::card::{Card, CardBody};
use openline_wire::ids::NodeId;
use openline_wire::key::{NodeKey, Signature};
use openline_wire::root::{HybridSignature, ML_DSA_87_SIGNATURE, RootKeys};
use zeroize::Zeroizing;

use super::HomeError;

/// Bytes of the seed of an Ed25519 key (RFC 8032 section 5.1.5) and of an ML-DSA key (FIPS 204 section 5.1).
const SEED: usize = 32;

/// Random bytes of the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], HomeError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(HomeError::no_key)?;
    Ok(bytes)
}

impl HomeError {
    fn no_key(why: impl ToString) -> Self {
        Self::NoKey {
            why: why.to_string(),
        }
    }
}

/// An Ed25519 key and the seed that it is made of, which alone is kept in files. Wiped when dropped (AWS-LC wipes what it frees).
struct Ed25519 {
    seed: Zeroizing<[u8; SEED]>,
    pair: Ed25519KeyPair,
}

impl Ed25519 {
    fn from_seed(seed: &[u8]) -> Option<Self> {
        let seed: Zeroizing<[u8; SEED]> = Zeroizing::new(seed.try_into().ok()?);
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).ok()?;
        Some(Self { seed, pair })
    }

    fn public(&self) -> Option<[u8; 32]> {
        self.pair.public_key().as_ref().try_into().ok()
    }

    fn sign(&self, message: &[u8]) -> Signature {
        let mut signature = Signature([0; 64]);
        signature
            .0
            .copy_from_slice(self.pair.sign(message).as_ref());
        signature
    }
}

/// The key of a node.
pub struct NodeSigner {
    key: Ed25519,
    public: NodeKey,
}

impl NodeSigner {
    /// A new key.
    pub fn generate() -> Result<Self, HomeError> {
        let seed = Zeroizing::new(random::<SEED>()?);
        Self::from_secret(seed.as_slice()).ok_or_else(|| HomeError::no_key("a weak Ed25519 key"))
    }

    /// The key of a seed.
    pub fn from_secret(seed: &[u8]) -> Option<Self> {
        let key = Ed25519::from_seed(seed)?;
        let public = NodeKey::from_bytes(&key.public()?)?;
        Some(Self { key, public })
    }

    /// The seed.
    pub fn to_secret(&self) -> Zeroizing<[u8; SEED]> {
        self.key.seed.clone()
    }

    /// The public key.
    pub fn public(&self) -> &NodeKey {
        &self.public
    }

    /// The node.
    pub fn id(&self) -> NodeId {
        self.public.id()
    }

    /// Signs what `openline_wire` made to be signed: an entry's header, a line file.
    pub fn sign_entry(&self, to_be_signed: &[u8]) -> Signature {
        self.key.sign(to_be_signed)
    }
}

/// Both keys of a root.
pub struct RootSigner {
    ed25519: Ed25519,
    ml_dsa_seed: Zeroizing<[u8; SEED]>,
    ml_dsa: PqdsaKeyPair,
    public: RootKeys,
}

impl RootSigner {
    /// Two new keys.
    pub fn generate() -> Result<Self, HomeError> {
        let seeds = Zeroizing::new(random::<{ 2 * SEED }>()?);
        Self::from_secret(seeds.as_slice()).ok_or_else(|| HomeError::no_key("no root key"))
    }

    /// The keys of two seeds: Ed25519, then ML-DSA-87.
    pub fn from_secret(seeds: &[u8]) -> Option<Self> {
        let (classical, post_quantum) = seeds.split_at_checked(SEED)?;
        let ml_dsa_seed: Zeroizing<[u8; SEED]> = Zeroizing::new(post_quantum.try_into().ok()?);
        let ed25519 = Ed25519::from_seed(classical)?;
        let ml_dsa = PqdsaKeyPair::from_seed(&ML_DSA_87_SIGNING, ml_dsa_seed.as_slice()).ok()?;
        let public = RootKeys::new(&ed25519.public()?, ml_dsa.public_key().as_ref())?;
        Some(Self {
            ed25519,
            ml_dsa_seed,
            ml_dsa,
            public,
        })
    }

    /// Both seeds.
    pub fn to_secret(&self) -> Zeroizing<[u8; 2 * SEED]> {
        let mut seeds = Zeroizing::new([0; 2 * SEED]);
        let (classical, post_quantum) = seeds.split_at_mut(SEED);
        classical.copy_from_slice(self.ed25519.seed.as_slice());
        post_quantum.copy_from_slice(self.ml_dsa_seed.as_slice());
        seeds
    }

    /// The public keys.
    pub fn public(&self) -> &RootKeys {
        &self.public
    }

    /// Signs a card with both keys.
    pub fn sign_card(&self, body: CardBody) -> Result<Card, HomeError> {
        let message = body.to_be_signed();
        let mut ml_dsa = vec![0; ML_DSA_87_SIGNATURE];
        self.ml_dsa
            .sign(&message.ml_dsa, &mut ml_dsa)
            .map_err(HomeError::no_key)?;
        let signature = HybridSignature {
            ed25519: self.ed25519.sign(&message.ed25519),
            ml_dsa,
        };
        let card = body.with_signature(signature).verify();
        card.map_err(HomeError::no_key)
    }
}
