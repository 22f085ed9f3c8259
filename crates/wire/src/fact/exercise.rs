//! The facts of exercises: one party proposes, the other accepts, either ends.
//!
//! To agree on an exercise is a real act of a person: a header whose mark is another one, or whose actor is the station itself,
//! is refused (OL-784).

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::codes::Mark;
use crate::header::Header;
use crate::ids::EntryId;
use crate::limits;

/// A party proposes an exercise (OL-781). What is exercised is the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExerciseProposed {
    /// When it ends by itself, UTC in milliseconds by the author's clock.
    pub until: u64,
}

/// Another party accepts it (OL-782). The exercise is named by this entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExerciseAccepted {
    /// The proposal.
    pub proposal: EntryId,
}

/// A party ends it, or takes the proposal back (OL-783).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExerciseEnded {
    /// The proposal: whoever accepted it.
    pub proposal: EntryId,
}

/// In which exercise a text is written (OL-785).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InExercise {
    /// The entry that accepted it.
    pub exercise: EntryId,
}

impl ExerciseProposed {
    /// Reads the fact of a header.
    pub(super) fn of(header: &Header) -> Result<Self, DecodeError> {
        is_agreed_by_a_person(header)?;
        let proposed = Self::from_bytes(&header.fact)?;
        match header.commitment {
            Some(_) => Ok(proposed),
            None => Err(invalid("exercise: about nothing")),
        }
    }
}

impl ExerciseAccepted {
    /// Reads the fact of a header.
    pub(super) fn of(header: &Header) -> Result<Self, DecodeError> {
        is_agreed_by_a_person(header)?;
        Self::from_bytes(&header.fact)
    }
}

impl ExerciseEnded {
    /// Reads the fact of a header.
    pub(super) fn of(header: &Header) -> Result<Self, DecodeError> {
        is_agreed_by_a_person(header)?;
        Self::from_bytes(&header.fact)
    }
}

impl InExercise {
    /// Reads the fact of a text that has one: it stands in an exercise, and says so.
    pub(super) fn of(header: &Header) -> Result<Self, DecodeError> {
        may_name_an_exercise(header)?;
        Self::from_bytes(&header.fact)
    }
}

/// Nothing that is meant, and no test, stands in an exercise (OL-785).
pub(super) fn may_name_an_exercise(header: &Header) -> Result<(), DecodeError> {
    match header.mark {
        Mark::Exercise => Ok(()),
        Mark::Real | Mark::Test => Err(invalid("exercise: named by what is none")),
    }
}

fn is_agreed_by_a_person(header: &Header) -> Result<(), DecodeError> {
    if !header.actor.is_a_person() {
        return Err(invalid("actor: nobody by name"));
    }
    match header.mark {
        Mark::Real => Ok(()),
        Mark::Exercise | Mark::Test => Err(invalid("mark: an exercise is agreed on in earnest")),
    }
}

impl Canonical for ExerciseProposed {
    fn write(&self, w: &mut Writer) {
        w.array(1).uint(self.until);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("exercise proposed", 1)?;
        let until = r.uint_up_to("until", limits::LATEST_TIME_MS)?;
        Ok(Self { until })
    }
}

macro_rules! names_one_entry {
    ($($fact:ident $field:ident $what:literal)*) => {$(
        impl Canonical for $fact {
            fn write(&self, w: &mut Writer) {
                w.array(1).item(&self.$field);
            }

            fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.array_of($what, 1)?;
                Ok(Self { $field: r.item()? })
            }
        }
    )*};
}
names_one_entry!(
    ExerciseAccepted proposal "exercise accepted"
    ExerciseEnded proposal "exercise ended"
    InExercise exercise "in an exercise"
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{Attestation, Kind, Precedence, Stream};
    use crate::fact::{Fact, Ring};
    use crate::header::Actor;
    use crate::ids::{Author, BootId, Digest, LineId, NodeId, PartyId};
    use crate::office::{OfficeId, OfficeRef};

    fn header(kind: Kind, mark: Mark, fact: Vec<u8>) -> Header {
        let author = Author {
            party: PartyId([1; 32]),
            node: NodeId([1; 32]),
            boot: BootId([1; 16]),
        };
        Header {
            line: LineId([0; 32]),
            author,
            stream: Stream::Urgent,
            sequence: 1,
            previous: Some(EntryId([2; 32])),
            heads: Vec::new(),
            time: 1_000,
            kind,
            mark,
            precedence: Precedence::Immediate,
            reply_to: None,
            actor: Actor {
                name: "Lt. Orlova".to_owned(),
                attestation: Attestation::UnixUser,
                evidence: String::new(),
            },
            fact,
            commitment: Some(Digest([3; 32])),
        }
    }

    fn all() -> [(Kind, Vec<u8>); 3] {
        let proposal = EntryId([4; 32]);
        [
            (
                Kind::ExerciseProposed,
                ExerciseProposed { until: 2_000 }.to_bytes(),
            ),
            (
                Kind::ExerciseAccepted,
                ExerciseAccepted { proposal }.to_bytes(),
            ),
            (Kind::ExerciseEnded, ExerciseEnded { proposal }.to_bytes()),
        ]
    }

    /// OL-784
    #[test]
    fn a_person_agrees_on_an_exercise_and_in_earnest() {
        for (kind, fact) in all() {
            let right = header(kind, Mark::Real, fact.clone());
            assert!(Fact::of(&right).is_ok(), "{kind:?}");
            for mark in [Mark::Exercise, Mark::Test] {
                let practised = header(kind, mark, fact.clone());
                assert!(Fact::of(&practised).is_err(), "{kind:?} {mark:?}");
            }
            let by_nobody = Header {
                actor: Actor::station(),
                ..right
            };
            assert!(Fact::of(&by_nobody).is_err(), "{kind:?}");
        }
    }

    /// OL-781 OL-782 OL-783
    #[test]
    fn a_proposal_says_what_is_exercised_and_the_others_name_it() {
        let [(proposed, fact), rest @ ..] = all();
        let about_nothing = Header {
            commitment: None,
            ..header(proposed, Mark::Real, fact)
        };
        assert!(Fact::of(&about_nothing).is_err());
        for (kind, _) in rest {
            let of_nothing = header(kind, Mark::Real, vec![0x81, 0xF6]);
            assert!(Fact::of(&of_nothing).is_err(), "{kind:?}");
        }
    }

    /// OL-785
    #[test]
    fn only_what_is_marked_as_an_exercise_names_one() {
        let exercise = EntryId([5; 32]);
        let office = |party| OfficeRef {
            party: PartyId([party; 32]),
            office: OfficeId::new("watch").expect("an office"),
        };
        let ring = |exercise| Ring {
            from: office(1),
            to: office(2),
            mode: crate::codes::Mode::Text,
            for_ms: limits::RING_MIN_MS,
            exercise,
        };
        let text = InExercise { exercise }.to_bytes();
        for mark in Mark::ALL {
            let may = *mark == Mark::Exercise;
            let named = header(Kind::Message, *mark, text.clone());
            assert_eq!(Fact::of(&named).is_ok(), may, "{mark:?}");
            let named = header(Kind::Ring, *mark, ring(Some(exercise)).to_bytes());
            assert_eq!(Fact::of(&named).is_ok(), may, "{mark:?}");
            let bare = header(Kind::Message, *mark, Vec::new());
            assert!(Fact::of(&bare).is_ok(), "{mark:?}");
            let bare = header(Kind::Ring, *mark, ring(None).to_bytes());
            assert!(Fact::of(&bare).is_ok(), "{mark:?}");
        }
        let note = header(Kind::ServiceNote, Mark::Exercise, text);
        assert!(Fact::of(&note).is_err(), "operators' talk stands in none");
    }
}
