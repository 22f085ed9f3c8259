//! A cable between two ttys: two pseudo-terminals, and a thread that carries what is written to one to whoever reads at
//! the other, no faster than the rate.

use std::fs;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use super::faults::{Fault, Passage};

/// How often the thread looks.
const LOOK: Duration = Duration::from_millis(2);

/// Line time that may be made up for after a pause of the thread.
const MADE_UP: Duration = Duration::from_millis(20);

/// The two ends, by number.
pub const ENDS: [usize; 2] = [0, 1];

/// A cable. Its ends are names in a folder, as those of an adapter that may be plugged in anew.
pub struct Cable {
    names: [PathBuf; 2],
    inside: Arc<Mutex<Inside>>,
    thread: Option<JoinHandle<()>>,
}

struct Inside {
    plugs: [Option<Plug>; 2],
    ways: [Way; 2],
    stops: bool,
}

/// A tty that is plugged in: the machine's side of it, and our hold on it, so that it keeps its modes.
struct Plug {
    master: OwnedFd,
    _tty: OwnedFd,
}

/// From one end to the other.
struct Way {
    byte: Duration,
    free_at: Instant,
    piece: Vec<u8>,
    passage: Passage,
}

impl Cable {
    /// A cable that carries so many bits a second, plugged in at both ends.
    pub fn new(folder: &Path, rate: u32) -> Self {
        let names = ["here", "there"].map(|name| folder.join(name));
        let way = || Way {
            byte: Duration::from_secs(10) / rate,
            free_at: Instant::now(),
            piece: Vec::new(),
            passage: Passage::default(),
        };
        let plugs = names.each_ref().map(|name| Some(Plug::at(name)));
        let inside = Inside {
            plugs,
            ways: [way(), way()],
            stops: false,
        };
        let inside = Arc::new(Mutex::new(inside));
        let own = Arc::clone(&inside);
        let thread = std::thread::spawn(move || {
            while carry(&own) {
                std::thread::sleep(LOOK);
            }
        });
        Self {
            names,
            inside,
            thread: Some(thread),
        }
    }

    /// The tty at an end.
    pub fn tty(&self, end: usize) -> &Path {
        &self.names[end]
    }

    /// What happens from now on, in both directions.
    pub fn set(&self, fault: Fault) {
        let mut inside = self.inside();
        for way in &mut inside.ways {
            way.passage.fault = fault;
        }
    }

    /// How many pieces were written to an end.
    pub fn seen(&self, end: usize) -> usize {
        self.inside().ways[end].passage.seen
    }

    /// Pulls the adapter at an end out of its machine.
    pub fn unplug(&self, end: usize) {
        self.inside().plugs[end] = None;
        fs::remove_file(&self.names[end]).unwrap();
    }

    /// Plugs one in again, under the same name.
    pub fn plug_in(&self, end: usize) {
        self.inside().plugs[end] = Some(Plug::at(&self.names[end]));
    }

    /// What whoever reads at an end hears, and nobody wrote.
    pub fn inject(&self, end: usize, bytes: &[u8]) {
        let inside = self.inside();
        write(&inside.plugs[end], bytes);
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.inside().stops = true;
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

impl Plug {
    fn at(name: &Path) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let master = openpt(flags).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let path = ptsname(&master, Vec::new()).unwrap();
        let path = path.to_str().unwrap();
        let tty_flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let tty = rustix::fs::open(path, tty_flags, Mode::empty()).unwrap();
        // A cable does not echo before somebody has opened the other end.
        let mut modes = tcgetattr(&tty).unwrap();
        modes.make_raw();
        tcsetattr(&tty, OptionalActions::Now, &modes).unwrap();
        rustix::io::ioctl_fionbio(&master, true).unwrap();
        std::os::unix::fs::symlink(path, name).unwrap();
        Self { master, _tty: tty }
    }
}

/// Carries what may be carried now; `false` at the end.
fn carry(inside: &Mutex<Inside>) -> bool {
    let mut inside = inside.lock().unwrap();
    let inside = &mut *inside;
    let now = Instant::now();
    for from in ENDS {
        let way = &mut inside.ways[from];
        if let Some(plug) = &inside.plugs[from] {
            way.read(plug, now);
        }
        while let Some(piece) = way.passage.leave(now) {
            write(&inside.plugs[1 - from], &piece);
        }
    }
    !inside.stops
}

fn write(plug: &Option<Plug>, bytes: &[u8]) {
    if let Some(plug) = plug {
        // What a tty has no room for is lost, as on a real one.
        let _ = rustix::io::write(&plug.master, bytes);
    }
}

impl Way {
    fn read(&mut self, plug: &Plug, now: Instant) {
        let since = now.saturating_duration_since(self.free_at).min(MADE_UP);
        let room = usize::try_from(since.as_nanos() / self.byte.as_nanos()).unwrap();
        let mut buffer = [0; 4_096];
        let room = room.min(buffer.len());
        if room == 0 {
            return;
        }
        let length = rustix::io::read(&plug.master, &mut buffer[..room]).unwrap_or(0);
        // The rest of the time is made up for only while there is more to carry.
        self.free_at = match length == room {
            true => now - since + self.byte * u32::try_from(length).unwrap(),
            false => now,
        };
        for byte in &buffer[..length] {
            self.piece.push(*byte);
            if *byte == 0 {
                let piece = std::mem::take(&mut self.piece);
                // A 0x00 alone is a pause.
                if piece.len() > 1 {
                    self.passage.enter([vec![0], piece].concat(), now);
                }
            }
        }
    }
}
