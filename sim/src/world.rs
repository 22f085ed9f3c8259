//! The world: machines of two nodes, the frames between them, and one clock. What happens is drawn from the seed; after
//! each step what was seen is compared with the model and the invariants. OL-441: a boot that ends is followed by another.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use openline_proto::contract::{Event, Input, Moment, Route};
use openline_proto::line_test::schedule::Figures;
use openline_seal::Agreement;
use openline_wire::codes::Kind;
use openline_wire::ids::{BootId, EntryId};

use crate::dice::Dice;
use crate::disk::Disk;
use crate::history::About;
use crate::invariants::{self, Scene, Violation};
use crate::liar::Liar;
use crate::model::{Holding, Model};
use crate::node::Node;
use crate::sabotage::Planted;
use crate::station::{Pumped, Seen, Station};
use crate::weather::{LaneId, Letter, Weather};

/// 2027, in milliseconds since 1970: where the clocks begin that are right.
const EPOCH: u64 = 1_800_000_000_000;

/// What is on its way.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// A frame arrives at a machine.
    Frame(Letter),
    /// A slow bearer may have room for what waits.
    Lane(LaneId),
    /// A courier comes to a node.
    Bundle(usize, Vec<Vec<u8>>),
    /// A boot wanted to be called then.
    Wake(usize, BootId, u64),
    /// A machine is switched on.
    Start(usize, bool),
}

/// A boot that runs.
pub(crate) struct Running<A: Agreement> {
    pub(crate) station: Station<A>,
    pub(crate) boot: BootId,
    pub(crate) started: u64,
    /// Outputs until it crashes.
    pub(crate) steps: u64,
    /// Messages of the other party that nobody was shown.
    pub(crate) unread: Vec<EntryId>,
    pub(crate) waking: Option<u64>,
    pub(crate) spins: u32,
    pub(crate) taken: BTreeMap<Vec<u8>, u64>,
    /// What it was told of bearers that lead one way only.
    pub(crate) told: Told,
}

/// What a boot was told at its start of bearers that lead one way only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Where it must be silent.
    pub(crate) silent: Vec<u8>,
    /// Where it hears nothing.
    pub(crate) deaf: Vec<u8>,
}

/// A machine: a disk, and perhaps a boot that runs on it.
pub(crate) struct Machine<A: Agreement> {
    /// Which node it is, or is a copy of.
    pub(crate) node: usize,
    pub(crate) disk: Disk,
    pub(crate) running: Option<Running<A>>,
    pub(crate) backups: Vec<(Disk, Holding, u64)>,
    /// Its wall clock less the right one.
    pub(crate) skew: i64,
    pub(crate) disk_is_full: bool,
    /// Taken away for good.
    pub(crate) is_gone: bool,
    pub(crate) last_boot: Option<(BootId, [u8; 32])>,
    pub(crate) was_restored: bool,
}

/// The world of one seed.
pub struct World<A: Agreement> {
    /// Its seed.
    pub seed: u64,
    pub(crate) about: About,
    pub(crate) dice: Dice,
    pub(crate) now: u64,
    pub(crate) nodes: [Node<A>; 2],
    pub(crate) machines: Vec<Machine<A>>,
    pub(crate) weather: Weather,
    pub(crate) model: Model,
    pub(crate) liar: Option<Liar<A>>,
    pub(crate) violation: Option<Violation>,
    pub(crate) planted: Planted,
    /// Keys may have been lost: a person may have to ask for new ones.
    pub(crate) keys_in_doubt: bool,
    pub(crate) recorded: Vec<(usize, (u8, u32), Vec<u8>)>,
    pub(crate) tickets: u64,
    /// When the last of the couriers arrives.
    pub(crate) last_courier: u64,
    queue: BinaryHeap<Reverse<(u64, u64, Due)>>,
    order: u64,
    trace: Option<Vec<String>>,
}

impl<A: Agreement> World<A> {
    /// Two nodes, one machine each, nothing switched on.
    pub fn new(
        seed: u64,
        about: About,
        nodes: (Node<A>, Node<A>),
        planted: Planted,
        traced: bool,
    ) -> Self {
        let mut dice = Dice::new(seed);
        let weather = Weather::drawn(&mut dice);
        let mut nodes: [Node<A>; 2] = nodes.into();
        let rotation = dice.pick(&[20_000, 120_000, 3_600_000]).unwrap_or(120_000);
        for node in &mut nodes {
            node.rotate_every_ms = rotation;
            // Histories are short, and tests shall happen in them.
            node.tests = Figures::new(60_000, 15_000).unwrap_or(node.tests);
        }
        let liar = dice
            .chance(150)
            .then(|| Liar::drawn(&mut dice, weather.bearers()));
        let mut world = Self {
            seed,
            about,
            now: 0,
            machines: Vec::new(),
            weather,
            model: Model::default(),
            violation: None,
            planted,
            keys_in_doubt: false,
            recorded: Vec::new(),
            tickets: 0,
            last_courier: 0,
            queue: BinaryHeap::new(),
            order: 0,
            trace: traced.then(Vec::new),
            dice,
            nodes,
            liar: None,
        };
        world.add_machine(0, Disk::default(), Holding::new());
        world.add_machine(1, Disk::default(), Holding::new());
        world.model.liar = liar
            .as_ref()
            .map(|liar| liar.author(&world.nodes[liar.node].side));
        world.liar = liar;
        world
    }

    /// What happened, if it was to be written down.
    pub fn trace(&self) -> &[String] {
        self.trace.as_deref().unwrap_or_default()
    }

    pub(crate) fn is_traced(&self) -> bool {
        self.trace.is_some()
    }

    /// Writes down what happens, if anybody wants to read it.
    pub(crate) fn note(&mut self, what: impl FnOnce() -> String) {
        let now = self.now;
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>9.3} {}", now as f64 / 1000.0, what()));
        }
    }

    pub(crate) fn add_machine(&mut self, node: usize, disk: Disk, holding: Holding) -> usize {
        let skew = self.drawn_skew();
        self.machines.push(Machine {
            node,
            disk,
            running: None,
            backups: Vec::new(),
            skew,
            disk_is_full: false,
            is_gone: false,
            last_boot: None,
            was_restored: false,
        });
        self.model.disks.push(holding);
        self.machines.len() - 1
    }

    pub(crate) fn drawn_skew(&mut self) -> i64 {
        let longest = self.dice.pick(&[0, 500, 60_000, 86_400_000]).unwrap_or(0);
        self.dice.below(2 * longest + 1) as i64 - longest as i64
    }

    /// Something will happen.
    pub(crate) fn later(&mut self, at: u64, due: Due) {
        self.order += 1;
        self.queue.push(Reverse((at, self.order, due)));
    }

    /// Lets time pass.
    pub(crate) fn run_until(&mut self, until: u64) {
        while self.violation.is_none()
            && let Some(Reverse((at, ..))) = self.queue.peek()
            && *at <= until
        {
            let Some(Reverse((at, _, due))) = self.queue.pop() else {
                return;
            };
            self.now = self.now.max(at);
            self.happen(due);
        }
        self.now = self.now.max(until);
    }

    fn happen(&mut self, due: Due) {
        match due {
            Due::Frame(Letter { to, route, bytes }) => self.arrive(to, route, bytes),
            Due::Lane(id) => self.look_again(id),
            Due::Wake(machine, boot, wish) => {
                let runs = self.machines[machine].running.as_mut();
                let is_wanted = |running: &&mut Running<A>| {
                    running.boot == boot && running.waking == Some(wish)
                };
                if let Some(running) = runs.filter(is_wanted) {
                    running.waking = None;
                    running.spins += 1;
                    self.give(machine, Input::Woken);
                }
            }
            Due::Bundle(node, frames) => self.bring(node, frames),
            Due::Start(machine, asks) => self.start(machine, asks),
        }
    }

    /// A frame arrives; an authentic one is taken once and never again.
    pub(crate) fn arrive(&mut self, to: usize, (bearer, path): (u8, u32), bytes: Vec<u8>) {
        let Some(running) = &mut self.machines[to].running else {
            return;
        };
        running.spins = 0;
        let (before, boot) = (running.station.opened, running.boot);
        let carried = self.model.lying_frames.get(&bytes).cloned();
        let held = carried.as_ref().map(|_| self.model.disks[to].clone());
        let route = Route { bearer, path };
        let input = Input::Frame {
            route,
            bytes: bytes.clone(),
        };
        self.give(to, input);
        let scene = self.scene(to);
        let Some(running) = &mut self.machines[to].running else {
            return;
        };
        if running.station.opened > before {
            let sent = bytes.clone();
            let times = running.taken.entry(bytes).or_insert(0);
            *times += 1;
            let times = *times;
            let is_carried = self.model.carried.contains(&sent);
            self.judge(scene.map_or(Ok(()), |scene| {
                invariants::no_frame_is_taken_twice(scene, times)
                    .and_then(|()| invariants::what_is_carried_is_not_heard(scene, is_carried))
            }));
            if let (Some(held), Some(carried)) = (held, carried) {
                let observer = (to, boot);
                self.judge(invariants::two_at_one_place_are_shown(
                    &self.model,
                    observer,
                    &held,
                    &carried,
                ));
            }
        }
    }

    /// Hands an input to a machine's boot and has it carry out what follows.
    pub(crate) fn give(&mut self, machine: usize, input: Input) {
        let moment = self.moment(machine);
        if let Some(running) = &mut self.machines[machine].running {
            running.station.handle(moment, input);
            self.pump(machine);
        }
    }

    /// The clocks of a machine.
    pub(crate) fn moment(&self, machine: usize) -> Moment {
        let machine = &self.machines[machine];
        let started = machine
            .running
            .as_ref()
            .map_or(self.now, |running| running.started);
        Moment {
            monotonic: self.now - started,
            wall: (EPOCH + self.now).saturating_add_signed(machine.skew),
        }
    }

    fn scene(&self, machine: usize) -> Option<Scene> {
        let author = self.machines[machine].running.as_ref()?.station.author();
        Some(Scene {
            now: self.now,
            moment: self.moment(machine),
            machine,
            author,
        })
    }

    pub(crate) fn judge(&mut self, verdict: invariants::Verdict) {
        if let (None, Err(violation)) = (&self.violation, verdict) {
            self.note(|| format!("VIOLATION {}: {}", violation.rule, violation.what));
            self.violation = Some(violation);
        }
    }

    pub(crate) fn pump(&mut self, at: usize) {
        let Some(scene) = self.scene(at) else { return };
        let (model, machine) = (&mut self.model, &mut self.machines[at]);
        let Some(running) = &mut machine.running else {
            return;
        };
        running.station.disk_is_full = machine.disk_is_full;
        let mut found = Ok(());
        let mut watch = |disk: &Disk, seen: Seen<'_>| {
            if found.is_ok() {
                found = invariants::look(model, scene, disk, &seen);
            }
        };
        let pumped = running
            .station
            .pump_watched(scene.moment, &mut running.steps, &mut watch);
        let status = running.station.status(scene.moment);
        if found.is_ok()
            && let Some(status) = &status
        {
            let disk = &running.station.disk;
            found = invariants::alive_as_of_is_true(model, scene, status)
                .and_then(|()| invariants::misbehaviour_on_record_is_said(scene, disk, status));
        }
        if found.is_ok()
            && let (Some(status), Pumped::Idle) = (&status, pumped)
        {
            let node = &self.nodes[machine.node];
            let disk = &running.station.disk;
            found = invariants::alarms_follow_their_causes(model, scene, (node, disk), status);
        }
        if found.is_ok() && running.station.disk.len() != model.disks[at].len() {
            found = invariants::disk_is_as_the_model_says(model, at, &running.station.disk);
        }
        self.judge(found);
        self.judge(invariants::a_station_comes_to_rest(pumped));
        self.carry_away(at, pumped);
    }

    fn carry_away(&mut self, at: usize, pumped: Pumped) {
        let Some(running) = &mut self.machines[at].running else {
            return;
        };
        let sent = core::mem::take(&mut running.station.sent);
        let hastes = core::mem::take(&mut running.station.hastes);
        let told = core::mem::take(&mut running.station.told);
        let bundles = core::mem::take(&mut running.station.bundles);
        for frames in bundles {
            self.carry_a_bundle(at, frames);
        }
        for ((route, bytes), haste) in sent.into_iter().zip(hastes) {
            self.transmit(at, route, (bytes, haste));
        }
        let ends = told
            .iter()
            .any(|event| matches!(event, Event::BootEnds { .. }));
        for event in told {
            self.hear(at, &event);
        }
        match pumped {
            Pumped::Idle if !ends => self.wake_later(at),
            _ => {
                self.note(|| format!("m{at} ends: {pumped:?}, met itself: {ends}"));
                self.stop(at);
                let pause = self.dice.between(100, 20_000);
                self.later(self.now + pause, Due::Start(at, false));
            }
        }
    }

    fn hear(&mut self, at: usize, event: &Event) {
        self.note(|| format!("m{at} tells {}", crate::trace::event(event)));
        let own = self.nodes[self.machines[at].node].side.party;
        let Some(running) = &mut self.machines[at].running else {
            return;
        };
        if let Event::Stored(stored) = event {
            let header = stored.entry.header();
            if header.kind == Kind::Message && header.author.party != own {
                running.unread.push(stored.entry.id());
            }
        }
    }
}
