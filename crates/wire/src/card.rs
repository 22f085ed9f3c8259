//! A party's card: its public identity in one file, signed by its root.
//!
//! Whoever holds a card and has compared the safety number knows which nodes speak for the party. A newer
//! card (a higher serial) takes the place of an older one; that is how a node is added or revoked.

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::address::Address;
use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid, within};
use crate::cose::{ContentType, HybridSign, HybridToBeSigned};
use crate::ids::{Digest, NodeId, PartyId};
use crate::key::NodeKey;
use crate::language::{Language, LocalNames};
use crate::limits;
use crate::root::{HybridSignature, RootHalf, RootKeys};

/// The version of the card's form.
pub const VERSION: u64 = 1;

/// What a root signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardBody {
    /// Grows with each card of the party.
    pub serial: u64,
    /// When it was made, UTC in milliseconds by the maker's clock. For people; nothing is refused for it.
    pub issued: u64,
    /// What the party is called.
    pub names: LocalNames,
    /// The languages that it writes in, the usual one first.
    pub languages: Vec<Language>,
    /// Its root keys, whose hash is the party's id.
    pub root: RootKeys,
    /// The nodes that speak for it, in ascending order of id.
    pub nodes: Vec<NodeCertificate>,
    /// The nodes that no longer do, in ascending order of id.
    pub revocations: Vec<Revocation>,
    /// Where it may be reached.
    pub addresses: Vec<Address>,
}

impl CardBody {
    /// What the root's two keys sign.
    pub fn to_be_signed(&self) -> HybridToBeSigned {
        HybridToBeSigned::new(ContentType::Card, &self.to_bytes())
    }

    /// The card with its root's signature, not yet checked.
    pub fn with_signature(self, signature: HybridSignature) -> UnverifiedCard {
        let payload = self.to_bytes();
        let bytes = HybridSign {
            content: ContentType::Card,
            payload,
            signature: signature.clone(),
        }
        .to_bytes();
        UnverifiedCard {
            body: self,
            signature,
            bytes,
        }
    }
}

/// "This node speaks for us."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeCertificate {
    /// The key that signs entries and line files.
    pub key: NodeKey,
    /// The public key of its leaf in MLS groups (RFC 9420 section 5.1.1: `signature_key`).
    pub leaf_key: Vec<u8>,
    /// After this time (UTC, milliseconds) no line may be opened with the node. A line that is
    /// open stays open: a date must not cut it.
    pub expires: u64,
}

/// "This node no longer speaks for us", whatever any clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The node.
    pub node: NodeId,
    /// When it was revoked, UTC in milliseconds by the party's clock.
    pub time: u64,
}

/// Why a card, or a node of it, was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CardError {
    /// The bytes are no card.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// It is not signed by the root that it names.
    #[error("the {0} half of the root's signature does not verify")]
    Signature(RootHalf),
    /// The card does not certify this node.
    #[error("the card does not certify node {node}")]
    NodeUnknown {
        /// The node that signed.
        node: NodeId,
    },
    /// The node's certificate has expired.
    #[error("the certificate of node {node} expired at {expired}, it is {now} now")]
    NodeExpired {
        /// The node.
        node: NodeId,
        /// UTC in milliseconds.
        expired: u64,
        /// UTC in milliseconds by our clock.
        now: u64,
    },
    /// The party has revoked the node.
    #[error("node {node} was revoked at {time}")]
    NodeRevoked {
        /// The node.
        node: NodeId,
        /// UTC in milliseconds by the party's clock.
        time: u64,
    },
}

impl CardError {
    /// A stable name for messages and for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Decode(_) => "card-damaged",
            Self::Signature(_) => "card-forged",
            Self::NodeUnknown { .. } => "card-node-unknown",
            Self::NodeExpired { .. } => "card-node-expired",
            Self::NodeRevoked { .. } => "card-node-revoked",
        }
    }
}

/// A card whose signature has not been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnverifiedCard {
    body: CardBody,
    signature: HybridSignature,
    bytes: Vec<u8>,
}

impl UnverifiedCard {
    /// Takes a card file apart; size first, then the one canonical form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CardError> {
        within("card", bytes.len() as u64, limits::CARD as u64)?;
        let signed = HybridSign::from_bytes(bytes)?;
        if signed.content != ContentType::Card {
            return Err(invalid("content type: not a card").into());
        }
        Ok(Self {
            body: CardBody::from_bytes(&signed.payload)?,
            signature: signed.signature,
            bytes: bytes.to_vec(),
        })
    }

    /// Checks both halves of the root's signature; the only door to a [`Card`].
    pub fn verify(self) -> Result<Card, CardError> {
        self.body
            .root
            .verify(&self.body.to_be_signed(), &self.signature)
            .map_err(CardError::Signature)?;
        Ok(Card {
            digest: Digest(Sha256::digest(&self.bytes).into()),
            body: self.body,
            bytes: self.bytes,
        })
    }
}

/// A card whose root's signature was checked. Whether the root is who it says it is, only the safety
/// number tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    body: CardBody,
    bytes: Vec<u8>,
    digest: Digest,
}

impl Card {
    /// What the root signed.
    pub fn body(&self) -> &CardBody {
        &self.body
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the file.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The party.
    pub fn party(&self) -> PartyId {
        self.body.root.party()
    }

    /// What the party is called.
    pub fn names(&self) -> &LocalNames {
        &self.body.names
    }

    /// The certificate of a node that may speak for the party, apart from its date.
    pub fn node(&self, node: NodeId) -> Result<&NodeCertificate, CardError> {
        if let Some(revoked) = self.body.revocations.iter().find(|r| r.node == node) {
            let time = revoked.time;
            return Err(CardError::NodeRevoked { node, time });
        }
        let mut nodes = self.body.nodes.iter();
        nodes
            .find(|certificate| certificate.key.id() == node)
            .ok_or(CardError::NodeUnknown { node })
    }

    /// The certificate of a node that may open a line at `now` (UTC, milliseconds).
    pub fn node_at(&self, node: NodeId, now: u64) -> Result<&NodeCertificate, CardError> {
        let certificate = self.node(node)?;
        let expired = certificate.expires;
        if now > expired {
            return Err(CardError::NodeExpired { node, expired, now });
        }
        Ok(certificate)
    }
}

impl Canonical for CardBody {
    fn write(&self, w: &mut Writer) {
        w.array(9).uint(VERSION).uint(self.serial).uint(self.issued);
        w.item(&self.names).items(&self.languages).item(&self.root);
        w.items(&self.nodes).items(&self.revocations);
        w.items(&self.addresses);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("card", 9)?;
        if r.uint("version")? != VERSION {
            return Err(invalid("version"));
        }
        let body = Self {
            serial: r.uint("serial")?,
            issued: r.uint_up_to("issued", limits::LATEST_TIME_MS)?,
            names: r.item()?,
            languages: r.items("languages", limits::NAMES)?,
            root: r.item()?,
            nodes: r.items("nodes", limits::CARD_NODES)?,
            revocations: r.items("revocations", limits::CARD_NODES)?,
            addresses: r.items("addresses", limits::ADDRESSES)?,
        };
        if !body.nodes.is_sorted_by(|a, b| a.key.id() < b.key.id()) {
            return Err(invalid("nodes: not in ascending order"));
        }
        if !body.revocations.is_sorted_by(|a, b| a.node < b.node) {
            return Err(invalid("revocations: not in ascending order"));
        }
        if body.languages.is_empty() {
            return Err(invalid("languages: none"));
        }
        Ok(body)
    }
}

impl Canonical for NodeCertificate {
    fn write(&self, w: &mut Writer) {
        w.array(3).bytes(&self.key.to_bytes()).bytes(&self.leaf_key);
        w.uint(self.expires);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("node certificate", 3)?;
        let key = NodeKey::from_bytes(&r.fixed("node key")?).ok_or(invalid("node key"))?;
        Ok(Self {
            key,
            leaf_key: r.bytes("leaf key", limits::LEAF_KEY)?.to_vec(),
            expires: r.uint_up_to("expires", limits::LATEST_TIME_MS)?,
        })
    }
}

impl Canonical for Revocation {
    fn write(&self, w: &mut Writer) {
        w.array(2).item(&self.node).uint(self.time);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("revocation", 2)?;
        Ok(Self {
            node: r.item()?,
            time: r.uint_up_to("revoked", limits::LATEST_TIME_MS)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{MOSCOW, Party};

    /// OL-201, OL-202
    #[test]
    fn a_card_goes_both_ways() {
        let card = MOSCOW.card();
        let read = UnverifiedCard::from_bytes(card.bytes()).and_then(UnverifiedCard::verify);
        assert_eq!(read.as_ref(), Ok(&card));
        assert_eq!(card.names().in_language("ru"), "Москва");
        assert!(card.bytes().len() < 8_000, "{}", card.bytes().len());
    }

    /// OL-202
    #[test]
    fn every_changed_byte_of_a_card_is_refused() {
        let card = MOSCOW.card();
        for place in 0..card.bytes().len() {
            let mut bytes = card.bytes().to_vec();
            bytes[place] ^= 1 << (place % 8);
            let read = UnverifiedCard::from_bytes(&bytes).and_then(UnverifiedCard::verify);
            assert!(read.is_err(), "byte {place}");
        }
    }

    /// OL-203
    #[test]
    fn one_broken_half_of_the_root_does_not_forge_a_card() {
        let mallory = Party::named("Moscow", 66);
        let body = MOSCOW.card_body();
        let [mut classical, mut post_quantum] = [MOSCOW.sign_root(&body), MOSCOW.sign_root(&body)];
        classical.ml_dsa = mallory.sign_root(&body).ml_dsa;
        post_quantum.ed25519 = mallory.sign_root(&body).ed25519;
        let verify = |signature| body.clone().with_signature(signature).verify();
        assert_eq!(
            verify(classical),
            Err(CardError::Signature(RootHalf::MlDsa87))
        );
        assert_eq!(
            verify(post_quantum),
            Err(CardError::Signature(RootHalf::Ed25519))
        );
    }

    /// OL-206
    #[test]
    fn a_node_that_expired_was_revoked_or_never_certified_is_named() {
        let mut body = MOSCOW.card_body();
        body.nodes[0].expires = 1_000;
        let node = body.nodes[0].key.id();
        let expired = MOSCOW.sign_card(body.clone());
        assert!(expired.node_at(node, 1_000).is_ok());
        assert_eq!(
            expired.node_at(node, 1_001),
            Err(CardError::NodeExpired {
                node,
                expired: 1_000,
                now: 1_001
            })
        );
        body.revocations = vec![Revocation { node, time: 7 }];
        let revoked = MOSCOW.sign_card(body);
        assert_eq!(
            revoked.node_at(node, 0),
            Err(CardError::NodeRevoked { node, time: 7 })
        );
        let stranger = NodeId([9; 32]);
        assert_eq!(
            revoked.node(stranger),
            Err(CardError::NodeUnknown { node: stranger })
        );
    }

    /// OL-202
    #[test]
    fn a_node_listed_twice_is_refused() {
        let mut body = MOSCOW.card_body();
        body.nodes.push(body.nodes[0].clone());
        assert!(CardBody::from_bytes(&body.to_bytes()).is_err());
    }

    proptest! {
        /// OL-202
        #[test]
        fn only_the_canonical_form_of_a_card_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            if let Ok(body) = CardBody::from_bytes(&bytes) {
                prop_assert_eq!(body.to_bytes(), bytes);
            }
        }
    }
}
