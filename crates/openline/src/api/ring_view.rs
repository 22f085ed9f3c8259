//! Rings, from what the station holds to what the API shows.

use openline_proto::ring::book::{Part, Shown};
use openline_proto::ring::held::Standing;
use openline_proto::ring::{called, caller};
use openline_store::{NamedEntry, Reader, StoreError};
use openline_wire::codes::{Ending, Precedence};
use openline_wire::fact::{Answered, Fact, Ring as RingFact};
use openline_wire::header::Header;
use openline_wire::ids::{EntryId, PartyId};
use openline_wire::ladder::Rung;
use openline_wire::office::OfficeRef;

use super::convert::{View, actor, rfc3339};
use super::exercises::exercise_of;
use super::types::{Fact as FactJson, Offer, Office, Ring, RingAnswer, Said};

impl View<'_> {
    /// An office, as the charter and the parties' cards name it.
    pub fn office(&self, office: &OfficeRef) -> Office {
        let named = self.info.charter.offices.iter().find(|it| it.id == *office);
        Office {
            party: office.party.to_string(),
            party_name: self.info.name(office.party, self.language).to_owned(),
            office: office.office.to_string(),
            name: named.map_or_else(
                || office.office.to_string(),
                |office| office.names.in_language(self.language).to_owned(),
            ),
        }
    }

    /// What an entry says that belongs to a ring; nothing if it does not.
    pub(super) fn fact_of_a_ring(&self, fact: &Fact) -> FactJson {
        let of = |ring: &EntryId| Some(ring.to_string());
        match fact {
            Fact::Ring(ring) => FactJson {
                offices: vec![self.office(&ring.from), self.office(&ring.to)],
                ms: Some(ring.for_ms),
                ..FactJson::default()
            },
            Fact::Ringing(it) => FactJson {
                ring: of(&it.ring),
                ..FactJson::default()
            },
            Fact::Answered(it) => FactJson {
                ring: of(&it.ring),
                says: Some(it.answer.word().to_owned()),
                ms: it.call_back,
                ..FactJson::default()
            },
            Fact::Outcome(it) => FactJson {
                ring: of(&it.ring),
                says: Some(it.ending.word().to_owned()),
                ..FactJson::default()
            },
            _ => FactJson::default(),
        }
    }

    pub(super) fn said(&self, named: &NamedEntry) -> Said {
        let (stored, header) = (&named.stored, named.stored.entry.header());
        Said {
            entry: stored.entry.id().to_string(),
            who: self.author(&header.author),
            actor: actor(&header.actor),
            our_ms: stored.received,
            their_ms: header.time,
        }
    }

    /// A ring, with what is known of it; none if the entry is none.
    pub fn ring(
        &self,
        reader: &Reader,
        named: &NamedEntry,
        shown: Option<&Shown>,
        offset: Option<i64>,
    ) -> Result<Option<Ring>, StoreError> {
        let (stored, header) = (&named.stored, named.stored.entry.header());
        let Fact::Ring(fact) = stored.entry.fact() else {
            return Ok(None);
        };
        let said = |id: Option<EntryId>| -> Result<Option<Said>, StoreError> {
            let named = id.map(|id| reader.by_id(&id)).transpose()?.flatten();
            Ok(named.map(|named| self.said(&named)))
        };
        let part = shown.and_then(|shown| shown.part);
        let goes_on = merged_into(reader, shown)?;
        let rang_ms = rang(stored.received, header, self.info.ours, offset);
        let until_ms = rang_ms.saturating_add(fact.for_ms);
        Ok(Some(Ring {
            ring: stored.entry.id().to_string(),
            short: named.name.to_string(),
            ours: header.author.party == self.info.ours,
            from: self.office(&fact.from),
            to: self.office(&fact.to),
            offered: self.offered(&fact, header.precedence, rang_ms),
            precedence: header.precedence.word().to_owned(),
            mark: header.mark.word().to_owned(),
            exercise: exercise_of(reader, named)?.map(|id| id.to_string()),
            mode: fact.mode.word().to_owned(),
            rung: self.said(named),
            for_ms: fact.for_ms,
            until_ms,
            until: rfc3339(until_ms),
            state: shown
                .map_or("unknown", |shown| shown.standing.word())
                .to_owned(),
            is_final: shown.is_some_and(|shown| shown.is_final),
            rings_here: part == Some(Part::Called(called::State::Rings)),
            may_be_withdrawn: matches!(
                part,
                Some(Part::Caller(
                    caller::State::Calling | caller::State::Ringing,
                    _
                ))
            ),
            ringing: said(shown.and_then(|shown| shown.ringing))?,
            answer: self.ring_answer(reader, shown.and_then(|shown| shown.answer))?,
            outcome: said(shown.and_then(|shown| outcome(shown.standing)))?,
            merged_into: goes_on.as_ref().map(|it| it.stored.entry.id().to_string()),
            merged_into_short: goes_on.map(|it| it.name.to_string()),
        }))
    }

    fn offered(&self, ring: &RingFact, precedence: Precedence, rang_ms: u64) -> Vec<Offer> {
        let is_urgent = precedence == Precedence::Flash;
        let charter = &self.info.charter;
        let rungs = charter.ladder(&ring.to, ring.for_ms, is_urgent);
        let offer = |rung: &Rung<'_>| Offer {
            office: self.office(&rung.office.id),
            from_ms: rang_ms.saturating_add(rung.after_ms),
        };
        rungs.iter().map(offer).collect()
    }

    fn ring_answer(
        &self,
        reader: &Reader,
        id: Option<EntryId>,
    ) -> Result<Option<RingAnswer>, StoreError> {
        let named = id.map(|id| reader.by_id(&id)).transpose()?.flatten();
        Ok(named.and_then(|named| {
            let Fact::Answered(Answered {
                answer, call_back, ..
            }) = named.stored.entry.fact()
            else {
                return None;
            };
            Some(RingAnswer {
                answer: answer.word().to_owned(),
                call_back_ms: call_back,
                call_back: call_back.map(rfc3339),
                said: self.said(&named),
            })
        }))
    }
}

/// When a ring began, by our clock. One that was long under way is older than it is here, and its time is over sooner: what our clocks
/// differ by, if that is known, says how much.
fn rang(received: u64, header: &Header, ours: PartyId, offset: Option<i64>) -> u64 {
    match offset.filter(|_| header.author.party != ours) {
        Some(offset) => header.time.saturating_add_signed(-offset).min(received),
        None => received,
    }
}

/// The ring that goes on for both where two met: the outcome cites it.
fn merged_into(reader: &Reader, shown: Option<&Shown>) -> Result<Option<NamedEntry>, StoreError> {
    let decided = shown.and_then(|shown| outcome(shown.standing));
    let decided = decided.map(|id| reader.by_id(&id)).transpose()?.flatten();
    match decided.map(|named| named.stored.entry.fact()) {
        Some(Fact::Outcome(it)) if it.ending == Ending::Merged => {
            let cited = it.cites.map(|id| reader.by_id(&id)).transpose()?;
            Ok(cited.flatten())
        }
        _ => Ok(None),
    }
}

fn outcome(standing: Standing) -> Option<EntryId> {
    match standing {
        Standing::Ended(ended) => Some(ended.id),
        _ => None,
    }
}
