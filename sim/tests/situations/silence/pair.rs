//! Two stations with two ways between them, on a virtual clock: ways can be cut, stations switched off, clocks wrong, and what was sent
//! can be played back.

use openline_proto::alarm::cause::Cause;
use openline_proto::alarm::machine::State;
use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Moment, Route};
use openline_proto::ring::held::Standing;
use openline_proto::verdict::{Status, WayState};
use openline_sim::disk::Disk;
use openline_sim::station::{Begin, LINE, Node, Station, opened_line};
use openline_wire::codes::{Answer, Attestation, Mark, Mode, Precedence};
use openline_wire::fact::Ring;
use openline_wire::header::Actor;
use openline_wire::ids::{BootId, EntryId};
use openline_wire::office::{OfficeId, OfficeRef};

pub const WASHINGTON: usize = 0;
pub const MOSCOW: usize = 1;

/// One way, in milliseconds.
const DELAY: u64 = 20;

/// Frames kept to be played back.
const RECORDED: usize = 2_000;

pub struct Pair {
    stations: [Station; 2],
    flying: Vec<(u64, usize, Route, Vec<u8>)>,
    /// What each station sent.
    recorded: [Vec<(Route, Vec<u8>)>; 2],
    now: u64,
    tickets: u64,
    /// Whether a way carries nothing.
    pub is_cut: [bool; 2],
    /// A way that carries nothing from this station, and all to it.
    pub is_deaf_from: Option<(usize, usize)>,
    /// Frames sent on each way, and their bytes with the headers of IP and UDP.
    pub sent: [(u64, u64); 2],
    /// Whether a station is switched off.
    pub is_down: [bool; 2],
    /// By how much a wall clock is wrong, in milliseconds.
    pub clock_error: [i64; 2],
}

fn way(path: u32) -> Route {
    Route { bearer: 0, path }
}

impl Pair {
    /// A line that has been open for a while.
    pub fn open() -> Self {
        Self::with_ways(2)
    }

    fn with_ways(count: u32) -> Self {
        let (one, other) = opened_line(Cadences::default());
        let start = |node: &Node, boot: u8| {
            let boot = BootId([boot; 16]);
            let begin = Begin {
                boot,
                sealing_boot: boot,
                seed: [boot.0[0]; 32],
                hints: (0..count).map(way).collect(),
                asks_for_generation: false,
            };
            Station::begin(node, Disk::default(), &begin, moment(0, 0))
        };
        let mut pair = Self {
            stations: [start(&one, 1), start(&other, 2)],
            flying: Vec::new(),
            recorded: Default::default(),
            now: 0,
            tickets: 0,
            is_cut: [false; 2],
            is_deaf_from: None,
            sent: [(0, 0); 2],
            is_down: [false; 2],
            clock_error: [0; 2],
        };
        pair.run(60_000);
        pair
    }

    /// The same line with one way only.
    pub fn leave_one_way(&mut self) {
        *self = Self::with_ways(1);
    }

    /// A station dies and starts again on its disk, knowing which ways had answered, if it remembers.
    pub fn restart(&mut self, which: usize, boot: u8, remembers: bool) {
        let (one, other) = opened_line(Cadences::default());
        let node = if which == WASHINGTON { one } else { other };
        let answered = remembers.then_some(self.moment(which).wall - 60_000);
        let boot = BootId([boot; 16]);
        let begin = Begin {
            boot,
            sealing_boot: boot,
            seed: [boot.0[0]; 32],
            hints: Vec::new(),
            asks_for_generation: false,
        };
        let disk = self.stations[which].disk.clone();
        let now = self.moment(which);
        self.stations[which] = Station::begin(&node, disk, &begin, now);
        for route in (0..2).map(way) {
            let hint = Input::Hint {
                line: LINE,
                route,
                answered,
            };
            self.stations[which].handle(now, hint);
        }
    }

    /// The way on which the stations speak.
    pub fn way_in_use(&self) -> usize {
        let status = self.status(WASHINGTON);
        let used = status.ways.iter().find(|way| way.in_use);
        used.expect("a way").route.path as usize
    }

    pub fn run(&mut self, ms: u64) {
        for _ in 0..ms {
            self.now += 1;
            self.step();
        }
    }

    fn moment(&self, station: usize) -> Moment {
        moment(self.now, self.clock_error[station])
    }

    fn step(&mut self) {
        let now = self.now;
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.flying)
            .into_iter()
            .partition(|(due, ..)| *due <= now);
        self.flying = later;
        for (_, to, route, bytes) in due {
            if !self.is_down[to] {
                let at = self.moment(to);
                self.stations[to].handle(at, Input::Frame { route, bytes });
            }
        }
        for from in 0..2 {
            if self.is_down[from] {
                continue;
            }
            let (at, mut steps) = (self.moment(from), u64::MAX);
            assert!(self.stations[from].pump(at, &mut steps));
            for (route, bytes) in std::mem::take(&mut self.stations[from].sent) {
                self.recorded[from].push((route, bytes.clone()));
                let path = route.path as usize;
                self.sent[path].0 += 1;
                self.sent[path].1 += bytes.len() as u64 + 28;
                if !self.is_cut[path] && self.is_deaf_from != Some((from, path)) {
                    self.flying.push((now + DELAY, 1 - from, route, bytes));
                }
            }
            let beyond = self.recorded[from].len().saturating_sub(RECORDED);
            self.recorded[from].drain(..beyond);
        }
    }

    /// Somebody sends once more what a station sent before.
    pub fn play_back(&mut self, from: usize) {
        for (route, bytes) in self.recorded[from].clone() {
            self.flying.push((self.now + DELAY, 1 - from, route, bytes));
        }
    }

    /// Gives a command that must be carried out.
    pub fn done(&mut self, station: usize, command: Command) -> Option<EntryId> {
        self.tickets += 1;
        let ticket = self.tickets;
        let actor = Actor {
            name: ["Maj. Jones", "Lt. Orlova"][station].into(),
            attestation: Attestation::Claimed,
            evidence: String::new(),
        };
        let line = LINE;
        let input = Input::Command {
            ticket,
            line,
            actor,
            command,
        };
        let at = self.moment(station);
        self.stations[station].handle(at, input);
        self.run(50);
        let mut told = self.stations[station].told.iter().rev();
        told.find_map(|event| match event {
            Event::Done { ticket: of, entry } if *of == ticket => Some(*entry),
            Event::Refused { ticket: of, why } if *of == ticket => panic!("{why:?}"),
            _ => None,
        })
        .expect("every command is answered")
    }

    /// Washington rings.
    pub fn ring(&mut self, for_ms: u64) -> EntryId {
        let office = |station: usize| OfficeRef {
            party: self.stations[station].author().party,
            office: OfficeId::new("chief").expect("a word"),
        };
        let ring = Box::new(Ring {
            from: office(WASHINGTON),
            to: office(MOSCOW),
            mode: Mode::Text,
            for_ms,
            exercise: None,
        });
        let ring = Command::Ring {
            ring,
            precedence: Precedence::Immediate,
            mark: Mark::Real,
            text: String::new(),
            language: "en".into(),
        };
        self.done(WASHINGTON, ring).expect("an entry")
    }

    /// Moscow answers.
    pub fn answer(&mut self, ring: EntryId, answer: Answer) {
        let command = Command::AnswerRing {
            ring,
            answer,
            call_back: None,
            text: String::new(),
            language: "en".into(),
        };
        self.done(MOSCOW, command);
    }

    pub fn status(&self, station: usize) -> Status {
        let status = self.stations[station].status(self.moment(station));
        status.expect("it has the line")
    }

    /// How a way is, as a station says.
    pub fn state_of(&self, station: usize, path: usize) -> WayState {
        let status = self.status(station);
        let way = status.ways.iter().find(|it| it.route.path as usize == path);
        way.expect("it is known").state
    }

    /// The alarm about a cut way.
    pub fn alarm(&self, station: usize) -> State {
        let mut told = self.stations[station].told.iter().rev();
        let last = told.find_map(|event| match event {
            Event::Alarm { alarm, .. } if alarm.key.cause == Cause::WayCut => Some(alarm.state),
            _ => None,
        });
        last.unwrap_or(State::Quiet)
    }

    /// What both say some time later.
    pub fn after(&mut self, ms: u64) -> [String; 2] {
        self.run(ms);
        [WASHINGTON, MOSCOW].map(|station| match self.is_down[station] {
            true => "(down)".to_owned(),
            false => {
                let own = self.stations[station].author().party;
                super::said::of(&self.status(station), own)
            }
        })
    }

    /// The same, and how a ring stands.
    pub fn after_ring(&mut self, ring: &EntryId) -> [String; 2] {
        let said = self.after(1_000);
        [0, 1].map(|station| {
            let standing = self.ring_stands(station, ring);
            format!("{}; ring: {}", said[station], super::ended(standing))
        })
    }

    fn ring_stands(&self, station: usize, ring: &EntryId) -> Standing {
        let mut told = self.stations[station].told.iter().rev();
        told.find_map(|event| match event {
            Event::Ring { shown, .. } if shown.ring == *ring => Some(shown.standing),
            _ => None,
        })
        .expect("both know of it")
    }
}

fn moment(ms: u64, error: i64) -> Moment {
    Moment {
        monotonic: ms,
        wall: (1_800_000_000_000 + ms).saturating_add_signed(error),
    }
}
