//! One bearer in one direction.

use openline_wire::haste::Haste;

use super::bursts::Bursts;
use super::rate::Rate;
use super::{Flow, Letter, Lost};
use crate::dice::Dice;

#[derive(Debug)]
pub struct Lane {
    delay_ms: u64,
    jitter_ms: u64,
    loss_permille: u64,
    twice_permille: u64,
    held_permille: u64,
    bursts: Option<Bursts>,
    rate: Rate,
    /// Nothing passes before.
    pub cut_until: u64,
}

impl Lane {
    pub fn clear() -> Self {
        Self {
            delay_ms: 20,
            jitter_ms: 0,
            loss_permille: 0,
            twice_permille: 0,
            held_permille: 0,
            bursts: None,
            rate: Rate::Unlimited,
            cut_until: 0,
        }
    }

    pub fn drawn(dice: &mut Dice) -> Self {
        let one_of = |dice: &mut Dice, these: &[u64]| dice.pick(these).unwrap_or(0);
        Self {
            delay_ms: one_of(dice, &[1, 5, 20, 50, 300, 600]),
            jitter_ms: one_of(dice, &[0, 0, 5, 200]),
            loss_permille: one_of(dice, &[0, 0, 10, 100, 300, 600]),
            twice_permille: one_of(dice, &[0, 10, 300]),
            held_permille: one_of(dice, &[0, 5, 30]),
            bursts: Bursts::drawn(dice),
            rate: Rate::drawn(dice),
            cut_until: 0,
        }
    }

    /// Takes a frame; tells what was lost by that.
    pub fn send(
        &mut self,
        letter: Letter,
        haste: Haste,
        now: u64,
        dice: &mut Dice,
    ) -> (Flow, Lost) {
        let (mut flow, mut lost) = (Flow::default(), Lost::default());
        match &mut self.rate {
            Rate::Unlimited => self.fly(letter, (now, now), dice, (&mut flow, &mut lost)),
            Rate::Router(router) => match router.carried_at(letter.bytes.len(), now) {
                Some(carried) => self.fly(letter, (now, carried), dice, (&mut flow, &mut lost)),
                None => lost.crowded_out += 1,
            },
            Rate::Tty(tty) => {
                lost.crowded_out += tty.push(letter, haste, now);
                self.serve_the_tty(now, dice, (&mut flow, &mut lost));
            }
        }
        (flow, lost)
    }

    /// The time has come for which a tty asked.
    pub fn look_again(&mut self, now: u64, dice: &mut Dice) -> (Flow, Lost) {
        let (mut flow, mut lost) = (Flow::default(), Lost::default());
        if let Rate::Tty(tty) = &mut self.rate {
            tty.is_called();
            self.serve_the_tty(now, dice, (&mut flow, &mut lost));
        }
        (flow, lost)
    }

    fn serve_the_tty(&mut self, now: u64, dice: &mut Dice, found: (&mut Flow, &mut Lost)) {
        let (flow, lost) = found;
        while let Rate::Tty(tty) = &mut self.rate {
            let Some((letter, carried)) = tty.pop(now) else {
                flow.again = tty.calls_at();
                return;
            };
            self.fly(letter, (now, carried), dice, (flow, lost));
        }
    }

    /// What becomes of a frame that leaves now, and of which the last bit leaves at another time.
    fn fly(
        &mut self,
        letter: Letter,
        (now, carried): (u64, u64),
        dice: &mut Dice,
        (flow, lost): (&mut Flow, &mut Lost),
    ) {
        if now < self.cut_until {
            lost.cut += 1;
            return;
        }
        if dice.chance(self.loss_permille) {
            lost.singly += 1;
            return;
        }
        let bursts = self.bursts.as_mut();
        let in_bursts = bursts.map_or(0, |bursts| bursts.loss_permille(now, dice));
        if in_bursts > 0 && dice.chance(in_bursts) {
            lost.in_bursts += 1;
            return;
        }
        if dice.chance(self.twice_permille) {
            let Letter { to, route, .. } = letter;
            let bytes = letter.bytes.clone();
            let copy = Letter { to, route, bytes };
            flow.arrivals.push((carried + self.travel(dice), copy));
        }
        flow.arrivals.push((carried + self.travel(dice), letter));
    }

    fn travel(&self, dice: &mut Dice) -> u64 {
        if dice.chance(self.held_permille) {
            let longest = dice.pick(&[2_000, 60_000, 600_000, 7_200_000]);
            return dice.between(1_000, longest.unwrap_or(1_000));
        }
        self.delay_ms + dice.below(self.jitter_ms + 1)
    }
}
