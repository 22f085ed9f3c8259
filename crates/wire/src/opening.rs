//! The opening of a line: two files that people carry, an *offer* and the *answer* to it.
//!
//! Each holds the charter and its sender's signature under it, the sender's card, and the tape for what the sender
//! will receive. Once both files have been carried and both sides have compared the safety number, the
//! line is open; nothing else opens one.
//!
//! The charter is signed by nodes, not by roots: a root stays offline, and the card beside the signature
//! shows that the root certified the node. Both files hold a secret, the tape: whoever carries one carries a
//! key.

mod consent;
mod error;
mod file;
mod founding;

use crate::card::Card;
use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::cose::ContentType;
use crate::fact::NumberCompared;
use crate::ids::Digest;
use crate::limits;

pub use consent::{Consent, Signatory};
pub use error::OpeningError;
pub use file::{LineBody, LineFile, UnverifiedLineFile, content_of};
pub use founding::Founding;

/// The version of both files' form.
pub const VERSION: u64 = 1;

/// "Let us open a line."
pub type Offer = LineFile<OfferBody>;

/// An offer whose signatures have not been checked.
pub type UnverifiedOffer = UnverifiedLineFile<OfferBody>;

/// "We have compared the safety number: the line is open."
pub type Answer = LineFile<AnswerBody>;

/// An answer whose signatures have not been checked.
pub type UnverifiedAnswer = UnverifiedLineFile<AnswerBody>;

/// What the opener's node signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferBody {
    /// The opener's part.
    pub consent: Consent,
}

/// What the accepting party's node signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerBody {
    /// The accepting party's part.
    pub consent: Consent,
    /// The offer that it answers: its [`LineFile::id`].
    pub offer: Digest,
    /// The cards whose safety number was compared, and the charter.
    pub compared: NumberCompared,
    /// An MLS KeyPackage (RFC 9420 section 10) for this line alone, from which the opener creates the group.
    pub key_package: Vec<u8>,
}

impl Offer {
    /// Whether the offer is for the party of this card, which is about to accept it.
    pub fn check_addressee(&self, own: &Card) -> Result<(), OpeningError> {
        let signatory = self.signatory();
        if signatory.card.party() == own.party() {
            return Err(OpeningError::FromOurselves);
        }
        if signatory.to != own.party() {
            return Err(OpeningError::ForAnother { to: signatory.to });
        }
        signatory.founding.check_names(own)
    }
}

impl Answer {
    /// Whether the answer agrees to this very offer, which is our own.
    pub fn check_answers(&self, offer: &Offer) -> Result<(), OpeningError> {
        let (theirs, ours) = (self.signatory(), offer.signatory());
        if theirs.card.party() == ours.card.party() {
            return Err(OpeningError::FromOurselves);
        }
        if theirs.to != ours.card.party() || ours.to != theirs.card.party() {
            return Err(OpeningError::ForAnother { to: theirs.to });
        }
        if self.body().offer != offer.id() {
            return Err(OpeningError::OtherOffer);
        }
        if theirs.founding != ours.founding {
            return Err(OpeningError::CharterAltered);
        }
        let expected = NumberCompared {
            own_card: theirs.card.digest(),
            other_card: ours.card.digest(),
            charter: ours.founding.charter.digest(),
        };
        if self.body().compared != expected {
            return Err(OpeningError::OtherCards);
        }
        Ok(())
    }
}

impl LineBody for OfferBody {
    const CONTENT: ContentType = ContentType::Offer;

    fn consent(&self) -> &Consent {
        &self.consent
    }
}

impl LineBody for AnswerBody {
    const CONTENT: ContentType = ContentType::Answer;

    fn consent(&self) -> &Consent {
        &self.consent
    }
}

impl Canonical for OfferBody {
    fn write(&self, w: &mut Writer) {
        w.array(2).uint(VERSION).item(&self.consent);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("offer", 2)?;
        read_version(r)?;
        let consent = r.item()?;
        Ok(Self { consent })
    }
}

impl Canonical for AnswerBody {
    fn write(&self, w: &mut Writer) {
        w.array(5).uint(VERSION).item(&self.consent);
        w.item(&self.offer).item(&self.compared);
        w.bytes(&self.key_package);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("answer", 5)?;
        read_version(r)?;
        Ok(Self {
            consent: r.item()?,
            offer: r.item()?,
            compared: r.item()?,
            key_package: r.bytes("key package", limits::KEY_MESSAGE)?.to_vec(),
        })
    }
}

fn read_version(r: &mut Reader<'_>) -> Result<(), DecodeError> {
    match r.uint("version")? {
        VERSION => Ok(()),
        _ => Err(invalid("version")),
    }
}

#[cfg(test)]
mod tests;
