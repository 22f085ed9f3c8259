//! The seeded world: stations over bearers that lose, double, delay and cut, with crashes, restores and
//! copies, all driven by one seed, so that every history can be replayed.

pub mod agreement;
pub mod dice;
pub mod disk;
pub mod history;
pub mod invariants;
pub mod liar;
pub mod model;
pub mod node;
pub mod sabotage;
pub mod station;
pub mod trace;
pub mod weather;
pub mod world;

mod actions;
mod diode;
mod healing;
mod power;
mod traffic;
