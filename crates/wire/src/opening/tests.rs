//! What happens to line files on the way, and what a hostile party makes of them.

use super::*;
use crate::card::{CardError, Revocation};
use crate::charter::{Charter, CharterError};
use crate::ids::PartyId;
use crate::tape::CarriedTape;
use crate::testing::{MOSCOW, NOW, Party, WASHINGTON, charter};

/// What a test changes before the parties sign.
struct Draft {
    card: Card,
    charter: Charter,
    to: PartyId,
    tape: Option<CarriedTape>,
}

fn tape(byte: u8) -> Option<CarriedTape> {
    CarriedTape::new(&[byte; 64])
}

fn draft(from: &Party, to: &Party) -> Draft {
    Draft {
        card: from.card(),
        charter: charter(),
        to: to.card().party(),
        tape: tape(7),
    }
}

fn consent(from: &Party, draft: &Draft) -> Consent {
    let founding = Founding {
        charter: draft.charter.clone(),
        nonce: [3; 32],
    };
    Consent {
        founding_signature: from.sign_node(ContentType::Founding, &founding.to_bytes()),
        founding,
        card: draft.card.bytes().to_vec(),
        node: from.node_key().id(),
        to: draft.to,
        tape: draft.tape.as_ref().map(CarriedTape::commitment),
        reachable_at: draft.card.body().addresses.clone(),
        time: NOW,
    }
}

fn sign<B: LineBody>(by: &Party, body: B, tape: Option<CarriedTape>) -> UnverifiedLineFile<B> {
    let signature = by.sign_node(B::CONTENT, &body.to_bytes());
    UnverifiedLineFile::new(body, signature, tape)
}

fn offer_of(from: &Party, draft: Draft) -> Result<Offer, OpeningError> {
    let consent = consent(from, &draft);
    sign(from, OfferBody { consent }, draft.tape).verify(NOW)
}

fn offer() -> Offer {
    offer_of(&WASHINGTON, draft(&WASHINGTON, &MOSCOW)).expect("a good offer")
}

fn answer_body(offer: &Offer, draft: &Draft) -> AnswerBody {
    AnswerBody {
        consent: consent(&MOSCOW, draft),
        offer: offer.id(),
        compared: NumberCompared {
            own_card: draft.card.digest(),
            other_card: offer.signatory().card.digest(),
            charter: offer.signatory().founding.charter.digest(),
        },
        key_package: vec![5; 100],
    }
}

fn answer(offer: &Offer, change: impl FnOnce(&mut AnswerBody)) -> Result<Answer, OpeningError> {
    let draft = draft(&MOSCOW, &WASHINGTON);
    let mut body = answer_body(offer, &draft);
    change(&mut body);
    sign(&MOSCOW, body, draft.tape).verify(NOW)
}

/// OL-230, OL-231, OL-233
#[test]
fn an_offer_is_carried_there_and_its_answer_back() {
    let sent = offer();
    let received = UnverifiedOffer::from_bytes(&sent.to_file()).and_then(|file| file.verify(NOW));
    let received = received.expect("what was carried unchanged");
    assert_eq!(received, sent);
    assert_eq!(received.check_addressee(&MOSCOW.card()), Ok(()));
    let answer = answer(&received, |_| ()).expect("a good answer");
    let back = UnverifiedAnswer::from_bytes(&answer.to_file()).and_then(|file| file.verify(NOW));
    assert_eq!(back.as_ref(), Ok(&answer));
    assert_eq!(answer.check_answers(&sent), Ok(()));
    let line = |file: &Founding| file.line();
    assert_eq!(
        line(&sent.signatory().founding),
        line(&answer.signatory().founding)
    );
}

/// OL-231
#[test]
fn every_changed_byte_of_an_offer_or_an_answer_is_refused() {
    let offer = offer();
    let answer = answer(&offer, |_| ()).expect("a good answer");
    let read_offer = |bytes: &[u8]| {
        let file = UnverifiedOffer::from_bytes(bytes);
        file.and_then(|file| file.verify(NOW)).map(drop)
    };
    let read_answer = |bytes: &[u8]| {
        let file = UnverifiedAnswer::from_bytes(bytes);
        file.and_then(|file| file.verify(NOW)).map(drop)
    };
    refuses_every_change(&offer.to_file(), read_offer);
    refuses_every_change(&answer.to_file(), read_answer);
}

fn refuses_every_change(file: &[u8], read: impl Fn(&[u8]) -> Result<(), OpeningError>) {
    assert_eq!(read(file), Ok(()));
    for place in 0..file.len() {
        let mut bytes = file.to_vec();
        bytes[place] ^= 1 << (place % 8);
        assert!(read(&bytes).is_err(), "byte {place}");
        assert!(read(&file[..place]).is_err(), "cut at {place}");
    }
}

/// OL-231
#[test]
fn a_file_in_another_encoding_of_the_same_values_is_refused() {
    let file = offer().to_file();
    let not_canonical = Err(OpeningError::Decode(DecodeError::NotCanonical));
    let mut longer = file.to_vec();
    longer.push(0);
    assert_eq!(UnverifiedOffer::from_bytes(&longer), not_canonical);
    // The head of the array with a length of one byte more than it needs.
    let mut spread = vec![0x98, 2];
    spread.extend(&file[1..]);
    assert_eq!(UnverifiedOffer::from_bytes(&spread), not_canonical);
}

/// OL-231
#[test]
fn an_answer_in_place_of_an_offer_is_called_what_it_is() {
    let answer = answer(&offer(), |_| ()).expect("a good answer").to_file();
    assert_eq!(
        UnverifiedOffer::from_bytes(&answer),
        Err(OpeningError::WrongKind {
            expected: ContentType::Offer,
            got: ContentType::Answer,
        })
    );
    assert_eq!(content_of(&answer), Some(ContentType::Answer));
    assert_eq!(content_of(&offer().to_file()), Some(ContentType::Offer));
    assert_eq!(content_of(MOSCOW.card().bytes()), Some(ContentType::Card));
    assert_eq!(content_of(b"a picture"), None);
}

/// OL-232
#[test]
fn an_offer_for_somebody_else_or_from_ourselves_is_refused() {
    let offer = offer();
    let kyiv = Party::named("Kyiv", 3).card();
    let to = MOSCOW.card().party();
    assert_eq!(
        offer.check_addressee(&kyiv),
        Err(OpeningError::ForAnother { to })
    );
    assert_eq!(
        offer.check_addressee(&WASHINGTON.card()),
        Err(OpeningError::FromOurselves)
    );
}

/// OL-232
#[test]
fn a_charter_between_others_or_under_another_name_is_refused() {
    let mut other = draft(&WASHINGTON, &MOSCOW);
    other.to = PartyId([8; 32]);
    assert_eq!(
        offer_of(&WASHINGTON, other),
        Err(OpeningError::OtherParties)
    );
    let mut mocking = draft(&WASHINGTON, &MOSCOW);
    let party = MOSCOW.card().party();
    let named = mocking.charter.parties.iter_mut().find(|p| p.id == party);
    named.expect("Moscow").names = WASHINGTON.card().names().clone();
    let offer = offer_of(&WASHINGTON, mocking).expect("Washington names itself rightly");
    assert_eq!(
        offer.check_addressee(&MOSCOW.card()),
        Err(OpeningError::OtherNames { party })
    );
}

/// OL-232
#[test]
fn a_charter_whose_rules_do_not_fit_is_refused_though_signed() {
    let mut draft = draft(&WASHINGTON, &MOSCOW);
    draft.charter.offices.clear();
    assert!(matches!(
        offer_of(&WASHINGTON, draft),
        Err(OpeningError::Charter(CharterError::NoOffice { .. }))
    ));
}

/// OL-232
#[test]
fn an_offer_by_an_expired_or_revoked_node_is_refused() {
    let mut late = draft(&WASHINGTON, &MOSCOW);
    let mut body = WASHINGTON.card_body();
    body.nodes[0].expires = NOW - 1;
    late.card = WASHINGTON.sign_card(body.clone());
    assert!(matches!(
        offer_of(&WASHINGTON, late),
        Err(OpeningError::Card(CardError::NodeExpired { .. }))
    ));
    let node = body.nodes[0].key.id();
    body.revocations = vec![Revocation { node, time: 1 }];
    let mut revoked = draft(&WASHINGTON, &MOSCOW);
    revoked.card = WASHINGTON.sign_card(body);
    assert_eq!(
        offer_of(&WASHINGTON, revoked),
        Err(OpeningError::Card(CardError::NodeRevoked { node, time: 1 }))
    );
}

/// OL-231
#[test]
fn a_file_signed_by_another_node_or_a_charter_that_nobody_signed_is_refused() {
    let draft = draft(&WASHINGTON, &MOSCOW);
    let body = OfferBody {
        consent: consent(&WASHINGTON, &draft),
    };
    let forged = sign(&MOSCOW, body.clone(), tape(7)).verify(NOW);
    assert_eq!(forged, Err(OpeningError::Signature));
    let mut unsigned = body;
    unsigned.consent.founding_signature = MOSCOW.sign_node(ContentType::Founding, b"another");
    let unsigned = sign(&WASHINGTON, unsigned, tape(7)).verify(NOW);
    assert_eq!(unsigned, Err(OpeningError::CharterSignature));
}

/// OL-234
#[test]
fn a_tape_that_is_missing_or_another_one_is_refused() {
    let mut bare = draft(&WASHINGTON, &MOSCOW);
    bare.tape = None;
    assert_eq!(offer_of(&WASHINGTON, bare), Err(OpeningError::TapeMissing));
    let offer = offer();
    let without = UnverifiedOffer::from_record(offer.record(), None);
    let erased = without.expect("what stays when the tape is erased");
    let file = erased.verify(NOW).expect("still provable").to_file();
    assert_eq!(
        UnverifiedOffer::from_bytes(&file),
        Err(OpeningError::TapeMissing)
    );
    assert_eq!(
        UnverifiedOffer::from_record(offer.record(), tape(8)),
        Err(OpeningError::TapeDamaged)
    );
}

/// OL-235
#[test]
fn an_answer_that_alters_what_was_offered_is_refused() {
    let offer = offer();
    let to_another = answer(&offer, |body| body.offer = Digest([0; 32]));
    let altered = answer(&offer, |body| {
        body.consent.founding.charter.tape_required = false;
        let founding = body.consent.founding.to_bytes();
        body.consent.founding_signature = MOSCOW.sign_node(ContentType::Founding, &founding);
    });
    let compared = answer(&offer, |body| body.compared.other_card = Digest([0; 32]));
    for (answer, expected) in [
        (to_another, OpeningError::OtherOffer),
        (altered, OpeningError::CharterAltered),
        (compared, OpeningError::OtherCards),
    ] {
        let answer = answer.expect("signed as it is");
        assert_eq!(answer.check_answers(&offer), Err(expected));
    }
}
