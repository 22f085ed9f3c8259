//! What becomes of a frame between two machines: lost, doubled, overtaken, held back for hours, or cut off.
//!
//! Shows OL-452: clocks jump and go back, and every history still ends well.

use crate::dice::Dice;

/// Bearers between the two nodes.
pub const BEARERS: u8 = 2;

/// One bearer in one direction.
#[derive(Clone, Copy, Debug)]
struct Lane {
    delay_ms: u64,
    jitter_ms: u64,
    loss_permille: u64,
    twice_permille: u64,
    held_permille: u64,
    cut_until: u64,
}

/// All bearers, in both directions.
#[derive(Debug)]
pub struct Weather([[Lane; 2]; BEARERS as usize]);

impl Weather {
    /// As the seed has it.
    pub fn drawn(dice: &mut Dice) -> Self {
        Self([(); BEARERS as usize].map(|()| [Lane::drawn(dice), Lane::drawn(dice)]))
    }

    /// Nothing stands in the way any more.
    pub fn clear_up(&mut self) {
        for lane in self.0.iter_mut().flatten() {
            *lane = Lane::clear();
        }
    }

    /// Another weather on one bearer.
    pub fn turn(&mut self, dice: &mut Dice) {
        let at = dice.below(u64::from(BEARERS)) as usize;
        self.0[at] = [Lane::drawn(dice), Lane::drawn(dice)];
    }

    /// Nothing passes for a while: on one bearer or on all, one way or both.
    pub fn cut(&mut self, dice: &mut Dice, now: u64) {
        let until = now + dice.between(500, 180_000);
        let (bearers, ways) = (dice.between(1, 3), dice.between(1, 3));
        for (bearer, lanes) in self.0.iter_mut().enumerate() {
            for (way, lane) in lanes.iter_mut().enumerate() {
                if bearers & (1 << bearer) != 0 && ways & (1 << way) != 0 {
                    lane.cut_until = until;
                }
            }
        }
    }

    /// When each copy of a frame arrives that leaves now.
    pub fn arrivals(&self, bearer: u8, from: usize, now: u64, dice: &mut Dice) -> Vec<u64> {
        let Some(lane) = self.0.get(bearer as usize).map(|lanes| lanes[from]) else {
            return Vec::new();
        };
        if now < lane.cut_until || dice.chance(lane.loss_permille) {
            return Vec::new();
        }
        let copies = 1 + u64::from(dice.chance(lane.twice_permille));
        (0..copies).map(|_| now + lane.travel(dice)).collect()
    }
}

impl Lane {
    fn clear() -> Self {
        Self {
            delay_ms: 20,
            jitter_ms: 0,
            loss_permille: 0,
            twice_permille: 0,
            held_permille: 0,
            cut_until: 0,
        }
    }

    fn drawn(dice: &mut Dice) -> Self {
        let one_of = |dice: &mut Dice, these: &[u64]| dice.pick(these).unwrap_or(0);
        Self {
            delay_ms: one_of(dice, &[1, 5, 20, 50, 300, 600]),
            jitter_ms: one_of(dice, &[0, 0, 5, 200]),
            loss_permille: one_of(dice, &[0, 0, 10, 100, 300, 600]),
            twice_permille: one_of(dice, &[0, 10, 300]),
            held_permille: one_of(dice, &[0, 5, 30]),
            cut_until: 0,
        }
    }

    fn travel(&self, dice: &mut Dice) -> u64 {
        if dice.chance(self.held_permille) {
            let longest = dice.pick(&[2_000, 60_000, 600_000, 7_200_000]);
            return dice.between(1_000, longest.unwrap_or(1_000));
        }
        self.delay_ms + dice.below(self.jitter_ms + 1)
    }
}
