//! What a link's loss, delay and cuts do to the times at which a FLASH arrives and is known to have arrived. Bounds are
//! on virtual time, so they hold on any machine.

use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Moment, Route};
use openline_sim::disk::Disk;
use openline_sim::station::{LINE, Station, opened_line};
use openline_wire::codes::{Kind, Mark, Precedence};
use openline_wire::header::Actor;
use openline_wire::ids::BootId;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

const WAY: Route = Route { bearer: 0, path: 0 };

fn at(ms: u64) -> Moment {
    Moment {
        monotonic: ms,
        wall: 1_800_000_000_000 + ms,
    }
}

/// Two stations on a link that takes `delay` ms one way and loses frames.
struct Link {
    stations: [Station; 2],
    flying: Vec<(u64, usize, Vec<u8>)>,
    rng: ChaCha20Rng,
    delay: u64,
    loss_permille: u64,
    cut: bool,
    now: u64,
    frames: u64,
    bytes: u64,
}

impl Link {
    fn new(delay: u64, loss_permille: u64) -> Self {
        let (one, other) = opened_line(Cadences::default());
        let start = |node, boot: u8| {
            Station::start(node, Disk::default(), BootId([boot; 16]), [boot; 32], at(0))
        };
        let mut link = Self {
            stations: [start(&one, 1), start(&other, 2)],
            flying: Vec::new(),
            rng: ChaCha20Rng::seed_from_u64(7),
            delay,
            loss_permille,
            cut: false,
            now: 0,
            frames: 0,
            bytes: 0,
        };
        link.run(20_000);
        link
    }

    /// The machine dies and starts again on what is on its disk.
    fn restart(&mut self, which: usize, boot: u8) {
        let nodes = opened_line(Cadences::default());
        let node = if which == 0 { &nodes.0 } else { &nodes.1 };
        let disk = self.stations[which].disk.clone();
        let (id, seed) = (BootId([boot; 16]), [boot; 32]);
        self.stations[which] = Station::start(node, disk, id, seed, at(self.now));
    }

    fn run(&mut self, ms: u64) {
        let until = self.now + ms;
        while self.now < until {
            self.now += 1;
            self.step();
        }
    }

    fn step(&mut self) {
        let now = self.now;
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.flying)
            .into_iter()
            .partition(|(due, ..)| *due <= now);
        self.flying = later;
        for (_, to, bytes) in due {
            self.stations[to].handle(at(now), Input::Frame { route: WAY, bytes });
        }
        for from in 0..2 {
            let mut steps = u64::MAX;
            assert!(self.stations[from].pump(at(now), &mut steps));
            for (_, bytes) in std::mem::take(&mut self.stations[from].sent) {
                self.frames += 1;
                self.bytes += bytes.len() as u64 + 28;
                let lost = u64::from(self.rng.next_u32()) % 1000 < self.loss_permille;
                if !lost && !self.cut {
                    self.flying.push((now + self.delay, 1 - from, bytes));
                }
            }
        }
    }

    fn say(&mut self, ticket: u64, precedence: Precedence) {
        let text = "The convoy of four lorries passes the northern bridge at half past six, without escort.";
        let command = Command::Say {
            language: "en".into(),
            text: text.into(),
            precedence,
            mark: Mark::Real,
            reply_to: None,
        };
        let input = Input::Command {
            ticket,
            line: LINE,
            actor: Actor::station(),
            command,
        };
        self.stations[0].handle(at(self.now), input);
    }

    fn received(&self) -> usize {
        let is_message = |event: &&Event| matches!(event, Event::Stored(stored) if stored.entry.header().kind == Kind::Message);
        self.stations[1].told.iter().filter(is_message).count()
    }

    fn known(&self) -> u64 {
        self.stations[0]
            .status(at(self.now))
            .map_or(u64::MAX, |status| status.unconfirmed)
    }

    /// Milliseconds until received and until known, one message at a time.
    fn times(&mut self, count: u64, precedence: Precedence) -> (Vec<u64>, Vec<u64>) {
        let (mut received, mut known) = (Vec::new(), Vec::new());
        for ticket in 0..count {
            let (before, from) = (self.received(), self.now);
            self.say(ticket, precedence);
            let mut first = None;
            while first.is_none() || self.known() > 0 {
                self.now += 1;
                self.step();
                if first.is_none() && self.received() > before {
                    first = Some(self.now - from);
                }
                assert!(
                    self.now < from + 60_000,
                    "a message took more than a minute"
                );
            }
            received.extend(first);
            known.push(self.now - from);
            self.run(300);
        }
        received.sort_unstable();
        known.sort_unstable();
        (received, known)
    }
}

fn p(sorted: &[u64], percent: usize) -> u64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

/// OL-431
#[test]
fn a_flash_on_a_link_that_loses_three_in_ten_arrives_within_twice_the_limit() {
    let mut link = Link::new(100, 300);
    link.times(10, Precedence::Flash);
    let (received, known) = link.times(200, Precedence::Flash);
    println!(
        "received {} {} known {} {}",
        p(&received, 50),
        p(&received, 95),
        p(&known, 50),
        p(&known, 95)
    );
    assert!(p(&received, 50) <= 105 && p(&received, 95) <= 200);
    assert!(p(&known, 50) <= 210 && p(&known, 95) <= 450);
}

/// OL-411 OL-425
#[test]
fn a_routine_message_on_a_good_link_costs_two_small_frames() {
    let mut link = Link::new(50, 10);
    link.times(10, Precedence::Routine);
    let (frames, bytes) = (link.frames, link.bytes);
    let (received, known) = link.times(200, Precedence::Routine);
    println!(
        "received {} {} known {} {}",
        p(&received, 50),
        p(&received, 95),
        p(&known, 50),
        p(&known, 95)
    );
    println!(
        "{} frames, {} bytes a message",
        (link.frames - frames) as f64 / 200.0,
        (link.bytes - bytes) / 200
    );
    assert!(p(&received, 95) <= 58 && p(&known, 95) <= 115);
    assert!((link.bytes - bytes) / 200 <= 420);
}

/// OL-432 OL-433
#[test]
fn after_a_cut_of_thirty_seconds_what_was_queued_arrives_at_once() {
    let mut link = Link::new(50, 10);
    link.cut = true;
    for ticket in 0..30 {
        link.say(ticket, Precedence::Routine);
        link.run(1_000);
    }
    link.cut = false;
    let from = link.now;
    while link.received() == 0 {
        link.run(1);
    }
    println!("first {} ms", link.now - from);
    assert!(link.now - from <= 500);
    link.run(3_000);
    assert_eq!((link.received(), link.known()), (30, 0));
}

/// OL-413 OL-432: what was queued before a crash is fetched from the disk, more than any window holds.
#[test]
fn a_long_queue_survives_a_crash_and_is_delivered() {
    let mut link = Link::new(5, 0);
    link.cut = true;
    for ticket in 0..700 {
        link.say(ticket, Precedence::Routine);
        link.run(1);
    }
    link.restart(0, 3);
    link.cut = false;
    link.run(20_000);
    assert_eq!((link.received(), link.known()), (700, 0));
}

/// OL-413 OL-432: the same on a link that loses one frame in five, with crashes in the middle of it.
#[test]
fn crashes_under_load_on_a_bad_link_lose_nothing() {
    let mut link = Link::new(5, 200);
    for boot in 3..6 {
        for ticket in 0..200 {
            link.say(ticket, Precedence::Routine);
        }
        link.run(40);
        link.restart(0, boot);
        link.run(100);
    }
    link.run(60_000);
    assert_eq!(link.known(), 0);
    assert_eq!(link.received(), 600);
}
