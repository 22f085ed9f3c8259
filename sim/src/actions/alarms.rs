//! What an officer does with an alarm: as a rule he knows of it, now and then he puts it aside or brings it back.

use openline_proto::alarm::book::{Act, Alarm, Request, SHELVED_MAX_MS, SHELVED_MIN_MS};
use openline_proto::contract::Command;
use openline_seal::Agreement;

use crate::world::World;

impl<A: Agreement> World<A> {
    /// One of the alarms that the boot on a machine has told of, also one that is over.
    pub(super) fn alarm_to_act_on(&mut self, at: usize) -> Option<Command> {
        let shown = self.model.alarms.get(at)?.shown.values();
        let shown: Vec<Alarm> = shown.cloned().collect();
        let drawn = self.dice.below(shown.len() as u64) as usize;
        let key = shown.get(drawn)?.key;
        let lengths = [1, SHELVED_MIN_MS, 600_000, SHELVED_MAX_MS];
        let act = match self.dice.below(8) {
            0..=3 => Act::Acknowledge,
            4..=6 => Act::Shelve(self.dice.pick(&lengths)?),
            _ => Act::Unshelve,
        };
        Some(Command::Alarm(Request { key, act }))
    }
}
