//! Remote addresses, by small numbers that the core can carry about.
//!
//! Anybody can write a datagram with any source address, so the table of strangers is bounded and forgets the
//! oldest. An address that was answered is kept: the core answers nobody who has not authenticated.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;

/// Names one remote address of a bearer. Never used again for another one.
pub type PathId = u32;

/// Addresses remembered that were never answered: more than the driver queues frames, so that a peer's first
/// frame is still answerable when the core comes to it; 8,192 of them take less than a megabyte.
pub const STRANGER_PATHS: usize = 8_192;

/// Addresses kept that were answered or configured. A peer that roams more often than this within the life of
/// a station loses the oldest way, not the newest.
pub const KEPT_PATHS: usize = 256;

/// The two-way table.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    ids: HashMap<SocketAddr, PathId>,
    addresses: BTreeMap<PathId, Known>,
    strangers: VecDeque<PathId>,
    kept: VecDeque<PathId>,
    configured: VecDeque<PathId>,
    last: PathId,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    address: SocketAddr,
    is_kept: bool,
    is_configured: bool,
}

impl Paths {
    /// The path to an address; a new one if it has none.
    pub fn id_of(&mut self, address: SocketAddr) -> PathId {
        if let Some(id) = self.ids.get(&address) {
            return *id;
        }
        let id = self.another_to(address);
        self.ids.insert(address, id);
        id
    }

    /// One more path to an address, that is not the one of what comes from there.
    pub fn another_to(&mut self, address: SocketAddr) -> PathId {
        // 2^32 spoofed datagrams take hours at full speed; an id is long forgotten when it comes again.
        self.last = self.last.wrapping_add(1);
        let id = self.last;
        self.forget(id);
        let known = Known {
            address,
            is_kept: false,
            is_configured: false,
        };
        self.addresses.insert(id, known);
        self.strangers.push_back(id);
        if self.strangers.len() > STRANGER_PATHS {
            self.forget_oldest_stranger();
        }
        id
    }

    /// Where a path leads; from now on it is kept beyond the strangers.
    pub fn answer(&mut self, id: PathId) -> Option<SocketAddr> {
        let known = self.addresses.get_mut(&id)?;
        let address = known.address;
        if !std::mem::replace(&mut known.is_kept, true) {
            self.kept.push_back(id);
            self.forget_oldest_kept();
        }
        Some(address)
    }

    /// Somebody named its address: however many strangers come and go, it is kept. Of more than [`KEPT_PATHS`] the one gives way that was
    /// named longest ago: an address that is still meant is named again and again, and outlives those that a peer announced once.
    pub fn configure(&mut self, id: PathId) {
        let Some(known) = self.addresses.get_mut(&id) else {
            return;
        };
        (known.is_kept, known.is_configured) = (true, true);
        self.kept.retain(|it| *it != id);
        self.configured.retain(|it| *it != id);
        self.configured.push_back(id);
        if self.configured.len() > KEPT_PATHS
            && let Some(oldest) = self.configured.pop_front()
        {
            self.forget(oldest);
        }
    }

    /// Whether somebody of ours named its address.
    pub fn is_configured(&self, id: PathId) -> bool {
        self.addresses.get(&id).is_some_and(|it| it.is_configured)
    }

    /// Where a path leads.
    pub fn address_of(&self, id: PathId) -> Option<SocketAddr> {
        Some(self.addresses.get(&id)?.address)
    }

    fn forget_oldest_kept(&mut self) {
        if self.kept.len() > KEPT_PATHS
            && let Some(oldest) = self.kept.pop_front()
        {
            self.forget(oldest);
        }
    }

    fn forget_oldest_stranger(&mut self) {
        let oldest = self.strangers.pop_front();
        let is_kept = |id: &PathId| self.addresses.get(id).is_some_and(|known| known.is_kept);
        if let Some(id) = oldest.filter(|id| !is_kept(id)) {
            self.forget(id);
        }
    }

    fn forget(&mut self, id: PathId) {
        if let Some(known) = self.addresses.remove(&id)
            && self.ids.get(&known.address) == Some(&id)
        {
            self.ids.remove(&known.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(n: u32) -> SocketAddr {
        (n.to_be_bytes(), 7600).into()
    }

    #[test]
    fn a_million_spoofed_addresses_push_out_strangers_but_not_the_peer() {
        let mut paths = Paths::default();
        let peer = paths.id_of(address(u32::MAX));
        paths.answer(peer);
        let first = paths.id_of(address(0));
        for n in 1..1_000_000 {
            paths.id_of(address(n));
        }
        assert_eq!(paths.answer(peer), Some(address(u32::MAX)));
        assert_eq!(paths.id_of(address(u32::MAX)), peer);
        assert_eq!(paths.answer(first), None);
        assert!(paths.addresses.len() <= STRANGER_PATHS + KEPT_PATHS);
        assert_eq!(paths.ids.len(), paths.addresses.len());
    }

    #[test]
    fn a_peer_that_roams_for_ever_keeps_its_newest_ways() {
        let mut paths = Paths::default();
        let ids: Vec<_> = (0..1_000).map(|n| paths.id_of(address(n))).collect();
        for id in &ids {
            paths.answer(*id);
        }
        assert_eq!(paths.answer(ids[999]), Some(address(999)));
        assert_eq!(paths.answer(ids[0]), None);
        assert_eq!(paths.kept.len(), KEPT_PATHS);
    }

    #[test]
    fn a_peer_that_roams_for_ever_pushes_out_no_address_that_we_were_told() {
        let mut paths = Paths::default();
        let told = paths.id_of(address(u32::MAX));
        paths.answer(told);
        paths.configure(told);
        for n in 0..1_000 {
            let id = paths.id_of(address(n));
            paths.answer(id);
        }
        assert_eq!(paths.answer(told), Some(address(u32::MAX)));
        assert_eq!(paths.id_of(address(u32::MAX)), told);
        assert!(paths.is_configured(told));
        let last = paths.id_of(address(999));
        assert!(paths.addresses[&last].is_kept && !paths.is_configured(last));
    }

    /// OL-449
    #[test]
    fn a_peer_that_announces_ever_new_addresses_pushes_out_its_own_and_not_those_that_are_still_named()
     {
        let mut paths = Paths::default();
        let of_another_line = paths.id_of(address(u32::MAX));
        let name = |paths: &mut Paths, n| {
            let id = paths.id_of(address(n));
            paths.configure(id);
            id
        };
        let first = name(&mut paths, 0);
        for n in 0..10_000 {
            name(&mut paths, n);
            // As the resolver does with every name, again and again.
            name(&mut paths, u32::MAX);
        }
        assert_eq!(paths.address_of(first), None);
        assert_eq!(paths.address_of(of_another_line), Some(address(u32::MAX)));
        assert_eq!(paths.configured.len(), KEPT_PATHS);
        assert!(paths.addresses.len() <= STRANGER_PATHS + KEPT_PATHS);
    }
}
