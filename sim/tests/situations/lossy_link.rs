//! What a link's loss, delay and cuts do to the times at which a FLASH arrives and is known to have arrived. Bounds are
//! on virtual time, so they hold on any machine.

use crate::link;

use link::Link;
use openline_proto::config::Cadences;
use openline_proto::contract::Event;
use openline_proto::verdict::Verdict;
use openline_sim::node::opened_mls_line;
use openline_wire::codes::{Kind, Precedence};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

fn p(sorted: &[u64], percent: usize) -> u64 {
    sorted[(sorted.len() * percent / 100).min(sorted.len() - 1)]
}

/// OL-431
#[test]
fn a_flash_on_a_link_that_loses_three_in_ten_arrives_within_twice_the_limit() {
    let mut link = Link::new(100, 300);
    link.times(10, Precedence::Flash);
    let (received, known) = link.times(200, Precedence::Flash);
    println!(
        "received {} {} known {} {}",
        p(&received, 50),
        p(&received, 95),
        p(&known, 50),
        p(&known, 95)
    );
    assert!(p(&received, 50) <= 105 && p(&received, 95) <= 200);
    assert!(p(&known, 50) <= 210 && p(&known, 95) <= 450);
}

/// OL-431: nothing is known of the loss yet, and the first FLASH of a boot is as likely to matter as any later one.
#[test]
fn the_first_flash_on_a_link_that_loses_three_in_ten_waits_for_no_second_try() {
    let first = |line: u64| {
        let mut link = Link::new(100, 300);
        link.run(37 * line);
        let (received, known) = link.times(1, Precedence::Flash);
        (received[0], known[0])
    };
    let (mut received, mut known): (Vec<_>, Vec<_>) = (0..200).map(first).unzip();
    received.sort_unstable();
    known.sort_unstable();
    println!("received {} known {}", p(&received, 95), p(&known, 95));
    assert!(p(&received, 95) <= 200 && p(&known, 95) <= 400);
}

/// OL-433: where nothing waits, too. Echoes are five seconds apart; whoever only looked when the next one is due would be late.
#[test]
fn an_idle_link_that_comes_back_is_noticed_within_a_third_of_a_second() {
    for more in 0..25 {
        let mut link = Link::new(50, 0);
        link.run(200 * more);
        link.cut = true;
        link.run(9_000);
        link.cut = false;
        let back = link::at(link.now).wall;
        link.run(400);
        for station in &link.stations {
            let status = station.status(link::at(link.now)).expect("the line");
            let heard = status.ways[0].heard;
            assert!(
                heard.is_some_and(|at| at >= back),
                "cut after {} ms",
                200 * more
            );
        }
    }
}

/// OL-427 OL-432: of thousands that wait most have left the memory, and what is confirmed counts all the same.
#[test]
fn a_long_queue_is_worked_off_in_a_few_round_trips() {
    for loss_permille in [0, 20] {
        let mut link = Link::new(10, loss_permille);
        (0..6_000).for_each(|ticket| link.say(ticket, Precedence::Routine));
        let from = link.now;
        link.run(10);
        while link.known() > 0 {
            link.run(10);
            assert!(link.now < from + 10_000, "{} are left", link.known());
        }
        let (took, frames) = (link.now - from, link.frames);
        println!("{loss_permille}: {took} ms, {frames} frames");
    }
}

/// OL-411 OL-425
#[test]
fn a_routine_message_on_a_good_link_costs_two_small_frames() {
    let mut link = Link::new(50, 10);
    link.times(10, Precedence::Routine);
    let (frames, bytes) = (link.frames, link.bytes);
    let (received, known) = link.times(200, Precedence::Routine);
    println!(
        "received {} {} known {} {}",
        p(&received, 50),
        p(&received, 95),
        p(&known, 50),
        p(&known, 95)
    );
    println!(
        "{} frames, {} bytes a message",
        (link.frames - frames) as f64 / 200.0,
        (link.bytes - bytes) / 200
    );
    assert!(p(&received, 95) <= 58 && p(&known, 95) <= 115);
    assert!((link.bytes - bytes) / 200 <= 420);
}

/// OL-432 OL-433
#[test]
fn after_a_cut_of_thirty_seconds_what_was_queued_arrives_at_once() {
    let mut link = Link::new(50, 10);
    link.cut = true;
    for ticket in 0..30 {
        link.say(ticket, Precedence::Routine);
        link.run(1_000);
    }
    link.cut = false;
    let from = link.now;
    while link.received() == 0 {
        link.run(1);
    }
    println!("first {} ms", link.now - from);
    assert!(link.now - from <= 500);
    link.run(3_000);
    assert_eq!((link.received(), link.known()), (30, 0));
}

/// OL-413 OL-432: what was queued before a crash is fetched from the disk, more than any window holds.
#[test]
fn a_long_queue_survives_a_crash_and_is_delivered() {
    let mut link = Link::new(5, 0);
    link.cut = true;
    for ticket in 0..700 {
        link.say(ticket, Precedence::Routine);
        link.run(1);
    }
    link.restart(0, 3);
    link.cut = false;
    link.run(20_000);
    assert_eq!((link.received(), link.known()), (700, 0));
}

/// OL-413 OL-432: the same on a link that loses one frame in five, with crashes in the middle of it.
#[test]
fn crashes_under_load_on_a_bad_link_lose_nothing() {
    let mut link = Link::new(5, 200);
    for boot in 3..6 {
        for ticket in 0..200 {
            link.say(ticket, Precedence::Routine);
        }
        link.run(40);
        link.restart(0, boot);
        link.run(100);
    }
    link.run(60_000);
    assert_eq!(link.known(), 0);
    assert_eq!(link.received(), 600);
}

/// OL-431 OL-435: the keys of MLS are eleven thousand bytes, on a radio forty seconds of air.
#[test]
fn a_radio_of_2400_bits_opens_the_line_and_a_flash_does_not_wait_for_its_keys() {
    let nodes = opened_mls_line(Cadences::default()).expect("MLS");
    let mut link = Link::between(nodes, 500, 50, Some(2_400));
    link.run(4_000);
    let from = link.now;
    link.say(0, Precedence::Flash);
    while link.received() == 0 {
        link.run(10);
        assert!(link.now < from + 12_000, "the FLASH waits for keys");
    }
    println!("cold FLASH after {} ms", link.now - from);
    let is_open = |link: &Link<_>, at: usize| {
        let status = link.stations[at].status(link::at(link.now));
        status.is_some_and(|status| status.verdict == Verdict::Open && status.epoch > 0)
    };
    while !(is_open(&link, 0) && is_open(&link, 1)) {
        link.run(100);
        assert!(
            link.now < 180_000,
            "after three minutes the line is not open"
        );
    }
    println!("open after {} ms", link.now);
    link.run(30_000);
    let (received, known) = link.times(40, Precedence::Flash);
    println!(
        "received {} {} known {} {}",
        p(&received, 50),
        p(&received, 95),
        p(&known, 50),
        p(&known, 95)
    );
    assert!(p(&received, 50) < 2_000 && p(&known, 50) < 4_000);
}

/// OL-411 OL-432: a long urgent record that an earlier boot wrote while the link was cut goes over a bad link in no time, and what this boot
/// has to say is not held up by it.
#[test]
fn a_long_record_of_an_earlier_boot_is_caught_up_with_and_holds_nothing_up() {
    const TEXTS: usize = 4_000;
    let mut link = Link::new(5, 200);
    link.cut = true;
    for ticket in 0..TEXTS as u64 {
        link.say(ticket, Precedence::Flash);
        link.run(1);
    }
    link.restart(0, 9);
    link.run(100);
    link.cut = false;
    link.say(9_999, Precedence::Flash);
    let author = link.stations[0].author();
    let from = link.now;
    let has_come = |link: &Link| {
        let mut told = link.stations[1].told.iter();
        told.any(|event| matches!(event, Event::Stored(stored) if stored.entry.header().author == author && stored.entry.header().kind == Kind::Message))
    };
    while !has_come(&link) {
        link.run(1);
    }
    let held_up = link.now - from;
    while link.received() <= TEXTS {
        link.run(10);
        assert!(link.now < from + 60_000, "{} have come", link.received());
    }
    let took = link.now - from;
    println!("the new one {held_up} ms, all {took} ms");
    assert!(
        held_up <= 1_500 && took <= 10_000,
        "{held_up} ms, {took} ms"
    );
}

/// OL-411 OL-432: a fast stream over a link that loses: far more is under way than either side has at hand, so the sender fetches
/// what it must send again, and the receiver asks for whole headers of what came late.
#[test]
fn a_long_stream_of_long_texts_on_a_lossy_link_comes_to_its_end() {
    const TEXTS: u64 = 2_000;
    let text = "The convoy of four lorries passes the bridge. ".repeat(200);
    let mut link = Link::new(50, 50);
    for ticket in 0..TEXTS {
        link.say_text(ticket, Precedence::Routine, &text);
        if ticket % 50 == 49 {
            link.run(1);
        }
    }
    let from = link.now;
    while link.received() < TEXTS as usize {
        link.run(10);
        let come = link.received();
        assert!(link.now < from + 60_000, "{come} of {TEXTS} have come");
    }
    println!(
        "all after {} ms, {} frames {} bytes",
        link.now - from,
        link.frames,
        link.bytes
    );
    assert!(link.now - from <= 20_000, "{} ms", link.now - from);
}

/// OL-403: a bearer with a short queue takes the first pieces of a long entry and drops the others, each time anew.
#[test]
fn a_long_entry_crosses_a_bearer_that_has_room_for_a_few_of_its_pieces() {
    let mut link = Link::new(5, 0);
    link.room = Some(4);
    // Nothing that a codec makes short.
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let text: String = (0..2_000)
        .map(|_| format!("{:08x}", rng.next_u32()))
        .collect();
    link.say_text(0, Precedence::Routine, &text);
    let from = link.now;
    while link.received() == 0 {
        link.run(10);
        assert!(link.now < from + 300_000, "it does not come");
    }
    println!("after {} ms", link.now - from);
}
