//! A peer that lies: it has its node's key and channel, and says with them what no honest boot says.

use openline_seal::Agreement;
use openline_seal::Side;
use openline_wire::ids::{Author, BootId};

use crate::dice::Dice;
use crate::world::World;

/// Who lies.
#[derive(Debug)]
pub struct Liar {
    /// Whose keys it has.
    pub node: usize,
    boot: BootId,
}

impl Liar {
    /// As the seed has it.
    pub fn drawn(dice: &mut Dice) -> Self {
        Self {
            node: dice.below(2) as usize,
            boot: BootId(dice.bytes()),
        }
    }

    /// In whose name it signs.
    pub fn author(&self, side: &Side) -> Author {
        Author {
            party: side.party,
            node: side.node,
            boot: self.boot,
        }
    }
}

impl<A: Agreement> World<A> {
    pub(crate) fn lie(&mut self) {}
}
