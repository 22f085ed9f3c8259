//! All connections of a bearer: who is called when, who has called, and what goes over which.

use std::collections::{BTreeMap, VecDeque};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use openline_wire::ids::NodeId;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustls::ServerConfig;
use socket2::{Domain, Protocol, Socket, Type};

use super::proxy::Proxy;
use super::stream::{Called, Stage};
use crate::door::Door;
use crate::knock;
use crate::paths::{KEPT_PATHS, PathId};
use crate::tls::{self, Look};

/// A peer that does not answer is called again so often, as long as there is something to send to it.
const CALL_AGAIN: Duration = Duration::from_millis(300);

/// From the first packet to an open WebSocket: TCP, a proxy, TLS and HTTP take four or five round trips.
const SET_UP: Duration = Duration::from_secs(10);

/// Connections that are not open yet, called and calling: each takes some forty kilobytes. The oldest gives way, so who wants to keep
/// a peer out must open so many within the peer's own set-up, again and again.
const BEGUN: usize = 64;

/// Open connections with one node: it may have a few addresses, and leaves some behind when a network changes under it. The one that
/// was silent longest gives way, so a peer that lies takes up no more room than this, and never another's.
const OF_ONE_NODE: usize = 4;

/// An open connection on which nothing came for so long is over: TCP does not tell when the other side is gone.
const IDLE: Duration = Duration::from_secs(120);

/// Frames that wait for a connection, the newest.
const WAITING: usize = 8;

/// After so long without a sign of the other side it may be gone; three round trips, if that is more.
const PATIENCE: Duration = Duration::from_millis(400);

/// Where a peer may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) host: String,
    pub(super) port: u16,
    /// What the name stands for now.
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) peer: NodeId,
}

/// A way to a peer.
struct Way {
    /// Where it may be called; none if it called us.
    target: Option<Target>,
    /// When somebody named it last, by the number of that.
    named: u64,
    url: String,
    current: Option<u64>,
    waiting: VecDeque<Vec<u8>>,
    /// Since when something was sent and nobody was heard.
    unanswered: Option<Instant>,
    round_trip: Duration,
    called: Option<Instant>,
    calls: usize,
}

struct Link {
    stage: Stage,
    /// Of one that called us there is a path when it is open.
    path: Option<PathId>,
    from: SocketAddr,
    begun: Instant,
    was_open: bool,
    /// When the other side was heard last.
    heard: Instant,
    /// Who it is, once it is open.
    node: Option<NodeId>,
    has_more: bool,
}

/// A proxy and where it is.
pub(super) type At = (Proxy, Vec<SocketAddr>);

/// The connections and the ways.
pub(super) struct Connections {
    door: Arc<dyn Door>,
    server: Arc<ServerConfig>,
    links: BTreeMap<u64, Link>,
    ways: BTreeMap<PathId, Way>,
    last_link: u64,
    last_path: PathId,
    last_named: u64,
    arrived: VecDeque<(PathId, Vec<u8>)>,
}

/// What a connection can wake us by: each change once.
pub(super) fn watch(events: &OwnedFd, stream: &TcpStream) -> bool {
    let flags = EventFlags::IN | EventFlags::OUT | EventFlags::RDHUP | EventFlags::ET;
    epoll::add(events, stream, EventData::new_u64(0), flags).is_ok()
}

impl Connections {
    pub(super) fn new(door: Arc<dyn Door>) -> Result<Self, rustls::Error> {
        Ok(Self {
            server: Arc::new(tls::server(&door, Look::Https)?),
            door,
            links: BTreeMap::new(),
            ways: BTreeMap::new(),
            last_link: 0,
            last_path: 0,
            last_named: 0,
            arrived: VecDeque::new(),
        })
    }

    /// The path to a peer that somebody configured. Of more than [`KEPT_PATHS`] the one gives way that was named longest ago. Two peers at
    /// one place are two ways: neither can have us look for himself where the other one is.
    pub(super) fn configure(&mut self, target: Target) -> PathId {
        let is_it = |way: &Way| {
            let known = way.target.as_ref();
            known.is_some_and(|it| {
                (&it.host, it.port, it.peer) == (&target.host, target.port, target.peer)
            })
        };
        self.last_named += 1;
        if let Some((path, way)) = self.ways.iter_mut().find(|(_, way)| is_it(way)) {
            (way.target, way.named) = (Some(target), self.last_named);
            return *path;
        }
        self.forget_oldest_name();
        let place = match target.host.contains(':') {
            true => format!("[{}]:{}", target.host, target.port),
            false => format!("{}:{}", target.host, target.port),
        };
        self.add_way(Some(target), format!("wss://{place}"))
    }

    fn forget_oldest_name(&mut self) {
        let named = self.ways.iter().filter(|(_, way)| way.target.is_some());
        let oldest = named.clone().min_by_key(|(_, way)| way.named);
        let oldest = oldest.map(|(path, _)| *path);
        if named.count() >= KEPT_PATHS
            && let Some(path) = oldest
        {
            self.ways.remove(&path);
            self.links.retain(|_, link| link.path != Some(path));
        }
    }

    fn add_way(&mut self, target: Option<Target>, url: String) -> PathId {
        self.last_path = self.last_path.wrapping_add(1);
        let way = Way {
            target,
            named: self.last_named,
            url,
            current: None,
            waiting: VecDeque::new(),
            unanswered: None,
            round_trip: Duration::ZERO,
            called: None,
            calls: 0,
        };
        self.ways.insert(self.last_path, way);
        self.last_path
    }

    pub(super) fn is_configured(&self, path: PathId) -> bool {
        self.ways.get(&path).is_some_and(|way| way.target.is_some())
    }

    pub(super) fn url_of(&self, path: PathId) -> Option<String> {
        Some(self.ways.get(&path)?.url.clone())
    }

    pub(super) fn take_frames(&mut self, most: usize) -> Vec<(PathId, Vec<u8>)> {
        let count = most.min(self.arrived.len());
        self.arrived.drain(..count).collect()
    }

    /// Somebody has called.
    pub(super) fn accept(
        &mut self,
        stream: TcpStream,
        from: SocketAddr,
        events: &OwnedFd,
        now: Instant,
    ) {
        let is_ready = stream.set_nonblocking(true).is_ok() && stream.set_nodelay(true).is_ok();
        if !is_ready || !watch(events, &stream) {
            return;
        }
        let stage = Stage::called(stream, Arc::clone(&self.server));
        self.add_link(stage, None, from, now);
    }

    fn add_link(&mut self, stage: Stage, path: Option<PathId>, from: SocketAddr, now: Instant) {
        let begun = self.links.iter().filter(|(_, link)| !link.stage.is_open());
        let begun: Vec<u64> = begun.map(|(number, _)| *number).collect();
        if begun.len() >= BEGUN
            && let Some(oldest) = begun.first()
        {
            self.links.remove(oldest);
        }
        self.last_link += 1;
        let link = Link {
            stage,
            path,
            from,
            begun: now,
            was_open: false,
            heard: now,
            node: None,
            has_more: false,
        };
        self.links.insert(self.last_link, link);
    }

    /// Sends a frame, or lets it wait for a connection. Tells how many were lost for it.
    pub(super) fn send(
        &mut self,
        path: PathId,
        frame: &[u8],
        now: Instant,
        (events, proxy): (&OwnedFd, Option<&At>),
    ) -> u64 {
        let Some(way) = self.ways.get_mut(&path) else {
            return 1;
        };
        let asks = way.unanswered.is_none();
        way.unanswered.get_or_insert(now);
        let link = way.current.and_then(|number| self.links.get_mut(&number));
        let lost = match link.filter(|link| link.stage.is_open()) {
            Some(link) => u64::from(!link.stage.send(frame, asks)),
            None if way.target.is_none() => 1,
            None => {
                way.waiting.push_back(frame.to_vec());
                let too_many = way.waiting.len() > WAITING;
                u64::from(too_many && way.waiting.pop_front().is_some())
            }
        };
        if self.needs_a_call(path, now) {
            // Without an address or a socket there is no call; the next frame asks again.
            let _ = self.call(path, now, events, proxy);
        }
        self.remove_over();
        lost
    }

    fn needs_a_call(&self, path: PathId, now: Instant) -> bool {
        let Some(way) = self.ways.get(&path).filter(|way| way.target.is_some()) else {
            return false;
        };
        let link = way.current.and_then(|number| self.links.get(&number));
        let is_silent = link.is_none_or(|link| {
            let waits = way.unanswered.map(|since| now.duration_since(since));
            let patience = PATIENCE.max(way.round_trip * 3);
            !link.stage.is_open() || waits.is_some_and(|time| time > patience)
        });
        let since = way.called.map(|at| now.duration_since(at));
        is_silent && since.is_none_or(|time| time >= CALL_AGAIN)
    }

    fn call(
        &mut self,
        path: PathId,
        now: Instant,
        events: &OwnedFd,
        proxy: Option<&At>,
    ) -> Option<()> {
        let way = self.ways.get_mut(&path)?;
        let target = way.target.clone()?;
        (way.called, way.calls) = (Some(now), way.calls.wrapping_add(1));
        let addresses = proxy.map_or(&target.addresses, |(_, addresses)| addresses);
        let turn = way.calls.wrapping_sub(1).checked_rem(addresses.len())?;
        let address = *addresses.get(turn)?;
        let stream = connect(address)?;
        if !watch(events, &stream) {
            return None;
        }
        let call = way.calls.wrapping_sub(1);
        let knock = knock::for_call(knock::At::Wss, &*self.door, &target.peer, call)?;
        let tls = tls::client(&self.door, target.peer, Look::Https, Some(&knock)).ok()?;
        let ask = proxy.map(|(proxy, _)| proxy.connect(&target.host, target.port));
        let called = Called {
            host: target.host,
            port: target.port,
            tls: Arc::new(tls),
        };
        let stage = Stage::Connecting(stream, called, ask);
        self.add_link(stage, Some(path), address, now);
        Some(())
    }

    /// Lets every connection go as far as it can. Tells how many messages came that can be no frames.
    pub(super) fn advance(
        &mut self,
        now: Instant,
        most: usize,
        (events, proxy): (&OwnedFd, Option<&At>),
    ) -> u64 {
        let mut unusable = 0;
        let numbers: Vec<u64> = self.links.keys().copied().collect();
        for number in numbers {
            let Some(link) = self.links.get_mut(&number) else {
                continue;
            };
            let was_open = link.stage.is_open();
            let room = most.saturating_sub(self.arrived.len());
            let came = link.stage.advance(room);
            link.has_more = came.has_more;
            unusable += came.unusable;
            if came.is_heard {
                link.heard = now;
            }
            if link.end().is_some_and(|at| at <= now) {
                link.stage = Stage::Over;
            }
            if !was_open && link.stage.is_open() {
                self.is_open(number, now);
            }
            let Some(path) = self.links.get(&number).and_then(|link| link.path) else {
                continue;
            };
            if came.is_heard {
                self.is_heard(path, now);
            }
            let frames = came.frames.into_iter();
            self.arrived.extend(frames.map(|frame| (path, frame)));
        }
        self.call_elsewhere(now, events, proxy);
        self.remove_over();
        unusable
    }

    fn is_heard(&mut self, path: PathId, now: Instant) {
        if let Some(way) = self.ways.get_mut(&path)
            && let Some(since) = way.unanswered.take()
        {
            way.round_trip = now.duration_since(since);
        }
    }

    /// A connection is open: what is sent from now on goes over it, and what has waited goes first.
    fn is_open(&mut self, number: u64, now: Instant) {
        if let Some(link) = self.links.get_mut(&number) {
            let shown = link.stage.shown();
            link.node = shown.and_then(|shown| tls::node_shown(&*self.door, shown));
            link.heard = now;
        }
        self.bound_those_of(number);
        let Some((path, from)) = self.links.get(&number).map(|link| (link.path, link.from)) else {
            return;
        };
        let path = path.unwrap_or_else(|| self.path_of_caller(number, from));
        let (Some(link), Some(way)) = (self.links.get_mut(&number), self.ways.get_mut(&path))
        else {
            return;
        };
        (link.path, link.was_open) = (Some(path), true);
        // Both may have called at once, and each then sends on what it saw open last: whoever closed the other one here could close just
        // the one that they send on. What nobody uses any more ends by itself.
        (way.current, way.calls, way.unanswered) = (Some(number), 0, None);
        for frame in std::mem::take(&mut way.waiting) {
            link.stage.send(&frame, false);
        }
    }

    fn bound_those_of(&mut self, number: u64) {
        let node = self.links.get(&number).and_then(|link| link.node);
        let links = self.links.iter();
        let of_it = links.filter(|(_, link)| link.stage.is_open() && link.node == node);
        let mut of_it: Vec<(Instant, u64)> = of_it.map(|(it, link)| (link.heard, *it)).collect();
        of_it.sort_by_key(|it| std::cmp::Reverse(*it));
        for (_, excess) in of_it.into_iter().skip(OF_ONE_NODE) {
            self.links.remove(&excess);
        }
    }

    /// Whoever calls has shown which node he is: if we would call it ourselves, that is one way, whoever of us did.
    fn path_of_caller(&mut self, number: u64, from: SocketAddr) -> PathId {
        let node = self.links.get(&number).and_then(|link| link.node);
        let is_it = |way: &Way| way.target.as_ref().map(|it| it.peer) == node;
        let mut ways = self.ways.iter().filter(|(_, way)| is_it(way));
        let idle = ways.clone().find(|(_, way)| way.current.is_none());
        if let Some((path, _)) = idle.or_else(|| ways.next()).filter(|_| node.is_some()) {
            return *path;
        }
        let from = SocketAddr::new(from.ip().to_canonical(), from.port());
        self.add_way(None, format!("wss://{from}"))
    }

    /// A call that failed at one address is made at the next one at once, as long as something waits: a name stands for both families,
    /// and often only one of them works.
    fn call_elsewhere(&mut self, now: Instant, events: &OwnedFd, proxy: Option<&At>) {
        let failed = |link: &&Link| link.stage.is_over() && !link.was_open;
        let failed = self.links.values().filter(failed);
        let paths: Vec<PathId> = failed.filter_map(|link| link.path).collect();
        for path in paths {
            let Some(way) = self.ways.get(&path) else {
                continue;
            };
            let addresses = match (proxy, &way.target) {
                (Some((_, addresses)), _) => addresses.len(),
                (None, Some(target)) => target.addresses.len(),
                (None, None) => 0,
            };
            if way.current.is_none() && !way.waiting.is_empty() && way.calls < addresses {
                let _ = self.call(path, now, events, proxy);
            }
        }
    }

    /// Drops what is over. The way of somebody who called is over with his connection.
    fn remove_over(&mut self) {
        self.links.retain(|_, link| !link.stage.is_over());
        let links = &self.links;
        for (path, way) in &mut self.ways {
            let is_there = |number: &u64| links.contains_key(number);
            let is_other = |link: &Link| link.path == Some(*path) && link.stage.is_open();
            let other = || links.iter().rfind(|(_, link)| is_other(link));
            way.current = way
                .current
                .filter(is_there)
                .or_else(|| other().map(|(number, _)| *number));
        }
        self.ways
            .retain(|_, way| way.target.is_some() || way.current.is_some());
    }

    /// When there is something to do even if nothing comes.
    pub(super) fn next_time(&self) -> Option<Instant> {
        if !self.arrived.is_empty() || self.links.values().any(|link| link.has_more) {
            return Some(Instant::now());
        }
        self.links.values().filter_map(Link::end).min()
    }
}

impl Link {
    /// When it is over, if nothing comes until then.
    fn end(&self) -> Option<Instant> {
        match &self.stage {
            Stage::Over => None,
            Stage::Open(_) => Some(self.heard + IDLE),
            _ => Some(self.begun + SET_UP),
        }
    }
}

/// Begins to connect, and waits for nothing.
fn connect(address: SocketAddr) -> Option<TcpStream> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )
    .ok()?;
    socket.set_nonblocking(true).ok()?;
    socket.set_tcp_nodelay(true).ok()?;
    match socket.connect(&address.into()) {
        Ok(()) => {}
        Err(error)
            if error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error()) => {}
        Err(_) => return None,
    }
    Some(socket.into())
}
