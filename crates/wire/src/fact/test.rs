//! The facts of a test of the line: call-up, ready, text, answer.
//!
//! Their mark is signed as *test* or they are refused (OL-745), so none is ever taken for what is meant.

use sha2::{Digest as _, Sha256};

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::codes::{Answerer, Attestation, Mark};
use crate::header::Header;
use crate::ids::{Digest, EntryId};

/// A test begins (OL-741).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallUp {
    /// Its place in the timetable: cadences since 1970 by the author's clock; none if a person asked for it.
    pub turn: Option<u64>,
}

/// The other side is there for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ready {
    /// The call-up.
    pub call_up: EntryId,
}

/// The text of a test, which is the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TestText {
    /// The ready that it follows.
    pub ready: EntryId,
}

/// What was read of it (OL-744).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TestAnswer {
    /// The text.
    pub text: EntryId,
    /// Who read it.
    pub by: Answerer,
    /// SHA-256 of the content of the body, as it was read.
    pub content: Digest,
}

/// What a test answer says of a body: SHA-256 of its content.
pub fn digest_of(content: &[u8]) -> Digest {
    Digest(Sha256::digest(content).into())
}

macro_rules! marked_as_test {
    ($($fact:ident)*) => {$(
        impl $fact {
            /// Reads the fact of a header that is marked as a test.
            pub(super) fn of(header: &Header) -> Result<Self, DecodeError> {
                marked_as_test(header)?;
                Self::from_bytes(&header.fact)
            }
        }
    )*};
}
marked_as_test!(CallUp Ready TestText);

fn marked_as_test(header: &Header) -> Result<(), DecodeError> {
    match header.mark {
        Mark::Test => Ok(()),
        _ => Err(invalid("mark: a test says that it is one")),
    }
}

impl TestAnswer {
    /// Reads the fact of a header. No machine answers as a person, and no person as a machine.
    pub(super) fn of(header: &Header) -> Result<Self, DecodeError> {
        marked_as_test(header)?;
        let answer = Self::from_bytes(&header.fact)?;
        let fits = match answer.by {
            Answerer::Machine => header.actor.attestation == Attestation::Station,
            Answerer::Person => header.actor.is_a_person(),
        };
        match fits {
            true => Ok(answer),
            false => Err(invalid("test answer: by somebody else than it says")),
        }
    }
}

impl Canonical for CallUp {
    fn write(&self, w: &mut Writer) {
        w.array(1).optional_uint(self.turn);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("call-up", 1)?;
        let turn = r.optional(|r| r.uint("turn"))?;
        Ok(Self { turn })
    }
}

impl Canonical for Ready {
    fn write(&self, w: &mut Writer) {
        w.array(1).item(&self.call_up);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("ready", 1)?;
        let call_up = r.item()?;
        Ok(Self { call_up })
    }
}

impl Canonical for TestText {
    fn write(&self, w: &mut Writer) {
        w.array(1).item(&self.ready);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("test text", 1)?;
        Ok(Self { ready: r.item()? })
    }
}

impl Canonical for TestAnswer {
    fn write(&self, w: &mut Writer) {
        w.array(3).item(&self.text).uint(self.by.code());
        w.item(&self.content);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("test answer", 3)?;
        Ok(Self {
            text: r.item()?,
            by: Answerer::from_code(r.uint("answerer")?)?,
            content: r.item()?,
        })
    }
}
