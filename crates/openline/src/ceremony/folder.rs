//! The files of a line's folder, read back and checked, and the secrets among them erased.

use openline_wire::card::{Card, UnverifiedCard};
use openline_wire::cbor::{Canonical, DecodeError, Reader, Writer};
use openline_wire::charter::Charter;
use openline_wire::header::Actor;
use openline_wire::ids::LineId;
use openline_wire::limits;
use openline_wire::opening::{
    Answer, AnswerBody, LineBody, LineFile, Offer, OfferBody, OpeningError, Signatory,
    UnverifiedLineFile,
};
use openline_wire::tape::CarriedTape;

use super::{Carried, CeremonyError, Tapes};
use crate::home::{Home, HomeError, LineFolder};
use crate::i18n::reason;

/// Who compared the safety number here, and when: the file `compared`.
pub(super) struct ComparedBy {
    pub actor: Actor,
    /// UTC in milliseconds by our clock.
    pub time: u64,
}

impl Canonical for ComparedBy {
    fn write(&self, w: &mut Writer) {
        w.array(2).item(&self.actor).uint(self.time);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("compared", 2)?;
        Ok(Self {
            actor: r.item()?,
            time: r.uint_up_to("time", limits::LATEST_TIME_MS)?,
        })
    }
}

/// Erases tapes and key package from the home, once the line's channel holds them in its own, persisted state.
pub fn erase_opening_secrets(folder: &LineFolder) -> Result<(), HomeError> {
    ["tape.sending", "tape.receiving", "key-package"]
        .iter()
        .try_for_each(|name| folder.erase(name))
}

/// Our offer of a line once more, if the file was lost on the way.
pub fn write_offer_again(home: &Home, line: LineId) -> Result<Carried, CeremonyError> {
    let unknown = CeremonyError::UnknownOffer { line };
    let folder = home.line_folder(line).ok_or(unknown)?;
    let at = offer(&folder)?.signatory().time;
    let file = with_own_tape::<OfferBody>(&folder, "offer", at)?.to_file();
    Ok(Carried { line, file })
}

/// Our answer to the offer of a line once more, if the file was lost on the way.
pub fn write_answer_again(home: &Home, line: LineId) -> Result<Carried, CeremonyError> {
    let unknown = CeremonyError::UnknownOffer { line };
    let folder = home.line_folder(line).ok_or(unknown)?;
    if !folder.has("tape.receiving") {
        return Err(CeremonyError::AnswerErased { line });
    }
    let at = compared(&folder)?.time;
    let file = with_own_tape::<AnswerBody>(&folder, "answer", at)?.to_file();
    Ok(Carried { line, file })
}

/// A file of ours with the tape that we made for it. The other side's does not fit, and is refused.
fn with_own_tape<B: LineBody>(
    folder: &LineFolder,
    name: &str,
    at: u64,
) -> Result<LineFile<B>, CeremonyError> {
    let tape = tape(folder, "tape.receiving")?.ok_or(CeremonyError::TapeNeeded)?;
    let file = unverified::<B>(folder, name, Some(tape))?;
    verified(folder, name, file.verify(at))
}

/// The offer, as it was when it was made.
pub(super) fn offer(folder: &LineFolder) -> Result<Offer, CeremonyError> {
    let offer = unverified::<OfferBody>(folder, "offer", None)?;
    let at = offer.claimed_time();
    verified(folder, "offer", offer.verify(at))
}

/// The offer and its answer, as they were when the number was compared.
pub(super) fn both(folder: &LineFolder, at: u64) -> Result<(Offer, Answer), CeremonyError> {
    let offer = unverified::<OfferBody>(folder, "offer", None)?;
    let offer = verified(folder, "offer", offer.verify(at))?;
    let answer = unverified::<AnswerBody>(folder, "answer", None)?;
    let answer = verified(folder, "answer", answer.verify(at))?;
    verified(folder, "answer", answer.check_answers(&offer))?;
    Ok((offer, answer))
}

/// The rules of a line some of whose files are damaged, by the first of them that verifies as it stands.
pub(super) fn charter(folder: &LineFolder) -> Option<Charter> {
    fn of<B: LineBody>(folder: &LineFolder, name: &str) -> Option<Charter> {
        let file = unverified::<B>(folder, name, None).ok()?;
        let at = file.claimed_time();
        let file = file.verify(at).ok()?;
        Some(file.signatory().founding.charter.clone())
    }
    of::<OfferBody>(folder, "offer").or_else(|| of::<AnswerBody>(folder, "answer"))
}

/// The card in `peer.card` is the one that the peer opened the line with: later cards are held against it.
pub(super) fn check_peer_card(folder: &LineFolder, card: &Card) -> Result<(), CeremonyError> {
    let kept = needed(folder, "peer.card")?;
    match *kept == card.bytes() {
        true => Ok(()),
        false => Err(damaged(folder, "peer.card", "reason-other-card").into()),
    }
}

/// While an offer waits: the card in `peer.card` is whole, and of the party that the offer is for.
pub(super) fn check_addressee(folder: &LineFolder, offer: &Signatory) -> Result<(), CeremonyError> {
    let kept = needed(folder, "peer.card")?;
    let card = UnverifiedCard::from_bytes(&kept).and_then(UnverifiedCard::verify);
    let why = match card {
        Ok(card) if card.party() == offer.to => return Ok(()),
        Ok(_) => "reason-other-card",
        Err(error) => reason::of_card(&error),
    };
    Err(damaged(folder, "peer.card", why).into())
}

/// Who compared the safety number.
pub(super) fn compared(folder: &LineFolder) -> Result<ComparedBy, CeremonyError> {
    let bytes = needed(folder, "compared")?;
    let compared = ComparedBy::from_bytes(&bytes);
    Ok(compared.map_err(|error| damaged(folder, "compared", reason::of_bytes(&error)))?)
}

/// Both tapes, unless they were erased.
pub(super) fn tapes(folder: &LineFolder) -> Result<Option<Tapes>, HomeError> {
    let sending = tape(folder, "tape.sending")?;
    let receiving = tape(folder, "tape.receiving")?;
    let both = sending.zip(receiving);
    Ok(both.map(|(sending, receiving)| Tapes { sending, receiving }))
}

fn tape(folder: &LineFolder, name: &str) -> Result<Option<CarriedTape>, HomeError> {
    let Some(bytes) = folder.read(name)? else {
        return Ok(None);
    };
    let tape = CarriedTape::new(&bytes);
    tape.map(Some)
        .ok_or_else(|| damaged(folder, name, "reason-no-key"))
}

fn unverified<B: LineBody>(
    folder: &LineFolder,
    name: &str,
    tape: Option<CarriedTape>,
) -> Result<UnverifiedLineFile<B>, CeremonyError> {
    let record = needed(folder, name)?;
    verified(folder, name, UnverifiedLineFile::from_record(&record, tape))
}

/// What fails to verify in our own home is damage, whatever it was called on the way in.
fn verified<T>(
    folder: &LineFolder,
    name: &str,
    result: Result<T, OpeningError>,
) -> Result<T, CeremonyError> {
    Ok(result.map_err(|error| damaged(folder, name, reason::of_opening(&error)))?)
}

fn needed(folder: &LineFolder, name: &str) -> Result<zeroize::Zeroizing<Vec<u8>>, HomeError> {
    let bytes = folder.read(name)?;
    bytes.ok_or_else(|| damaged(folder, name, "reason-not-found"))
}

fn damaged(folder: &LineFolder, name: &str, why: &str) -> HomeError {
    HomeError::damaged(&folder.path().join(name), why)
}
