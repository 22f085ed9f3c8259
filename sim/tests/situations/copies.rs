//! A node and a copy of it that run at one time, beside one peer: who is told, what still arrives, and when it is over.
//! And what an announced silence explains.

use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Moment, Route};
use openline_proto::verdict::{Shortcoming, Status, Verdict};
use openline_sim::disk::Disk;
use openline_sim::node::Node;
use openline_sim::station::{Begin, Station, opened_line};
use openline_wire::codes::{Kind, Mark, Precedence, SilenceReason};
use openline_wire::ids::BootId;

/// The peer.
const PARIS: usize = 0;
/// The node.
const QUITO: usize = 1;
/// The copy of it.
const COPY: usize = 2;

const DELAY_MS: u64 = 20;
const DAY_MS: i64 = 86_400_000;

struct Trio {
    nodes: [Node; 2],
    stations: [Option<Station>; 3],
    disks: [Disk; 3],
    began: [u64; 3],
    /// Wall clock less the right one.
    skew: [i64; 3],
    flying: Vec<(u64, usize, usize, Vec<u8>)>,
    cut: bool,
    now: u64,
    boots: u8,
}

impl Trio {
    /// Paris and Quito have talked for a while.
    fn open() -> Self {
        let (one, other) = opened_line(Cadences::default());
        let mut trio = Self {
            nodes: [one, other],
            stations: [None, None, None],
            disks: Default::default(),
            began: [0; 3],
            skew: [0; 3],
            flying: Vec::new(),
            cut: false,
            now: 0,
            boots: 0,
        };
        trio.start(PARIS, false);
        trio.start(QUITO, false);
        trio.run(20_000);
        trio
    }

    fn moment(&self, at: usize) -> Moment {
        let right = 1_800_000_000_000 + self.now;
        Moment {
            monotonic: self.now - self.began[at],
            wall: right.saturating_add_signed(self.skew[at]),
        }
    }

    fn start(&mut self, at: usize, asks_for_generation: bool) {
        self.boots += 1;
        self.began[at] = self.now;
        let paths: &[usize] = if at == PARIS { &[QUITO] } else { &[PARIS] };
        let ways = paths.iter().map(|&to| way(to));
        let begin = Begin {
            boot: BootId([self.boots; 16]),
            sealing_boot: BootId([self.boots; 16]),
            seed: [self.boots; 32],
            hints: ways.collect(),
            asks_for_generation,
        };
        let node = &self.nodes[at.min(QUITO)];
        let disk = std::mem::take(&mut self.disks[at]);
        let station = Station::begin(node, disk, &begin, self.moment(at));
        self.stations[at] = Some(station);
    }

    fn stop(&mut self, at: usize) {
        self.disks[at] = self.stations[at].take().expect("it runs").disk;
    }

    fn run(&mut self, ms: u64) {
        for _ in 0..ms {
            self.now += 1;
            self.step();
        }
    }

    fn step(&mut self) {
        let now = self.now;
        let flying = std::mem::take(&mut self.flying).into_iter();
        let (due, later) = flying.partition(|(due, ..)| *due <= now);
        self.flying = later;
        let due: Vec<(u64, usize, usize, Vec<u8>)> = due;
        for (_, from, to, bytes) in due {
            let (moment, route) = (self.moment(to), way(from));
            if let Some(station) = &mut self.stations[to] {
                station.handle(moment, Input::Frame { route, bytes });
            }
        }
        for at in 0..3 {
            let moment = self.moment(at);
            let Some(station) = &mut self.stations[at] else {
                continue;
            };
            assert!(station.pump(moment, &mut u64::MAX.clone()));
            let sent = std::mem::take(&mut station.sent).into_iter();
            let sent = sent.filter(|_| !self.cut);
            let flies =
                |(route, bytes): (Route, Vec<u8>)| (now + DELAY_MS, at, route.path as usize, bytes);
            self.flying.extend(sent.map(flies));
        }
    }

    fn command(&mut self, at: usize, command: Command) {
        let moment = self.moment(at);
        let station = self.stations[at].as_mut().expect("it runs");
        station.command(moment, 1, command);
    }

    fn say(&mut self, at: usize, text: &str, precedence: Precedence) {
        let command = Command::Say {
            language: "en".into(),
            text: text.into(),
            precedence,
            mark: Mark::Real,
            reply_to: None,
            files: Vec::new(),
        };
        self.command(at, command);
    }

    fn announce(&mut self, at: usize, for_ms: u64, reason: SilenceReason) {
        let command = Command::AnnounceSilence {
            for_ms,
            reason,
            text: String::new(),
            language: "en".into(),
        };
        self.command(at, command);
    }

    fn status(&self, at: usize) -> Status {
        let station = self.stations[at].as_ref().expect("it runs");
        station.status(self.moment(at)).expect("the line")
    }

    fn told(&self, at: usize) -> &[Event] {
        &self.stations[at].as_ref().expect("it runs").told
    }

    fn messages(&self, at: usize) -> usize {
        let is_message = |event: &&Event| matches!(event, Event::Stored(stored) if stored.entry.header().kind == Kind::Message);
        self.told(at).iter().filter(is_message).count()
    }
}

fn way(to: usize) -> Route {
    Route {
        bearer: 0,
        path: to as u32,
    }
}

fn is_clone(event: &Event) -> bool {
    matches!(event, Event::Cloned { .. })
}

/// OL-437 OL-443
#[test]
fn a_copy_runs_beside_its_original_and_all_three_are_told_until_it_stops() {
    let mut trio = Trio::open();
    trio.disks[COPY] = trio.stations[QUITO].as_ref().expect("it runs").disk.clone();
    trio.start(COPY, false);
    trio.run(5_000);
    trio.say(QUITO, "The original speaks.", Precedence::Flash);
    trio.say(COPY, "The copy speaks.", Precedence::Flash);
    trio.run(20_000);
    for at in [PARIS, QUITO, COPY] {
        assert!(trio.told(at).iter().any(is_clone), "{at} was not told");
    }
    let here = [Shortcoming::ClonedHere];
    assert_eq!(trio.status(PARIS).shortcomings, [Shortcoming::Cloned]);
    assert_eq!(trio.status(QUITO).shortcomings, here);
    assert_eq!(trio.status(COPY).shortcomings, here);
    trio.stop(COPY);
    trio.run(30_000);
    // What went to the copy is no loss of the line to the original.
    assert_eq!(trio.status(PARIS).shortcomings, []);
    assert_eq!(trio.status(PARIS).verdict, Verdict::Open);
}

/// OL-175: two homes restored from one backup run at once. Whose request is accepted has time to be echoed, and then the other is the copy:
/// they don't ask in turns until the tapes of a home that has slept meanwhile are out of reach.
#[test]
fn two_copies_that_both_ask_for_keys_do_not_use_the_tapes_up() {
    let mut trio = Trio::open();
    trio.stop(QUITO);
    let slept = trio.disks[QUITO].clone();
    let backup = slept.backup();
    (trio.disks[QUITO], trio.disks[COPY]) = (backup.clone(), backup);
    trio.start(QUITO, true);
    trio.run(10);
    trio.start(COPY, true);
    trio.run(120_000);
    let generation = trio.status(PARIS).generation;
    assert!(generation <= 2, "generation {generation}");
    assert_eq!(trio.status(PARIS).verdict, Verdict::Open);
    trio.stop(QUITO);
    trio.stop(COPY);
    trio.disks[QUITO] = slept;
    trio.start(QUITO, true);
    trio.run(60_000);
    assert_eq!(trio.status(PARIS).verdict, Verdict::Open);
    assert_eq!(trio.status(QUITO).verdict, Verdict::Open);
}

/// OL-413 OL-443: neither of two boots that are alive waits for what the other one has.
#[test]
fn what_is_said_to_a_node_reaches_its_original_and_its_copy() {
    let mut trio = Trio::open();
    trio.disks[COPY] = trio.stations[QUITO].as_ref().expect("it runs").disk.clone();
    trio.start(COPY, false);
    trio.run(5_000);
    for n in 1..=40 {
        let precedence = [Precedence::Routine, Precedence::Flash][n % 2];
        trio.say(PARIS, &format!("text {n}."), precedence);
        trio.run(1_700);
        let held = [QUITO, COPY].map(|at| trio.messages(at));
        assert!(held.into_iter().all(|held| held + 1 >= n), "{n}: {held:?}");
    }
    trio.run(6_000);
    assert_eq!([QUITO, COPY].map(|at| trio.messages(at)), [40, 40]);
}

/// OL-314 OL-451
#[test]
fn a_restart_that_was_announced_is_over_when_the_station_is_back() {
    let mut trio = Trio::open();
    trio.announce(QUITO, 3_600_000, SilenceReason::Restart);
    trio.run(1_000);
    trio.stop(QUITO);
    trio.run(20_000);
    assert_eq!(trio.status(PARIS).verdict, Verdict::AnnouncedSilence);
    trio.start(QUITO, false);
    trio.run(5_000);
    assert_eq!(trio.status(PARIS).verdict, Verdict::Open);
    trio.stop(QUITO);
    trio.run(20_000);
    assert_eq!(trio.status(PARIS).verdict, Verdict::NoSignOfLife);
}

/// OL-451
#[test]
fn right_after_a_start_nothing_follows_from_hearing_nobody_yet() {
    let mut trio = Trio::open();
    trio.stop(QUITO);
    trio.stop(PARIS);
    trio.run(60_000);
    trio.start(PARIS, false);
    assert_eq!(trio.status(PARIS).verdict, Verdict::NotHeardYet);
    trio.run(14_900);
    assert_eq!(trio.status(PARIS).verdict, Verdict::NotHeardYet);
    trio.run(200);
    let status = trio.status(PARIS);
    assert_eq!(status.verdict, Verdict::NoSignOfLife);
    assert_eq!(status.alive_as_of, None);
    let told = trio.told(PARIS).iter().rev().find_map(|event| match event {
        Event::Status { status, .. } => Some(status.verdict),
        _ => None,
    });
    assert_eq!(told, Some(Verdict::NoSignOfLife), "without being asked");
    trio.start(QUITO, false);
    trio.run(5_000);
    assert_eq!(trio.status(PARIS).verdict, Verdict::Open);
}

/// OL-451
#[test]
fn who_announces_again_means_what_he_says_last() {
    let mut trio = Trio::open();
    trio.announce(QUITO, 48 * 3_600_000, SilenceReason::Other);
    trio.run(1_000);
    trio.announce(QUITO, 2_000, SilenceReason::Other);
    trio.run(5_000);
    trio.stop(QUITO);
    trio.run(20_000);
    assert_eq!(trio.status(PARIS).verdict, Verdict::NoSignOfLife);
    trio.start(QUITO, false);
    trio.run(5_000);
    trio.announce(QUITO, 48 * 3_600_000, SilenceReason::Other);
    trio.run(1_000);
    trio.stop(QUITO);
    trio.start(QUITO, false);
    trio.run(5_000);
    trio.announce(QUITO, 2_000, SilenceReason::Other);
    trio.run(5_000);
    trio.stop(QUITO);
    trio.run(20_000);
    assert_eq!(trio.status(PARIS).verdict, Verdict::NoSignOfLife);
}

/// OL-314 OL-452
#[test]
fn a_silence_lasts_as_long_as_was_announced_whatever_the_clocks_say() {
    for skew in [DAY_MS, -DAY_MS] {
        let mut trio = Trio::open();
        trio.skew[QUITO] = skew;
        trio.announce(QUITO, 60_000, SilenceReason::Maintenance);
        trio.run(1_000);
        trio.skew[QUITO] = 0;
        trio.run(6_000);
        trio.stop(QUITO);
        trio.run(20_000);
        assert_eq!(trio.status(PARIS).verdict, Verdict::AnnouncedSilence);
        trio.stop(PARIS);
        trio.start(PARIS, false);
        trio.run(5_000);
        assert_eq!(trio.status(PARIS).verdict, Verdict::AnnouncedSilence);
        trio.run(40_000);
        assert_eq!(trio.status(PARIS).verdict, Verdict::NoSignOfLife);
    }
}
