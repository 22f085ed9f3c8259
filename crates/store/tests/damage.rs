//! Rows edited by hand and pages that are no longer what they were: refused and named, and what is intact stays
//! usable.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod common;

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;

use common::{Boot, LINE, entry_of, key, nodes, open};
use openline_proto::contract::{Change, Misbehaviour};
use openline_store::{Depth, Nodes, Reader, Store, StoreError, salvage};
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Precedence, Stage, Stream};
use openline_wire::entry::id_of;
use openline_wire::fact::{Fact, Receipt};
use openline_wire::header::{self, Header};
use openline_wire::ids::EntryId;
use rusqlite::Connection;

/// A home with a receipt in the middle: ours says `before` messages, theirs shows the first, ours says some more.
struct Home {
    directory: tempfile::TempDir,
    nodes: Nodes,
    receipt: EntryId,
    theirs: Boot,
}

fn home(before: u64, after: u64) -> Home {
    let directory = tempfile::tempdir().unwrap();
    let (mut ours, mut theirs) = (Boot::new(1, 1), Boot::new(2, 1).after(before));
    let mut store = open(directory.path());
    let said: Vec<_> = (0..before).map(|n| ours.say(&format!("{n}"))).collect();
    store.persist(&said.concat(), &[]).unwrap();
    let shown = theirs.receipt(Stage::Shown, vec![entry_of(&said[0]).id()]);
    let confirmed = Change::Confirmed {
        line: LINE,
        by: theirs.author,
        chain: ours.chain(Stream::Traffic),
        size: before,
        at: 1,
        their_time: 2,
    };
    let evidence = Change::Evidence {
        line: LINE,
        by: theirs.author,
        what: Misbehaviour::FalseHeads,
        proof: Vec::new(),
        at: 3,
    };
    store.persist(&shown, &[confirmed, evidence]).unwrap();
    let mut ours = ours.after(theirs.cursor());
    let nodes = nodes(&[&ours, &theirs]);
    for n in 0..after {
        store.persist(&ours.say(&format!("{n}")), &[]).unwrap();
    }
    Home {
        directory,
        nodes,
        receipt: entry_of(&shown).id(),
        theirs,
    }
}

impl Home {
    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn raw(&self) -> Connection {
        Connection::open(self.path().join("record.db")).unwrap()
    }

    /// Edits the receipt's header by hand.
    fn edit_receipt(&self, edit: impl FnOnce(&mut Header)) -> Vec<u8> {
        let raw = self.raw();
        let query = "SELECT header FROM entries WHERE id = ?1";
        let bytes: Vec<u8> = raw
            .query_row(query, [&self.receipt.0], |row| row.get(0))
            .unwrap();
        let mut header = header::parse(&bytes).unwrap();
        edit(&mut header);
        let bytes = header.to_bytes();
        let update = "UPDATE entries SET header = ?1 WHERE id = ?2";
        assert_eq!(raw.execute(update, (&bytes, &self.receipt.0)).unwrap(), 1);
        bytes
    }

    fn sql(&self, sql: &str) {
        assert!(
            self.raw().execute(sql, []).unwrap() > 0,
            "{sql}: nothing was edited"
        );
    }

    fn check(&self, depth: Depth) -> Result<openline_store::Checked, StoreError> {
        open(self.path()).check(&LINE, &self.nodes, depth)
    }

    /// The field that the next start names, in the entry of this boot at this place.
    fn named_at(&self, author: &Boot, place: u64) -> &'static str {
        match self.check(Depth::Start) {
            Err(StoreError::HandEdited {
                party,
                node,
                boot,
                stream,
                sequence,
                field,
            }) => {
                let named = (party, node, boot, stream, sequence);
                let Boot { author, .. } = author;
                let expected = (
                    author.party,
                    author.node,
                    author.boot,
                    Stream::Traffic,
                    place,
                );
                assert_eq!(named, expected);
                field
            }
            other => panic!("{other:?}"),
        }
    }

    fn named_in_receipt(&self) -> &'static str {
        self.named_at(&self.theirs, 0)
    }
}

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
        ("mark", |header| {
            header.mark = openline_wire::codes::Mark::Test
        }),
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

const PAGE: u64 = 4_096;

fn pages(home: &Path) -> u64 {
    home.join("record.db").metadata().unwrap().len() / PAGE
}

/// A copy of a home in which one page, counted from 0, is overwritten.
fn with_damaged_page(home: &Path, page: u64) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let file = copy.path().join("record.db");
    fs::copy(home.join("record.db"), &file).unwrap();
    let file = OpenOptions::new().write(true).open(file).unwrap();
    file.write_all_at(&[0xA5; PAGE as usize], page * PAGE)
        .unwrap();
    copy
}

fn full_check(home: &Path, nodes: &Nodes) -> Result<openline_store::Checked, StoreError> {
    Store::open(home, &key())?.check(&LINE, nodes, Depth::Full)
}

/// Page by page: the whole check misses none, names it, and salvage brings back what does not lie on it.
#[test]
fn a_damaged_page_is_named_and_costs_only_what_lies_on_it() {
    let home = home(80, 80);
    let mut salvaged = Vec::new();
    for page in 0..pages(home.path()) {
        let damaged = with_damaged_page(home.path(), page);
        let found = full_check(damaged.path(), &home.nodes);
        let is_named = matches!(
            found,
            Err(StoreError::Damaged { .. } | StoreError::HandEditedRow { .. })
        );
        assert!(is_named, "page {page}: {found:?}");
        let out = tempfile::tempdir().unwrap();
        let Ok(report) = salvage(damaged.path(), &key(), out.path()) else {
            continue;
        };
        let checked = open(out.path())
            .check(&LINE, &home.nodes, Depth::Full)
            .unwrap();
        assert_eq!(checked.entries, report.entries, "page {page}");
        salvaged.push(report.entries);
    }
    let (all, most) = (161, 161 - 20);
    let whole = salvaged.iter().filter(|entries| **entries == all).count();
    let nearly = salvaged.iter().filter(|entries| **entries >= most).count();
    let pages = usize::try_from(pages(home.path())).unwrap();
    assert!(whole > 10, "{salvaged:?}");
    assert!(nearly * 10 > pages * 7, "{salvaged:?}");
}

/// A page in the middle of the table of entries.
fn page_of_entries(home: &Path) -> u64 {
    let bytes = fs::read(home.join("record.db")).unwrap();
    let is_leaf_of_entries = |page: &&[u8]| {
        // A leaf of a table begins with 0x0D (fileformat2.html, section 1.6).
        page[0] == 0x0D && page.windows(10).any(|part| part == b"Lt. Orlova")
    };
    let pages = bytes.chunks(PAGE as usize).enumerate();
    let leaves: Vec<_> = pages.filter(|(_, page)| is_leaf_of_entries(page)).collect();
    leaves[leaves.len() / 2].0 as u64
}

#[test]
fn a_damaged_page_of_entries_is_named_by_the_entries_on_it() {
    let home = home(80, 80);
    let damaged = with_damaged_page(home.path(), page_of_entries(home.path()));
    let store = open(damaged.path());
    let Err(StoreError::Damaged { file, place }) = store.check(&LINE, &home.nodes, Depth::Start)
    else {
        panic!("not found");
    };
    assert_eq!(file, "record.db");
    for part in [
        "table entries",
        "stream traffic",
        &Boot::new(1, 1).author.boot.to_string(),
    ] {
        assert!(place.contains(part), "{place}");
    }
    let reader = store.reader().unwrap();
    let listing = reader.entries_after(&LINE, 0, 1_000).unwrap();
    assert_eq!(listing.entries.len() as u64 + listing.unreadable, 161);
    assert!(
        (1..20).contains(&listing.unreadable),
        "{}",
        listing.unreadable
    );
}

#[test]
fn salvage_keeps_names_confirmations_and_evidence_and_says_what_is_gone() {
    let home = home(80, 80);
    let damaged = with_damaged_page(home.path(), page_of_entries(home.path()));
    let out = tempfile::tempdir().unwrap();
    let report = salvage(damaged.path(), &key(), out.path()).unwrap();
    assert_eq!(
        (report.confirmations, report.evidence, report.beside_lost),
        (1, 1, false)
    );
    let missing: u64 = report.gaps.iter().map(|(_, _, from, to)| to - from).sum();
    assert_eq!(report.entries + missing, 161);
    let store = open(out.path());
    store.check(&LINE, &home.nodes, Depth::Full).unwrap();
    let (before, after) = (open(home.path()).reader().unwrap(), store.reader().unwrap());
    for entry in after.entries_after(&LINE, 0, 1_000).unwrap().entries {
        let id = entry.stored.entry.id();
        let was = before.by_id(&id).unwrap().unwrap();
        assert_eq!(
            (was.name, was.stored.cursor),
            (entry.name, entry.stored.cursor)
        );
    }
    let again = salvage(damaged.path(), &key(), out.path());
    assert!(matches!(again, Err(StoreError::Occupied { .. })));
}

#[test]
fn salvage_of_an_intact_record_loses_nothing() {
    let home = home(20, 20);
    let out = tempfile::tempdir().unwrap();
    let report = salvage(home.path(), &key(), out.path()).unwrap();
    assert_eq!(
        (report.entries, report.unreadable, report.gaps.len()),
        (41, 0, 0)
    );
    let (old, new) = (open(home.path()), open(out.path()));
    let line = |store: &Store| format!("{:?}", store.stored_line(&LINE).unwrap());
    assert_eq!(line(&old), line(&new));
}

/// A home with a channel snapshot.
fn home_with_channel() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let state = zeroize::Zeroizing::new(vec![7; 9_000]);
    let change = Change::Channel {
        line: LINE,
        peer: PEER,
        state,
    };
    open(directory.path()).persist(&[change], &[]).unwrap();
    directory
}

const PEER: openline_wire::ids::NodeId = openline_wire::ids::NodeId([2; 32]);

#[test]
fn a_damaged_channel_file_is_named_and_the_record_is_still_read() {
    let home = home_with_channel();
    let file = home.path().join("channel.db");
    let len = file.metadata().unwrap().len();
    for page in 0..len / PAGE {
        let copy = tempfile::tempdir().unwrap();
        for name in ["record.db", "channel.db"] {
            fs::copy(home.path().join(name), copy.path().join(name)).unwrap();
        }
        let file = OpenOptions::new()
            .write(true)
            .open(copy.path().join("channel.db"))
            .unwrap();
        file.write_all_at(&[0xA5; PAGE as usize], page * PAGE)
            .unwrap();
        let store = Store::open(copy.path(), &key());
        match store.and_then(|store| store.channel_state(&LINE, &PEER)) {
            Err(StoreError::Damaged { file, .. }) => assert_eq!(file, "channel.db"),
            Err(StoreError::HandEditedRow { table }) => assert_eq!(table, "channels"),
            other => panic!("page {page}: {other:?}"),
        }
        Reader::open(copy.path(), &key()).unwrap();
    }
}

#[test]
fn a_channel_snapshot_edited_by_hand_is_refused() {
    let home = home_with_channel();
    let raw = Connection::open(home.path().join("channel.db")).unwrap();
    raw.execute("UPDATE channels SET peer = zeroblob(32)", [])
        .unwrap();
    drop(raw);
    let moved = openline_wire::ids::NodeId([0; 32]);
    let refused = open(home.path()).channel_state(&LINE, &moved);
    assert!(matches!(
        refused,
        Err(StoreError::HandEditedRow { table: "channels" })
    ));
}

#[test]
fn an_overwritten_file_is_damaged_and_not_replaced() {
    let home = home(3, 3);
    let file = home.path().join("record.db");
    let rubbish = vec![0xA5; 9_000];
    fs::write(&file, &rubbish).unwrap();
    let refused = Store::open(home.path(), &key()).err();
    assert!(
        matches!(refused, Some(StoreError::Damaged { .. })),
        "{refused:?}"
    );
    assert_eq!(fs::read(&file).unwrap(), rubbish);
}
