//! Rows edited by hand: refused at the next start, and named.
use crate::common;

use common::home::home;
use common::{Boot, LINE, entry_of, key, nodes, open};
use openline_proto::contract::Change;
use openline_record::tree::Edge;
use openline_store::{Depth, Reader, Store, StoreError};
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Mark, Precedence, Stage, Stream};
use openline_wire::entry::id_of;
use openline_wire::fact::{Fact, Receipt};
use openline_wire::header::Header;

fn to_read(header: &mut Header) {
    let Ok(Fact::Receipt(receipt)) = Fact::of(header) else {
        panic!("no receipt");
    };
    header.fact = Receipt {
        stage: Stage::Read,
        ..receipt
    }
    .to_bytes();
}

#[test]
fn a_receipt_edited_from_shown_to_read_is_refused_and_named() {
    let home = home(3, 3);
    home.check(Depth::Full).unwrap();
    home.edit_receipt(to_read);
    assert_eq!(home.named_in_receipt(), "stage");
}

#[test]
fn whoever_edits_a_receipt_and_its_id_is_refused_too() {
    let home = home(3, 3);
    let id = id_of(&home.edit_receipt(to_read));
    let update = "UPDATE entries SET id = ?1 WHERE id = ?2";
    home.raw()
        .execute(update, (&id.0, &home.receipt.0))
        .unwrap();
    assert_eq!(home.named_in_receipt(), "seal");
}

#[test]
fn an_edited_header_is_named_by_its_field_where_that_can_be_told() {
    type Edit = fn(&mut Header);
    let fields: [(&str, Edit); 3] = [
        ("precedence", |header| header.precedence = Precedence::Flash),
        ("mark", |header| header.mark = Mark::Test),
        ("header", |header| header.time += 1),
    ];
    for (field, edit) in fields {
        let home = home(3, 3);
        home.edit_receipt(edit);
        assert_eq!(home.named_in_receipt(), field);
    }
}

#[test]
fn what_no_signature_covers_can_not_be_edited_either() {
    let sealed = "seal";
    let edits = [
        ("received = received - 1", sealed),
        ("cursor = cursor + 100", sealed),
        ("number = number + 100", sealed),
        ("letter = 'M', number = 99", sealed),
        ("signature = zeroblob(64)", "signature"),
        ("seal = (SELECT seal FROM entries WHERE place = 1)", sealed),
        ("header = x'00'", "header"),
        ("kind = 4711", "kind"),
    ];
    for (edit, field) in edits {
        let home = home(3, 3);
        let id = home.receipt;
        home.sql(&format!("UPDATE entries SET {edit} WHERE id = x'{id}'"));
        assert_eq!(home.named_in_receipt(), field, "{edit}");
    }
}

/// Not by hand: a core that forgot what it had written would do this, and the record must not pass for whole.
#[test]
fn an_entry_that_does_not_continue_its_chain_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let (mut ours, mut other) = (Boot::new(1, 1), Boot::new(1, 1).after(1));
    let first = ours.say("one");
    other.say("another");
    let second = other.say("two");
    let mut store = open(directory.path());
    store.persist(&first, &[]).unwrap();
    let mut edge: Edge = [entry_of(&first).id()].into_iter().collect();
    edge.append(entry_of(&second).id());
    let progress = Change::Progress {
        line: LINE,
        chain: ours.chain(Stream::Traffic),
        size: 2,
        last: entry_of(&second).id(),
        edge: edge.to_bytes(),
    };
    store.persist(&[second[0].clone(), progress], &[]).unwrap();
    let refused = store.check(&LINE, &nodes(&[&ours]), Depth::Start);
    let named = matches!(
        refused,
        Err(StoreError::HandEdited {
            sequence: 1,
            field: "previous",
            ..
        })
    );
    assert!(named, "{refused:?}");
}

#[test]
fn an_entry_taken_out_of_a_chain_is_missed() {
    let home = home(5, 5);
    let ours = Boot::new(1, 1);
    home.sql("DELETE FROM entries WHERE chain = 1 AND sequence = 2");
    assert_eq!(home.named_at(&ours, 2), "missing");
}

#[test]
fn the_last_entry_taken_out_of_a_chain_is_missed() {
    let home = home(5, 5);
    let ours = Boot::new(1, 1);
    home.sql("DELETE FROM entries WHERE chain = 1 AND sequence = 9");
    assert_eq!(home.named_at(&ours, 9), "missing");
}

#[test]
fn what_was_derived_from_the_entries_must_agree_with_them() {
    let ours = || Boot::new(1, 1);
    let of_a_chain = [
        ("UPDATE chains SET edge = x'00' WHERE no = 1", 9, "edge"),
        (
            "UPDATE chains SET last = zeroblob(32) WHERE no = 1",
            9,
            "last",
        ),
        ("UPDATE chains SET size = 9 WHERE no = 1", 9, "size"),
        ("UPDATE chains SET size = 11 WHERE no = 1", 10, "missing"),
    ];
    for (edit, place, field) in of_a_chain {
        let home = home(5, 5);
        home.sql(edit);
        assert_eq!(home.named_at(&ours(), place), field);
    }
    let home = home(5, 5);
    home.sql("DELETE FROM receipts");
    assert_eq!(home.named_in_receipt(), "targets");
}

#[test]
fn rows_that_belong_to_no_entry_are_named_by_their_table() {
    let edits = [
        (
            "INSERT INTO receipts SELECT id, 1 FROM entries WHERE place = 2",
            "receipts",
        ),
        ("UPDATE confirmed SET size = 100", "confirmed"),
        ("UPDATE evidence SET what = 1", "evidence"),
    ];
    for (edit, table) in edits {
        let home = home(5, 5);
        home.sql(edit);
        match home.check(Depth::Start) {
            Err(StoreError::HandEditedRow { table: named }) => assert_eq!(named, table),
            other => panic!("{edit}: {other:?}"),
        }
    }
}

#[test]
fn a_signature_by_a_node_that_nobody_certified_is_refused() {
    let mut home = home(3, 3);
    let theirs = home.theirs.author.node;
    home.nodes.remove(&theirs);
    assert_eq!(home.named_in_receipt(), "node");
}

#[test]
fn an_old_signature_is_left_to_the_full_check() {
    let home = home(300, 0);
    home.sql("UPDATE entries SET signature = zeroblob(64) WHERE place = 1");
    assert_eq!(home.check(Depth::Start).unwrap().signatures, 256 + 1);
    let full = home.check(Depth::Full);
    assert!(matches!(
        full,
        Err(StoreError::HandEdited {
            sequence: 0,
            field: "signature",
            ..
        })
    ));
}

#[test]
fn a_reader_serves_what_was_not_edited() {
    let home = home(3, 3);
    home.edit_receipt(to_read);
    let reader = Reader::open(home.path(), &key()).unwrap();
    let listing = reader.entries_after(&LINE, 0, 100).unwrap();
    assert_eq!(
        (listing.entries.len(), listing.unreadable, listing.cursor),
        (6, 1, 7)
    );
}

/// What a file defines is code that SQLite would run: here a trigger that forgets each text that was just stored.
const FORGETFUL: &str = "CREATE TRIGGER t AFTER INSERT ON entries WHEN new.letter = 'M'
    BEGIN DELETE FROM entries WHERE place = new.place; END";

fn names_what_was_planted<T>(opened: Result<T, StoreError>, planted: &str) {
    match opened.err() {
        Some(StoreError::HandEditedSchema { name, .. }) => assert_eq!(name, planted),
        other => panic!("{planted}: {other:?}"),
    }
}

#[test]
fn a_record_that_defines_what_we_did_not_put_there_is_not_opened() {
    for (planted, sql) in [
        ("trigger t", FORGETFUL),
        ("view v", "CREATE VIEW v AS SELECT 1"),
        ("table t", "CREATE TABLE t (a)"),
        ("index i", "CREATE UNIQUE INDEX i ON entries (received)"),
        ("index entries_id", "DROP INDEX entries_id"),
    ] {
        let home = home(3, 3);
        home.raw().execute_batch(sql).unwrap();
        names_what_was_planted(Store::open(home.path(), &key()), planted);
        names_what_was_planted(Reader::open(home.path(), &key()), planted);
    }
}

#[test]
fn a_trigger_in_the_channels_file_is_refused_too() {
    let home = home(1, 0);
    let raw = rusqlite::Connection::open(home.path().join("channel.db")).unwrap();
    let sql = "CREATE TRIGGER t AFTER INSERT ON channels BEGIN DELETE FROM channels; END";
    raw.execute_batch(sql).unwrap();
    drop(raw);
    names_what_was_planted(Store::open(home.path(), &key()), "trigger t");
}

#[test]
fn a_trigger_planted_while_the_store_is_open_runs_for_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let mut ours = Boot::new(1, 1);
    let mut store = open(directory.path());
    store.persist(&ours.say("before"), &[]).unwrap();
    let raw = rusqlite::Connection::open(directory.path().join("record.db")).unwrap();
    raw.execute_batch(FORGETFUL).unwrap();
    store.persist(&ours.say("after"), &[]).unwrap();
    assert_eq!(store.reader().unwrap().counts(&LINE).unwrap().messages, 2);
}

#[test]
fn salvage_leaves_behind_what_was_planted() {
    let home = home(3, 3);
    home.raw().execute_batch(FORGETFUL).unwrap();
    let out = tempfile::tempdir().unwrap();
    let report = openline_store::salvage(home.path(), &key(), out.path()).unwrap();
    assert_eq!((report.entries, report.unreadable), (7, 0));
    assert!(Store::open(out.path(), &key()).is_ok());
}

/// Another line, of which the record has a row and nothing else.
const OTHER_LINE: &str = "INSERT INTO lines VALUES (2, zeroblob(32))";

#[test]
fn a_record_that_is_moved_to_another_line_is_missed_and_named() {
    let ours = || Boot::new(1, 1);
    let line = "line";
    for edit in [
        "UPDATE lines SET id = randomblob(32) WHERE no = 1",
        "DELETE FROM lines",
        "UPDATE chains SET line = 2 WHERE no = 1",
        "DELETE FROM authors WHERE no = 1",
        "DELETE FROM chains WHERE no = 1",
    ] {
        let home = home(5, 5);
        home.sql(OTHER_LINE);
        let raw = home.raw();
        raw.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        assert!(raw.execute(edit, []).unwrap() > 0, "{edit}");
        drop(raw);
        assert_eq!(home.named_at(&ours(), 0), line, "{edit}");
    }
}

#[test]
fn an_entry_that_is_listed_under_another_line_is_named() {
    let home = home(5, 5);
    home.sql(OTHER_LINE);
    home.sql("UPDATE entries SET line = 2 WHERE chain = 1 AND sequence = 3");
    assert_eq!(home.named_at(&Boot::new(1, 1), 3), "line");
}
