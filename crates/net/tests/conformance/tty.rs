//! What only a tty has: a rate, a plug, and others who want it.

use std::time::{Duration, Instant};

use openline_net::{Bearer, SerialBearer, Turn};

use super::link::{Link, frame, tty};

fn until_told(bearer: &Bearer) -> Turn {
    loop {
        if let Some(turn) = bearer.tend() {
            return turn;
        }
        super::link::sleep_at(&[bearer]);
        bearer.receive(9, |_, _| {}).unwrap();
    }
}

/// OL-804: what is lost is counted; the rest goes out at the rate, whole and in order.
#[test]
fn a_slow_line_takes_what_it_can_carry_in_time_and_the_rest_is_counted() {
    let link = Link::serial_at(9_600);
    (0..20).for_each(|n| link.send(&frame(n, 500)));
    let lost = usize::try_from(link.near.drops().not_sent).unwrap();
    // Four seconds are 3,800 bytes, and the last of eight frames waits for a little less.
    let carried = 20 - lost;
    assert!((8..15).contains(&carried), "{carried}");
    let start = Instant::now();
    let heard = link.until(|heard| heard.frames.len() == carried);
    assert!(start.elapsed() > Duration::from_secs(3));
    assert!(heard.frames.is_sorted_by_key(|frame| frame[0]));
}

#[test]
fn a_tty_that_is_pulled_out_is_said_once_and_waited_for_asleep() {
    let link = Link::serial();
    link.cable().unplug(0);
    assert!(matches!(until_told(&link.near), Turn::Gone(_)));
    assert_eq!(link.near.tend(), None);
    assert!(link.near.gone().is_some());
    let wait = link.near.wait();
    assert!(wait.source().is_none());
    assert!(wait.time().is_some_and(|time| time > Instant::now()));
}

#[test]
fn what_is_sent_to_a_tty_that_is_gone_is_lost_and_counted() {
    let link = Link::serial_at(75);
    (0..2).for_each(|n| link.send(&frame(n, 500)));
    assert_eq!(link.near.drops().not_sent, 0);
    link.cable().unplug(0);
    until_told(&link.near);
    assert_eq!(link.near.drops().not_sent, 1, "the other is in the kernel");
    link.send(&frame(3, 60));
    assert_eq!(link.near.drops().not_sent, 2);
}

#[test]
fn a_tty_that_is_plugged_in_again_carries_in_both_directions() {
    let link = Link::serial();
    // Half a frame was on its way.
    let half = link.on_the_wire(&frame(1, 60));
    link.inject(&half[..40]);
    for end in super::cable::ENDS {
        link.cable().unplug(end);
    }
    for bearer in [&link.near, &link.far] {
        assert!(matches!(until_told(bearer), Turn::Gone(_)));
    }
    for end in super::cable::ENDS {
        link.cable().plug_in(end);
    }
    for bearer in [&link.near, &link.far] {
        assert_eq!(until_told(bearer), Turn::Back);
        assert_eq!(bearer.gone(), None);
    }
    link.send(&frame(2, 60));
    let heard = link.until(|heard| !heard.frames.is_empty());
    assert_eq!(heard.frames, [frame(2, 60)]);
    super::frames_arrive_whole_and_in_order_and_an_answer_goes_back(&link);
    assert_eq!(link.far.drops().damaged, 0);
}

#[test]
fn nobody_else_uses_a_tty_that_is_in_use() {
    let link = Link::serial();
    let address = tty(link.cable().tty(0).to_owned(), 9_600);
    let refused = SerialBearer::open(address.clone());
    let error = refused.expect_err("it is in use");
    assert_eq!(error.source.kind(), std::io::ErrorKind::ResourceBusy);
    drop(link.near);
    SerialBearer::open(address).expect("it is free again");
}

#[test]
fn what_is_no_tty_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    for path in [
        file,
        folder.path().join("nothing"),
        folder.path().to_owned(),
    ] {
        assert!(SerialBearer::open(tty(path, 9_600)).is_err());
    }
}
