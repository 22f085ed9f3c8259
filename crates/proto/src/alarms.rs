//! The alarms of a line at work: gathers what is held and heard of each party, hands it to the book
//! ([`crate::alarm::book`]), and does what people ask for. An alarm is put on disk before anybody is told of it.

use std::collections::{BTreeMap, BTreeSet};

use openline_seal::Agreement;
use openline_wire::codes::{Ending, Mark};
use openline_wire::fact::Fact;
use openline_wire::header::Actor;
use openline_wire::ids::{Author, EntryId, PartyId};
use openline_wire::limits;

use crate::alarm::book::{Alarm, Book, NotDone, Request};
use crate::alarm::cause::{Cause, Evidence, Key};
use crate::config::StoredLine;
use crate::contract::{Change, Event, Misbehaviour, Moment, Refusal};
use crate::line::Line;
use crate::ring::book::Book as Rings;
use crate::ring::held::Standing;
use crate::ring::seen::InTurn;
use crate::verdict::{Shortcoming, Status, Verdict, Way, WayState};
use crate::watch::book::Duty;
use crate::watch::known::Starts;

/// The alarms of a line.
#[derive(Debug)]
pub(crate) struct Alarms {
    book: Book,
    /// What a boot before this one left was not told of yet.
    is_fresh: bool,
    misbehaved: BTreeSet<(PartyId, Misbehaviour)>,
    outcomes: BTreeMap<EntryId, Outcome>,
    /// An outcome may leave out of its heads what a start covers.
    starts: Starts,
    /// The outcomes of rings that a party left unanswered, and none was accepted since, by either side.
    unanswered: BTreeSet<(PartyId, EntryId)>,
    /// Who left one more unanswered since the book was told.
    again: BTreeSet<PartyId>,
    codes_differed: bool,
}

/// What the author of an outcome had stored when he wrote it: no clock can say which of two rings ended first.
#[derive(Debug)]
struct Outcome {
    author: Author,
    sequence: u64,
    heads: Vec<(Author, u64)>,
}

impl Alarms {
    /// From what the store holds.
    pub(crate) fn stored(stored: &StoredLine, now: Moment) -> Self {
        let mut book = Book::default();
        book.restore(stored.alarms.iter().cloned(), now);
        let mut this = Self {
            book,
            is_fresh: true,
            misbehaved: stored.misbehaved.clone(),
            outcomes: BTreeMap::new(),
            starts: Starts::default(),
            unanswered: BTreeSet::new(),
            again: BTreeSet::new(),
            // For good, also when the contact is forgotten (OL-626).
            codes_differed: stored.alarms.iter().any(is_of_numbers),
        };
        let entries = stored.told.entries.iter();
        entries.for_each(|entry| this.observe(entry));
        this
    }

    /// What the rings on disk left unanswered. The boots before this one told of it, so none of it happens again.
    pub(crate) fn begin_with(&mut self, rings: &Rings, own: PartyId) {
        self.unanswered = self.left_unanswered(rings, own);
    }

    /// How rings stand now.
    fn take_rings(&mut self, rings: &Rings, own: PartyId) {
        let left = self.left_unanswered(rings, own);
        let new = left.difference(&self.unanswered);
        self.again.extend(new.map(|(party, _)| *party));
        self.unanswered = left;
    }

    /// Takes an entry into account whose turn has come.
    pub(crate) fn observe(&mut self, entry: &InTurn) {
        let note = &entry.note;
        if let Fact::Outcome(_) = &note.fact {
            let outcome = Outcome {
                author: note.author,
                sequence: note.sequence,
                heads: note.heads.clone(),
            };
            self.outcomes.insert(note.id, outcome);
        }
        if let Fact::Start(start) = &note.fact {
            self.starts.observe(note.author, entry.time, start);
        }
    }

    /// Proof of misbehaviour is on record.
    pub(crate) fn misbehaved(&mut self, by: PartyId, what: Misbehaviour) {
        self.misbehaved.insert((by, what));
    }

    /// When time will change one of them.
    pub(crate) fn wake_at(&self) -> Option<u64> {
        self.book.wake_at()
    }

    /// Who left which ring unanswered, and none was accepted since: it rang there; or it was for us, and the caller says that it could not
    /// reach us. Whoever called: once a ring was accepted, both sides were there. Exercises neither raise this alarm nor clear it.
    fn left_unanswered(&mut self, rings: &Rings, own: PartyId) -> BTreeSet<(PartyId, EntryId)> {
        let mut counted = BTreeSet::new();
        let mut unanswered = Vec::new();
        let mut accepted: BTreeMap<Author, u64> = BTreeMap::new();
        for shown in rings.shown() {
            let (Standing::Ended(ended), Some(rung)) = (shown.standing, rings.rung(&shown.ring))
            else {
                continue;
            };
            counted.insert(ended.id);
            if rung.mark != Mark::Real {
                continue;
            }
            let called = rung.ring.to.party;
            match ended.ending {
                Ending::Unanswered => unanswered.push((called, ended.id)),
                Ending::Unreachable if called == own => unanswered.push((called, ended.id)),
                Ending::Accepted => {
                    let last = accepted.entry(rung.author).or_default();
                    *last = ended.sequence.max(*last);
                }
                _ => {}
            }
        }
        let is_since = |(_, outcome): &(PartyId, EntryId)| {
            let outcome = self.outcomes.get(outcome);
            let is_later = |(author, sequence): (&Author, &u64)| {
                outcome.is_some_and(|outcome| !outcome.knows(author, *sequence, &self.starts))
            };
            accepted.iter().any(is_later)
        };
        unanswered.retain(|it| !is_since(it));
        self.forget_outcomes(&counted);
        unanswered.into_iter().collect()
    }

    /// Keeps those that count, and as many others: what an outcome cites may come after it.
    fn forget_outcomes(&mut self, counted: &BTreeSet<EntryId>) {
        let mut others = 0;
        self.outcomes.retain(|id, _| {
            others += usize::from(!counted.contains(id));
            counted.contains(id) || others <= limits::RINGS
        });
    }
}

impl Outcome {
    /// Whether its author had stored another outcome when he wrote it: then that one came before.
    fn knows(&self, author: &Author, sequence: u64, starts: &Starts) -> bool {
        let known = starts.known_of(author.party, self.author, self.sequence, &self.heads);
        known.knows(author, sequence)
    }
}

fn is_of_numbers(alarm: &Alarm) -> bool {
    alarm.key.cause == Cause::NumberMismatch
}

impl<A: Agreement> Line<A> {
    /// Does what a person wants done with an alarm.
    pub(crate) fn ask_of_alarm(
        &mut self,
        request: Request,
        by: &Actor,
        ticket: u64,
        now: Moment,
    ) -> Result<(), Refusal> {
        if !by.fits() {
            return Err(Refusal::ActorName);
        }
        let done = self.alarms.book.ask(request, by, now);
        let alarm = done.map_err(|why| match why {
            NotDone::Nobody => Refusal::NotByAPerson,
            why => Refusal::Alarm(why),
        })?;
        self.alarm_moved(alarm);
        let entry = None;
        self.batch.answers.push(Event::Done { ticket, entry });
        Ok(())
    }

    /// Tells of every alarm that changed.
    pub(crate) fn tell_alarms(&mut self, now: Moment) {
        if self.rings.has_moved() || self.contacts.has_moved() {
            let rings = self.rings.book();
            self.alarms.take_rings(rings, self.author.party);
            self.alarms.codes_differed |= self.contacts.codes_differed(rings);
        }
        let Some(status) = self.standing.told() else {
            return;
        };
        let parties = [self.author.party, self.peer_party()];
        let evidence = parties.map(|party| self.evidence_of(party, status, now));
        let causes = evidence.iter().flat_map(Evidence::causes).collect();
        let again = core::mem::take(&mut self.alarms.again).into_iter();
        let cause = Cause::RingUnanswered;
        let again = again.map(|party| Key { cause, party }).collect();
        let mut changed = self.alarms.book.observe(&causes, &again, now);
        if core::mem::take(&mut self.alarms.is_fresh) {
            changed.retain(|alarm| !self.alarms.book.stands(&alarm.key));
            changed.extend(self.alarms.book.alarms().cloned());
        }
        changed.into_iter().for_each(|it| self.alarm_moved(it));
    }

    fn alarm_moved(&mut self, alarm: Alarm) {
        let line = self.id;
        let kept = alarm.clone();
        self.batch.changes.push(Change::Alarm { line, alarm: kept });
        self.batch.events.push(Event::Alarm { line, alarm });
    }

    /// What is held and heard of a party. It is what the status says, so that no alarm contradicts the screen.
    fn evidence_of(&self, party: PartyId, status: &Status, now: Moment) -> Evidence {
        let is_own = party == self.author.party;
        let watch = status.watch.iter().find(|watch| watch.party == party);
        let cloned = match is_own {
            true => Shortcoming::ClonedHere,
            false => Shortcoming::Cloned,
        };
        let planned = status.planned.iter().find(|it| it.party == party);
        let outlook = planned.and_then(|it| it.outlook.as_ref());
        // By a clock that can't be believed nothing new is known, and nothing is over.
        let as_before = |cause| self.alarms.book.holds(&Key { cause, party });
        let other_number = (party, Misbehaviour::OtherNumber);
        Evidence {
            party,
            is_own,
            is_alive: is_own || self.is_alive(party, status.verdict),
            is_way_cut: !is_own && self.is_way_cut(party, status, now),
            test_missed: !is_own && self.tests.is_missed(),
            duty: watch.map_or(Duty::Nobody, |watch| watch.duty),
            is_doubled: watch.is_some_and(|watch| watch.officers.len() > 1),
            roster_gap: match outlook {
                Some(outlook) => outlook.gap.is_some(),
                None => as_before(Cause::RosterGap),
            },
            shift_untaken: match outlook {
                Some(_) => planned.is_some_and(|it| it.untaken.is_some()),
                None => as_before(Cause::ShiftNotTaken),
            },
            ring_unanswered: {
                let mut left = self.alarms.unanswered.iter();
                left.any(|(by, _)| *by == party)
            },
            floods: !is_own && self.admissions.is_flooded(now.monotonic),
            misbehaved: self.alarms.misbehaved.iter().any(|(by, _)| *by == party),
            is_cloned: status.shortcomings.contains(&cloned),
            number_differs: self.alarms.misbehaved.contains(&other_number)
                || !is_own && self.alarms.codes_differed,
        }
    }

    /// Whether one of the ways counts as cut. What was so is not over while a way that answered before does not, or, right after our start,
    /// any way: our own boot may just have begun, or no way answers for a moment. One that never answers keeps no alarm up for ever.
    fn is_way_cut(&self, party: PartyId, status: &Status, now: Moment) -> bool {
        let is_cut = |state| matches!(state, WayState::Cut { .. });
        let cause = Cause::WayCut;
        let has_just_begun = now.monotonic < self.standing.began() + limits::WAYS_AWAITED_MS;
        let may_be_cut = |way: &Way| {
            way.state == WayState::Unknown && (way.answered.is_some() || has_just_begun)
        };
        status.ways.iter().any(|way| is_cut(way.state))
            || status.ways.iter().any(may_be_cut) && self.alarms.book.holds(&Key { cause, party })
    }

    /// Whether the other party counts as heard. Before there was time for an answer nothing new follows from hearing nobody,
    /// but what a person acknowledged before the start is not over either.
    fn is_alive(&self, party: PartyId, verdict: Verdict) -> bool {
        let cause = Cause::NoSignOfLife;
        match verdict {
            Verdict::NoSignOfLife => false,
            Verdict::NotHeardYet => !self.alarms.book.stands(&Key { cause, party }),
            _ => true,
        }
    }
}
