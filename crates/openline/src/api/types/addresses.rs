//! Where nodes can be reached, as they announce it.

use serde::{Deserialize, Serialize};

use super::{Actor, Author};

/// Where a node said that it can be reached: the latest list of it that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reachable {
    /// Id of the entry.
    pub entry: String,
    /// Which boot of the node said so.
    pub by: Author,
    /// Whether it is a node of our party.
    pub ours: bool,
    /// Who signed it.
    pub actor: Actor,
    /// When, by the clock of who signed it.
    pub said_ms: u64,
    /// The same in RFC 3339.
    pub said: String,
    /// When it was stored here, by our clock.
    pub received_ms: u64,
    /// The same in RFC 3339.
    pub received: String,
    /// There, and at no other address; none: it shall not be called, it calls. What we have no bearer for stands here as well.
    pub addresses: Vec<String>,
}

/// Our node can be reached at these addresses from now on, and at no others. Takes an operator's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAddresses {
    /// `udp://host:port`, `quic://host:port` or `wss://host:port`, at most 8; none: the other side shall not call us, we call.
    pub addresses: Vec<String>,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}
