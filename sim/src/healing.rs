//! The end of a history: all trouble ends, the machines that are left run until nothing moves any more, and then
//! everybody must hold everything.

use openline_proto::contract::{Input, Route};
use openline_proto::verdict::{Status, Verdict};
use openline_seal::Agreement;

use crate::disk::Disk;
use crate::invariants::{self, Home, Violation};
use crate::model::Holding;
use crate::node::LINE;
use crate::world::{Told, World};

/// How often a person looks whether the line has come back.
const LOOK_MS: u64 = 5_000;

/// After so many looks a person asks for new keys, if they may have been lost.
const LOOKS_UNTIL_HELP: u64 = 12;

/// Looks until it counts as never.
const LOOKS: u64 = 120;

/// So often may two sides be parted again.
const ROUNDS: u64 = 5;

impl<A: Agreement> World<A> {
    /// Heals everything, waits, and compares.
    pub(crate) fn heal(&mut self) {
        let left = self.survivors();
        let lost = self.weather.lost;
        self.note(|| format!("all is healed; left are {left:?}; so far {lost:?}"));
        self.liar = None;
        let before: Vec<Holding> = left
            .iter()
            .map(|at| self.model.disks[*at].clone())
            .collect();
        self.mend(left);
        self.passes_a_diode(left);
        self.weather.clear_up();
        for at in left {
            self.takes_both_ways(at);
        }
        self.introduce(left);
        if self.stays_quiet(left) && self.awaits_the_couriers(left) {
            self.compare(left, &before);
        }
    }

    /// From now on nothing stops a machine, and its clock and its disk are in order.
    fn mend(&mut self, left: [usize; 2]) {
        for at in left {
            let machine = &mut self.machines[at];
            machine.disk_is_full = false;
            machine.skew = 0;
            if let Some(running) = &mut machine.running {
                running.steps = u64::MAX;
            }
        }
    }

    /// A machine runs, and does not take any bearer for one that leads one way only: that is said to a new boot.
    fn takes_both_ways(&mut self, at: usize) {
        let running = self.machines[at].running.as_ref();
        if running.is_some_and(|running| running.told != Told::default()) {
            self.stop(at);
        }
        self.start(at, false);
    }

    /// The last courier arrives, days late: the machines slept until then, and what he brings changes nothing any more.
    fn awaits_the_couriers(&mut self, left: [usize; 2]) -> bool {
        if self.last_courier <= self.now {
            return true;
        }
        self.note(|| "all wait for the last courier".into());
        self.now = self.last_courier;
        self.stays_quiet(left)
    }

    /// What was held back for hours may still come, and part two sides again whose keys were in doubt.
    fn stays_quiet(&mut self, left: [usize; 2]) -> bool {
        for _ in 0..ROUNDS {
            if !self.becomes_quiet(left) {
                return false;
            }
            self.run_until(self.now + 60_000);
            // A test of the line may be under way just then.
            if self.is_quiet(left) {
                break;
            }
        }
        self.violation.is_none()
    }

    fn survivors(&mut self) -> [usize; 2] {
        [0, 1].map(|node| {
            let of_node = self.machines.iter().enumerate();
            let of_node: Vec<usize> = of_node
                .filter(|(_, machine)| machine.node == node && !machine.is_gone)
                .map(|(at, _)| at)
                .collect();
            let stays = self.dice.pick(&of_node).unwrap_or(node);
            for at in of_node.into_iter().filter(|at| *at != stays) {
                self.remove(at);
            }
            stays
        })
    }

    fn introduce(&mut self, left: [usize; 2]) {
        for (at, to) in [(left[0], left[1]), (left[1], left[0])] {
            for bearer in 0..self.weather.bearers() {
                let path = to as u32;
                let route = Route { bearer, path };
                self.give(
                    at,
                    Input::Hint {
                        line: LINE,
                        route,
                        answered: None,
                    },
                );
            }
        }
    }

    fn becomes_quiet(&mut self, left: [usize; 2]) -> bool {
        for look in 1..=LOOKS {
            self.run_until(self.now + LOOK_MS);
            if self.violation.is_some() {
                return false;
            }
            self.introduce(left);
            if self.is_quiet(left) {
                return true;
            }
            if self.keys_in_doubt && look.is_multiple_of(LOOKS_UNTIL_HELP) {
                let helped = left[(look / LOOKS_UNTIL_HELP) as usize % 2];
                self.note(|| format!("a person asks for new keys on m{helped}"));
                self.stop(helped);
                self.start(helped, true);
                self.introduce(left);
            }
        }
        let statuses = left.map(|at| self.status(at));
        let held = left.map(|at| self.disk(at).len());
        let what = format!("after {LOOKS} looks: {held:?} entries, {statuses:?}");
        self.judge(Err(Violation::new("17 it converges", what)));
        false
    }

    fn status(&self, at: usize) -> Option<Status> {
        let running = self.machines[at].running.as_ref()?;
        running.station.status(self.moment(at))
    }

    fn is_quiet(&self, left: [usize; 2]) -> bool {
        let disks = left.map(|at| self.disk(at));
        let settled = |side: usize| {
            let disputed = invariants::disputed(&self.model, disks[side], disks[1 - side]);
            self.status(left[side]).is_some_and(|status| {
                matches!(status.verdict, Verdict::Open | Verdict::Degraded)
                    && status.unconfirmed <= disputed
            })
        };
        let [one, other] = disks.map(|disk| invariants::honest_places(&self.model, disk));
        settled(0) && settled(1) && one.eq(other)
    }

    fn compare(&mut self, left: [usize; 2], before: &[Holding]) {
        let statuses = left.map(|at| self.status(at));
        let [Some(one), Some(other)] = &statuses else {
            let what = "a machine stopped after all was healed";
            return self.judge(Err(Violation::new("17 it converges", what)));
        };
        let home = |at: usize, status| Home {
            machine: at,
            disk: self.disk(at),
            status,
            wall: self.moment(at).wall,
        };
        let homes = [home(left[0], one), home(left[1], other)];
        let verdict = invariants::all_hold_all(&self.model, &homes, before)
            .and_then(|()| invariants::nothing_accepted_is_lost(&self.model, &homes))
            .and_then(|()| invariants::equal_sets_give_equal_status(&self.model, &homes))
            .and_then(|()| invariants::rings_end_alike(&self.model, left, self.now))
            .and_then(|()| invariants::contacts_stand_alike(&self.model, left));
        self.judge(verdict);
    }
}

impl<A: Agreement> World<A> {
    /// The disk of a machine, running or not.
    pub(crate) fn disk(&self, at: usize) -> &Disk {
        let machine = &self.machines[at];
        machine
            .running
            .as_ref()
            .map_or(&machine.disk, |running| &running.station.disk)
    }
}
