//! A party's consent to a charter: what offer and answer have in common.

use crate::address::Address;
use crate::card::{Card, CardError, NodeCertificate, UnverifiedCard};
use crate::cbor::{Canonical, DecodeError, Reader, Writer};
use crate::ids::{Digest, NodeId, PartyId};
use crate::key::Signature;
use crate::limits;
use crate::opening::{Founding, OpeningError};

/// One party's part in an opening, as it stands in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The charter and the nonce of the line.
    pub founding: Founding,
    /// The sender's node's signature over [`Founding::to_be_signed`].
    pub founding_signature: Signature,
    /// The sender's card file.
    pub card: Vec<u8>,
    /// The sender's node on this line, which also signs the file.
    pub node: NodeId,
    /// The party that the file is for.
    pub to: PartyId,
    /// The commitment to the tape beside the signed part: for what the sender receives.
    pub tape: Option<Digest>,
    /// Where the sender's station may be reached.
    pub reachable_at: Vec<Address>,
    /// When it was made, UTC in milliseconds by the sender's clock. For people; nothing is refused for it.
    pub time: u64,
}

/// One party's part in an opening, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signatory {
    /// Who.
    pub card: Card,
    /// Its node on this line.
    pub node: NodeCertificate,
    /// The charter and the nonce of the line.
    pub founding: Founding,
    /// The party that the file is for.
    pub to: PartyId,
    /// Where its station may be reached.
    pub reachable_at: Vec<Address>,
    /// When the file was made, UTC in milliseconds by its clock.
    pub time: u64,
}

impl Consent {
    /// The sender's card and certificate: the root's signature, and that the node may open a line at
    /// `at` (UTC, milliseconds).
    pub(super) fn sender(&self, at: u64) -> Result<(Card, NodeCertificate), CardError> {
        let card = UnverifiedCard::from_bytes(&self.card)?.verify()?;
        let node = card.node_at(self.node, at)?.clone();
        Ok((card, node))
    }

    /// Checks what the sender consents to, once the file's own signature has been checked.
    pub(super) fn check(
        &self,
        card: Card,
        node: NodeCertificate,
    ) -> Result<Signatory, OpeningError> {
        let founding = &self.founding;
        founding.check_parties(card.party(), self.to)?;
        founding.check_names(&card)?;
        founding.charter.check()?;
        if !node
            .key
            .verify(&founding.to_be_signed(), &self.founding_signature)
        {
            return Err(OpeningError::CharterSignature);
        }
        if founding.charter.tape_required && self.tape.is_none() {
            return Err(OpeningError::TapeMissing);
        }
        Ok(Signatory {
            card,
            node,
            founding: founding.clone(),
            to: self.to,
            reachable_at: self.reachable_at.clone(),
            time: self.time,
        })
    }
}

impl Canonical for Consent {
    fn write(&self, w: &mut Writer) {
        w.array(8).item(&self.founding);
        w.bytes(&self.founding_signature.0).bytes(&self.card);
        w.item(&self.node).item(&self.to);
        w.optional_bytes(self.tape.as_ref().map(Digest::as_bytes));
        w.items(&self.reachable_at).uint(self.time);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("consent", 8)?;
        Ok(Self {
            founding: r.item()?,
            founding_signature: Signature(r.fixed("signature")?),
            card: r.bytes("card", limits::CARD)?.to_vec(),
            node: r.item()?,
            to: r.item()?,
            tape: r.optional(Reader::item)?,
            reachable_at: r.items("addresses", limits::ADDRESSES)?,
            time: r.uint_up_to("time", limits::LATEST_TIME_MS)?,
        })
    }
}
