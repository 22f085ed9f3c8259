//! Our side of a ceremony: the card that certifies our node, the key that signs, and what both files have
//! in common.

use openline_wire::address::Address;
use openline_wire::card::{Card, UnverifiedCard};
use openline_wire::cbor::Canonical;
use openline_wire::cose::ContentType;
use openline_wire::header::Actor;
use openline_wire::ids::PartyId;
use openline_wire::limits;
use openline_wire::names;
use openline_wire::opening::{
    Consent, Founding, LineBody, LineFile, OpeningError, UnverifiedLineFile, content_of,
};
use openline_wire::safety::SafetyNumber;
use openline_wire::tape::CarriedTape;

use super::CeremonyError;
use super::folder::ComparedBy;
use crate::home::{Home, HomeError, NodeSigner, random};
use crate::i18n::reason;

/// Who we are on a line.
pub(super) struct Own {
    pub card: Card,
    pub node: NodeSigner,
}

/// What we consent to, and towards whom.
pub(super) struct Part<'a> {
    pub founding: Founding,
    pub to: PartyId,
    pub tape: &'a CarriedTape,
    pub reachable_at: Vec<Address>,
    /// UTC in milliseconds.
    pub now: u64,
}

impl Own {
    /// Loads our card and node key; refused if our own card says that the node may not open lines.
    pub fn load(home: &Home, now: u64) -> Result<Self, CeremonyError> {
        let (card, node) = (home.card()?, home.node()?);
        card.node_at(node.id(), now)
            .map_err(CeremonyError::OwnNode)?;
        Ok(Self { card, node })
    }

    /// Our part in an opening.
    pub fn consent(&self, part: Part<'_>) -> Consent {
        Consent {
            founding_signature: self.node.sign_entry(&part.founding.to_be_signed()),
            founding: part.founding,
            card: self.card.bytes().to_vec(),
            node: self.node.id(),
            to: part.to,
            tape: Some(part.tape.commitment()),
            reachable_at: part.reachable_at,
            time: part.now,
        }
    }

    /// A line file, signed, and checked as the other side will check it.
    pub fn sign<B: LineBody>(
        &self,
        body: B,
        tape: CarriedTape,
        now: u64,
    ) -> Result<LineFile<B>, CeremonyError> {
        let signature = self.node.sign_entry(&body.to_be_signed());
        let file = UnverifiedLineFile::new(body, signature, Some(tape)).verify(now)?;
        Ok(UnverifiedLineFile::from_bytes(&file.to_file())?.verify(now)?)
    }
}

/// A tape for what we shall receive.
pub(super) fn new_tape() -> Result<CarriedTape, HomeError> {
    let bytes = zeroize::Zeroizing::new(random::<{ limits::TAPE_MAX }>()?);
    Ok(CarriedTape::new(bytes.as_slice()).expect("as long as a tape may be"))
}

/// Refuses a file that is whole but not what this step takes, before anything worse is said of it.
pub(super) fn expect_kind(bytes: &[u8], expected: ContentType) -> Result<(), OpeningError> {
    match content_of(bytes) {
        Some(got) if got != expected => Err(OpeningError::WrongKind { expected, got }),
        _ => Ok(()),
    }
}

/// Refuses a card whose party could not be named on a command line: its line goes by its name.
pub(super) fn check_names(card: &Card) -> Result<(), CeremonyError> {
    let mut names = card.names().iter();
    match names.find(|(_, name)| names::is_like_an_id(name)) {
        Some((_, name)) => Err(CeremonyError::NameLikeAnId {
            name: name.to_owned(),
        }),
        None => Ok(()),
    }
}

/// Refuses a card that is older than one of the same party that some line of ours holds.
pub(super) fn check_newest(home: &Home, card: &Card) -> Result<(), CeremonyError> {
    for folder in home.line_folders()? {
        let Some(bytes) = folder.read("peer.card")? else {
            continue;
        };
        let path = folder.path().join("peer.card");
        let known = UnverifiedCard::from_bytes(&bytes).and_then(UnverifiedCard::verify);
        let known = known.map_err(|error| HomeError::damaged(&path, reason::of_card(&error)))?;
        let contradicts =
            known.body().serial == card.body().serial && known.digest() != card.digest();
        let is_older = card.body().serial < known.body().serial || contradicts;
        if known.party() == card.party() && is_older {
            return Err(CeremonyError::OlderCard {
                party: card.party(),
                known: known.body().serial,
                got: card.body().serial,
            });
        }
    }
    Ok(())
}

/// The one gate: the number that a person compared must be the number of the two cards.
pub(super) fn check_number(expected: SafetyNumber, got: SafetyNumber) -> Result<(), CeremonyError> {
    if expected != got {
        return Err(CeremonyError::NumberDiffers { expected, got });
    }
    Ok(())
}

/// The file `compared` of a line's folder.
pub(super) fn compared_file(actor: Actor, time: u64) -> Vec<u8> {
    ComparedBy { actor, time }.to_bytes()
}
