//! Looking at a card or line file without taking any step.

use openline_wire::card::{Card, UnverifiedCard};
use openline_wire::cose::ContentType;
use openline_wire::ids::PartyId;
use openline_wire::opening::{
    Founding, LineBody, UnverifiedAnswer, UnverifiedLineFile, UnverifiedOffer, content_of,
};
use openline_wire::safety::SafetyNumber;

use super::CeremonyError;

/// What a file is, checked.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// Card, offer or answer.
    pub content: ContentType,
    /// The card, or the card of the line file's sender.
    pub card: Card,
    /// In a line file: charter and nonce; its hash is the line.
    pub founding: Option<Founding>,
    /// In a line file: whom it is for.
    pub to: Option<PartyId>,
}

impl Inspected {
    /// The safety number of the file's party and another one: ours.
    pub fn safety_number_with(&self, own: PartyId) -> Option<SafetyNumber> {
        let other = self.card.party();
        (other != own).then(|| SafetyNumber::of(own, other))
    }
}

/// Reads any of the files and checks its signatures, for an opening at `now` (UTC, milliseconds).
pub fn inspect(bytes: &[u8], now: u64) -> Result<Inspected, CeremonyError> {
    match content_of(bytes) {
        Some(ContentType::Offer) => line_file(UnverifiedOffer::from_bytes(bytes)?, now),
        Some(ContentType::Answer) => line_file(UnverifiedAnswer::from_bytes(bytes)?, now),
        _ => Ok(Inspected {
            content: ContentType::Card,
            card: UnverifiedCard::from_bytes(bytes)?.verify()?,
            founding: None,
            to: None,
        }),
    }
}

fn line_file<B: LineBody>(
    file: UnverifiedLineFile<B>,
    now: u64,
) -> Result<Inspected, CeremonyError> {
    let signatory = file.verify(now)?.signatory().clone();
    Ok(Inspected {
        content: B::CONTENT,
        card: signatory.card,
        founding: Some(signatory.founding),
        to: Some(signatory.to),
    })
}
