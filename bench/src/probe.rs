//! What the machine and the link can do without openline: a datagram there and back, and a write made durable.

use std::fs::File;
use std::io::{self, ErrorKind, Write as _};
use std::net::UdpSocket;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::bed::{ADDRESSES, Bed, Traffic};

/// IPv4 and UDP headers.
pub const UDP_HEADERS: usize = 28;
const PORT: u16 = 7599;
/// What SQLite appends to its write-ahead log for a small transaction: two pages of 4096 bytes with a frame header each.
const LOG_APPEND: usize = 2 * (4096 + 24);

/// Two sockets that are connected through the link, left and right.
///
/// # Errors
/// The port is in use.
pub fn sockets(bed: &Bed) -> Result<[UdpSocket; 2]> {
    let bind = |side: usize| {
        bed.inside(side, || UdpSocket::bind((ADDRESSES[side], PORT)))?
            .context("probe socket")
    };
    let [left, right] = [bind(0)?, bind(1)?];
    left.connect((ADDRESSES[1], PORT))?;
    right.connect((ADDRESSES[0], PORT))?;
    Ok([left, right])
}

/// Times of datagrams of `size` bytes of payload from left to right and back; lost ones are left out.
///
/// # Errors
/// None came back.
pub fn round_trips(
    bed: &Bed,
    count: usize,
    size: usize,
    patience: Duration,
) -> Result<Vec<Duration>> {
    let [left, right] = sockets(bed)?;
    left.set_read_timeout(Some(patience))?;
    right.set_read_timeout(Some(patience))?;
    let times = std::thread::scope(|scope| {
        scope.spawn(|| echo(&right, count));
        (0..count)
            .filter_map(|_| round_trip(&left, size))
            .collect::<Vec<_>>()
    });
    ensure!(!times.is_empty(), "no datagram came back through the link");
    Ok(times)
}

fn round_trip(socket: &UdpSocket, size: usize) -> Option<Duration> {
    let mut buffer = vec![0; size];
    let sent = Instant::now();
    socket.send(&buffer).ok()?;
    socket.recv(&mut buffer).ok()?;
    Some(sent.elapsed())
}

fn echo(socket: &UdpSocket, count: usize) {
    let mut buffer = [0; 2000];
    for _ in 0..count {
        match socket.recv(&mut buffer) {
            Ok(length) => drop(socket.send(&buffer[..length])),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return,
            Err(_) => {}
        }
    }
}

/// The machine without openline, doing the least that one text needs: a write made durable at the left, a datagram, a
/// write made durable at the right, and a datagram back.
pub struct Bare {
    left: UdpSocket,
    log: Log,
    right: Option<JoinHandle<()>>,
    /// When the right side had it on disk.
    received: Receiver<Instant>,
    /// What each write, each way there and each way there and back took.
    pub times: Vec<BareTimes>,
}

/// What one bare exchange took.
#[derive(Clone, Copy, Debug)]
pub struct BareTimes {
    /// Until durable at the left.
    pub durable_write: Duration,
    /// Until durable at the right.
    pub there: Duration,
    /// Until the left side knew.
    pub known: Duration,
}

impl Bare {
    /// Makes the files and waits for datagrams at the right.
    ///
    /// # Errors
    /// The port is in use, or the disk can't be written.
    pub fn start(bed: &Bed, directory: &Path, patience: Duration) -> Result<Self> {
        let [left, right] = sockets(bed)?;
        left.set_read_timeout(Some(patience))?;
        let [ours, theirs] = ["left", "right"].map(|side| Log::new(directory, side));
        let (tell, received) = channel();
        let mut theirs = theirs?;
        let answer = move || {
            let mut buffer = [0; 2000];
            // An empty datagram ends it.
            while let Ok(length @ 1..) = right.recv(&mut buffer) {
                let done = theirs.append().and_then(|()| {
                    let _ = tell.send(Instant::now());
                    right.send(&buffer[..length])
                });
                if done.is_err() {
                    return;
                }
            }
        };
        Ok(Self {
            left,
            log: ours?,
            right: Some(std::thread::spawn(answer)),
            received,
            times: Vec::new(),
        })
    }

    /// Takes so many exchanges out of what went over the link.
    pub fn leave_out_of(&self, traffic: &mut Traffic, count: usize, size: usize) {
        for side in [&mut traffic.from_left, &mut traffic.from_right] {
            side.packets -= count as u64;
            side.bytes -= (count * (size + UDP_HEADERS)) as u64;
        }
    }

    /// Does it once, with a datagram of `size` bytes.
    ///
    /// # Errors
    /// The disk's; or nothing came back.
    pub fn exchange(&mut self, size: usize) -> Result<()> {
        let mut buffer = vec![1; size];
        let start = Instant::now();
        self.log.append()?;
        let durable_write = start.elapsed();
        self.left.send(&buffer)?;
        self.left.recv(&mut buffer).context("no answer")?;
        let known = start.elapsed();
        let there = self.received.recv()?.duration_since(start);
        self.times.push(BareTimes {
            durable_write,
            there,
            known,
        });
        Ok(())
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let ended = self.left.send(&[]).is_ok();
        if let Some(right) = self.right.take().filter(|_| ended) {
            let _ = right.join();
        }
    }
}

/// A file on the stations' disk that is appended to as SQLite appends to its log.
struct Log {
    file: File,
    pages: Vec<u8>,
}

impl Log {
    fn new(directory: &Path, side: &str) -> Result<Self> {
        Ok(Self {
            file: File::create(directory.join(format!("disk-probe-{side}")))?,
            pages: vec![0x5a; LOG_APPEND],
        })
    }

    fn append(&mut self) -> io::Result<()> {
        self.file.write_all(&self.pages)?;
        self.file.sync_data()
    }
}
