//! What leaves a machine, and the bearers that it goes over.

use openline_proto::contract::{Input, Route};
use openline_seal::Agreement;
use openline_wire::haste::Haste;

use crate::invariants;
use crate::node::LINE;
use crate::weather::{Flow, LaneId, Letter};
use crate::world::{Due, Told, World};

/// Frames kept to be sent again much later.
const RECORDED: usize = 400;

impl<A: Agreement> World<A> {
    /// A machine sends.
    pub(crate) fn transmit(&mut self, from: usize, route: Route, (bytes, haste): (Vec<u8>, Haste)) {
        if let Some(running) = &self.machines[from].running {
            let verdict = invariants::silent_where_it_must_be(&running.told, route);
            self.judge(verdict);
        }
        let node = self.machines[from].node;
        if let Some(liar) = self.liar.as_mut().filter(|liar| liar.node != node) {
            liar.overhear(&bytes);
        }
        let to = route.path as usize;
        let answer = (route.bearer, from as u32);
        if self
            .machines
            .get(to)
            .is_none_or(|machine| machine.node == node)
        {
            return;
        }
        if self.dice.chance(100) {
            let at = self.dice.below(RECORDED as u64) as usize;
            let copy = (to, answer, bytes.clone());
            match self.recorded.get_mut(at) {
                Some(held) => *held = copy,
                None => self.recorded.push(copy),
            }
        }
        let route = answer;
        let letter = Letter { to, route, bytes };
        self.send_off((route.0, node), letter, haste);
    }

    /// A frame goes over a bearer, whoever sends it.
    pub(crate) fn send_off(&mut self, id: LaneId, letter: Letter, haste: Haste) {
        let (weather, dice) = (&mut self.weather, &mut self.dice);
        let flow = weather.send(id, (letter, haste), self.now, dice);
        self.follow(id, flow);
    }

    /// A slow bearer may be free.
    pub(crate) fn look_again(&mut self, id: LaneId) {
        let (weather, dice) = (&mut self.weather, &mut self.dice);
        let flow = weather.look_again(id, self.now, dice);
        self.follow(id, flow);
    }

    fn follow(&mut self, id: LaneId, flow: Flow) {
        for (at, letter) in flow.arrivals {
            self.later(at, Due::Frame(letter));
        }
        if let Some(at) = flow.again {
            self.later(at, Due::Lane(id));
        }
    }

    /// What people tell a boot of a node at its start: where it must be silent, and where nothing comes back.
    pub(crate) fn told_of_one_way(&self, node: usize) -> Told {
        let mut told = Told::default();
        for bearer in 0..self.weather.bearers() {
            match self.weather.only_from(bearer) {
                Some(only) if only == node => told.deaf.push(bearer),
                Some(_) => told.silent.push(bearer),
                None => {}
            }
        }
        told
    }

    /// The same, as a driver says it to the core: nobody names an address of the peer on such a bearer as one to be asked.
    pub(crate) fn one_way_inputs(told: &Told, hints: &mut Vec<Route>) -> Vec<Input> {
        let is_deaf = |route: &Route| told.deaf.contains(&route.bearer);
        // Two ways of one bearer would send everything twice.
        let mut routes: Vec<Route> = hints.iter().copied().filter(is_deaf).collect();
        routes.dedup_by_key(|route| route.bearer);
        hints.retain(|route| !is_deaf(route) && !told.silent.contains(&route.bearer));
        let silent = told.silent.iter().map(|&bearer| Input::Silent { bearer });
        let line = LINE;
        let leads = (!routes.is_empty()).then_some(Input::OneWay { line, routes });
        silent.chain(leads).collect()
    }
}
