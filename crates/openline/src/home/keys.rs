//! Our private keys: made, kept as secret bytes, and asked for signatures. The core holds none of them.

use aws_lc_rs::signature::{KeyPair as _, ML_DSA_87_SIGNING, PqdsaKeyPair};
use ed25519_dalek::{Signer as _, SigningKey};
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

/// The key of a node. Wiped when dropped.
pub struct NodeSigner {
    key: SigningKey,
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
        let seed: Zeroizing<[u8; SEED]> = Zeroizing::new(seed.try_into().ok()?);
        let key = SigningKey::from_bytes(&seed);
        let public = NodeKey::from_bytes(key.verifying_key().as_bytes())?;
        Some(Self { key, public })
    }

    /// The seed.
    pub fn to_secret(&self) -> Zeroizing<[u8; SEED]> {
        Zeroizing::new(self.key.to_bytes())
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
        Signature(self.key.sign(to_be_signed).to_bytes())
    }
}

/// Both keys of a root. Wiped when dropped (AWS-LC wipes what it frees).
pub struct RootSigner {
    ed25519: SigningKey,
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
        let classical: Zeroizing<[u8; SEED]> = Zeroizing::new(classical.try_into().ok()?);
        let ml_dsa_seed: Zeroizing<[u8; SEED]> = Zeroizing::new(post_quantum.try_into().ok()?);
        let ed25519 = SigningKey::from_bytes(&classical);
        let ml_dsa = PqdsaKeyPair::from_seed(&ML_DSA_87_SIGNING, ml_dsa_seed.as_slice()).ok()?;
        let public = RootKeys::new(
            ed25519.verifying_key().as_bytes(),
            ml_dsa.public_key().as_ref(),
        )?;
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
        classical.copy_from_slice(Zeroizing::new(self.ed25519.to_bytes()).as_slice());
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
            ed25519: Signature(self.ed25519.sign(&message.ed25519).to_bytes()),
            ml_dsa,
        };
        let card = body.with_signature(signature).verify();
        card.map_err(HomeError::no_key)
    }
}
