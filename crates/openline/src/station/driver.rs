//! Boot after boot: opens the store, readies the lines, runs a core, and when that ends says why and begins
//! anew (rule 4). While nothing can be written there is no core: nothing is sent, and every command is answered
//! with the reason.

use std::sync::Arc;
use std::time::{Duration, Instant};

use openline_proto::Core;
use openline_proto::contract::{Identity, Input, Moment};
use openline_store::{StorageKey, Store, StoreError};
use openline_wire::ids::{BootId, NodeId, PartyId};

use super::alarm_hooks::AlarmHooks;
use super::board::{Answer, Board, Failure};
use super::boot::{Boot, End};
use super::clock::BootClock;
use super::desk::Shelf;
use super::doorkeeper::Doorkeeper;
use super::inbox::{Arrival, Inbox, Order};
use super::intake::{Intake, Load};
use super::metronome::Metronome;
use super::on_the_wire::OnTheWire;
use super::process::Watchdog;
use super::resolver::Resolver;
use super::sockets::Sockets;
use super::trouble::Trouble;
use crate::home::{Home, HomeError, HomeOrigin, NodeSigner, random};

/// How long to wait before trying the store again. Whoever makes room on a disk looks at the screen.
const RETRY: Duration = Duration::from_secs(1);

/// What the core's thread works with.
pub struct Driver {
    /// The party's home.
    pub home: Home,
    /// The key that the store encrypts with.
    pub storage_key: StorageKey,
    /// The node's key.
    pub signer: Arc<NodeSigner>,
    /// Who may come in at a bearer with TLS.
    pub door: Arc<Doorkeeper>,
    /// Our party.
    pub party: PartyId,
    /// This machine.
    pub node: NodeId,
    /// What waits.
    pub inbox: Arc<Inbox>,
    /// The same, and the bearers.
    pub intake: Intake,
    /// Who listens.
    pub board: Arc<Board>,
    /// The bearers.
    pub sockets: Arc<Sockets>,
    /// Who asks for addresses.
    pub resolver: Arc<Resolver>,
    /// Where readers are put.
    pub shelf: Arc<Shelf>,
    /// The service manager's.
    pub watchdog: Watchdog,
    /// What whoever watches our frames sees.
    pub on_the_wire: OnTheWire,
    /// Where they go out.
    pub metronome: Metronome,
    /// Whether the home is where it was made.
    pub origin: HomeOrigin,
    /// Lamps and horns.
    pub hooks: AlarmHooks,
}

impl Driver {
    /// Runs until the station is told to stop. `store` is the one that the station was started with, if it could
    /// be opened.
    pub fn run(mut self, store: Result<Store, StoreError>) {
        let mut opened = store.map_err(|error| Trouble::from(&error));
        loop {
            let trouble = match opened.and_then(|store| self.run_with(store)) {
                Ok(()) => return,
                Err(trouble) => trouble,
            };
            tracing::error!(code = trouble.code, "nothing can be written");
            self.board
                .update(|state| state.no_store = Some(trouble.clone()));
            if !self.wait_without_store(&trouble) {
                return;
            }
            opened = Store::open(self.home.path(), &self.storage_key)
                .map_err(|error| Trouble::from(&error));
        }
    }

    /// Boots on one store until the station is told to stop, or until the store fails.
    fn run_with(&mut self, mut store: Store) -> Result<(), Trouble> {
        let reader = store.reader().map_err(|error| Trouble::from(&error))?;
        let files = store.file_shelf();
        let files = files.map_err(|error| Trouble::from(&error))?;
        self.shelf.put(reader, files);
        loop {
            match self.one_boot(&mut store)? {
                End::Stop => return Ok(()),
                End::Store(error) => return Err(Trouble::from(&error)),
                End::NoStore(trouble) => return Err(trouble),
                End::Copied => tracing::warn!("the machine was copied: a new boot begins"),
                End::MetItself(line) => {
                    tracing::warn!(line = %line.short(), "another copy of this station is at work");
                }
            }
        }
    }

    fn one_boot(&mut self, store: &mut Store) -> Result<End, Trouble> {
        let secrets = || -> Result<_, HomeError> { Ok((BootId(random()?), random()?)) };
        let (boot, seed) = secrets().map_err(|error| Trouble::from(&error))?;
        let clock = BootClock::start();
        let identity = Identity {
            party: self.party,
            node: self.node,
            boot,
        };
        self.board.update(|state| {
            state.is_up = false;
            (state.boot, state.node) = (Some(boot), Some(self.node));
            state.started = clock.now().wall;
            state.lines.clear();
        });
        let mut running = Boot::new(self, store, Core::new(identity, seed), clock);
        running.take_up_lines()?;
        Ok(running.run())
    }

    /// Answers what comes, until it is time to try again; `false` if the station is to stop.
    fn wait_without_store(&mut self, trouble: &Trouble) -> bool {
        let clock = BootClock::start();
        let since = Instant::now();
        while since.elapsed() < RETRY {
            let left = RETRY.saturating_sub(since.elapsed());
            for arrival in self.intake.take(left, Load::OneLine) {
                match arrival {
                    Arrival::Order(Order::Stop) => return false,
                    Arrival::Order(Order::Reload { ticket })
                    | Arrival::Input(Input::Command { ticket, .. }) => {
                        self.refuse(ticket, clock.now(), trouble);
                    }
                    // Frames come again, and so do hints after the next boot; a courier's caller hears that nobody answers him.
                    Arrival::Order(Order::EndBoot | Order::Courier(_)) | Arrival::Input(_) => {}
                }
            }
        }
        true
    }

    fn refuse(&self, ticket: u64, at: Moment, trouble: &Trouble) {
        let result = Err(Failure::NoStore(trouble.clone()));
        self.board.answer(Answer { ticket, at, result });
    }
}
