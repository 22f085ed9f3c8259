//! Why a step of the ceremony stopped. Nothing has been made then, and the step can be taken again.

use openline_wire::card::CardError;
use openline_wire::charter::CharterError;
use openline_wire::ids::{LineId, PartyId};
use openline_wire::opening::OpeningError;
use openline_wire::safety::{SafetyNumber, SafetyNumberError};
use thiserror::Error;

use super::CharterFileError;
use crate::home::HomeError;
use crate::i18n::reason;

/// Why a step of the ceremony stopped.
#[derive(Debug, Error)]
pub enum CeremonyError {
    /// Our home.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The file that was carried here.
    #[error(transparent)]
    Opening(#[from] OpeningError),
    /// The charter file.
    #[error(transparent)]
    CharterFile(#[from] CharterFileError),
    /// What was typed is no safety number.
    #[error(transparent)]
    SafetyNumber(#[from] SafetyNumberError),
    /// The safety number that was compared is another one.
    #[error("the safety number is another one")]
    NumberDiffers {
        /// Of the two cards.
        expected: SafetyNumber,
        /// What the person gave.
        got: SafetyNumber,
    },
    /// The other party's name could be taken for an id where its line is named.
    #[error("the name {name} is like an id")]
    NameLikeAnId {
        /// On its card.
        name: String,
    },
    /// The card is our own.
    #[error("the card is our own")]
    OwnCard,
    /// Our own node may not open lines.
    #[error("our own node: {0}")]
    OwnNode(CardError),
    /// We know a newer card of the party, or another one with the same serial.
    #[error("card {got} of party {party}, but card {known} is known")]
    OlderCard {
        /// Whose.
        party: PartyId,
        /// The serial of the card that we know.
        known: u64,
        /// The serial of this one.
        got: u64,
    },
    /// The offer was accepted before.
    #[error("the offer of line {line} was accepted before")]
    OfferUsed {
        /// Its line.
        line: LineId,
    },
    /// The answer can't be written again: the station has taken its tape into the channel and erased it.
    #[error("the tape of the answer for line {line} is erased")]
    AnswerErased {
        /// The line.
        line: LineId,
    },
    /// The line is open already.
    #[error("line {line} is open already")]
    AnswerUsed {
        /// The line.
        line: LineId,
    },
    /// The answer is to an offer that this home did not make.
    #[error("no offer was made for line {line}")]
    UnknownOffer {
        /// The line.
        line: LineId,
    },
    /// The file has no tape, though the charter allows that; this version opens no line without.
    #[error("the file has no tape")]
    TapeNeeded,
    /// The MLS library failed.
    #[error("no key package could be made: {why}")]
    Agreement {
        /// The reason.
        why: String,
    },
}

impl CeremonyError {
    /// A stable name for programs, and the id of its message in `locales/*/opening.ftl`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Home(error) => error.code(),
            Self::Opening(error) => error.code(),
            Self::CharterFile(error) => error.code(),
            Self::SafetyNumber(error) => error.code(),
            Self::NumberDiffers { .. } => "safety-number-differs",
            Self::NameLikeAnId { .. } => "name-like-an-id",
            Self::OwnCard => "card-is-our-own",
            Self::OwnNode(_) => "own-node-unusable",
            Self::OlderCard { .. } => "card-older-than-known",
            Self::OfferUsed { .. } => "offer-used",
            Self::AnswerErased { .. } => "answer-erased",
            Self::AnswerUsed { .. } => "answer-used",
            Self::UnknownOffer { .. } => "answer-to-unknown-offer",
            Self::TapeNeeded => "tape-needed",
            Self::Agreement { .. } => "no-key",
        }
    }

    /// What fills the blanks of its message.
    pub fn blanks(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Home(error) => error.blanks(),
            Self::Opening(error) => opening_blanks(error),
            Self::CharterFile(error) => error.blanks(),
            Self::SafetyNumber(SafetyNumberError::NoDigit(c)) => vec![("char", c.to_string())],
            Self::SafetyNumber(SafetyNumberError::Length { got }) => {
                vec![("got", got.to_string())]
            }
            // Not the number itself: it would be copied instead of compared.
            Self::NumberDiffers { expected, got } => groups_that_differ(*expected, *got),
            Self::OwnNode(error) => vec![("why", reason::of_card(error).to_owned())],
            Self::OlderCard { known, got, .. } => {
                vec![("known", known.to_string()), ("got", got.to_string())]
            }
            Self::OfferUsed { line }
            | Self::AnswerErased { line }
            | Self::AnswerUsed { line }
            | Self::UnknownOffer { line } => vec![("line", line.short())],
            Self::NameLikeAnId { name } => vec![("name", name.clone())],
            Self::Agreement { why } => vec![("why", why.clone())],
            Self::OwnCard | Self::TapeNeeded => Vec::new(),
        }
    }
}

/// The places of the groups of digits that differ, from 1: whoever misheard one need not hear all again.
fn groups_that_differ(expected: SafetyNumber, got: SafetyNumber) -> Vec<(&'static str, String)> {
    let (expected, got) = (expected.to_string(), got.to_string());
    let pairs = expected.split('-').zip(got.split('-')).zip(1..);
    let differing = pairs.filter(|((expected, got), _)| expected != got);
    let places: Vec<String> = differing
        .map(|(_, place): (_, u32)| place.to_string())
        .collect();
    let count = if places.len() == 1 { "one" } else { "several" };
    vec![("count", count.to_owned()), ("groups", places.join(", "))]
}

impl From<CardError> for CeremonyError {
    fn from(error: CardError) -> Self {
        Self::Opening(error.into())
    }
}

fn opening_blanks(error: &OpeningError) -> Vec<(&'static str, String)> {
    match error {
        OpeningError::Decode(error) => vec![("why", reason::of_bytes(error).to_owned())],
        OpeningError::WrongKind { expected, got } => vec![
            ("expected", expected.word().to_owned()),
            ("got", got.word().to_owned()),
        ],
        OpeningError::Card(error) => card_blanks(error),
        OpeningError::Charter(error) => charter_blanks(error),
        OpeningError::OtherNames { party } => vec![("party", party.short())],
        OpeningError::ForAnother { to } => vec![("party", to.short())],
        _ => Vec::new(),
    }
}

fn card_blanks(error: &CardError) -> Vec<(&'static str, String)> {
    match error {
        CardError::Decode(error) => vec![("why", reason::of_bytes(error).to_owned())],
        CardError::Signature(half) => vec![("half", half.to_string())],
        CardError::NodeUnknown { node } => vec![("node", node.short())],
        CardError::NodeExpired { node, expired, .. } => {
            vec![("node", node.short()), ("time", date(*expired))]
        }
        CardError::NodeRevoked { node, time } => {
            vec![("node", node.short()), ("time", date(*time))]
        }
    }
}

/// What fills the blanks of a charter error's message.
pub(super) fn charter_blanks(error: &CharterError) -> Vec<(&'static str, String)> {
    match error {
        CharterError::Parties { got } => vec![("got", got.to_string())],
        CharterError::Stranger { office } => vec![("office", office.to_string())],
        CharterError::Link { office, link } => {
            vec![("office", office.to_string()), ("link", link.to_string())]
        }
        CharterError::OneSided {
            office,
            counterpart,
        } => {
            vec![
                ("office", office.to_string()),
                ("link", counterpart.to_string()),
            ]
        }
        CharterError::NoOffice { party } => vec![("party", party.short())],
        CharterError::Range {
            field,
            got,
            least,
            most,
        } => vec![
            ("field", (*field).to_owned()),
            ("got", got.to_string()),
            ("least", least.to_string()),
            ("most", most.to_string()),
        ],
        CharterError::Needed(what) => vec![("what", (*what).to_owned())],
    }
}

/// A day for people, in UTC: `2022-05-13`.
fn date(ms: u64) -> String {
    let time = i64::try_from(ms)
        .ok()
        .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    time.map_or_else(
        || ms.to_string(),
        |time| time.strftime("%Y-%m-%d").to_string(),
    )
}
