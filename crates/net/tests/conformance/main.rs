//! What a station relies on with any bearer, shown with each: the same situations over `udp` (two sockets and a relay) and over
//! `serial` (two pseudo-terminals and a cable that keeps to the rate). Then what only a tty has.
//!
//! OL-801 OL-802 OL-803 OL-804

#![allow(clippy::unwrap_used, reason = "a test may fail by unwrapping")]

mod cable;
mod curious;
mod doors;
mod faults;
mod link;
mod named;
mod pipe;
mod quic;
mod relay;
mod tty;
mod vectors;
mod wss;

use std::time::Duration;

use faults::Fault;
use link::{Link, frame};
use openline_net::SHORTEST;
use openline_wire::haste::Haste;
use openline_wire::limits;

/// Each situation with each bearer.
macro_rules! over_each_bearer {
    ($($situation:ident)*) => {
        mod udp {
            $(#[test] fn $situation() { super::$situation(&super::Link::udp()); })*
        }
        mod serial {
            $(#[test] fn $situation() { super::$situation(&super::Link::serial()); })*
        }
    };
}

over_each_bearer! {
    frames_arrive_whole_and_in_order_and_an_answer_goes_back
    the_shortest_and_the_longest_pass_and_no_others
    what_is_lost_takes_nothing_else_with_it
    what_comes_twice_is_handed_on_twice
    what_was_changed_on_the_way_takes_nothing_else_with_it
    what_is_late_comes_late_and_whole
    a_cut_wire_carries_again_once_it_is_mended
    garbage_between_frames_is_dropped
    half_a_frame_is_dropped_and_the_next_one_is_taken
    a_flood_makes_nobody_wait_and_each_frame_arrives_or_is_counted
    no_more_is_taken_at_once_than_was_asked_for
}

fn numbers(frames: &[Vec<u8>]) -> Vec<u8> {
    frames.iter().map(|frame| frame[0]).collect()
}

fn frames_arrive_whole_and_in_order_and_an_answer_goes_back(link: &Link) {
    let sent: Vec<_> = (1..=20).map(|n| frame(n, 30 + usize::from(n))).collect();
    sent.iter().for_each(|frame| link.send(frame));
    let heard = link.until(|heard| heard.frames.len() == 20);
    assert_eq!(heard.frames, sent);
    link.far.send(heard.path, &frame(99, 40), Haste::Text);
    let mut back = Vec::new();
    while back.is_empty() {
        link.far.tend();
        link::sleep_at(&[&link.near, &link.far]);
        let take = |path, bytes: &[u8]| back.push((path, bytes.to_vec()));
        link.near.receive(1, take).unwrap();
    }
    assert_eq!(back, [(link.path, frame(99, 40))]);
}

fn the_shortest_and_the_longest_pass_and_no_others(link: &Link) {
    for length in [SHORTEST - 1, limits::DATAGRAM + 1] {
        link.inject(&link.on_the_wire(&frame(1, length)));
    }
    for length in [SHORTEST, limits::DATAGRAM] {
        link.send(&frame(2, length));
    }
    let heard = link.heard_before_the_next();
    assert_eq!(heard, [frame(2, SHORTEST), frame(2, limits::DATAGRAM)]);
    assert_eq!(link.far.drops().size, 2);
}

fn what_is_lost_takes_nothing_else_with_it(link: &Link) {
    link.set(Fault::EverySecondLost);
    (1..=9).for_each(|n| link.send(&frame(n, 60)));
    link.until_seen(9);
    link.set(Fault::None);
    assert_eq!(numbers(&link.heard_before_the_next()), [1, 3, 5, 7, 9]);
}

/// Who has seen a frame before is known by the seal's window, on every bearer.
fn what_comes_twice_is_handed_on_twice(link: &Link) {
    link.set(Fault::Doubled);
    (1..=3).for_each(|n| link.send(&frame(n, 60)));
    link.until_seen(3);
    link.set(Fault::None);
    assert_eq!(numbers(&link.heard_before_the_next()), [1, 1, 2, 2, 3, 3]);
}

fn what_was_changed_on_the_way_takes_nothing_else_with_it(link: &Link) {
    link.set(Fault::EverySecondGarbled);
    (1..=9).for_each(|n| link.send(&frame(n, 60)));
    link.until_seen(9);
    link.set(Fault::None);
    let heard = link.heard_before_the_next();
    let whole: Vec<_> = heard.iter().filter(|it| **it == frame(it[0], 60)).collect();
    let whole: Vec<_> = whole.iter().map(|it| it[0]).collect();
    assert_eq!(whole, [1, 3, 5, 7, 9]);
    let (damaged, others) = match link.notices_damage() {
        true => (4, 0),
        false => (0, 4),
    };
    assert_eq!(link.far.drops().damaged, damaged);
    assert_eq!(heard.len() - whole.len(), others);
}

fn what_is_late_comes_late_and_whole(link: &Link) {
    link.set(Fault::Late(Duration::from_millis(300)));
    (1..=3).for_each(|n| link.send(&frame(n, 60)));
    assert_eq!(numbers(&link.heard_before_the_next()), [1, 2, 3]);
}

fn a_cut_wire_carries_again_once_it_is_mended(link: &Link) {
    link.send(&frame(1, 60));
    link.until(|heard| numbers(&heard.frames) == [1]);
    link.set(Fault::Cut);
    (2..=5).for_each(|n| link.send(&frame(n, 60)));
    link.until_seen(5);
    link.set(Fault::None);
    link.send(&frame(6, 60));
    assert_eq!(numbers(&link.heard_before_the_next()), [6]);
}

fn garbage_between_frames_is_dropped(link: &Link) {
    for garbage in [&[0xff; 7][..], &[0, 0, 0], &[3, 1, 4, 1, 5, 0, 9]] {
        link.inject(garbage);
        link.send(&frame(1, 60));
        assert_eq!(numbers(&link.heard_before_the_next()), [1]);
    }
    let drops = link.far.drops();
    assert!(drops.size + drops.damaged >= 2, "{drops:?}");
}

fn half_a_frame_is_dropped_and_the_next_one_is_taken(link: &Link) {
    let whole = link.on_the_wire(&frame(1, 30));
    link.inject(&whole[..whole.len() / 2]);
    link.send(&frame(2, 60));
    assert_eq!(numbers(&link.heard_before_the_next()), [2]);
    let drops = link.far.drops();
    assert_eq!(drops.size + drops.damaged, 1, "{drops:?}");
}

fn a_flood_makes_nobody_wait_and_each_frame_arrives_or_is_counted(link: &Link) {
    (0..60).for_each(|n| link.send(&frame(n, 1_000)));
    let lost = usize::try_from(link.near.drops().not_sent).unwrap();
    let heard = link.until(|heard| heard.frames.len() + lost == 60);
    assert!(heard.frames.is_sorted_by_key(|frame| frame[0]));
    assert!(heard.frames.iter().all(|it| *it == frame(it[0], 1_000)));
}

fn no_more_is_taken_at_once_than_was_asked_for(link: &Link) {
    let many: Vec<u8> = (1..=5)
        .flat_map(|n| link.on_the_wire(&frame(n, SHORTEST)))
        .collect();
    match link.notices_damage() {
        true => link.inject(&many),
        false => many.chunks(SHORTEST).for_each(|it| link.inject(it)),
    }
    let mut taken = 0;
    while taken < 5 {
        let before = taken;
        link::sleep_at(&[&link.far]);
        link.far.receive(2, |_, _| taken += 1).unwrap();
        assert!(taken - before <= 2);
    }
}
