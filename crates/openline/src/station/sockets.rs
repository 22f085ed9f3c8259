//! The bearers of a station, by number.

use std::io;
use std::net::SocketAddr;

use openline_net::{BindError, Drops, UdpBearer};
use openline_proto::contract::{Input, Route};

/// All bearers.
#[derive(Debug)]
pub struct Sockets {
    bearers: Vec<UdpBearer>,
}

impl Sockets {
    /// Listens at each address.
    pub fn bind(addresses: &[SocketAddr]) -> Result<Self, BindError> {
        let bearers = addresses.iter().map(|address| UdpBearer::bind(*address));
        Ok(Self {
            bearers: bearers.collect::<Result<_, _>>()?,
        })
    }

    /// The bearers with their numbers, to wait at.
    pub fn all(&self) -> impl Iterator<Item = (u8, &UdpBearer)> {
        (0..=u8::MAX).zip(&self.bearers)
    }

    /// The frames that have arrived at a bearer, at most so many.
    pub fn receive(&self, number: u8, most: usize) -> io::Result<Vec<Input>> {
        let mut frames = Vec::new();
        if let Some(bearer) = self.bearer(number) {
            bearer.receive(most, |path, bytes| {
                let bearer = number;
                frames.push(Input::Frame {
                    route: Route { bearer, path },
                    bytes: bytes.to_vec(),
                });
            })?;
        }
        Ok(frames)
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

    /// Where a way leads; none if it is long forgotten.
    pub fn address_of(&self, route: Route) -> Option<SocketAddr> {
        self.bearer(route.bearer)?.address_of(route.path)
    }

    /// Which of our addresses a way leads from.
    pub fn own_address(&self, route: Route) -> Option<SocketAddr> {
        self.bearer(route.bearer).map(UdpBearer::address)
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
                queue_full: sum.queue_full + one.queue_full,
                not_sent: sum.not_sent + one.not_sent,
            }
        };
        self.bearers.iter().fold(Drops::default(), add)
    }

    fn bearer(&self, number: u8) -> Option<&UdpBearer> {
        self.bearers.get(usize::from(number))
    }
}
