//! One TCP connection from its first packet on: through a proxy if there is one, TLS, then the WebSocket. Nothing in it waits.

use std::io::{self, Read, Write};
use std::mem;
use std::net::TcpStream;
use std::sync::Arc;

use openline_wire::limits;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, ServerConfig, ServerConnection, StreamOwned};
use tungstenite::handshake::client::ClientHandshake;
use tungstenite::handshake::server::{NoCallback, ServerHandshake};
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Error, HandshakeError, Message, WebSocket};

use super::proxy::Connect;

/// Bytes that wait in us for the system to take them: sixteen full frames. What comes when there is no room is lost, as on any
/// bearer, and not sent late.
const UNSENT: usize = 20 * 1024;

/// What is asked for: any server that speaks this protocol answers at it.
const PATH: &str = "/openline";

/// Inside TLS, on either side.
pub(super) enum Tls {
    Client(Box<StreamOwned<ClientConnection, TcpStream>>),
    Server(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Read for Tls {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Client(stream) => stream.read(bytes),
            Self::Server(stream) => stream.read(bytes),
        }
    }
}

impl Write for Tls {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Client(stream) => stream.write(bytes),
            Self::Server(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Client(stream) => stream.flush(),
            Self::Server(stream) => stream.flush(),
        }
    }
}

/// Whom a call is for.
pub(super) struct Called {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Arc<ClientConfig>,
}

/// How far a connection is.
pub(super) enum Stage {
    /// The system connects.
    Connecting(TcpStream, Called, Option<Connect>),
    /// A proxy is asked to connect us.
    AtProxy(TcpStream, Called, Connect),
    Calling(tungstenite::handshake::MidHandshake<ClientHandshake<Tls>>),
    Answering(tungstenite::handshake::MidHandshake<ServerHandshake<Tls, NoCallback>>),
    Open(Box<WebSocket<Tls>>),
    /// Closed, refused or broken.
    Over,
}

/// What came over a connection.
#[derive(Debug, Default)]
pub(super) struct Came {
    pub(super) frames: Vec<Vec<u8>>,
    /// Messages that can't be frames.
    pub(super) unusable: u64,
    /// Anything at all.
    pub(super) is_heard: bool,
    /// There may be more, which nothing will tell of.
    pub(super) has_more: bool,
}

impl Stage {
    /// Somebody has called.
    pub(super) fn called(stream: TcpStream, tls: Arc<ServerConfig>) -> Self {
        let Ok(connection) = ServerConnection::new(tls) else {
            return Self::Over;
        };
        let tls = Tls::Server(Box::new(StreamOwned::new(connection, stream)));
        Self::Answering(ServerHandshake::start(tls, NoCallback, Some(config())))
    }

    /// The keys that the other side has shown, and proven to have.
    pub(super) fn shown(&self) -> Option<&[CertificateDer<'static>]> {
        let Self::Open(socket) = self else {
            return None;
        };
        match socket.get_ref() {
            Tls::Client(stream) => stream.conn.peer_certificates(),
            Tls::Server(stream) => stream.conn.peer_certificates(),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self, Self::Over)
    }

    /// Goes as far as is possible without waiting, and reads at most so many messages: the rest waits in the system, and then at the
    /// other side.
    pub(super) fn advance(&mut self, most: usize) -> Came {
        loop {
            let (next, goes_on) = mem::replace(self, Self::Over).step();
            *self = next;
            if !goes_on {
                break;
            }
        }
        match self {
            Self::Open(socket) => {
                let (came, is_over) = read(socket, most);
                if is_over {
                    *self = Self::Over;
                }
                came
            }
            _ => Came::default(),
        }
    }

    /// One step, and whether there may be another at once.
    fn step(self) -> (Self, bool) {
        match self {
            Self::Connecting(stream, called, proxy) => match is_connected(&stream) {
                Ok(false) => (Self::Connecting(stream, called, proxy), false),
                Ok(true) => match proxy {
                    Some(connect) => (Self::AtProxy(stream, called, connect), true),
                    None => (begin(stream, called), true),
                },
                Err(_) => (Self::Over, false),
            },
            Self::AtProxy(mut stream, called, mut connect) => match connect.advance(&mut stream) {
                Ok(false) => (Self::AtProxy(stream, called, connect), false),
                Ok(true) => (begin(stream, called), true),
                Err(_) => (Self::Over, false),
            },
            Self::Calling(handshake) => match handshake.handshake() {
                Ok((socket, _)) => (Self::Open(Box::new(socket)), false),
                Err(HandshakeError::Interrupted(handshake)) => (Self::Calling(handshake), false),
                Err(HandshakeError::Failure(_)) => (Self::Over, false),
            },
            Self::Answering(handshake) => match handshake.handshake() {
                Ok(socket) => (Self::Open(Box::new(socket)), false),
                Err(HandshakeError::Interrupted(handshake)) => (Self::Answering(handshake), false),
                Err(HandshakeError::Failure(_)) => (Self::Over, false),
            },
            stage @ (Self::Open(_) | Self::Over) => (stage, false),
        }
    }

    /// Sends a frame, or takes it into the little that may wait. `false` if it is lost.
    pub(super) fn send(&mut self, frame: &[u8], asks: bool) -> bool {
        let Self::Open(socket) = self else {
            return false;
        };
        let written = socket.write(Message::Binary(frame.to_vec().into()));
        let asked = match asks {
            true => socket.write(Message::Ping(Vec::new().into())),
            false => Ok(()),
        };
        let flushed = socket.flush();
        let is_broken = [&asked, &flushed].into_iter().any(is_final) || is_final(&written);
        if is_broken {
            *self = Self::Over;
            return false;
        }
        written.is_ok()
    }
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(8 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(UNSENT)
        .max_message_size(Some(limits::DATAGRAM))
        .max_frame_size(Some(limits::DATAGRAM))
}

/// Whether the system has connected it by now.
fn is_connected(stream: &TcpStream) -> io::Result<bool> {
    if let Some(error) = stream.take_error()? {
        return Err(error);
    }
    match stream.peer_addr() {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(false),
        Err(error) => Err(error),
    }
}

fn begin(stream: TcpStream, called: Called) -> Stage {
    let Called { host, port, tls } = called;
    let begun = || {
        // An address is not named to who looks on (RFC 6066 section 3); a host is, as by any browser.
        let name = ServerName::try_from(host.clone()).ok()?;
        let connection = ClientConnection::new(tls, name).ok()?;
        let tls = Tls::Client(Box::new(StreamOwned::new(connection, stream)));
        let authority = match host.contains(':') {
            true => format!("[{host}]:{port}"),
            false => format!("{host}:{port}"),
        };
        let uri = format!("wss://{authority}{PATH}").parse().ok()?;
        let request = tungstenite::ClientRequestBuilder::new(uri);
        let request = tungstenite::client::IntoClientRequest::into_client_request(request).ok()?;
        ClientHandshake::start(tls, request, Some(config())).ok()
    };
    begun().map_or(Stage::Over, Stage::Calling)
}

fn read(socket: &mut WebSocket<Tls>, most: usize) -> (Came, bool) {
    let mut came = Came {
        has_more: true,
        ..Came::default()
    };
    for _ in 0..most {
        match socket.read() {
            Ok(Message::Binary(bytes)) => {
                came.is_heard = true;
                match (crate::SHORTEST..=limits::DATAGRAM).contains(&bytes.len()) {
                    true => came.frames.push(bytes.to_vec()),
                    false => came.unusable += 1,
                }
            }
            Ok(Message::Text(_)) => came.unusable += 1,
            Ok(Message::Close(_)) => return (came, true),
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => came.is_heard = true,
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                came.has_more = false;
                break;
            }
            Err(_) => return (came, true),
        }
    }
    // Answers to pings, and what the system had no room for before.
    let is_over = is_final(&socket.flush());
    (came, is_over)
}

/// Whether a connection can't be used after this: all but *later* and *no room*.
fn is_final(outcome: &Result<(), Error>) -> bool {
    match outcome {
        Ok(()) | Err(Error::WriteBufferFull(_)) => false,
        Err(Error::Io(error)) => error.kind() != io::ErrorKind::WouldBlock,
        Err(_) => true,
    }
}
