//! A relay between the two stations that takes down every frame on the wire, as a stranger could.

use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// Moves datagrams between whoever sends to it and one station, and keeps a copy of each.
pub struct Relay {
    /// Its port.
    pub port: u16,
    frames: Arc<Mutex<Vec<Vec<u8>>>>,
    drops: Arc<AtomicBool>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    /// A relay before the station at a port of this machine.
    pub fn before(station: u16) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let frames: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let (drops, stopping) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
        let wire = Wire {
            front: socket,
            station: ([127, 0, 0, 1], station).into(),
            backs: BTreeMap::new(),
            frames: Arc::clone(&frames),
            drops: Arc::clone(&drops),
        };
        let stop = Arc::clone(&stopping);
        let thread = Some(std::thread::spawn(move || wire.run(&stop)));
        Self {
            port,
            frames,
            drops,
            stopping,
            thread,
        }
    }

    /// From now on it drops what comes, or no longer.
    pub fn drop_all(&self, drops: bool) {
        self.drops.store(drops, Ordering::Relaxed);
    }

    /// Every frame that it has seen.
    pub fn frames(&self) -> Vec<Vec<u8>> {
        self.frames.lock().unwrap().clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

struct Wire {
    front: UdpSocket,
    station: SocketAddr,
    /// For each sender the socket by which the station sees him.
    backs: BTreeMap<SocketAddr, UdpSocket>,
    frames: Arc<Mutex<Vec<Vec<u8>>>>,
    drops: Arc<AtomicBool>,
}

impl Wire {
    fn run(mut self, stop: &AtomicBool) {
        self.front
            .set_read_timeout(Some(Duration::from_millis(2)))
            .unwrap();
        let mut buffer = [0; 2048];
        while !stop.load(Ordering::Relaxed) {
            if let Ok((length, from)) = self.front.recv_from(&mut buffer) {
                self.keep(&buffer[..length]);
                let back = self.backs.entry(from).or_insert_with(|| {
                    let back = UdpSocket::bind("127.0.0.1:0").unwrap();
                    back.set_nonblocking(true).unwrap();
                    back
                });
                if !self.drops.load(Ordering::Relaxed) {
                    // The station may be down.
                    let _ = back.send_to(&buffer[..length], self.station);
                }
            }
            for (sender, back) in &self.backs {
                while let Ok((length, _)) = back.recv_from(&mut buffer) {
                    self.keep(&buffer[..length]);
                    if !self.drops.load(Ordering::Relaxed) {
                        let _ = self.front.send_to(&buffer[..length], sender);
                    }
                }
            }
        }
    }

    fn keep(&self, frame: &[u8]) {
        self.frames.lock().unwrap().push(frame.to_vec());
    }
}

/// The key id and the counter in a frame's header (RFC 9605 section 4.3, with a KID of four bytes).
pub fn key_and_counter(frame: &[u8]) -> Option<(u32, u64)> {
    let (config, rest) = frame.split_first()?;
    if config >> 4 != 0b1011 {
        return None;
    }
    let (key, rest) = rest.split_first_chunk::<4>()?;
    let counter = match config & 0b1000 {
        0 => u64::from(config & 0b111),
        _ => {
            let bytes = rest.get(..usize::from(config & 0b111) + 1)?;
            bytes
                .iter()
                .fold(0, |sum, &byte| sum << 8 | u64::from(byte))
        }
    };
    Some((u32::from_be_bytes(*key), counter))
}
