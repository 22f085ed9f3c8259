//! Two stations and a wire between them, without loss: what must work before anything else can.

use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Moment, Refusal, Route};
use openline_proto::verdict::Verdict;
use openline_sim::disk::Disk;
use openline_sim::station::{LINE, Node, Station, opened_line};
use openline_wire::codes::{Attestation, Mark, Precedence};
use openline_wire::header::Actor;
use openline_wire::ids::BootId;

const WAY: Route = Route { bearer: 0, path: 0 };

fn at(ms: u64) -> Moment {
    Moment {
        monotonic: ms,
        wall: 1_800_000_000_000 + ms,
    }
}

fn start(node: &Node, boot: u8, now: Moment) -> Station {
    Station::start(node, Disk::default(), BootId([boot; 16]), [boot; 32], now)
}

/// Runs both for `ms` on a wire of 5 ms.
fn run(stations: &mut [Station; 2], from: u64, ms: u64) {
    let mut flying: Vec<(u64, usize, Vec<u8>)> = Vec::new();
    for now in from..from + ms {
        let (due, later) = flying.into_iter().partition(|(due, ..)| *due <= now);
        flying = later;
        let due: Vec<(u64, usize, Vec<u8>)> = due;
        for (_, to, bytes) in due {
            stations[to].handle(at(now), Input::Frame { route: WAY, bytes });
        }
        for to in 0..2 {
            let station = &mut stations[1 - to];
            assert!(station.pump(at(now), &mut u64::MAX.clone()));
            let sent = std::mem::take(&mut station.sent);
            flying.extend(sent.into_iter().map(|(_, bytes)| (now + 5, to, bytes)));
        }
    }
}

fn say(text: &str, precedence: Precedence) -> Command {
    Command::Say {
        language: "en".into(),
        text: text.into(),
        precedence,
        mark: Mark::Real,
        reply_to: None,
    }
}

/// OL-451
#[test]
fn a_line_opens_and_a_flash_is_stored_at_the_other_side_and_known_to_be() {
    let (washington, moscow) = opened_line(Cadences::default());
    let mut stations = [start(&washington, 1, at(0)), start(&moscow, 2, at(0))];
    run(&mut stations, 0, 2_000);
    for station in &stations {
        let status = station.status(at(2_000)).expect("the line is there");
        assert_eq!(status.verdict, Verdict::Open, "{status:?}");
    }
    let command = say("Flight seven is our exercise.", Precedence::Flash);
    let input = Input::Command {
        ticket: 1,
        line: LINE,
        actor: Actor::station(),
        command,
    };
    stations[0].told.clear();
    stations[1].told.clear();
    stations[0].handle(at(2_000), input);
    run(&mut stations, 2_000, 100);
    let received = stations[1]
        .told
        .iter()
        .filter(|event| matches!(event, Event::Stored(_)))
        .count();
    let confirmed = stations[0]
        .told
        .iter()
        .any(|event| matches!(event, Event::Confirmed { .. }));
    assert_eq!((received, confirmed), (1, true), "{:?}", stations[0].told);
    let ids = |station: &Station| {
        station
            .disk
            .entries()
            .map(|s| s.entry.id())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&stations[0]), ids(&stations[1]));
}

/// OL-310: a name that no station would take in is refused, and our own chain goes on without a gap.
#[test]
fn an_operator_whose_name_deceives_is_refused_and_the_next_one_is_heard() {
    let (washington, moscow) = opened_line(Cadences::default());
    let mut stations = [start(&washington, 1, at(0)), start(&moscow, 2, at(0))];
    run(&mut stations, 0, 1_000);
    let claimed = |name: &str| Actor {
        name: name.to_owned(),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    };
    let names = ["Lt.\u{202e}avolrO", &"O".repeat(129), "Lt. Orlova"];
    for (ticket, name) in (1..).zip(names) {
        let input = Input::Command {
            ticket,
            line: LINE,
            actor: claimed(name),
            command: say("Go.", Precedence::Flash),
        };
        stations[0].handle(at(1_000), input);
    }
    run(&mut stations, 1_000, 100);
    let answer = |ticket: u64| {
        let told = stations[0].told.iter();
        let of_ticket = |event: &&Event| match event {
            Event::Done { ticket: t, .. } | Event::Refused { ticket: t, .. } => *t == ticket,
            _ => false,
        };
        told.filter(of_ticket).collect::<Vec<_>>()
    };
    for ticket in [1, 2] {
        let why = Refusal::ActorName;
        assert!(
            matches!(answer(ticket)[..], [Event::Refused { why: got, .. }] if *got == why),
            "{:?}",
            answer(ticket)
        );
    }
    assert!(matches!(answer(3)[..], [Event::Done { .. }]));
    let heard = stations[1].disk.entries();
    let flashes = heard.filter(|stored| stored.entry.header().actor.name == "Lt. Orlova");
    assert_eq!(flashes.count(), 1);
}
