//! Two stations and the thinnest line that anybody has: 75 bit/s and half a minute one way, with the queue that the bearer `serial` keeps.

use std::time::{Duration, Instant};

use openline_net::SerialQueue;
use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Moment, Route};
use openline_seal::{Agreement, MlsAgreement};
use openline_sim::disk::Disk;
use openline_sim::node::opened_mls_line;
use openline_sim::station::{LINE, Station};
use openline_wire::codes::{Kind, Mark, Precedence};
use openline_wire::header::Actor;
use openline_wire::ids::BootId;

const WAY: Route = Route { bearer: 0, path: 0 };
const STEP_MS: u64 = 50;
/// What stands around a frame on the line (OL-801).
const FRAMING: usize = 8;

struct Radio<A: Agreement> {
    stations: [Station<A>; 2],
    queues: [SerialQueue; 2],
    flying: Vec<(u64, usize, Vec<u8>)>,
    delay: u64,
    epoch: Instant,
    now: u64,
}

fn at(ms: u64) -> Moment {
    Moment {
        monotonic: ms,
        wall: 1_800_000_000_000 + ms,
    }
}

impl Radio<MlsAgreement> {
    /// Both stations are switched on at this moment.
    fn cold(rate: u32, delay: u64) -> Self {
        let (one, other) = opened_mls_line(Cadences::default()).expect("MLS");
        let start = |node, boot: u8| {
            Station::start(node, Disk::default(), BootId([boot; 16]), [boot; 32], at(0))
        };
        let epoch = Instant::now();
        Self {
            stations: [start(&one, 1), start(&other, 2)],
            queues: [SerialQueue::new(rate, epoch), SerialQueue::new(rate, epoch)],
            flying: Vec::new(),
            delay,
            epoch,
            now: 0,
        }
    }
}

impl<A: Agreement> Radio<A> {
    fn step(&mut self) {
        self.now += STEP_MS;
        let now = self.now;
        let clock = self.epoch + Duration::from_millis(now);
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.flying)
            .into_iter()
            .partition(|(due, ..)| *due <= now);
        self.flying = later;
        for (_, to, bytes) in due {
            self.stations[to].handle(at(now), Input::Frame { route: WAY, bytes });
        }
        for from in 0..2 {
            let station = &mut self.stations[from];
            assert!(station.pump(at(now), &mut u64::MAX.clone()));
            let hastes = std::mem::take(&mut station.hastes);
            let sent = std::mem::take(&mut station.sent).into_iter().zip(hastes);
            for ((_, mut bytes), haste) in sent {
                bytes.extend([0; FRAMING]);
                self.queues[from].push(bytes, haste, clock);
            }
            self.carry(from, clock);
        }
    }

    /// What the line is given now arrives when it was carried.
    fn carry(&mut self, from: usize, clock: Instant) {
        let queue = &mut self.queues[from];
        while let Some(due) = queue.due(clock) {
            let bytes = due[..due.len() - FRAMING].to_vec();
            let length = due.len();
            queue.gave(length, clock);
            let carried = queue.free_at().saturating_duration_since(self.epoch);
            let arrives = u64::try_from(carried.as_millis()).expect("hours") + self.delay;
            self.flying.push((arrives, 1 - from, bytes));
        }
    }

    fn say(&mut self, ticket: u64, precedence: Precedence) {
        let command = Command::Say {
            language: "en".into(),
            text: "Flight seven is ours and unarmed.".into(),
            precedence,
            mark: Mark::Real,
            reply_to: None,
            files: Vec::new(),
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

    /// Seconds until so many messages have come.
    fn until_received(&mut self, count: usize, patience_s: u64) -> u64 {
        let from = self.now;
        while self.received() < count {
            self.step();
            let waited = (self.now - from) / 1_000;
            assert!(waited < patience_s, "nothing after {waited} s");
        }
        (self.now - from) / 1_000
    }
}

/// OL-431, OL-804: a FLASH passes when both stations were just switched on, while they agree on keys, and when they have; what is not
/// urgent passes as well.
#[test]
fn at_75_bits_a_second_and_a_minute_of_round_trip_a_flash_passes() {
    let mut radio = Radio::cold(75, 30_000);
    let run = |radio: &mut Radio<_>, seconds: u64| {
        (0..seconds * 1_000 / STEP_MS).for_each(|_| radio.step());
    };
    radio.say(1, Precedence::Flash);
    let cold = radio.until_received(1, 600);
    run(&mut radio, 300);
    radio.say(2, Precedence::Flash);
    let meanwhile = radio.until_received(2, 600);
    let mut minutes = 0;
    while radio.stations[1]
        .status(at(radio.now))
        .is_none_or(|status| status.epoch == 0)
    {
        run(&mut radio, 60);
        minutes += 1;
        assert!(minutes < 600, "no keys after {minutes} minutes");
    }
    run(&mut radio, 600);
    radio.say(3, Precedence::Flash);
    let flash = radio.until_received(3, 600);
    run(&mut radio, 600);
    radio.say(4, Precedence::Routine);
    let routine = radio.until_received(4, 1_800);
    println!(
        "FLASH: cold {cold} s, while keys are agreed on {meanwhile} s, keys after {minutes} min more, then {flash} s; ROUTINE {routine} s"
    );
    assert!(cold <= 180 && meanwhile <= 180 && flash <= 120 && routine <= 300);
}
