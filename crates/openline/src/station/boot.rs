//! One boot: takes what has arrived, hands it to the core, and carries out what the core wants, in order.
//!
//! The loop, in steps: (1) wait until something arrives or the core wanted to be woken, and take all that
//! waits; (2) hand each input in; (3) drain the core and carry its outputs out until a drain is empty. Whatever
//! stands behind a Persist is carried out only once the store says that it is on disk. If it can't say so, the
//! boot ends here, and with it everything that was not persisted (rule 4).

mod keys;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use openline_proto::Core;
use openline_proto::alarm::book::Alarm;
use openline_proto::contract::{Change, Command, Event, Input, LoadedPart, Moment, Output};
use openline_seal::MlsAgreement;
use openline_store::{NamedEntry, Store, StoreError};
use openline_wire::header::Actor;
use openline_wire::ids::{EntryId, LineId};

use super::board::{Answer, Confirmed, Failure, LineState, Noticed, Telling};
use super::clock::BootClock;
use super::courier::Couriers;
use super::driver::Driver;
use super::inbox::{Arrival, Order};
use super::intake::Load;
use super::lines::{self, Outcome, TakenUp};
use super::peers::LineInfo;
use super::trouble::Trouble;
use crate::home::HomeOrigin;

/// How long a note may wait for a Persist to travel with.
const NOTE_WAIT_MS: u64 = 1_000;

/// The longest sleep: the core's own cadences are shorter.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How often what was written is moved from the log into the file.
const LOG_MOVED_MS: u64 = 60_000;

/// The ticket of commands that the driver itself gives; nobody waits for their answers.
const NOBODY: u64 = 0;

/// Why a boot ended.
#[derive(Debug)]
pub enum End {
    /// Somebody stops the station.
    Stop,
    /// The machine was copied.
    Copied,
    /// The core met traces of itself that it did not write.
    MetItself(LineId),
    /// What had to be written could not be.
    Store(StoreError),
    /// The same, of a line that was to be taken up: the next boot takes it up.
    NoStore(Trouble),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A core that runs.
pub struct Boot<'a> {
    driver: &'a mut Driver,
    store: &'a mut Store,
    core: Core<MlsAgreement>,
    clock: BootClock,
    notes: Vec<Change>,
    notes_due: Option<u64>,
    wake_at: Option<u64>,
    log_moved: u64,
    asked: BTreeSet<u64>,
    just_stored: BTreeMap<EntryId, Arc<NamedEntry>>,
    /// The generation of keys that each line was last seen in.
    generations: BTreeMap<LineId, u64>,
    couriers: Couriers,
}

impl<'a> Boot<'a> {
    /// Takes a new core over.
    pub fn new(
        driver: &'a mut Driver,
        store: &'a mut Store,
        core: Core<MlsAgreement>,
        clock: BootClock,
    ) -> Self {
        Self {
            driver,
            store,
            core,
            clock,
            notes: Vec::new(),
            notes_due: None,
            wake_at: None,
            log_moved: 0,
            asked: BTreeSet::new(),
            just_stored: BTreeMap::new(),
            generations: BTreeMap::new(),
            couriers: Couriers::default(),
        }
    }

    /// Gives the core every open line of the home that it does not have.
    pub fn take_up_lines(&mut self) -> Result<(), Trouble> {
        let running = self.driver.board.state().lines;
        let is_running = |line: &LineId| running.get(line).is_some_and(|l| l.trouble.is_none());
        let boot = self.core.author().boot;
        let found = lines::take_up(
            &self.driver.home,
            self.store,
            boot,
            self.driver.on_the_wire,
            is_running,
        );
        let mut unusable = Vec::new();
        for outcome in found? {
            match outcome {
                Outcome::Ready(line) => self.take_up(*line),
                Outcome::Troubled(info, trouble) => {
                    tracing::error!(line = %info.line.short(), code = trouble.code, "not taken up");
                    self.show(*info, Some(trouble));
                }
                Outcome::Unusable(line) => unusable.push(line),
            }
        }
        self.driver.board.update(|state| state.unusable = unusable);
        self.driver.resolver.ask_now();
        Ok(())
    }

    fn take_up(&mut self, line: TakenUp) {
        let (id, now) = (line.config.line, self.clock.now());
        self.core.add_line(line.config, now);
        self.show(line.info, None);
        if line.is_recovered || self.driver.origin == HomeOrigin::CopiedOrRestored {
            tracing::debug!(line = %id.short(), "the home was copied or restored: asking for new keys");
            let (ticket, actor, command) = (NOBODY, Actor::station(), Command::NewGeneration);
            let input = Input::Command {
                ticket,
                line: id,
                actor,
                command,
            };
            self.core.handle(now, input);
            self.notice(id, Noticed::KeysAsked(self.core.author()));
        }
        self.generations.insert(id, self.generation(&id));
        self.tell_door(&id);
    }

    fn show(&self, info: LineInfo, trouble: Option<Trouble>) {
        let status = self.core.status(&info.line, self.clock.now());
        let state = LineState {
            info: Arc::new(info),
            status,
            trouble,
            notices: Default::default(),
            rings: Default::default(),
            contacts: Default::default(),
            tests: None,
            alarms: Default::default(),
        };
        self.driver.board.update(|board| {
            board.lines.insert(state.info.line, state);
        });
    }

    /// Runs until the boot ends, and answers everyone who still waits.
    pub fn run(mut self) -> End {
        let Err(end) = self.run_to_end();
        let failure = match &end {
            End::Store(error) => {
                let trouble = Trouble::from(error);
                let no_store = Some(trouble.clone());
                // Before the answers, so that whoever gets one sees why.
                self.driver.board.update(|state| state.no_store = no_store);
                Failure::NoStore(trouble)
            }
            _ => Failure::BootEnded,
        };
        let at = self.clock.now();
        for ticket in std::mem::take(&mut self.asked) {
            let result = Err(failure.clone());
            self.driver.board.answer(Answer { ticket, at, result });
        }
        end
    }

    fn run_to_end(&mut self) -> Result<Infallible, End> {
        self.carry_out_all()?;
        self.is_up();
        loop {
            let load = match self.generations.len() {
                0 | 1 => Load::OneLine,
                _ => Load::ManyLines,
            };
            let arrivals = self.driver.intake.take(self.patience(), load);
            let now = self.clock.now();
            for arrival in arrivals {
                self.take_in(now, arrival)?;
            }
            if self.wake_at.is_some_and(|at| at <= now.monotonic) {
                self.wake_at = None;
                self.core.handle(now, Input::Woken);
            }
            self.carry_out_all()?;
            self.refresh_figures();
            self.write_due_notes()?;
            if now.monotonic.saturating_sub(self.log_moved) >= LOG_MOVED_MS {
                self.log_moved = now.monotonic;
                self.store.move_log();
            }
            self.driver.watchdog.feed();
        }
    }

    /// Figures that always move, such as the round trip, are not told by the core: whoever asks shall see them.
    fn refresh_figures(&self) {
        let now = self.clock.now();
        let figures = |line: &LineId| self.core.status(line, now);
        self.driver.board.refresh(figures);
    }

    /// The start entries are on disk: the station is up, and the home is ours even if it was a copy.
    fn is_up(&mut self) {
        self.driver.board.update(|state| {
            state.no_store = None;
            state.is_up = true;
        });
        if self.driver.origin == HomeOrigin::CopiedOrRestored {
            match self.driver.home.seal_as_own() {
                Ok(()) => self.driver.origin = HomeOrigin::Same,
                // The next start asks for new keys once more, which harms nobody.
                Err(error) => tracing::warn!(%error, "the home could not be marked as our own"),
            }
        }
    }

    fn patience(&self) -> Duration {
        let wishes = [self.wake_at, self.notes_due].into_iter().flatten();
        let wait = wishes.min().map(|at| self.clock.until(at));
        let longest = self.driver.watchdog.interval().unwrap_or(LONGEST_WAIT);
        wait.unwrap_or(longest).min(longest)
    }

    fn take_in(&mut self, now: Moment, arrival: Arrival) -> Result<(), End> {
        match arrival {
            Arrival::Input(input) => {
                if let Input::Command {
                    ticket,
                    line,
                    command,
                    ..
                } = &input
                {
                    self.asked.insert(*ticket);
                    if let Command::NewGeneration = command {
                        self.notice(*line, Noticed::KeysAsked(self.core.author()));
                    }
                }
                self.core.handle(now, input);
                Ok(())
            }
            Arrival::Order(Order::Reload { ticket }) => {
                let taken = self.take_up_lines();
                let failure = taken.as_ref().err().cloned();
                self.answer(ticket, taken.map(|()| None).map_err(Failure::NoStore));
                failure.map_or(Ok(()), |trouble| Err(End::NoStore(trouble)))
            }
            Arrival::Order(Order::Courier(order)) => {
                let input = self.couriers.take(order);
                self.core.handle(now, input);
                Ok(())
            }
            Arrival::Order(Order::EndBoot) => Err(End::Copied),
            Arrival::Order(Order::Stop) => {
                self.write_notes()?;
                Err(End::Stop)
            }
        }
    }

    fn carry_out_all(&mut self) -> Result<(), End> {
        loop {
            let outputs = self.core.drain(self.clock.now());
            if outputs.is_empty() {
                self.just_stored.clear();
                return Ok(());
            }
            for output in outputs {
                self.carry_out(output)?;
            }
        }
    }

    fn carry_out(&mut self, output: Output) -> Result<(), End> {
        match output {
            Output::Sign { ticket, bytes } => {
                let signature = self.driver.signer.sign_entry(&bytes);
                let input = Input::Signed { ticket, signature };
                self.core.handle(self.clock.now(), input);
            }
            Output::Persist(changes) => self.persist(changes)?,
            // Bytes of files don't wait in memory.
            Output::Note(chunk @ Change::Chunk { .. }) => {
                self.store.persist(&[], &[chunk])?;
            }
            Output::Note(change) => self.note(change),
            Output::Load {
                line,
                chain,
                from,
                count,
            } => {
                let entries = self.store.load(&line, &chain, from, count)?;
                let input = Input::Loaded {
                    line,
                    chain,
                    from,
                    entries,
                };
                self.core.handle(self.clock.now(), input);
            }
            Output::LoadPart { line, root, part } => {
                let bytes = self.store.part(&line, &root, part)?;
                let loaded = Input::PartLoaded(LoadedPart {
                    line,
                    root,
                    part,
                    bytes,
                });
                self.core.handle(self.clock.now(), loaded);
            }
            Output::Send {
                route,
                bytes,
                haste,
                at,
            } => {
                let after = at.map(|at| self.clock.until(at));
                self.driver.metronome.send(route, bytes, haste, after);
            }
            Output::Bundle { ticket, frames } => self.couriers.sealed(ticket, frames),
            Output::Tell(event) => self.tell(event)?,
            Output::WakeAt(at) => self.wake_at = Some(at),
        }
        Ok(())
    }

    fn persist(&mut self, changes: Vec<Change>) -> Result<(), End> {
        let names = self.store.persist(&changes, &self.notes)?;
        self.notes.clear();
        self.notes_due = None;
        let entries = changes.into_iter().filter_map(|change| match change {
            Change::Entry(stored) => Some(stored),
            _ => None,
        });
        for (stored, name) in entries.zip(names) {
            let id = stored.entry.id();
            let named = Arc::new(NamedEntry { name, stored });
            self.just_stored.insert(id, named);
        }
        Ok(())
    }

    fn note(&mut self, change: Change) {
        self.notes.push(change);
        let due = self.clock.now().monotonic + NOTE_WAIT_MS;
        self.notes_due.get_or_insert(due);
    }

    fn write_due_notes(&mut self) -> Result<(), End> {
        let now = self.clock.now().monotonic;
        match self.notes_due.is_some_and(|due| due <= now) {
            true => self.write_notes(),
            false => Ok(()),
        }
    }

    fn write_notes(&mut self) -> Result<(), End> {
        match self.notes.is_empty() {
            true => Ok(()),
            false => self.persist(Vec::new()),
        }
    }

    fn tell(&mut self, event: Event) -> Result<(), End> {
        match event {
            Event::Done { ticket, entry } => self.answer(ticket, Ok(entry)),
            Event::Refused { ticket, why } => self.answer(ticket, Err(Failure::Refused(why))),
            Event::Stored(stored) => {
                if let Some(named) = self.just_stored.get(&stored.entry.id()) {
                    self.driver.board.tell(Telling::Stored(named.clone()));
                }
            }
            Event::Confirmed {
                line,
                by,
                chain,
                places,
                at,
                their_time,
            } => self
                .driver
                .board
                .tell(Telling::Confirmed(Arc::new(Confirmed {
                    line,
                    by,
                    chain,
                    places,
                    at,
                    their_time,
                }))),
            Event::Ring { line, shown } => self.driver.board.ring_moved(line, shown),
            Event::Contact { line, shown } => self.driver.board.contact_moved(line, *shown),
            Event::LineTests { line, tests } => self.driver.board.update(|state| {
                if let Some(state) = state.lines.get_mut(&line) {
                    state.tests = Some(tests.into());
                }
            }),
            Event::Alarm { line, alarm } => self.alarm(line, alarm),
            Event::Status { line, status } => {
                if self.driver.board.status_moved(line, *status) {
                    self.driver.resolver.ask_now();
                }
            }
            Event::Misbehaved { line, by, what } => {
                self.notice(line, Noticed::Misbehaved(by, what));
            }
            Event::Restored { line, boot } => self.notice(line, Noticed::Restored(boot)),
            Event::Cloned { line, one, other } => self.notice(line, Noticed::Cloned(one, other)),
            Event::Keys {
                line,
                generation,
                epoch,
            } => self.keys_changed(line, generation, epoch),
            Event::Carried { ticket, imported } => {
                // Whoever asks next what waits shall hear what was just confirmed.
                self.write_notes()?;
                self.couriers.imported(ticket, imported);
            }
            Event::BootEnds { line } => return Err(End::MetItself(line)),
            Event::File { .. } => {}
        }
        Ok(())
    }

    /// An alarm stands differently: for people on the screen, for lamps and horns elsewhere.
    fn alarm(&mut self, line: LineId, alarm: Alarm) {
        if let Some(info) = self.driver.board.line(&line) {
            self.driver.hooks.tell(&info, &alarm);
        }
        self.driver.board.alarm_moved(line, alarm);
    }

    fn answer(&mut self, ticket: u64, result: Result<Option<EntryId>, Failure>) {
        self.asked.remove(&ticket);
        let entry = |id: EntryId| self.just_stored.get(&id).cloned();
        let result = result.map(|id| id.and_then(entry));
        let at = self.clock.now();
        self.driver.board.answer(Answer { ticket, at, result });
    }

    /// The window tells it in its reader's words.
    fn notice(&self, line: LineId, what: Noticed) {
        tracing::debug!(line = %line.short(), ?what, "the core met something that needs attention");
        let at = self.clock.now().wall;
        self.driver.board.notice(line, what, at);
    }
}
