//! An entry: a header, its author's signature, and a salted body that may be absent.
//!
//! The signature is a COSE_Sign1 (RFC 9052 section 4.2) with EdDSA over the header, so that other
//! people's tools can check it. An entry that came from outside is a [`SignedEntry`]; only
//! [`SignedEntry::verify`] turns it into an [`Entry`].

use sha2::{Digest as _, Sha256};
use thiserror::Error;
use zeroize::Zeroize;

use crate::cbor::{Canonical, DecodeError, Reader, Writer};
use crate::fact::Fact;
use crate::header::{self, Header};
use crate::ids::{Digest, EntryId};
use crate::key::{NodeKey, Signature};
use crate::limits;

/// The COSE protected header of every entry: alg (1) = EdDSA (-8), content type (3).
const PROTECTED: &[u8] = b"\xA2\x01\x27\x03\x78\x1Fapplication/openline-entry+cbor";

/// A body and the salt of its commitment, erased together.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// 16 random bytes, so that a commitment does not give a short body away.
    pub salt: [u8; 16],
    /// The content, by kind; for a message the canonical form of [`crate::text::Text`].
    pub content: Vec<u8>,
}

impl Body {
    /// HMAC-SHA-256 (RFC 2104) of the content under the salt.
    pub fn commitment(&self) -> Digest {
        use hmac::{KeyInit as _, Mac as _};
        let mut mac = hmac::Hmac::<Sha256>::new_from_slice(&self.salt)
            .expect("HMAC takes a key of any length");
        mac.update(&self.content);
        Digest(mac.finalize().into_bytes().into())
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.content.zeroize();
        self.salt.zeroize();
    }
}

impl core::fmt::Debug for Body {
    /// Content never goes into a log.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Body({} bytes)", self.content.len())
    }
}

/// Why an entry was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EntryError {
    /// The bytes are no entry.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The signature is not this node's over this header.
    #[error("the signature does not verify")]
    Signature,
    /// The key is not the one that the header names.
    #[error("signed by another node than the header names")]
    WrongNode,
    /// The body is not the one that the header commits to.
    #[error("the body is not the one that was signed")]
    Body,
}

/// An entry whose signature has not been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedEntry {
    header: Header,
    header_bytes: Vec<u8>,
    signature: Signature,
    body: Option<Body>,
}

impl SignedEntry {
    /// Takes an entry apart that came from outside: canonical header, a body that matches its
    /// commitment, a fact that belongs to the kind.
    pub fn new(
        header_bytes: Vec<u8>,
        signature: Signature,
        body: Option<Body>,
    ) -> Result<Self, EntryError> {
        let header = header::parse(&header_bytes)?;
        Fact::of(&header)?;
        let entry = Self {
            header,
            header_bytes,
            signature,
            body,
        };
        entry.check_body()?;
        Ok(entry)
    }

    fn check_body(&self) -> Result<(), EntryError> {
        match (&self.body, &self.header.commitment) {
            (None, _) => Ok(()),
            (Some(body), Some(commitment)) if body.commitment() == *commitment => Ok(()),
            (Some(_), _) => Err(EntryError::Body),
        }
    }

    /// What it says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The canonical bytes of the header.
    pub fn header_bytes(&self) -> &[u8] {
        &self.header_bytes
    }

    /// Checks the signature; the only door from outside to an [`Entry`].
    pub fn verify(self, key: &NodeKey) -> Result<Entry, EntryError> {
        if key.id() != self.header.author.node {
            return Err(EntryError::WrongNode);
        }
        if !key.verify(&to_be_signed(&self.header_bytes), &self.signature) {
            return Err(EntryError::Signature);
        }
        Ok(Entry::from_parts(self))
    }

    /// Takes an entry for verified that our own store returned, where it was verified before it was
    /// written and its id was recomputed when it was read.
    pub fn trust_own_store(self) -> Entry {
        Entry::from_parts(self)
    }
}

/// An entry whose signature was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    id: EntryId,
    signed: SignedEntry,
}

impl Entry {
    fn from_parts(signed: SignedEntry) -> Self {
        Self {
            id: id_of(&signed.header_bytes),
            signed,
        }
    }

    /// Its name: the RFC 6962 leaf hash of its header.
    pub fn id(&self) -> EntryId {
        self.id
    }

    /// What was signed.
    pub fn header(&self) -> &Header {
        &self.signed.header
    }

    /// The canonical bytes of the header.
    pub fn header_bytes(&self) -> &[u8] {
        &self.signed.header_bytes
    }

    /// The author's signature.
    pub fn signature(&self) -> &Signature {
        &self.signed.signature
    }

    /// The body, unless it was withheld or erased.
    pub fn body(&self) -> Option<&Body> {
        self.signed.body.as_ref()
    }

    /// The fact. It was read once when the entry came in, so it can be read again.
    pub fn fact(&self) -> Fact {
        Fact::of(self.header()).unwrap_or(Fact::Unknown)
    }

    /// The COSE_Sign1 structure (RFC 9052 section 4.2, untagged), for others' tools.
    pub fn to_cose(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.array(4).bytes(PROTECTED).map(0);
        w.bytes(self.header_bytes()).bytes(&self.signature().0);
        w.into_bytes()
    }
}

/// The bytes that are signed: the Sig_structure of RFC 9052 section 4.4, without external data.
pub fn to_be_signed(header_bytes: &[u8]) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(4).text("Signature1").bytes(PROTECTED);
    w.bytes(b"").bytes(header_bytes);
    w.into_bytes()
}

/// The RFC 6962 leaf hash (section 2.1).
pub fn id_of(header_bytes: &[u8]) -> EntryId {
    let hash = Sha256::new().chain_update([0u8]).chain_update(header_bytes);
    EntryId(hash.finalize().into())
}

/// The form in which an entry stands in files: header, signature, salt and body.
impl Canonical for SignedEntry {
    fn write(&self, w: &mut Writer) {
        w.array(4)
            .bytes(&self.header_bytes)
            .bytes(&self.signature.0);
        w.optional_bytes(self.body.as_ref().map(|b| &b.salt[..]));
        w.optional_bytes(self.body.as_ref().map(|b| &b.content[..]));
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("entry", 4)?;
        let header_bytes = r.bytes("header", limits::HEADER)?.to_vec();
        let signature = Signature(r.fixed("signature")?);
        let salt = r.optional(|r| r.fixed("salt"))?;
        let content = r.optional(|r| r.bytes("body", limits::BODY).map(<[u8]>::to_vec))?;
        let body = match (salt, content) {
            (Some(salt), Some(content)) => Some(Body { salt, content }),
            (None, None) => None,
            _ => {
                return Err(crate::cbor::invalid(
                    "body without salt, or salt without body",
                ));
            }
        };
        Self::new(header_bytes, signature, body).map_err(|error| match error {
            EntryError::Decode(error) => error,
            _ => crate::cbor::invalid("body: not the one that was signed"),
        })
    }
}

impl Entry {
    /// The form in which it stands in files.
    pub fn as_signed(&self) -> &SignedEntry {
        &self.signed
    }
}
