//! A wire between two sockets: a relay whose one socket the near side sends to, and whose other socket the far side sees.

use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::faults::{Fault, Passage};

/// How long the thread sleeps when nothing comes.
const LOOK: Duration = Duration::from_millis(2);

/// A relay before one socket.
pub struct Relay {
    /// Where the near side sends to.
    pub address: SocketAddr,
    inside: Arc<Mutex<Inside>>,
    thread: Option<JoinHandle<()>>,
}

struct Inside {
    front: UdpSocket,
    back: UdpSocket,
    near: Option<SocketAddr>,
    ways: [Passage; 2],
    first: Vec<u8>,
    stops: bool,
}

impl Relay {
    /// Before a socket.
    pub fn before(far: SocketAddr) -> Self {
        let [front, back] = [(); 2].map(|()| UdpSocket::bind("127.0.0.1:0").unwrap());
        front.set_nonblocking(true).unwrap();
        back.set_nonblocking(true).unwrap();
        back.connect(far).unwrap();
        let address = front.local_addr().unwrap();
        let inside = Arc::new(Mutex::new(Inside {
            front,
            back,
            near: None,
            ways: Default::default(),
            first: Vec::new(),
            stops: false,
        }));
        let own = Arc::clone(&inside);
        let thread = std::thread::spawn(move || {
            while own.lock().unwrap().carry() {
                std::thread::sleep(LOOK);
            }
        });
        Self {
            address,
            inside,
            thread: Some(thread),
        }
    }

    /// What happens from now on, in both directions.
    pub fn set(&self, fault: Fault) {
        let mut inside = self.inside();
        for way in &mut inside.ways {
            way.fault = fault;
        }
    }

    /// How many datagrams came from the near side.
    pub fn seen(&self) -> usize {
        self.inside().ways[0].seen
    }

    /// How many came from the far side.
    pub fn came_back(&self) -> usize {
        self.inside().ways[1].seen
    }

    /// The first datagram of the near side.
    pub fn first(&self) -> Vec<u8> {
        self.inside().first.clone()
    }

    /// A datagram for the far side that nobody sent.
    pub fn inject(&self, bytes: &[u8]) {
        self.inside().back.send(bytes).unwrap();
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.inside().stops = true;
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

impl Inside {
    fn carry(&mut self) -> bool {
        let now = Instant::now();
        let mut buffer = [0; 16_384];
        while let Ok((length, from)) = self.front.recv_from(&mut buffer) {
            self.near = Some(from);
            if self.first.is_empty() {
                self.first = buffer[..length].to_vec();
            }
            self.ways[0].enter(buffer[..length].to_vec(), now);
        }
        while let Ok(length) = self.back.recv(&mut buffer) {
            self.ways[1].enter(buffer[..length].to_vec(), now);
        }
        while let Some(datagram) = self.ways[0].leave(now) {
            let _ = self.back.send(&datagram);
        }
        while let (Some(near), Some(datagram)) = (self.near, self.ways[1].leave(now)) {
            let _ = self.front.send_to(&datagram, near);
        }
        !self.stops
    }
}
