//! What the rest of the station knows of the core: the state of each line, the entries as they are stored, and
//! the answers to commands. Written by the core's thread, read by the control API.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use openline_proto::contract::{Misbehaviour, Moment, Refusal};
use openline_proto::verdict::Status;
use openline_store::NamedEntry;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, BootId, LineId};
use tokio::sync::{broadcast, mpsc, watch};

use super::peers::LineInfo;
use super::trouble::Trouble;

/// Tellings that a slow listener may be behind before he has to catch up from the store: some tenths of a
/// second at full load, and what they hold is bounded by what the core stores in that time.
const TELLINGS: usize = 8_192;

/// Notices kept of each line since the start: what a person can take in; the record and the evidence have all.
const NOTICES: usize = 16;

/// What was told. All of it is on stable storage.
#[derive(Clone, Debug)]
pub enum Telling {
    /// An entry, ours or theirs.
    Stored(Arc<NamedEntry>),
    /// The other side's boot holds these places of a chain of ours.
    Confirmed(Arc<Confirmed>),
}

/// See [`Telling::Confirmed`].
#[derive(Clone, Debug)]
pub struct Confirmed {
    /// The line.
    pub line: LineId,
    /// Who says so.
    pub by: Author,
    /// The chain.
    pub chain: Chain,
    /// Places newly confirmed, as half-open ranges.
    pub places: Vec<(u64, u64)>,
    /// When we learnt it.
    pub at: Moment,
    /// When it was said, by the confirmer's wall clock.
    pub their_time: u64,
}

/// The one answer to a command.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The command.
    pub ticket: u64,
    /// When.
    pub at: Moment,
    /// What became of it: the entry that it made, if it made one.
    pub result: Result<Option<Arc<NamedEntry>>, Failure>,
}

/// Why a command was not carried out. Nothing of it exists.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The core says no.
    Refused(Refusal),
    /// It can't be written down.
    NoStore(Trouble),
    /// The boot ended before it was stored.
    BootEnded,
}

/// What deserves a person's attention and is no state.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What.
    pub what: Noticed,
    /// When, by our wall clock.
    pub at: u64,
}

/// See [`Notice`].
#[derive(Clone, Copy, Debug)]
pub enum Noticed {
    /// A party did what no honest one does.
    Misbehaved(Author, Misbehaviour),
    /// A node runs again from an older disk.
    Restored(Author),
    /// Two boots of one node run at one time.
    Cloned(Author, Author),
}

/// What is known of a line.
#[derive(Clone, Debug)]
pub struct LineState {
    /// Names and parties.
    pub info: Arc<LineInfo>,
    /// The core's verdict; none before its first, or if the line could not be taken up.
    pub status: Option<Status>,
    /// Why it could not be taken up.
    pub trouble: Option<Trouble>,
    /// What happened since the start.
    pub notices: VecDeque<Notice>,
}

/// What is known of the station.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Why nothing can be written.
    pub no_store: Option<Trouble>,
    /// The first boot's start entries were on disk.
    pub is_up: bool,
    /// The boot that runs.
    pub boot: Option<BootId>,
    /// When it started, by our wall clock.
    pub started: u64,
    /// The lines.
    pub lines: BTreeMap<LineId, LineState>,
}

/// The shared board.
#[derive(Debug)]
pub struct Board {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
    tellings: broadcast::Sender<Telling>,
    replies: Mutex<BTreeMap<u64, mpsc::UnboundedSender<Answer>>>,
}

impl Board {
    /// Empty.
    pub fn new() -> Self {
        Self {
            state: Mutex::default(),
            changed: watch::Sender::new(0),
            tellings: broadcast::Sender::new(TELLINGS),
            replies: Mutex::default(),
        }
    }

    /// The state now.
    pub fn state(&self) -> State {
        lock(&self.state).clone()
    }

    /// Names and parties of the lines.
    pub fn lines(&self) -> Vec<Arc<LineInfo>> {
        let state = lock(&self.state);
        state.lines.values().map(|line| line.info.clone()).collect()
    }

    /// Wakes whenever the state has changed.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Everything told from now on. The channel is bounded: who is too slow is told so.
    pub fn listen(&self) -> broadcast::Receiver<Telling> {
        self.tellings.subscribe()
    }

    /// Where the answer to a command goes. To be said before the command is given.
    pub fn expect(&self, ticket: u64, reply: mpsc::UnboundedSender<Answer>) {
        lock(&self.replies).insert(ticket, reply);
    }

    /// Changes the state.
    pub(super) fn update(&self, change: impl FnOnce(&mut State)) {
        change(&mut lock(&self.state));
        self.changed.send_modify(|version| *version += 1);
    }

    /// Takes in the lines' figures of the moment. Wakes nobody: what matters comes by [`Self::update`].
    pub(super) fn refresh(&self, figures: impl Fn(&LineId) -> Option<Status>) {
        for (id, line) in &mut lock(&self.state).lines {
            line.status = figures(id).or(line.status.take());
        }
    }

    /// Notes what deserves attention.
    pub(super) fn notice(&self, line: LineId, notice: Notice) {
        self.update(|state| {
            let Some(line) = state.lines.get_mut(&line) else {
                return;
            };
            line.notices.truncate(NOTICES - 1);
            line.notices.push_front(notice);
        });
    }

    /// Tells those who listen.
    pub(super) fn tell(&self, telling: Telling) {
        // An error means that nobody listens.
        let _ = self.tellings.send(telling);
    }

    /// Answers a command.
    pub(super) fn answer(&self, answer: Answer) {
        let reply = lock(&self.replies).remove(&answer.ticket);
        // Who asked may have gone; what he asked for is done all the same.
        let _ = reply.map(|reply| reply.send(answer));
    }
}

impl Default for Board {
    fn default() -> Self {
        Self::new()
    }
}

/// Whoever panicked while holding it left a whole value: every change is one assignment or one insertion.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
