//! Rows edited by hand: refused at the next start, and named.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use common::home::home;
use common::{Boot, LINE, key};
use openline_store::{Depth, Reader, StoreError};
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Mark, Precedence, Stage};
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
