//! A TCP connection with somebody between who can stop it, delay it, break it off, or be an HTTP proxy.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How long a thread sleeps when nothing may pass.
const LOOK: Duration = Duration::from_millis(2);

/// What a proxy asks of who wants to be connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proxying {
    /// None: bytes go to the far side as they come.
    No,
    /// Whoever names a place is connected to the far side.
    Open,
    /// The same, if he knows the word.
    Password(&'static str),
    /// Nobody is.
    Refusing,
}

struct Shared {
    far: SocketAddr,
    stops: AtomicBool,
    late: Mutex<Duration>,
    connections: AtomicUsize,
    streams: Mutex<Vec<TcpStream>>,
}

/// Somebody between.
pub struct Pipe {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

impl Pipe {
    pub fn before(far: SocketAddr, proxying: Proxying) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            far,
            stops: AtomicBool::new(false),
            late: Mutex::new(Duration::ZERO),
            connections: AtomicUsize::new(0),
            streams: Mutex::default(),
        });
        let own = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let own = Arc::clone(&own);
                std::thread::spawn(move || own.carry(stream, proxying));
            }
        });
        Self { address, shared }
    }

    /// Nothing passes any more, and nobody is told.
    pub fn stop(&self, stops: bool) {
        self.shared.stops.store(stops, Ordering::SeqCst);
    }

    /// Everything comes so much later.
    pub fn delay(&self, late: Duration) {
        *self.shared.late.lock().unwrap() = late;
    }

    /// All connections are broken off.
    pub fn break_off(&self) {
        for stream in self.shared.streams.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// How many were connected to the far side.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Shared {
    fn carry(self: Arc<Self>, mut near: TcpStream, proxying: Proxying) {
        if proxying != Proxying::No && !is_let_through(&mut near, proxying) {
            return;
        }
        let Ok(far) = TcpStream::connect(self.far) else {
            return;
        };
        self.connections.fetch_add(1, Ordering::SeqCst);
        let clones = [near.try_clone().unwrap(), far.try_clone().unwrap()];
        self.streams.lock().unwrap().extend(clones);
        let (back_from, back_to) = (far.try_clone().unwrap(), near.try_clone().unwrap());
        let own = Arc::clone(&self);
        std::thread::spawn(move || own.copy(back_from, back_to));
        self.copy(near, far);
    }

    fn copy(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 4_096];
        while let Ok(count) = from.read(&mut bytes) {
            if count == 0 {
                break;
            }
            while self.stops.load(Ordering::SeqCst) {
                std::thread::sleep(LOOK);
            }
            let late = *self.late.lock().unwrap();
            std::thread::sleep(late);
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    }
}

/// Speaks the little HTTP that a proxy needs.
fn is_let_through(near: &mut TcpStream, proxying: Proxying) -> bool {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        if near.read(&mut byte).ok() != Some(1) {
            return false;
        }
        request.push(byte[0]);
    }
    let request = String::from_utf8(request).unwrap();
    assert!(
        request.starts_with("CONNECT far.example:443 HTTP/1.1\r\n"),
        "{request}"
    );
    let may = match proxying {
        Proxying::Password(word) => {
            request.contains(&format!("Proxy-Authorization: Basic {word}\r\n"))
        }
        Proxying::Refusing => false,
        Proxying::No | Proxying::Open => true,
    };
    let answer = match may {
        true => "HTTP/1.1 200 Connection established\r\nVia: a proxy\r\n\r\n",
        false => "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
    };
    near.write_all(answer.as_bytes()).is_ok() && may
}
