//! Turns the addresses that a peer gave into ways to it, again and again: names move, and a name that does not
//! resolve now may later. A tty is a way to the peer at its other end, whatever that one said. In a thread of its own, because the system's resolver may wait.

use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use std::{io, thread};

use openline_net::Scheme;
use openline_proto::contract::{Input, Route};
use openline_wire::ids::LineId;

use super::board::Board;
use super::inbox::Inbox;
use super::known_ways::{KnownWays, WayName};
use super::peers::LineInfo;
use super::sockets::Sockets;

/// How often names are asked for again: a record that is about to move has a life of about a minute.
const AGAIN: Duration = Duration::from_secs(60);

/// The system's resolver keeps its answers on the stack (glibc: about 64 KiB).
const RESOLVER_STACK: usize = 256 * 1024;

/// Wakes the resolver.
#[derive(Debug, Default)]
pub struct Resolver {
    state: Mutex<Wanted>,
    bell: Condvar,
}

#[derive(Debug, Default)]
struct Wanted {
    now: bool,
    stop: bool,
}

impl Resolver {
    /// Starts the thread.
    pub fn start(
        inbox: Arc<Inbox>,
        board: Arc<Board>,
        sockets: Arc<Sockets>,
        mut known: KnownWays,
    ) -> io::Result<Arc<Self>> {
        let resolver = Arc::new(Self::default());
        let own = resolver.clone();
        thread::Builder::new()
            .name("resolver".to_owned())
            .stack_size(RESOLVER_STACK)
            .spawn(move || {
                while own.wait() {
                    known.note(answered(&board, &sockets));
                    resolve_all(&inbox, &board, &sockets, &known);
                }
            })?;
        Ok(resolver)
    }

    /// Asks now: a new core knows no ways yet.
    pub fn ask_now(&self) {
        self.wish(|wanted| wanted.now = true);
    }

    /// Ends the thread.
    pub fn stop(&self) {
        self.wish(|wanted| wanted.stop = true);
    }

    fn wish(&self, set: impl FnOnce(&mut Wanted)) {
        set(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.bell.notify_all();
    }

    /// Waits until it is time to ask; `false` to end.
    fn wait(&self) -> bool {
        let wanted = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = |wanted: &mut Wanted| !wanted.now && !wanted.stop;
        let (mut wanted, _) = self
            .bell
            .wait_timeout_while(wanted, AGAIN, idle)
            .unwrap_or_else(PoisonError::into_inner);
        wanted.now = false;
        !wanted.stop
    }
}

fn resolve_all(inbox: &Inbox, board: &Board, sockets: &Sockets, known: &KnownWays) {
    let lines = board.lines();
    let hint = |line: LineId, route: Route| {
        let way = name_of(line, route, sockets);
        let answered = way.and_then(|way| known.answered(&way));
        inbox.send_hint(line, route, answered);
    };
    for line in &lines {
        let routes = sockets.routes_of(line.line, lines.len() == 1);
        routes.into_iter().for_each(|route| hint(line.line, route));
    }
    for &bearer in sockets.silent() {
        inbox.send_fact(Input::Silent { bearer });
    }
    let one_way = send_only(inbox, &lines, sockets);
    for line in &lines {
        for it in &line.hints {
            if it.scheme() == Scheme::Wss {
                let routes = sockets.routes_by_name(it, line.peer);
                routes.into_iter().for_each(|route| hint(line.line, route));
                continue;
            }
            let addresses = it.resolve().into_iter();
            let is_one_way = |address| one_way.contains(&(line.line, it.scheme(), address));
            for address in addresses.filter(|address| !is_one_way(*address)) {
                let routes = sockets.routes_to(it.scheme(), address, line.peer);
                routes.into_iter().for_each(|route| hint(line.line, route));
            }
        }
    }
}

/// Tells of the addresses to which frames only go, and which they are.
fn send_only(
    inbox: &Inbox,
    lines: &[Arc<LineInfo>],
    sockets: &Sockets,
) -> Vec<(LineId, Scheme, SocketAddr)> {
    let mut one_way = Vec::new();
    for to in sockets.send_only() {
        let line = to.line.or_else(|| Some(lines.first()?.line));
        let Some(line) = line else { continue };
        let scheme = to.address.scheme();
        let addresses = to.address.resolve().into_iter();
        one_way.extend(addresses.map(|address| (line, scheme, address)));
    }
    for line in lines {
        let to_it = one_way.iter().filter(|(it, ..)| *it == line.line);
        // Two sockets of ours would send everything twice.
        let first = to_it.filter_map(|(_, scheme, address)| {
            let routes = sockets.routes_to(*scheme, *address, line.peer);
            routes.into_iter().next()
        });
        let routes: Vec<Route> = first.collect();
        // A name that does not resolve now did, and will again.
        if !routes.is_empty() {
            let line = line.line;
            inbox.send_fact(Input::OneWay { line, routes });
        }
    }
    one_way
}

/// When the peer answered last on each way, as far as the cores have said.
fn answered(board: &Board, sockets: &Sockets) -> Vec<(WayName, u64)> {
    let mut answered = Vec::new();
    for line in board.state().lines.values() {
        let ways = line.status.iter().flat_map(|status| &status.ways);
        let ways = ways.filter_map(|way| {
            let name = name_of(line.info.line, way.route, sockets)?;
            Some((name, way.answered?))
        });
        answered.extend(ways);
    }
    answered
}

fn name_of(line: LineId, route: Route, sockets: &Sockets) -> Option<WayName> {
    Some(WayName {
        line: line.to_string(),
        address: sockets.url_of(route)?,
        from: sockets.own_url(route)?,
    })
}
