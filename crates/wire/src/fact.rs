//! Facts: the kind-specific fields of a header that states are computed from. They outlive an erased
//! body.

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::codes::{Kind, SilenceReason, Stage, Stream};
use crate::header::{Chain, Header};
use crate::ids::{Author, BootId, Digest, EntryId};
use crate::limits;

mod contact;
mod exercise;
mod reachable;
mod ring;
mod roster;
mod test;
mod watch;

pub use contact::{
    ContactClosed, Proposal, ReadBack, Settlement, Step, Verified, Verifying, nonce_commitment,
};
pub use exercise::{ExerciseAccepted, ExerciseEnded, ExerciseProposed, InExercise};
pub use reachable::ReachableAt;
pub use ring::{Answered, Outcome, Ring, Ringing};
pub use roster::{Roster, Shift};
pub use test::{CallUp, Ready, TestAnswer, TestText, digest_of};
pub use watch::{
    HandOver, HandOverWithdrawn, Presence, Resumed, Suspended, TakeOver, WatchClosed, WatchOpened,
};

/// The fact of a header, read by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A boot begins.
    Start(Start),
    /// A stage that messages have reached.
    Receipt(Receipt),
    /// A planned silence.
    Silence(Silence),
    /// The safety number was compared.
    NumberCompared(NumberCompared),
    /// One party calls an office of the other.
    Ring(Ring),
    /// It rings there.
    Ringing(Ringing),
    /// What the called side says to it.
    Answered(Answered),
    /// How it ended.
    Outcome(Outcome),
    /// A station's step towards the code of a contact.
    Verifying(Verifying),
    /// A person compared the codes.
    Verified(Verified),
    /// What is to hold where, from when, until when.
    Proposal(Proposal),
    /// The other side's person says it again.
    ReadBack(ReadBack),
    /// The side that proposed confirms or withdraws.
    Settlement(Settlement),
    /// A contact is over.
    ContactClosed(ContactClosed),
    /// Who is to be on watch when.
    Roster(Roster),
    /// A watch begins.
    WatchOpened(WatchOpened),
    /// Its officer is there.
    Presence(Presence),
    /// Who goes names who is to come.
    HandOver(HandOver),
    /// He takes it back.
    HandOverWithdrawn(HandOverWithdrawn),
    /// Who comes is on watch.
    TakeOver(TakeOver),
    /// A watch ends.
    WatchClosed(WatchClosed),
    /// A party suspends the line.
    Suspended(Suspended),
    /// It ends that.
    Resumed(Resumed),
    /// A test of the line begins.
    CallUp(CallUp),
    /// The other side is there for it.
    Ready(Ready),
    /// The text of a test is the body.
    TestText(TestText),
    /// What was read of it.
    TestAnswer(TestAnswer),
    /// A party proposes an exercise.
    ExerciseProposed(ExerciseProposed),
    /// Another accepts it.
    ExerciseAccepted(ExerciseAccepted),
    /// A party ends it.
    ExerciseEnded(ExerciseEnded),
    /// In which exercise a text is written.
    InExercise(InExercise),
    /// Where a node can be reached from now on.
    ReachableAt(ReachableAt),
    /// The kind has no fact.
    None,
    /// The kind is from a newer version: kept as it is.
    Unknown,
}

impl Fact {
    /// Reads the fact of a header. A known kind with a fact that is not its own is refused.
    pub fn of(header: &Header) -> Result<Self, DecodeError> {
        let bytes = &header.fact;
        match header.kind {
            Kind::Start => Start::from_bytes(bytes).map(Self::Start),
            Kind::Receipt => Receipt::from_bytes(bytes).map(Self::Receipt),
            Kind::Silence => Silence::from_bytes(bytes).map(Self::Silence),
            Kind::NumberCompared => NumberCompared::from_bytes(bytes).map(Self::NumberCompared),
            Kind::Ring => Ring::of(header).map(Self::Ring),
            Kind::Ringing => Ringing::from_bytes(bytes).map(Self::Ringing),
            Kind::Answer => Answered::from_bytes(bytes).map(Self::Answered),
            Kind::Outcome => Outcome::from_bytes(bytes).map(Self::Outcome),
            Kind::Verifying => Verifying::from_bytes(bytes).map(Self::Verifying),
            kind if kind.is_of_a_contact() => contact::of_a_person(header),
            Kind::Roster => Roster::of(header).map(Self::Roster),
            Kind::WatchOpened => WatchOpened::of(header).map(Self::WatchOpened),
            Kind::Presence => Presence::of(header).map(Self::Presence),
            Kind::HandOver => HandOver::of(header).map(Self::HandOver),
            Kind::HandOverWithdrawn => HandOverWithdrawn::of(header).map(Self::HandOverWithdrawn),
            Kind::TakeOver => TakeOver::of(header).map(Self::TakeOver),
            Kind::WatchClosed => WatchClosed::of(header).map(Self::WatchClosed),
            Kind::Suspended => Suspended::of(header).map(Self::Suspended),
            Kind::Resumed => Resumed::of(header).map(Self::Resumed),
            Kind::CallUp => CallUp::of(header).map(Self::CallUp),
            Kind::Ready => Ready::of(header).map(Self::Ready),
            Kind::TestText => TestText::of(header).map(Self::TestText),
            Kind::TestAnswer => TestAnswer::of(header).map(Self::TestAnswer),
            Kind::ExerciseProposed => ExerciseProposed::of(header).map(Self::ExerciseProposed),
            Kind::ExerciseAccepted => ExerciseAccepted::of(header).map(Self::ExerciseAccepted),
            Kind::ExerciseEnded => ExerciseEnded::of(header).map(Self::ExerciseEnded),
            Kind::ReachableAt => ReachableAt::of(header).map(Self::ReachableAt),
            Kind::Message | Kind::ServiceNote if bytes.is_empty() => Ok(Self::None),
            Kind::Message => InExercise::of(header).map(Self::InExercise),
            Kind::ServiceNote => Err(invalid("fact: this kind has none")),
            _ => Ok(Self::Unknown),
        }
    }

    /// The bytes that go into a header.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Start(fact) => fact.to_bytes(),
            Self::Receipt(fact) => fact.to_bytes(),
            Self::Silence(fact) => fact.to_bytes(),
            Self::NumberCompared(fact) => fact.to_bytes(),
            Self::Ring(fact) => fact.to_bytes(),
            Self::Ringing(fact) => fact.to_bytes(),
            Self::Answered(fact) => fact.to_bytes(),
            Self::Outcome(fact) => fact.to_bytes(),
            Self::Verifying(fact) => fact.to_bytes(),
            Self::Verified(fact) => fact.to_bytes(),
            Self::Proposal(fact) => fact.to_bytes(),
            Self::ReadBack(fact) => fact.to_bytes(),
            Self::Settlement(fact) => fact.to_bytes(),
            Self::ContactClosed(fact) => fact.to_bytes(),
            Self::Roster(fact) => fact.to_bytes(),
            Self::WatchOpened(fact) => fact.to_bytes(),
            Self::Presence(fact) => fact.to_bytes(),
            Self::HandOver(fact) => fact.to_bytes(),
            Self::HandOverWithdrawn(fact) => fact.to_bytes(),
            Self::TakeOver(fact) => fact.to_bytes(),
            Self::WatchClosed(fact) => fact.to_bytes(),
            Self::Suspended(fact) => fact.to_bytes(),
            Self::Resumed(fact) => fact.to_bytes(),
            Self::CallUp(fact) => fact.to_bytes(),
            Self::Ready(fact) => fact.to_bytes(),
            Self::TestText(fact) => fact.to_bytes(),
            Self::TestAnswer(fact) => fact.to_bytes(),
            Self::ExerciseProposed(fact) => fact.to_bytes(),
            Self::ExerciseAccepted(fact) => fact.to_bytes(),
            Self::ExerciseEnded(fact) => fact.to_bytes(),
            Self::InExercise(fact) => fact.to_bytes(),
            Self::ReachableAt(fact) => fact.to_bytes(),
            Self::None | Self::Unknown => Vec::new(),
        }
    }
}

/// The end of an earlier boot's chain of the same node, as a later start names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Frontier {
    /// The earlier boot.
    pub boot: BootId,
    /// Which of its chains.
    pub stream: Stream,
    /// Entries in it.
    pub size: u64,
    /// The last of them.
    pub last: EntryId,
    /// The RFC 6962 root of its tree.
    pub root: Digest,
}

impl Frontier {
    /// The chain that a start of `author` names by this.
    pub fn chain(&self, author: &Author) -> Chain {
        let boot = self.boot;
        Chain {
            author: Author { boot, ..*author },
            stream: self.stream,
        }
    }
}

/// A boot begins (rule 4): where the node's earlier chains ended, as far as this disk knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Chains that no start named here has covered already, in ascending order.
    pub frontier: Vec<Frontier>,
}

/// Messages of the other party that have reached a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The stage; the header's actor is who vouches for it.
    pub stage: Stage,
    /// The messages, at least one, in ascending order.
    pub targets: Vec<EntryId>,
}

/// "We shall be silent from … until …" (C2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Begin, UTC in milliseconds by the author's clock.
    pub from: u64,
    /// End, likewise; later than the begin.
    pub until: u64,
    /// Why.
    pub reason: SilenceReason,
}

/// "We compared the safety number of these two cards and it agreed."
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberCompared {
    /// SHA-256 of the signer's own card.
    pub own_card: Digest,
    /// SHA-256 of the other party's card.
    pub other_card: Digest,
    /// SHA-256 of the charter.
    pub charter: Digest,
}

impl Canonical for Frontier {
    fn write(&self, w: &mut Writer) {
        w.array(5).item(&self.boot).uint(self.stream.code());
        w.uint(self.size).item(&self.last).item(&self.root);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("frontier", 5)?;
        Ok(Self {
            boot: r.item()?,
            stream: Stream::from_code(r.uint("stream")?)?,
            size: r.uint("size")?,
            last: r.item()?,
            root: r.item()?,
        })
    }
}

impl Canonical for Start {
    fn write(&self, w: &mut Writer) {
        w.array(1).items(&self.frontier);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("start", 1)?;
        let frontier: Vec<Frontier> = r.items("frontier", limits::FRONTIER)?;
        let ascends = frontier.is_sorted_by(|a, b| (a.boot, a.stream) < (b.boot, b.stream));
        if !ascends || frontier.iter().any(|chain| chain.size == 0) {
            return Err(invalid("frontier: out of order, or an empty chain"));
        }
        Ok(Self { frontier })
    }
}

impl Canonical for Receipt {
    fn write(&self, w: &mut Writer) {
        w.array(2).uint(self.stage.code()).items(&self.targets);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("receipt", 2)?;
        let stage = Stage::from_code(r.uint("stage")?)?;
        let targets: Vec<EntryId> = r.items("receipt targets", limits::RECEIPT_TARGETS)?;
        if targets.is_empty() || !targets.is_sorted_by(|a, b| a < b) {
            return Err(invalid("receipt targets: none, or out of order"));
        }
        Ok(Self { stage, targets })
    }
}

impl Canonical for Silence {
    fn write(&self, w: &mut Writer) {
        w.array(3).uint(self.from).uint(self.until);
        w.uint(self.reason.code());
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("silence", 3)?;
        let silence = Self {
            from: r.uint_up_to("from", limits::LATEST_TIME_MS)?,
            until: r.uint_up_to("until", limits::LATEST_TIME_MS)?,
            reason: SilenceReason::from_code(r.uint("silence reason")?)?,
        };
        if silence.until <= silence.from {
            return Err(invalid("silence: ends before it begins"));
        }
        Ok(silence)
    }
}

impl Canonical for NumberCompared {
    fn write(&self, w: &mut Writer) {
        w.array(3).item(&self.own_card);
        w.item(&self.other_card).item(&self.charter);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("number compared", 3)?;
        Ok(Self {
            own_card: r.item()?,
            other_card: r.item()?,
            charter: r.item()?,
        })
    }
}
