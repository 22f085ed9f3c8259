//! Machines on and off: a start is a new boot on whatever disk is there, and a stop leaves what was written.

use std::collections::BTreeMap;

use openline_proto::contract::Route;
use openline_seal::Agreement;
use openline_wire::ids::BootId;

use crate::disk::Disk;
use crate::invariants::{self, Violation};
use crate::model::Holding;
use crate::sabotage::Planted;
use crate::station::{Begin, Station};
use crate::world::{Due, Running, World};

/// A machine that wants to be woken so often without anything coming in runs hot.
const SPINS: u32 = 300;

impl<A: Agreement> World<A> {
    /// Has a boot called when it wants to be.
    pub(crate) fn wake_later(&mut self, at: usize) {
        let (now, machine) = (self.now, &mut self.machines[at]);
        let Some(running) = &mut machine.running else {
            return;
        };
        let Some(wish) = running.station.wake_at else {
            return;
        };
        let when = (running.started + wish).max(now + 1);
        if running.waking.is_some_and(|waking| waking <= when) {
            return;
        }
        if running.spins > SPINS && when == now + 1 {
            let what = format!("m{at} wants to be woken at {wish}, which is past, again and again");
            return self.judge(Err(Violation::new(
                "a station sleeps between two things to do",
                what,
            )));
        }
        if when > now + 1 {
            running.spins = 0;
        }
        running.waking = Some(when);
        let boot = running.boot;
        self.later(when, Due::Wake(at, boot, when));
    }

    /// Switches a machine on, as a new boot.
    pub(crate) fn start(&mut self, at: usize, asks_for_generation: bool) {
        if self.machines[at].running.is_some() || self.machines[at].is_gone {
            return;
        }
        let told = self.told_of_one_way(self.machines[at].node);
        let mut begin = self.begin(at, asks_for_generation);
        let one_way = Self::one_way_inputs(&told, &mut begin.hints);
        let moment = self.moment(at);
        let machine = &mut self.machines[at];
        machine.last_boot = Some((begin.boot, begin.seed));
        machine.was_restored = false;
        let (node, disk) = (
            &self.nodes[machine.node],
            core::mem::take(&mut machine.disk),
        );
        let held = invariants::disk_is_as_the_model_says(&self.model, at, &disk);
        let mut station = Station::begin(node, disk, &begin, moment);
        for input in one_way {
            station.handle(moment, input);
        }
        station.faults = self.planted.faults();
        self.model.begins(station.author(), at, self.now);
        machine.running = Some(Running {
            station,
            boot: begin.boot,
            started: self.now,
            steps: u64::MAX,
            unread: Vec::new(),
            waking: None,
            spins: 0,
            taken: BTreeMap::new(),
            told: told.clone(),
        });
        self.note(|| {
            format!(
                "m{at} starts as {}, asks {asks_for_generation}, {told:?}",
                begin.boot.short()
            )
        });
        self.judge(held);
        self.pump(at);
    }

    fn begin(&mut self, at: usize, asks_for_generation: bool) -> Begin {
        let mut boot = BootId(self.dice.bytes());
        let mut seed = self.dice.bytes();
        let mut sealing_boot = boot;
        let machine = &self.machines[at];
        if let Some((last_boot, last_seed)) = machine.last_boot {
            if self.planted == Planted::EarlierBoot {
                (boot, sealing_boot) = (last_boot, last_boot);
            }
            if self.planted == Planted::NonceAgain && machine.was_restored {
                (sealing_boot, seed) = (last_boot, last_seed);
            }
        }
        let (peer, bearers) = (1 - machine.node, self.weather.bearers());
        let known = self.machines.iter().enumerate();
        let known = known.filter(|(to, other)| other.node == peer && (*to < 2 || machine.is_gone));
        let hints = known
            .flat_map(|(to, _)| (0..bearers).map(move |bearer| (bearer, to as u32)))
            .map(|(bearer, path)| Route { bearer, path })
            .collect();
        Begin {
            boot,
            sealing_boot,
            seed,
            hints,
            asks_for_generation,
        }
    }

    /// Switches a machine off, however it comes to that: what was written stays.
    pub(crate) fn stop(&mut self, at: usize) {
        if let Some(running) = self.machines[at].running.take() {
            self.model.ends(&running.boot, self.now);
            self.machines[at].disk = running.station.disk;
        }
    }

    /// Puts another disk into a machine.
    pub(crate) fn put_disk(&mut self, at: usize, disk: Disk, holding: Holding) {
        self.stop(at);
        self.machines[at].disk = disk;
        self.machines[at].was_restored = true;
        self.model.disks[at] = holding;
        self.model.wound_back.insert(at, self.now);
        self.keys_in_doubt = true;
    }
}
