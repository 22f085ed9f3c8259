//! A station of the world: the real core, a disk in memory, a key that signs, and a driver that carries outputs
//! out in order and can be stopped between any two of them.

use std::collections::VecDeque;

use openline_proto::Core;
use openline_proto::config::LineConfig;
use openline_proto::contract::{
    Change, Command, Event, Identity, Input, LoadedPart, Moment, Output, Route, StoredEntry,
};
use openline_proto::files::Progress;
use openline_proto::verdict::Status;
use openline_proto::witness::Sealed;
use openline_seal::{Agreement, Padding, Side};
use openline_wire::fact::NumberCompared;
use openline_wire::haste::Haste;
use openline_wire::header::Actor;
use openline_wire::ids::{Author, BootId, Digest};

use crate::agreement::ScriptedAgreement;
use crate::disk::Disk;
pub use crate::node::{LINE, Node, opened_line};

/// What a start is given besides the disk.
#[derive(Clone, Debug)]
pub struct Begin {
    /// The name drawn for this boot.
    pub boot: BootId,
    /// The name under which its channel seals: the same, unless a bug is planted.
    pub sealing_boot: BootId,
    /// Its randomness.
    pub seed: [u8; 32],
    /// Where the peer may be.
    pub hints: Vec<Route>,
    /// Somebody knows that the disk is old or a copy: ask for a new channel generation.
    pub asks_for_generation: bool,
}

/// Bugs of a driver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// What is to be on disk is written only some time later.
    pub writes_late: bool,
    /// Each so many-th batch is never written.
    pub drops_each: Option<u64>,
}

/// What a driver does, told when it has been done, with the disk as it is then.
#[derive(Debug)]
pub enum Seen<'a> {
    /// It is about to sign these bytes.
    Signing(&'a [u8]),
    /// The core wants this on disk; the driver has carried it out.
    Persisted(&'a [Change]),
    /// A frame leaves.
    Sent(Option<&'a Sealed>),
    /// Somebody is told.
    Told(&'a Event),
}

/// Who watches a driver.
pub type Watcher<'a> = &'a mut dyn FnMut(&Disk, Seen<'_>);

/// How a pump ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pumped {
    /// All is done.
    Idle,
    /// The machine stopped between two outputs.
    Crashed,
    /// The disk did not take a batch: the core and what it wanted are thrown away.
    DiskFull,
    /// The core wants more and more done, without end.
    Restless,
}

/// No input makes an honest core ask for so much: all entries of a world, to all boots, many times over.
const MOST_OUTPUTS: u64 = 100_000;

/// One running boot.
pub struct Station<A: Agreement = ScriptedAgreement> {
    /// What it runs on.
    pub disk: Disk,
    /// What it told, oldest first.
    pub told: Vec<Event>,
    /// What it sent and nobody took yet.
    pub sent: Vec<(Route, Vec<u8>)>,
    /// What each of those may wait for.
    pub hastes: Vec<Haste>,
    /// What somebody who watches sees of each frame: its time, if it has one of its own, and its length. Kept for whoever puts a list here.
    pub watched: Option<Vec<(Option<u64>, usize)>>,
    /// Bundles that it sealed and nobody took yet.
    pub bundles: Vec<Vec<Vec<u8>>>,
    /// When it wants to be called.
    pub wake_at: Option<u64>,
    /// Something was handed in that has not been worked off.
    is_behind: bool,
    /// The disk takes nothing more.
    pub disk_is_full: bool,
    /// What is wrong with the driver.
    pub faults: Faults,
    /// Frames that authenticated.
    pub opened: u64,
    core: Core<A>,
    node: Node<A>,
    notes: Vec<Change>,
    late: Vec<Vec<Change>>,
    sealed: VecDeque<Sealed>,
    batches: u64,
}

impl<A: Agreement> Station<A> {
    /// A new boot of a node on a disk, with the peer on the only way.
    pub fn start(node: &Node<A>, disk: Disk, boot: BootId, seed: [u8; 32], now: Moment) -> Self {
        let begin = Begin {
            boot,
            sealing_boot: boot,
            seed,
            hints: vec![Route { bearer: 0, path: 0 }],
            asks_for_generation: false,
        };
        Self::begin(node, disk, &begin, now)
    }

    /// A new boot of a node on a disk.
    pub fn begin(node: &Node<A>, mut disk: Disk, begin: &Begin, now: Moment) -> Self {
        let recovers = disk.channel().is_none() && disk.kept_tapes().is_some();
        let channel = node.channel(&disk, begin.sealing_boot);
        if !recovers {
            let state = channel.snapshot().expect("a channel can be written down");
            disk.keep_tapes(channel.tapes().clone());
            disk.write(&[Change::Channel {
                line: LINE,
                peer: node.peer.node,
                state,
            }]);
        }
        let Side { party, node: id } = node.side;
        let identity = Identity {
            party,
            node: id,
            boot: begin.boot,
        };
        let mut core = Core::new(identity, begin.seed);
        core.add_line(line_config(node, &disk, channel), now);
        let _ = core.witness();
        let mut station = Self {
            disk,
            told: Vec::new(),
            sent: Vec::new(),
            hastes: Vec::new(),
            watched: None,
            bundles: Vec::new(),
            wake_at: Some(now.monotonic),
            is_behind: true,
            disk_is_full: false,
            faults: Faults::default(),
            opened: 0,
            core,
            node: node.clone(),
            notes: Vec::new(),
            late: Vec::new(),
            sealed: VecDeque::new(),
            batches: 0,
        };
        for &route in &begin.hints {
            station.handle(
                now,
                Input::Hint {
                    line: LINE,
                    route,
                    answered: None,
                },
            );
        }
        if recovers || begin.asks_for_generation {
            station.command(now, 0, Command::NewGeneration);
        }
        station
    }

    /// Who it is in this boot.
    pub fn author(&self) -> Author {
        self.core.author()
    }

    /// The core's view of the line.
    pub fn status(&self, now: Moment) -> Option<Status> {
        self.core.status(&LINE, now)
    }

    /// The files that are to come.
    pub fn files(&self) -> Vec<Progress> {
        self.core.files(&LINE)
    }

    /// Hands an input in.
    pub fn handle(&mut self, now: Moment, input: Input) {
        self.is_behind = true;
        self.core.handle(now, input);
    }

    /// Hands a command in.
    pub fn command(&mut self, now: Moment, ticket: u64, command: Command) {
        self.command_by(Actor::station(), now, ticket, command);
    }

    /// Hands a command of somebody's in.
    pub fn command_by(&mut self, actor: Actor, now: Moment, ticket: u64, command: Command) {
        let line = LINE;
        let input = Input::Command {
            ticket,
            line,
            actor,
            command,
        };
        self.handle(now, input);
    }

    /// Carries out what is to be done, until nothing is. `steps` counts down to a crash: at zero the
    /// machine stops between two outputs and tells so by `false`. As a driver does, it leaves a core alone that
    /// was given nothing and asked to be called later.
    pub fn pump(&mut self, now: Moment, steps: &mut u64) -> bool {
        let is_later = self.wake_at.is_some_and(|at| at > now.monotonic);
        if is_later && !self.is_behind && self.late.is_empty() {
            return true;
        }
        self.pump_watched(now, steps, &mut |_, _| {}) == Pumped::Idle
    }

    /// The same, with somebody who watches each output.
    pub fn pump_watched(&mut self, now: Moment, steps: &mut u64, watcher: Watcher<'_>) -> Pumped {
        for changes in core::mem::take(&mut self.late) {
            self.disk.write(&changes);
        }
        let mut left = MOST_OUTPUTS;
        loop {
            let outputs = self.core.drain(now);
            let witness = self.core.witness();
            self.opened += witness.opened;
            self.sealed.extend(witness.sealed);
            if outputs.is_empty() {
                self.is_behind = false;
                return Pumped::Idle;
            }
            left = left.saturating_sub(outputs.len() as u64);
            if left == 0 {
                return Pumped::Restless;
            }
            for output in outputs {
                if *steps == 0 {
                    return Pumped::Crashed;
                }
                *steps -= 1;
                if matches!(output, Output::Persist(_)) && self.disk_is_full {
                    return Pumped::DiskFull;
                }
                self.carry_out(now, output, watcher);
            }
        }
    }

    fn show_sealed(&mut self, watcher: Watcher<'_>) {
        let sealed = self.sealed.pop_front();
        watcher(&self.disk, Seen::Sent(sealed.as_ref()));
    }

    fn send(&mut self, route: Route, bytes: Vec<u8>, (haste, at): (Haste, Option<u64>)) {
        let seen = (at, bytes.len());
        self.watched.iter_mut().for_each(|it| it.push(seen));
        if self.sent.is_empty() {
            self.hastes.clear();
        }
        self.hastes.push(haste);
        self.sent.push((route, bytes));
    }

    fn carry_out(&mut self, now: Moment, output: Output, watcher: Watcher<'_>) {
        match output {
            Output::Sign { ticket, bytes } => {
                watcher(&self.disk, Seen::Signing(&bytes));
                let signature = self.node.sign(&bytes);
                self.core.handle(now, Input::Signed { ticket, signature });
            }
            Output::Persist(changes) => {
                self.persist(&changes);
                watcher(&self.disk, Seen::Persisted(&changes));
            }
            Output::Note(change) => self.notes.push(change),
            Output::Load {
                line,
                chain,
                from,
                count,
            } => {
                let entries = self.disk.load(&chain, from, count);
                let loaded = Input::Loaded {
                    line,
                    chain,
                    from,
                    entries,
                };
                self.core.handle(now, loaded);
            }
            Output::LoadPart { line, root, part } => {
                let bytes = self.disk.part(root, part);
                let loaded = LoadedPart {
                    line,
                    root,
                    part,
                    bytes,
                };
                self.core.handle(now, Input::PartLoaded(loaded));
            }
            Output::Send {
                route,
                bytes,
                haste,
                at,
            } => {
                self.show_sealed(watcher);
                self.send(route, bytes, (haste, at));
            }
            Output::Bundle { frames, .. } => {
                let sealed = frames.iter().flatten();
                sealed.for_each(|_| self.show_sealed(watcher));
                self.bundles.extend(frames);
            }
            Output::Tell(event) => {
                watcher(&self.disk, Seen::Told(&event));
                self.told.push(event);
            }
            Output::WakeAt(at) => self.wake_at = Some(at),
        }
    }

    fn persist(&mut self, changes: &[Change]) {
        self.batches += 1;
        let dropped = self
            .faults
            .drops_each
            .is_some_and(|each| self.batches.is_multiple_of(each));
        if dropped {
            return;
        }
        if self.faults.writes_late {
            self.late.push(changes.to_vec());
            return;
        }
        // The notes are older.
        let notes = core::mem::take(&mut self.notes);
        self.disk.write(&notes);
        self.disk.write(changes);
        let mut states = changes.iter().filter_map(|change| match change {
            Change::Channel { state, .. } => Some(state),
            _ => None,
        });
        if let Some(tapes) = states
            .next_back()
            .and_then(|state| self.node.tapes_of(state, self.core.author().boot))
        {
            self.disk.keep_tapes(tapes);
        }
    }
}

/// The entries of a batch.
pub fn entries_of(changes: &[Change]) -> impl Iterator<Item = &StoredEntry> {
    changes.iter().filter_map(|change| match change {
        Change::Entry(stored) => Some(stored),
        _ => None,
    })
}

/// What a core is told of the line when it starts.
pub fn line_config<A: Agreement>(
    node: &Node<A>,
    disk: &Disk,
    channel: openline_seal::Channel<A>,
) -> LineConfig<A> {
    // What stands for a party's card here is the party's id.
    let compared = NumberCompared {
        own_card: Digest(node.side.party.0),
        other_card: Digest(node.peer.party.0),
        charter: Digest([3; 32]),
    };
    LineConfig {
        line: LINE,
        cadences: node.cadences,
        nodes: node.nodes.clone(),
        peer: node.peer.node,
        tests: node.tests,
        offices: Vec::new(),
        channel,
        padding: match node.beat_ms {
            Some(_) => Padding::Even,
            None => Padding::None,
        },
        beat_ms: node.beat_ms,
        number_compared: Some((Actor::station(), compared)),
        stored: disk.stored_line(),
    }
}
