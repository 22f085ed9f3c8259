//! Signed files as COSE (RFC 9052), so that other people's tools can check them.
//!
//! A node signs a COSE_Sign1, a root a COSE_Sign with two signers of which both must verify. The content type
//! in the protected header says what was signed, so a signature over one kind of object is never
//! taken for one over another; nothing is left unprotected.

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::key::Signature;
use crate::limits;
use crate::root::{HybridSignature, ML_DSA_87_SIGNATURE};

/// COSE algorithm EdDSA (RFC 9053 section 2.2).
const EDDSA: i64 = -8;

/// COSE algorithm ML-DSA-87 (RFC 9964).
const ML_DSA_87: i64 = -50;

/// CBOR tag of a COSE_Sign1 (RFC 9052 table 1).
const TAG_SIGN1: u64 = 18;

/// CBOR tag of a COSE_Sign (RFC 9052 table 1).
const TAG_SIGN: u64 = 98;

/// What a signature is over. The separation between kinds of signed objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentType {
    /// A party's card, signed by its root.
    Card,
    /// A charter and the nonce of its line, signed by a node of each party.
    Founding,
    /// The file that proposes a line, signed by a node.
    Offer,
    /// The file that accepts it, signed by a node.
    Answer,
}

impl ContentType {
    const ALL: [Self; 4] = [Self::Card, Self::Founding, Self::Offer, Self::Answer];

    /// The media type in the protected header (COSE header parameter 3).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Card => "application/openline-card+cbor",
            Self::Founding => "application/openline-founding+cbor",
            Self::Offer => "application/openline-offer+cbor",
            Self::Answer => "application/openline-answer+cbor",
        }
    }

    /// The word for it in messages and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Founding => "founding",
            Self::Offer => "offer",
            Self::Answer => "answer",
        }
    }

    /// The protected header of a COSE_Sign1: algorithm (1) and content type (3).
    fn protected_sign1(self) -> Vec<u8> {
        let mut w = Writer::new();
        w.map(2).uint(1).int(EDDSA).uint(3).text(self.as_str());
        w.into_bytes()
    }

    /// The body's protected header of a COSE_Sign: content type alone, the signers name algorithms.
    fn protected_body(self) -> Vec<u8> {
        let mut w = Writer::new();
        w.map(1).uint(3).text(self.as_str());
        w.into_bytes()
    }

    fn find(protected: &[u8], form: fn(Self) -> Vec<u8>) -> Result<Self, DecodeError> {
        let mut all = Self::ALL.into_iter();
        all.find(|content| form(*content) == protected)
            .ok_or(invalid("COSE protected header"))
    }
}

/// The protected header of a signer in a COSE_Sign: its algorithm.
fn protected_signer(algorithm: i64) -> Vec<u8> {
    let mut w = Writer::new();
    w.map(1).uint(1).int(algorithm);
    w.into_bytes()
}

/// What a node signs: the Sig_structure of a COSE_Sign1 (RFC 9052 section 4.4).
pub fn to_be_signed(content: ContentType, payload: &[u8]) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(4).text("Signature1");
    w.bytes(&content.protected_sign1())
        .bytes(b"")
        .bytes(payload);
    w.into_bytes()
}

/// What the two keys of a root sign: the Sig_structures of the two signers of a COSE_Sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HybridToBeSigned {
    /// For the Ed25519 key.
    pub ed25519: Vec<u8>,
    /// For the ML-DSA-87 key.
    pub ml_dsa: Vec<u8>,
}

impl HybridToBeSigned {
    /// The Sig_structures over a payload (RFC 9052 section 4.4).
    pub fn new(content: ContentType, payload: &[u8]) -> Self {
        let structure = |algorithm| {
            let mut w = Writer::new();
            w.array(5).text("Signature");
            w.bytes(&content.protected_body());
            w.bytes(&protected_signer(algorithm));
            w.bytes(b"").bytes(payload);
            w.into_bytes()
        };
        Self {
            ed25519: structure(EDDSA),
            ml_dsa: structure(ML_DSA_87),
        }
    }
}

/// A COSE_Sign1, tagged; the signature has not been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign1 {
    /// What was signed.
    pub content: ContentType,
    /// Its canonical bytes.
    pub payload: Vec<u8>,
    /// By a node.
    pub signature: Signature,
}

impl Canonical for Sign1 {
    fn write(&self, w: &mut Writer) {
        w.tag(TAG_SIGN1).array(4);
        w.bytes(&self.content.protected_sign1()).map(0);
        w.bytes(&self.payload).bytes(&self.signature.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.tag("COSE_Sign1", TAG_SIGN1)?;
        r.array_of("COSE_Sign1", 4)?;
        let protected = r.bytes("COSE protected header", 128)?;
        let content = ContentType::find(protected, ContentType::protected_sign1)?;
        r.map("COSE unprotected header", 0)?;
        Ok(Self {
            content,
            payload: r.bytes("payload", limits::FILE)?.to_vec(),
            signature: Signature(r.fixed("signature")?),
        })
    }
}

/// A COSE_Sign by both keys of a root, tagged; the signatures have not been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HybridSign {
    /// What was signed.
    pub content: ContentType,
    /// Its canonical bytes.
    pub payload: Vec<u8>,
    /// By a root.
    pub signature: HybridSignature,
}

impl Canonical for HybridSign {
    fn write(&self, w: &mut Writer) {
        w.tag(TAG_SIGN).array(4);
        w.bytes(&self.content.protected_body()).map(0);
        w.bytes(&self.payload).array(2);
        w.array(3).bytes(&protected_signer(EDDSA)).map(0);
        w.bytes(&self.signature.ed25519.0);
        w.array(3).bytes(&protected_signer(ML_DSA_87)).map(0);
        w.bytes(&self.signature.ml_dsa);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.tag("COSE_Sign", TAG_SIGN)?;
        r.array_of("COSE_Sign", 4)?;
        let protected = r.bytes("COSE protected header", 128)?;
        let content = ContentType::find(protected, ContentType::protected_body)?;
        r.map("COSE unprotected header", 0)?;
        let payload = r.bytes("payload", limits::FILE)?.to_vec();
        r.array_of("COSE signatures", 2)?;
        let ed25519 = read_signer(r, EDDSA, 64)?;
        let ml_dsa = read_signer(r, ML_DSA_87, ML_DSA_87_SIGNATURE)?.to_vec();
        let ed25519 = ed25519.try_into().map_err(|_| invalid("signature"))?;
        Ok(Self {
            content,
            payload,
            signature: HybridSignature {
                ed25519: Signature(ed25519),
                ml_dsa,
            },
        })
    }
}

fn read_signer<'b>(
    r: &mut Reader<'b>,
    algorithm: i64,
    length: usize,
) -> Result<&'b [u8], DecodeError> {
    r.array_of("COSE_Signature", 3)?;
    if r.bytes("COSE signer header", 16)? != protected_signer(algorithm) {
        return Err(invalid("COSE signer header"));
    }
    r.map("COSE unprotected header", 0)?;
    match r.bytes("signature", length)? {
        whole if whole.len() == length => Ok(whole),
        _ => Err(invalid("signature")),
    }
}
