//! All connections of a bearer, by path: who is called when, who may come in, and what goes over which.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use openline_wire::ids::NodeId;
use quinn_proto::{ConnectionHandle, DatagramEvent, Endpoint, Incoming, Side};

use super::config::{self, SetUpError};
use super::link::{Link, News};
use crate::door::Door;
use crate::knock::{self, At, First, Heard, KNOCK, Knock};
use crate::paths::{PathId, Paths};

/// A peer that does not answer is called again so often, as long as there is something to send to it: so a way that has come
/// back is found within this and a round trip. 1,200 bytes each: 32 kbit/s to whom nobody hears.
const CALL_AGAIN: Duration = Duration::from_millis(300);

/// A call that was not answered for so long is given up: ten round trips over a satellite.
const CALL: Duration = Duration::from_secs(6);

/// Connections to one node that are up: it may have a few addresses. The one that was silent longest gives way, so a peer that lies takes
/// up no more room than this, and never another's.
const OF_ONE_NODE: usize = 4;

/// Connections of others' calls, and likewise of ours, that are not up yet: each takes some ten kilobytes. The oldest gives way.
const BEGUN: usize = 32;

/// Frames that wait for a connection: what an urgent text and its neighbours need. The core sends again what matters.
const WAITING: usize = 8;

/// Frames that have come and wait for the core.
const ARRIVED: usize = 4_096;

/// A way to a peer.
#[derive(Debug, Default)]
struct Way {
    /// Who is there; none if the peer called us from an address that nobody has told us.
    peer: Option<NodeId>,
    /// What new frames are sent on.
    current: Option<ConnectionHandle>,
    /// Frames that wait for a connection.
    waiting: VecDeque<Vec<u8>>,
    /// Since when something was sent and nobody was heard.
    unanswered: Option<Instant>,
    called: Option<Instant>,
    calls: usize,
}

/// The connections and the ways.
pub(super) struct Connections {
    door: Arc<dyn Door>,
    endpoint: Endpoint,
    paths: Paths,
    ways: BTreeMap<PathId, Way>,
    links: BTreeMap<usize, Link>,
    let_in: Heard,
    arrived: VecDeque<(PathId, Vec<u8>)>,
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections")
            .field("ways", &self.ways)
            .field("links", &self.links.len())
            .finish_non_exhaustive()
    }
}

impl Connections {
    pub(super) fn new(door: Arc<dyn Door>) -> Result<Self, SetUpError> {
        let server = config::server(&door)?;
        let endpoint = Endpoint::new(
            Arc::new(config::endpoint()),
            Some(Arc::new(server)),
            false,
            None,
        );
        Ok(Self {
            let_in: Heard::of(&door.let_in_before()),
            door,
            endpoint,
            paths: Paths::default(),
            ways: BTreeMap::new(),
            links: BTreeMap::new(),
            arrived: VecDeque::new(),
        })
    }

    /// The path to a peer at an address. Two peers at one are two paths: whoever announces the address of somebody else's station shall
    /// not have us look for himself there, and shut that one out.
    pub(super) fn configure(&mut self, address: SocketAddr, peer: NodeId) -> PathId {
        let paths = &mut self.paths;
        let is_at = |path: PathId, way: &Way| {
            way.peer == Some(peer) && paths.address_of(path) == Some(address)
        };
        let known = self.ways.iter().find(|(path, way)| is_at(**path, way));
        let path = known.map(|(path, _)| *path).unwrap_or_else(|| {
            let path = paths.id_of(address);
            match self.ways.get(&path).is_some_and(|way| way.peer.is_some()) {
                true => paths.another_to(address),
                false => path,
            }
        });
        paths.configure(path);
        self.ways
            .retain(|path, _| paths.address_of(*path).is_some());
        self.ways.entry(path).or_default().peer = Some(peer);
        path
    }

    pub(super) fn is_configured(&self, path: PathId) -> bool {
        self.paths.is_configured(path)
    }

    /// Where a path leads: a peer that has moved is where its connection is.
    pub(super) fn address_of(&self, path: PathId) -> Option<SocketAddr> {
        let link = self.ways.get(&path).and_then(|way| self.link(way.current?));
        let moved = link.map(|link| link.connection.remote_address());
        moved.or_else(|| self.paths.address_of(path))
    }

    pub(super) fn take_frames(&mut self, most: usize) -> Vec<(PathId, Vec<u8>)> {
        let count = most.min(self.arrived.len());
        self.arrived.drain(..count).collect()
    }

    /// A packet came. Tells how many that can be no frames were in it. Nothing that comes from a stranger is answered.
    pub(super) fn packet(&mut self, from: SocketAddr, bytes: &[u8], now: Instant) -> u64 {
        if !self.may_be_read(bytes) {
            return 1;
        }
        let mut refusal = Vec::new();
        let event = self
            .endpoint
            .handle(now, from, None, None, bytes.into(), &mut refusal);
        let handle = match event {
            Some(DatagramEvent::ConnectionEvent(handle, event)) => {
                if let Some(link) = self.links.get_mut(&handle.0) {
                    link.connection.handle_event(event);
                }
                Some(handle)
            }
            Some(DatagramEvent::NewConnection(call)) => self.let_in(call, now),
            // What QUIC would say to a stranger: which versions there are, or that a connection is none.
            Some(DatagramEvent::Response(_)) | None => None,
        };
        handle.map_or(0, |handle| self.look_at(handle, now))
    }

    /// Whether a packet is worth decrypting: it belongs to a connection, or begins with a knock.
    fn may_be_read(&self, bytes: &[u8]) -> bool {
        match knock::first(bytes) {
            First::Nonsense => false,
            First::Short => true,
            First::Long(id) if id.len() == KNOCK => {
                self.let_in.knows(id)
                    || knock::is_made_with(At::Quic, &self.door.keys_from_peers(), id)
            }
            First::Long(_) => true,
        }
    }

    fn let_in(&mut self, call: Incoming, now: Instant) -> Option<ConnectionHandle> {
        let knock = Knock::try_from(&call.orig_dst_cid()[..]).ok();
        let is_welcome = |knock: &Knock| {
            !self.let_in.knows(knock)
                && knock::is_made_with(At::Quic, &self.door.keys_from_peers(), knock)
                && self.door.remember(knock)
        };
        let Some(knock) = knock.filter(is_welcome) else {
            self.endpoint.ignore(call);
            return None;
        };
        self.let_in.note(&knock);
        let from = call.remote_address();
        let mut refusal = Vec::new();
        let (handle, connection) = self.endpoint.accept(call, now, &mut refusal, None).ok()?;
        let path = self.paths.id_of(from);
        self.links
            .insert(handle.0, Link::new(connection, path, now));
        self.bound_begun(Side::Server, now);
        Some(handle)
    }

    fn bound_begun(&mut self, side: Side, now: Instant) {
        let begun = self.links.values_mut().filter(|link| {
            !link.is_up && !link.connection.is_closed() && link.connection.side() == side
        });
        let mut begun: Vec<&mut Link> = begun.collect();
        begun.sort_by_key(|link| link.begun);
        let excess = begun.len().saturating_sub(BEGUN);
        begun.into_iter().take(excess).for_each(|it| it.close(now));
    }

    /// Sends a frame, or lets it wait for a connection. Tells how many were lost for it.
    pub(super) fn send(&mut self, path: PathId, frame: &[u8], now: Instant) -> u64 {
        if self.paths.answer(path).is_none() {
            return 1;
        }
        let way = self.ways.entry(path).or_default();
        way.unanswered.get_or_insert(now);
        let current = way.current;
        let link = current.and_then(|handle| self.links.get_mut(&handle.0));
        let lost = match link.filter(|link| link.is_up) {
            Some(link) => u64::from(!link.send(frame)),
            None => {
                way.waiting.push_back(frame.to_vec());
                let too_many = way.waiting.len() > WAITING;
                u64::from(too_many && way.waiting.pop_front().is_some())
            }
        };
        self.call_if_needed(path, now);
        lost
    }

    /// Calls a peer if there is no connection to it, or none on which it answers.
    fn call_if_needed(&mut self, path: PathId, now: Instant) {
        let Some(way) = self.ways.get(&path) else {
            return;
        };
        let link = way.current.and_then(|handle| self.link(handle));
        let is_silent = link.is_none_or(|link| {
            let waits = way.unanswered.map(|since| now.duration_since(since));
            waits.is_some_and(|time| time > link.patience())
        });
        let is_calling = way
            .called
            .is_some_and(|at| now.duration_since(at) < CALL_AGAIN);
        if is_silent && !is_calling {
            // Without a key, a random source or an address there is no call; the next frame asks again.
            let _ = self.call(path, now);
        }
    }

    fn call(&mut self, path: PathId, now: Instant) -> Option<()> {
        let address = self.paths.address_of(path)?;
        let way = self.ways.get_mut(&path)?;
        let peer = way.peer?;
        (way.called, way.calls) = (Some(now), way.calls.wrapping_add(1));
        let call = way.calls.wrapping_sub(1);
        let knock = knock::for_call(At::Quic, &*self.door, &peer, call)?;
        let config = config::client(&self.door, peer, knock).ok()?;
        // A number and no name: nobody on the way reads whom we call (RFC 6066 section 3).
        let name = address.ip().to_string();
        let (handle, connection) = self.endpoint.connect(now, config, address, &name).ok()?;
        self.links
            .insert(handle.0, Link::new(connection, path, now));
        self.bound_begun(Side::Client, now);
        Some(())
    }

    /// Does what is due: QUIC's own timers, and the end of calls that nobody answers.
    pub(super) fn wake(&mut self, now: Instant) {
        let due = |link: &mut Link| link.connection.poll_timeout().is_some_and(|at| at <= now);
        let handles: Vec<usize> = self.links.keys().copied().collect();
        for handle in handles {
            let Some(link) = self.links.get_mut(&handle) else {
                continue;
            };
            if due(link) {
                link.connection.handle_timeout(now);
            }
            let is_given_up = !link.is_up && now.duration_since(link.begun) > CALL;
            if is_given_up && !link.connection.is_closed() {
                link.close(now);
            }
            self.look_at(ConnectionHandle(handle), now);
        }
    }

    /// When there is something to do even if nothing comes.
    pub(super) fn next_time(&mut self) -> Option<Instant> {
        if !self.arrived.is_empty() {
            return Some(Instant::now());
        }
        let timeouts = |link: &mut Link| {
            let given_up = (!link.is_up && !link.connection.is_closed()).then(|| link.begun + CALL);
            [link.connection.poll_timeout(), given_up]
        };
        let times = self.links.values_mut().flat_map(timeouts);
        times.flatten().min()
    }

    /// Takes what a connection has to tell. How much of it can be no frames?
    fn look_at(&mut self, handle: ConnectionHandle, now: Instant) -> u64 {
        let Some(link) = self.links.get_mut(&handle.0) else {
            return 0;
        };
        while let Some(event) = link.connection.poll_endpoint_events() {
            if let Some(answer) = self.endpoint.handle_event(handle, event) {
                link.connection.handle_event(answer);
            }
        }
        let news = link.poll();
        let (path, is_drained) = (link.path, link.connection.is_drained());
        if is_drained {
            self.links.remove(&handle.0);
        }
        let unusable = news.unusable;
        self.take(handle, path, news, now);
        unusable
    }

    fn take(&mut self, handle: ConnectionHandle, path: PathId, news: News, now: Instant) {
        if news.is_new {
            self.is_up(handle, path, now);
        }
        let is_gone = news.is_lost || !self.links.contains_key(&handle.0);
        let other = self.other_than(handle, path);
        let way = self.ways.entry(path).or_default();
        if is_gone && way.current == Some(handle) {
            way.current = other;
        }
        if news.is_heard {
            way.unanswered = None;
            if let Some(link) = self.links.get_mut(&handle.0) {
                link.heard = now;
            }
        }
        for frame in news.frames {
            if self.arrived.len() < ARRIVED {
                self.arrived.push_back((path, frame));
            }
        }
    }

    /// A connection is up: what is sent from now on goes over it, and what has waited goes first.
    fn is_up(&mut self, handle: ConnectionHandle, path: PathId, now: Instant) {
        // What comes over it is authentic, so its address is kept like one that was answered.
        self.paths.answer(path);
        let paths = &self.paths;
        self.ways
            .retain(|path, _| paths.address_of(*path).is_some());
        let way = self.ways.entry(path).or_default();
        (way.current, way.calls, way.unanswered) = (Some(handle), 0, None);
        let waiting = std::mem::take(&mut way.waiting);
        if let Some(link) = self.links.get_mut(&handle.0) {
            waiting.iter().for_each(|frame| {
                link.send(frame);
            });
        }
        self.close_older(handle, path, now);
    }

    /// Both sides may have called at once, and then each sends on the connection that it saw last: on one path more than two are not
    /// needed, nor many with one node.
    fn close_older(&mut self, handle: ConnectionHandle, path: PathId, now: Instant) {
        let mut links: Vec<&mut Link> = self.links.values_mut().collect();
        links.retain(|link| link.path == path && !link.connection.is_closed());
        links.sort_by_key(|link| std::cmp::Reverse((link.is_up, link.begun)));
        links.into_iter().skip(2).for_each(|it| it.close(now));
        let node = self.links.get_mut(&handle.0).and_then(|link| {
            link.heard = now;
            link.node = link.shown(&*self.door);
            link.node
        });
        let mut links: Vec<&mut Link> = self.links.values_mut().collect();
        links.retain(|link| link.is_up && link.node == node);
        links.sort_by_key(|link| std::cmp::Reverse(link.heard));
        let excess = links.into_iter().skip(OF_ONE_NODE);
        excess.for_each(|it| it.close(now));
    }

    fn other_than(&self, handle: ConnectionHandle, path: PathId) -> Option<ConnectionHandle> {
        let mut links = self.links.iter();
        let is_other = |(number, link): &(&usize, &Link)| {
            **number != handle.0 && link.path == path && link.is_up
        };
        links
            .rfind(is_other)
            .map(|(number, _)| ConnectionHandle(*number))
    }

    /// Hands out the packets that are to be sent now.
    pub(super) fn flush(&mut self, now: Instant, mut send: impl FnMut(SocketAddr, &[u8])) {
        let mut packet = Vec::new();
        let handles: Vec<usize> = self.links.keys().copied().collect();
        for handle in handles {
            // What QUIC asks of the endpoint on this occasion may be to be sent in turn, as new connection ids are.
            let mut has_sent = true;
            while std::mem::take(&mut has_sent) {
                self.look_at(ConnectionHandle(handle), now);
                let Some(link) = self.links.get_mut(&handle) else {
                    break;
                };
                while let Some(transmit) = link.connection.poll_transmit(now, 1, &mut packet) {
                    send(transmit.destination, &packet[..transmit.size]);
                    packet.clear();
                    has_sent = true;
                }
            }
        }
    }

    fn link(&self, handle: ConnectionHandle) -> Option<&Link> {
        self.links.get(&handle.0).filter(|link| link.is_up)
    }
}
