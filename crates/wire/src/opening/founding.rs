//! What the parties of a line sign when they found it; its hash is the line's name.

use sha2::{Digest as _, Sha256};

use crate::card::Card;
use crate::cbor::{Canonical, DecodeError, Reader, Writer};
use crate::charter::Charter;
use crate::cose::{self, ContentType};
use crate::ids::{LineId, PartyId};
use crate::opening::OpeningError;

/// A charter and the random number that makes this line another one than any with the same rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    /// The rules.
    pub charter: Charter,
    /// Drawn by the opener.
    pub nonce: [u8; 32],
}

impl Founding {
    /// The line: SHA-256 of the canonical form.
    pub fn line(&self) -> LineId {
        LineId(Sha256::digest(self.to_bytes()).into())
    }

    /// What a node of each party signs.
    pub fn to_be_signed(&self) -> Vec<u8> {
        cose::to_be_signed(ContentType::Founding, &self.to_bytes())
    }

    /// Whether the line is between these two parties and no others.
    pub(super) fn check_parties(&self, one: PartyId, other: PartyId) -> Result<(), OpeningError> {
        let mut named = self.charter.parties.iter().map(|party| party.id);
        let expected = [one.min(other), one.max(other)];
        if one == other || !named.by_ref().eq(expected) {
            return Err(OpeningError::OtherParties);
        }
        Ok(())
    }

    /// Whether the charter calls a party what its card calls it, so that nobody signs under a name
    /// that another gave him.
    pub(super) fn check_names(&self, card: &Card) -> Result<(), OpeningError> {
        let party = card.party();
        let same = self.charter.party(party).is_some_and(|named| {
            named.names == *card.names() && named.languages == card.body().languages
        });
        same.then_some(()).ok_or(OpeningError::OtherNames { party })
    }
}

impl Canonical for Founding {
    fn write(&self, w: &mut Writer) {
        w.array(2).item(&self.charter).bytes(&self.nonce);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("founding", 2)?;
        Ok(Self {
            charter: r.item()?,
            nonce: r.fixed("nonce")?,
        })
    }
}
