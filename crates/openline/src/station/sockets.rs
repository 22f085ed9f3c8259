//! The bearers of a station, by number.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use openline_net::{Bearer, Drops, Hint, Scheme, Turn, Wait};
use openline_proto::contract::Route;
use openline_wire::haste::Haste;
use openline_wire::ids::{LineId, NodeId};

/// What a bearer carried since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Frames.
    pub frames: u64,
    /// Their bytes, without what the bearer adds.
    pub bytes: u64,
}

/// A bearer as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BearerFacts {
    /// Where it listens, as a URL.
    pub url: String,
    /// Why the device under it is gone; none if it is there.
    pub gone: Option<String>,
    /// Bits a second, where that is known.
    pub rate: Option<u64>,
    /// What was given to it to be sent.
    pub sent: Carried,
    /// What arrived, whoever sent it.
    pub received: Carried,
    /// What was lost at this end.
    pub drops: Drops,
    /// Nothing is sent on it.
    pub receive_only: bool,
}

/// Places among the two counters of a bearer.
const SENT: usize = 0;
const RECEIVED: usize = 1;

#[derive(Debug, Default)]
struct Counter {
    frames: AtomicU64,
    bytes: AtomicU64,
}

impl Counter {
    fn count(&self, bytes: usize) {
        self.frames.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn read(&self) -> Carried {
        Carried {
            frames: self.frames.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }
}

/// All bearers.
#[derive(Debug, Default)]
pub struct Sockets {
    bearers: Vec<Bearer>,
    /// For each of them what was sent and received.
    carried: Vec<[Counter; 2]>,
    /// The lines that somebody named for bearers with one other end.
    named: Vec<(u8, LineId)>,
    /// Bearers on which this station must not send.
    silent: Vec<u8>,
    /// Addresses to which frames go and from which nothing comes back.
    send_only: Vec<SendOnly>,
    /// Frames that arrived and found no room before the core.
    crowded_out: AtomicU64,
}

/// An address to which frames go and from which nothing comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendOnly {
    /// Where.
    pub address: Hint,
    /// As a URL.
    pub url: String,
    /// The line whose peer listens there; none: the only one.
    pub line: Option<LineId>,
}

impl Sockets {
    /// Takes one more, on which nothing is ever sent.
    pub fn add_silent(&mut self, bearer: Bearer, line: Option<LineId>) {
        self.silent.push(self.count());
        self.add(bearer, line);
    }

    /// Takes an address to which frames only go.
    pub fn add_send_only(&mut self, address: SendOnly) {
        self.send_only.push(address);
    }

    /// Bearers on which nothing is sent.
    pub fn silent(&self) -> &[u8] {
        &self.silent
    }

    /// Addresses to which frames only go.
    pub fn send_only(&self) -> &[SendOnly] {
        &self.send_only
    }

    /// Takes one more, and the line that it leads to if somebody named one.
    pub fn add(&mut self, bearer: Bearer, line: Option<LineId>) {
        let number = self.count();
        self.named.extend(line.map(|line| (number, line)));
        self.bearers.push(bearer);
        self.carried.push(Default::default());
    }

    /// What there is to wait for at each bearer, with its number.
    pub fn waits(&self) -> impl Iterator<Item = (u8, Wait<'_>)> {
        self.all().map(|(number, bearer)| (number, bearer.wait()))
    }

    /// Does what has become due at the bearers, and hands on what became of each.
    pub fn tend(&self, mut tell: impl FnMut(&Bearer, Turn)) {
        for bearer in &self.bearers {
            if let Some(turn) = bearer.tend() {
                tell(bearer, turn);
            }
        }
    }

    /// Hands the frames that have arrived at a bearer to `take`, at most so many, each with whether somebody of ours named where it came
    /// from. It tells whether it had no room for one.
    pub fn receive(
        &self,
        number: u8,
        most: usize,
        mut take: impl FnMut(Route, bool, &[u8]) -> bool,
    ) -> io::Result<()> {
        let Some(bearer) = self.bearer(number) else {
            return Ok(());
        };
        bearer.receive(most, |path, bytes| {
            self.carries(number, RECEIVED, bytes);
            let (is_named, bearer) = (bearer.is_configured(path), number);
            let is_lost = take(Route { bearer, path }, is_named, bytes);
            self.crowded_out
                .fetch_add(is_lost.into(), Ordering::Relaxed);
        })
    }

    /// Sends without waiting; what can't be sent is lost.
    pub fn send(&self, route: Route, bytes: &[u8], haste: Haste) {
        // The core knows it, too; between its start and that moment a frame may be heard there.
        if self.silent.contains(&route.bearer) {
            return;
        }
        if let Some(bearer) = self.bearer(route.bearer) {
            self.carries(route.bearer, SENT, bytes);
            bearer.send(route.path, bytes, haste);
        }
    }

    /// The ways to an address of a peer, one for each bearer that can reach it.
    pub fn routes_to(&self, scheme: Scheme, address: SocketAddr, peer: NodeId) -> Vec<Route> {
        let path = |bearer: &Bearer| match (scheme, bearer) {
            (Scheme::Udp, Bearer::Udp(udp)) => udp.path_to(address),
            (Scheme::Quic, Bearer::Quic(quic)) => quic.path_to(address, peer),
            _ => None,
        };
        self.routes(|number, bearer| match self.silent.contains(&number) {
            true => None,
            false => path(bearer),
        })
    }

    /// The ways to a peer that is called by its name, which is resolved here: this may wait.
    pub fn routes_by_name(&self, hint: &Hint, peer: NodeId) -> Vec<Route> {
        let path = |bearer: &Bearer| {
            let Bearer::Ws(ws) = bearer else { return None };
            // With a proxy its name is what must resolve, and the peer's may mean nothing here.
            let addresses = match ws.proxy_name() {
                Some(proxy) => {
                    ws.proxy_is_at(proxy.resolve());
                    Vec::new()
                }
                None => hint.resolve(),
            };
            Some(ws.path_to(hint.place(), addresses, peer))
        };
        self.routes(|_, bearer| path(bearer))
    }

    /// The ways over ttys to the peer of a line: those for which it was named, and, if it is the only line, those for which none was.
    pub fn routes_of(&self, line: LineId, is_only: bool) -> Vec<Route> {
        self.routes(|number, bearer| match (bearer, self.named(number)) {
            (Bearer::Serial(serial), Some(named)) => (named == line).then(|| serial.path()),
            (Bearer::Serial(serial), None) => is_only.then(|| serial.path()),
            (Bearer::Udp(_) | Bearer::Quic(_) | Bearer::Ws(_), _) => None,
        })
    }

    /// Which of our bearers a way leads over, as a URL.
    pub fn own_url(&self, route: Route) -> Option<String> {
        self.bearer(route.bearer).map(Bearer::url)
    }

    /// Where a way leads, as a URL; none if it is long forgotten.
    pub fn url_of(&self, route: Route) -> Option<String> {
        self.bearer(route.bearer)?.url_of(route.path)
    }

    /// Where they listen, as URLs.
    pub fn urls(&self) -> Vec<String> {
        self.bearers.iter().map(Bearer::url).collect()
    }

    /// Bearers whose device is gone, as URLs, and why.
    pub fn gone(&self) -> Vec<(String, String)> {
        let gone = |bearer: &Bearer| Some((bearer.url(), bearer.gone()?));
        self.bearers.iter().filter_map(gone).collect()
    }

    /// Every bearer as it stands.
    pub fn facts(&self) -> Vec<BearerFacts> {
        let facts =
            |((number, bearer), [sent, received]): ((u8, &Bearer), &[Counter; 2])| BearerFacts {
                url: bearer.url(),
                receive_only: self.silent.contains(&number),
                gone: bearer.gone(),
                rate: bearer.rate(),
                sent: sent.read(),
                received: received.read(),
                drops: bearer.drops(),
            };
        self.all().zip(&self.carried).map(facts).collect()
    }

    fn carries(&self, number: u8, which: usize, bytes: &[u8]) {
        if let Some(counters) = self.carried.get(usize::from(number)) {
            counters[which].count(bytes.len());
        }
    }

    /// What all of them lost.
    pub fn drops(&self) -> Drops {
        let add = |sum: Drops, bearer: &Bearer| {
            let one = bearer.drops();
            Drops {
                size: sum.size + one.size,
                damaged: sum.damaged + one.damaged,
                queue_full: sum.queue_full + one.queue_full,
                not_sent: sum.not_sent + one.not_sent,
            }
        };
        let crowded_out = Drops {
            queue_full: self.crowded_out.load(Ordering::Relaxed),
            ..Drops::default()
        };
        self.bearers.iter().fold(crowded_out, add)
    }

    fn routes(&self, path: impl Fn(u8, &Bearer) -> Option<u32>) -> Vec<Route> {
        let route = |(bearer, it)| {
            let path = path(bearer, it)?;
            Some(Route { bearer, path })
        };
        self.all().filter_map(route).collect()
    }

    fn all(&self) -> impl Iterator<Item = (u8, &Bearer)> {
        (0..=u8::MAX).zip(&self.bearers)
    }

    fn count(&self) -> u8 {
        u8::try_from(self.bearers.len()).unwrap_or(u8::MAX)
    }

    fn named(&self, number: u8) -> Option<LineId> {
        let mut named = self.named.iter();
        Some(named.find(|(bearer, _)| *bearer == number)?.1)
    }

    fn bearer(&self, number: u8) -> Option<&Bearer> {
        self.bearers.get(usize::from(number))
    }
}
