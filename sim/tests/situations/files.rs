//! Files that go with messages, over links that lose, delay and narrow: whole and as they were signed, and never before a text.

use crate::link;

use link::{Link, at};
use openline_proto::config::Cadences;
use openline_proto::contract::{Change, Command, Event};
use openline_proto::files::layout::Part;
use openline_proto::files::{FileId, FileState};
use openline_sim::station::{LINE, opened_line};
use openline_wire::attachment::Attachment;
use openline_wire::codes::Precedence;

/// Bytes that differ everywhere.
fn bytes(len: usize) -> Vec<u8> {
    let mut state = 7u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..len).map(next).collect()
}

/// A link of so many bits a second with a queue of a second, over which the line has been open for a while.
fn link(delay: u64, loss_permille: u64, rate: u64) -> Link {
    let nodes = opened_line(Cadences::default());
    let mut link = Link::between(nodes, delay, loss_permille, Some(rate));
    link.queue_ms = Some(1_000);
    link.run(30_000);
    link
}

/// The first station says something with a file.
fn send(
    link: &mut Link,
    ticket: u64,
    precedence: Precedence,
    name: &str,
    bytes: &[u8],
) -> Attachment {
    let file = link.stations[0].disk.keep_file(name, bytes);
    link.say_with(ticket, precedence, "With it a file.", vec![file.clone()]);
    file
}

/// What the stations told of files, oldest first.
fn told(link: &Link, station: usize) -> Vec<(FileId, FileState)> {
    let events = link.stations[station].told.iter();
    let of_files = events.filter_map(|event| match event {
        Event::File { id, state, .. } => Some((*id, *state)),
        _ => None,
    });
    of_files.collect()
}

fn is_whole(link: &Link, count: usize) -> bool {
    let whole = told(link, 1).into_iter();
    whole
        .filter(|(_, state)| *state == FileState::Whole)
        .count()
        == count
}

/// Runs until so many files are whole at the second station; milliseconds.
fn until_whole(link: &mut Link, count: usize, patience_ms: u64) -> u64 {
    let from = link.now;
    while !is_whole(link, count) {
        link.run(10);
        assert!(
            link.now < from + patience_ms,
            "{:?}",
            link.stations[1].files()
        );
    }
    link.now - from
}

fn is_there(link: &Link, file: &Attachment, bytes: &[u8]) -> bool {
    let parts =
        (0..file.chunks()).map(|chunk| link.stations[1].disk.part(file.root, Part::Chunk(chunk)));
    let there: Option<Vec<Vec<u8>>> = parts.collect();
    there.is_some_and(|parts| parts.concat() == bytes)
}

/// OL-471, OL-473
#[test]
fn a_file_arrives_whole_as_it_was_sent_and_its_sender_hears_that() {
    let lossy = (0..12).map(|more| (300, 100_000 + 1_000 * more));
    let quiet = [(0, 1), (0, 32 * 1024), (10, 300_000)];
    for (loss, len) in quiet.into_iter().chain(lossy) {
        let mut link = link(50, loss, 8_000_000);
        let bytes = bytes(len);
        let file = send(&mut link, 1, Precedence::Routine, "map.pdf", &bytes);
        until_whole(&mut link, 1, 600_000);
        // That he has it all may be lost as well.
        link.run(60_000);
        assert!(is_there(&link, &file, &bytes), "{loss} {len}");
        let [here, there] = [0, 1].map(|it| told(&link, it).into_iter().map(|(_, state)| state));
        assert!(
            here.eq([FileState::Ours, FileState::Delivered]),
            "{loss} {len}"
        );
        assert!(
            there.eq([FileState::Lacking, FileState::Whole]),
            "{loss} {len}"
        );
    }
}

/// OL-475: a link without losses is used, and a FLASH beside the file waits for a few pieces.
#[test]
fn a_file_uses_the_link_and_a_flash_does_not_wait_for_it() {
    for (delay, rate, allowed) in [(50, 8_000_000, 30), (300, 64_000, 450)] {
        let mut link = link(delay, 0, rate);
        let (alone, _) = link.times(10, Precedence::Flash);
        let bytes = bytes(rate as usize / 8 * 40);
        send(&mut link, 99, Precedence::Routine, "map.pdf", &bytes);
        link.run(10_000);
        let (beside, _) = link.times(20, Precedence::Flash);
        assert!(!is_whole(&link, 1), "it was under way all the time");
        assert!(beside[10] <= alone[5] + allowed, "{alone:?} {beside:?}");
        let took = until_whole(&mut link, 1, 100_000) + 10_000 + 20 * 400;
        assert!(took < 40_000 * 13 / 10, "{took}");
    }
}

/// OL-473: what a crash took is asked for again, and nothing else.
#[test]
fn a_file_goes_on_where_it_was_after_a_restart_of_either_side() {
    for which in [0, 1] {
        let mut link = link(50, 0, 1_000_000);
        let bytes = bytes(2_000_000);
        let file = send(&mut link, 1, Precedence::Routine, "map.pdf", &bytes);
        link.run(8_000);
        assert!(!is_whole(&link, 1));
        // What nothing waits for is written down with what is to be kept.
        link.say(2, Precedence::Flash);
        link.run(300);
        link.restart(which, 9);
        let before = link.bytes;
        link.run(2_000);
        until_whole(&mut link, 1, 60_000);
        assert!(is_there(&link, &file, &bytes));
        assert!(
            link.bytes - before < 1_800_000,
            "{} of it again",
            link.bytes - before
        );
    }
}

/// OL-473: the machine died when the last chunk was on its disk, and that the file is whole was not.
#[test]
fn a_file_whose_last_chunk_was_the_last_thing_written_is_whole_after_the_restart() {
    let mut link = link(20, 0, 8_000_000);
    let file = send(
        &mut link,
        1,
        Precedence::Routine,
        "map.pdf",
        &bytes(100_000),
    );
    until_whole(&mut link, 1, 20_000);
    let (id, _) = told(&link, 1)[0];
    link.stations[1].disk.write(&[Change::File {
        line: LINE,
        id,
        root: file.root,
        size: file.size,
        state: FileState::Lacking,
    }]);
    link.restart(1, 9);
    link.run(5_000);
    assert!(is_whole(&link, 1), "{:?}", link.stations[1].files());
    assert_eq!(link.stations[1].disk.file(&id), Some(FileState::Whole));
    // And the next one is not behind it.
    send(
        &mut link,
        2,
        Precedence::Routine,
        "next.pdf",
        &bytes(50_000),
    );
    until_whole(&mut link, 2, 20_000);
}

/// OL-473: the bytes come over whatever way works when they do.
#[test]
fn a_file_waits_for_a_cut_link_and_goes_on() {
    let mut link = link(50, 10, 2_000_000);
    let bytes = bytes(1_000_000);
    let file = send(&mut link, 1, Precedence::Routine, "map.pdf", &bytes);
    link.run(1_000);
    link.cut = true;
    link.run(300_000);
    link.cut = false;
    until_whole(&mut link, 1, 60_000);
    assert!(is_there(&link, &file, &bytes));
}

/// OL-473: those of urgent messages first, then small ones.
#[test]
fn the_file_of_a_flash_comes_before_one_that_waits() {
    let mut link = link(20, 0, 1_000_000);
    let files = [("a.bin", 400_000), ("b.bin", 300_000), ("c.bin", 500_000)];
    let sent: Vec<Attachment> = files
        .iter()
        .zip(1..)
        .map(|((name, len), ticket)| {
            let precedence = if ticket == 3 {
                Precedence::Flash
            } else {
                Precedence::Routine
            };
            send(&mut link, ticket, precedence, name, &bytes(*len))
        })
        .collect();
    until_whole(&mut link, 3, 60_000);
    let order: Vec<u64> = told(&link, 1)
        .into_iter()
        .filter(|(_, state)| *state == FileState::Whole)
        .map(|(id, _)| {
            let entries = link.stations[1].disk.entries();
            let of = entries
                .into_iter()
                .find(|stored| stored.entry.id() == id.message);
            of.expect("its message").entry.header().sequence
        })
        .collect();
    assert_eq!(sent.len(), order.len());
    let flash = told(&link, 1)
        .iter()
        .filter(|(_, state)| *state == FileState::Whole)
        .position(|(id, _)| {
            let mut entries = link.stations[1].disk.entries();
            entries.any(|it| {
                it.entry.id() == id.message && it.entry.header().precedence == Precedence::Flash
            })
        });
    assert!(flash <= Some(1), "only what was under way came before it");
}

/// OL-474: a sender whose bytes are not what he signed is named, and costs nothing more: whether it is the size, the list or a chunk.
#[test]
fn bytes_that_were_not_signed_are_refused_and_their_sender_is_named() {
    let bytes = bytes(100_000);
    for what in [None, Some(Part::List), Some(Part::Chunk(1))] {
        let mut link = link(20, 0, 8_000_000);
        let disk = &mut link.stations[0].disk;
        let mut file = disk.keep_file("map.pdf", &bytes);
        match what {
            None => file.size -= 1,
            Some(part) => {
                let mut other = disk.part(file.root, part).expect("a part");
                other[7] ^= 1;
                disk.spoil_part(file.root, part, other);
            }
        }
        let good = disk.keep_file("other.pdf", &bytes[1..]);
        link.say_with(1, Precedence::Routine, "With it a file.", vec![file]);
        link.run(10_000);
        assert!(!is_whole(&link, 1), "{what:?}");
        let states = told(&link, 1).into_iter().map(|(_, state)| state);
        assert!(
            states.eq([FileState::Lacking, FileState::Wrong]),
            "{what:?}"
        );
        assert!(link.stations[1].disk.has_evidence(), "{what:?}");
        link.say_with(2, Precedence::Routine, "Another.", vec![good]);
        until_whole(&mut link, 1, 10_000);
    }
}

fn remove(link: &mut Link, station: usize, file: FileId, named: &Attachment) {
    let named = named.clone();
    let now = at(link.now);
    link.stations[station].command(now, 5, Command::RemoveFile { file, named });
}

/// OL-473: who removes his own file sends no more of it, and the other side is not blamed for asking.
#[test]
fn a_file_that_its_sender_removed_comes_no_more() {
    let mut link = link(20, 0, 200_000);
    let named = send(
        &mut link,
        1,
        Precedence::Routine,
        "map.pdf",
        &bytes(1_000_000),
    );
    link.run(3_000);
    let (file, _) = told(&link, 0)[0];
    remove(&mut link, 0, file, &named);
    link.run(5_000);
    let before = link.bytes;
    link.run(20_000);
    assert!(link.bytes - before < 10_000, "{}", link.bytes - before);
    assert!(!is_whole(&link, 1));
    // Another one comes all the same.
    send(&mut link, 2, Precedence::Flash, "small.pdf", &bytes(10_000));
    link.run(60_000);
    assert!(is_whole(&link, 1), "{:?}", link.stations[1].files());
}

/// OL-473: what was removed at either side is not sent any more, and the text stays.
#[test]
fn a_file_that_was_removed_is_not_asked_for() {
    let mut link = link(20, 0, 200_000);
    let bytes = bytes(1_000_000);
    let named = send(&mut link, 1, Precedence::Routine, "map.pdf", &bytes);
    link.run(3_000);
    let (file, _) = told(&link, 1)[0];
    remove(&mut link, 1, file, &named);
    link.run(5_000);
    let before = link.bytes;
    link.run(20_000);
    assert!(link.bytes - before < 10_000, "{}", link.bytes - before);
    let left = link.stations[1].disk.part(named.root, Part::Chunk(0));
    assert!(left.is_none());
    assert!(told(&link, 1).contains(&(file, FileState::Removed)));
}
