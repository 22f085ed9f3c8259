//! What starts say of earlier boots, held against the record: covered, restored, cloned, or not known.

use crate::support;

use openline_record::finding::{Fault, Field, Place};
use openline_record::report::Divergence;
use openline_record::tree::Edge;
use openline_wire::codes::Stream;
use openline_wire::entry::Entry;
use openline_wire::fact::Frontier;
use openline_wire::ids::Digest;
use support::author::{Boot, entry_id};
use support::verify;

/// The frontier that names these entries, which are one chain from its first on.
fn frontier(chain: &[Entry]) -> Frontier {
    let last = chain.last().expect("at least one entry");
    Frontier {
        boot: last.header().author.boot,
        stream: last.header().stream,
        size: chain.len() as u64,
        last: last.id(),
        root: chain.iter().map(Entry::id).collect::<Edge>().root(),
    }
}

/// A boot that has started and sent `flashes` texts.
fn ran(mut boot: Boot, covers: &[Frontier], flashes: u64) -> Vec<Entry> {
    let mut entries = vec![boot.start(covers, &[])];
    entries.extend((0..flashes).map(|n| boot.flash(&format!("Text {n}"))));
    entries
}

fn divergence(start: &Entry, chain: &[Entry], uncovered: core::ops::Range<u64>) -> Divergence {
    Divergence {
        start: Place::of(start.header()),
        chain: chain[0].header().chain(),
        uncovered,
    }
}

fn divergences(boots: &[&[Entry]]) -> Vec<Divergence> {
    let report = verify(&boots.concat());
    assert_eq!(report.findings.kept(), []);
    report.divergences
}

/// OL-341
#[test]
fn moscow_restarts_in_order_and_nothing_is_reported() {
    let first = ran(Boot::new(1), &[], 3);
    let second = ran(Boot::new(1).reboot(2), &[frontier(&first)], 2);
    let third = ran(Boot::new(1).reboot(3), &[frontier(&second)], 0);
    assert_eq!(divergences(&[&first, &second, &third]), []);
}

/// OL-341
#[test]
fn moscow_is_restored_from_yesterdays_backup() {
    let first = ran(Boot::new(1), &[], 3);
    let restored = ran(Boot::new(1).reboot(2), &[frontier(&first[..2])], 1);
    let expected = divergence(&restored[0], &first, 2..4);
    assert_eq!(divergences(&[&first, &restored]), [expected]);
}

/// OL-341
#[test]
fn moscow_is_restored_from_a_backup_older_than_its_last_boot() {
    let first = ran(Boot::new(1), &[], 1);
    let second = ran(Boot::new(1).reboot(2), &[frontier(&first)], 2);
    let restored = ran(Boot::new(1).reboot(3), &[frontier(&first)], 0);
    let expected = divergence(&restored[0], &second, 0..3);
    assert_eq!(divergences(&[&first, &second, &restored]), [expected]);
}

/// OL-341
#[test]
fn a_start_that_covers_what_a_restored_one_had_lost_is_not_reported_again() {
    let first = ran(Boot::new(1), &[], 3);
    let restored = ran(Boot::new(1).reboot(2), &[frontier(&first[..2])], 1);
    let covers = [frontier(&first), frontier(&restored)];
    let third = ran(Boot::new(1).reboot(3), &covers, 1);
    let expected = divergence(&restored[0], &first, 2..4);
    assert_eq!(divergences(&[&first, &restored, &third]), [expected]);
}

/// OL-341
#[test]
fn nobody_is_accused_while_the_start_between_is_not_held() {
    let first = ran(Boot::new(1), &[], 1);
    let second = ran(Boot::new(1).reboot(2), &[frontier(&first)], 1);
    let third = ran(Boot::new(1).reboot(3), &[frontier(&second)], 0);
    let report = verify(&[first, third].concat());
    assert_eq!(report.divergences, []);
    // What the third start names of the second boot is known to exist.
    let named: Vec<_> = report.chains.iter().filter_map(|c| c.claimed).collect();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0].0, 2);
}

/// OL-340
#[test]
fn a_frontier_with_another_last_entry_or_root_is_found() {
    let first = ran(Boot::new(1), &[], 2);
    let right = frontier(&first);
    let other_last = Frontier {
        last: entry_id(9),
        ..right
    };
    let other_root = Frontier {
        root: Digest([9; 32]),
        ..right
    };
    for (wrong, word) in [(other_last, "head-differs"), (other_root, "root-differs")] {
        let second = ran(Boot::new(1).reboot(2), &[wrong], 0);
        let report = verify(&[first.clone(), second].concat());
        let finding = &report.findings.kept()[0];
        assert_eq!(
            (finding.field, finding.fault.word()),
            (Field::Frontier, word)
        );
    }
}

/// OL-313
#[test]
fn a_start_that_lists_its_own_boot_is_found() {
    let first = ran(Boot::new(1), &[], 0);
    let own = Frontier {
        boot: Boot::new(1).reboot(2).author.boot,
        ..frontier(&first)
    };
    let second = ran(Boot::new(1).reboot(2), &[own], 0);
    let report = verify(&[first, second].concat());
    assert_eq!(report.findings.kept()[0].fault, Fault::OwnFrontier);
}

/// OL-331 OL-306: the traffic stream's heads count from the start's.
#[test]
fn a_stream_can_not_repeat_the_heads_of_its_start() {
    let mut washington = Boot::new(2);
    let seen = washington.start(&[], &[]);
    let mut moscow = Boot::new(1);
    moscow.hold([&seen]);
    let start = moscow.start(&[], &[]);
    let mut forgetful = moscow.clone();
    forgetful.forget_said(Stream::Traffic);
    let (right, wrong) = (moscow.routine("One"), forgetful.routine("One"));
    assert!(verify(&[seen.clone(), start.clone(), right]).is_sound());
    let report = verify(&[seen, start, wrong]);
    assert_eq!(report.findings.kept()[0].fault.word(), "head-did-not-move");
}
