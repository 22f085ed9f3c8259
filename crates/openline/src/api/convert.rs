//! From what the station holds to what the API shows.

use jiff::Timestamp;
use openline_proto::verdict;
use openline_store::{Confirmation, NamedEntry, Reader, StoreError};
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::{Kind, Mark, Stage};
use openline_wire::entry::Entry as SignedEntry;
use openline_wire::fact::{ExerciseAccepted, ExerciseEnded, Fact};
use openline_wire::header::{self, Chain};
use openline_wire::ids::{self, EntryId, LineId, PartyId};
use openline_wire::text::Text;

use super::exercises;
use super::line_tests;
use super::problem::Words;
use super::rosters;
use super::types::{
    Actor, Announced, Author, Entry, Evidence, Fact as FactJson, Line, Notice, NumberCompared,
    Party, Silence, Stage as StageJson, Unopened,
};
use crate::station::board::{Board, LineState, Noticed, Unusable};
use crate::station::peers::LineInfo;

/// A time in RFC 3339, in UTC. Beyond the calendar's end there is none to show.
pub fn rfc3339(ms: u64) -> String {
    let time = i64::try_from(ms).ok().map(Timestamp::from_millisecond);
    match time {
        Some(Ok(time)) => format!("{time:.3}"),
        _ => String::new(),
    }
}

/// A line, shown to a reader of a language.
pub struct View<'a> {
    /// The line.
    pub info: &'a LineInfo,
    /// BCP 47.
    pub language: &'a str,
    /// What a running station knows before its store does.
    pub recent: Option<&'a Board>,
}

impl View<'_> {
    /// A boot, with its party's name.
    pub fn author(&self, author: &ids::Author) -> Author {
        Author {
            party: author.party.to_string(),
            node: author.node.to_string(),
            boot: author.boot.to_string(),
            name: self.info.name(author.party, self.language).to_owned(),
        }
    }

    /// A party.
    pub fn party(&self, party: PartyId) -> Party {
        Party {
            party: party.to_string(),
            name: self.info.name(party, self.language).to_owned(),
            ours: party == self.info.ours,
        }
    }

    /// An entry without its stages, as if it had reached none.
    pub fn entry(&self, named: &NamedEntry) -> Entry {
        let (stored, header) = (&named.stored, named.stored.entry.header());
        let text = text_of(&stored.entry);
        Entry {
            id: stored.entry.id().to_string(),
            short: named.name.to_string(),
            line: stored.line.to_string(),
            author: self.author(&header.author),
            ours: header.author.party == self.info.ours,
            stream: header.stream.word().to_owned(),
            sequence: header.sequence,
            kind: header.kind.word().to_owned(),
            precedence: header.precedence.word().to_owned(),
            mark: header.mark.word().to_owned(),
            exercise: None,
            breaks_in: false,
            lang: text.as_ref().map(|text| text.language.clone()),
            files: match (header.kind, &text) {
                (Kind::Message, Some(text)) => text.attachments.iter().map(Into::into).collect(),
                _ => Vec::new(),
            },
            text: text.map(|text| text.text),
            text_state: text_state(&stored.entry).map(str::to_owned),
            reply_to: header.reply_to.map(|id| id.to_string()),
            reply_to_short: None,
            actor: actor(&header.actor),
            fact: self.fact(&stored.entry),
            time_ms: header.time,
            time: rfc3339(header.time),
            received_ms: stored.received,
            received: rfc3339(stored.received),
            cursor: stored.cursor,
            stages: Vec::new(),
            not_shown: header.kind == Kind::Message && header.author.party != self.info.ours,
        }
    }

    fn fact(&self, entry: &SignedEntry) -> FactJson {
        match entry.fact() {
            Fact::Receipt(receipt) => FactJson {
                stage: Some(Stage::word(receipt.stage).to_owned()),
                targets: receipt.targets.iter().map(ToString::to_string).collect(),
                ..FactJson::default()
            },
            Fact::Silence(silence) => FactJson {
                silence: Some(Silence {
                    from_ms: silence.from,
                    until_ms: silence.until,
                    reason: silence.reason.word().to_owned(),
                }),
                ..FactJson::default()
            },
            Fact::Roster(roster) => FactJson {
                shifts: roster.shifts.iter().map(rosters::shift).collect(),
                ..FactJson::default()
            },
            Fact::ExerciseProposed(it) => FactJson {
                ms: Some(it.until),
                ..FactJson::default()
            },
            Fact::ExerciseAccepted(ExerciseAccepted { proposal })
            | Fact::ExerciseEnded(ExerciseEnded { proposal }) => FactJson {
                proposal: Some(proposal.to_string()),
                ..FactJson::default()
            },
            Fact::HandOver(hand_over) => FactJson {
                to: Some(hand_over.to),
                ..FactJson::default()
            },
            Fact::Suspended(suspended) => FactJson {
                says: Some(suspended.reason.word().to_owned()),
                ..FactJson::default()
            },
            Fact::ReachableAt(list) => FactJson {
                addresses: list.addresses.iter().map(ToString::to_string).collect(),
                ..FactJson::default()
            },
            fact if entry.header().kind.is_of_a_test() => line_tests::fact(&fact),
            fact => self.fact_of_a_contact(&fact),
        }
    }

    /// What the board knows and the store does not yet.
    fn just_confirmed(&self, line: &LineId, chain: &Chain, sequence: u64) -> Option<Confirmation> {
        let said = self.recent?.just_confirmed(line, chain, sequence)?;
        Some(Confirmation {
            by: said.by,
            size: sequence + 1,
            at: said.at.wall,
            their_time: said.their_time,
        })
    }

    /// "Their boot has it on its disk."
    pub fn stored(&self, said: &Confirmation) -> StageJson {
        StageJson {
            stage: "stored".to_owned(),
            who: self.author(&said.by),
            actor: actor(&header::Actor::station()),
            our_ms: said.at,
            their_ms: said.their_time,
        }
    }

    /// What a receipt says; none if the entry is no receipt.
    pub fn receipt(&self, named: &NamedEntry) -> Option<StageJson> {
        let header = named.stored.entry.header();
        let Fact::Receipt(receipt) = named.stored.entry.fact() else {
            return None;
        };
        Some(StageJson {
            stage: receipt.stage.word().to_owned(),
            who: self.author(&header.author),
            actor: actor(&header.actor),
            our_ms: named.stored.received,
            their_ms: header.time,
        })
    }

    /// The line's state.
    pub fn line(&self, state: &LineState, words: &Words) -> Line {
        let info = self.info;
        let trouble = state.trouble.as_ref();
        let mut line = Line {
            line: info.line.to_string(),
            name: info.name(info.theirs, self.language).to_owned(),
            parties: vec![self.party(info.ours), self.party(info.theirs)],
            trouble: trouble.map(|trouble| words.problem(trouble, self.language)),
            notices: state.notices.iter().map(|n| self.notice(n)).collect(),
            alarms: self.alarms(&state.alarms()),
            ..unknown_line()
        };
        if let Some(status) = &state.status {
            self.fill_in(&mut line, status);
        }
        line
    }

    fn fill_in(&self, line: &mut Line, status: &verdict::Status) {
        let (ours, theirs) = status.number_compared;
        line.verdict = status.verdict.word().to_owned();
        line.since_ms = status.since;
        line.since = rfc3339(status.since);
        line.alive_as_of_ms = status.alive_as_of;
        line.alive_as_of = status.alive_as_of.map(rfc3339);
        line.peer = status.peer.as_ref().map(|peer| self.author(peer));
        line.shortcomings = status
            .shortcomings
            .iter()
            .map(|shortcoming| shortcoming.word().to_owned())
            .collect();
        let announced = |silence: &verdict::Announced| Announced {
            by: self.author(&silence.by),
            said_ms: silence.said,
            said: rfc3339(silence.said),
            until_ms: silence.until,
            until: rfc3339(silence.until),
            reason: silence.reason.word().to_owned(),
        };
        line.announced = status.announced.as_ref().map(announced);
        line.overrun = status.overrun.as_ref().map(announced);
        line.announced_here = status.announced_here.as_ref().map(announced);
        line.unopened = status.unopened.map(|unopened| Unopened {
            since_ms: unopened.since,
            since: rfc3339(unopened.since),
            last_ms: unopened.last,
            last: rfc3339(unopened.last),
        });
        line.round_trip_ms = status.round_trip_ms;
        line.loss_permille = status.loss_permille;
        line.clock_offset_ms = status.clock_offset_ms;
        line.generation = status.generation;
        line.epoch = status.epoch;
        line.number_compared = NumberCompared { ours, theirs };
        line.unconfirmed = status.unconfirmed;
        line.watch = status.watch.iter().map(|it| self.on_watch(it)).collect();
        line.planned = status.planned.iter().map(|it| self.planned(it)).collect();
        line.suspended = status
            .suspended
            .iter()
            .map(|it| self.suspension(it))
            .collect();
        let exercises = status.exercises.iter();
        line.exercises = exercises.map(|it| self.exercise(it)).collect();
        let reachable = status.reachable.iter();
        line.reachable = reachable.map(|it| self.reachable(it)).collect();
    }

    /// What deserves attention.
    pub fn notice(&self, notice: &crate::station::board::Notice) -> Notice {
        let (what, by, other, misbehaviour) = match &notice.what {
            Noticed::Misbehaved(by, what) => ("misbehaved", by, None, Some(what.word())),
            Noticed::Restored(by) => ("restored", by, None, None),
            Noticed::Cloned(one, other) => ("cloned", one, Some(other), None),
            Noticed::KeysAsked(by) => ("keys-asked", by, None, None),
            Noticed::KeysRenewed(by) => ("keys-renewed", by, None, None),
        };
        Notice {
            what: what.to_owned(),
            at_ms: notice.at,
            count: notice.count,
            by: self.author(by),
            other: other.map(|other| self.author(other)),
            misbehaviour: misbehaviour.map(str::to_owned),
        }
    }

    /// Proof of misbehaviour.
    pub fn evidence(&self, evidence: &openline_store::Evidence) -> Evidence {
        Evidence {
            line: self.info.line.to_string(),
            by: self.author(&evidence.by),
            what: evidence.what.word().to_owned(),
            at_ms: evidence.at,
            proof: evidence.proof.iter().map(|bytes| hex(bytes)).collect(),
        }
    }
}

/// Adds what only the record knows: the names of the entries that it is about, and the stages that a message has
/// reached. `stored` is theirs to say of ours; of theirs, `received` says it.
pub fn with_stages(
    view: &View<'_>,
    reader: &Reader,
    named: &NamedEntry,
) -> Result<Entry, StoreError> {
    let mut entry = view.entry(named);
    let header = named.stored.entry.header();
    entry.exercise = exercises::exercise_of(reader, named)?.map(|id| id.to_string());
    entry.breaks_in = view.breaks_in(reader, named)?;
    if let Some(id) = &header.reply_to {
        entry.reply_to_short = short_name(reader, id)?;
    }
    if let Some(ring) = entry.fact.ring.as_deref().and_then(EntryId::from_hex) {
        entry.fact.ring_short = short_name(reader, &ring)?;
    }
    if let Some(proposal) = entry.fact.proposal.as_deref().and_then(EntryId::from_hex) {
        entry.fact.proposal_short = short_name(reader, &proposal)?;
    }
    line_tests::complete(reader, named, &mut entry.fact)?;
    if let Fact::Receipt(receipt) = named.stored.entry.fact() {
        entry.fact.void = !names_a_person(&header.actor);
        let mut practised = 0;
        for target in &receipt.targets {
            let Some(target) = reader.by_id(target)? else {
                continue;
            };
            practised += usize::from(target.stored.entry.header().mark == Mark::Exercise);
            entry.fact.targets_short.push(target.name.to_string());
            let author = target.stored.entry.header().author.party;
            entry.fact.void |= author == header.author.party;
        }
        let mark = Mark::Exercise.word().to_owned();
        entry.fact.targets_mark = (practised == receipt.targets.len()).then_some(mark);
    }
    if header.kind != Kind::Message {
        return Ok(entry);
    }
    let receipts = reader.receipts_for(&named.stored.entry.id())?;
    if entry.ours {
        let (line, chain) = (&named.stored.line, header.chain());
        let mut said = reader.confirmations(line, &chain, header.sequence)?;
        if said.is_empty() {
            said.extend(view.just_confirmed(line, &chain, header.sequence));
        }
        let stages = said.iter().map(|said| view.stored(said));
        entry.stages.extend(stages);
    }
    let author = header.author.party;
    let said = receipts.iter().filter(|it| proves_something(it, author));
    let said = said.filter_map(|receipt| view.receipt(receipt));
    entry.stages.extend(said);
    let ours = view.info.ours.to_string();
    entry.not_shown &= !entry.stages.iter().any(|stage| stage.who.party == ours);
    Ok(entry)
}

fn short_name(reader: &Reader, id: &EntryId) -> Result<Option<String>, StoreError> {
    Ok(reader.by_id(id)?.map(|named| named.name.to_string()))
}

/// Who acted.
pub fn actor(actor: &header::Actor) -> Actor {
    Actor {
        name: actor.name.clone(),
        attestation: actor.attestation.word().to_owned(),
        evidence: actor.evidence.clone(),
    }
}

/// Whether a receipt says something of a message of this party: a person of the other side signed for it. Nobody's
/// word for his own message says that anybody was reached, and a station alone can't read.
pub fn proves_something(receipt: &NamedEntry, author: PartyId) -> bool {
    let header = receipt.stored.entry.header();
    header.author.party != author && names_a_person(&header.actor)
}

fn names_a_person(actor: &header::Actor) -> bool {
    !actor.name.trim().is_empty()
}

/// Why a text that belongs to an entry is not here; none if it is, or if there need not be one. A header without its
/// body is authentic, and its author may show the text to others later: whoever had signed *read* by then would seem to
/// have read it.
pub fn text_state(entry: &SignedEntry) -> Option<&'static str> {
    let header = entry.header();
    let must_be_there = match header.kind {
        Kind::Message | Kind::ServiceNote => true,
        Kind::Silence => header.commitment.is_some(),
        kind if kind.carries_text() => header.commitment.is_some(),
        _ => return None,
    };
    match (entry.body(), text_of(entry)) {
        (_, Some(_)) => None,
        (Some(_), None) => Some("unreadable"),
        (None, None) => must_be_there.then_some("withheld"),
    }
}

/// The text of an entry, if it is here and can be read.
pub fn text_of(entry: &SignedEntry) -> Option<Text> {
    let body = entry.body()?;
    Text::from_bytes(&body.content).ok()
}

/// A line whose files are damaged: that it is there, what it is called if that can be told, and why it is not
/// taken up.
pub fn unusable_line(line: &Unusable, words: &Words, language: &str) -> Line {
    Line {
        line: line.line.to_string(),
        name: line.name(language),
        trouble: Some(words.problem(&line.trouble, language)),
        ..unknown_line()
    }
}

/// A line of which the core has said nothing yet.
fn unknown_line() -> Line {
    Line {
        line: String::new(),
        name: String::new(),
        parties: Vec::new(),
        verdict: verdict::Verdict::Opening.word().to_owned(),
        since_ms: 0,
        since: rfc3339(0),
        alive_as_of_ms: None,
        alive_as_of: None,
        peer: None,
        shortcomings: Vec::new(),
        announced: None,
        overrun: None,
        announced_here: None,
        unopened: None,
        round_trip_ms: None,
        loss_permille: None,
        clock_offset_ms: None,
        generation: 0,
        epoch: 0,
        number_compared: NumberCompared {
            ours: false,
            theirs: false,
        },
        unconfirmed: 0,
        cursor: None,
        not_shown: None,
        ways: Vec::new(),
        alarms: Vec::new(),
        watch: Vec::new(),
        planned: Vec::new(),
        suspended: Vec::new(),
        reachable: Vec::new(),
        exercises: Vec::new(),
        tests: None,
        rings: Vec::new(),
        contacts: Vec::new(),
        trouble: None,
        notices: Vec::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_with_milliseconds_in_utc() {
        assert_eq!(rfc3339(1_645_660_800_007), "2022-02-24T00:00:00.007Z");
        assert_eq!(rfc3339(u64::MAX), "");
    }
}
