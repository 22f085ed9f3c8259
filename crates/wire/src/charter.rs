//! The charter: the rules of a line, signed by all its parties before anything else happens on it.
//!
//! Reading a charter checks its form; whether its rules fit together, [`Charter::check`] says, which
//! everybody calls before he signs one and after he reads one that another signed.

mod check;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::codes::{Mark, Mode, Precedence, Suite};
use crate::ids::{Digest, PartyId};
use crate::language::{Language, LocalNames};
use crate::limits;
use crate::office::Office;
use crate::text::{self, TextError};

pub use check::CharterError;

/// The version of the charter's form, and of everything on the line that it names none for.
pub const VERSION: u64 = 1;

/// The rules of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charter {
    /// What seals the line.
    pub suite: Suite,
    /// Who is on it, in ascending order of id.
    pub parties: Vec<CharterParty>,
    /// Who can be called, in ascending order of party and office.
    pub offices: Vec<Office>,
    /// How often, and how long.
    pub cadences: Cadences,
    /// How much.
    pub limits: TextLimits,
    /// Days after which a body may be erased, its header staying; none: never.
    pub retention_days: Option<u64>,
    /// Whether the line opens only with tapes carried by hand. If not, every screen says so.
    pub tape_required: bool,
    /// What the line may be used for, in ascending order of code.
    pub modes: Vec<Mode>,
    /// Which marks entries may bear, in ascending order of code.
    pub marks: Vec<Mark>,
}

/// A party of the line, as its card named it when the charter was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CharterParty {
    /// The hash of its root.
    pub id: PartyId,
    /// What it is called.
    pub names: LocalNames,
    /// The languages that it writes in, the usual one first.
    pub languages: Vec<Language>,
}

/// Time limits, all in milliseconds by the monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cadences {
    /// How often a quiet line is echoed.
    pub echo_ms: u64,
    /// After how long without a fresh echo there is "no sign of life".
    pub silent_after_ms: u64,
    /// How long an MLS epoch lives before the side whose turn it is commits the next.
    pub rotate_ms: u64,
    /// The longest time after which an officer on watch confirms that he is there.
    pub presence_ms: u64,
    /// How often the line is tested, by one party or another.
    pub test_ms: u64,
}

/// What a text may measure; never more than the protocol's own limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextLimits {
    /// Words in a FLASH or IMMEDIATE text.
    pub urgent_words: u64,
    /// Bytes in a FLASH or IMMEDIATE text.
    pub urgent_bytes: u64,
    /// Bytes in any text.
    pub text_bytes: u64,
}

impl Default for Cadences {
    fn default() -> Self {
        Self {
            echo_ms: 5_000,
            silent_after_ms: 15_000,
            rotate_ms: 3_600_000,
            presence_ms: 3_600_000,
            test_ms: 3_600_000,
        }
    }
}

impl Default for TextLimits {
    fn default() -> Self {
        Self {
            urgent_words: limits::URGENT_WORDS as u64,
            urgent_bytes: limits::URGENT_BYTES as u64,
            text_bytes: limits::TEXT as u64,
        }
    }
}

/// What the charter forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Forbidden {
    /// Entries with this mark.
    #[error("the charter forbids entries marked {}", .0.word())]
    Mark(Mark),
    /// This use of the line.
    #[error("the charter forbids {}", .0.word())]
    Mode(Mode),
    /// A text beyond the protocol's limits.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A text beyond the charter's own limits.
    #[error("{got} {unit}, the charter allows {limit}")]
    Length {
        /// `words` or `bytes`.
        unit: &'static str,
        /// Counted.
        got: u64,
        /// Allowed.
        limit: u64,
    },
}

impl Charter {
    /// SHA-256 of the canonical form.
    pub fn digest(&self) -> Digest {
        Digest(Sha256::digest(self.to_bytes()).into())
    }

    /// A party of the line.
    pub fn party(&self, id: PartyId) -> Option<&CharterParty> {
        self.parties.iter().find(|party| party.id == id)
    }

    /// The offices of a party.
    pub fn offices_of(&self, party: PartyId) -> impl Iterator<Item = &Office> {
        self.offices.iter().filter(move |o| o.id.party == party)
    }

    /// Whether the line may be used so.
    pub fn allows(&self, mode: Mode, mark: Mark) -> Result<(), Forbidden> {
        if !self.modes.contains(&mode) {
            return Err(Forbidden::Mode(mode));
        }
        if !self.marks.contains(&mark) {
            return Err(Forbidden::Mark(mark));
        }
        Ok(())
    }

    /// Whether a text may go out with a precedence.
    pub fn allows_text(&self, text: &str, precedence: Precedence) -> Result<(), Forbidden> {
        text::check(text, precedence)?;
        let within = |unit, got: usize, limit| match got as u64 {
            got if got > limit => Err(Forbidden::Length { unit, got, limit }),
            _ => Ok(()),
        };
        if !precedence.is_urgent() {
            return within("bytes", text.len(), self.limits.text_bytes);
        }
        within("bytes", text.len(), self.limits.urgent_bytes)?;
        within("words", text::words(text), self.limits.urgent_words)
    }
}

impl Canonical for Charter {
    fn write(&self, w: &mut Writer) {
        w.array(10).uint(VERSION).uint(self.suite.code());
        w.items(&self.parties).items(&self.offices);
        w.item(&self.cadences).item(&self.limits);
        w.optional_uint(self.retention_days)
            .bool(self.tape_required);
        write_codes(w, self.modes.iter().map(|mode| mode.code()));
        write_codes(w, self.marks.iter().map(|mark| mark.code()));
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("charter", 10)?;
        if r.uint("version")? != VERSION {
            return Err(invalid("version"));
        }
        let charter = Self {
            suite: Suite::from_code(r.uint("suite")?)?,
            parties: r.items("parties", limits::PARTIES)?,
            offices: r.items("offices", limits::OFFICES)?,
            cadences: r.item()?,
            limits: r.item()?,
            retention_days: r.optional(|r| r.uint_up_to("retention", limits::RETENTION_DAYS))?,
            tape_required: r.bool("tape required")?,
            modes: read_codes(r, Mode::ALL.len(), Mode::from_code)?,
            marks: read_codes(r, Mark::ALL.len(), Mark::from_code)?,
        };
        charter.check_order()?;
        Ok(charter)
    }
}

impl Charter {
    fn check_order(&self) -> Result<(), DecodeError> {
        let ascends = self.parties.is_sorted_by(|a, b| a.id < b.id)
            && self.offices.is_sorted_by(|a, b| a.id < b.id)
            && self.modes.is_sorted_by(|a, b| a < b)
            && self.marks.is_sorted_by(|a, b| a < b);
        let mut offices = self.offices.iter();
        if ascends && offices.all(|o| o.counterparts.is_sorted_by(|a, b| a < b)) {
            return Ok(());
        }
        Err(invalid("charter: a list is not in ascending order"))
    }
}

fn write_codes(w: &mut Writer, codes: impl ExactSizeIterator<Item = u64>) {
    w.array(codes.len());
    for code in codes {
        w.uint(code);
    }
}

fn read_codes<T>(
    r: &mut Reader<'_>,
    limit: usize,
    from_code: fn(u64) -> Result<T, DecodeError>,
) -> Result<Vec<T>, DecodeError> {
    let len = r.array("codes", limit)?;
    (0..len).map(|_| from_code(r.uint("code")?)).collect()
}

impl Canonical for CharterParty {
    fn write(&self, w: &mut Writer) {
        w.array(3).item(&self.id).item(&self.names);
        w.items(&self.languages);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("party", 3)?;
        Ok(Self {
            id: r.item()?,
            names: r.item()?,
            languages: r.items("languages", limits::NAMES)?,
        })
    }
}

impl Canonical for Cadences {
    fn write(&self, w: &mut Writer) {
        w.array(5).uint(self.echo_ms);
        w.uint(self.silent_after_ms).uint(self.rotate_ms);
        w.uint(self.presence_ms).uint(self.test_ms);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("cadences", 5)?;
        Ok(Self {
            echo_ms: r.uint_up_to("echo", limits::CADENCE_MS)?,
            silent_after_ms: r.uint_up_to("silent after", limits::CADENCE_MS)?,
            rotate_ms: r.uint_up_to("rotate", limits::CADENCE_MS)?,
            presence_ms: r.uint_up_to("presence", limits::CADENCE_MS)?,
            test_ms: r.uint_up_to("test", limits::CADENCE_MS)?,
        })
    }
}

impl Canonical for TextLimits {
    fn write(&self, w: &mut Writer) {
        w.array(3).uint(self.urgent_words);
        w.uint(self.urgent_bytes).uint(self.text_bytes);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("text limits", 3)?;
        Ok(Self {
            urgent_words: r.uint_up_to("urgent words", limits::URGENT_WORDS as u64)?,
            urgent_bytes: r.uint_up_to("urgent bytes", limits::URGENT_BYTES as u64)?,
            text_bytes: r.uint_up_to("text bytes", limits::TEXT as u64)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::charter;

    /// OL-220
    #[test]
    fn a_charter_goes_both_ways_and_one_out_of_order_is_refused() {
        let good = charter();
        assert_eq!(Charter::from_bytes(&good.to_bytes()).as_ref(), Ok(&good));
        let mut swapped = good;
        swapped.parties.swap(0, 1);
        assert!(Charter::from_bytes(&swapped.to_bytes()).is_err());
    }

    /// OL-222
    #[test]
    fn what_the_charter_forbids_is_refused() {
        let mut strict = charter();
        strict.marks = vec![Mark::Real];
        strict.limits.urgent_words = 2;
        assert_eq!(
            strict.allows(Mode::Text, Mark::Exercise),
            Err(Forbidden::Mark(Mark::Exercise))
        );
        assert_eq!(strict.allows(Mode::Text, Mark::Real), Ok(()));
        let too_long = strict.allows_text("cease fire now", Precedence::Flash);
        let words = Forbidden::Length {
            unit: "words",
            got: 3,
            limit: 2,
        };
        assert_eq!(too_long, Err(words));
        assert_eq!(
            strict.allows_text("cease fire now", Precedence::Routine),
            Ok(())
        );
        assert_eq!(
            strict.allows_text(" ", Precedence::Routine),
            Err(Forbidden::Text(TextError::Empty))
        );
    }

    proptest! {
        /// OL-220
        #[test]
        fn a_changed_byte_makes_another_charter_or_none(place in 0usize..10_000, bit in 0u8..8) {
            let good = charter();
            let mut bytes = good.to_bytes();
            let place = place % bytes.len();
            bytes[place] ^= 1 << bit;
            prop_assert_ne!(Charter::from_bytes(&bytes).ok(), Some(good));
        }
    }
}
