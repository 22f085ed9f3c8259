//! Two bearers of one kind with a wire between them, used as a station uses them.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use openline_net::{Bearer, PathId, SerialAddress, SerialBearer, UdpBearer, framing};
use openline_wire::haste::Haste;
use rustix::event::{PollFd, Timespec, poll};
use tempfile::TempDir;

use super::cable::Cable;
use super::faults::Fault;
use super::relay::Relay;

/// No test waits longer for anything: far beyond what a busy machine needs, so it only ends what hangs.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Two bearers and what is between them.
pub struct Link {
    pub near: Bearer,
    pub far: Bearer,
    /// From the near one to the far one.
    pub path: PathId,
    wire: Wire,
    _folder: Option<TempDir>,
}

enum Wire {
    Relay(Relay),
    Cable(Cable),
}

/// What the far side has heard.
#[derive(Debug, Default)]
pub struct Heard {
    pub frames: Vec<Vec<u8>>,
    /// The way that the last came on.
    pub path: PathId,
}

/// A tty at a rate.
pub fn tty(path: PathBuf, rate: u32) -> SerialAddress {
    let url = format!("serial://{}?rate={rate}", path.display());
    SerialAddress::parse(&url).unwrap()
}

/// A frame of a length, with a number to know it by.
pub fn frame(number: u8, length: usize) -> Vec<u8> {
    let mut frame: Vec<u8> = (0..length).map(|n| (n % 5) as u8).collect();
    frame[0] = number;
    frame
}

impl Link {
    pub fn udp() -> Self {
        let bind = || UdpBearer::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let (near, far) = (bind(), bind());
        let relay = Relay::before(far.address());
        Self {
            path: near.path_to(relay.address).unwrap(),
            near: Bearer::Udp(near),
            far: Bearer::Udp(far),
            wire: Wire::Relay(relay),
            _folder: None,
        }
    }

    pub fn serial() -> Self {
        Self::serial_at(115_200)
    }

    pub fn serial_at(rate: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cable = Cable::new(folder.path(), rate);
        let open = |end| SerialBearer::open(tty(cable.tty(end).to_owned(), rate)).unwrap();
        let (near, far) = (open(0), open(1));
        Self {
            path: near.path(),
            near: Bearer::Serial(near),
            far: Bearer::Serial(far),
            wire: Wire::Cable(cable),
            _folder: Some(folder),
        }
    }

    pub fn cable(&self) -> &Cable {
        match &self.wire {
            Wire::Cable(cable) => cable,
            Wire::Relay(_) => panic!("no cable"),
        }
    }

    /// Whether the bearer notices what was changed on the way; else that is the seal's part.
    pub fn notices_damage(&self) -> bool {
        matches!(self.wire, Wire::Cable(_))
    }

    pub fn set(&self, fault: Fault) {
        match &self.wire {
            Wire::Relay(relay) => relay.set(fault),
            Wire::Cable(cable) => cable.set(fault),
        }
    }

    /// Lets the near side work until so many frames have come to the wire.
    pub fn until_seen(&self, count: usize) {
        let seen = || match &self.wire {
            Wire::Relay(relay) => relay.seen(),
            Wire::Cable(cable) => cable.seen(0),
        };
        let end = Instant::now() + PATIENCE;
        while seen() < count {
            assert!(Instant::now() < end, "only {} of {count}", seen());
            self.near.tend();
            sleep_at(&[&self.near]);
        }
    }

    /// Bytes that reach the far side and nobody sent.
    pub fn inject(&self, bytes: &[u8]) {
        match &self.wire {
            Wire::Relay(relay) => relay.inject(bytes),
            Wire::Cable(cable) => cable.inject(1, bytes),
        }
    }

    /// Bytes as they go over this wire for one frame.
    pub fn on_the_wire(&self, frame: &[u8]) -> Vec<u8> {
        match &self.wire {
            Wire::Relay(_) => frame.to_vec(),
            Wire::Cable(_) => framing::encode(frame),
        }
    }

    pub fn send(&self, frame: &[u8]) {
        self.near.send(self.path, frame, Haste::Text);
    }

    /// Lets both work until it is so, and tells what the far side heard meanwhile.
    pub fn until(&self, is_so: impl Fn(&Heard) -> bool) -> Heard {
        let mut heard = Heard::default();
        let end = Instant::now() + PATIENCE;
        while !is_so(&heard) {
            assert!(Instant::now() < end, "not so: {heard:?}");
            self.work(&mut heard);
        }
        heard
    }

    /// What the far side hears up to a frame that is sent now, without that one.
    pub fn heard_before_the_next(&self) -> Vec<Vec<u8>> {
        let last = frame(0xee, 32);
        self.send(&last);
        let mut heard = self.until(|heard| heard.frames.last() == Some(&last));
        heard.frames.pop();
        heard.frames
    }

    fn work(&self, heard: &mut Heard) {
        for bearer in [&self.near, &self.far] {
            bearer.tend();
        }
        sleep_at(&[&self.near, &self.far]);
        let take = |path, bytes: &[u8]| {
            heard.frames.push(bytes.to_vec());
            heard.path = path;
        };
        self.far.receive(1, take).unwrap();
    }
}

/// Lets two call each other at once and send until each has heard the other often, and on one way, whoever called.
pub fn hear_each_other(both: &[Bearer; 2], paths: [PathId; 2]) {
    let mut heard = [0, 0];
    let end = Instant::now() + PATIENCE;
    let mut next = Instant::now();
    while heard.iter().any(|count| *count < 20) {
        assert!(Instant::now() < end, "{heard:?}");
        if Instant::now() >= next {
            both.iter()
                .zip(paths)
                .for_each(|(it, path)| it.send(path, &frame(1, 60), Haste::Text));
            next = Instant::now() + Duration::from_millis(20);
        }
        both.iter().for_each(|bearer| {
            bearer.tend();
        });
        sleep_at(&[&both[0], &both[1]]);
        for ((bearer, path), count) in both.iter().zip(paths).zip(&mut heard) {
            let take = |from: PathId, _: &[u8]| {
                assert_eq!(from, path);
                *count += 1;
            };
            bearer.receive(64, take).unwrap();
        }
    }
}

/// Sleeps until there is something to do at one of them, at most a while.
pub fn sleep_at(bearers: &[&Bearer]) {
    let waits: Vec<_> = bearers.iter().map(|bearer| bearer.wait()).collect();
    let mut sources: Vec<PollFd<'_>> = waits.iter().filter_map(|wait| wait.source()).collect();
    let times = waits.iter().filter_map(|wait| wait.time());
    let first = times.map(|time| time.saturating_duration_since(Instant::now()));
    let wait = first.min().unwrap_or(LONGEST).min(LONGEST);
    poll(&mut sources, Some(&Timespec::try_from(wait).unwrap())).unwrap();
}

/// What is looked at from outside changes without a descriptor that says so.
const LONGEST: Duration = Duration::from_millis(20);
