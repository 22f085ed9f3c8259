//! What befalls frames on their way, on any wire.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What happens to the pieces that come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// All are lost.
    Cut,
    /// The second, the fourth and so on are lost.
    EverySecondLost,
    /// Each comes twice.
    Doubled,
    /// One bit in the middle of the second, the fourth and so on is another one.
    EverySecondGarbled,
    /// Each comes so much later.
    Late(Duration),
}

/// One direction of a wire.
#[derive(Debug, Default)]
pub struct Passage {
    /// From now on.
    pub fault: Fault,
    /// How many pieces came since the start.
    pub seen: usize,
    on_the_way: VecDeque<(Instant, Vec<u8>)>,
}

impl Passage {
    /// The next piece comes.
    pub fn enter(&mut self, mut piece: Vec<u8>, now: Instant) {
        self.seen += 1;
        let is_second = self.seen.is_multiple_of(2);
        match self.fault {
            Fault::Cut => return,
            Fault::EverySecondLost if is_second => return,
            Fault::EverySecondGarbled if is_second => {
                let middle = piece.len() / 2;
                piece[middle] ^= 0x10;
            }
            Fault::Doubled => self.on_the_way.push_back((now, piece.clone())),
            _ => {}
        }
        let late = match self.fault {
            Fault::Late(late) => late,
            _ => Duration::ZERO,
        };
        self.on_the_way.push_back((now + late, piece));
    }

    /// The next piece that arrives.
    pub fn leave(&mut self, now: Instant) -> Option<Vec<u8>> {
        let (when, _) = self.on_the_way.front()?;
        if *when > now {
            return None;
        }
        self.on_the_way.pop_front().map(|(_, piece)| piece)
    }
}
