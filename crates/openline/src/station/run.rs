//! Starts a station, says that it is ready, and stops it when it is told to.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use openline_store::{StorageKey, Store, StoreError, is_reminder_altered};
use tokio::net::UnixListener;
use tokio::signal::unix::{SignalKind, signal};

use super::alarm_hooks::{AlarmHooks, HookOptions};
use super::board::Board;
use super::courier_log::CourierLog;
use super::desk::{Desk, Shelf};
use super::doorkeeper::Doorkeeper;
use super::driver::Driver;
use super::folder::{self, FolderOptions};
use super::generation::GenerationWatch;
use super::inbox::{Inbox, Order};
use super::intake::Intake;
use super::known_ways::KnownWays;
use super::listen::{self, Addresses};
use super::metronome::Metronome;
use super::on_the_wire::OnTheWire;
use super::process::{self, Watchdog};
use super::resolver::Resolver;
use super::told::ToldAddresses;
use super::trouble::Trouble;
use super::window;
use crate::api::caller::{Owner, OwnersListener};
use crate::api::problem::Words;
use crate::api::types::Problem;
use crate::api::{self, Context, OwnParty, connections};
use crate::client::socket_address;
use crate::home::{Home, HomeError};
use crate::i18n::Language;

/// The core's thread runs the key agreement, whose post-quantum half keeps its matrices on the stack.
const CORE_STACK: usize = 2 * 1024 * 1024;

/// A thread that only waits.
const SMALL_STACK: usize = 64 * 1024;

/// How a station is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// The party's home.
    pub home: PathBuf,
    /// Where to listen, `udp://host:port` or `serial:///path?rate=number`, and what goes in one direction.
    pub listen: Addresses,
    /// What whoever watches our frames sees.
    pub on_the_wire: OnTheWire,
    /// The ready line is a JSON object.
    pub json: bool,
    /// Folders for what is carried by hand.
    pub folders: FolderOptions,
    /// What is told of alarms.
    pub alarms: HookOptions,
    /// The language of the ready line and of errors.
    pub language: Language,
}

/// Why a station did not start, or stopped by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationError(Trouble);

impl StationError {
    /// For a reader of a language.
    pub fn problem(&self, language: Language) -> Problem {
        Words::new().problem(&self.0, language.tag())
    }
}

impl From<Trouble> for StationError {
    fn from(trouble: Trouble) -> Self {
        Self(trouble)
    }
}

impl From<HomeError> for StationError {
    fn from(error: HomeError) -> Self {
        Self(Trouble::from(&error))
    }
}

/// Runs a station until SIGTERM or SIGINT. The control API runs on the runtime that polls this.
pub async fn run(options: Options) -> Result<(), StationError> {
    process::forbid_dumps();
    let _file_limit = process::survive_file_limit();
    let home = Home::open(&options.home)?;
    let _lock = home.lock()?;
    let (driver, desk) = assemble(home, &options)?;
    let own = own_party(&driver)?;
    let is_reminder_altered = is_reminder_altered(&options.home);
    let store = open_store(&driver)?;
    let (inbox, board, sockets) = (
        driver.inbox.clone(),
        driver.board.clone(),
        driver.sockets.clone(),
    );
    let resolver = driver.resolver.clone();
    let socket = open_control(&options.home)?;
    watch_generation(&inbox);
    let core = spawn_core(driver, store)?;
    let owner = Owner::of_this_process();
    let folders = folder::watch(desk.clone(), own.node, options.folders.clone());
    let router = api::router(Context::new(desk, own));
    let listener = OwnersListener { socket, owner };
    let api = tokio::spawn(connections::serve(listener, router));
    board.until_up().await;
    let folders = tokio::spawn(folders);
    window::announce(&options, &board, &sockets);
    if is_reminder_altered {
        window::tell_of_the_reminder(&options);
    }
    window::watch(&options, &board).map_err(no_thread)?;
    process::notify_ready();
    if until_told_to_stop(&core).await? {
        window::say_what_they_will_see(&options, &board);
    }
    process::notify_stopping();
    inbox.send_order(Order::Stop);
    resolver.stop();
    let ended = tokio::task::spawn_blocking(move || core.join()).await;
    api.abort();
    folders.abort();
    // Nobody can call any more; a socket that is left behind is replaced at the next start.
    let _ = fs::remove_file(options.home.join(crate::client::SOCKET));
    match ended {
        Ok(Ok(())) => Ok(()),
        _ => Err(Trouble::new("core-panicked").into()),
    }
}

fn assemble(home: Home, options: &Options) -> Result<(Driver, Arc<Desk>), StationError> {
    // A home with another's keys must not even take the address.
    let (signer, _) = (Arc::new(home.node()?), home.leaf()?);
    let door = Arc::new(Doorkeeper::of(home.path(), signer.clone()));
    let sockets = Arc::new(listen::open(&home, &options.listen, &door)?);
    let no_inbox = |error| Trouble::new("no-thread").with("why", error);
    let inbox = Arc::new(Inbox::new().map_err(no_inbox)?);
    let board = Arc::new(Board::new());
    let shelf = Arc::new(Shelf::default());
    let hooks = AlarmHooks::start(&options.alarms, options.language.tag(), &board)?;
    let kept = (KnownWays::of(home.path()), ToldAddresses::of(home.path()));
    let resolver = Resolver::start(inbox.clone(), board.clone(), sockets.clone(), kept);
    let courier = CourierLog::of(home.path());
    let desk = Desk::new(
        board.clone(),
        sockets.clone(),
        inbox.clone(),
        shelf.clone(),
        courier,
    );
    let desk = Arc::new(desk);
    let driver = Driver {
        storage_key: StorageKey::new(home.storage_key()?),
        party: home.card()?.party(),
        node: signer.id(),
        origin: home.origin()?,
        hooks,
        resolver: resolver.map_err(no_thread)?,
        watchdog: Watchdog::from_environment(),
        on_the_wire: options.on_the_wire,
        metronome: Metronome::start(sockets.clone()).map_err(no_thread)?,
        home,
        signer,
        door,
        intake: Intake::new(inbox.clone(), sockets.clone()),
        inbox,
        board,
        sockets,
        shelf,
    };
    Ok((driver, desk))
}

fn own_party(driver: &Driver) -> Result<OwnParty, StationError> {
    Ok(OwnParty {
        party: driver.party,
        names: driver.home.card()?.names().clone(),
        node: driver.node,
    })
}

/// Opens the store. A disk that can't be written is waited for; anything else is for a person to mend first.
fn open_store(driver: &Driver) -> Result<Result<Store, StoreError>, StationError> {
    match Store::open(driver.home.path(), &driver.storage_key) {
        Err(error @ (StoreError::DiskFull | StoreError::ReadOnly)) => Ok(Err(error)),
        Err(error) => Err(Trouble::from(&error).into()),
        store => Ok(store),
    }
}

/// Opens the control socket. The lock on the home is ours, so a socket that lies there is left over.
fn open_control(home: &Path) -> Result<UnixListener, StationError> {
    let failed = |error: io::Error| {
        let path = home.join(crate::client::SOCKET).display().to_string();
        Trouble::new("control-socket")
            .with("path", path)
            .with("why", error)
    };
    let (path, _folder) = socket_address(home).map_err(failed)?;
    let _ = fs::remove_file(&path);
    let listener = UnixListener::bind(&path).map_err(failed)?;
    // The home itself is closed to others, so nobody can come before this.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).map_err(failed)?;
    Ok(listener)
}

fn spawn_core(
    driver: Driver,
    store: Result<Store, StoreError>,
) -> Result<JoinHandle<()>, StationError> {
    let core = thread::Builder::new()
        .name("core".to_owned())
        .stack_size(CORE_STACK)
        .spawn(move || driver.run(store));
    Ok(core.map_err(no_thread)?)
}

fn watch_generation(inbox: &Arc<Inbox>) {
    let inbox = inbox.clone();
    let watching = GenerationWatch::open().and_then(|watch| {
        let wait = move || {
            while watch.wait().is_ok() {
                inbox.send_order(Order::EndBoot);
            }
        };
        let thread = thread::Builder::new().name("generation".to_owned());
        thread.stack_size(SMALL_STACK).spawn(wait)
    });
    if let Err(error) = watching {
        tracing::info!(%error, "this machine can't tell when it is copied");
    }
}

fn no_thread(error: io::Error) -> Trouble {
    Trouble::new("no-thread").with("why", error)
}

/// Tells whether somebody did; else the core ended by itself.
async fn until_told_to_stop(core: &JoinHandle<()>) -> Result<bool, StationError> {
    let failed = |error: io::Error| Trouble::new("no-signals").with("why", error);
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let mut look = tokio::time::interval(std::time::Duration::from_secs(1));
    loop {
        tokio::select! {
            _ = terminate.recv() => return Ok(true),
            _ = interrupt.recv() => return Ok(true),
            _ = look.tick() => if core.is_finished() {
                return Ok(false);
            },
        }
    }
}
