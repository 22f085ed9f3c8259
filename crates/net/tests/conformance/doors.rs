//! Stations as far as a bearer with TLS knows them: a key, peers, and what opens their doors.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use openline_net::{Door, DoorKey, Knock};
use openline_wire::ids::NodeId;
use openline_wire::key::NodeKey;

/// A station.
pub struct House {
    pair: Ed25519KeyPair,
    peers: Mutex<BTreeMap<NodeId, Vec<DoorKey>>>,
    opens: Mutex<Vec<DoorKey>>,
    knocks: Mutex<Vec<Knock>>,
    pub disk_is_full: Mutex<bool>,
}

impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("House").finish_non_exhaustive()
    }
}

impl House {
    pub fn new(seed: u8) -> Arc<Self> {
        Arc::new(Self {
            pair: Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap(),
            peers: Mutex::default(),
            opens: Mutex::default(),
            knocks: Mutex::default(),
            disk_is_full: Mutex::new(false),
        })
    }

    pub fn node(&self) -> NodeId {
        NodeKey::from_bytes(&self.public_key()).unwrap().id()
    }

    /// The other one is our peer, and these open its door, the newest first.
    pub fn knows(&self, other: &Self, keys: &[DoorKey]) {
        let mut peers = self.peers.lock().unwrap();
        peers.insert(other.node(), keys.to_vec());
    }

    /// These open ours.
    pub fn opens_to(&self, keys: &[DoorKey]) {
        *self.opens.lock().unwrap() = keys.to_vec();
    }

    /// Two that have a line.
    pub fn pair() -> [Arc<Self>; 2] {
        let [near, far] = [Self::new(1), Self::new(2)];
        near.knows(&far, &[[20; 32]]);
        far.knows(&near, &[[10; 32]]);
        near.opens_to(&[[10; 32]]);
        far.opens_to(&[[20; 32]]);
        [near, far]
    }
}

impl Door for House {
    fn public_key(&self) -> [u8; 32] {
        self.pair.public_key().as_ref().try_into().unwrap()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.pair.sign(message).as_ref().try_into().unwrap()
    }

    fn peer(&self, public_key: &[u8; 32]) -> Option<NodeId> {
        let node = NodeKey::from_bytes(public_key)?.id();
        let peers = self.peers.lock().unwrap();
        peers.contains_key(&node).then_some(node)
    }

    fn keys_to(&self, peer: &NodeId) -> Vec<DoorKey> {
        let peers = self.peers.lock().unwrap();
        peers.get(peer).cloned().unwrap_or_default()
    }

    fn keys_from_peers(&self) -> Vec<DoorKey> {
        self.opens.lock().unwrap().clone()
    }

    fn let_in_before(&self) -> Vec<Knock> {
        self.knocks.lock().unwrap().clone()
    }

    fn remember(&self, knock: &Knock) -> bool {
        if *self.disk_is_full.lock().unwrap() {
            return false;
        }
        self.knocks.lock().unwrap().push(*knock);
        true
    }
}
