//! Many boots of one node: honest ones, copies, and those that a liar invents.

use std::collections::BTreeSet;

use openline_proto::bodies::{Body, HaveChain};
use openline_sim::station::{Begin, Station};
use openline_wire::codes::Stream;
use openline_wire::header::Header;
use openline_wire::ids::BootId;
use openline_wire::limits;

use super::world::{Liar, World, author, end_of, start, texts};
use super::world::{WAY, at};

fn boot(n: u32) -> BootId {
    let mut name = [0x55; 16];
    name[..4].copy_from_slice(&n.to_be_bytes());
    BootId(name)
}

fn boots_held(world: &World) -> usize {
    let side = world.nodes.1.side;
    let of_moscow = world.washington.disk.entries().filter_map(|stored| {
        let author = stored.entry.header().author;
        (author.node == side.node).then_some(author.boot)
    });
    of_moscow.collect::<BTreeSet<_>>().len()
}

/// OL-444: nobody is blamed, because a machine that crashes for hours looks the same.
#[test]
fn a_flood_of_small_boots_is_followed_to_a_bound_and_ends_when_one_covers_them() {
    let mut world = World::open();
    let mut liar = world.liar();
    let starts: Vec<Header> = (0..500)
        .map(|n| start(author(&world.nodes.1, boot(n)), Vec::new()))
        .collect();
    world.hear(liar.entries(&starts));
    assert_eq!(world.named().len(), 0);
    assert_eq!(boots_held(&world), limits::BOOTS);
    // That more was sent than is taken in is said, whatever is behind it (OL-445).
    assert_eq!(world.flood_alarms(), 1);
    world.our_side_goes_on();
    // Moscow's honest station has them all now, so its next boot covers them, and is heard.
    world.restart_moscow();
    world.say_at_moscow("Moscow is heard again.");
    world.run(8_000);
    assert_eq!(texts(&world.washington.disk, "Moscow is heard again."), 1);
}

/// OL-445: what a boot says that it holds is written down once it has written anything itself. Names of boots cost their
/// sender nothing.
#[test]
fn boots_that_wrote_nothing_cost_no_disk() {
    let mut world = World::open();
    world.say_at_washington("One.");
    world.run(1_000);
    let ours = world.washington.author();
    let holds_ours = HaveChain {
        boot: ours.boot.0.to_vec(),
        stream: Stream::Urgent,
        size: 1,
        ahead: Vec::new(),
    };
    let before = world.washington.disk.confirmations();
    let mut speak = |n: u32, writes: bool| {
        let mut liar = Liar::under(&world.nodes.1, &world.moscow.disk, boot(n));
        let have = liar.have(false, vec![holds_ours.clone()]);
        let mut frames = liar.frames(&[Body::Have(have)]);
        if writes {
            frames.extend(liar.entries(&[start(liar.author(), Vec::new())]));
        }
        world.hear(frames);
        // What is only noted goes to the disk with the next entry.
        world.say_at_washington("Two.");
        world.run(1_000);
        world.washington.disk.confirmations() - before
    };
    for n in 0..20 {
        assert_eq!(speak(n, false), 0, "boot {n}");
    }
    assert_eq!(speak(20, true), 1);
}

/// OL-444: each of four hundred boots covers the one before it; they come in the worst order and all arrive.
#[test]
fn an_honest_crowd_of_boots_arrives_in_any_order() {
    let mut world = World::open();
    let mut liar = world.liar();
    let mut starts: Vec<Header> = Vec::new();
    for n in 0..400 {
        let frontier = starts.last().map(end_of).into_iter().collect();
        starts.push(start(author(&world.nodes.1, boot(n)), frontier));
    }
    // Every other one first: none of them is covered yet.
    let (later, first): (Vec<_>, Vec<_>) = starts
        .into_iter()
        .partition(|it| it.author.boot.0[3] % 2 == 1);
    world.hear(liar.entries(&first));
    assert_eq!(boots_held(&world), limits::BOOTS);
    let mut waiting = [first, later].concat();
    for round in 0.. {
        assert!(round < 400, "{} still wait", waiting.len());
        world.hear(liar.entries(&waiting));
        let disk = &world.washington.disk;
        waiting.retain(|it| disk.holds(&it.chain(), 0).is_none());
        if waiting.is_empty() {
            break;
        }
    }
    assert_eq!(world.named().len(), 0);
}

/// OL-422: starts that name each other in every way make no work that grows with the number of ways.
#[test]
fn starts_that_name_all_before_them_are_walked_once() {
    let mut world = World::open();
    let mut liar = world.liar();
    let mut starts: Vec<Header> = Vec::new();
    for n in 0..150 {
        let mut frontier: Vec<_> = starts.iter().map(end_of).collect();
        frontier.sort_by_key(|end| (end.boot, end.stream));
        starts.push(start(author(&world.nodes.1, boot(n)), frontier));
    }
    for header in &starts {
        let whole = Body::Entries(vec![liar.signed(header)]);
        let pieces = openline_proto::fragments::cut(
            u64::from(header.author.boot.0[3]),
            &openline_wire::cbor::Canonical::to_bytes(&whole),
        );
        let bodies: Vec<Body> = pieces.into_iter().map(Body::Fragment).collect();
        world.hear(liar.frames(&bodies));
    }
    assert_eq!(boots_held(&world), 151);
    let last = HaveChain {
        boot: starts[149].author.boot.0.to_vec(),
        stream: Stream::Urgent,
        size: 1,
        ahead: Vec::new(),
    };
    for chains in [Vec::new(), vec![last]] {
        let have = liar.have(true, chains);
        world.hear(liar.frames(&[Body::Have(have)]));
    }
    world.our_side_goes_on();
}

/// OL-421: what a *have* must say of sixty boots with three chains each does not fit into one frame, and arrives all the same. The world
/// looks at the size of each frame.
#[test]
fn moscow_crashed_sixty_times_while_washington_was_away() {
    let mut world = World::open();
    let disk = world.moscow.disk.clone();
    let mut station = Station::start(&world.nodes.1, disk, boot(0), [9; 32], at(world.now));
    for n in 1..=60u32 {
        let ticket = u64::from(n);
        station.command(
            at(world.now),
            ticket,
            super::world::routine(&format!("boot {n}")),
        );
        station.command(
            at(world.now),
            ticket,
            super::world::note(&format!("note {n}")),
        );
        assert!(station.pump(at(world.now), &mut u64::MAX.clone()));
        let (disk, seed) = (station.disk.clone(), [n as u8; 32]);
        station = Station::start(&world.nodes.1, disk, boot(n), seed, at(world.now));
    }
    world.moscow = station;
    world.run(30_000);
    for n in 1..=60 {
        assert_eq!(
            texts(&world.washington.disk, &format!("boot {n}")),
            1,
            "{n}"
        );
        assert_eq!(
            texts(&world.washington.disk, &format!("note {n}")),
            1,
            "{n}"
        );
    }
    let status = world.washington.status(world.now()).expect("a line");
    assert_eq!((status.unconfirmed, world.named().len()), (0, 0));
    let status = world.moscow.status(world.now()).expect("a line");
    assert_eq!(status.unconfirmed, 0);
}

/// OL-443: a copy asks for new keys while the original answers, and is refused; when the original is gone it is not.
#[test]
fn a_copys_request_for_new_keys_is_refused_while_the_original_is_freshly_echoed() {
    let mut world = World::open();
    let generation = |world: &World| {
        let status = world.washington.status(world.now());
        status.expect("a line").generation
    };
    let before = generation(&world);
    let begin = Begin {
        boot: boot(1),
        sealing_boot: boot(1),
        seed: [5; 32],
        hints: vec![WAY],
        asks_for_generation: true,
    };
    let disk = world.moscow.disk.backup();
    let copy = Station::begin(&world.nodes.1, disk, &begin, at(world.now));
    let requests = |copy: &mut Station, now: u64| {
        assert!(copy.pump(at(now), &mut u64::MAX.clone()));
        std::mem::take(&mut copy.sent)
    };
    let mut copy = copy;
    let mut times = 0;
    for _ in 0..20 {
        world.run(1_000);
        let asked: Vec<_> = requests(&mut copy, world.now)
            .into_iter()
            .map(|(_, b)| b)
            .collect();
        times += usize::from(!asked.is_empty());
        world.hear(asked);
    }
    assert!(times >= 4, "it asks again and again, ever more rarely");
    assert_eq!(generation(&world), before, "the original still works");
    // The original falls silent for longer than two echo periods; the copy is all that is left.
    world.now += 2 * world.nodes.1.cadences.echo + 1;
    world.moscow = copy;
    world.run(70_000);
    assert!(generation(&world) > before);
    world.say_at_moscow("What is left of Moscow.");
    world.run(3_000);
    assert_eq!(texts(&world.washington.disk, "What is left of Moscow."), 1);
}
