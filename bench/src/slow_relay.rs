//! A relay between two stations of this machine that delays each datagram, and can be cut: one bearer of several, without a namespace.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// How long a thread waits before it looks whether it is to end.
const LOOK: Duration = Duration::from_millis(100);

/// A running relay. Ends when dropped.
pub struct SlowRelay {
    /// Where each station finds the other: the left one the right one's port here, and the other way round.
    pub ports: [u16; 2],
    is_cut: Arc<AtomicBool>,
    stopping: Arc<AtomicBool>,
}

impl SlowRelay {
    /// A relay between the stations at these ports of this machine that takes so long one way.
    ///
    /// # Errors
    /// No socket.
    pub fn between(stations: [u16; 2], delay: Duration) -> Result<Self> {
        let ends = [socket()?, socket()?];
        let ports = [ends[0].local_addr()?.port(), ends[1].local_addr()?.port()];
        let (is_cut, stopping) = (Arc::default(), Arc::default());
        for (from, to) in [(0, 1), (1, 0)] {
            let (tell, due) = channel();
            let end = ends[from].try_clone()?;
            let (cut, stop) = (Arc::clone(&is_cut), Arc::clone(&stopping));
            thread::spawn(move || take(&end, delay, (&cut, &stop), &tell));
            let (end, station) = (ends[to].try_clone()?, stations[to]);
            thread::spawn(move || give(&end, station, &due));
        }
        Ok(Self {
            ports,
            is_cut,
            stopping,
        })
    }

    /// From now on nothing passes, or everything. What is on its way arrives.
    pub fn cut(&self, is_cut: bool) {
        self.is_cut.store(is_cut, Ordering::Relaxed);
    }
}

impl Drop for SlowRelay {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

fn socket() -> Result<UdpSocket> {
    let socket = UdpSocket::bind("127.0.0.1:0").context("a socket of this machine")?;
    socket.set_read_timeout(Some(LOOK))?;
    Ok(socket)
}

fn take(
    end: &UdpSocket,
    delay: Duration,
    (is_cut, stopping): (&AtomicBool, &AtomicBool),
    tell: &Sender<(Instant, Vec<u8>)>,
) {
    let mut buffer = [0; 2048];
    while !stopping.load(Ordering::Relaxed) {
        let Ok(length) = end.recv(&mut buffer) else {
            continue;
        };
        let due = Instant::now() + delay;
        let passes = !is_cut.load(Ordering::Relaxed);
        if passes && tell.send((due, buffer[..length].to_vec())).is_err() {
            return;
        }
    }
}

fn give(end: &UdpSocket, station: u16, due: &Receiver<(Instant, Vec<u8>)>) {
    let station: SocketAddr = ([127, 0, 0, 1], station).into();
    while let Ok((at, bytes)) = due.recv() {
        thread::sleep(at.saturating_duration_since(Instant::now()));
        // The station may be down.
        let _ = end.send_to(&bytes, station);
    }
}
