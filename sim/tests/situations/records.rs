//! What the core writes and holds, the offline verifier finds sound, and it reports a restored disk.

use std::collections::BTreeMap;

use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Input, Moment, Route};
use openline_record::report::Report;
use openline_record::verify::Verifier;
use openline_sim::disk::Disk;
use openline_sim::station::{LINE, Node, Station, opened_line};
use openline_wire::codes::{Mark, Precedence, Stream};
use openline_wire::header::{Actor, Chain, Head};
use openline_wire::ids::BootId;

const WAY: Route = Route { bearer: 0, path: 0 };

/// A world of two stations and a wire of 5 ms.
struct World {
    nodes: [Node; 2],
    stations: [Station; 2],
    now: u64,
    boots: u8,
}

fn at(ms: u64) -> Moment {
    Moment {
        monotonic: ms,
        wall: 1_800_000_000_000 + ms,
    }
}

impl World {
    fn new() -> Self {
        let (washington, moscow) = opened_line(Cadences::default());
        let start = |node, boot| boot_on(node, Disk::default(), boot, 0);
        let stations = [start(&washington, 1), start(&moscow, 2)];
        Self {
            stations,
            nodes: [washington, moscow],
            now: 0,
            boots: 2,
        }
    }

    fn run(&mut self, ms: u64) {
        let mut flying: Vec<(u64, usize, Vec<u8>)> = Vec::new();
        for now in self.now..self.now + ms {
            let (due, later): (Vec<_>, Vec<_>) =
                flying.into_iter().partition(|(due, ..)| *due <= now);
            flying = later;
            for (_, to, bytes) in due {
                self.stations[to].handle(at(now), Input::Frame { route: WAY, bytes });
            }
            for to in 0..2 {
                let station = &mut self.stations[1 - to];
                assert!(station.pump(at(now), &mut u64::MAX.clone()));
                let sent = std::mem::take(&mut station.sent);
                flying.extend(sent.into_iter().map(|(_, bytes)| (now + 5, to, bytes)));
            }
        }
        self.now += ms;
    }

    fn say(&mut self, who: usize, precedence: Precedence, text: &str) {
        let command = Command::Say {
            language: "en".into(),
            text: text.into(),
            precedence,
            mark: Mark::Real,
            reply_to: None,
            files: Vec::new(),
        };
        let input = Input::Command {
            ticket: self.now,
            line: LINE,
            actor: Actor::station(),
            command,
        };
        self.stations[who].handle(at(self.now), input);
    }

    /// A talk in which each stream of each side grows.
    fn talk(&mut self) {
        for round in 0..4 {
            for who in 0..2 {
                self.say(who, Precedence::Flash, &format!("Urgent {round}"));
                self.say(who, Precedence::Routine, &format!("Not urgent {round}"));
                self.run(40);
            }
        }
        self.run(500);
    }

    /// Starts a station again, on a disk.
    fn restart(&mut self, who: usize, disk: Disk) {
        self.boots += 1;
        self.stations[who] = boot_on(&self.nodes[who], disk, self.boots, self.now);
        self.run(2_000);
    }

    /// What a verifier says of the disk of one side.
    fn verify(&self, who: usize) -> Report {
        let mut verifier = Verifier::new(LINE, self.nodes[who].nodes.clone());
        for stored in self.stations[who].disk.entries() {
            let pushed = verifier.push(stored.entry.as_signed().clone());
            assert!(pushed.is_ok(), "{pushed:?}");
        }
        verifier.finish()
    }
}

fn boot_on(node: &Node, disk: Disk, boot: u8, now: u64) -> Station {
    Station::start(node, disk, BootId([boot; 16]), [boot; 32], at(now))
}

#[test]
fn both_records_are_sound_and_equal_after_talks_and_restarts() {
    let mut world = World::new();
    world.run(2_000);
    world.talk();
    for who in [0, 1, 0] {
        let disk = world.stations[who].disk.clone();
        world.restart(who, disk);
        world.talk();
    }
    let reports = [world.verify(0), world.verify(1)];
    for report in &reports {
        assert_eq!(report.findings.kept(), []);
        assert_eq!((report.divergences.len(), report.missing.len()), (0, 0));
        assert!(report.counts.entries() > 60, "{:?}", report.counts);
    }
    assert_eq!(reports[0].digest(), reports[1].digest());
}

#[test]
fn a_station_restored_from_a_backup_is_reported_by_both_records() {
    let mut world = World::new();
    world.run(2_000);
    world.talk();
    let backup = world.stations[1].disk.clone();
    world.talk();
    world.restart(1, backup);
    world.talk();
    for who in 0..2 {
        let report = world.verify(who);
        assert_eq!(report.findings.kept(), []);
        let starts: Vec<_> = report
            .divergences
            .iter()
            .map(|d| d.start.chain.author.boot)
            .collect();
        assert!(
            !starts.is_empty() && starts.iter().all(|boot| *boot == BootId([3; 16])),
            "{starts:?}"
        );
    }
}

/// OL-306: what the urgent stream has said behind the start, another stream's first entry says again: it
/// counts from the start alone.
#[test]
fn the_first_routine_text_says_all_that_moved_since_the_start() {
    let mut world = World::new();
    world.run(2_000);
    world.talk();
    let disk = world.stations[0].disk.clone();
    world.restart(0, disk);
    world.say(1, Precedence::Flash, "Are you back?");
    world.run(100);
    world.say(0, Precedence::Flash, "We are.");
    world.run(100);
    world.say(0, Precedence::Routine, "All is well.");
    world.run(500);
    let entries: Vec<_> = world.stations[0]
        .disk
        .entries()
        .map(|s| s.entry.clone())
        .collect();
    let mut compared = 0;
    for first in entries.iter().filter(|e| e.header().sequence == 0) {
        let own = first.header().chain();
        let sizes = |heads: &[Head]| {
            heads
                .iter()
                .map(|h| (h.chain, h.size))
                .collect::<BTreeMap<_, _>>()
        };
        let said = sizes(&first.header().heads);
        let urgent = Chain {
            stream: Stream::Urgent,
            ..own
        };
        let Some(cited) = said.get(&urgent) else {
            continue;
        };
        // Own chains apart, every head that the urgent stream has named up to the one cited.
        let before = entries.iter().filter(|e| e.header().chain() == urgent);
        let before = before.filter(|e| (1..*cited).contains(&e.header().sequence));
        for head in before.flat_map(|e| e.header().heads.clone()) {
            compared += 1;
            assert!(
                said.get(&head.chain) >= Some(&head.size),
                "{own:?} left out {head:?}"
            );
        }
    }
    assert!(compared > 0, "nothing was compared");
}
