//! Loss that comes in bursts, after Gilbert and Elliott: good and bad phases take turns, each with a length of its own.

use crate::dice::Dice;

/// The phases of one lane.
#[derive(Clone, Copy, Debug)]
pub struct Bursts {
    bad_permille: u64,
    good_ms: u64,
    bad_ms: u64,
    is_bad: bool,
    until: u64,
}

impl Bursts {
    /// As the seed has it: on two lanes of three there are none.
    pub fn drawn(dice: &mut Dice) -> Option<Self> {
        let is_any = dice.chance(333);
        is_any.then(|| Self {
            bad_permille: dice.pick(&[500, 900, 1_000]).unwrap_or(500),
            good_ms: dice.pick(&[2_000, 20_000, 120_000]).unwrap_or(2_000),
            bad_ms: dice.pick(&[50, 500, 5_000, 30_000]).unwrap_or(50),
            is_bad: false,
            until: 0,
        })
    }

    /// How many of a thousand frames are lost now. A phase ends with the first frame after its time: what changes while nobody
    /// sends, nobody sees.
    pub fn loss_permille(&mut self, now: u64, dice: &mut Dice) -> u64 {
        if now >= self.until {
            self.is_bad = !self.is_bad;
            let mean = if self.is_bad {
                self.bad_ms
            } else {
                self.good_ms
            };
            self.until = now + dice.between(1, 2 * mean);
        }
        if self.is_bad { self.bad_permille } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_comes_in_runs_and_between_them_all_arrives() {
        let mut dice = Dice::new(3);
        let mut bursts = Bursts {
            bad_permille: 1_000,
            good_ms: 2_000,
            bad_ms: 500,
            is_bad: false,
            until: 0,
        };
        let lost: Vec<bool> = (0..100_000)
            .map(|at| bursts.loss_permille(at * 10, &mut dice) > 0)
            .collect();
        let many = lost.iter().filter(|it| **it).count();
        let runs = lost.windows(2).filter(|two| !two[0] && two[1]).count();
        assert!((15_000..25_000).contains(&many), "{many}");
        assert!((300..500).contains(&runs), "{runs}");
    }
}
