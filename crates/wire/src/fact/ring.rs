//! The facts of a ring: who calls whom, that it rings, what the called side says, how it ended.

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::codes::{Answer, Ending, Mode};
use crate::header::Header;
use crate::ids::EntryId;
use crate::limits;
use crate::office::OfficeRef;

use super::exercise::may_name_an_exercise;

/// One party calls an office of another (OL-501). How urgent it is, the header says; what it is about, the body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ring {
    /// The office that calls, of the author's party.
    pub from: OfficeRef,
    /// The office that is called, of another party.
    pub to: OfficeRef,
    /// What they are to speak in.
    pub mode: Mode,
    /// How long it rings, in milliseconds.
    pub for_ms: u64,
    /// The exercise in which it rings, by the entry that accepted that; none of what is meant (OL-785).
    pub exercise: Option<EntryId>,
}

/// A boot of the called side says that a ring rings there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ringing {
    /// The ring.
    pub ring: EntryId,
}

/// What a boot of the called side says to a ring. The reason is the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Answered {
    /// The ring.
    pub ring: EntryId,
    /// What it says.
    pub answer: Answer,
    /// When to call back, UTC in milliseconds by the author's clock; never with an accepting answer.
    pub call_back: Option<u64>,
}

/// How a ring ended. Only the boot that rang writes it, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outcome {
    /// The ring.
    pub ring: EntryId,
    /// How it ended.
    pub ending: Ending,
    /// The answer that counted, the ringing that nobody answered, or the other of two rings that met.
    pub cites: Option<EntryId>,
}

impl Ring {
    /// Reads the fact of a header. Nobody calls in another party's name.
    pub(super) fn of(header: &Header) -> Result<Self, DecodeError> {
        let ring = Self::from_bytes(&header.fact)?;
        if ring.from.party != header.author.party {
            return Err(invalid("ring: from an office of another party"));
        }
        if ring.exercise.is_some() {
            may_name_an_exercise(header)?;
        }
        Ok(ring)
    }
}

impl Canonical for Ring {
    fn write(&self, w: &mut Writer) {
        w.array(4 + usize::from(self.exercise.is_some()));
        w.item(&self.from).item(&self.to);
        w.uint(self.mode.code()).uint(self.for_ms);
        if let Some(exercise) = &self.exercise {
            w.item(exercise);
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let len = r.array("ring", 5)?;
        if len < 4 {
            return Err(invalid("ring"));
        }
        let ring = Self {
            from: r.item()?,
            to: r.item()?,
            mode: Mode::from_code(r.uint("mode")?)?,
            for_ms: r.uint_up_to("time to ring", limits::RING_MAX_MS)?,
            exercise: (len == 5).then(|| r.item()).transpose()?,
        };
        if ring.for_ms < limits::RING_MIN_MS {
            return Err(invalid("time to ring: too short"));
        }
        if ring.from.party == ring.to.party {
            return Err(invalid("ring: within one party"));
        }
        Ok(ring)
    }
}

impl Canonical for Ringing {
    fn write(&self, w: &mut Writer) {
        w.array(1).item(&self.ring);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("ringing", 1)?;
        Ok(Self { ring: r.item()? })
    }
}

impl Canonical for Answered {
    fn write(&self, w: &mut Writer) {
        w.array(3).item(&self.ring).uint(self.answer.code());
        w.optional_uint(self.call_back);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("answer", 3)?;
        let answered = Self {
            ring: r.item()?,
            answer: Answer::from_code(r.uint("answer")?)?,
            call_back: r.optional(|r| r.uint_up_to("call back", limits::LATEST_TIME_MS))?,
        };
        if answered.answer == Answer::Accept && answered.call_back.is_some() {
            return Err(invalid("answer: accepts and wants to be called back"));
        }
        Ok(answered)
    }
}

impl Canonical for Outcome {
    fn write(&self, w: &mut Writer) {
        w.array(3).item(&self.ring).uint(self.ending.code());
        w.optional_bytes(self.cites.as_ref().map(EntryId::as_bytes));
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("outcome", 3)?;
        let outcome = Self {
            ring: r.item()?,
            ending: Ending::from_code(r.uint("ending")?)?,
            cites: r.optional(Reader::item)?,
        };
        if outcome.ending.cites() != outcome.cites.is_some() {
            return Err(invalid("outcome: cites what it should not, or nothing"));
        }
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PartyId;
    use crate::office::OfficeId;

    fn ring(for_ms: u64) -> Ring {
        let office = |party| OfficeRef {
            party: PartyId([party; 32]),
            office: OfficeId::new("watch").expect("an office"),
        };
        Ring {
            from: office(1),
            to: office(2),
            mode: Mode::Text,
            for_ms,
            exercise: None,
        }
    }

    /// OL-501
    #[test]
    fn a_ring_lasts_from_five_seconds_to_half_an_hour() {
        for (for_ms, may) in [
            (4_999, false),
            (5_000, true),
            (1_800_000, true),
            (1_800_001, false),
        ] {
            let read = Ring::from_bytes(&ring(for_ms).to_bytes());
            assert_eq!(read.is_ok(), may, "{for_ms}");
        }
    }

    /// OL-504: *withdrawn* and *unreachable* have no ground to cite, all others have one.
    #[test]
    fn an_outcome_cites_its_ground_and_nothing_else() {
        for &ending in Ending::ALL {
            for cites in [None, Some(EntryId([7; 32]))] {
                let ring = EntryId([1; 32]);
                let outcome = Outcome {
                    ring,
                    ending,
                    cites,
                };
                let has_none = matches!(ending, Ending::Withdrawn | Ending::Unreachable);
                let read = Outcome::from_bytes(&outcome.to_bytes());
                assert_eq!(read.is_ok(), has_none == cites.is_none(), "{outcome:?}");
            }
        }
    }
}
