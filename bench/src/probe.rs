//! What the machine and the link can do without openline: a datagram there and back, and a write made durable.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::net::UdpSocket;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::bed::{ADDRESSES, Bed};

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

/// A file on the stations' disk that is appended to as SQLite appends to its log.
pub struct DiskProbe {
    file: File,
    page: Vec<u8>,
    /// What each append took until it was durable.
    pub times: Vec<Duration>,
}

impl DiskProbe {
    /// Makes the file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn new(directory: &Path) -> Result<Self> {
        let file = File::create(directory.join("disk-probe"))?;
        Ok(Self {
            file,
            page: vec![0x5a; LOG_APPEND],
            times: Vec::new(),
        })
    }

    /// One append and one fdatasync.
    ///
    /// # Errors
    /// The disk's.
    pub fn append(&mut self) -> Result<()> {
        let start = Instant::now();
        self.file.write_all(&self.page)?;
        self.file.sync_data()?;
        self.times.push(start.elapsed());
        Ok(())
    }
}
