//! What a bearer with TLS asks of the station. The bearer itself keeps no key: it asks for signatures, and who may come in.

use std::fmt;

use openline_wire::ids::NodeId;

use crate::knock::Knock;

/// A secret that both ends of a line share, and nobody else. Whoever has one may knock.
pub type DoorKey = [u8; 32];

/// The station, as a bearer with TLS sees it.
pub trait Door: Send + Sync + fmt::Debug {
    /// Our node's public key (Ed25519, RFC 8032).
    fn public_key(&self) -> [u8; 32];

    /// Signs with it. TLS begins what it wants signed with 64 spaces (RFC 8446 section 4.4.3), entries and files of
    /// openline begin otherwise, so neither passes for the other.
    fn sign(&self, message: &[u8]) -> [u8; 64];

    /// The node whose key this is, if it is the peer of a line.
    fn peer(&self, public_key: &[u8; 32]) -> Option<NodeId>;

    /// What opens the door of a peer, the newest first.
    fn keys_to(&self, peer: &NodeId) -> Vec<DoorKey>;

    /// What opens ours.
    fn keys_from_peers(&self) -> Vec<DoorKey>;

    /// Knocks that were let in before, the oldest first.
    fn let_in_before(&self) -> Vec<Knock>;

    /// Remembers one for good. `false` if that can't be: then nobody is let in, for he could come again and again.
    fn remember(&self, knock: &Knock) -> bool;
}
