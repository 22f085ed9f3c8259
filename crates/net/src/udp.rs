//! The bearer `udp`: bare datagrams, as WireGuard moves them. No set-up, and silence towards strangers.

use std::io;
use std::net::{SocketAddr, SocketAddrV6, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Mutex, MutexGuard, PoisonError};

use openline_wire::limits;
use rustix::net::SendFlags;
use socket2::{Domain, Protocol, Socket, Type};
use thiserror::Error;

use crate::SHORTEST;
use crate::drops::{DropCounters, Drops};
use crate::paths::{PathId, Paths};
use crate::queue;

/// Bytes of the system's buffers: a quarter of a second at 10,000 full frames a second, while the core waits
/// for the disk. The system may give less.
const SOCKET_BUFFER: usize = 4 * 1024 * 1024;

/// The station can't listen here: another program does, or the address is not of this machine.
#[derive(Debug, Error)]
#[error("can't listen at udp://{address}: {source}")]
pub struct BindError {
    /// Where.
    pub address: SocketAddr,
    /// Why.
    pub source: io::Error,
}

/// One socket, which never makes anybody wait: whoever wants to hear waits at its descriptor (poll(2)). Receiving and
/// sending may happen in two threads at once.
#[derive(Debug)]
pub struct UdpBearer {
    socket: UdpSocket,
    address: SocketAddr,
    paths: Mutex<Paths>,
    drops: DropCounters,
}

impl UdpBearer {
    /// Listens at an address. `[::]` takes both families, so does the port of every name with both.
    pub fn bind(address: SocketAddr) -> Result<Self, BindError> {
        let failed = |source| BindError { address, source };
        let socket = open(address).map_err(failed)?;
        Ok(Self {
            address: socket.local_addr().map_err(failed)?,
            socket,
            paths: Mutex::default(),
            drops: DropCounters::default(),
        })
    }

    /// Where it listens, with the port that the system chose if none was named.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Hands the datagrams that have arrived to `take`, at most `most` of them. What can't be a frame is dropped before
    /// that.
    pub fn receive(&self, most: usize, mut take: impl FnMut(PathId, &[u8])) -> io::Result<()> {
        // One byte more than a frame has, so that a longer datagram shows.
        let mut buffer = [0u8; limits::DATAGRAM + 1];
        for _ in 0..most {
            let (length, from) = match self.socket.recv_from(&mut buffer) {
                Ok(received) => received,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if is_passing(&error) => continue,
                Err(error) => return Err(error),
            };
            if !(SHORTEST..=limits::DATAGRAM).contains(&length) {
                self.drops.count_size();
                continue;
            }
            // Whoever takes it may ask about the path, so the table is free again.
            let path = self.paths().id_of(from);
            take(path, &buffer[..length]);
        }
        Ok(())
    }

    /// Gives a datagram to the system without waiting. What it does not take is lost, as on the way. From now
    /// on the path is kept in favour of strangers': nobody is answered who has not authenticated.
    pub fn send(&self, path: PathId, datagram: &[u8]) {
        let Some(address) = self.paths().answer(path) else {
            return self.drops.count_not_sent();
        };
        let sent = rustix::net::sendto(&self.socket, datagram, SendFlags::DONTWAIT, &address);
        if sent.is_err() {
            self.drops.count_not_sent();
        }
    }

    /// The path to an address that somebody configured; none if this socket can't reach its family.
    pub fn path_to(&self, address: SocketAddr) -> Option<PathId> {
        let address = reachable(self.address, address)?;
        let mut paths = self.paths();
        let path = paths.id_of(address);
        paths.configure(path);
        Some(path)
    }

    /// Whether somebody configured the address of a path.
    pub fn is_configured(&self, path: PathId) -> bool {
        self.paths().is_configured(path)
    }

    /// Where a path leads, as somebody would write it: an IPv4 peer of an IPv6 socket by its own address.
    pub fn address_of(&self, path: PathId) -> Option<SocketAddr> {
        let address = self.paths().address_of(path)?;
        Some(SocketAddr::new(address.ip().to_canonical(), address.port()))
    }

    /// What was lost here.
    pub fn drops(&self) -> Drops {
        let full = queue::overflows(self.socket.as_fd(), self.address);
        self.drops.read(full)
    }

    fn paths(&self) -> MutexGuard<'_, Paths> {
        // The table is valid between any two of its statements that can panic.
        self.paths.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsFd for UdpBearer {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// An address as a socket that listens at `ours` names it; none if it can't reach its family.
pub(crate) fn reachable(ours: SocketAddr, theirs: SocketAddr) -> Option<SocketAddr> {
    match (ours, theirs) {
        (SocketAddr::V6(ours), SocketAddr::V4(v4)) if ours.ip().is_unspecified() => {
            // An IPv6 socket names IPv4 peers by mapped addresses (RFC 4291 section 2.5.5.2).
            Some(SocketAddrV6::new(v4.ip().to_ipv6_mapped(), v4.port(), 0, 0).into())
        }
        (ours, theirs) => (ours.is_ipv4() == theirs.is_ipv4()).then_some(theirs),
    }
}

pub(crate) fn open(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::DGRAM,
        Some(Protocol::UDP),
    )?;
    if address.is_ipv6() {
        socket.set_only_v6(!address.ip().is_unspecified())?;
    }
    // The kernel cuts these to its own limits; a smaller buffer loses more and breaks nothing.
    let _ = socket.set_recv_buffer_size(SOCKET_BUFFER);
    let _ = socket.set_send_buffer_size(SOCKET_BUFFER);
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}

/// Errors that concern an earlier datagram (an ICMP answer to it) or this one attempt.
pub(crate) fn is_passing(error: &io::Error) -> bool {
    use io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::Interrupted
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec};

    use super::*;

    fn bearer(address: &str) -> UdpBearer {
        UdpBearer::bind(address.parse().expect("an address")).expect("a free port")
    }

    /// The next datagram, if one comes within a while.
    fn receive(bearer: &UdpBearer) -> Option<(PathId, Vec<u8>)> {
        let mut waiting = [PollFd::new(bearer, PollFlags::IN)];
        let while_ = Timespec::try_from(Duration::from_millis(500)).expect("short");
        rustix::event::poll(&mut waiting, Some(&while_)).expect("a socket");
        let mut got = None;
        let take = |path, bytes: &[u8]| got = Some((path, bytes.to_vec()));
        bearer.receive(1, take).expect("a socket");
        got
    }

    #[test]
    fn a_datagram_comes_back_on_the_path_on_which_it_came() {
        let (moscow, washington) = (bearer("127.0.0.1:0"), bearer("127.0.0.1:0"));
        let path = moscow.path_to(washington.address()).expect("one family");
        moscow.send(path, &[7; 100]);
        let (back, bytes) = receive(&washington).expect("a datagram");
        assert_eq!(bytes, [7; 100]);
        washington.send(back, &[8; 50]);
        assert_eq!(receive(&moscow), Some((path, vec![8; 50])));
    }

    #[test]
    fn what_is_too_short_or_too_long_for_a_frame_goes_no_further() {
        let (station, stranger) = (bearer("127.0.0.1:0"), bearer("127.0.0.1:0"));
        let path = stranger.path_to(station.address()).expect("one family");
        for length in [0, SHORTEST - 1, limits::DATAGRAM + 1, 9_000] {
            stranger.send(path, &vec![0x80; length]);
            assert_eq!(receive(&station), None, "{length}");
        }
        for length in [SHORTEST, limits::DATAGRAM] {
            stranger.send(path, &vec![0x80; length]);
            assert!(receive(&station).is_some(), "{length}");
        }
        assert_eq!(station.drops().size, 4);
    }

    #[test]
    fn no_more_is_taken_at_once_than_was_asked_for() {
        let (station, peer) = (bearer("127.0.0.1:0"), bearer("127.0.0.1:0"));
        let path = peer.path_to(station.address()).expect("one family");
        (0..5).for_each(|_| peer.send(path, &[1; 40]));
        let mut taken = 0;
        station.receive(3, |_, _| taken += 1).expect("a socket");
        assert_eq!(taken, 3);
        station.receive(9, |_, _| taken += 1).expect("a socket");
        assert_eq!(taken, 5);
    }

    #[test]
    fn what_the_system_had_no_room_for_is_counted() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let (station, peer) = (bearer(address), bearer(address));
            let path = peer.path_to(station.address()).expect("one family");
            let full = socket2::SockRef::from(&station.socket);
            full.set_recv_buffer_size(4_096).expect("a small buffer");
            (0..100).for_each(|_| peer.send(path, &[1; 1_000]));
            let mut taken = 0;
            station.receive(200, |_, _| taken += 1).expect("a socket");
            assert!(taken < 100, "{taken}");
            assert_eq!(station.drops().queue_full, 100 - taken, "{address}");
        }
    }

    #[test]
    fn a_station_that_listens_on_both_families_reaches_a_peer_with_one() {
        let (both, v4) = (bearer("[::]:0"), bearer("127.0.0.1:0"));
        let path = both.path_to(v4.address()).expect("mapped");
        both.send(path, &[1; 40]);
        let (back, _) = receive(&v4).expect("a datagram");
        v4.send(back, &[2; 40]);
        assert_eq!(receive(&both), Some((path, vec![2; 40])));
        assert_eq!(
            v4.path_to("[::1]:7600".parse().expect("an address")),
            None,
            "no way from IPv4 to IPv6"
        );
    }

    #[test]
    fn nobody_at_the_other_end_is_no_error() {
        let station = bearer("127.0.0.1:0");
        let nobody = bearer("127.0.0.1:0").address();
        let path = station.path_to(nobody).expect("one family");
        for _ in 0..3 {
            station.send(path, &[1; 40]);
            assert_eq!(receive(&station), None);
        }
    }
}
