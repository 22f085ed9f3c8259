//! The sans-IO core of a station: authoring, synchronisation, receipts, liveness.
//!
//! It knows no clock, randomness, private key, socket, file or thread. Inputs go in with the time, outputs
//! come out in order ([`contract`]); so a whole war can be simulated in a test. Each mechanism is one small
//! file: ranges of places ([`ranges`]), round trip ([`rtt`]), loss ([`loss`]), ways to the peer ([`ways`]),
//! what to send when ([`outbox`], [`key_pace`]), entries as they travel ([`packed`]), rings ([`ring`]), what follows when
//! one was accepted ([`contact`]), exercises ([`exercise`]), who is on watch ([`watch`]), tests of the line ([`line_test`]), alarms
//! ([`alarm`]).

#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

pub mod alarm;
pub mod bodies;
pub mod config;
pub mod contact;
pub mod contract;
pub mod exercise;
pub mod files;
pub mod fragments;
pub mod key_pace;
pub mod line_test;
pub mod loss;
pub mod outbox;
pub mod packed;
pub mod ranges;
pub mod ring;
pub mod rtt;
pub mod verdict;
pub mod watch;
pub mod ways;
pub mod witness;

mod admission;
mod alarms;
mod books;
mod carrying;
mod chain;
mod challenges;
mod commands;
mod composer;
mod confirming;
mod contacts;
mod core;
mod duty;
mod echoes;
mod entries;
mod exercises;
mod filler;
mod filling;
mod incoming;
mod line;
mod line_tests;
mod lineage;
mod log;
mod one_way;
mod outgoing;
mod reachable;
mod remote;
mod rings;
mod silence;
mod status;
mod steady;
mod unopened;

pub use crate::core::Core;
