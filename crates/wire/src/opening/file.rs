//! The form of both line files: a COSE_Sign1 by a node, and the tape beside it.
//!
//! The tape stands outside the signed part, which commits to its hash: when the tape has been used and
//! erased, what was signed can still be shown.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::card::UnverifiedCard;
use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid, within};
use crate::cose::{self, ContentType, Sign1};
use crate::ids::Digest;
use crate::key::Signature;
use crate::limits;
use crate::opening::{Consent, OpeningError, Signatory};
use crate::tape::CarriedTape;

/// What is signed in a line file.
pub trait LineBody: Canonical {
    /// Which of the files.
    const CONTENT: ContentType;

    /// The sender's part.
    fn consent(&self) -> &Consent;

    /// What the sender's node signs.
    fn to_be_signed(&self) -> Vec<u8> {
        cose::to_be_signed(Self::CONTENT, &self.to_bytes())
    }
}

/// A line file whose signatures have not been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnverifiedLineFile<B> {
    body: B,
    signed: Sign1,
    tape: Option<CarriedTape>,
}

impl<B: LineBody> UnverifiedLineFile<B> {
    /// When the file says that it was made, UTC in milliseconds; nobody has vouched for it yet.
    pub fn claimed_time(&self) -> u64 {
        self.body.consent().time
    }

    /// The name that the file would have; see [`LineFile::id`].
    pub fn id(&self) -> Digest {
        Digest(Sha256::digest(self.signed.to_bytes()).into())
    }

    /// A file that we make.
    pub fn new(body: B, signature: Signature, tape: Option<CarriedTape>) -> Self {
        let signed = Sign1 {
            content: B::CONTENT,
            payload: body.to_bytes(),
            signature,
        };
        Self { body, signed, tape }
    }

    /// Takes a file apart that was carried here: size first, then the one canonical form, then whether the
    /// tape is the one that it commits to.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, OpeningError> {
        let (record, tape) = split(bytes)?;
        let file = Self::from_record(record, tape)?;
        if file.tape.is_none() && file.body.consent().tape.is_some() {
            return Err(OpeningError::TapeMissing);
        }
        Ok(file)
    }

    /// Takes the signed part, as [`LineFile::record`] gave it, and the tape if it is still there.
    pub fn from_record(record: &[u8], tape: Option<CarriedTape>) -> Result<Self, OpeningError> {
        let signed = Sign1::from_bytes(record)?;
        if signed.content != B::CONTENT {
            return Err(OpeningError::WrongKind {
                expected: B::CONTENT,
                got: signed.content,
            });
        }
        let body = B::from_bytes(&signed.payload)?;
        let commitment = tape.as_ref().map(CarriedTape::commitment);
        if commitment.is_some() && commitment != body.consent().tape {
            return Err(OpeningError::TapeDamaged);
        }
        Ok(Self { body, signed, tape })
    }

    /// Checks the card, the node, the file's signature and what it consents to, for an opening at `at` (UTC,
    /// milliseconds); the only door to a [`LineFile`].
    pub fn verify(self, at: u64) -> Result<LineFile<B>, OpeningError> {
        let (card, node) = self.body.consent().sender(at)?;
        let message = self.body.to_be_signed();
        if !node.key.verify(&message, &self.signed.signature) {
            return Err(OpeningError::Signature);
        }
        let record = self.signed.to_bytes();
        Ok(LineFile {
            signatory: self.body.consent().check(card, node)?,
            body: self.body,
            id: Digest(Sha256::digest(&record).into()),
            record,
            tape: self.tape,
        })
    }
}

/// A line file that was checked. Whether it is for us and fits what we hold, the caller asks next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFile<B> {
    body: B,
    signatory: Signatory,
    id: Digest,
    record: Vec<u8>,
    tape: Option<CarriedTape>,
}

impl<B> LineFile<B> {
    /// What was signed.
    pub fn body(&self) -> &B {
        &self.body
    }

    /// The sender's part, checked.
    pub fn signatory(&self) -> &Signatory {
        &self.signatory
    }

    /// SHA-256 of the signed part: names this very file.
    pub fn id(&self) -> Digest {
        self.id
    }

    /// The signed part, to be kept; holds no secret.
    pub fn record(&self) -> &[u8] {
        &self.record
    }

    /// The tape, unless it was erased: for what the sender receives.
    pub fn tape(&self) -> Option<&CarriedTape> {
        self.tape.as_ref()
    }

    /// The file to be carried. Secret: it holds the tape.
    pub fn to_file(&self) -> Zeroizing<Vec<u8>> {
        join(&self.record, self.tape.as_ref())
    }
}

/// A line file of its two parts. The tape comes last, so that no growing vector leaves a copy behind.
fn join(record: &[u8], tape: Option<&CarriedTape>) -> Zeroizing<Vec<u8>> {
    let tape = tape.map(CarriedTape::to_secret);
    let mut w = Writer::new();
    w.array(2).bytes(record);
    w.optional_bytes(tape.as_ref().map(|tape| tape.as_slice()));
    Zeroizing::new(w.into_bytes())
}

/// The signed part and the tape of a line file.
fn split(bytes: &[u8]) -> Result<(&[u8], Option<CarriedTape>), OpeningError> {
    within("line file", bytes.len() as u64, limits::FILE as u64)?;
    let mut r = Reader::new(bytes);
    r.array_of("line file", 2)?;
    let record = r.bytes("signed part", limits::FILE)?;
    let tape = r.optional(|r| {
        let tape = CarriedTape::new(r.bytes("tape", limits::TAPE_MAX)?);
        tape.ok_or(invalid("tape: too short"))
    })?;
    if !r.at_end() || *join(record, tape.as_ref()) != bytes {
        return Err(DecodeError::NotCanonical.into());
    }
    Ok((record, tape))
}

/// What a card or line file says it is, before anything about it is believed.
pub fn content_of(bytes: &[u8]) -> Option<ContentType> {
    if UnverifiedCard::from_bytes(bytes).is_ok() {
        return Some(ContentType::Card);
    }
    let (record, _) = split(bytes).ok()?;
    Sign1::from_bytes(record).ok().map(|signed| signed.content)
}
