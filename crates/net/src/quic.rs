//! The bearer `quic`: frames as QUIC datagrams (RFC 9221), inside TLS 1.3 with the nodes' own keys; a frame that fits into none goes
//! as a stream. One socket calls and is called. A stranger gets no answer, whatever he sends: see [`crate::knock`].
//!
//! The protocol itself is quinn-proto's, which does no I/O: it is driven from the core's thread like any other bearer.

mod config;
mod connections;
mod link;
mod window;

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsFd as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use openline_wire::ids::NodeId;
use rustix::event::PollFlags;
use rustix::net::SendFlags;
use thiserror::Error;

use crate::bearer::Wait;
use crate::door::Door;
use crate::drops::{DropCounters, Drops};
use crate::paths::PathId;
use crate::queue;
use crate::udp::{self, BindError};

pub use config::SetUpError;
use connections::Connections;

/// Longer than any packet that a peer of ours sends, so that a longer one shows.
const LONGEST_PACKET: usize = 1_500;

/// Why a bearer with TLS could not be opened.
#[derive(Debug, Error)]
pub enum TlsBearerError {
    /// Another program listens there, or the address is not of this machine.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// A defect of this program.
    #[error(transparent)]
    SetUp(#[from] SetUpError),
}

/// One socket and the connections over it.
#[derive(Debug)]
pub struct QuicBearer {
    socket: UdpSocket,
    address: SocketAddr,
    drops: DropCounters,
    connections: Mutex<Connections>,
}

impl QuicBearer {
    /// Listens at an address; as [`crate::UdpBearer::bind`].
    ///
    /// # Errors
    /// The address can't be had.
    pub fn bind(address: SocketAddr, door: Arc<dyn Door>) -> Result<Self, TlsBearerError> {
        let failed = |source| BindError { address, source };
        let socket = udp::open(address).map_err(failed)?;
        Ok(Self {
            address: socket.local_addr().map_err(failed)?,
            socket,
            drops: DropCounters::default(),
            connections: Mutex::new(Connections::new(door)?),
        })
    }

    /// Where it listens, with the port that the system chose if none was named.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes what has arrived, and hands at most `most` frames to `take`.
    ///
    /// # Errors
    /// The socket can't be read.
    pub fn receive(&self, most: usize, mut take: impl FnMut(PathId, &[u8])) -> io::Result<()> {
        let frames = {
            let mut connections = self.lock();
            self.read(&mut connections, most)?;
            connections.take_frames(most)
        };
        // Whoever takes one may ask about its path, so the table is free again.
        frames
            .iter()
            .for_each(|(path, frame)| take(*path, frame.as_slice()));
        Ok(())
    }

    /// Sends without waiting. Where there is no connection one is made, and the last few frames wait for it; what does not find
    /// room is lost and counted.
    pub fn send(&self, path: PathId, frame: &[u8]) {
        let mut connections = self.lock();
        let lost = connections.send(path, frame, Instant::now());
        (0..lost).for_each(|_| self.drops.count_not_sent());
        self.flush(&mut connections);
    }

    /// Does what has become due.
    pub fn tend(&self) {
        let mut connections = self.lock();
        connections.wake(Instant::now());
        self.flush(&mut connections);
    }

    /// What there is to wait for.
    pub fn wait(&self) -> Wait<'_> {
        let until = self.lock().next_time();
        Wait::at_socket(self.socket.as_fd(), PollFlags::IN, until)
    }

    /// The path to a peer at an address that somebody configured; none if this socket can't reach its family.
    pub fn path_to(&self, address: SocketAddr, peer: NodeId) -> Option<PathId> {
        let address = udp::reachable(self.address, address)?;
        Some(self.lock().configure(address, peer))
    }

    /// Whether somebody configured the address of a path.
    pub fn is_configured(&self, path: PathId) -> bool {
        self.lock().is_configured(path)
    }

    /// Where a path leads, as somebody would write it.
    pub fn address_of(&self, path: PathId) -> Option<SocketAddr> {
        let address = self.lock().address_of(path)?;
        Some(SocketAddr::new(address.ip().to_canonical(), address.port()))
    }

    /// What was lost here.
    pub fn drops(&self) -> Drops {
        let full = queue::overflows(self.socket.as_fd(), self.address);
        self.drops.read(full)
    }

    fn read(&self, connections: &mut Connections, most: usize) -> io::Result<()> {
        let mut buffer = [0; LONGEST_PACKET];
        for _ in 0..most {
            let (length, from) = match self.socket.recv_from(&mut buffer) {
                Ok(received) => received,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if udp::is_passing(&error) => continue,
                Err(error) => return Err(error),
            };
            let unusable = connections.packet(from, &buffer[..length], Instant::now());
            (0..unusable).for_each(|_| self.drops.count_size());
        }
        self.flush(connections);
        Ok(())
    }

    /// Gives the system what is to be sent. What it does not take is lost, as on the way.
    fn flush(&self, connections: &mut Connections) {
        connections.flush(Instant::now(), |to, packet| {
            let _ = rustix::net::sendto(&self.socket, packet, SendFlags::DONTWAIT, &to);
        });
    }

    fn lock(&self) -> MutexGuard<'_, Connections> {
        // What panicked under the lock has lost no more than a connection, which is made anew.
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
