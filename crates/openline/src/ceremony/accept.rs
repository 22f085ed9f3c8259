//! The second step: look at an offer, compare the safety number, accept.

use openline_seal::PreparedKeyPackage;
use openline_wire::address::Address;
use openline_wire::card::Card;
use openline_wire::charter::Charter;
use openline_wire::cose::ContentType;
use openline_wire::fact::NumberCompared;
use openline_wire::header::Actor;
use openline_wire::ids::LineId;
use openline_wire::opening::{AnswerBody, Offer, UnverifiedOffer};
use openline_wire::safety::SafetyNumber;
use openline_wire::tape::CarriedTape;

use super::own::{
    Own, Part, check_names, check_newest, check_number, compared_file, expect_kind, new_tape,
};
use super::signed::{Signed, content};
use super::{Carried, CeremonyError, folder, write_answer_again};
use crate::home::Home;

/// An offer that was checked, for the person to look at.
pub struct Invitation<'h> {
    home: &'h Home,
    own: Own,
    offer: Offer,
    tape: CarriedTape,
}

/// Reads an offer that was carried here. `now` is UTC in milliseconds.
pub fn accept_line<'h>(
    home: &'h Home,
    file: &[u8],
    now: u64,
) -> Result<Invitation<'h>, CeremonyError> {
    let own = Own::load(home, now)?;
    expect_kind(file, ContentType::Offer)?;
    let offer = UnverifiedOffer::from_bytes(file)?.verify(now)?;
    offer.check_addressee(&own.card)?;
    check_unused(home, offer.signatory().founding.line())?;
    check_names(&offer.signatory().card)?;
    check_newest(home, &offer.signatory().card)?;
    let tape = offer.tape().cloned().ok_or(CeremonyError::TapeNeeded)?;
    Ok(Invitation {
        home,
        own,
        offer,
        tape,
    })
}

/// An offer that was accepted here before, and the answer to it once more.
#[derive(Debug)]
pub struct Given {
    /// Who invited.
    pub peer: Card,
    /// The rules that were accepted.
    pub charter: Charter,
    /// The number that was compared.
    pub safety_number: SafetyNumber,
    /// Who compared it.
    pub by: Actor,
    /// When, UTC in milliseconds by our clock.
    pub time: u64,
    /// The answer, byte for byte as it was.
    pub carried: Carried,
}

/// The answer that this very offer was given, if the file was lost on the way. Nothing is decided anew; another
/// offer for the same line is [`CeremonyError::OfferUsed`].
pub fn answer_given(home: &Home, file: &[u8], now: u64) -> Result<Given, CeremonyError> {
    let own = Own::load(home, now)?;
    let offer = UnverifiedOffer::from_bytes(file)?.verify(now)?;
    let signatory = offer.signatory();
    let line = signatory.founding.line();
    let used = CeremonyError::OfferUsed { line };
    let Some(folder) = home.line_folder(line) else {
        return Err(used);
    };
    let kept = folder.read("offer")?;
    let is_answered = folder.has("answer") && kept.is_some_and(|kept| *kept == offer.record());
    if !is_answered {
        return Err(used);
    }
    let carried = write_answer_again(home, line)?;
    let by = folder::compared(&folder)?;
    Ok(Given {
        peer: signatory.card.clone(),
        charter: signatory.founding.charter.clone(),
        safety_number: SafetyNumber::of(own.card.party(), signatory.card.party()),
        by: by.actor,
        time: by.time,
        carried,
    })
}

fn check_unused(home: &Home, line: LineId) -> Result<(), CeremonyError> {
    match home.line_folder(line) {
        Some(_) => Err(CeremonyError::OfferUsed { line }),
        None => Ok(()),
    }
}

impl<'h> Invitation<'h> {
    /// Who invites.
    pub fn peer(&self) -> &Card {
        &self.offer.signatory().card
    }

    /// Our own card, as it goes back.
    pub fn own(&self) -> &Card {
        &self.own.card
    }

    /// The rules that are proposed.
    pub fn charter(&self) -> &Charter {
        &self.offer.signatory().founding.charter
    }

    /// The number of both cards, to be compared with the other side's.
    pub fn safety_number(&self) -> SafetyNumber {
        SafetyNumber::of(self.own.card.party(), self.peer().party())
    }

    /// The name of the line to be.
    pub fn line(&self) -> LineId {
        self.offer.signatory().founding.line()
    }

    /// Accepts: `number` is what `by` compared. The line is open on our side; the file is to be carried back.
    pub fn accept(
        self,
        number: SafetyNumber,
        reachable_at: Vec<Address>,
        by: Actor,
        now: u64,
    ) -> Result<Carried, CeremonyError> {
        self.sign(number, reachable_at, by, now)?.keep()
    }

    /// As [`Self::accept`], but nothing is kept yet.
    pub fn sign(
        self,
        number: SafetyNumber,
        reachable_at: Vec<Address>,
        by: Actor,
        now: u64,
    ) -> Result<Signed<'h>, CeremonyError> {
        check_number(self.safety_number(), number)?;
        let prepared = prepare_key_package(self.home)?;
        let tape = new_tape()?;
        let body = self.answer(prepared.public, &tape, reachable_at, now);
        let answer = self.own.sign(body, tape.clone(), now)?;
        Ok(Signed {
            home: self.home,
            line: self.line(),
            contents: vec![
                content("offer", self.offer.record()),
                content("answer", answer.record()),
                content("peer.card", self.peer().bytes()),
                content("tape.receiving", &tape.to_secret()),
                content("tape.sending", &self.tape.to_secret()),
                content("key-package", &prepared.secret),
                content("compared", &compared_file(by, now)),
            ],
            file: answer.to_file(),
        })
    }

    fn answer(
        &self,
        key_package: Vec<u8>,
        tape: &CarriedTape,
        reachable_at: Vec<Address>,
        now: u64,
    ) -> AnswerBody {
        let founding = self.offer.signatory().founding.clone();
        AnswerBody {
            compared: NumberCompared {
                own_card: self.own.card.digest(),
                other_card: self.peer().digest(),
                charter: founding.charter.digest(),
            },
            consent: self.own.consent(Part {
                founding,
                to: self.peer().party(),
                tape,
                reachable_at,
                now,
            }),
            offer: self.offer.id(),
            key_package,
        }
    }
}

/// The key package for the opener to create the MLS group from, and its private part for us to keep.
fn prepare_key_package(home: &Home) -> Result<PreparedKeyPackage, CeremonyError> {
    let prepared = home.leaf()?.prepare_key_package();
    prepared.map_err(|error| CeremonyError::Agreement {
        why: error.to_string(),
    })
}
