//! Who is on watch and whether the line is suspended, at work: feeds [`crate::watch`] with entries, writes what persons ask
//! for, and says what a suspended line refuses.

use openline_record::ring::seen::InTurn;
use openline_seal::Agreement;
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::{Kind, Precedence, Stream, SuspensionReason};
use openline_wire::fact::{
    Fact, HandOver, Resumed, Ring, Roster, Suspended, TakeOver, WatchClosed, WatchOpened,
};
use openline_wire::ids::PartyId;
use openline_wire::office::Office;

use crate::composer::Draft;
use crate::config::StoredTold;
use crate::contract::{Moment, Plan, Refusal};
use crate::line::Line;
use crate::rings::Said;
use crate::verdict::{Officer, OnWatch, Planned};
use crate::watch::book::{self, Book, Request};
use crate::watch::clock::Clock;
use crate::watch::known::Note;
use crate::watch::roster::{self, Rosters};
use crate::watch::suspension::{Act, Suspension, Suspensions};
use crate::watch::watches::Watch;

/// The watch of each party, and suspensions.
#[derive(Debug)]
pub(crate) struct Duties {
    parties: [PartyId; 2],
    book: Book,
    /// What follows from the book for each party; asked for at every drain, and changed by few entries.
    standing: [Vec<Watch>; 2],
    /// When an entry changed them last, by both clocks: what follows from it for people's clocks must not waver.
    seen: Moment,
    rosters: roster::Book,
    clock: Clock,
    suspensions: Suspensions,
    offices: Vec<Office>,
}

impl Duties {
    /// Of a line between these, ours first, whose charter names these offices, and how often an officer confirms.
    fn new(parties: [PartyId; 2], offices: Vec<Office>, presence_ms: u64) -> Self {
        Self {
            parties,
            book: Book::new(parties[0], parties, presence_ms),
            standing: [Vec::new(), Vec::new()],
            seen: Moment {
                monotonic: 0,
                wall: 0,
            },
            rosters: roster::Book::new(parties),
            clock: Clock::default(),
            suspensions: Suspensions::new(parties[0], parties),
            offices,
        }
    }

    /// The same, from what the store holds.
    pub(crate) fn stored(
        parties: [PartyId; 2],
        offices: Vec<Office>,
        presence_ms: u64,
        told: &StoredTold,
        now: Moment,
    ) -> Self {
        let mut duties = Self::new(parties, offices, presence_ms);
        for entry in &told.entries {
            duties.observe(entry, now);
        }
        duties
    }

    /// Takes an entry into account whose turn has come. Tells whether a suspension began with it.
    pub(crate) fn observe(&mut self, entry: &InTurn, now: Moment) -> bool {
        let note = &entry.note;
        let note = Note {
            id: note.id,
            author: note.author,
            sequence: note.sequence,
            mark: note.mark,
            heads: note.heads.clone(),
            time: entry.time,
            actor: entry.actor.clone(),
            age: now.wall.saturating_sub(entry.stored),
            fact: note.fact.clone(),
        };
        self.seen = now;
        self.book.observe(&note, now.monotonic);
        self.standing = self.parties.map(|party| self.book.standing(&party));
        self.rosters.observe(&note, entry.stored);
        self.suspensions.observe(&note);
        matches!(note.fact, Fact::Suspended(_))
    }

    /// Whether the line carries this, and if not, why.
    pub(crate) fn allows(&self, act: Act<'_>) -> Result<(), Refusal> {
        let refused = |suspension: &Suspension| Refusal::Suspended {
            by: suspension.party,
            since: suspension.since,
            reason: suspension.reason,
        };
        self.suspensions.allows(act, &self.offices).map_err(refused)
    }

    /// Who is on watch, our party first.
    pub(crate) fn on_watch(&self, now: Moment) -> Vec<OnWatch> {
        let of = |(party, standing): (&PartyId, &Vec<Watch>)| {
            let officers = standing.iter().map(|watch| Officer {
                watch: watch.id,
                actor: watch.officer.clone(),
                since: watch.since,
                confirms_by: self.seen.wall.saturating_add_signed(
                    watch.confirms_by - i64::try_from(self.seen.monotonic).unwrap_or(i64::MAX),
                ),
                handed_to: watch.handed.iter().map(|(_, it)| it.to.clone()).collect(),
            });
            OnWatch {
                party: *party,
                duty: book::duty(standing, now.monotonic),
                officers: officers.collect(),
            }
        };
        self.parties.iter().zip(&self.standing).map(of).collect()
    }

    /// Looks at the clocks.
    pub(crate) fn look(&mut self, now: Moment) {
        self.clock.look(now);
    }

    /// Who is to be on watch, our party first.
    pub(crate) fn planned(&self, now: Moment) -> Vec<Planned> {
        let of = |(at, party): (usize, &PartyId)| {
            let rosters = self.rosters.of(party);
            let is_own = at == 0;
            // By what that party planned: a roster of theirs puts no doubt on ours.
            let stored = rosters.and_then(Rosters::stored);
            let readable = rosters.filter(|_| self.clock.is_believed(now, stored));
            let of_duty = |name: &str| self.standing[at].iter().any(|it| it.officer.name == name);
            let untaken = readable.filter(|_| is_own);
            Planned {
                party: *party,
                rosters: rosters
                    .into_iter()
                    .flat_map(Rosters::standing)
                    .cloned()
                    .collect(),
                outlook: readable.map(|it| it.outlook(now.wall)),
                untaken: untaken.and_then(|it| it.untaken(now.wall, of_duty).cloned()),
            }
        };
        self.parties.iter().enumerate().map(of).collect()
    }

    /// Suspensions in force.
    pub(crate) fn in_force(&self) -> Vec<Suspension> {
        self.suspensions.in_force().cloned().collect()
    }

    /// When somebody will be overdue, or what rosters say changes.
    pub(crate) fn changes_at(&self, now: Moment) -> Option<u64> {
        let watches = self.standing.iter().flatten();
        let lapses = watches.filter_map(|watch| u64::try_from(watch.confirms_by).ok());
        let lapses = lapses.filter(|&at| at > now.monotonic);
        let planned = self.rosters.changes_after(now.wall);
        let planned = planned.map(|at| now.monotonic.saturating_add(at - now.wall));
        lapses
            .chain(planned)
            .chain(self.clock.settles_at(now))
            .min()
    }
}

impl<A: Agreement> Line<A> {
    /// What a person asks for about the watch.
    pub(crate) fn ask_watch(&mut self, request: Request, said: Said) -> Result<(), Refusal> {
        let facts = self.duties.book.ask(request, &said.actor);
        let facts = facts.map_err(Refusal::Watch)?;
        if !facts.iter().all(is_written) {
            return Err(Refusal::WatchForm);
        }
        self.write_in_his_name(facts, said);
        Ok(())
    }

    /// A person plans who is to be on watch, or takes back what was planned if there are no shifts.
    pub(crate) fn plan_watch(&mut self, plan: Plan, said: Said) -> Result<(), Refusal> {
        if !said.actor.is_a_person() {
            return Err(Refusal::NotByAPerson);
        }
        let Plan {
            from,
            until,
            shifts,
        } = plan;
        let own = self.author.party;
        let roster = self.duties.rosters.plan(&own, (from, until), shifts);
        if roster.shifts.is_empty() && roster.replaces.is_empty() {
            return Err(Refusal::NoRoster);
        }
        let fact = Fact::Roster(roster);
        if !is_written(&fact) {
            return Err(Refusal::RosterForm);
        }
        self.write_in_his_name(vec![fact], said);
        Ok(())
    }

    /// Suspends the line for our side.
    pub(crate) fn suspend(&mut self, reason: SuspensionReason, said: Said) -> Result<(), Refusal> {
        if !said.actor.is_a_person() {
            return Err(Refusal::NotByAPerson);
        }
        let fact = self.duties.suspensions.suspend(reason);
        let fact = fact.ok_or(Refusal::SuspendedAlready)?;
        self.write_in_his_name(vec![fact], said);
        Ok(())
    }

    /// Ends our side's suspension.
    pub(crate) fn resume(&mut self, said: Said) -> Result<(), Refusal> {
        if !said.actor.is_a_person() {
            return Err(Refusal::NotByAPerson);
        }
        let facts = self.duties.suspensions.resume();
        if facts.is_empty() {
            return Err(Refusal::NotSuspended);
        }
        self.write_in_his_name(facts, said);
        Ok(())
    }

    fn write_in_his_name(&mut self, facts: Vec<Fact>, mut said: Said) {
        let mut ticket = Some(said.ticket);
        for fact in facts {
            let takes_text = matches!(fact, Fact::HandOver(_) | Fact::Suspended(_));
            let body = said.body.take_if(|_| takes_text);
            self.composer.draft(Draft {
                actor: said.actor.clone(),
                precedence: Precedence::Immediate,
                ticket: ticket.take(),
                body,
                ..Draft::by_station(Stream::Urgent, kind(&fact), fact)
            });
        }
    }

    /// Our own rings that a suspension refuses end with it (OL-735).
    pub(crate) fn withdraw_what_is_suspended(&mut self) {
        let (duties, rings) = (&self.duties, &mut self.rings);
        let refused = |ring: &Ring| duties.allows(Act::Ring(ring)).is_err();
        let facts = rings.withdraw_all(refused);
        self.write_rings(facts, None);
    }
}

fn kind(fact: &Fact) -> Kind {
    match fact {
        Fact::Roster(_) => Kind::Roster,
        Fact::WatchOpened(_) => Kind::WatchOpened,
        Fact::Presence(_) => Kind::Presence,
        Fact::HandOver(_) => Kind::HandOver,
        Fact::HandOverWithdrawn(_) => Kind::HandOverWithdrawn,
        Fact::TakeOver(_) => Kind::TakeOver,
        Fact::WatchClosed(_) => Kind::WatchClosed,
        Fact::Resumed(_) => Kind::Resumed,
        _ => Kind::Suspended,
    }
}

/// Whether every station would take it in: times, names and numbers within their limits.
fn is_written(fact: &Fact) -> bool {
    let bytes = fact.to_bytes();
    match fact {
        Fact::Roster(_) => Roster::from_bytes(&bytes).is_ok(),
        Fact::WatchOpened(_) => WatchOpened::from_bytes(&bytes).is_ok(),
        Fact::HandOver(_) => HandOver::from_bytes(&bytes).is_ok(),
        Fact::TakeOver(_) => TakeOver::from_bytes(&bytes).is_ok(),
        Fact::WatchClosed(_) => WatchClosed::from_bytes(&bytes).is_ok(),
        Fact::Suspended(_) => Suspended::from_bytes(&bytes).is_ok(),
        Fact::Resumed(_) => Resumed::from_bytes(&bytes).is_ok(),
        _ => true,
    }
}
