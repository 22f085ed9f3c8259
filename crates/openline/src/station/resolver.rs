//! Turns the addresses that a peer gave into ways to it, again and again: names move, and a name that does not
//! resolve now may later. What the peer announced on the line stands in the place of what its line file says. A tty is a way to the peer at its other end, whatever that one said. In a thread of its own, because the system's resolver may wait.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use std::{io, thread};

use openline_net::{Hint, Scheme};
use openline_proto::contract::{Input, Route};
use openline_proto::verdict::Reachable;
use openline_wire::ids::{BootId, EntryId, LineId};
use openline_wire::limits;

use super::board::Board;
use super::inbox::Inbox;
use super::known_ways::{KnownWays, WayName};
use super::peers::LineInfo;
use super::sockets::Sockets;
use super::told::ToldAddresses;

/// How often names are asked for again: a record that is about to move has a life of about a minute.
const AGAIN: Duration = Duration::from_secs(60);

/// The system's resolver keeps its answers on the stack (glibc: about 64 KiB).
const RESOLVER_STACK: usize = 256 * 1024;

/// The ways that a boot of ours was told of, and by which announcement.
type Announced = BTreeMap<LineId, (Option<BootId>, EntryId, Vec<Route>)>;

/// An address of a peer's to which frames only go.
type OneWay = (LineId, Scheme, SocketAddr);

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
        (mut known, mut told): (KnownWays, ToldAddresses),
    ) -> io::Result<Arc<Self>> {
        let resolver = Arc::new(Self::default());
        let own = resolver.clone();
        thread::Builder::new()
            .name("resolver".to_owned())
            .stack_size(RESOLVER_STACK)
            .spawn(move || {
                let mut announced = Announced::new();
                while own.wait() {
                    known.note(answered(&board, &sockets));
                    told.keep(&board);
                    resolve_all(&inbox, &board, &sockets, (&known, &mut announced));
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

fn resolve_all(
    inbox: &Inbox,
    board: &Board,
    sockets: &Sockets,
    (known, announced): (&KnownWays, &mut Announced),
) {
    let lines = board.lines();
    let hint = |line: LineId, route: Route| {
        let way = name_of(line, route, sockets);
        let answered = way.and_then(|way| known.answered(&way));
        inbox.send_hint(line, route, answered);
    };
    for &bearer in sockets.silent() {
        inbox.send_fact(Input::Silent { bearer });
    }
    let one_way = send_only(inbox, &lines, sockets);
    for line in &lines {
        let list = board.announced(&line.line);
        let hints = list
            .as_ref()
            .map_or_else(|| line.hints.clone(), usable_hints);
        let routes = in_turn(hints.iter().map(|it| routes(it, line, sockets, &one_way)));
        if let Some(list) = list {
            let routes = &routes[..routes.len().min(limits::REACHABLE_AT)];
            let told = (board.boot(), list.entry, routes.to_vec());
            if is_news(announced.get(&line.line), &told) {
                announced.insert(line.line, told.clone());
                let (line, routes) = (line.line, told.2);
                inbox.send_fact(Input::Announced { line, routes });
            }
            routes.iter().for_each(|&route| hint(line.line, route));
        } else {
            routes.into_iter().for_each(|route| hint(line.line, route));
        }
        // A tty leads to the peer whatever that one announces, so it is hinted at behind it.
        let ttys = sockets.routes_of(line.line, lines.len() == 1);
        ttys.into_iter().for_each(|route| hint(line.line, route));
    }
}

/// The addresses of a list that a bearer of ours can make something of; others are of a newer version perhaps.
fn usable_hints(list: &Reachable) -> Vec<Hint> {
    let hints = list.addresses.iter();
    let hints = hints.filter_map(|url| Hint::parse(url.as_str()).ok());
    hints.filter(Hint::is_reachable).collect()
}

/// Whether the core is to be told. While no name of the list resolves, it keeps the ways that they led to before.
fn is_news(
    before: Option<&(Option<BootId>, EntryId, Vec<Route>)>,
    now: &(Option<BootId>, EntryId, Vec<Route>),
) -> bool {
    before.is_none_or(|before| {
        let is_same_list = (before.0, before.1) == (now.0, now.1);
        before != now && !(is_same_list && now.2.is_empty())
    })
}

/// The ways to an address.
fn routes(hint: &Hint, line: &LineInfo, sockets: &Sockets, one_way: &[OneWay]) -> Vec<Route> {
    if hint.scheme() == Scheme::Wss {
        return sockets.routes_by_name(hint, line.peer);
    }
    let addresses = hint.resolve().into_iter();
    let is_one_way = |address| one_way.contains(&(line.line, hint.scheme(), address));
    let addresses = addresses.filter(|address| !is_one_way(*address));
    addresses
        .flat_map(|address| sockets.routes_to(hint.scheme(), address, line.peer))
        .collect()
}

/// First the first of each, then the second: one name that stands for many machines keeps no other from being tried.
fn in_turn(ways: impl Iterator<Item = Vec<Route>>) -> Vec<Route> {
    let ways: Vec<Vec<Route>> = ways.collect();
    let most = ways.iter().map(Vec::len).max().unwrap_or(0);
    let turn = |at: usize| ways.iter().filter_map(move |ways| ways.get(at).copied());
    (0..most).flat_map(turn).collect()
}

/// Tells of the addresses to which frames only go, and which they are.
fn send_only(inbox: &Inbox, lines: &[Arc<LineInfo>], sockets: &Sockets) -> Vec<OneWay> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: u32) -> Route {
        Route { bearer: 0, path }
    }

    /// OL-448
    #[test]
    fn a_name_that_stands_for_many_machines_keeps_no_other_address_from_being_tried() {
        let many = (1..=8).map(route).collect();
        let tried = in_turn([many, vec![route(20)], Vec::new()].into_iter());
        assert_eq!(tried[..3], [1, 20, 2].map(route));
        assert_eq!(tried.len(), 9);
    }

    /// OL-448
    #[test]
    fn a_list_whose_names_do_not_resolve_just_now_takes_back_no_way() {
        let told = |boot: u8, list: u8, paths: &[u32]| {
            let routes = paths.iter().copied().map(route).collect();
            (Some(BootId([boot; 16])), EntryId([list; 32]), routes)
        };
        let before = told(1, 1, &[1, 2]);
        assert!(is_news(None, &before));
        assert!(!is_news(Some(&before), &before));
        assert!(!is_news(Some(&before), &told(1, 1, &[])));
        assert!(is_news(Some(&before), &told(1, 1, &[1])));
        assert!(is_news(Some(&before), &told(1, 2, &[])));
        // A new core knows no way yet.
        assert!(is_news(Some(&before), &told(2, 1, &[1, 2])));
    }
}
