//! The station: the daemon that speaks for a party.
//!
//! One thread owns the core, the store and the node's key ([`boot`], [`driver`]). It sleeps at the bearers
//! and at the [`inbox`] at once ([`intake`]); the control API, on a thread of its own, hands commands in at the
//! [`desk`] and reads from the [`board`] and from the store.

pub mod board;
pub mod bundles;
pub mod clock;
pub mod courier_log;
pub mod desk;
pub mod inbox;
pub mod peers;
pub mod told;
pub mod trouble;

mod alarm_hooks;
mod alarm_post;
mod alarm_program;
mod boot;
mod courier;
mod crowd;
mod doorkeeper;
mod driver;
mod folder;
mod generation;
mod intake;
mod known_ways;
mod lines;
mod listen;
mod metronome;
mod notice;
mod on_the_wire;
mod process;
mod resolver;
mod run;
mod sockets;
mod tapes;
mod window;

pub use alarm_hooks::HookOptions;
pub use folder::FolderOptions;
pub use lines::info as line_info;
pub use listen::Addresses;
pub use on_the_wire::OnTheWire;
pub use run::{Options, StationError, run};
pub use sockets::{BearerFacts, Carried, Sockets};
