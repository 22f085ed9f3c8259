//! Who carries what by hand: a bundle comes minutes or days later, or in part, shuffled, twice, or never.

use openline_proto::contract::Input;
use openline_seal::Agreement;

use crate::node::LINE;
use crate::world::{Due, World};

/// Entries in a bundle at most: a courier shows what order and loss do with a few as well as with all.
const CARRIED: usize = 60;

/// The longest that a courier is on his way.
const DAYS_MS: u64 = 259_200_000;

impl<A: Agreement> World<A> {
    /// Somebody makes a bundle of what the other side has not confirmed.
    pub(super) fn send_a_courier(&mut self, at: usize) {
        self.tickets += 1;
        let ticket = self.tickets;
        let node = self.nodes[self.machines[at].node].side.node;
        let Some(running) = &self.machines[at].running else {
            return;
        };
        let mut entries = running.station.disk.unconfirmed(node);
        entries.truncate(CARRIED);
        let line = LINE;
        let input = Input::Carry {
            ticket,
            line,
            entries,
        };
        self.give(at, input);
    }

    /// A bundle is on its way.
    pub(crate) fn carry_a_bundle(&mut self, from: usize, mut frames: Vec<Vec<u8>>) {
        let to = 1 - self.machines[from].node;
        let minutes = [1_000, 20_000, 120_000, 600_000];
        let longest = match self.dice.chance(100) {
            true => DAYS_MS,
            false => self.dice.pick(&minutes).unwrap_or(1_000),
        };
        if self.dice.chance(300) {
            frames.retain(|_| self.dice.chance(700));
        }
        if self.dice.chance(300) {
            for last in (1..frames.len()).rev() {
                let other = self.dice.below(last as u64 + 1) as usize;
                frames.swap(last, other);
            }
        }
        if let Some(frame) = frames.first() {
            // Whoever has a bundle in his hands may throw it at a live bearer.
            let route = (0, from as u32);
            self.model.carried.extend(frames.iter().cloned());
            self.recorded.push((to, route, frame.clone()));
        }
        let times = if self.dice.chance(200) { 2 } else { 1 };
        for _ in 0..times {
            let at = self.now + self.dice.below(longest);
            self.last_courier = self.last_courier.max(at);
            let frames = frames.clone();
            self.later(at, Due::Bundle(to, frames));
        }
    }

    /// It is brought to one of the machines of a node; if none runs, the courier goes home.
    pub(crate) fn bring(&mut self, node: usize, frames: Vec<Vec<u8>>) {
        let machines = self.machines.iter().enumerate();
        let runs = machines.filter(|(_, it)| it.node == node && it.running.is_some());
        let all: Vec<usize> = runs.map(|(at, _)| at).collect();
        let Some(at) = self.dice.pick(&all) else {
            return;
        };
        self.note(|| format!("m{at} is brought {} frames", frames.len()));
        self.tickets += 1;
        let ticket = self.tickets;
        self.give(at, Input::Carried { ticket, frames });
    }
}
