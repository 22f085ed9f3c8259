//! A way on which frames go in one direction only, as through a diode: what is said arrives, is confirmed hours later by another bearer or by a
//! courier, and nobody is said to live who has not answered.

use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Moment, Route};
use openline_proto::verdict::Verdict;
use openline_sim::disk::Disk;
use openline_sim::station::{Begin, LINE, Station, opened_line};
use openline_wire::codes::{Kind, Mark, Precedence};
use openline_wire::header::Actor;
use openline_wire::ids::BootId;

/// Through the diode, and the other bearer.
const DIODE: Route = Route { bearer: 0, path: 0 };
const RADIO: Route = Route { bearer: 1, path: 0 };

const HOUR_MS: u64 = 3_600_000;

struct Diode {
    stations: [Station; 2],
    flying: Vec<(u64, usize, Route, Vec<u8>)>,
    loss_permille: u64,
    dice: u64,
    has_radio: bool,
    now: u64,
    /// Frames that the second station gave to the diode's bearer.
    answers: usize,
}

impl Diode {
    /// The first sends, the second must be silent there; a radio works both ways, or is off.
    fn new(loss_permille: u64) -> Self {
        let (one, other) = opened_line(Cadences::default());
        let now = Moment {
            monotonic: 0,
            wall: 1_800_000_000_000,
        };
        let begin = |node, boot: u8| {
            let begin = Begin {
                boot: BootId([boot; 16]),
                sealing_boot: BootId([boot; 16]),
                seed: [boot; 32],
                hints: vec![RADIO],
                asks_for_generation: false,
            };
            Station::begin(node, Disk::default(), &begin, now)
        };
        let mut stations = [begin(&one, 1), begin(&other, 2)];
        let routes = vec![DIODE];
        stations[0].handle(now, Input::OneWay { line: LINE, routes });
        stations[1].handle(now, Input::Silent { bearer: 0 });
        Self {
            stations,
            flying: Vec::new(),
            loss_permille,
            dice: 7,
            has_radio: false,
            now: 0,
            answers: 0,
        }
    }

    fn moment(&self) -> Moment {
        Moment {
            monotonic: self.now,
            wall: 1_800_000_000_000 + self.now,
        }
    }

    fn is_lost(&mut self) -> bool {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.dice >> 33) % 1_000 < self.loss_permille
    }

    fn run(&mut self, ms: u64) {
        for _ in 0..ms {
            self.now += 1;
            let now = self.now;
            let due: Vec<_> = self.flying.extract_if(.., |it| it.0 <= now).collect();
            for (_, to, route, bytes) in due {
                let moment = self.moment();
                self.stations[to].handle(moment, Input::Frame { route, bytes });
            }
            self.pump();
        }
    }

    fn pump(&mut self) {
        for from in 0..2 {
            let moment = self.moment();
            assert!(self.stations[from].pump(moment, &mut u64::MAX.clone()));
            for (route, bytes) in std::mem::take(&mut self.stations[from].sent) {
                let is_through = match (route.bearer, from) {
                    (0, 0) => !self.is_lost(),
                    (0, _) => {
                        self.answers += 1;
                        false
                    }
                    _ => self.has_radio,
                };
                if is_through {
                    self.flying.push((self.now + 30, 1 - from, route, bytes));
                }
            }
        }
    }

    fn say(&mut self, precedence: Precedence, text: &str) {
        let command = Command::Say {
            language: "en".into(),
            text: text.into(),
            precedence,
            mark: Mark::Real,
            reply_to: None,
            files: Vec::new(),
        };
        let input = Input::Command {
            ticket: 7,
            line: LINE,
            actor: Actor::station(),
            command,
        };
        let moment = self.moment();
        self.stations[0].handle(moment, input);
        self.pump();
    }

    fn received(&self) -> usize {
        let is_message = |event: &&Event| matches!(event, Event::Stored(stored) if stored.entry.header().kind == Kind::Message);
        self.stations[1].told.iter().filter(is_message).count()
    }

    fn verdict(&self, which: usize) -> (Verdict, Option<u64>) {
        let status = self.stations[which]
            .status(self.moment())
            .expect("the line");
        (status.verdict, status.alive_as_of)
    }

    fn unconfirmed(&self) -> u64 {
        let status = self.stations[0].status(self.moment()).expect("the line");
        status.unconfirmed
    }
}

/// OL-440: more than one frame holds, with a third of all frames lost and nothing coming back.
#[test]
fn everything_arrives_though_nothing_is_ever_confirmed() {
    let mut diode = Diode::new(333);
    diode.run(2_000);
    for number in 0..20 {
        diode.say(
            Precedence::Routine,
            &format!("Report {number}. ").repeat(30),
        );
    }
    diode.say(Precedence::Routine, &"A long report. ".repeat(500));
    let said = diode.now;
    diode.say(Precedence::Flash, "The bridge is closed.");
    while !diode.stations[1].told.iter().any(is_flash) {
        diode.run(10);
        assert!(diode.now < said + 5_000, "a FLASH waited behind the others");
    }
    while diode.received() < 22 {
        diode.run(1_000);
        assert!(
            diode.now < said + 300_000,
            "only {} arrived",
            diode.received()
        );
    }
    assert_eq!(diode.answers, 0, "it spoke where it must be silent");
    assert!(diode.unconfirmed() >= 22);
    // One has heard nothing, the other was never answered: neither says that the other lives.
    for which in [0, 1] {
        let (verdict, alive) = diode.verdict(which);
        assert_eq!(alive, None);
        assert_ne!(verdict, Verdict::Open);
    }
}

fn is_flash(event: &Event) -> bool {
    matches!(event, Event::Stored(stored)
        if stored.entry.header().precedence == Precedence::Flash && stored.entry.header().kind == Kind::Message)
}

/// OL-440: six hours later a courier brings the acknowledgement, and both records end the same; then the diode carries no entry any more.
#[test]
fn a_courier_acknowledges_hours_later_and_both_records_end_the_same() {
    let mut diode = Diode::new(100);
    diode.run(2_000);
    for number in 0..5 {
        diode.say(Precedence::Routine, &format!("Report {number}."));
    }
    diode.run(60_000);
    assert_eq!(diode.received(), 5);
    diode.now += 6 * HOUR_MS;
    diode.run(60_000);
    let node = diode.stations[1].author().node;
    let entries = diode.stations[1].disk.unconfirmed(node);
    let moment = diode.moment();
    let (ticket, line) = (1, LINE);
    diode.stations[1].handle(
        moment,
        Input::Carry {
            ticket,
            line,
            entries,
        },
    );
    diode.pump();
    let frames = diode.stations[1].bundles.pop().expect("it has keys");
    diode.stations[0].handle(moment, Input::Carried { ticket, frames });
    diode.run(120_000);
    assert_eq!(diode.unconfirmed(), 0);
    let ids = |which: usize| {
        let entries = diode.stations[which].disk.entries();
        let mut ids: Vec<_> = entries.map(|it| it.entry.id()).collect();
        ids.sort();
        ids
    };
    let (one, other) = (ids(0), ids(1));
    let missing: Vec<_> = one.iter().filter(|id| !other.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// OL-440: beside a bearer that works both ways the line is open, and the diode moves nobody.
#[test]
fn beside_a_bearer_that_works_both_ways_the_line_is_open_and_stays_there() {
    let mut diode = Diode::new(0);
    diode.has_radio = true;
    diode.run(40_000);
    for which in [0, 1] {
        assert_eq!(diode.verdict(which).0, Verdict::Open, "station {which}");
    }
    for number in 0..10 {
        diode.say(Precedence::Immediate, &format!("Text {number}."));
        diode.run(1_000);
    }
    assert_eq!(
        (diode.received(), diode.unconfirmed(), diode.answers),
        (10, 0, 0)
    );
}
