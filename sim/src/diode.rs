//! Before all is healed, in some histories: one bearer alone is left, and it leads one way. What its sender has written arrives all the
//! same, though nobody can tell him so.
//!
//! Shows OL-440 over every history in which no keys may have been lost.

use openline_seal::Agreement;

use crate::invariants::Violation;
use crate::model::Place;
use crate::world::World;

/// In so many of a thousand histories.
const PERMILLE: u64 = 150;

/// Looks at what has arrived.
const LOOK_MS: u64 = 10_000;
const LOOKS: u64 = 60;

impl<A: Agreement> World<A> {
    /// Leaves one way open, and looks whether everything gets through.
    pub(crate) fn passes_a_diode(&mut self, left: [usize; 2]) {
        let is_drawn = self.dice.chance(PERMILLE);
        let sender = self.dice.below(2) as usize;
        // Who lost his keys can be heard by nobody until he has new ones, and these need both directions.
        if !is_drawn || self.keys_in_doubt {
            return;
        }
        let only = self.dice.below(u64::from(self.weather.bearers())) as u8;
        self.note(|| format!("only bearer {only} is left, from m{} alone", left[sender]));
        self.weather.leave(only, sender);
        for at in left {
            self.stop(at);
            self.start(at, false);
        }
        for _ in 0..LOOKS {
            self.run_until(self.now + LOOK_MS);
            if self.violation.is_some() || self.missing(left, sender).is_none() {
                return;
            }
        }
        if let Some(missing) = self.missing(left, sender) {
            let what = format!("m{} lacks {missing:?}", left[1 - sender]);
            let rule = "OL-440 everything goes through a diode";
            self.judge(Err(Violation::new(rule, what)));
        }
    }

    /// The first entry of the sender's node that the other side lacks.
    fn missing(&self, left: [usize; 2], sender: usize) -> Option<Place> {
        let (here, there) = (self.disk(left[sender]), self.disk(left[1 - sender]));
        let node = self.nodes[sender].side.node;
        let ours = here.places().map(|(place, _)| place);
        let mut ours = ours
            .filter(|(chain, _)| chain.author.node == node && !self.model.lies(&chain.author.boot));
        ours.find(|(chain, at)| there.holds(chain, *at).is_none())
    }
}
