//! Planted bugs: each alone must be found by the world, or the world looks at the wrong things.

use crate::station::Faults;

/// A bug of the driver, which the world plants itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Planted {
    /// None.
    #[default]
    Nothing,
    /// Acknowledge before persist.
    WriteLate,
    /// Drop a persist.
    DropPersist,
    /// Reuse a nonce after a restore.
    NonceAgain,
    /// Go on in an earlier boot's chain.
    EarlierBoot,
}

impl Planted {
    /// What it does to a driver.
    pub fn faults(self) -> Faults {
        Faults {
            writes_late: self == Self::WriteLate,
            drops_each: (self == Self::DropPersist).then_some(40),
        }
    }
}
