//! The sans-IO core of a station: authoring, synchronisation, receipts, liveness.
//!
//! It knows no clock, randomness, private key, socket, file or thread. Inputs go in with the time, outputs
//! come out in order ([`contract`]); so a whole war can be simulated in a test.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

pub mod config;
pub mod contract;
pub mod verdict;

mod core;

pub use crate::core::Core;
