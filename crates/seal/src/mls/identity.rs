//! Who a node is to MLS: a credential (party id and node id) and a signing key of its own, named
//! by its card.

use super::vault::Vault;
use super::{SUITE, client, new_key_package};
use crate::agreement::AgreementError;
use crate::names::Side;
use mls_rs::crypto::{SignaturePublicKey, SignatureSecretKey};
use mls_rs::identity::SigningIdentity;
use mls_rs::identity::basic::BasicCredential;
use mls_rs::{CipherSuiteProvider, CryptoProvider};
use mls_rs_crypto_awslc::AwsLcCryptoProvider;
use openline_wire::ids::{NodeId, PartyId};
use zeroize::Zeroizing;

/// A node's MLS credential and signing key. Secret; kept beside the node's other keys.
#[derive(Clone)]
pub struct MlsIdentity {
    side: Side,
    signing_key: Zeroizing<Vec<u8>>,
    signature_key: Vec<u8>,
}

/// A key package and its private part.
pub struct PreparedKeyPackage {
    /// For the peer, in a card or an opening file.
    pub public: Vec<u8>,
    /// For the channel that the peer will open with it: see [`super::MlsAgreement::new`].
    pub secret: Zeroizing<Vec<u8>>,
}

/// What the peer's card says about its MLS leaf; no other is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerPin {
    /// Party and node: the credential.
    pub side: Side,
    /// The MLS signature public key (Ed25519).
    pub signature_key: Vec<u8>,
}

impl MlsIdentity {
    /// Draws a signing key for this node.
    pub fn generate(side: Side) -> Result<Self, AgreementError> {
        let failed = |why: &str| AgreementError::Library(why.to_owned());
        let provider = AwsLcCryptoProvider::with_enabled_cipher_suites(vec![SUITE]);
        let suite = provider.cipher_suite_provider(SUITE);
        let suite = suite.ok_or_else(|| failed("the X-Wing suite is missing"))?;
        let keys = suite.signature_key_generate();
        let (secret, public) = keys.map_err(|error| failed(&error.to_string()))?;
        let signing_key = Zeroizing::new(secret.as_bytes().to_vec());
        Ok(Self {
            side,
            signing_key,
            signature_key: public.as_bytes().to_vec(),
        })
    }

    /// What our card says about us.
    pub fn pin(&self) -> PeerPin {
        PeerPin {
            side: self.side,
            signature_key: self.signature_key.clone(),
        }
    }

    /// A fresh key package. It is meant for one channel: the private part of a key package that
    /// opens two of them cannot be erased when the first is open.
    pub fn prepare_key_package(&self) -> Result<PreparedKeyPackage, AgreementError> {
        let vault = Vault::default();
        let public = new_key_package(&client(self, None, vault.clone()))?;
        let secret = vault.key_package()?.ok_or(AgreementError::DamagedState)?;
        Ok(PreparedKeyPackage { public, secret })
    }

    /// The identity as secret bytes.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        encode(&[self.pin().to_bytes(), self.signing_key.clone()])
    }

    /// Reads [`Self::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AgreementError> {
        let [pin, signing_key] = decode(bytes).ok_or(AgreementError::DamagedState)?;
        let pin = PeerPin::from_bytes(&pin).ok_or(AgreementError::DamagedState)?;
        Ok(Self {
            side: pin.side,
            signing_key,
            signature_key: pin.signature_key,
        })
    }

    pub(super) fn signing_identity(&self) -> SigningIdentity {
        self.pin().signing_identity()
    }

    pub(super) fn signing_key(&self) -> SignatureSecretKey {
        SignatureSecretKey::from(self.signing_key.to_vec())
    }
}

impl PeerPin {
    pub(super) fn signing_identity(&self) -> SigningIdentity {
        let name = [self.side.party.as_bytes(), self.side.node.as_bytes()].concat();
        let key = SignaturePublicKey::from(self.signature_key.clone());
        SigningIdentity::new(BasicCredential::new(name).into_credential(), key)
    }

    pub(super) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let part = |bytes: &[u8]| Zeroizing::new(bytes.to_vec());
        encode(&[
            part(self.side.party.as_bytes()),
            part(self.side.node.as_bytes()),
            part(&self.signature_key),
        ])
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let [party, node, signature_key] = decode(bytes)?;
        let side = Side {
            party: PartyId::from_slice(&party)?,
            node: NodeId::from_slice(&node)?,
        };
        Some(Self {
            side,
            signature_key: signature_key.to_vec(),
        })
    }
}

/// Secret parts as one CBOR array of byte strings.
pub(super) fn encode(parts: &[Zeroizing<Vec<u8>>]) -> Zeroizing<Vec<u8>> {
    // Room for everything, so that no growth leaves a copy of the secrets behind in freed memory.
    let room = parts.iter().map(|part| part.len() + 9).sum::<usize>() + 9;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let mut e = minicbor::Encoder::new(&mut *bytes);
    let written = e.array(parts.len() as u64).map(|_| ());
    parts
        .iter()
        .fold(written, |written, part| {
            written.and_then(|()| e.bytes(part).map(|_| ()))
        })
        .expect("writing to memory cannot fail");
    bytes
}

/// Reads exactly `N` parts.
pub(super) fn decode<const N: usize>(bytes: &[u8]) -> Option<[Zeroizing<Vec<u8>>; N]> {
    let mut d = minicbor::Decoder::new(bytes);
    let len = d.array().ok()??;
    let parts: Vec<_> = (0..len)
        .map_while(|_| d.bytes().ok().map(|part| Zeroizing::new(part.to_vec())))
        .collect();
    parts
        .try_into()
        .ok()
        .filter(|_| d.position() == bytes.len())
}
