//! Pages that are no longer what they were: named, and what is intact stays usable.
use crate::common;

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;

use common::home::home;
use common::{Boot, LINE, key, open};
use openline_proto::contract::Change;
use openline_store::{Checked, Depth, Nodes, Reader, Store, StoreError, salvage};
use openline_wire::ids::NodeId;
use rusqlite::Connection;

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

fn full_check(home: &Path, nodes: &Nodes) -> Result<Checked, StoreError> {
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

const PEER: NodeId = NodeId([2; 32]);

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
    let moved = NodeId([0; 32]);
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
