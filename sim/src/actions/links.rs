//! What people do to bearers, and how long nobody does anything.

use openline_seal::Agreement;

use crate::world::{Due, World};

impl<A: Agreement> World<A> {
    /// Writes down how a bearer is.
    pub(super) fn note_the_weather(&mut self, bearer: u8) {
        if self.is_traced() {
            let of = self.weather.of(bearer);
            self.note(|| format!("bearer {bearer}: {of}"));
        }
    }

    /// A bearer becomes another one: faster or slower, better or worse.
    pub(super) fn turn_the_weather(&mut self) {
        let bearer = self.weather.turn(&mut self.dice);
        self.note_the_weather(bearer);
    }

    /// A bearer begins to lead one way only, as a diode does, or ends it. Where people know of it they say so to a new boot; elsewhere
    /// a boot finds out by itself, until it is started the next time.
    pub(super) fn lead_one_way(&mut self) {
        let bearer = self.dice.below(u64::from(self.weather.bearers())) as u8;
        let sender = self.dice.below(2) as usize;
        let only_from = self.weather.only_from(bearer).is_none().then_some(sender);
        self.weather.lead(bearer, only_from);
        self.note(|| format!("bearer {bearer} leads from {only_from:?} alone"));
        for at in 0..self.machines.len() {
            if self.machines[at].running.is_some() && self.dice.chance(700) {
                self.stop(at);
                let pause = self.dice.between(100, 3_000);
                self.later(self.now + pause, Due::Start(at, false));
            }
        }
    }

    /// All machines sleep, for hours or for days.
    pub(super) fn sleep(&mut self) {
        let longest = self.dice.pick(&[7_200_000, 7_200_000, 259_200_000]);
        self.now += self.dice.between(60_000, longest.unwrap_or(7_200_000));
    }
}
