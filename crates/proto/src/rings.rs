//! The rings of a line at work: feeds the book ([`crate::ring::book`]) with entries, echoes and time, and writes what it
//! wants written.

use std::collections::BTreeMap;

use openline_seal::Agreement;
use openline_wire::codes::{Answer, Kind, Mark, Precedence, Stream};
use openline_wire::entry::{Body, Entry};
use openline_wire::fact::{Fact, Ring};
use openline_wire::header::Actor;
use openline_wire::ids::{Author, EntryId};
use openline_wire::limits;

use crate::admission::Admission;
use crate::composer::Draft;
use crate::config::StoredTold;
use crate::contract::{Event, Moment, Refusal};
use crate::line::Line;
use crate::ring::book::{Book, Echo, NotDone, Shown};
use crate::ring::held::Rung;
use crate::ring::seen::Seen;
use crate::watch::suspension::Act;

/// Rings of theirs for which a bell may sound at once: more than offices call in the worst hour.
const BELLS_AT_ONCE: u64 = 64;

/// After that one more every so often: each makes us sign and store, and a party that floods would fill our disk.
const ONE_MORE_BELL_MS: u64 = 5_000;

/// The rings of a line.
#[derive(Debug)]
pub(crate) struct Rings {
    book: Book,
    seen: Seen,
    /// What was told last of each.
    told: BTreeMap<EntryId, Shown>,
    /// What is shown may have changed.
    has_moved: bool,
    /// An ending is not final yet: each head of theirs may make it so.
    awaits_cover: bool,
    /// Rings of ours that are not on stable storage.
    under_way: usize,
    bells: Admission,
}

/// What a person adds to what he wants done.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) actor: Actor,
    pub(crate) body: Option<Body>,
    pub(crate) ticket: u64,
}

impl Rings {
    /// From what the store holds.
    pub(crate) fn new(own: Author, stored: StoredTold, now: Moment) -> Self {
        let mut book = Book::new(own);
        for entry in &stored.entries {
            // Nothing that an earlier boot rang or answered is this boot's to decide, so there is nothing to write.
            book.observe(&entry.note, now.monotonic);
        }
        Self {
            book,
            seen: stored.seen,
            told: BTreeMap::new(),
            has_moved: true,
            awaits_cover: false,
            under_way: 0,
            bells: Admission::new(BELLS_AT_ONCE, ONE_MORE_BELL_MS, now.monotonic),
        }
    }

    /// How they stand.
    pub(crate) fn book(&self) -> &Book {
        &self.book
    }

    /// Whether that may have changed since it was told.
    pub(crate) fn has_moved(&self) -> bool {
        self.has_moved
    }

    /// Our open rings, as a *have* names them (OL-426).
    pub(crate) fn open(&self) -> Vec<u64> {
        self.book.open_rings()
    }

    /// Takes back every open ring of ours that is refused now.
    pub(crate) fn withdraw_all(&mut self, is_refused: impl Fn(&Ring) -> bool) -> Vec<Fact> {
        let open = self.book.undecided();
        let refused = open.into_iter().filter(|ring| {
            let rung = self.book.rung(ring);
            rung.is_some_and(|rung| is_refused(&rung.ring))
        });
        let refused: Vec<EntryId> = refused.collect();
        let withdrawn = refused
            .iter()
            .filter_map(|ring| self.book.withdraw(ring).ok());
        withdrawn.flatten().collect()
    }

    /// When time will end one of them.
    pub(crate) fn wake_at(&self) -> Option<u64> {
        self.book.wake_at()
    }
}

impl<A: Agreement> Line<A> {
    /// An entry is taken in, ours or theirs.
    pub(crate) fn observe_rings(&mut self, entry: &Entry, now: Moment) {
        let header = entry.header();
        let is_our_ring = header.author == self.author && header.kind == Kind::Ring;
        if is_our_ring {
            self.rings.under_way = self.rings.under_way.saturating_sub(1);
            // The *have* that names it goes out with it.
            self.all_have(now);
        }
        for entry in self.rings.seen.take(entry.id(), header, now.wall) {
            let note = &entry.note;
            self.rings.has_moved |= !matches!(note.fact, Fact::None) || self.rings.awaits_cover;
            let facts = self.rings.book.observe(note, now.monotonic);
            self.write_rings(facts, None);
            self.contacts.observe(&entry.note, self.author);
            self.alarms.observe(&entry);
            self.exercises.observe(&entry, now);
            self.reachable.observe(&entry);
            let note = &entry.note;
            if !matches!(note.fact, Fact::None) && self.duties.observe(&entry, now) {
                self.withdraw_what_is_suspended();
            }
        }
        if header.kind == Kind::Ring {
            // What says that it is open may have come before it.
            (0..self.remotes.len()).for_each(|at| self.hear_rings(at, now));
        }
    }

    /// What is open at the other side may ring here, as far as its latest echo is fresh.
    pub(crate) fn hear_rings(&mut self, at: usize, now: Moment) {
        self.exercises.lapse(now);
        let remote = &self.remotes[at];
        let (Some(from), Some((challenged, open))) = (remote.boot, &remote.rings) else {
            return;
        };
        // A suspended line lets no bell sound for a principal (OL-735), and outside an exercise none sounds for one (OL-787).
        let rung = |place: &&u64| self.rings.book.rung_at(&from, **place);
        let sounds = |place: &&u64| {
            let ring = rung(place);
            let allowed = |rung: &Rung| {
                self.duties.allows(Act::Ring(&rung.ring)).is_ok() && self.exercises.allows(rung)
            };
            ring.is_none_or(allowed)
        };
        let open: Vec<u64> = open.iter().filter(sounds).copied().collect();
        // A ring of ours that is being written may cross theirs: which of them goes on its id decides.
        let waits = open.is_empty() || self.rings.under_way > 0;
        if waits || !self.rings.bells.has_room(now.monotonic) {
            return;
        }
        let echo = Echo {
            from,
            open: &open,
            challenged: *challenged,
        };
        let limit = self.cadences.silent_after;
        self.rings.has_moved = true;
        let facts = self.rings.book.heard(echo, now.monotonic, limit);
        let bells = facts.iter().filter(|fact| matches!(fact, Fact::Ringing(_)));
        bells.for_each(|_| _ = self.rings.bells.admit(now.monotonic, 1));
        self.write_rings(facts, None);
    }

    /// Ends what has lasted its time.
    pub(crate) fn wake_rings(&mut self, now: Moment) {
        if self.rings.wake_at().is_none_or(|at| now.monotonic < at) {
            return;
        }
        self.rings.has_moved = true;
        let facts = self.rings.book.woken(now.monotonic);
        self.write_rings(facts, None);
    }

    /// Calls an office of the other party.
    pub(crate) fn ring(
        &mut self,
        ring: Ring,
        (precedence, mark): (Precedence, Mark),
        said: Said,
    ) -> Result<(), Refusal> {
        self.rings.book.may_ring(&ring).map_err(Refusal::Ring)?;
        let open = self.rings.open().len() + self.rings.under_way;
        // Half of them is kept for what is meant (OL-792).
        let most = match mark {
            Mark::Exercise => limits::OPEN_RINGS / 2,
            Mark::Real | Mark::Test => limits::OPEN_RINGS,
        };
        if open >= most {
            return Err(Refusal::Ring(NotDone::TooMany));
        }
        self.rings.under_way += 1;
        self.composer.draft(Draft {
            precedence,
            mark,
            actor: said.actor,
            body: said.body,
            ticket: Some(said.ticket),
            ..Draft::by_station(Stream::Urgent, Kind::Ring, Fact::Ring(ring))
        });
        Ok(())
    }

    /// Answers a ring that rings here.
    pub(crate) fn answer_ring(
        &mut self,
        ring: &EntryId,
        (answer, call_back): (Answer, Option<u64>),
        said: Said,
    ) -> Result<(), Refusal> {
        let facts = self.rings.book.answer(ring, answer, call_back);
        let facts = facts.map_err(Refusal::Ring)?;
        self.write_rings(facts, Some(said));
        Ok(())
    }

    /// Takes a ring of ours back.
    pub(crate) fn withdraw_ring(&mut self, ring: &EntryId, said: Said) -> Result<(), Refusal> {
        let facts = self.rings.book.withdraw(ring).map_err(Refusal::Ring)?;
        self.write_rings(facts, Some(said));
        Ok(())
    }

    /// Writes what the book wants written. All of it is signed in one go, and so persisted in one.
    pub(crate) fn write_rings(&mut self, facts: Vec<Fact>, mut said: Option<Said>) {
        self.rings.has_moved |= !facts.is_empty();
        for fact in facts {
            let (kind, ring) = match &fact {
                Fact::Ringing(it) => (Kind::Ringing, it.ring),
                Fact::Answered(it) => (Kind::Answer, it.ring),
                Fact::Outcome(it) => (Kind::Outcome, it.ring),
                // The book wants nothing else written.
                _ => continue,
            };
            let rung = self.rings.book.rung(&ring);
            let mut draft = Draft {
                mark: rung.map_or(Mark::Real, |rung| rung.mark),
                // Somebody waits for it.
                precedence: Precedence::Flash,
                ..Draft::by_station(Stream::Urgent, kind, fact)
            };
            if let Some(said) = said.take() {
                draft.actor = said.actor;
                draft.body = said.body;
                draft.ticket = Some(said.ticket);
            }
            self.composer.draft(draft);
        }
    }

    /// Tells of every ring whose state changed.
    pub(crate) fn tell_rings(&mut self) {
        if !core::mem::take(&mut self.rings.has_moved) {
            return;
        }
        let rings = &mut self.rings;
        rings.awaits_cover = false;
        let mut told = BTreeMap::new();
        for shown in rings.book.shown() {
            rings.awaits_cover |= shown.awaits_cover();
            if rings.told.get(&shown.ring) != Some(&shown) {
                let line = self.id;
                self.batch.events.push(Event::Ring { line, shown });
            }
            told.insert(shown.ring, shown);
        }
        rings.told = told;
    }
}
