//! Rings between two real cores over a link on a virtual clock: how soon it rings, and what a flood of rings comes to.

use openline_proto::contract::{Command, Event, Input};
use openline_proto::ring::book::Part;
use openline_proto::ring::called;
use openline_sim::station::LINE;
use openline_wire::codes::{Kind, Mark, Mode, Precedence};
use openline_wire::fact::Ring;
use openline_wire::header::Actor;
use openline_wire::ids::EntryId;
use openline_wire::limits;
use openline_wire::office::{OfficeId, OfficeRef};

use crate::link;

use link::{Link, at};

/// Washington calls Moscow's watch.
fn ring(link: &mut Link, ticket: u64) {
    let office = |station: usize| OfficeRef {
        party: link.stations[station].author().party,
        office: OfficeId::new("watch").expect("a word"),
    };
    let command = Command::Ring {
        ring: Box::new(Ring {
            from: office(0),
            to: office(1),
            mode: Mode::Text,
            for_ms: 60_000,
            exercise: None,
        }),
        precedence: Precedence::Immediate,
        mark: Mark::Real,
        text: "Four lorries at the northern bridge".into(),
        language: "en".into(),
    };
    command_of(link, ticket, command);
}

fn withdraw(link: &mut Link, ticket: u64, ring: EntryId) {
    command_of(link, ticket, Command::WithdrawRing { ring });
}

fn command_of(link: &mut Link, ticket: u64, command: Command) {
    let input = Input::Command {
        ticket,
        line: LINE,
        actor: Actor::station(),
        command,
    };
    let now = at(link.now);
    link.stations[0].handle(now, input);
}

/// Entries of a kind that a station has stored.
fn stored(link: &Link, station: usize, kind: Kind) -> Vec<EntryId> {
    let entries = link.stations[station].disk.entries();
    let of_kind = entries.filter(|stored| stored.entry.header().kind == kind);
    of_kind.map(|stored| stored.entry.id()).collect()
}

/// Milliseconds from the command until the caller holds that it rings, one ring after the other.
fn times(link: &mut Link, rings: u64) -> Vec<u64> {
    let mut times = Vec::new();
    for number in 0..rings {
        let (before, from) = (stored(link, 0, Kind::Ringing).len(), link.now);
        let known = stored(link, 0, Kind::Ring);
        ring(link, 2 * number);
        while stored(link, 0, Kind::Ringing).len() == before {
            link.run(1);
            assert!(link.now < from + 60_000, "it did not ring in its time");
        }
        times.push(link.now - from);
        let rung = stored(link, 0, Kind::Ring);
        let rung = rung.into_iter().find(|ring| !known.contains(ring));
        withdraw(link, 2 * number + 1, rung.expect("it is on disk"));
        link.run(6_000);
    }
    times.sort_unstable();
    times
}

/// OL-426: the word that the ring is open goes with it, so that it rings, and is known to, within one round trip.
#[test]
fn it_is_known_to_ring_after_one_round_trip() {
    let mut link = Link::new(50, 10);
    let times = times(&mut link, 40);
    assert!(times[times.len() / 2] <= 110, "{times:?}");
}

#[test]
fn over_a_bad_link_it_is_known_to_ring_within_half_a_second() {
    let mut link = Link::new(100, 300);
    let times = times(&mut link, 40);
    assert!(times[times.len() * 95 / 100] <= 500, "{times:?}");
}

/// OL-524: a caller that rings and takes back without end makes the other side sign for 64 rings at once, and then for one in
/// five seconds; and its own FLASH comes as soon as ever.
#[test]
fn a_flood_of_rings_makes_the_other_side_sign_no_more_than_so_many() {
    let mut link = Link::new(5, 0);
    let mut ticket = 0;
    let began = link.now;
    for _ in 0..40 {
        for _ in 0..limits::OPEN_RINGS {
            ticket += 1;
            ring(&mut link, ticket);
        }
        link.run(50);
        for open in open_rings(&link) {
            ticket += 1;
            withdraw(&mut link, ticket, open);
        }
        link.run(50);
    }
    let rung = stored(&link, 0, Kind::Ring).len();
    assert_eq!(rung, 40 * limits::OPEN_RINGS);
    let rang = stored(&link, 1, Kind::Ringing).len() as u64;
    let allowed = 64 + (link.now - began) / 5_000 + 1;
    assert!(
        (60..=allowed).contains(&rang),
        "{rang} of {rung}, {allowed} allowed"
    );
    let (received, _) = link.times(5, Precedence::Flash);
    assert!(received.iter().all(|ms| *ms <= 10), "{received:?}");
}

fn open_rings(link: &Link) -> Vec<EntryId> {
    let mut parts = std::collections::BTreeMap::new();
    for event in &link.stations[0].told {
        if let Event::Ring { shown, .. } = event {
            parts.insert(shown.ring, shown.part);
        }
    }
    let is_open = |part: &Option<Part>| matches!(part, Some(Part::Caller(_, None)));
    let open = parts.into_iter().filter(|(_, part)| is_open(part));
    open.map(|(ring, _)| ring).collect()
}

/// OL-524: of a flood of the other side's rings a boot keeps in mind so many, and its own above all.
#[test]
fn what_is_shown_of_a_flood_is_bounded_and_our_own_ring_stays() {
    let mut link = Link::new(5, 0);
    let mut ticket = 0;
    for _ in 0..limits::RINGS / limits::OPEN_RINGS + 2 {
        for _ in 0..limits::OPEN_RINGS {
            ticket += 1;
            ring(&mut link, ticket);
        }
        link.run(20);
        for open in open_rings(&link) {
            ticket += 1;
            withdraw(&mut link, ticket, open);
        }
        link.run(20);
    }
    let rung = stored(&link, 1, Kind::Ring).len();
    assert!(rung > limits::RINGS);
    ticket += 1;
    ring(&mut link, ticket);
    link.run(10_000);
    let rings_there = link.stations[1].told.iter().rev().any(|event| {
        matches!(event, Event::Ring { shown, .. } if shown.part == Some(Part::Called(called::State::Rings)))
    });
    assert!(
        rings_there,
        "after the flood a ring rings as soon as there is room"
    );
}
