//! What is carried by hand between two stations: as good as a bearer that takes days, and evidence of nobody's life.

use openline_proto::contract::{Command, Event, Imported, Input};
use openline_proto::ring::book::Part;
use openline_proto::ring::called;
use openline_proto::verdict::Verdict;
use openline_sim::disk::Disk;
use openline_sim::station::LINE;
use openline_wire::codes::{Kind, Mark, Mode, Precedence};
use openline_wire::fact::Ring;
use openline_wire::header::Actor;
use openline_wire::ids::EntryId;
use openline_wire::office::{OfficeId, OfficeRef};

use crate::link::Link;

const DAY_MS: u64 = 86_400_000;

/// Two stations that have talked, and a link that carries nothing any more.
fn parted() -> Link {
    let mut link = Link::new(20, 0);
    link.cut = true;
    link.run(90_000);
    link
}

fn pump(link: &mut Link, which: usize) {
    let moment = link.moment(which);
    assert!(link.stations[which].pump(moment, &mut u64::MAX.clone()));
    link.stations[which].sent.clear();
}

/// A bundle of all that the other side has not confirmed.
fn bundle(link: &mut Link, from: usize) -> Vec<Vec<u8>> {
    let node = link.stations[from].author().node;
    let entries = link.stations[from].disk.unconfirmed(node);
    let input = Input::Carry {
        ticket: 900,
        line: LINE,
        entries,
    };
    let moment = link.moment(from);
    link.stations[from].handle(moment, input);
    pump(link, from);
    link.stations[from].bundles.pop().expect("it has keys")
}

fn bring(link: &mut Link, to: usize, frames: Vec<Vec<u8>>) -> Imported {
    let input = Input::Carried {
        ticket: 901,
        frames,
    };
    let moment = link.moment(to);
    link.stations[to].handle(moment, input);
    pump(link, to);
    let mut told = link.stations[to].told.iter().rev();
    let imported = told.find_map(|event| match event {
        Event::Carried { imported, .. } => Some(imported.clone()),
        _ => None,
    });
    imported.expect("each is answered")
}

fn say(link: &mut Link, from: usize, precedence: Precedence, text: &str) {
    let command = Command::Say {
        language: "en".into(),
        text: text.into(),
        precedence,
        mark: Mark::Real,
        reply_to: None,
        files: Vec::new(),
    };
    command_of(link, from, command);
}

fn command_of(link: &mut Link, from: usize, command: Command) {
    let input = Input::Command {
        ticket: 7,
        line: LINE,
        actor: Actor::station(),
        command,
    };
    let moment = link.moment(from);
    link.stations[from].handle(moment, input);
    pump(link, from);
}

/// Of the first station's, as its disk has it.
fn unconfirmed_messages(link: &Link) -> usize {
    let station = &link.stations[0];
    let unconfirmed = station.disk.unconfirmed(station.author().node);
    let messages = unconfirmed
        .iter()
        .filter(|it| it.header().kind == Kind::Message);
    messages.count()
}

/// What a disk holds, and how many messages are among it.
fn held(disk: &Disk) -> (Vec<EntryId>, usize) {
    let mut ids: Vec<EntryId> = disk.entries().map(|it| it.entry.id()).collect();
    ids.sort();
    let messages = disk
        .entries()
        .filter(|it| it.entry.header().kind == Kind::Message);
    (ids, messages.count())
}

/// OL-461, OL-462, OL-463: for three days nothing but couriers goes. What was written is stored at the other side and known to be, both
/// records end the same, and nobody is said to live on the word of what lay in a bag.
#[test]
fn with_couriers_alone_both_records_end_the_same() {
    let mut link = parted();
    let alive = |link: &Link, which: usize| {
        let status = link.stations[which].status(link.moment(which));
        status.map(|it| (it.verdict, it.alive_as_of))
    };
    let before = [0, 1].map(|which| alive(&link, which));
    say(
        &mut link,
        0,
        Precedence::Flash,
        "The northern bridge is closed.",
    );
    say(
        &mut link,
        0,
        Precedence::Routine,
        &"A long report. ".repeat(600),
    );
    say(
        &mut link,
        1,
        Precedence::Immediate,
        "We hear nothing of you.",
    );
    link.now += 3 * DAY_MS;
    // What is due by then is done before the courier comes.
    (0..2).for_each(|which| pump(&mut link, which));
    assert!(link.known() >= 2);
    let there = bundle(&mut link, 0);
    let imported = bring(&mut link, 1, there);
    assert_eq!(imported.strange, 0);
    assert!(imported.from[0].fresh >= 2 && imported.from[0].left == 0);
    // Both of theirs, beside its own.
    assert_eq!(link.received(), 3);
    // Nobody at the first station knows of it yet.
    assert_eq!(unconfirmed_messages(&link), 2);
    let back = bundle(&mut link, 1);
    bring(&mut link, 0, back);
    // What was learnt is written down with the next entry.
    say(&mut link, 0, Precedence::Routine, "Thank you.");
    assert_eq!(unconfirmed_messages(&link), 1);
    // A test of the line whose call-up came by courier is answered, and that is carried in turn.
    for from in [0, 1, 0, 1] {
        let rest = bundle(&mut link, from);
        bring(&mut link, 1 - from, rest);
    }
    let (one, other) = (held(&link.stations[0].disk), held(&link.stations[1].disk));
    assert_eq!((one.1, other.1), (4, 4));
    assert_eq!(one, other);
    for which in [0, 1] {
        let now = alive(&link, which);
        assert_eq!(now, before[which]);
        assert_eq!(now.map(|it| it.0), Some(Verdict::NoSignOfLife));
    }
}

/// OL-462: late, doubled, out of order, in part.
#[test]
fn what_is_late_doubled_out_of_order_or_partial_does_no_harm() {
    let mut link = parted();
    say(&mut link, 0, Precedence::Routine, "First.");
    let first = bundle(&mut link, 0);
    say(&mut link, 0, Precedence::Routine, &"Second. ".repeat(800));
    say(&mut link, 0, Precedence::Flash, "Third.");
    let mut second = bundle(&mut link, 0);
    second.reverse();
    let half: Vec<_> = second.iter().step_by(2).cloned().collect();
    let some = bring(&mut link, 1, half.clone());
    assert_eq!(
        bring(&mut link, 1, half)
            .from
            .iter()
            .map(|it| it.fresh)
            .sum::<u64>(),
        0
    );
    let rest = bring(&mut link, 1, second.clone());
    let fresh = |imported: &Imported| imported.from.iter().map(|it| it.fresh).sum::<u64>();
    assert!(fresh(&some) + fresh(&rest) >= 3);
    for old in [first, second] {
        let again = bring(&mut link, 1, old);
        assert_eq!((fresh(&again), again.strange), (0, 0));
        assert!(again.from.iter().all(|it| it.left == 0));
    }
    assert_eq!(link.received(), 3);
    let is_misbehaviour = |event: &&Event| matches!(event, Event::Misbehaved { .. });
    assert_eq!(
        link.stations[1].told.iter().filter(is_misbehaviour).count(),
        0
    );
    // The link is back: nothing comes twice.
    link.cut = false;
    link.run(30_000);
    assert_eq!((link.received(), link.known()), (3, 0));
}

/// Brings frames as a station does, some at a time.
fn bring_all(link: &mut Link, to: usize, frames: &[Vec<u8>]) -> (u64, u64) {
    let (mut fresh, mut unfinished) = (0, 0);
    for some in frames.chunks(32) {
        let imported = bring(link, to, some.to_vec());
        fresh += imported.from.iter().map(|it| it.fresh).sum::<u64>();
        unfinished = imported.unfinished;
    }
    (fresh, unfinished)
}

/// OL-462: pieces of many long texts, in any order and out of two damaged copies, make all of them; what is not whole is said.
#[test]
fn pieces_of_many_long_texts_in_any_order_make_all_of_them() {
    let mut link = parted();
    for number in 0..20u64 {
        // What can't be made shorter takes several frames.
        let word = |at: u64| {
            format!(
                "{:x} ",
                (at + 1_000 * number).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            )
        };
        let text: String = (0..300).map(word).collect();
        say(&mut link, 0, Precedence::Routine, &text);
    }
    let mut frames = bundle(&mut link, 0);
    let length = frames.len();
    for last in (1..length).rev() {
        frames.swap(last, last * 7_919 % (last + 1));
    }
    let without = |rest: usize| -> Vec<Vec<u8>> {
        let kept = frames.iter().enumerate().filter(|(at, _)| at % 5 != rest);
        kept.map(|(_, frame)| frame.clone()).collect()
    };
    let (_, unfinished) = bring_all(&mut link, 1, &without(0));
    assert!(unfinished > 8 && link.received() < 20);
    let (_, unfinished) = bring_all(&mut link, 1, &without(1));
    assert_eq!((link.received(), unfinished), (20, 0));
    let (fresh, unfinished) = bring_all(&mut link, 1, &frames);
    assert_eq!((fresh, unfinished), (0, 0));
}

/// OL-461: an old bundle beside a new one hides nothing of what the new one confirms.
#[test]
fn an_old_list_beside_a_new_one_confirms_no_less() {
    let mut link = parted();
    let stale = bundle(&mut link, 1);
    for number in 0..5 {
        say(
            &mut link,
            0,
            Precedence::Routine,
            &format!("Text {number}."),
        );
    }
    let there = bundle(&mut link, 0);
    bring(&mut link, 1, there);
    let back = bundle(&mut link, 1);
    bring(&mut link, 0, [stale, back].concat());
    say(&mut link, 0, Precedence::Routine, "Thank you.");
    assert_eq!(unconfirmed_messages(&link), 1);
}

/// OL-463: a ring that lay in a bag sounds no bell, and a bundle's frame on a bearer is nothing.
#[test]
fn a_bundle_rings_no_bell_and_is_no_frame_of_a_bearer() {
    let mut link = parted();
    let [from, to] = [0, 1].map(|which| OfficeRef {
        party: link.stations[which].author().party,
        office: OfficeId::new("watch").expect("a word"),
    });
    let ring = Command::Ring {
        ring: Box::new(Ring {
            from,
            to,
            mode: Mode::Text,
            for_ms: 600_000,
            exercise: None,
        }),
        precedence: Precedence::Immediate,
        mark: Mark::Real,
        text: "About the bridge.".into(),
        language: "en".into(),
    };
    command_of(&mut link, 0, ring);
    let frames = bundle(&mut link, 0);
    let opened = link.stations[1].opened;
    let moment = link.moment(1);
    for frame in &frames {
        let route = openline_proto::contract::Route { bearer: 0, path: 0 };
        let bytes = frame.clone();
        link.stations[1].handle(moment, Input::Frame { route, bytes });
    }
    pump(&mut link, 1);
    assert_eq!(link.stations[1].opened, opened, "taken for a live frame");
    let imported = bring(&mut link, 1, frames);
    assert!(imported.from[0].fresh >= 1);
    link.run(5_000);
    let rings = |event: &Event| match event {
        Event::Ring { shown, .. } => shown.part == Some(Part::Called(called::State::Rings)),
        _ => false,
    };
    let told = &link.stations[1].told;
    assert!(told.iter().any(|event| matches!(event, Event::Ring { .. })));
    assert!(!told.iter().any(rings));
}

/// OL-191: a restored home has lost the keys of bundles with the channel; what was sealed under them is strange to it, and comes otherwise.
#[test]
fn a_restored_home_opens_no_old_bundle() {
    let mut link = parted();
    say(&mut link, 0, Precedence::Routine, "First.");
    let frames = bundle(&mut link, 0);
    link.stations[1].disk = link.stations[1].disk.backup();
    link.restart(1, 9);
    let count = frames.len() as u64;
    let imported = bring(&mut link, 1, frames);
    assert_eq!((imported.strange, imported.from.len()), (count, 0));
    link.cut = false;
    link.run(60_000);
    assert_eq!(link.known(), 0);
    // Both have new keys, for bundles too.
    link.cut = true;
    say(&mut link, 0, Precedence::Routine, "Second.");
    let frames = bundle(&mut link, 0);
    assert!(bring(&mut link, 1, frames).from[0].fresh >= 1);
}
