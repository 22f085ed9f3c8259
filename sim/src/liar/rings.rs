//! What a liar signs of rings: calls in the air, ringings and answers for whatever rings there are, and outcomes that are not
//! its to write.

use openline_seal::Agreement;
use openline_wire::codes::{Answer, Ending, Kind, Mode, Stream};
use openline_wire::entry::Entry;
use openline_wire::fact::{Answered, Fact, Outcome, Ring, Ringing};
use openline_wire::ids::EntryId;
use openline_wire::limits;
use openline_wire::office::{OfficeId, OfficeRef};

use super::pen::Pen;

impl<A: Agreement> Pen<'_, A> {
    /// Most stand where they belong; the rest count for nothing.
    pub(super) fn of_a_ring(&mut self, stream: Stream) -> Option<Entry> {
        let stream = match self.dice.chance(900) {
            true => Stream::Urgent,
            false => stream,
        };
        let ring = self.some_ring();
        let (kind, fact) = match self.dice.below(4) {
            0 => (Kind::Ring, Fact::Ring(self.call()?)),
            1 => (Kind::Ringing, Fact::Ringing(Ringing { ring })),
            2 => {
                let answer = self.dice.pick(Answer::ALL)?;
                let call_back = None;
                (
                    Kind::Answer,
                    Fact::Answered(Answered {
                        ring,
                        answer,
                        call_back,
                    }),
                )
            }
            _ => {
                let ending = self.dice.pick(Ending::ALL)?;
                let cites = ending.cites().then(|| self.some_entry());
                (
                    Kind::Outcome,
                    Fact::Outcome(Outcome {
                        ring,
                        ending,
                        cites,
                    }),
                )
            }
        };
        self.of_kind(stream, kind, &fact)
    }

    fn call(&mut self) -> Option<Ring> {
        let office = |party, word| {
            Some(OfficeRef {
                party,
                office: OfficeId::new(word)?,
            })
        };
        Some(Ring {
            from: office(self.node.side.party, "watch")?,
            to: office(self.node.peer.party, "watch")?,
            mode: Mode::Text,
            for_ms: self
                .dice
                .pick(&[limits::RING_MIN_MS, 60_000, limits::RING_MAX_MS])?,
            exercise: None,
        })
    }

    fn some_ring(&mut self) -> EntryId {
        let known = self.dice.pick(&self.loot.rings);
        let random = EntryId(self.dice.bytes());
        known.filter(|_| self.dice.chance(900)).unwrap_or(random)
    }

    fn some_entry(&mut self) -> EntryId {
        let at = self.dice.below(self.book.signed.len() as u64) as usize;
        let own = self.book.signed.get(at).map(Entry::id);
        let random = EntryId(self.dice.bytes());
        own.filter(|_| self.dice.chance(800)).unwrap_or(random)
    }
}
