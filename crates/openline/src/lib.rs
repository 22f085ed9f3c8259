//! The crisis line's program: station, control API and its client, command line.

pub mod api;
pub mod client;
