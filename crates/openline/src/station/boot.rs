//! One boot: takes what has arrived, hands it to the core, and carries out what the core wants, in order.
//!
//! The loop, in steps: (1) wait until something arrives or the core wanted to be woken, and take all that
//! waits; (2) hand each input in; (3) drain the core and carry its outputs out until a drain is empty. Whatever
//! stands behind a Persist is carried out only once the store says that it is on disk. If it can't say so, the
//! boot ends here, and with it everything that was not persisted (rule 4).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use openline_proto::Core;
use openline_proto::contract::{Change, Event, Input, Moment, Output};
use openline_seal::MlsAgreement;
use openline_store::{NamedEntry, Store, StoreError};
use openline_wire::ids::{EntryId, LineId};

use super::board::{Answer, Board, Confirmed, Failure, Notice, Noticed, Telling};
use super::clock::BootClock;
use super::inbox::{Arrival, Inbox, Order};
use super::process::Watchdog;
use super::signer::Signer;
use super::sockets::Sockets;

/// How long a note may wait for a Persist to travel with.
const NOTE_WAIT_MS: u64 = 1_000;

/// The longest sleep: the watchdog and the core's own cadences are shorter.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

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
    /// Lines were opened since the start; the next boot has them.
    Reload(u64),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What a boot works with.
pub struct Surroundings<'a> {
    /// What waits.
    pub inbox: &'a Inbox,
    /// Who listens.
    pub board: &'a Board,
    /// The bearers.
    pub sockets: &'a Sockets,
    /// The node's key.
    pub signer: &'a Signer,
    /// The home's store.
    pub store: &'a mut Store,
    /// The service manager's.
    pub watchdog: &'a mut Watchdog,
}

/// A core that runs.
pub struct Boot<'a> {
    around: Surroundings<'a>,
    core: Core<MlsAgreement>,
    clock: BootClock,
    notes: Vec<Change>,
    notes_due: Option<u64>,
    wake_at: Option<u64>,
    asked: BTreeSet<u64>,
    just_stored: BTreeMap<EntryId, Arc<NamedEntry>>,
}

impl<'a> Boot<'a> {
    /// Takes a core over that has been given its lines.
    pub fn new(around: Surroundings<'a>, core: Core<MlsAgreement>, clock: BootClock) -> Self {
        Self {
            around,
            core,
            clock,
            notes: Vec::new(),
            notes_due: None,
            wake_at: None,
            asked: BTreeSet::new(),
            just_stored: BTreeMap::new(),
        }
    }

    /// Runs until the boot ends, and answers everyone who still waits.
    pub fn run(mut self) -> End {
        let Err(end) = self.run_to_end();
        let failure = match &end {
            End::Store(error) => Failure::NoStore(error.into()),
            _ => Failure::BootEnded,
        };
        let at = self.clock.now();
        for ticket in std::mem::take(&mut self.asked) {
            let result = Err(failure.clone());
            self.around.board.answer(Answer { ticket, at, result });
        }
        end
    }

    fn run_to_end(&mut self) -> Result<std::convert::Infallible, End> {
        self.carry_out_all()?;
        self.around.board.update(|state| state.no_store = None);
        loop {
            let arrivals = self.around.inbox.take(self.patience());
            let now = self.clock.now();
            for arrival in arrivals {
                self.take_in(now, arrival)?;
            }
            if self.wake_at.is_some_and(|at| at <= now.monotonic) {
                self.wake_at = None;
                self.core.handle(now, Input::Woken);
            }
            self.carry_out_all()?;
            self.write_due_notes()?;
            self.around.watchdog.feed();
        }
    }

    fn patience(&self) -> Duration {
        let wishes = [self.wake_at, self.notes_due].into_iter().flatten();
        let wait = wishes.min().map(|at| self.clock.until(at));
        let longest = self.around.watchdog.interval().unwrap_or(LONGEST_WAIT);
        wait.unwrap_or(longest).min(longest)
    }

    fn take_in(&mut self, now: Moment, arrival: Arrival) -> Result<(), End> {
        match arrival {
            Arrival::Input(input) => {
                if let Input::Command { ticket, .. } = &input {
                    self.asked.insert(*ticket);
                }
                self.core.handle(now, input);
                Ok(())
            }
            Arrival::Order(Order::Reload { ticket }) => Err(End::Reload(ticket)),
            Arrival::Order(Order::EndBoot) => Err(End::Copied),
            Arrival::Order(Order::Stop) => Err(End::Stop),
        }
    }

    fn carry_out_all(&mut self) -> Result<(), End> {
        loop {
            let outputs = self.core.drain(self.clock.now());
            if outputs.is_empty() {
                return Ok(());
            }
            for output in outputs {
                self.carry_out(output)?;
            }
            self.just_stored.clear();
        }
    }

    fn carry_out(&mut self, output: Output) -> Result<(), End> {
        match output {
            Output::Sign { ticket, bytes } => {
                let signature = self.around.signer.sign(&bytes);
                let input = Input::Signed { ticket, signature };
                self.core.handle(self.clock.now(), input);
            }
            Output::Persist(changes) => self.persist(changes)?,
            Output::Note(change) => self.note(change),
            Output::Load {
                line,
                chain,
                from,
                count,
            } => {
                let entries = self.around.store.load(&line, &chain, from, count)?;
                let input = Input::Loaded {
                    line,
                    chain,
                    from,
                    entries,
                };
                self.core.handle(self.clock.now(), input);
            }
            Output::Send { route, bytes } => self.around.sockets.send(route, &bytes),
            Output::Tell(event) => self.tell(event)?,
            Output::WakeAt(at) => self.wake_at = Some(at),
        }
        Ok(())
    }

    fn persist(&mut self, changes: Vec<Change>) -> Result<(), End> {
        let names = self.around.store.persist(&changes, &self.notes)?;
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
        if self.notes_due.is_none_or(|due| self.clock.now().monotonic < due) {
            return Ok(());
        }
        self.persist(Vec::new())
    }

    fn tell(&mut self, event: Event) -> Result<(), End> {
        match event {
            Event::Done { ticket, entry } => self.answer(ticket, Ok(entry)),
            Event::Refused { ticket, why } => self.answer(ticket, Err(Failure::Refused(why))),
            Event::Stored(stored) => {
                if let Some(named) = self.just_stored.get(&stored.entry.id()) {
                    self.around.board.tell(Telling::Stored(named.clone()));
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
                .around
                .board
                .tell(Telling::Confirmed(Arc::new(Confirmed {
                    line,
                    by,
                    chain,
                    places,
                    at,
                    their_time,
                }))),
            Event::Status { line, status } => self.around.board.update(|state| {
                if let Some(state) = state.lines.get_mut(&line) {
                    state.status = Some(*status);
                }
            }),
            Event::Misbehaved { line, by, what } => {
                self.notice(line, Noticed::Misbehaved(by, what));
            }
            Event::Restored { line, boot } => self.notice(line, Noticed::Restored(boot)),
            Event::Cloned { line, one, other } => self.notice(line, Noticed::Cloned(one, other)),
            Event::Keys {
                line,
                generation,
                epoch,
            } => tracing::info!(line = %line.short(), generation, epoch, "keys changed"),
            Event::BootEnds { line } => return Err(End::MetItself(line)),
        }
        Ok(())
    }

    fn answer(&mut self, ticket: u64, result: Result<Option<EntryId>, Failure>) {
        self.asked.remove(&ticket);
        let entry = |id: EntryId| self.just_stored.get(&id).cloned();
        let result = result.map(|id| id.and_then(entry));
        let at = self.clock.now();
        self.around.board.answer(Answer { ticket, at, result });
    }

    fn notice(&self, line: LineId, what: Noticed) {
        tracing::warn!(line = %line.short(), ?what, "the core met something that needs attention");
        let at = self.clock.now().wall;
        self.around.board.notice(line, Notice { what, at });
    }
}
