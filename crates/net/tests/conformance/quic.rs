//! The same situations over `quic`, where what is on the wire is QUIC's: a frame is not a datagram there, and who sends is not told
//! by an address. Then what only a bearer with TLS has: who may come in, and what a stranger hears.
//!
//! OL-821 OL-822 OL-823 OL-824 OL-825

use std::net::UdpSocket;
use std::sync::Arc;
use std::time::{Duration, Instant};

use openline_net::{Bearer, PathId, QuicBearer, SHORTEST};
use openline_wire::haste::Haste;
use openline_wire::limits;

use super::doors::House;
use super::faults::Fault;
use super::link::{self, PATIENCE, frame, sleep_at};
use super::relay::Relay;

const ANY: &str = "127.0.0.1:0";

/// Two stations and the wire between them.
struct Pair {
    near: Bearer,
    far: Bearer,
    path: PathId,
    relay: Relay,
}

fn bearer(house: &Arc<House>, at: &str) -> QuicBearer {
    QuicBearer::bind(at.parse().unwrap(), house.clone()).unwrap()
}

impl Pair {
    fn new() -> Self {
        let [near, far] = House::pair();
        Self::of(&near, &far)
    }

    fn of(near_house: &Arc<House>, far_house: &Arc<House>) -> Self {
        let (near, far) = (bearer(near_house, ANY), bearer(far_house, ANY));
        let relay = Relay::before(far.address());
        Self {
            path: near.path_to(relay.address, far_house.node()).unwrap(),
            near: Bearer::Quic(Box::new(near)),
            far: Bearer::Quic(Box::new(far)),
            relay,
        }
    }

    /// Lets both work, and gives what each heard.
    fn work(&self) -> [Vec<(PathId, Vec<u8>)>; 2] {
        let both = [&self.near, &self.far];
        both.iter().for_each(|bearer| {
            bearer.tend();
        });
        sleep_at(&both);
        both.map(|bearer| {
            let mut heard = Vec::new();
            let take = |path, bytes: &[u8]| heard.push((path, bytes.to_vec()));
            bearer.receive(64, take).unwrap();
            heard
        })
    }

    /// Lets both work until the far side has heard so much.
    fn until(&self, is_so: impl Fn(&[Vec<u8>]) -> bool) -> Vec<Vec<u8>> {
        let (mut heard, end) = (Vec::new(), Instant::now() + PATIENCE);
        while !is_so(&heard) {
            assert!(Instant::now() < end, "not so: {} frames", heard.len());
            let [_, far] = self.work();
            heard.extend(far.into_iter().map(|(_, frame)| frame));
        }
        heard
    }

    /// The frame is sent again and again, as the core does it, until it has come. What else came before?
    fn until_through(&self, frame: &[u8]) -> Vec<Vec<u8>> {
        let (mut heard, end) = (Vec::new(), Instant::now() + PATIENCE);
        let mut next = Instant::now();
        loop {
            assert!(Instant::now() < end, "nothing comes through");
            if Instant::now() >= next {
                self.near.send(self.path, frame, Haste::Text);
                next = Instant::now() + Duration::from_millis(100);
            }
            let [_, far] = self.work();
            heard.extend(far.into_iter().map(|(_, frame)| frame));
            if heard.iter().any(|it| it == frame) {
                heard.retain(|it| it != frame);
                return heard;
            }
        }
    }

    fn for_a_while(&self, time: Duration) -> Vec<Vec<u8>> {
        let (mut heard, end) = (Vec::new(), Instant::now() + time);
        while Instant::now() < end {
            let [_, far] = self.work();
            heard.extend(far.into_iter().map(|(_, frame)| frame));
        }
        heard
    }

    fn send(&self, frame: &[u8]) {
        self.near.send(self.path, frame, Haste::Text);
    }
}

fn numbers(frames: &[Vec<u8>]) -> Vec<u8> {
    frames.iter().map(|frame| frame[0]).collect()
}

#[test]
fn the_first_frames_wait_for_the_connection_and_an_answer_goes_back_on_it() {
    let pair = Pair::new();
    (1..=5).for_each(|n| pair.send(&frame(n, 60)));
    let mut way_back = None;
    let end = Instant::now() + PATIENCE;
    let mut heard = Vec::new();
    while heard.len() < 5 {
        assert!(Instant::now() < end);
        let [_, far] = pair.work();
        far.into_iter().for_each(|(path, frame)| {
            way_back = Some(path);
            heard.push(frame);
        });
    }
    assert_eq!(numbers(&heard), [1, 2, 3, 4, 5]);
    pair.far
        .send(way_back.unwrap(), &frame(99, 40), Haste::Text);
    let back = loop {
        assert!(Instant::now() < end);
        let [near, _] = pair.work();
        if !near.is_empty() {
            break near;
        }
    };
    assert_eq!(back, [(pair.path, frame(99, 40))]);
}

#[test]
fn frames_that_wait_for_a_connection_are_bounded_and_the_rest_are_counted() {
    let pair = Pair::new();
    (0..20).for_each(|n| pair.send(&frame(n, 60)));
    assert_eq!(pair.near.drops().not_sent, 12);
    let heard = pair.until(|heard| heard.len() == 8);
    assert_eq!(numbers(&heard), (12..20).collect::<Vec<_>>());
}

#[test]
fn the_shortest_and_the_longest_pass() {
    let pair = Pair::new();
    pair.until_through(&frame(1, 60));
    for length in [SHORTEST, limits::DATAGRAM] {
        pair.send(&frame(2, length));
        let heard = pair.until(|heard| heard.iter().any(|it| it.len() == length));
        assert!(heard.contains(&frame(2, length)));
    }
}

#[test]
fn what_cannot_be_a_frame_is_dropped_and_counted_whoever_sends_it() {
    let pair = Pair::new();
    pair.until_through(&frame(1, 60));
    pair.send(&[7; SHORTEST - 1]);
    // Longer than any datagram may be: it goes as a stream, and is given up at the limit.
    pair.send(&vec![7; 9_000]);
    let heard = pair.until_through(&frame(3, 60));
    assert!(heard.iter().all(|it| it[0] == 1), "{:?}", numbers(&heard));
    let end = Instant::now() + PATIENCE;
    while pair.far.drops().size < 2 {
        assert!(Instant::now() < end, "{:?}", pair.far.drops());
        pair.work();
    }
}

#[test]
fn what_is_lost_takes_nothing_else_with_it() {
    let pair = Pair::new();
    pair.until_through(&frame(0, 60));
    pair.relay.set(Fault::EverySecondLost);
    let sent: Vec<u8> = (1..=40).collect();
    for n in &sent {
        pair.send(&frame(*n, 60));
        pair.for_a_while(Duration::from_millis(1));
    }
    pair.relay.set(Fault::None);
    let heard = pair.until_through(&frame(99, 60));
    assert!(heard.iter().all(|it| *it == frame(it[0], 60)));
}

#[test]
fn a_connection_is_made_though_half_of_all_packets_are_lost() {
    let pair = Pair::new();
    pair.relay.set(Fault::EverySecondLost);
    pair.until_through(&frame(1, 60));
}

#[test]
fn what_comes_twice_on_the_wire_comes_once() {
    let pair = Pair::new();
    pair.until_through(&frame(0, 60));
    pair.relay.set(Fault::Doubled);
    (1..=9).for_each(|n| pair.send(&frame(n, 60)));
    let mut heard = numbers(&pair.until(|heard| heard.len() >= 9));
    heard.extend(numbers(&pair.for_a_while(Duration::from_millis(100))));
    heard.retain(|n| *n != 0);
    assert_eq!(heard, (1..=9).collect::<Vec<_>>());
}

#[test]
fn what_was_changed_on_the_way_never_arrives_changed() {
    let pair = Pair::new();
    pair.until_through(&frame(0, 60));
    pair.relay.set(Fault::EverySecondGarbled);
    for n in 1..=40 {
        pair.send(&frame(n, 60));
        pair.for_a_while(Duration::from_millis(1));
    }
    pair.relay.set(Fault::None);
    let heard = pair.until_through(&frame(99, 60));
    assert!(heard.iter().all(|it| *it == frame(it[0], 60)));
}

#[test]
fn what_is_late_comes_late_and_whole() {
    let pair = Pair::new();
    pair.relay.set(Fault::Late(Duration::from_millis(300)));
    (1..=3).for_each(|n| pair.send(&frame(n, 60)));
    assert_eq!(numbers(&pair.until(|heard| heard.len() == 3)), [1, 2, 3]);
}

#[test]
fn a_cut_wire_carries_at_once_when_it_is_mended() {
    let pair = Pair::new();
    pair.until_through(&frame(0, 60));
    pair.relay.set(Fault::Cut);
    for n in 1..=10 {
        pair.send(&frame(n, 60));
        pair.for_a_while(Duration::from_millis(100));
    }
    pair.relay.set(Fault::None);
    // The connection has outlived it: the first frame needs no round trip first.
    pair.send(&frame(50, 60));
    let heard = pair.until(|heard| heard.iter().any(|it| it[0] == 50));
    assert!(heard.iter().all(|it| *it == frame(it[0], 60)));
}

#[test]
fn garbage_harms_nothing() {
    let pair = Pair::new();
    pair.until_through(&frame(0, 60));
    for garbage in [&[0xff; 7][..], &[0; 3], &[0x40; 1_400], &[0xc0; 1_400], &[]] {
        pair.relay.inject(garbage);
        pair.until_through(&frame(1, 60));
    }
}

#[test]
fn a_flood_makes_nobody_wait() {
    let pair = Pair::new();
    pair.until_through(&frame(0, 60));
    (0..2_000).for_each(|n| pair.send(&frame((n % 90) as u8, 1_000)));
    let heard = pair.until_through(&frame(99, 60));
    assert!(heard.len() > 10, "{}", heard.len());
}

/// A restarted station knows nothing of its connections, and says nothing to who uses them.
#[test]
fn the_far_station_restarts_and_is_called_again() {
    let [near_house, far_house] = House::pair();
    let mut pair = Pair::of(&near_house, &far_house);
    pair.until_through(&frame(1, 60));
    let Bearer::Quic(far) = &pair.far else {
        panic!("no QUIC")
    };
    let at = far.address().to_string();
    // Only when the old one is gone is its address free.
    pair.far = Bearer::Quic(Box::new(bearer(&far_house, ANY)));
    pair.far = Bearer::Quic(Box::new(bearer(&far_house, &at)));
    let begun = Instant::now();
    pair.until_through(&frame(2, 60));
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn both_call_at_once_and_both_are_heard() {
    let [near_house, far_house] = House::pair();
    let (near, far) = (bearer(&near_house, ANY), bearer(&far_house, ANY));
    let there = near.path_to(far.address(), far_house.node()).unwrap();
    let back = far.path_to(near.address(), near_house.node()).unwrap();
    let both = [Bearer::Quic(Box::new(near)), Bearer::Quic(Box::new(far))];
    link::hear_each_other(&both, [there, back]);
}

#[test]
fn a_peer_with_an_older_key_alone_is_called_with_that_in_its_turn() {
    let [near_house, far_house] = House::pair();
    near_house.knows(&far_house, &[[33; 32], [32; 32], [20; 32]]);
    Pair::of(&near_house, &far_house).until_through(&frame(1, 60));
}

/// Sends until somebody would long have answered, and tells whether anybody did.
fn is_answered(near: &Arc<House>, far: &Arc<House>) -> bool {
    let pair = Pair::of(near, far);
    let end = Instant::now() + Duration::from_millis(1_500);
    while Instant::now() < end {
        pair.send(&frame(1, 60));
        pair.for_a_while(Duration::from_millis(50));
    }
    assert!(pair.relay.seen() > 0);
    pair.relay.came_back() > 0
}

#[test]
fn who_cannot_knock_hears_nothing() {
    let [near, far] = House::pair();
    near.knows(&far, &[[99; 32]]);
    assert!(!is_answered(&near, &far));
}

#[test]
fn who_cannot_be_remembered_hears_nothing() {
    let [near, far] = House::pair();
    *far.disk_is_full.lock().unwrap() = true;
    assert!(!is_answered(&near, &far));
}

/// The one who answers has another key than the card says: somebody stands between, or the address is another's.
/// OL-449: whoever announces the address of another line's station does not shut that one out.
#[test]
fn a_peer_that_names_another_ones_address_takes_no_way_from_it() {
    let [near, far] = House::pair();
    let liar = House::new(66);
    near.knows(&liar, &[[30; 32]]);
    let pair = Pair::of(&near, &far);
    let Bearer::Quic(quic) = &pair.near else {
        panic!("no QUIC")
    };
    let at = pair.relay.address;
    let theirs = quic.path_to(at, liar.node()).unwrap();
    assert_ne!(theirs, pair.path);
    assert_eq!(quic.path_to(at, far.node()), Some(pair.path));
    assert_eq!(quic.path_to(at, liar.node()), Some(theirs));
    pair.near.send(theirs, &frame(1, 60), Haste::Text);
    pair.until_through(&frame(2, 60));
}

#[test]
fn who_has_another_key_than_the_card_says_gets_no_frame_and_gives_none() {
    let [near, far] = House::pair();
    let impostor = House::new(66);
    impostor.knows(&near, &[[10; 32]]);
    impostor.opens_to(&[[20; 32]]);
    let pair = Pair {
        path: 0,
        ..Pair::of(&near, &impostor)
    };
    let Bearer::Quic(quic) = &pair.near else {
        panic!("no QUIC")
    };
    let path = quic.path_to(pair.relay.address, far.node()).unwrap();
    let end = Instant::now() + Duration::from_millis(1_500);
    while Instant::now() < end {
        pair.near.send(path, &frame(1, 60), Haste::Text);
        assert!(pair.for_a_while(Duration::from_millis(50)).is_empty());
    }
}

#[test]
fn a_node_that_is_no_peer_any_more_is_refused() {
    let [near, far] = House::pair();
    let former = House::new(55);
    former.knows(&far, &[[20; 32]]);
    let pair = Pair::of(&former, &far);
    let end = Instant::now() + Duration::from_millis(1_500);
    while Instant::now() < end {
        pair.send(&frame(1, 60));
        assert!(pair.for_a_while(Duration::from_millis(50)).is_empty());
    }
    drop(near);
}

/// Every first packet that a stranger might try, to a station that has a connection: no answer to any.
#[test]
fn a_stranger_gets_silence_whatever_he_sends_first() {
    let [near_house, far_house] = House::pair();
    let pair = Pair::of(&near_house, &far_house);
    pair.until_through(&frame(1, 60));
    let Bearer::Quic(far) = &pair.far else {
        panic!("no QUIC")
    };
    let stranger = UdpSocket::bind(ANY).unwrap();
    stranger.connect(far.address()).unwrap();
    stranger
        .set_read_timeout(Some(Duration::from_millis(300)))
        .unwrap();
    let recorded = pair.relay.first();
    for packet in first_packets(&recorded) {
        let _ = stranger.send(&packet);
        pair.work();
    }
    // Alone, so that what was recorded is not the connection's own any more.
    drop(pair);
    let after = bearer(&far_house, ANY);
    stranger.connect(after.address()).unwrap();
    for packet in first_packets(&recorded) {
        let _ = stranger.send(&packet);
        after
            .receive(64, |_, _| panic!("a stranger's frame"))
            .unwrap();
        after.tend();
    }
    assert!(stranger.recv(&mut [0; 2_000]).is_err());
}

/// Versions, kinds, lengths and ids of all kinds, and what was recorded: whole, cut off, changed, and under other ids.
fn first_packets(recorded: &[u8]) -> Vec<Vec<u8>> {
    let mut packets = vec![recorded.to_vec()];
    for first in [0x40_u8, 0x7f, 0xc0, 0xc3, 0xd0, 0xe0, 0xf0, 0xff] {
        for version in [0_u32, 1, 2, 0x6b33_43cf, 0x0a1a_2a3a, 0xff00_001d, u32::MAX] {
            for id in [0_usize, 1, 7, 8, 9, 19, 20, 21, 255] {
                for length in [7 + id, 30 + id, 1_199, 1_200, 1_252] {
                    let mut packet = vec![first];
                    packet.extend(version.to_be_bytes());
                    packet.push(id as u8);
                    packet.extend(vec![0x5a; id]);
                    packet.resize(length.max(packet.len()), 0xa5);
                    packets.push(packet);
                }
            }
        }
    }
    for length in (0..recorded.len()).step_by(37) {
        packets.push(recorded[..length].to_vec());
    }
    for place in 0..80.min(recorded.len()) {
        let mut changed = recorded.to_vec();
        changed[place] ^= 0x11;
        packets.push(changed);
    }
    packets
}
