//! Bearers: move opaque datagrams between stations and report facts about themselves.
//!
//! A bearer knows no keys, no entries and no lines. What it hands on, anybody may have sent; what it takes, it
//! may lose. Losses are counted ([`Drops`]), never reported one by one: a stranger could fill a log with them.

mod drops;
mod hint;
mod paths;
mod queue;
mod udp;

pub use drops::{DropCounters, Drops};
pub use hint::{Hint, HintError};
pub use paths::{KEPT_PATHS, PathId, STRANGER_PATHS};
pub use udp::{BindError, UdpBearer};
