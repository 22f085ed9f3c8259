//! The bearers of a station, by number, and the threads that listen at them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{io, thread};

use openline_net::{BindError, Drops, UdpBearer};
use openline_proto::contract::Route;

use super::inbox::Inbox;

/// A receiving thread needs room for one datagram and little else.
const RECEIVER_STACK: usize = 128 * 1024;

/// How long a receiving thread rests after an error that is not about one datagram.
const REST: Duration = Duration::from_secs(1);

/// All bearers.
#[derive(Debug)]
pub struct Sockets {
    bearers: Vec<UdpBearer>,
    stopping: AtomicBool,
}

impl Sockets {
    /// Listens at each address.
    pub fn bind(addresses: &[SocketAddr]) -> Result<Self, BindError> {
        let bearers = addresses.iter().map(|address| UdpBearer::bind(*address));
        Ok(Self {
            bearers: bearers.collect::<Result<_, _>>()?,
            stopping: AtomicBool::new(false),
        })
    }

    /// Starts a thread for each bearer that puts what arrives into the inbox, until [`Self::stop`].
    pub fn receive_into(self: &Arc<Self>, inbox: &Arc<Inbox>) -> io::Result<()> {
        for number in self.numbers() {
            let (sockets, inbox) = (self.clone(), inbox.clone());
            thread::Builder::new()
                .name(format!("udp-{number}"))
                .stack_size(RECEIVER_STACK)
                .spawn(move || sockets.receive(number, &inbox))?;
        }
        Ok(())
    }

    /// The numbers by which the core knows the bearers.
    pub fn numbers(&self) -> impl Iterator<Item = u8> {
        0..u8::try_from(self.bearers.len()).unwrap_or(u8::MAX)
    }

    /// Sends without waiting; what can't be sent is lost.
    pub fn send(&self, route: Route, bytes: &[u8]) {
        if let Some(bearer) = self.bearer(route.bearer) {
            bearer.send(route.path, bytes);
        }
    }

    /// The ways to an address, one for each bearer that can reach it.
    pub fn routes_to(&self, address: SocketAddr) -> Vec<Route> {
        let route = |number| {
            let path = self.bearer(number)?.path_to(address)?;
            Some(Route {
                bearer: number,
                path,
            })
        };
        self.numbers().filter_map(route).collect()
    }

    /// Where they listen.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.bearers.iter().map(UdpBearer::address).collect()
    }

    /// What all of them lost.
    pub fn drops(&self) -> Drops {
        let add = |sum: Drops, bearer: &UdpBearer| {
            let one = bearer.drops();
            Drops {
                size: sum.size + one.size,
                refused: sum.refused + one.refused,
                not_sent: sum.not_sent + one.not_sent,
            }
        };
        self.bearers.iter().fold(Drops::default(), add)
    }

    /// Ends the receiving threads, within about a second.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    fn receive(&self, number: u8, inbox: &Inbox) {
        let Some(bearer) = self.bearer(number) else {
            return;
        };
        while !self.stopping.load(Ordering::Relaxed) {
            let take = |path, bytes: &[u8]| {
                let bearer = number;
                inbox.offer_frame(Route { bearer, path }, bytes)
            };
            if let Err(error) = bearer.receive(take) {
                tracing::warn!(%error, number, "a bearer can't receive");
                thread::sleep(REST);
            }
        }
    }

    fn bearer(&self, number: u8) -> Option<&UdpBearer> {
        self.bearers.get(usize::from(number))
    }
}
