//! The third step: look at the answer to our offer, compare the safety number, finish.

use openline_wire::card::Card;
use openline_wire::charter::Charter;
use openline_wire::cose::ContentType;
use openline_wire::header::Actor;
use openline_wire::ids::LineId;
use openline_wire::opening::{Answer, Offer, OpeningError, UnverifiedAnswer, UnverifiedOffer};
use openline_wire::safety::SafetyNumber;
use openline_wire::tape::CarriedTape;

use super::CeremonyError;
use super::own::{Own, check_newest, check_number, compared_file, expect_kind};
use crate::home::{Home, HomeError, LineFolder};
use crate::i18n::reason;

/// An answer to our offer that was checked, for the person to look at.
pub struct Reply<'h> {
    home: &'h Home,
    own: Own,
    folder: LineFolder,
    answer: Answer,
    tape: CarriedTape,
}

/// Reads an answer that was carried here. `now` is UTC in milliseconds.
pub fn finish_line<'h>(home: &'h Home, file: &[u8], now: u64) -> Result<Reply<'h>, CeremonyError> {
    let own = Own::load(home, now)?;
    expect_kind(file, ContentType::Answer)?;
    let answer = UnverifiedAnswer::from_bytes(file)?.verify(now)?;
    let signatory = answer.signatory();
    if signatory.card.party() == own.card.party() {
        return Err(OpeningError::FromOurselves.into());
    }
    if signatory.to != own.card.party() {
        return Err(OpeningError::ForAnother { to: signatory.to }.into());
    }
    let (folder, offer) = offer_answered(home, &answer, now)?;
    answer.check_answers(&offer)?;
    check_newest(home, &signatory.card)?;
    let tape = answer.tape().cloned().ok_or(CeremonyError::TapeNeeded)?;
    Ok(Reply {
        home,
        own,
        folder,
        answer,
        tape,
    })
}

/// Our offer that an answer claims to answer: by the file that it names, so that an altered charter, which
/// would name another line, is called what it is.
fn offer_answered(
    home: &Home,
    answer: &Answer,
    now: u64,
) -> Result<(LineFolder, Offer), CeremonyError> {
    for folder in home.line_folders()? {
        let Some(record) = folder.read("offer")? else {
            continue;
        };
        let path = folder.path().join("offer");
        let damaged = |error: OpeningError| HomeError::damaged(&path, reason::of_opening(&error));
        let offer = UnverifiedOffer::from_record(&record, None).map_err(damaged)?;
        if offer.id() != answer.body().offer {
            continue;
        }
        if folder.has("answer") {
            let line = folder.line();
            return Err(CeremonyError::AnswerUsed { line });
        }
        let offer = offer.verify(now).map_err(|error| match error {
            OpeningError::Card(error) => CeremonyError::OwnNode(error),
            error => damaged(error).into(),
        })?;
        return Ok((folder, offer));
    }
    let line = answer.signatory().founding.line();
    match home.line_folder(line) {
        Some(_) => Err(OpeningError::OtherOffer.into()),
        None => Err(CeremonyError::UnknownOffer { line }),
    }
}

impl Reply<'_> {
    /// Who answers.
    pub fn peer(&self) -> &Card {
        &self.answer.signatory().card
    }

    /// Our own card.
    pub fn own(&self) -> &Card {
        &self.own.card
    }

    /// The rules that both signed.
    pub fn charter(&self) -> &Charter {
        &self.answer.signatory().founding.charter
    }

    /// The number of both cards, to be compared with the other side's.
    pub fn safety_number(&self) -> SafetyNumber {
        SafetyNumber::of(self.own.card.party(), self.peer().party())
    }

    /// The line.
    pub fn line(&self) -> LineId {
        self.folder.line()
    }

    /// Opens the line: `number` is what `by` compared.
    pub fn finish(
        self,
        number: SafetyNumber,
        by: Actor,
        now: u64,
    ) -> Result<LineId, CeremonyError> {
        check_number(self.safety_number(), number)?;
        let line = self.line();
        let _lock = self.home.ceremony_lock()?;
        if self.folder.has("answer") {
            return Err(CeremonyError::AnswerUsed { line });
        }
        self.folder.write("peer.card", self.peer().bytes())?;
        self.folder.write("tape.sending", &self.tape.to_secret())?;
        self.folder.write("compared", &compared_file(by, now))?;
        // Last: this file is what makes the line an open one.
        self.folder.write("answer", self.answer.record())?;
        Ok(line)
    }
}
