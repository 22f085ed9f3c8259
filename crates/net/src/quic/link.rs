//! One connection.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use openline_wire::ids::NodeId;
use openline_wire::limits;
use quinn_proto::{
    Connection, ConnectionError, Dir, Event, ReadError, StreamEvent, StreamId, VarInt,
};

use rustls::pki_types::CertificateDer;

use crate::SHORTEST;
use crate::door::Door;
use crate::paths::PathId;
use crate::tls;

/// A connection and what is known of it.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) connection: Connection,
    pub(super) path: PathId,
    /// Both sides have shown their keys.
    pub(super) is_up: bool,
    pub(super) begun: Instant,
    /// When the other side was heard last.
    pub(super) heard: Instant,
    /// Who it is, once it is up.
    pub(super) node: Option<NodeId>,
    /// Frames that come as streams, as far as they have come.
    partial: BTreeMap<StreamId, Vec<u8>>,
    /// What had come when it was looked last.
    progress: u64,
}

/// What became of a connection.
#[derive(Debug, Default)]
pub(super) struct News {
    /// It is up now.
    pub(super) is_new: bool,
    /// It is over.
    pub(super) is_lost: bool,
    /// The peer was heard.
    pub(super) is_heard: bool,
    pub(super) frames: Vec<Vec<u8>>,
    /// What came and can't be a frame.
    pub(super) unusable: u64,
}

impl Link {
    pub(super) fn new(connection: Connection, path: PathId, now: Instant) -> Self {
        Self {
            connection,
            path,
            is_up: false,
            begun: now,
            heard: now,
            node: None,
            partial: BTreeMap::new(),
            progress: 0,
        }
    }

    /// Ends it.
    pub(super) fn close(&mut self, now: Instant) {
        self.is_up = false;
        self.connection
            .close(now, VarInt::from_u32(0), Vec::new().into());
    }

    /// Who the other side has shown to be.
    pub(super) fn shown(&self, door: &dyn Door) -> Option<NodeId> {
        let shown = self.connection.crypto_session().peer_identity()?;
        let shown = shown.downcast::<Vec<CertificateDer<'static>>>().ok()?;
        tls::node_shown(door, &shown)
    }

    /// Gives a frame to the connection. `false` if it has no room.
    pub(super) fn send(&mut self, frame: &[u8]) -> bool {
        let mut datagrams = self.connection.datagrams();
        if datagrams.max_size().is_some_and(|most| frame.len() <= most) {
            // The oldest that waits makes room: what is newer is more urgent, or will come again.
            return datagrams.send(frame.to_vec().into(), true).is_ok();
        }
        self.send_as_stream(frame)
    }

    fn send_as_stream(&mut self, frame: &[u8]) -> bool {
        let Some(id) = self.connection.streams().open(Dir::Uni) else {
            return false;
        };
        let mut stream = self.connection.send_stream(id);
        if stream.write(frame) == Ok(frame.len()) && stream.finish().is_ok() {
            return true;
        }
        let _ = stream.reset(VarInt::from_u32(0));
        false
    }

    /// Takes what QUIC tells.
    pub(super) fn poll(&mut self) -> News {
        let mut news = News::default();
        while let Some(event) = self.connection.poll() {
            match event {
                Event::Connected => (self.is_up, news.is_new) = (true, true),
                Event::ConnectionLost { reason } => {
                    (self.is_up, news.is_lost) = (false, reason != ConnectionError::LocallyClosed);
                }
                Event::DatagramReceived => {
                    while let Some(frame) = self.connection.datagrams().recv() {
                        keep(&mut news, &frame);
                    }
                }
                Event::Stream(StreamEvent::Opened { dir: Dir::Uni }) => {
                    while let Some(id) = self.connection.streams().accept(Dir::Uni) {
                        self.read(id, &mut news);
                    }
                }
                Event::Stream(StreamEvent::Readable { id }) => self.read(id, &mut news),
                Event::HandshakeDataReady | Event::DatagramsUnblocked | Event::Stream(_) => {}
            }
        }
        let came = self.connection.stats().frame_rx;
        let progress = came.acks + came.datagram + came.stream + came.crypto + came.ping;
        news.is_heard = progress != std::mem::replace(&mut self.progress, progress);
        news
    }

    /// A stream is one frame: longer ones are given up, and cost no more memory than one.
    fn read(&mut self, id: StreamId, news: &mut News) {
        let so_far = self.partial.entry(id).or_default();
        let mut stream = self.connection.recv_stream(id);
        let Ok(mut chunks) = stream.read(true) else {
            self.partial.remove(&id);
            return;
        };
        let ended = loop {
            match chunks.next(limits::DATAGRAM + 1) {
                Ok(Some(chunk)) => so_far.extend_from_slice(&chunk.bytes),
                Ok(None) => break true,
                Err(ReadError::Blocked) => break false,
                Err(ReadError::Reset(_)) => {
                    so_far.clear();
                    break true;
                }
            }
            if so_far.len() > limits::DATAGRAM {
                break true;
            }
        };
        let _ = chunks.finalize();
        if ended {
            let _ = self.connection.recv_stream(id).stop(VarInt::from_u32(0));
            let frame = self.partial.remove(&id).unwrap_or_default();
            keep(news, &frame);
        }
    }

    /// After so long without a sign of the other side it may be gone: three round trips, and never less than a machine that has much
    /// to do may take.
    pub(super) fn patience(&self) -> Duration {
        const LEAST: Duration = Duration::from_millis(400);
        (self.connection.rtt() * 3).max(LEAST)
    }
}

fn keep(news: &mut News, frame: &[u8]) {
    match (SHORTEST..=limits::DATAGRAM).contains(&frame.len()) {
        true => news.frames.push(frame.to_vec()),
        false => news.unusable += 1,
    }
}
