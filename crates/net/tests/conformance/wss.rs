//! The same situations over `wss`, where what is on the wire is a stream of TCP: nothing is lost or changed there, but it stops,
//! breaks off, is slow, and goes through a proxy. Then who may come in, and who takes up room.
//!
//! OL-821 OL-822 OL-826 OL-827

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use openline_net::{Bearer, PathId, Proxy, SHORTEST, WsBearer};
use openline_wire::haste::Haste;
use openline_wire::limits;

use super::curious::Curious;
use super::doors::House;
use super::link::{self, PATIENCE, frame, sleep_at};
use super::pipe::{Pipe, Proxying};

struct Pair {
    near: Bearer,
    far: Bearer,
    path: PathId,
    pipe: Pipe,
}

fn bearer(house: &Arc<House>, at: &str, proxy: Option<Proxy>) -> WsBearer {
    WsBearer::bind(at.parse().unwrap(), house.clone(), proxy).unwrap()
}

const ANY: &str = "127.0.0.1:0";

fn address(bearer: &Bearer) -> SocketAddr {
    match bearer {
        Bearer::Ws(ws) => ws.address(),
        _ => panic!("no WebSocket"),
    }
}

impl Pair {
    fn new() -> Self {
        let [near, far] = House::pair();
        Self::of(&near, &far)
    }

    fn of(near_house: &Arc<House>, far_house: &Arc<House>) -> Self {
        let (near, far) = (bearer(near_house, ANY, None), bearer(far_house, ANY, None));
        let pipe = Pipe::before(far.address(), Proxying::No);
        let place = ("127.0.0.1", pipe.address.port());
        Self {
            path: near.path_to(place, vec![pipe.address], far_house.node()),
            near: Bearer::Ws(Box::new(near)),
            far: Bearer::Ws(Box::new(far)),
            pipe,
        }
    }

    /// The near side knows the far one by name alone, and a proxy that knows more.
    fn through(proxying: Proxying, proxy: &str) -> Self {
        let [near_house, far_house] = House::pair();
        let far = bearer(&far_house, ANY, None);
        let pipe = Pipe::before(far.address(), proxying);
        let proxy = Proxy::parse(&proxy.replace("PROXY", &pipe.address.to_string())).unwrap();
        let near = bearer(&near_house, ANY, Some(proxy.clone()));
        near.proxy_is_at(proxy.resolve());
        Self {
            path: near.path_to(("far.example", 443), Vec::new(), far_house.node()),
            near: Bearer::Ws(Box::new(near)),
            far: Bearer::Ws(Box::new(far)),
            pipe,
        }
    }

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
                self.send(frame);
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

    /// Nothing comes through in a time in which it would have.
    fn assert_nothing_comes(&self) {
        let end = Instant::now() + Duration::from_millis(1_500);
        while Instant::now() < end {
            self.send(&frame(1, 60));
            let [near, far] = self.work();
            assert!(near.is_empty() && far.is_empty());
        }
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
    let (mut heard, end) = (Vec::new(), Instant::now() + PATIENCE);
    while heard.len() < 5 {
        assert!(Instant::now() < end);
        let [_, far] = pair.work();
        heard.extend(far);
    }
    let way_back = heard[0].0;
    assert!(heard.iter().all(|(path, _)| *path == way_back));
    let heard: Vec<_> = heard.into_iter().map(|(_, frame)| frame).collect();
    assert_eq!(numbers(&heard), [1, 2, 3, 4, 5]);
    assert!(pair.near.is_configured(pair.path) && !pair.far.is_configured(way_back));
    assert!(
        pair.far
            .url_of(way_back)
            .unwrap()
            .starts_with("wss://127.0.0.1:")
    );
    pair.far.send(way_back, &frame(99, 40), Haste::Text);
    loop {
        assert!(Instant::now() < end);
        let [near, _] = pair.work();
        if !near.is_empty() {
            assert_eq!(near, [(pair.path, frame(99, 40))]);
            break;
        }
    }
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
    for length in [SHORTEST, limits::DATAGRAM] {
        pair.send(&frame(2, length));
        let heard = pair.until(|heard| !heard.is_empty());
        assert_eq!(heard, [frame(2, length)]);
    }
}

/// What is too short is counted; who sends what is too long speaks another language, and is cut off.
#[test]
fn what_cannot_be_a_frame_goes_no_further() {
    let pair = Pair::new();
    pair.until_through(&frame(1, 60));
    pair.send(&[7; SHORTEST - 1]);
    let end = Instant::now() + PATIENCE;
    while pair.far.drops().size == 0 {
        assert!(Instant::now() < end);
        assert!(pair.work().iter().flatten().all(|(_, it)| it[0] == 1));
    }
    pair.send(&vec![7; limits::DATAGRAM + 1]);
    assert!(
        pair.until_through(&frame(3, 60))
            .iter()
            .all(|it| it[0] == 1)
    );
}

#[test]
fn what_is_late_comes_late_whole_and_in_order() {
    let pair = Pair::new();
    pair.until_through(&frame(0, 60));
    pair.pipe.delay(Duration::from_millis(300));
    (1..=9).for_each(|n| pair.send(&frame(n, 60)));
    let heard = pair.until(|heard| numbers(heard).ends_with(&[9]));
    let mut heard = numbers(&heard);
    heard.retain(|n| *n != 0);
    assert_eq!(heard, (1..=9).collect::<Vec<_>>());
}

#[test]
fn a_connection_that_stops_is_left_for_another_one() {
    let pair = Pair::new();
    pair.until_through(&frame(0, 60));
    pair.pipe.stop(true);
    let end = Instant::now() + Duration::from_secs(2);
    while Instant::now() < end {
        pair.send(&frame(1, 60));
        pair.work();
    }
    pair.pipe.stop(false);
    pair.until_through(&frame(2, 60));
    assert!(pair.pipe.connections() > 1);
}

#[test]
fn a_connection_that_is_broken_off_is_made_anew() {
    let pair = Pair::new();
    for n in 0..3 {
        pair.until_through(&frame(n, 60));
        pair.pipe.break_off();
    }
    pair.until_through(&frame(9, 60));
}

#[test]
fn a_flood_makes_nobody_wait_and_what_finds_no_room_is_counted() {
    let pair = Pair::new();
    pair.until_through(&frame(0, 60));
    pair.pipe.stop(true);
    (0..5_000).for_each(|n| pair.send(&frame((n % 90) as u8, 1_000)));
    assert!(pair.near.drops().not_sent > 100, "{:?}", pair.near.drops());
    pair.pipe.stop(false);
    let heard = pair.until_through(&frame(99, 60));
    assert!(heard.iter().all(|it| *it == frame(it[0], it.len())));
}

#[test]
fn the_far_station_restarts_and_is_called_again() {
    let [near_house, far_house] = House::pair();
    let mut pair = Pair::of(&near_house, &far_house);
    pair.until_through(&frame(1, 60));
    let at = address(&pair.far).to_string();
    pair.far = Bearer::Ws(Box::new(bearer(&far_house, ANY, None)));
    pair.far = Bearer::Ws(Box::new(bearer(&far_house, &at, None)));
    pair.until_through(&frame(2, 60));
}

#[test]
fn a_proxy_that_alone_knows_the_name_connects_us() {
    let pair = Pair::through(Proxying::Open, "http://PROXY");
    pair.until_through(&frame(1, 60));
    let pair = Pair::through(Proxying::Password("dXNlcjp3b3Jk"), "http://user:word@PROXY");
    pair.until_through(&frame(1, 60));
}

#[test]
fn a_proxy_that_refuses_lets_nothing_through() {
    Pair::through(Proxying::Refusing, "http://PROXY").assert_nothing_comes();
    Pair::through(Proxying::Password("x"), "http://user:word@PROXY").assert_nothing_comes();
}

#[test]
fn who_has_another_key_than_the_card_says_gets_no_frame() {
    let [near, far] = House::pair();
    let impostor = House::new(66);
    impostor.knows(&near, &[[10; 32]]);
    impostor.opens_to(&[[20; 32]]);
    let mut pair = Pair::of(&near, &impostor);
    let Bearer::Ws(ws) = &pair.near else {
        panic!("no WebSocket")
    };
    let place = ("127.0.0.1", pair.pipe.address.port());
    pair.path = ws.path_to(place, vec![pair.pipe.address], far.node());
    pair.assert_nothing_comes();
}

#[test]
fn a_node_that_is_no_peer_any_more_is_refused() {
    let [_, far] = House::pair();
    let former = House::new(55);
    former.knows(&far, &[[20; 32]]);
    Pair::of(&former, &far).assert_nothing_comes();
}

/// A node has few places, and its newest connections have them.
#[test]
fn a_node_that_connects_again_and_again_pushes_out_itself_alone() {
    let [near_house, far_house] = House::pair();
    let far = Bearer::Ws(Box::new(bearer(&far_house, ANY, None)));
    let at = address(&far);
    let (mut callers, mut ways) = (Vec::new(), Vec::new());
    let end = Instant::now() + PATIENCE;
    for n in 0..6 {
        let near = bearer(&near_house, ANY, None);
        let path = near.path_to(("127.0.0.1", at.port()), vec![at], far_house.node());
        let near = Bearer::Ws(Box::new(near));
        near.send(path, &frame(n, 60), Haste::Text);
        let mut way = None;
        while way.is_none() {
            assert!(Instant::now() < end);
            sleep_at(&[&near, &far]);
            near.receive(64, |_, _| ()).unwrap();
            far.receive(64, |path, _| way = Some(path)).unwrap();
        }
        ways.extend(way);
        callers.push(near);
    }
    let kept: Vec<bool> = ways.iter().map(|way| far.url_of(*way).is_some()).collect();
    assert_eq!(kept, [false, false, true, true, true, true]);
}

/// More than one look takes: the rest is not forgotten, though no descriptor tells of it.
#[test]
fn frames_that_came_at_once_are_all_handed_on_though_nothing_more_comes() {
    let pair = Pair::new();
    pair.until_through(&frame(0, 60));
    (1..=12).for_each(|n| pair.send(&frame(n, 1_000)));
    let (mut count, end) = (0, Instant::now() + PATIENCE);
    while count < 12 {
        assert!(Instant::now() < end, "{count}");
        let is_ready = {
            let wait = pair.far.wait();
            let mut source = [wait.source().unwrap()];
            let at_once = Some(&rustix::event::Timespec::default());
            rustix::event::poll(&mut source, at_once).unwrap();
            !source[0].revents().is_empty() || wait.time().is_some_and(|at| at <= Instant::now())
        };
        if is_ready {
            let mut taken = 0;
            pair.far.receive(2, |_, _| taken += 1).unwrap();
            assert!(taken <= 2);
            count += taken;
        }
    }
}

/// Cards are public, so who has one could look for the station that has its key: TLS shows it to who has knocked.
#[test]
fn a_stranger_who_speaks_tls_as_a_peer_does_sees_no_key() {
    let [_, far_house] = House::pair();
    let far = Bearer::Ws(Box::new(bearer(&far_house, ANY, None)));
    let seen = Arc::new(AtomicBool::new(false));
    let mut config = rustls::ClientConfig::builder()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Curious(Arc::clone(&seen))))
        .with_no_client_auth();
    for protocols in [
        vec![b"http/1.1".to_vec()],
        vec![b"http/1.1".to_vec(), vec![b'a'; 40]],
    ] {
        config.alpn_protocols = protocols;
        let name = "station.example".try_into().unwrap();
        let mut tls = rustls::ClientConnection::new(Arc::new(config.clone()), name).unwrap();
        let mut stream = TcpStream::connect(address(&far)).unwrap();
        let wait = Some(Duration::from_millis(50));
        stream.set_read_timeout(wait).unwrap();
        let mut ended = false;
        let end = Instant::now() + PATIENCE;
        while !ended {
            assert!(Instant::now() < end);
            far.receive(64, |_, _| ()).unwrap();
            ended = match tls.complete_io(&mut stream) {
                Ok(_) => !tls.is_handshaking(),
                Err(error) => error.kind() != ErrorKind::WouldBlock,
            };
        }
        assert!(tls.is_handshaking());
    }
    assert!(!seen.load(Ordering::SeqCst));
}

/// One name, two addresses, and nobody listens at the first.
#[test]
fn the_next_address_of_a_name_is_tried_at_once() {
    let mut pair = Pair::new();
    let Bearer::Ws(ws) = &pair.near else {
        panic!("no WebSocket")
    };
    let nobody = std::net::TcpListener::bind(ANY)
        .unwrap()
        .local_addr()
        .unwrap();
    let [_, far_house] = House::pair();
    let place = ("station.example", 443);
    pair.path = ws.path_to(place, vec![nobody, pair.pipe.address], far_house.node());
    pair.send(&frame(1, 60));
    assert_eq!(numbers(&pair.until(|heard| !heard.is_empty())), [1]);
}

/// Over a way that takes its time, so that both connections are on their way before either is open.
#[test]
fn both_call_at_once_and_both_are_heard() {
    let [near_house, far_house] = House::pair();
    let (near, far) = (
        bearer(&near_house, ANY, None),
        bearer(&far_house, ANY, None),
    );
    let pipes = [far.address(), near.address()].map(|at| Pipe::before(at, Proxying::No));
    let ways = pipes.each_ref().map(|pipe| {
        pipe.delay(Duration::from_millis(40));
        (("127.0.0.1", pipe.address.port()), vec![pipe.address])
    });
    let [(there, there_at), (back, back_at)] = ways;
    let paths = [
        near.path_to(there, there_at, far_house.node()),
        far.path_to(back, back_at, near_house.node()),
    ];
    let both = [Bearer::Ws(Box::new(near)), Bearer::Ws(Box::new(far))];
    link::hear_each_other(&both, paths);
}

/// Both would call each other; whoever did, it is one way.
#[test]
fn who_calls_us_is_heard_on_the_way_on_which_we_would_call_him() {
    let pair = Pair::new();
    let [near_house, _] = House::pair();
    let Bearer::Ws(ws) = &pair.far else {
        panic!("no WebSocket")
    };
    let at = address(&pair.near);
    let back = ws.path_to(("127.0.0.1", at.port()), vec![at], near_house.node());
    pair.send(&frame(1, 60));
    let end = Instant::now() + PATIENCE;
    loop {
        assert!(Instant::now() < end);
        let [_, far] = pair.work();
        if let Some((path, _)) = far.first() {
            assert_eq!(*path, back);
            return;
        }
    }
}

/// Strangers who connect and say nothing, half a word or nonsense take the places of each other, not the peer's.
#[test]
fn strangers_who_take_up_room_do_not_keep_the_peer_out() {
    let pair = Pair::new();
    let at = address(&pair.far);
    let mut strangers = Vec::new();
    for n in 0..200 {
        let mut stranger = TcpStream::connect(at).unwrap();
        let _ = match n % 4 {
            0 => Ok(()),
            1 => stranger.write_all(b"GET /openline HTTP/1.1\r\n\r\n"),
            2 => stranger.write_all(&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]),
            _ => stranger.write_all(&[0xff; 2_000]),
        };
        strangers.push(stranger);
        pair.work();
    }
    pair.until_through(&frame(1, 60));
    // What they were told is TLS's own refusal, or nothing; of those who only waited, the later ones took the earlier ones' places.
    let mut waiting = 0;
    for stranger in &mut strangers {
        let wait = Some(Duration::from_millis(1));
        stranger.set_read_timeout(wait).unwrap();
        let mut answer = [0; 64];
        match stranger.read(&mut answer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => waiting += 1,
            length => assert!(length.unwrap_or(0) <= 7, "{answer:?}"),
        }
    }
    assert!(waiting <= 64, "{waiting} of {}", strangers.len());
    pair.until_through(&frame(2, 60));
}
