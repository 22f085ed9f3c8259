//! Why a line file was refused. In every case nothing has been made, and nothing needs to be undone.

use thiserror::Error;

use crate::card::CardError;
use crate::cbor::DecodeError;
use crate::charter::CharterError;
use crate::cose::ContentType;
use crate::ids::PartyId;

/// Why a line file was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OpeningError {
    /// The bytes are no line file: damaged on the way, or never one.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// An offer where an answer belongs, or the other way round.
    #[error("expected {}, got {}", .expected.as_str(), .got.as_str())]
    WrongKind {
        /// What the step takes.
        expected: ContentType,
        /// What the file is.
        got: ContentType,
    },
    /// The sender's card, or its node, is not acceptable.
    #[error("the sender's card: {0}")]
    Card(#[from] CardError),
    /// The file is not signed by the node that it names.
    #[error("the file's signature does not verify")]
    Signature,
    /// The rules do not fit together.
    #[error("the charter: {0}")]
    Charter(#[from] CharterError),
    /// The sender's node did not sign this charter.
    #[error("the signature under the charter does not verify")]
    CharterSignature,
    /// The charter is between other parties than sender and addressee.
    #[error("the charter is between other parties")]
    OtherParties,
    /// The charter calls a party something else than its card does.
    #[error("the charter names party {party} otherwise than its card")]
    OtherNames {
        /// The party.
        party: PartyId,
    },
    /// The charter asks for a tape and the file has none.
    #[error("the file has no tape")]
    TapeMissing,
    /// The tape is not the one that the signed part commits to.
    #[error("the tape is not the one that was signed for")]
    TapeDamaged,
    /// The file is meant for another party.
    #[error("the file is for party {to}")]
    ForAnother {
        /// Whom it is for.
        to: PartyId,
    },
    /// The file is one that we made ourselves.
    #[error("the file comes from ourselves")]
    FromOurselves,
    /// The answer is to another offer than ours.
    #[error("the answer is to another offer")]
    OtherOffer,
    /// The answer agrees to another charter than we offered.
    #[error("the charter was altered")]
    CharterAltered,
    /// The other side compared the safety number of other cards.
    #[error("the safety number was compared for other cards or another charter")]
    OtherCards,
}

impl OpeningError {
    /// A stable name for messages and for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Decode(_) => "line-file-damaged",
            Self::WrongKind { .. } => "line-file-wrong-kind",
            Self::Card(error) => error.code(),
            Self::Signature => "line-file-forged",
            Self::Charter(error) => error.code(),
            Self::CharterSignature => "charter-not-signed",
            Self::OtherParties => "charter-other-parties",
            Self::OtherNames { .. } => "charter-other-names",
            Self::TapeMissing => "tape-missing",
            Self::TapeDamaged => "tape-damaged",
            Self::ForAnother { .. } => "line-file-for-another-party",
            Self::FromOurselves => "line-file-from-ourselves",
            Self::OtherOffer => "answer-to-another-offer",
            Self::CharterAltered => "charter-altered",
            Self::OtherCards => "answer-compared-other-cards",
        }
    }
}
