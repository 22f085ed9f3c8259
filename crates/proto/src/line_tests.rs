//! The tests of a line at work: feeds the book ([`crate::line_test::book`]) with entries, silences and time, writes what it
//! wants written, and tells how the tests stand.

use openline_seal::Agreement;
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::{Kind, Mark, Stream};
use openline_wire::entry::{Body, Entry};
use openline_wire::fact::{Fact, digest_of};
use openline_wire::ids::{Author, EntryId};

use crate::composer::Draft;
use crate::config::LineConfig;
use crate::contract::{Event, Moment, Refusal, StoredEntry};
use crate::line::Line;
use crate::line_test::book::Book;
use crate::line_test::history::History;
use crate::line_test::shown::{Missed, Tests};
use crate::line_test::told::{Do, Note, Told};
use crate::rings::Said;

/// The tests of a line.
pub(crate) struct LineTests {
    book: Book,
    history: History,
    /// Tests begin when the line is open for the first time.
    is_open: bool,
    is_silent: bool,
    ours_missed: u64,
    theirs_missed: Option<Missed>,
    /// What is shown may have changed.
    has_moved: bool,
}

impl LineTests {
    /// From what the store holds. `seed` is drawn at random and told nobody.
    pub(crate) fn stored<A: Agreement>(
        config: &LineConfig<A>,
        own: Author,
        seed: [u8; 32],
        now: Moment,
    ) -> Self {
        // A charter names its parties in ascending order.
        let mut parties = config.nodes.values().map(|(party, _)| *party);
        let place = usize::from(parties.any(|party| party < own.party));
        let mut tests = Self {
            book: Book::new(own, (place, 2), config.tests, seed, now.monotonic),
            history: History::new(own, config.tests.lasts),
            is_open: false,
            is_silent: false,
            ours_missed: 0,
            theirs_missed: None,
            has_moved: true,
        };
        for it in &config.stored.tests {
            // What was written down before now is no news.
            let age = now.wall.saturating_sub(it.received).max(1);
            if let Some(note) = note(&it.entry, age) {
                tests.book.observe(&note, now.monotonic);
                tests.history.observe(&note, it.received);
            }
        }
        let silences = silences(&config.stored.state_entries);
        tests.history.settle(now.wall, &silences);
        tests
    }

    /// Whether the last test in which the other party had a part was missed or garbled, and no silence explains it: the cause
    /// of the alarm `test-missed` about that party.
    pub(crate) fn is_missed(&self) -> bool {
        self.history.is_missed()
    }

    fn shown(&self, now: Moment) -> Tests {
        let (place, parties) = self.book.schedule().place();
        Tests {
            figures: self.book.schedule().figures(),
            place,
            parties,
            latest: self.history.shown(),
            ours_missed: self.ours_missed,
            theirs_missed: self.theirs_missed,
            theirs_by: self.book.theirs_by(now),
            is_missed: self.is_missed(),
        }
    }

    /// When something is due.
    pub(crate) fn wake_at(&self, now: Moment) -> Option<u64> {
        self.is_open.then(|| self.book.wake_at(now))
    }
}

/// Silences of either party, by our wall clock: each as long as it was announced for, from when it was stored.
fn silences(entries: &[StoredEntry]) -> Vec<(u64, u64)> {
    let silence = |stored: &StoredEntry| {
        let Fact::Silence(it) = stored.entry.fact() else {
            return None;
        };
        let said = stored.entry.header().time;
        let after = |at: u64| stored.received.saturating_add(at.saturating_sub(said));
        Some((after(it.from), after(it.until)))
    };
    entries.iter().filter_map(silence).collect()
}

impl<A: Agreement> Line<A> {
    /// An entry is taken in, ours or theirs.
    pub(crate) fn observe_tests(&mut self, stored: &StoredEntry, now: Moment) {
        let Some(note) = note(&stored.entry, 0) else {
            return;
        };
        self.tests.has_moved = true;
        self.tests.history.observe(&note, stored.received);
        let done = self.tests.book.observe(&note, now.monotonic);
        self.carry_out_tests(done, now);
    }

    /// Begins what is due and ends what has lasted its time.
    pub(crate) fn wake_tests(&mut self, now: Moment) {
        if !self.tests.is_open {
            // While keys are agreed on, a slow link has no room for what nobody waits for.
            let is_sealed = self.channel.is_post_quantum_sealed();
            if self.standing.compared != (true, true) || !is_sealed {
                return;
            }
            self.tests.is_open = true;
            self.tests.has_moved = true;
            self.tests.book.begin(now.monotonic);
        }
        let is_silent = self.is_silence_in_force(now);
        if core::mem::replace(&mut self.tests.is_silent, is_silent) != is_silent {
            self.tests.book.silence(is_silent, now.monotonic);
        }
        if self.tests.book.wake_at(now) <= now.monotonic {
            let done = self.tests.book.woken(now);
            self.carry_out_tests(done, now);
        }
    }

    /// A person wants a test now.
    pub(crate) fn test_now(&mut self, said: Said, now: Moment) -> Result<(), Refusal> {
        if !said.actor.is_a_person() {
            return Err(Refusal::NotByAPerson);
        }
        let asked = self.tests.book.call_up(now.monotonic);
        if let Do::Write(fact, _) = asked.map_err(Refusal::Test)? {
            self.write_test(fact, Some(said), None);
        }
        Ok(())
    }

    /// A person has read the text of a test of theirs.
    pub(crate) fn read_test(&mut self, text: &EntryId, said: Said) -> Result<(), Refusal> {
        if !said.actor.is_a_person() {
            return Err(Refusal::NotByAPerson);
        }
        let fact = self.tests.book.read(text).map_err(Refusal::Test)?;
        self.write_test(fact, Some(said), None);
        Ok(())
    }

    fn carry_out_tests(&mut self, done: Vec<Do>, now: Moment) {
        for it in done {
            match it {
                Do::Write(fact, text) => {
                    let body = text.map(|text| Body {
                        salt: self.salt(),
                        content: text.to_bytes(),
                    });
                    self.write_test(fact, None, body);
                }
                Do::Tell(told) => {
                    self.tests.take(&told, now);
                    if let Told::Passed { .. } = told {
                        self.test_passed(now);
                    }
                }
            }
        }
    }

    fn test_passed(&mut self, now: Moment) {
        let lives = self.freshest().and_then(|remote| remote.boot);
        let mut remotes = self.remotes.iter_mut();
        if let Some(remote) = remotes.find(|remote| remote.boot == lives) {
            remote.ways.test_passed(now.monotonic);
        }
    }

    fn write_test(&mut self, fact: Fact, said: Option<Said>, body: Option<Body>) {
        let kind = match &fact {
            Fact::CallUp(_) => Kind::CallUp,
            Fact::Ready(_) => Kind::Ready,
            Fact::TestText(_) => Kind::TestText,
            Fact::TestAnswer(_) => Kind::TestAnswer,
            // The book wants nothing else written.
            _ => return,
        };
        let mut draft = Draft {
            mark: Mark::Test,
            body,
            ..Draft::by_station(Stream::Service, kind, fact)
        };
        if let Some(said) = said {
            (draft.actor, draft.ticket) = (said.actor, Some(said.ticket));
        }
        self.composer.draft(draft);
    }

    /// Tells how the tests stand, if that has changed.
    pub(crate) fn tell_tests(&mut self, now: Moment) {
        if !core::mem::take(&mut self.tests.has_moved) {
            return;
        }
        let (line, tests) = (self.id, Box::new(self.tests.shown(now)));
        self.batch.events.push(Event::LineTests { line, tests });
    }
}

impl LineTests {
    fn take(&mut self, told: &Told, now: Moment) {
        self.has_moved = true;
        self.history.told(told);
        match told {
            Told::OursMissed { turns } => self.ours_missed += turns,
            Told::TheirsMissed { excused } => {
                let (at, is_excused) = (now.wall, *excused);
                self.theirs_missed = Some(Missed { at, is_excused });
            }
            _ => {}
        }
    }
}

/// What an entry says of a test, for so long stored here; none if it is of none, or stands where it counts for nothing.
fn note(entry: &Entry, age: u64) -> Option<Note> {
    let header = entry.header();
    let is_one = header.kind.is_of_a_test() && header.stream == Stream::Service;
    is_one.then(|| Note {
        id: entry.id(),
        author: header.author,
        actor: match header.actor.is_a_person() {
            true => header.actor.name.clone(),
            false => String::new(),
        },
        age,
        content: entry.body().map(|body| digest_of(&body.content)),
        fact: entry.fact(),
    })
}
