//! The bearer `wss`: a frame is a message of a WebSocket (RFC 6455), inside TLS 1.3 with the nodes' own keys, over TCP. It goes where
//! nothing but HTTPS goes, also through an HTTP proxy. It can't be silent: who connects sees that something speaks TLS there, and is
//! refused before he sees a key, unless he has knocked.
//!
//! TCP repeats what is lost, ever more rarely, and what comes later waits for it. So when nobody answers for three round trips another
//! connection is made beside the old one.

mod connections;
mod proxy;
mod stream;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use openline_wire::ids::NodeId;
use rustix::event::PollFlags;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use socket2::{Domain, Protocol, Socket, Type};

use crate::bearer::Wait;
use crate::door::Door;
use crate::drops::{DropCounters, Drops};
use crate::paths::PathId;
use crate::quic::{SetUpError, TlsBearerError};
use crate::udp::BindError;

use connections::{At, Connections, Target};
pub use proxy::{Proxy, ProxyError};

/// Connections that the system accepts for us until we take them.
const BACKLOG: i32 = 64;

/// Taken at one time, so that a flood of them does not keep the core from its frames.
const ACCEPTED: usize = 16;

/// A listener and the connections.
pub struct WsBearer {
    listener: TcpListener,
    address: SocketAddr,
    /// Tells of everything that happens at the listener and the connections, by one descriptor.
    events: OwnedFd,
    drops: DropCounters,
    connections: Mutex<Connections>,
    /// What calls go through, and where it is.
    proxy: Mutex<Option<At>>,
}

impl std::fmt::Debug for WsBearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WsBearer")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl WsBearer {
    /// Listens at an address.
    ///
    /// # Errors
    /// The address can't be had.
    pub fn bind(
        address: SocketAddr,
        door: Arc<dyn Door>,
        proxy: Option<Proxy>,
    ) -> Result<Self, TlsBearerError> {
        let failed = |source| BindError { address, source };
        let (listener, events) = listen(address).map_err(failed)?;
        let connections = Connections::new(door).map_err(|error| SetUpError::of(&error))?;
        let proxy = proxy.map(|proxy| (proxy, Vec::new()));
        Ok(Self {
            address: listener.local_addr().map_err(failed)?,
            listener,
            events,
            drops: DropCounters::default(),
            connections: Mutex::new(connections),
            proxy: Mutex::new(proxy),
        })
    }

    /// Where it listens, with the port that the system chose if none was named.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes what has arrived, and hands at most `most` frames to `take`.
    ///
    /// # Errors
    /// The system does not tell what happens any more.
    pub fn receive(&self, most: usize, mut take: impl FnMut(PathId, &[u8])) -> io::Result<()> {
        let mut happened = Vec::with_capacity(64);
        let none = Some(&rustix::event::Timespec::default());
        epoll::wait(
            &self.events,
            rustix::buffer::spare_capacity(&mut happened),
            none,
        )?;
        let frames = {
            let proxy = self.proxy();
            let mut connections = self.lock();
            self.accept(&mut connections);
            let how = (&self.events, proxy.as_ref());
            let unusable = connections.advance(Instant::now(), most, how);
            (0..unusable).for_each(|_| self.drops.count_size());
            connections.take_frames(most)
        };
        frames
            .iter()
            .for_each(|(path, frame)| take(*path, frame.as_slice()));
        Ok(())
    }

    fn accept(&self, connections: &mut Connections) {
        for _ in 0..ACCEPTED {
            match self.listener.accept() {
                Ok((stream, from)) => {
                    connections.accept(stream, from, &self.events, Instant::now())
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                // Of one that was broken off before we came to it, or no descriptor is free.
                Err(_) => return,
            }
        }
    }

    /// Sends without waiting. Where there is no connection one is made, and the last few frames wait for it; what does not find
    /// room is lost and counted.
    pub fn send(&self, path: PathId, frame: &[u8]) {
        let proxy = self.proxy();
        let how = (&self.events, proxy.as_ref());
        let lost = self.lock().send(path, frame, Instant::now(), how);
        (0..lost).for_each(|_| self.drops.count_not_sent());
    }

    /// Does what has become due.
    pub fn tend(&self) {
        let proxy = self.proxy();
        let mut connections = self.lock();
        let is_due = |at: Instant| at <= Instant::now();
        if connections.next_time().is_some_and(is_due) {
            connections.advance(Instant::now(), 0, (&self.events, proxy.as_ref()));
        }
    }

    /// What there is to wait for.
    pub fn wait(&self) -> Wait<'_> {
        let until = self.lock().next_time();
        Wait::at_socket(self.events.as_fd(), PollFlags::IN, until)
    }

    /// The path to a peer that somebody configured, and what its name stands for now: nothing, where only the proxy knows it.
    pub fn path_to(
        &self,
        (host, port): (&str, u16),
        addresses: Vec<SocketAddr>,
        peer: NodeId,
    ) -> PathId {
        let host = host.to_owned();
        self.lock().configure(Target {
            host,
            port,
            addresses,
            peer,
        })
    }

    /// What calls go through. Its name is resolved by who may wait for that, and [`Self::proxy_is_at`] told.
    pub fn proxy_name(&self) -> Option<Proxy> {
        self.proxy().as_ref().map(|(proxy, _)| proxy.clone())
    }

    /// The proxy is there now. An empty answer changes nothing: its name may resolve again.
    pub fn proxy_is_at(&self, addresses: Vec<SocketAddr>) {
        if let Some((_, known)) = self.proxy().as_mut()
            && !addresses.is_empty()
        {
            *known = addresses;
        }
    }

    /// Whether somebody configured a path.
    pub fn is_configured(&self, path: PathId) -> bool {
        self.lock().is_configured(path)
    }

    /// Where a path leads, as a URL.
    pub fn url_of(&self, path: PathId) -> Option<String> {
        self.lock().url_of(path)
    }

    /// What was lost here.
    pub fn drops(&self) -> Drops {
        self.drops.read(0)
    }

    fn lock(&self) -> MutexGuard<'_, Connections> {
        // What panicked under the lock has lost no more than a connection, which is made anew.
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn proxy(&self) -> MutexGuard<'_, Option<At>> {
        self.proxy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn listen(address: SocketAddr) -> io::Result<(TcpListener, OwnedFd)> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    if address.is_ipv6() {
        socket.set_only_v6(!address.ip().is_unspecified())?;
    }
    // A station that is started again must not wait until the system has forgotten its old connections.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    let listener: TcpListener = socket.into();
    let events = epoll::create(CreateFlags::CLOEXEC)?;
    epoll::add(&events, &listener, EventData::new_u64(0), EventFlags::IN)?;
    Ok((listener, events))
}
