//! The seeded world: stations over bearers that lose, double, delay and cut, with crashes, restores and
//! copies, all driven by one seed, so that every history can be replayed.

pub mod agreement;
pub mod disk;
pub mod station;
