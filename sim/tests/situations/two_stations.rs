//! Two stations and a wire between them, without loss: what must work before anything else can.

use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Moment, Refusal, Route};
use openline_proto::verdict::Verdict;
use openline_sim::disk::Disk;
use openline_sim::station::{LINE, Node, Station, opened_line};
use openline_wire::codes::{Attestation, Kind, Mark, Precedence};
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
    run_with(stations, from, ms, |_, _| true);
}

/// The same with somebody on the wire who says what passes: to which station, and what.
fn run_with(
    stations: &mut [Station; 2],
    from: u64,
    ms: u64,
    mut passes: impl FnMut(usize, &[u8]) -> bool,
) {
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
            let sent = sent.into_iter().map(|(_, bytes)| bytes);
            let sent = sent.filter(|bytes| passes(to, bytes));
            flying.extend(sent.map(|bytes| (now + 5, to, bytes)));
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
        files: Vec::new(),
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

/// OL-433: what a boot confirmed that is gone says nothing of the one that lives: it gets our key again.
#[test]
fn a_late_frame_of_the_boot_before_does_not_part_two_sides_for_good() {
    // Each has heard the other once, and nothing but the tape's key is there.
    const CRASHED: u64 = 12;
    const LATE: u64 = CRASHED + 1_000;
    const HEALED: u64 = LATE + 9_000;
    const END: u64 = HEALED + 20_000;
    let (washington, moscow) = opened_line(Cadences::default());
    let mut stations = [start(&washington, 1, at(0)), start(&moscow, 2, at(0))];
    let mut delayed = Vec::new();
    let mut count = 0;
    run_with(&mut stations, 0, CRASHED, |to, bytes| {
        count += u32::from(to == 0);
        // The first one was sent before anything was heard.
        let is_delayed = to == 0 && count == 2;
        if is_delayed {
            delayed.push(bytes.to_vec());
        }
        !is_delayed
    });
    let disk = stations[1].disk.clone();
    let again = Station::start(&moscow, disk, BootId([3; 16]), [3; 32], at(CRASHED));
    stations[1] = again;
    // Moscow is heard, and hears nothing.
    run_with(&mut stations, CRASHED, LATE - CRASHED, |to, _| to == 0);
    for bytes in delayed {
        stations[0].handle(at(LATE), Input::Frame { route: WAY, bytes });
    }
    run_with(&mut stations, LATE, HEALED - LATE, |to, _| to == 0);
    run(&mut stations, HEALED, END - HEALED);
    for station in &stations {
        let status = station.status(at(END)).expect("the line");
        assert_eq!(status.verdict, Verdict::Open, "{status:?}");
    }
}

/// OL-411, OL-416, OL-427: what a text costs where nothing is lost, with all that both sides send meanwhile, signs of life too, and an
/// IPv4 and a UDP header for each frame. The texts are those of the benchmark, and no dictionary was made from them.
#[test]
fn a_text_of_two_hundred_characters_costs_what_the_benchmark_asks() {
    const HEADERS: usize = 28;
    const APART: u64 = 400;
    let english = include_str!("../../../crates/wire/dict/held-out-en.txt");
    let russian = include_str!("../../../crates/wire/dict/held-out-ru.txt");
    for (texts, most) in [(english, 330), (russian, 370)] {
        let (washington, moscow) = opened_line(Cadences::default());
        let mut stations = [start(&washington, 1, at(0)), start(&moscow, 2, at(0))];
        run(&mut stations, 0, 12_000);
        let (mut now, mut bytes) = (12_000, 0);
        for text in texts.lines() {
            let input = Input::Command {
                ticket: now,
                line: LINE,
                actor: Actor::station(),
                command: say(text, Precedence::Routine),
            };
            stations[0].handle(at(now), input);
            run_with(&mut stations, now, APART, |_, frame| {
                bytes += frame.len() + HEADERS;
                true
            });
            now += APART;
        }
        let count = texts.lines().count();
        let held = stations[1].disk.entries();
        let messages = held.filter(|stored| stored.entry.header().kind == Kind::Message);
        assert_eq!(messages.count(), count);
        assert!(bytes <= most * count, "{} bytes a text", bytes / count);
    }
}
