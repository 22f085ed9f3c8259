//! The record file in situations: cut, spliced, damaged, and read in pieces.

use crate::support;

use openline_record::export::{FileError, Head, RecordCheck, RecordWriter, WriteError, locate};
use openline_record::finding::{At, Fault, Field, Finding, Place};
use openline_record::report::Report;
use openline_wire::codes::{Precedence, Stream};
use openline_wire::entry::Entry;
use openline_wire::ids::LineId;
use proptest::prelude::{any, prop_assert, proptest};
use support::author::{Boot, draft};
use support::{
    Exchange, chain_report, export, export_under, head, in_order, nodes, verify, verify_file,
};

/// Where an entry's stored form lies in a file.
fn range_of(file: &[u8], entry: &Entry) -> core::ops::Range<usize> {
    use openline_wire::cbor::Canonical as _;
    let bytes = entry.as_signed().to_bytes();
    let at = file.windows(bytes.len()).position(|window| window == bytes);
    let at = at.expect("the entry is in the file");
    at..at + bytes.len()
}

fn words(report: &Report) -> Vec<(&'static str, &'static str)> {
    let word = |f: &Finding| (f.field.word(), f.fault.word());
    report.findings.kept().iter().map(word).collect()
}

/// OL-360 OL-366
#[test]
fn a_record_is_exported_and_verified_whatever_the_pieces_it_comes_in() {
    let exchange = Exchange::new();
    let file = export(&exchange.entries);
    let expected = verify(&exchange.entries);
    for piece in [1, 7, 100, file.len()] {
        assert_eq!(verify_file(&file, piece), expected, "pieces of {piece}");
    }
    let mut check = RecordCheck::new(|_: &Head| Ok(nodes()));
    check.push(&file).expect("an intact head");
    assert_eq!(check.finish().expect("an intact head").0, head());
}

/// OL-365
#[test]
fn a_file_cut_anywhere_is_not_sound() {
    let file = export(&Exchange::new().entries);
    let mut ends = 0;
    for len in 0..file.len() {
        let mut check = RecordCheck::new(|_: &Head| Ok(nodes()));
        check.push(&file[..len]).expect("an intact head");
        match check.finish() {
            Err(error) => assert_eq!(error, FileError::Truncated, "cut at {len}"),
            Ok((_, report)) => {
                assert!(
                    words(&report).contains(&("file-end", "truncated")),
                    "cut at {len}"
                );
                ends += 1;
            }
        }
    }
    assert!(ends > file.len() / 2);
}

/// OL-365
#[test]
fn bytes_behind_the_end_are_found() {
    let mut file = export(&Exchange::new().entries);
    file.extend(b"\x00");
    assert_eq!(words(&verify_file(&file, 64)), [("file-end", "trailing")]);
}

/// OL-363
#[test]
fn an_entry_cut_out_of_a_file_leaves_a_gap_and_a_wrong_sum() {
    let exchange = Exchange::new();
    let mut file = export(&exchange.entries);
    let cut = exchange.find(&exchange.moscow, Stream::Traffic, 0);
    file.drain(range_of(&file, cut));
    let report = verify_file(&file, 64);
    assert_eq!(
        words(&report),
        [
            ("file-end", "count"),
            ("file-end", "file-digest"),
            ("chain-closing", "closing-size")
        ]
    );
    assert_eq!(report.missing.len(), 1);
}

/// OL-363
#[test]
fn two_entries_in_the_wrong_order_are_named() {
    let exchange = Exchange::new();
    let mut file = export(&exchange.entries);
    let first = range_of(&file, exchange.find(&exchange.moscow, Stream::Traffic, 0));
    let second = range_of(&file, exchange.find(&exchange.moscow, Stream::Traffic, 1));
    assert_eq!(first.end, second.start);
    file[first.start..second.end].rotate_left(first.len());
    let report = verify_file(&file, 64);
    let finding = &report.findings.kept()[0];
    let chain = exchange.moscow.chain(Stream::Traffic);
    assert_eq!(finding.at, At::Entry(Place { chain, sequence: 0 }));
    assert_eq!(finding.fault.word(), "behind");
}

/// OL-363
#[test]
fn an_entry_spliced_in_from_another_chain_is_named() {
    let exchange = Exchange::new();
    let mut file = export(&exchange.entries);
    let entry = exchange.find(&exchange.washington, Stream::Urgent, 1);
    let moved = file[range_of(&file, entry)].to_vec();
    let behind = range_of(&file, exchange.find(&exchange.moscow, Stream::Traffic, 0)).end;
    file.splice(behind..behind, moved);
    let report = verify_file(&file, 64);
    assert!(words(&report).contains(&("author", "under-other-heading")));
    assert!(words(&report).contains(&("file-end", "file-digest")));
}

/// OL-366
#[test]
fn two_damaged_entries_are_both_named_and_all_others_stay_verified() {
    let exchange = Exchange::new();
    let mut file = export(&exchange.entries);
    let flash = exchange.find(&exchange.moscow, Stream::Urgent, 1);
    let receipt = exchange.find(&exchange.washington, Stream::Urgent, 1);
    // A length byte of the one, which tears the framing; a byte of the header of the other.
    let (flash, receipt) = (range_of(&file, flash), range_of(&file, receipt));
    file[flash.start + 2] ^= 0x40;
    file[receipt.start + 150] ^= 1;
    for piece in [1, 50, file.len()] {
        let report = verify_file(&file, piece);
        let named: Vec<_> = report
            .findings
            .kept()
            .iter()
            .map(|f| (f.at.clone(), f.field))
            .collect();
        let at = |boot: &Boot| {
            At::Entry(Place {
                chain: boot.chain(Stream::Urgent),
                sequence: 1,
            })
        };
        assert_eq!(
            named[..2],
            [
                (at(&exchange.moscow), Field::Framing),
                (at(&exchange.washington), Field::Header)
            ]
        );
        assert_eq!(report.counts.entries(), 5);
        assert_eq!(
            chain_report(&report, &exchange.moscow, Stream::Traffic).size,
            2
        );
    }
}

/// OL-362 OL-363
#[test]
fn the_writer_refuses_what_is_out_of_order_or_of_another_line() {
    let exchange = Exchange::new();
    let sorted = in_order(&exchange.entries);
    let mut out = Vec::new();
    let mut writer = RecordWriter::new(head(), &mut out);
    writer
        .entry(sorted[1].as_signed(), &mut out)
        .expect("any entry may come first");
    for early in [&sorted[0], &sorted[1]] {
        let refused = writer.entry(early.as_signed(), &mut out);
        assert!(matches!(refused, Err(WriteError::Order { .. })));
    }
    let mut stray = Boot::new(2);
    stray.line = LineId([9; 32]);
    let refused = writer.entry(stray.start(&[], &[]).as_signed(), &mut out);
    assert!(matches!(refused, Err(WriteError::Line { .. })));
}

/// OL-364
#[test]
fn a_chain_with_a_fork_or_a_gap_closes_with_what_is_proven() {
    let mut exchange = Exchange::new();
    let mut copy = exchange.moscow.clone();
    exchange.entries.push(exchange.moscow.routine("We agree."));
    exchange.entries.push(copy.routine("We do not agree."));
    let report = verify_file(&export(&exchange.entries), 64);
    assert_eq!(words(&report), [("sequence", "fork")]);

    let mut exchange = Exchange::new();
    let lost = exchange.moscow.routine("Lost").id();
    exchange.entries.push(exchange.moscow.routine("Beyond"));
    let report = verify_file(&export(&exchange.entries), 64);
    assert_eq!(
        (words(&report), report.missing.len()),
        (vec![], 1),
        "{lost} is missing"
    );
}

/// OL-346 OL-347
#[test]
fn another_charter_before_the_same_entries_is_found_at_both_signatures_and_has_another_digest() {
    let mut exchange = Exchange::new();
    exchange.compare_number();
    let honest = verify_file(&export(&exchange.entries), 64);
    assert!(honest.is_sound(), "{:?}", honest.findings);
    assert_eq!(honest.compared_by.len(), 2);
    let charters: [&[u8]; 2] = [b"the charter.", b""];
    for charter in charters {
        let charter = charter.to_vec();
        let forged = export_under(Head { charter, ..head() }, &exchange.entries);
        let report = verify_file(&forged, 64);
        assert!(!report.is_sound());
        let at = |boot: &Boot, sequence| {
            let chain = boot.chain(Stream::Urgent);
            At::Entry(Place { chain, sequence })
        };
        for place in [at(&exchange.moscow, 2), at(&exchange.washington, 3)] {
            let is_named = |found: &Finding| {
                (&found.at, found.field, found.fault.word())
                    == (&place, Field::Charter, "charter-differs")
            };
            assert!(report.findings.kept().iter().any(is_named), "{place}");
        }
        assert_ne!(report.digest(), honest.digest());
    }
}

/// OL-347
#[test]
fn a_card_that_is_not_the_one_compared_is_found() {
    let mut exchange = Exchange::new();
    exchange.compare_number();
    let mut forged = head();
    forged.cards[1].push(b'!');
    let report = verify_file(&export_under(forged, &exchange.entries), 64);
    assert_eq!(words(&report), [("card", "card-differs"); 2]);
}

/// OL-347: where nobody signed that he compared the number, the report does not pretend otherwise.
#[test]
fn a_charter_that_no_entry_names_is_not_called_proven_and_still_changes_the_digest() {
    let exchange = Exchange::new();
    let charter = b"the chapter".to_vec();
    let forged = export_under(Head { charter, ..head() }, &exchange.entries);
    let (honest, forged) = (
        verify_file(&export(&exchange.entries), 64),
        verify_file(&forged, 64),
    );
    assert!(honest.compared_by.is_empty() && forged.compared_by.is_empty());
    assert_ne!(honest.digest(), forged.digest());
}

/// OL-361
#[test]
fn a_stranger_can_not_be_named_as_the_one_who_wrote_the_file() {
    let exported_by = openline_wire::ids::PartyId([9; 32]);
    let file = export_under(
        Head {
            exported_by,
            ..head()
        },
        &Exchange::new().entries,
    );
    assert_eq!(words(&verify_file(&file, 64)), [("file-head", "exporter")]);
}

/// OL-361
#[test]
fn what_is_no_record_file_is_refused_at_once() {
    let mut check = RecordCheck::new(|_: &Head| Ok(nodes()));
    let refused = check.push(b"SQLite format 3\0");
    assert!(matches!(refused, Err(FileError::Head(_))));
    let empty = RecordCheck::new(|_: &Head| Ok(nodes()));
    assert_eq!(empty.finish().err(), Some(FileError::Truncated));
}

/// Changes one byte of a file and returns the findings; none if the head can't be read any more.
fn flipped(file: &[u8], offset: usize, change: u8) -> Option<Report> {
    let mut file = file.to_vec();
    file[offset] ^= change;
    let mut check = RecordCheck::new(|_: &Head| Ok(nodes()));
    check.push(&file).ok()?;
    Some(check.finish().ok()?.1)
}

/// The field that the verifier may name for a byte of `field`. Lengths are framing wherever they stand,
/// and fields of a header are part of it.
fn names(found: Field, field: Field) -> bool {
    found == field
        || found == Field::Framing
        || (field == Field::Header && matches!(found, Field::Author | Field::Line))
}

fn check_flip(file: &[u8], offset: usize, change: u8) {
    let located = locate(file, offset as u64).expect("a byte of an intact file");
    let Some(report) = flipped(file, offset, change) else {
        assert_eq!(located.field, Field::FileHead, "byte {offset}");
        return;
    };
    assert!(
        !report.is_sound(),
        "byte {offset} changed by {change:#x}: {located:?}"
    );
    assert_eq!(
        report.counts.without_body, 0,
        "byte {offset}: what was changed is not withheld"
    );
    if let At::Entry(_) = located.at {
        let is_named = |f: &Finding| f.at == located.at && names(f.field, located.field);
        let findings = report.findings.kept();
        assert!(
            findings.iter().any(is_named),
            "byte {offset} changed by {change:#x}: {located:?}, found {findings:#?}"
        );
    }
}

/// OL-366: every byte, each with one of its bits changed.
#[test]
fn a_changed_byte_anywhere_is_found_and_in_an_entry_it_is_named() {
    let file = export(&Exchange::new().entries);
    for offset in 0..file.len() {
        check_flip(&file, offset, 1 << (offset % 8));
    }
}

proptest! {
    /// OL-366
    #[test]
    fn any_change_of_any_byte_is_found(at in any::<proptest::sample::Index>(), change in 1u8..) {
        let file = export(&Exchange::new().entries);
        check_flip(&file, at.index(file.len()), change);
    }

    /// OL-366
    #[test]
    fn garbage_behind_a_head_is_survived(garbage in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let mut file = Vec::new();
        let _ = RecordWriter::new(head(), &mut file);
        file.extend(&garbage);
        prop_assert!(!verify_file(&file, 256).is_sound());
    }
}

/// OL-366
#[test]
fn a_byte_is_located_by_entry_and_part() {
    let exchange = Exchange::new();
    let file = export(&exchange.entries);
    let entry = exchange.find(&exchange.moscow, Stream::Traffic, 1);
    let range = range_of(&file, entry);
    let located = |offset: usize| locate(&file, offset as u64).expect("a byte of the file");
    // The header begins behind the array's byte and three bytes of length, its line behind two more.
    let line = located(range.start + 4 + 2 + 10);
    assert_eq!(line.at, At::Entry(Place::of(entry.header())));
    assert_eq!((line.field, line.part), (Field::Header, Some("line")));
    assert_eq!(located(range.end - 1).field, Field::Body);
    assert_eq!(located(0).field, Field::FileHead);
    assert_eq!(located(file.len() - 1).field, Field::FileEnd);
    assert_eq!(locate(&file, file.len() as u64), None);
}

/// OL-366: the last entry of a chain has no successor that tells; the chain's closing does.
#[test]
fn a_changed_header_is_told_from_a_changed_signature_at_the_end_of_a_chain() {
    let mut exchange = Exchange::new();
    let last = exchange
        .moscow
        .write(draft(Precedence::Routine, Some("Last")));
    exchange.entries.push(last.clone());
    let file = export(&exchange.entries);
    let range = range_of(&file, &last);
    let header = last.header_bytes().len();
    for (offset, field) in [
        (header - 10, Field::Header),
        (header + 10, Field::Signature),
    ] {
        let report = flipped(&file, range.start + offset, 1).expect("an intact head");
        let finding = &report.findings.kept()[0];
        assert_eq!((finding.field, &finding.fault), (field, &Fault::Signature));
    }
}
