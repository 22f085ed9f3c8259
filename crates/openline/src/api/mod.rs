//! The control API: how every other program, the command line included, speaks with a running station.
//!
//! HTTP with JSON over the Unix socket `control.sock` in the home, which only its owner can open. Every call
//! carries who acts ([`caller`]); an error has a stable word and two sentences ([`problem`]). The document for
//! machines is served at `/v1/openapi.json`; `docs/control-api.md` tells people the same.

pub mod types;

mod act;
pub mod addresses;
mod alarms;
mod body;
pub mod caller;
pub mod connections;
mod contact_view;
mod contacts;
mod context;
mod conversation;
mod convert;
mod courier;
pub mod disk;
mod entries;
mod exercises;
mod files;
mod follow;
mod idempotency;
pub mod limits;
mod line_tests;
mod messages;
mod not_shown;
mod pending;
pub mod problem;
mod ring_view;
mod rings;
mod rosters;
mod router;
mod starting;
mod status;
mod watch;

pub use alarms::{alarm_name, sayable};
pub use context::{Context, OwnParty, view};
pub use not_shown::{NotShown, OfLine};
pub use router::{paths, router};
