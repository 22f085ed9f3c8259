//! A relay before a station that keeps every frame it moves: what a stranger on the line can record.

use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;

/// How long it waits for a datagram before it looks at the other direction.
const WAIT: Duration = Duration::from_millis(1);

/// A running relay. Ends when dropped.
pub struct Recorder {
    /// Where it listens.
    pub port: u16,
    frames: Arc<Mutex<Vec<Vec<u8>>>>,
    stopping: Arc<AtomicBool>,
}

impl Recorder {
    /// A relay before the station at a port of this machine.
    ///
    /// # Errors
    /// No socket.
    pub fn before(station: u16) -> Result<Self> {
        let front = UdpSocket::bind("127.0.0.1:0")?;
        front.set_read_timeout(Some(WAIT))?;
        let port = front.local_addr()?.port();
        let frames = Arc::new(Mutex::new(Vec::new()));
        let stopping = Arc::new(AtomicBool::new(false));
        let (kept, stop) = (Arc::clone(&frames), Arc::clone(&stopping));
        std::thread::spawn(move || relay(&front, station, &kept, &stop));
        Ok(Self {
            port,
            frames,
            stopping,
        })
    }

    /// What it has moved so far, both ways.
    #[must_use]
    pub fn frames(&self) -> Vec<Vec<u8>> {
        let frames = self.frames.lock().unwrap_or_else(PoisonError::into_inner);
        frames.clone()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

fn relay(front: &UdpSocket, station: u16, kept: &Mutex<Vec<Vec<u8>>>, stop: &AtomicBool) {
    /// Enough to replay for long; a bench shall not grow without end.
    const KEPT: usize = 10_000;
    let keep = |frame: &[u8]| {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push(frame.to_vec());
        }
    };
    let mut backs: BTreeMap<SocketAddr, UdpSocket> = BTreeMap::new();
    let mut buffer = [0; 2048];
    while !stop.load(Ordering::Relaxed) {
        if let Ok((length, from)) = front.recv_from(&mut buffer) {
            keep(&buffer[..length]);
            if let std::collections::btree_map::Entry::Vacant(free) = backs.entry(from) {
                let Ok(back) = UdpSocket::bind("127.0.0.1:0") else {
                    return;
                };
                let _ = back.set_nonblocking(true);
                free.insert(back);
            }
            // The station may be down.
            let _ = backs[&from].send_to(&buffer[..length], ("127.0.0.1", station));
        }
        for (sender, back) in &backs {
            while let Ok((length, _)) = back.recv_from(&mut buffer) {
                keep(&buffer[..length]);
                let _ = front.send_to(&buffer[..length], sender);
            }
        }
    }
}
