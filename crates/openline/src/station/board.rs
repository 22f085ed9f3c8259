//! What the rest of the station knows of the core: the state of each line, the entries as they are stored, and
//! the answers to commands. Written by the core's thread, read by the control API.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use openline_proto::alarm::book::Alarm;
use openline_proto::alarm::cause::Key;
use openline_proto::alarm::machine;
use openline_proto::contact::shown::Shown as ContactShown;
use openline_proto::contract::{Moment, Refusal};
use openline_proto::line_test::shown::Tests;
use openline_proto::ring::book::Shown;
use openline_proto::ring::held::Standing;
use openline_proto::verdict::{Reachable, Status};
use openline_store::NamedEntry;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, BootId, EntryId, LineId, NodeId};
use openline_wire::language::LocalNames;
use openline_wire::limits;
use tokio::sync::{broadcast, mpsc, watch};

pub use super::alarm_hooks::HookState;
use super::notice::fold;
pub use super::notice::{Notice, Noticed};
use super::peers::LineInfo;
use super::trouble::Trouble;

/// Tellings that a slow listener may be behind before he has to catch up from the store: some tenths of a
/// second at full load, and what they hold is bounded by what the core stores in that time.
const TELLINGS: usize = 8_192;

/// Confirmations of each chain that are kept in memory: a note of one reaches the disk within a second, and until
/// then whoever asks shall not be told that there is none.
const JUST_CONFIRMED: usize = 64;

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
    /// How rings stand: those that the core knows by heart.
    pub rings: BTreeMap<EntryId, Shown>,
    /// How contacts stand, by the rings that were accepted.
    pub contacts: BTreeMap<EntryId, ContactShown>,
    /// How the tests of the line stand; none before the core's first word.
    pub tests: Option<Arc<Tests>>,
    /// Alarms that are not quiet.
    pub alarms: BTreeMap<Key, Alarm>,
}

impl LineState {
    /// Alarms that are not quiet.
    pub fn alarms(&self) -> Vec<Alarm> {
        self.alarms.values().cloned().collect()
    }
}

/// A line of the home whose files are damaged: not even its parties are known for sure.
#[derive(Clone, Debug)]
pub struct Unusable {
    /// The line.
    pub line: LineId,
    /// What the other party is called, if a file still tells.
    pub names: Option<LocalNames>,
    /// What is damaged, and how.
    pub trouble: Trouble,
}

impl Unusable {
    /// What the line is called: by the other party, or else by the beginning of its id.
    pub fn name(&self, language: &str) -> String {
        let names = self.names.as_ref();
        names.map_or_else(
            || self.line.short().to_string(),
            |names| names.in_language(language).to_owned(),
        )
    }

    /// Whether it is called so, in any language.
    pub fn is_called(&self, name: &str) -> bool {
        let same = |(_, theirs): (_, &str)| theirs.to_lowercase() == name.to_lowercase();
        self.names
            .as_ref()
            .is_some_and(|names| names.iter().any(same))
    }
}

/// What is known of the station.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Why nothing can be written.
    pub no_store: Option<Trouble>,
    /// The lines of the boot that runs are taken up, and its start entries are on disk.
    pub is_up: bool,
    /// The boot that runs.
    pub boot: Option<BootId>,
    /// The node that it is a boot of.
    pub node: Option<NodeId>,
    /// When it started, by our wall clock.
    pub started: u64,
    /// The lines.
    pub lines: BTreeMap<LineId, LineState>,
    /// Those of which no more is known than that they are there.
    pub unusable: Vec<Unusable>,
    /// Notices of all lines since the start.
    pub noticed: u64,
    /// What is told of alarms, and how that went.
    pub alarm_hooks: Vec<HookState>,
}

/// Confirmations of each chain, the oldest first.
type JustConfirmed = BTreeMap<(LineId, Chain), VecDeque<Arc<Confirmed>>>;

/// The shared board.
#[derive(Debug)]
pub struct Board {
    state: Mutex<State>,
    changed: watch::Sender<u64>,
    tellings: broadcast::Sender<Telling>,
    replies: Mutex<BTreeMap<u64, mpsc::UnboundedSender<Answer>>>,
    just_confirmed: Mutex<JustConfirmed>,
}

impl Board {
    /// Empty.
    pub fn new() -> Self {
        Self {
            state: Mutex::default(),
            changed: watch::Sender::new(0),
            tellings: broadcast::Sender::new(TELLINGS),
            replies: Mutex::default(),
            just_confirmed: Mutex::default(),
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

    /// Names and parties of one line.
    pub fn line(&self, line: &LineId) -> Option<Arc<LineInfo>> {
        lock(&self.state)
            .lines
            .get(line)
            .map(|line| line.info.clone())
    }

    /// The lines whose files are damaged.
    pub fn unusable(&self) -> Vec<Unusable> {
        lock(&self.state).unusable.clone()
    }

    /// Why a line is not taken up; none if it is.
    pub fn trouble(&self, line: &LineId) -> Option<Trouble> {
        lock(&self.state).lines.get(line)?.trouble.clone()
    }

    /// How a ring stands; none if the core does not know it by heart.
    pub fn ring(&self, line: &LineId, ring: &EntryId) -> Option<Shown> {
        lock(&self.state).lines.get(line)?.rings.get(ring).copied()
    }

    /// Rings of a line that have not ended, and whose caller may live.
    pub fn running_rings(&self, line: &LineId) -> Vec<EntryId> {
        let state = lock(&self.state);
        let rings = state.lines.get(line).map(|line| &line.rings);
        let runs =
            |shown: &&Shown| !matches!(shown.standing, Standing::Ended(_) | Standing::BrokenOff);
        let rings = rings.into_iter().flat_map(BTreeMap::values).filter(runs);
        rings.map(|shown| shown.ring).collect()
    }

    /// The exercise that is in force on a line, by the entry that names it.
    pub fn exercise(&self, line: &LineId) -> Option<EntryId> {
        let state = lock(&self.state);
        let running = &state.lines.get(line)?.status.as_ref()?.exercises;
        running.iter().find_map(|it| Some(it.accepted.as_ref()?.id))
    }

    /// The boot that runs.
    pub fn boot(&self) -> Option<BootId> {
        lock(&self.state).boot
    }

    /// Where our own node announced that it can be reached, by line.
    pub(super) fn announced_here(&self) -> Vec<(String, Vec<String>)> {
        let state = lock(&self.state);
        let list = |line: &LineState| {
            let status = line.status.as_ref()?;
            let is_here = |list: &&Reachable| Some(list.by.node) == state.node;
            let list = status.reachable.iter().find(is_here)?;
            let addresses = list.addresses.iter().map(ToString::to_string);
            Some((line.info.line.to_string(), addresses.collect()))
        };
        state.lines.values().filter_map(list).collect()
    }

    /// Where the other node is looked for, as it announced; none if it never did.
    pub fn announced(&self, line: &LineId) -> Option<Reachable> {
        let state = lock(&self.state);
        let status = state.lines.get(line)?.status.as_ref()?;
        status.taken_up.clone()
    }

    /// What the peer's clock differs by from ours, if that is known.
    pub fn clock_offset(&self, line: &LineId) -> Option<i64> {
        let state = lock(&self.state);
        state.lines.get(line)?.status.as_ref()?.clock_offset_ms
    }

    /// How a contact stands; none if the core does not know it by heart.
    pub fn contact(&self, line: &LineId, contact: &EntryId) -> Option<ContactShown> {
        let state = lock(&self.state);
        state.lines.get(line)?.contacts.get(contact).cloned()
    }

    /// How the tests of a line stand.
    pub fn tests(&self, line: &LineId) -> Option<Arc<Tests>> {
        lock(&self.state).lines.get(line)?.tests.clone()
    }

    /// Wakes whenever the state has changed.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Waits until the boot that runs is up, or until it is known that nothing can be written.
    pub async fn until_up(&self) {
        let mut changes = self.watch();
        loop {
            let (is_up, is_stuck) = {
                let state = lock(&self.state);
                (state.is_up, state.no_store.is_some())
            };
            if is_up || is_stuck || changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Everything told from now on. The channel is bounded: who is too slow is told so.
    pub fn listen(&self) -> broadcast::Receiver<Telling> {
        self.tellings.subscribe()
    }

    /// The confirmation of a place that came so lately that the store may not have it yet.
    pub fn just_confirmed(
        &self,
        line: &LineId,
        chain: &Chain,
        sequence: u64,
    ) -> Option<Arc<Confirmed>> {
        let recent = lock(&self.just_confirmed);
        let mut said = recent.get(&(*line, *chain))?.iter();
        let covers = |(first, end): &(u64, u64)| (*first..*end).contains(&sequence);
        said.find(|said| said.places.iter().any(covers)).cloned()
    }

    /// Where the answer to a command goes. To be said before the command is given.
    pub fn expect(&self, ticket: u64, reply: mpsc::UnboundedSender<Answer>) {
        lock(&self.replies).insert(ticket, reply);
    }

    /// Changes the state.
    pub(crate) fn update(&self, change: impl FnOnce(&mut State)) {
        change(&mut lock(&self.state));
        self.changed.send_modify(|version| *version += 1);
    }

    /// Takes in the lines' figures of the moment. Wakes nobody: what matters comes by [`Self::update`].
    pub(super) fn refresh(&self, figures: impl Fn(&LineId) -> Option<Status>) {
        for (id, line) in &mut lock(&self.state).lines {
            line.status = figures(id).or(line.status.take());
        }
    }

    /// Takes in how a line stands now. Tells whether a node can be reached elsewhere than before, as it announced.
    pub(super) fn status_moved(&self, line: LineId, status: Status) -> bool {
        let mut has_moved = false;
        self.update(|state| {
            if let Some(line) = state.lines.get_mut(&line) {
                let before = line.status.replace(status);
                let lists = |status: Option<&Status>| {
                    status.map(|it| (it.reachable.clone(), it.taken_up.clone()))
                };
                has_moved = lists(before.as_ref()) != lists(line.status.as_ref());
            }
        });
        has_moved
    }

    /// Takes in how a ring stands now.
    pub(super) fn ring_moved(&self, line: LineId, shown: Shown) {
        self.update(|state| {
            let Some(line) = state.lines.get_mut(&line) else {
                return;
            };
            // The core has forgotten as many, and tells of none of them again.
            if line.rings.len() >= limits::RINGS && !line.rings.contains_key(&shown.ring) {
                let over = |(_, it): &(&EntryId, &Shown)| matches!(it.standing, Standing::Ended(_));
                let over = line.rings.iter().find(over).map(|(ring, _)| *ring);
                let over = over.or(line.rings.keys().next().copied());
                over.and_then(|ring| line.rings.remove(&ring));
            }
            line.rings.insert(shown.ring, shown);
        });
    }

    /// Takes in how a contact stands now.
    pub(super) fn contact_moved(&self, line: LineId, shown: ContactShown) {
        self.update(|state| {
            let Some(line) = state.lines.get_mut(&line) else {
                return;
            };
            line.contacts.insert(shown.contact, shown);
            // The core tells of a contact for as long as it knows its ring, and so do we.
            let rings = &line.rings;
            line.contacts.retain(|ring, _| rings.contains_key(ring));
        });
    }

    /// Alarms of a line that are not quiet.
    pub fn alarms(&self, line: &LineId) -> Vec<Alarm> {
        let state = lock(&self.state);
        state
            .lines
            .get(line)
            .map_or_else(Vec::new, LineState::alarms)
    }

    /// Takes in how an alarm stands now.
    pub(super) fn alarm_moved(&self, line: LineId, alarm: Alarm) {
        self.update(|state| {
            let Some(line) = state.lines.get_mut(&line) else {
                return;
            };
            match alarm.state {
                machine::State::Quiet => line.alarms.remove(&alarm.key),
                _ => line.alarms.insert(alarm.key, alarm),
            };
        });
    }

    /// Notes what deserves attention.
    pub(super) fn notice(&self, line: LineId, what: Noticed, at: u64) {
        self.update(|state| {
            let Some(line) = state.lines.get_mut(&line) else {
                return;
            };
            state.noticed += 1;
            let number = state.noticed;
            fold(&mut line.notices, Notice::once(what, at, number));
        });
    }

    /// Tells those who listen.
    pub(super) fn tell(&self, telling: Telling) {
        if let Telling::Confirmed(said) = &telling {
            let mut recent = lock(&self.just_confirmed);
            let of_chain = recent.entry((said.line, said.chain)).or_default();
            of_chain.truncate(JUST_CONFIRMED - 1);
            of_chain.push_front(said.clone());
        }
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
