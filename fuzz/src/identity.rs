//! What people carry between stations: cards, charters, line files, tapes.

use openline_seal::Tape;
use openline_wire::card::{CardBody, CardError, UnverifiedCard};
use openline_wire::cbor::Canonical;
use openline_wire::charter::Charter;
use openline_wire::codes::{Mark, Mode, Precedence};
use openline_wire::cose::{ContentType, HybridSign, Sign1};
use openline_wire::limits;
use openline_wire::opening::{
    AnswerBody, Consent, Founding, LineBody, OfferBody, OpeningError, UnverifiedLineFile,
    content_of,
};
use openline_wire::tape::CarriedTape;

use super::{is_read_in_one_form, reads};

/// When the files are looked at: 2022-05-13 09:00 UTC, as in `vectors/identity`.
const NOW: u64 = 1_652_432_400_000;

/// A card is read in one form only; one that its root signed gives back the very bytes.
pub fn card(data: &[u8]) {
    is_read_in_one_form::<HybridSign>(data);
    is_read_in_one_form::<CardBody>(data);
    let Ok(unverified) = UnverifiedCard::from_bytes(data) else {
        return;
    };
    let signed = reads::<HybridSign>(data);
    let body = reads::<CardBody>(&signed.payload);
    assert_eq!(content_of(data), Some(ContentType::Card));
    match unverified.verify() {
        Ok(card) => {
            assert_eq!(card.bytes(), data);
            assert_eq!(card.body(), &body);
            for revoked in &body.revocations {
                let refused = card.node_at(revoked.node, NOW);
                assert!(matches!(refused, Err(CardError::NodeRevoked { .. })));
            }
        }
        Err(error) => assert!(matches!(error, CardError::Signature(_)), "{error}"),
    }
}

/// A charter is read in one form only, and asking what it allows never panics.
pub fn charter(data: &[u8]) {
    is_read_in_one_form::<Charter>(data);
    let Ok(charter) = Charter::from_bytes(data) else {
        return;
    };
    let fits = charter.check().is_ok();
    let _ = charter.digest();
    for precedence in Precedence::ALL {
        let _ = charter.allows_text("cease fire", *precedence);
    }
    if fits {
        assert_eq!(charter.allows(Mode::Text, Mark::Real), Ok(()));
        let parties = charter.parties.iter();
        assert!(
            parties
                .map(|party| charter.offices_of(party.id).count())
                .all(|offices| offices > 0)
        );
    }
}

/// An offer or an answer is read in one form only, is never both, and gives back the very bytes once verified.
pub fn line_file(data: &[u8]) {
    let offer = whole_file::<OfferBody>(data);
    let answer = whole_file::<AnswerBody>(data);
    assert!(!(offer && answer));
    if offer || answer {
        let said = if offer {
            ContentType::Offer
        } else {
            ContentType::Answer
        };
        assert_eq!(content_of(data), Some(said));
    }
}

fn whole_file<B: LineBody>(data: &[u8]) -> bool {
    let Ok(file) = UnverifiedLineFile::<B>::from_bytes(data) else {
        return false;
    };
    let id = file.id();
    if let Ok(file) = file.verify(NOW) {
        assert_eq!(*file.to_file(), data);
        assert_eq!(file.id(), id);
        record::<B>(file.record());
    }
    true
}

/// The signed part without its tape is the same file.
fn record<B: LineBody>(record: &[u8]) {
    let again =
        UnverifiedLineFile::<B>::from_record(record, None).and_then(|file| file.verify(NOW));
    assert_eq!(again.expect("it was verified").record(), record);
}

/// What is inside a line file is read in one form only.
pub fn opening(data: &[u8]) {
    is_read_in_one_form::<Sign1>(data);
    is_read_in_one_form::<Founding>(data);
    is_read_in_one_form::<Consent>(data);
    is_read_in_one_form::<OfferBody>(data);
    is_read_in_one_form::<AnswerBody>(data);
    for content in [part::<OfferBody>(data), part::<AnswerBody>(data)] {
        if let Err(OpeningError::WrongKind { expected, got }) = content {
            assert_ne!(expected, got);
        }
    }
}

fn part<B: LineBody>(data: &[u8]) -> Result<(), OpeningError> {
    let file = UnverifiedLineFile::<B>::from_record(data, None)?;
    let _ = file.claimed_time();
    file.verify(NOW).map(drop)
}

/// A tape has 32 to 64 bytes; everything that takes one agrees on the least.
pub fn tape(data: &[u8]) {
    let carried = CarriedTape::new(data);
    let fits = (limits::TAPE_MIN..=limits::TAPE_MAX).contains(&data.len());
    assert_eq!(carried.is_some(), fits);
    if let Some(carried) = carried {
        assert_eq!(*carried.to_secret(), data);
        let tape = Tape::carried(data).expect("long enough");
        let stored = Tape::stored(tape.index(), tape.as_bytes()).expect("32 bytes");
        assert_eq!(stored.successor().as_bytes(), tape.successor().as_bytes());
    }
    assert_eq!(Tape::stored(0, data).is_some(), data.len() == 32);
}
