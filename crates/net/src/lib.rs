//! Bearers: move opaque frames between stations and report facts about themselves.
//!
//! A bearer knows no entries and no lines, and keeps no keys: one that needs some asks its [`Door`]. What it hands on, anybody may have sent; what it takes, it
//! may lose. Losses are counted ([`Drops`]), never reported one by one: a stranger could fill a log with them.

mod bearer;
pub mod bundle;
mod door;
mod drops;
mod hint;
mod knock;
mod paths;
mod queue;
mod quic;
mod serial;
mod tls;
mod udp;
mod ws;

pub use bearer::{Bearer, Wait};
pub use door::{Door, DoorKey};
pub use drops::{DropCounters, Drops};
pub use hint::{Hint, HintError, Scheme};
pub use knock::{Knock, REMEMBERED as KNOCKS_REMEMBERED};
pub use paths::{KEPT_PATHS, PathId, STRANGER_PATHS};
pub use quic::{QuicBearer, SetUpError, TlsBearerError};
pub use serial::{
    Outgoing as SerialQueue, RATES, SerialAddress, SerialAddressError, SerialBearer, TtyError,
    Turn, framing,
};
pub use udp::{BindError, UdpBearer};
pub use ws::{Proxy, ProxyError, WsBearer};

/// The shortest frame that a station could have sealed: a key id, a counter byte and a tag of sixteen bytes.
pub const SHORTEST: usize = 4 + 1 + 16;
