//! Sends frames at their time, in a thread that does nothing else: how busy the station's disk and core are just then must not show in
//! when a frame of a constant rate goes out (OL-459).

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use openline_proto::contract::Route;
use openline_wire::haste::Haste;

use super::sockets::Sockets;

/// A thread that only waits and sends.
const STACK: usize = 128 * 1024;

/// While nothing is due.
const IDLE: Duration = Duration::from_secs(3_600);

/// A frame for a bearer.
#[derive(Debug)]
struct Frame {
    route: Route,
    bytes: Vec<u8>,
    haste: Haste,
}

/// Where frames go out, at once or at their time.
#[derive(Debug)]
pub struct Metronome {
    sockets: Arc<Sockets>,
    due: Sender<(Instant, Frame)>,
}

impl Metronome {
    /// Starts the thread; it ends with the last of what hands frames to it.
    pub fn start(sockets: Arc<Sockets>) -> io::Result<Self> {
        let (due, waiting) = channel();
        let out = sockets.clone();
        let thread = thread::Builder::new().name("metronome".to_owned());
        thread
            .stack_size(STACK)
            .spawn(move || run(&out, &waiting))?;
        Ok(Self { sockets, due })
    }

    /// Gives a frame to its bearer, in so long; none: now. It may be lost.
    pub fn send(&self, route: Route, bytes: Vec<u8>, haste: Haste, after: Option<Duration>) {
        match after {
            None => self.sockets.send(route, &bytes, haste),
            Some(after) => {
                let frame = Frame {
                    route,
                    bytes,
                    haste,
                };
                // Without the thread the process is about to end.
                _ = self.due.send((Instant::now() + after, frame));
            }
        }
    }
}

fn run(sockets: &Sockets, coming: &Receiver<(Instant, Frame)>) {
    let mut waiting: BTreeMap<(Instant, u64), Frame> = BTreeMap::new();
    for number in 0.. {
        let next = waiting.first_key_value().map(|((at, _), _)| *at);
        let patience = next.map_or(IDLE, |at| at.saturating_duration_since(Instant::now()));
        match coming.recv_timeout(patience) {
            Ok((at, frame)) => _ = waiting.insert((at, number), frame),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {}
        }
        while let Some(first) = waiting
            .first_entry()
            .filter(|it| it.key().0 <= Instant::now())
        {
            let frame = first.remove();
            sockets.send(frame.route, &frame.bytes, frame.haste);
        }
    }
}
