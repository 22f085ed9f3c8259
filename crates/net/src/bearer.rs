//! Any bearer. All are used alike: whoever wants to hear waits for what [`Bearer::wait`] names, then calls
//! [`Bearer::tend`] and [`Bearer::receive`].

use std::io;
use std::os::fd::AsFd as _;
use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::time::Instant;

use openline_wire::haste::Haste;
use rustix::event::{PollFd, PollFlags};

use crate::drops::Drops;
use crate::paths::PathId;
use crate::quic::QuicBearer;
use crate::serial::{SerialBearer, Tty, Turn};
use crate::udp::UdpBearer;
use crate::ws::WsBearer;

/// One of the bearers.
#[derive(Debug)]
pub enum Bearer {
    /// Datagrams.
    Udp(UdpBearer),
    /// Connections with a second layer of TLS.
    Quic(Box<QuicBearer>),
    /// WebSockets over TLS and TCP.
    Ws(Box<WsBearer>),
    /// A tty.
    Serial(SerialBearer),
}

/// What somebody who waits for a bearer waits for: a descriptor, a time, or whichever comes first.
#[derive(Debug)]
pub struct Wait<'bearer> {
    source: Option<Source<'bearer>>,
    flags: PollFlags,
    until: Option<Instant>,
}

#[derive(Debug)]
enum Source<'bearer> {
    Socket(BorrowedFd<'bearer>),
    /// Ours too, so that it lives while somebody waits at it.
    Tty(Arc<Tty>),
}

impl Bearer {
    /// Hands the frames that have arrived to `take`, at most `most` of them.
    pub fn receive(&self, most: usize, take: impl FnMut(PathId, &[u8])) -> io::Result<()> {
        match self {
            Self::Udp(udp) => udp.receive(most, take),
            Self::Quic(quic) => quic.receive(most, take),
            Self::Ws(ws) => ws.receive(most, take),
            Self::Serial(serial) => {
                serial.receive(most, take);
                Ok(())
            }
        }
    }

    /// Sends without waiting; what can't be sent is lost and counted. `haste` is heeded where frames wait for a slow line.
    pub fn send(&self, path: PathId, frame: &[u8], haste: Haste) {
        match self {
            Self::Udp(udp) => udp.send(path, frame),
            Self::Quic(quic) => quic.send(path, frame),
            Self::Ws(ws) => ws.send(path, frame),
            Self::Serial(serial) => serial.send(path, frame, haste),
        }
    }

    /// Does what has become due, and tells what became of the bearer, once.
    pub fn tend(&self) -> Option<Turn> {
        match self {
            Self::Udp(_) => None,
            Self::Quic(quic) => {
                quic.tend();
                None
            }
            Self::Ws(ws) => {
                ws.tend();
                None
            }
            Self::Serial(serial) => serial.tend(),
        }
    }

    /// What there is to wait for.
    pub fn wait(&self) -> Wait<'_> {
        match self {
            Self::Udp(udp) => Wait::at_socket(udp.as_fd(), PollFlags::IN, None),
            Self::Quic(quic) => quic.wait(),
            Self::Ws(ws) => ws.wait(),
            Self::Serial(serial) => serial.wait(),
        }
    }

    /// Where it listens, as a URL.
    pub fn url(&self) -> String {
        match self {
            Self::Udp(udp) => format!("udp://{}", udp.address()),
            Self::Quic(quic) => format!("quic://{}", quic.address()),
            Self::Ws(ws) => format!("wss://{}", ws.address()),
            Self::Serial(serial) => serial.address().to_string(),
        }
    }

    /// Its rate in bits a second, where that is known.
    pub fn rate(&self) -> Option<u64> {
        match self {
            Self::Udp(_) | Self::Quic(_) | Self::Ws(_) => None,
            Self::Serial(serial) => Some(serial.address().rate().into()),
        }
    }

    /// Whether somebody of ours named where a path leads; nobody else can name the other end of a tty.
    pub fn is_configured(&self, path: PathId) -> bool {
        match self {
            Self::Udp(udp) => udp.is_configured(path),
            Self::Quic(quic) => quic.is_configured(path),
            Self::Ws(ws) => ws.is_configured(path),
            Self::Serial(_) => true,
        }
    }

    /// Where a path leads, as a URL; none if it is long forgotten.
    pub fn url_of(&self, path: PathId) -> Option<String> {
        match self {
            Self::Udp(udp) => Some(format!("udp://{}", udp.address_of(path)?)),
            Self::Quic(quic) => Some(format!("quic://{}", quic.address_of(path)?)),
            Self::Ws(ws) => ws.url_of(path),
            Self::Serial(serial) => Some(serial.address().to_string()),
        }
    }

    /// Why the device under it is gone; none if it is there.
    pub fn gone(&self) -> Option<String> {
        match self {
            Self::Udp(_) | Self::Quic(_) | Self::Ws(_) => None,
            Self::Serial(serial) => serial.gone(),
        }
    }

    /// What was lost here.
    pub fn drops(&self) -> Drops {
        match self {
            Self::Udp(udp) => udp.drops(),
            Self::Quic(quic) => quic.drops(),
            Self::Ws(ws) => ws.drops(),
            Self::Serial(serial) => serial.drops(),
        }
    }
}

impl<'bearer> Wait<'bearer> {
    pub(crate) fn at_socket(
        socket: BorrowedFd<'bearer>,
        flags: PollFlags,
        until: Option<Instant>,
    ) -> Self {
        Self {
            source: Some(Source::Socket(socket)),
            flags,
            until,
        }
    }

    pub(crate) fn at_tty(tty: Arc<Tty>, flags: PollFlags, until: Option<Instant>) -> Self {
        Self {
            source: Some(Source::Tty(tty)),
            flags,
            until,
        }
    }

    pub(crate) fn until(time: Instant) -> Self {
        Self {
            source: None,
            flags: PollFlags::empty(),
            until: Some(time),
        }
    }

    /// The descriptor, for poll(2).
    pub fn source(&self) -> Option<PollFd<'_>> {
        let descriptor = match self.source.as_ref()? {
            Source::Socket(socket) => *socket,
            Source::Tty(tty) => tty.as_fd(),
        };
        Some(PollFd::from_borrowed_fd(descriptor, self.flags))
    }

    /// Whether there is one: a device that is gone has none.
    pub fn has_source(&self) -> bool {
        self.source.is_some()
    }

    /// When there is something to do even if nothing comes.
    pub fn time(&self) -> Option<Instant> {
        self.until
    }
}
