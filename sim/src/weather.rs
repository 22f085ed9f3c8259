//! What becomes of a frame between two machines: lost, doubled, overtaken, held back for hours, cut off, too late for its turn.
//!
//! Shows OL-452: clocks jump and go back, and every history still ends well.

mod bursts;
mod lane;
mod rate;

use openline_wire::haste::Haste;

use crate::dice::Dice;
use lane::Lane;

/// A bearer and the node that sends on it.
pub type LaneId = (u8, usize);

/// A frame on its way.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Letter {
    /// The machine that it is for.
    pub to: usize,
    /// On which way it comes, as seen there.
    pub route: (u8, u32),
    /// The frame.
    pub bytes: Vec<u8>,
}

/// What follows when something was given to a lane, or when it was looked at again.
#[derive(Debug, Default)]
pub struct Flow {
    /// What arrives, and when.
    pub arrivals: Vec<(u64, Letter)>,
    /// Something waits for its turn: look again then.
    pub again: Option<u64>,
}

/// Frames that did not arrive, by what kept them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lost {
    /// The queue before a slow bearer was full, or a more hasty one took the place.
    pub crowded_out: u64,
    /// While much is lost.
    pub in_bursts: u64,
    /// Each by itself.
    pub singly: u64,
    /// While the bearer is cut.
    pub cut: u64,
    /// Against the direction of a bearer that has one.
    pub against: u64,
}

/// All bearers, in both directions.
#[derive(Debug)]
pub struct Weather {
    bearers: Vec<[Lane; 2]>,
    /// Of each bearer that leads one way only, the node that may send.
    only_from: Vec<Option<usize>>,
    /// What was lost so far.
    pub lost: Lost,
}

impl Weather {
    /// As the seed has it.
    pub fn drawn(dice: &mut Dice) -> Self {
        let many = dice.pick(&[1, 2, 2, 2, 3]).unwrap_or(2);
        let bearers = (0..many).map(|_| [Lane::drawn(dice), Lane::drawn(dice)]);
        Self {
            bearers: bearers.collect(),
            only_from: vec![None; many],
            lost: Lost::default(),
        }
    }

    /// How many bearers there are between the two nodes.
    pub fn bearers(&self) -> u8 {
        self.bearers.len() as u8
    }

    /// Nothing stands in the way any more, and every bearer is as fast as anybody could wish: what waited for a slow one is lost.
    pub fn clear_up(&mut self) {
        self.only_from.fill(None);
        for lane in self.bearers.iter_mut().flatten() {
            *lane = Lane::clear();
        }
    }

    /// One bearer alone works, without any trouble, and leads one way.
    pub fn leave(&mut self, only: u8, from: usize) {
        self.clear_up();
        for (bearer, lanes) in (0..).zip(&mut self.bearers) {
            if bearer != only {
                lanes.iter_mut().for_each(|lane| lane.cut_until = u64::MAX);
            }
        }
        self.lead(only, Some(from));
    }

    /// Another weather on one bearer.
    pub fn turn(&mut self, dice: &mut Dice) -> u8 {
        let at = dice.below(u64::from(self.bearers())) as usize;
        self.bearers[at] = [Lane::drawn(dice), Lane::drawn(dice)];
        at as u8
    }

    /// How a bearer is, in both directions.
    pub fn of(&self, bearer: u8) -> String {
        format!("{:?}", self.bearers[usize::from(bearer)])
    }

    /// Nothing passes for a while: on one bearer or on several, one way or both.
    pub fn cut(&mut self, dice: &mut Dice, now: u64) {
        let until = now + dice.between(500, 180_000);
        let (bearers, ways) = (dice.between(1, 7), dice.between(1, 3));
        for (bearer, lanes) in self.bearers.iter_mut().enumerate() {
            for (way, lane) in lanes.iter_mut().enumerate() {
                if bearers & (1 << bearer) != 0 && ways & (1 << way) != 0 {
                    lane.cut_until = until;
                }
            }
        }
    }

    /// The node that alone may send on a bearer, if it leads one way only.
    pub fn only_from(&self, bearer: u8) -> Option<usize> {
        self.only_from.get(usize::from(bearer)).copied().flatten()
    }

    /// From now on a bearer leads one way only, or both ways again.
    pub fn lead(&mut self, bearer: u8, only_from: Option<usize>) {
        self.only_from[usize::from(bearer)] = only_from;
    }

    /// A frame leaves now.
    pub fn send(
        &mut self,
        id: LaneId,
        (letter, haste): (Letter, Haste),
        now: u64,
        dice: &mut Dice,
    ) -> Flow {
        let is_against = self.only_from(id.0).is_some_and(|only| only != id.1);
        if is_against {
            self.lost.against += 1;
        }
        let Some(lane) = self.lane(id).filter(|_| !is_against) else {
            return Flow::default();
        };
        let (flow, lost) = lane.send(letter, haste, now, dice);
        self.lost.add(lost);
        flow
    }

    /// It is time to look whether a slow bearer has room for what waits.
    pub fn look_again(&mut self, id: LaneId, now: u64, dice: &mut Dice) -> Flow {
        let Some(lane) = self.lane(id) else {
            return Flow::default();
        };
        let (flow, lost) = lane.look_again(now, dice);
        self.lost.add(lost);
        flow
    }

    fn lane(&mut self, (bearer, from): LaneId) -> Option<&mut Lane> {
        let lanes = self.bearers.get_mut(usize::from(bearer))?;
        lanes.get_mut(from)
    }
}

impl Lost {
    fn add(&mut self, more: Self) {
        self.crowded_out += more.crowded_out;
        self.in_bursts += more.in_bursts;
        self.singly += more.singly;
        self.cut += more.cut;
        self.against += more.against;
    }
}
