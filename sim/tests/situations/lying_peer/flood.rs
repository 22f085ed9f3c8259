//! More than anybody writes: what is taken in is bounded, the rest is left to its sender, and all else goes on.

use openline_proto::contract::Misbehaviour;
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::Stream;
use openline_wire::header::Header;
use openline_wire::ids::EntryId;

use super::world::{Liar, World, chain, id, plain, start};

/// Of the urgent stream so many kibibytes are taken at once (OL-445).
const AT_ONCE: u64 = 65_536;

/// What one of the entries below counts for.
const UNITS: u64 = 2;

/// An urgent chain that begins with a start and goes on with entries of more than a kibibyte.
fn urgent(liar: &Liar, count: u64) -> Vec<Header> {
    let mut headers = vec![start(liar.author(), Vec::new())];
    for sequence in 1..count {
        let previous = headers.last().map(id);
        headers.push(Header {
            stream: Stream::Urgent,
            fact: vec![7; 900],
            ..plain(liar.author(), sequence, previous)
        });
    }
    headers
}

/// OL-445
#[test]
fn a_flood_is_taken_to_a_bound_and_all_else_goes_on() {
    let mut world = World::open();
    let mut liar = world.liar();
    let flood = urgent(&liar, AT_ONCE / UNITS + 1_000);
    assert!(flood[1].to_bytes().len() > 1_024);
    for entries in flood.chunks(100) {
        world.hear(liar.entries(entries));
    }
    let place = flood[0].chain();
    let held = |world: &World| {
        let holds = |header: &&Header| {
            world
                .washington
                .disk
                .holds(&place, header.sequence)
                .is_some()
        };
        flood.iter().filter(holds).count() as u64
    };
    // What Moscow's station wrote before counts, too.
    let most = AT_ONCE / UNITS;
    assert!(
        (most - 10..=most + 1).contains(&held(&world)),
        "{}",
        held(&world)
    );
    assert_eq!((world.named().len(), world.flood_alarms()), (0, 1));
    // What is no part of the flood is taken, and a lie about what is held is still a lie.
    let routine = chain(liar.author(), 3);
    world.hear(liar.entries(&routine));
    assert!(
        world
            .washington
            .disk
            .holds(&routine[2].chain(), 2)
            .is_some()
    );
    let otherwise = Header {
        previous: Some(EntryId([9; 32])),
        ..flood[5].clone()
    };
    world.hear(liar.entries(&[otherwise]));
    assert!(world.named().contains(&Misbehaviour::Equivocation));
    world.our_side_goes_on();
    // Then a little every second.
    let before = held(&world);
    world.now += 60_000;
    world.hear(liar.entries(&flood[before as usize..]));
    assert!((25..=40).contains(&(held(&world) - before)));
}
