//! The control API: how every other program, the command line included, speaks with a running station.

pub mod types;
