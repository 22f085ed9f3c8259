//! Lies in what is sealed and not signed: *have*, *want*, pieces, key messages, garbage.

use openline_proto::bodies::{Body, Echo, Fragment, HaveChain, Want};
use openline_proto::contract::{Misbehaviour, Route};
use openline_proto::verdict::Verdict;
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::Stream;
use openline_wire::ids::BootId;
use openline_wire::limits;

use super::world::{Liar, UDP, World};

fn names(world: &World) -> Vec<Misbehaviour> {
    world.named().into_iter().collect()
}

/// Bytes that mean nothing, the same in each run.
fn garbage(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as u8
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn a_have_of_giant_ranges_is_a_lie_about_our_chains_and_nothing_else() {
    let mut world = World::open();
    let mut liar = world.liar();
    let ours = world.washington.author().boot.0.to_vec();
    let theirs = liar.boot.0.to_vec();
    let giant = |boot: Vec<u8>| HaveChain {
        boot,
        stream: Stream::Urgent,
        size: u64::MAX,
        ahead: vec![(u64::MAX, u64::MAX); limits::HAVE_RANGES],
    };
    let chains = vec![giant(theirs), giant(ours), giant(vec![0xEE; 16])];
    let have = liar.have(true, chains);
    world.hear(liar.frames(&[Body::Have(have)]));
    assert_eq!(names(&world), [Misbehaviour::FalseHeads]);
    assert_eq!(world.evidence(), 1);
    world.our_side_goes_on();
}

/// OL-423: echoes that were sealed while the peer's machine ran, and are played when it is off, must not make it look
/// alive. Whoever seals them knows our clock, and the form of a challenge.
#[test]
fn echoes_of_challenges_that_were_never_sent_prove_no_life() {
    let mut world = World::open();
    let mut liar = world.liar();
    let boot = world.washington.author().boot.0.to_vec();
    let begun = world.now;
    let sealed: Vec<(u64, Vec<u8>)> = (1..400u64)
        .map(|step| {
            let clock = begun + step * 50;
            let challenge = if step % 2 == 0 { clock } else { clock << 24 };
            let mut have = liar.have(false, Vec::new());
            have.echo = Some(Echo {
                boot: boot.clone(),
                challenge,
                lay: 0,
            });
            (clock, liar.frame(&Body::Have(have).to_bytes()))
        })
        .collect();
    for (clock, frame) in sealed {
        world.now = clock + 1;
        world.hear(vec![frame]);
    }
    let status = world.washington.status(world.now()).expect("a line");
    assert_eq!(status.verdict, Verdict::NoSignOfLife);
    world.our_side_goes_on();
}

/// OL-411: that a boot claims to hold everything is its own loss, and no other boot's.
#[test]
fn a_boot_that_claims_to_hold_all_hides_nothing_from_the_next() {
    let mut world = World::open();
    let mut liar = world.liar();
    world.run(10);
    world.say_at_washington("For whoever is honest.");
    let ours = world.washington.author().boot.0.to_vec();
    let chains = Stream::ALL.iter().map(|&stream| HaveChain {
        boot: ours.clone(),
        stream,
        size: 1_000,
        ahead: Vec::new(),
    });
    let have = liar.have(true, chains.collect());
    world.hear(liar.frames(&[Body::Have(have)]));
    world.our_side_goes_on();
    let arrived = super::world::texts(&world.moscow.disk, "For whoever is honest.");
    assert_eq!(arrived, 1);
}

/// A want is sixteen bytes and its answer thousands: it draws what the boot lacks, once.
#[test]
fn wants_of_places_that_do_not_exist_draw_nothing() {
    let mut world = World::open();
    let mut liar = world.liar();
    let ours = world.washington.author().boot.0.to_vec();
    world.hear(liar.frames(&[Body::Want(Vec::new())]));
    let quiet = world.hear(Vec::new());
    assert_eq!(quiet.len(), 0, "all was said");
    let want = |sequence| Want {
        boot: ours.clone(),
        stream: Stream::Service,
        sequence,
    };
    let wants = Body::Want(
        [u64::MAX, 1 << 40]
            .iter()
            .cycle()
            .take(16)
            .map(|&n| want(n))
            .collect(),
    );
    let drawn = world.hear(liar.frames(&vec![wants; 100]));
    assert_eq!(drawn.len(), 0);
    assert_eq!(names(&world), []);
    world.our_side_goes_on();
}

/// OL-401
#[test]
fn garbage_in_a_sealed_frame_is_malformed_however_much_comes() {
    let mut world = World::open();
    let mut liar = world.liar();
    let frames = (0..2_000).map(|n| liar.frame(&garbage(n, 1 + n as usize % 900)));
    let frames = frames.collect();
    world.hear(frames);
    assert_eq!(names(&world), [Misbehaviour::Malformed]);
    assert!(world.evidence() <= 8, "{}", world.evidence());
    world.our_side_goes_on();
}

/// OL-403
#[test]
fn garbage_in_pieces_is_malformed_too() {
    let mut world = World::open();
    let mut liar = world.liar();
    let piece = |index| Fragment {
        whole: 7,
        index,
        count: 2,
        bytes: garbage(index, 500),
    };
    world.hear(liar.frames(&[Body::Fragment(piece(0)), Body::Fragment(piece(1))]));
    assert_eq!(names(&world), [Misbehaviour::Malformed]);
    // Only entries and keys may come in pieces; a want in pieces is a lie as well.
    let mut world = World::open();
    let mut liar = world.liar();
    let whole = Body::Want(Vec::new()).to_bytes();
    let only = Fragment {
        whole: 8,
        index: 0,
        count: 1,
        bytes: whole,
    };
    world.hear(liar.frames(&[Body::Fragment(only)]));
    assert_eq!(names(&world), [Misbehaviour::Malformed]);
    world.our_side_goes_on();
}

/// OL-403
#[test]
fn pieces_that_never_become_whole_cost_nothing_but_the_way() {
    let mut world = World::open();
    let mut liar = world.liar();
    let pieces: Vec<Body> = (0..3_000)
        .map(|whole| Fragment {
            whole,
            index: whole % 128,
            count: limits::FRAGMENTS as u64,
            bytes: garbage(whole, 1_000),
        })
        .map(Body::Fragment)
        .collect();
    world.hear(liar.frames(&pieces));
    assert_eq!(names(&world), []);
    world.our_side_goes_on();
}

#[test]
fn garbage_as_key_messages_is_malformed_and_the_keys_stay() {
    let mut world = World::open();
    let before = world.washington.status(world.now()).expect("a line");
    let mut liar = world.liar();
    let keys: Vec<Body> = (0..500)
        .map(|n| Body::Keys(garbage(n, n as usize % 900)))
        .collect();
    world.hear(liar.frames(&keys));
    assert_eq!(names(&world), [Misbehaviour::Malformed]);
    let after = world.washington.status(world.now()).expect("a line");
    assert_eq!(
        (before.generation, before.epoch),
        (after.generation, after.epoch)
    );
    world.our_side_goes_on();
}

/// OL-443: whoever carried the tape can seal such a frame, so it says nothing about Moscow.
#[test]
fn garbage_from_whoever_carried_the_tape_accuses_nobody() {
    let mut world = World::open();
    let mut liar = world.liar();
    let mut frames = Vec::new();
    for n in 0..50 {
        let body = Body::Keys(garbage(n, 300)).to_bytes();
        frames.extend(liar.channel.seal_request(UDP, &body).expect("a key"));
    }
    liar.channel.begin_generation(1);
    let unsigned = liar.channel.send_generation_request([7; 64]);
    unsigned.expect("a request");
    for message in liar.channel.keys_to_send().to_vec() {
        let body = Body::Keys(message.bytes).to_bytes();
        frames.extend(liar.channel.seal_request(UDP, &body).expect("a key"));
    }
    let before = world.washington.status(world.now()).expect("a line");
    world.hear(frames);
    let after = world.washington.status(world.now()).expect("a line");
    assert_eq!(names(&world), []);
    assert_eq!(
        before.generation, after.generation,
        "its signature is no signature"
    );
    world.our_side_goes_on();
}

/// OL-434: the peer may write anybody's address on its frames. Whoever that is gets three frames of ours for one.
#[test]
fn a_frame_with_a_third_partys_address_draws_three_frames_at_most() {
    let mut world = World::open();
    for n in 0..50 {
        world.say_at_washington(&format!("A backlog for whoever comes, number {n}."));
    }
    world.run(2_000);
    let victim = Route {
        bearer: 0,
        path: 99,
    };
    let mut drawn = 0;
    for boot in 0..4 {
        let mut liar = Liar::under(
            &world.nodes.1,
            &world.moscow.disk,
            BootId([0xA0 + boot; 16]),
        );
        let mut have = liar.have(false, Vec::new());
        have.answer = true;
        let frames = liar.frames(&[Body::Have(have)]);
        let sent = world.hear_on(victim, frames);
        drawn += sent.iter().filter(|(route, _)| *route == victim).count();
        for _ in 0..20 {
            world.now += 250;
            let sent = world.hear(Vec::new());
            drawn += sent.iter().filter(|(route, _)| *route == victim).count();
        }
    }
    assert!((1..=12).contains(&drawn), "{drawn} frames for 4");
    world.our_side_goes_on();
}
