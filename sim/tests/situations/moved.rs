//! Moscow's station moves while another bearer still works: it says where it can be reached now, and Washington, whom it cannot call
//! there, is the one that calls. Two real cores on a virtual clock; the test is the driver that turns addresses into ways.

use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Moment, Refusal, Route};
use openline_proto::verdict::{Reachable, Status, Verdict, WayState};
use openline_sim::disk::Disk;
use openline_sim::station::{Begin, Node, Station, opened_line};
use openline_wire::address::Address;
use openline_wire::codes::{Attestation, Kind, Mark, Precedence, SilenceReason, SuspensionReason};
use openline_wire::header::Actor;
use openline_wire::ids::BootId;

const WASHINGTON: usize = 0;
const MOSCOW: usize = 1;

/// Each is a bearer of its own but the last, which is the fast one at another address of Moscow's.
const FAST: usize = 0;
const SLOW: usize = 1;
const FAST_ELSEWHERE: usize = 2;
const WAYS: [Route; 3] = [
    Route { bearer: 0, path: 0 },
    Route { bearer: 1, path: 1 },
    Route { bearer: 0, path: 2 },
];

/// One way, in milliseconds.
const DELAYS: [u64; 3] = [20, 300, 20];

/// What a machine may need beside the way.
const STEPS_MS: u64 = 3;

fn at(ms: u64) -> Moment {
    Moment {
        monotonic: ms,
        wall: 1_800_000_000_000 + ms,
    }
}

fn url(way: usize) -> Address {
    Address::new(&format!("udp://192.0.2.{way}:7600")).expect("a URL")
}

fn orlova() -> Actor {
    Actor {
        name: "Lt. Orlova".to_owned(),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    }
}

struct Sides {
    nodes: [Node; 2],
    stations: [Station; 2],
    boots: u8,
    flying: Vec<(u64, usize, Route, Vec<u8>)>,
    now: u64,
    /// Ways on which what is sent arrives.
    works: [bool; 3],
    /// Frames sent on each way by Washington.
    frames: [u64; 3],
    /// The list by which each looks for the other, as its driver was told.
    looked_for: [Option<Reachable>; 2],
    /// What each stored of the other's, and when.
    stored: [Vec<(Kind, u64)>; 2],
    refused: Vec<Refusal>,
}

impl Sides {
    /// A line that has been open for a while, on the fast way and the slow one.
    fn open() -> Self {
        let mut sides = Self::begin();
        sides.run(60_000);
        assert_eq!(sides.state(FAST), Some((WayState::Answers, true)));
        assert_eq!(sides.state(SLOW), Some((WayState::Answers, false)));
        sides
    }

    fn begin() -> Self {
        let (one, other) = opened_line(Cadences::default());
        let stations = [(&one, 1), (&other, 2)].map(|(node, boot)| start(node, boot, None, 0));
        Self {
            nodes: [one, other],
            stations,
            boots: 2,
            flying: Vec::new(),
            now: 0,
            works: [true, true, false],
            frames: [0; 3],
            looked_for: [None, None],
            stored: [Vec::new(), Vec::new()],
            refused: Vec::new(),
        }
    }

    /// A station ends and another boot begins with what it had on its disk.
    fn restart(&mut self, station: usize) {
        self.boots += 1;
        let disk = self.stations[station].disk.clone();
        let node = &self.nodes[station];
        self.stations[station] = start(node, self.boots, Some(disk), self.now);
        self.looked_for[station] = None;
    }

    /// The fast way leads nowhere any more: Moscow listens elsewhere, and cannot call Washington from there.
    fn move_the_fast_way(&mut self) {
        self.works = [false, true, true];
    }

    fn run(&mut self, ms: u64) {
        for _ in 0..ms {
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
        for (_, to, route, bytes) in due {
            self.stations[to].handle(at(now), Input::Frame { route, bytes });
        }
        for from in 0..2 {
            assert!(self.stations[from].pump(at(now), &mut u64::MAX.clone()));
            for (route, bytes) in std::mem::take(&mut self.stations[from].sent) {
                let way = route.path as usize;
                if from == WASHINGTON {
                    self.frames[way] += 1;
                }
                if self.works[way] {
                    let due = now + DELAYS[way];
                    self.flying.push((due, 1 - from, route, bytes));
                }
            }
            self.take_note(from);
        }
    }

    /// What the driver does with what the core tells: a list that is taken up becomes ways.
    fn take_note(&mut self, station: usize) {
        let own = self.stations[station].author();
        for event in std::mem::take(&mut self.stations[station].told) {
            match event {
                Event::Stored(stored) if stored.entry.header().author.party != own.party => {
                    self.stored[station].push((stored.entry.header().kind, self.now));
                }
                Event::Status { status, .. } if status.taken_up != self.looked_for[station] => {
                    self.looked_for[station] = status.taken_up;
                    let list = self.looked_for[station].iter().flat_map(|it| &it.addresses);
                    let way = |address: &Address| (0..3).find(|way| url(*way) == *address);
                    let routes = list.filter_map(way).map(|way| WAYS[way]).collect();
                    let line = openline_sim::station::LINE;
                    let input = Input::Announced { line, routes };
                    self.stations[station].handle(at(self.now), input);
                }
                Event::Refused { why, .. } => self.refused.push(why),
                _ => {}
            }
        }
    }

    fn ask(&mut self, station: usize, command: Command) {
        self.stations[station].command_by(orlova(), at(self.now), self.now, command);
    }

    /// Moscow says where it can be reached.
    fn announce(&mut self, ways: &[usize]) {
        let addresses = ways.iter().map(|way| url(*way)).collect();
        self.ask(MOSCOW, Command::ReachableAt(addresses));
    }

    /// A FLASH of Washington's; tells how long it was under way.
    fn flash(&mut self) -> u64 {
        let (said, before) = (self.now, self.stored[MOSCOW].len());
        let command = Command::Say {
            language: "en".into(),
            text: format!("Message of {said} ms"),
            precedence: Precedence::Flash,
            mark: Mark::Real,
            reply_to: None,
            files: Vec::new(),
        };
        self.ask(WASHINGTON, command);
        self.run(1_000);
        let mut since = self.stored[MOSCOW][before..].iter();
        let (_, came) = since
            .find(|(kind, _)| *kind == Kind::Message)
            .expect("it came");
        came - said
    }

    fn status(&self, station: usize) -> Status {
        self.stations[station]
            .status(at(self.now))
            .expect("it has the line")
    }

    /// How Washington finds a way to be, and whether it is the one in use; none if it is none.
    fn state(&self, way: usize) -> Option<(WayState, bool)> {
        let ways = self.status(WASHINGTON).ways;
        let known = ways.iter().find(|it| it.route == WAYS[way]);
        known.map(|it| (it.state, it.in_use))
    }

    /// When Washington stored the last list of Moscow's.
    fn heard_of_it(&self) -> Option<u64> {
        let stored = self.stored[WASHINGTON].iter().rev();
        let mut lists = stored.filter(|(kind, _)| *kind == Kind::ReachableAt);
        lists.next().map(|(_, at)| *at)
    }

    /// Runs until Washington has an answer at Moscow's new address; tells for how long after it heard of that.
    fn until_it_answers_elsewhere(&mut self, patience: u64) -> u64 {
        for _ in 0..patience {
            self.run(1);
            if self
                .state(FAST_ELSEWHERE)
                .is_some_and(|(it, _)| it == WayState::Answers)
            {
                return self.now - self.heard_of_it().expect("it answers there");
            }
        }
        panic!("no answer: {:?}", self.status(WASHINGTON).ways);
    }
}

fn start(node: &Node, boot: u8, disk: Option<Disk>, now: u64) -> Station {
    let boot = BootId([boot; 16]);
    let begin = Begin {
        boot,
        sealing_boot: boot,
        seed: [boot.0[0]; 32],
        hints: vec![WAYS[FAST], WAYS[SLOW]],
        asks_for_generation: false,
    };
    Station::begin(node, disk.unwrap_or_default(), &begin, at(now))
}

/// OL-448
#[test]
fn moscow_moves_and_says_so_on_the_slow_bearer_and_the_fast_one_works_again_at_once() {
    for silent_before in [0, 500, 7_000, 61_000] {
        let mut sides = Sides::open();
        sides.move_the_fast_way();
        sides.run(silent_before);
        sides.announce(&[SLOW, FAST_ELSEWHERE]);
        let after = sides.until_it_answers_elsewhere(5_000);
        assert!(
            after <= 300,
            "{after} ms after it was heard of, moved for {silent_before} ms"
        );
        assert!(sides.flash() <= DELAYS[FAST_ELSEWHERE] + STEPS_MS);
        sides.run(120_000);
        // Nobody hints at the old address any more, so that it is silent there is no cut and no alarm.
        let cut = |it: (WayState, bool)| matches!(it.0, WayState::Cut { .. });
        assert!(
            !sides.state(FAST).is_some_and(cut),
            "{:?}",
            sides.state(FAST)
        );
        let status = sides.status(WASHINGTON);
        assert_eq!(status.verdict, Verdict::Open);
        let [list] = status.reachable.as_slice() else {
            panic!("{:?}", status.reachable);
        };
        assert_eq!(
            (list.actor.name.as_str(), list.addresses.len()),
            ("Lt. Orlova", 2)
        );
    }
}

/// OL-448: what is proven stays, so a list that was wrong cuts nothing.
#[test]
fn moscow_mistypes_its_address_and_the_line_stays_open_on_the_ways_that_work() {
    let mut sides = Sides::open();
    sides.announce(&[FAST_ELSEWHERE]);
    sides.run(1_000);
    assert!(sides.heard_of_it().is_some());
    for _ in 0..20 {
        assert!(sides.flash() <= DELAYS[FAST] + STEPS_MS);
        sides.run(5_000);
    }
    assert_eq!(sides.status(WASHINGTON).verdict, Verdict::Open);
    assert_eq!(
        sides.state(FAST_ELSEWHERE),
        Some((WayState::Unknown, false))
    );
}

/// OL-447, OL-448: both sides restart, and nobody says it again.
#[test]
fn after_both_restarted_washington_still_looks_for_moscow_where_it_said() {
    let mut sides = Sides::open();
    sides.announce(&[FAST_ELSEWHERE]);
    sides.run(2_000);
    sides.move_the_fast_way();
    sides.works[SLOW] = false;
    for station in [MOSCOW, WASHINGTON] {
        sides.restart(station);
    }
    sides.run(3_000);
    assert_eq!(sides.state(FAST_ELSEWHERE), Some((WayState::Answers, true)));
    assert_eq!(sides.status(WASHINGTON).verdict, Verdict::Open);
    assert_eq!(
        sides.status(MOSCOW).reachable.len(),
        1,
        "and Moscow knows what it said"
    );
}

/// OL-446: it needs nobody's consent.
#[test]
fn a_list_goes_out_on_a_suspended_line_in_a_silence_and_once_the_line_is_back() {
    let mut sides = Sides::open();
    let (text, language) = (String::new(), "en".to_owned());
    sides.ask(
        WASHINGTON,
        Command::Suspend {
            reason: SuspensionReason::Ordered,
            text: text.clone(),
            language: language.clone(),
        },
    );
    let (for_ms, reason) = (600_000, SilenceReason::Maintenance);
    sides.ask(
        MOSCOW,
        Command::AnnounceSilence {
            for_ms,
            reason,
            text,
            language,
        },
    );
    sides.run(2_000);
    sides.works = [false; 3];
    sides.run(30_000);
    sides.announce(&[SLOW, FAST_ELSEWHERE]);
    sides.run(30_000);
    assert_eq!(sides.heard_of_it(), None, "no way works");
    sides.works = [false, true, true];
    let after = sides.until_it_answers_elsewhere(5_000);
    assert!(after <= 300, "{after} ms after it was heard of");
    assert_eq!(sides.refused, []);
}

/// OL-446
#[test]
fn a_station_by_itself_and_nine_addresses_are_refused() {
    let mut sides = Sides::open();
    let now = at(sides.now);
    sides.stations[MOSCOW].command(now, 1, Command::ReachableAt(vec![url(FAST)]));
    let nine = (0..9).map(url).collect();
    sides.ask(MOSCOW, Command::ReachableAt(nine));
    sides.run(1_000);
    assert_eq!(
        sides.refused,
        [Refusal::NotByAPerson, Refusal::TooManyAddresses]
    );
    assert_eq!(sides.heard_of_it(), None);
}

/// OL-449: Moscow names a third party, and then lets nothing more be heard.
#[test]
fn a_peer_that_names_a_third_party_and_falls_silent_has_us_send_it_a_frame_a_minute() {
    let mut sides = Sides::open();
    sides.announce(&[FAST_ELSEWHERE]);
    sides.run(2_000);
    sides.works = [false; 3];
    let before = sides.frames;
    for _ in 0..60 {
        let command = Command::Note {
            language: "en".into(),
            text: "Where are you?".into(),
        };
        sides.ask(WASHINGTON, command);
        sides.run(60_000);
    }
    let sent = [FAST, FAST_ELSEWHERE].map(|way| sides.frames[way] - before[way]);
    assert!(
        sent[1] <= 80,
        "{} frames in an hour to whom it named",
        sent[1]
    );
    assert!(sent[0] >= 3 * 3_600, "{} where it was", sent[0]);
}
