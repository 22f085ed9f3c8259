//! A record that is gone is noticed, and nothing begins in its place unasked.
use crate::common;

use std::fs;
use std::path::Path;

use common::{Boot, LINE, key, open};
use openline_store::{Reader, Store, StoreError, is_reminder_altered};

fn home_with_a_message() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let mut store = open(home.path());
    store.persist(&Boot::new(1, 1).say("hello"), &[]).unwrap();
    home
}

fn remove_record(home: &Path) {
    for file in ["record.db", "record.db-wal", "record.db-shm"] {
        let _ = fs::remove_file(home.join(file));
    }
}

fn is_called_lost(home: &Path) {
    let written = Store::open(home, &key()).err();
    assert!(
        matches!(written, Some(StoreError::RecordLost)),
        "{written:?}"
    );
    let read = Reader::open(home, &key()).err();
    assert!(matches!(read, Some(StoreError::RecordLost)), "{read:?}");
}

#[test]
fn a_record_that_was_removed_or_emptied_is_called_lost() {
    let home = home_with_a_message();
    remove_record(home.path());
    is_called_lost(home.path());
    assert!(!home.path().join("record.db").exists());
    fs::write(home.path().join("record.db"), b"").unwrap();
    is_called_lost(home.path());
}

#[test]
fn a_home_of_an_earlier_version_remembers_its_record_from_the_next_start() {
    let home = home_with_a_message();
    fs::remove_file(home.path().join("record.made")).unwrap();
    drop(open(home.path()));
    remove_record(home.path());
    is_called_lost(home.path());
}

#[test]
fn a_reminder_that_somebody_emptied_changed_or_removed_is_seen_and_written_anew() {
    let home = home_with_a_message();
    let reminder = home.path().join("record.made");
    assert!(!is_reminder_altered(home.path()));
    let whole = fs::read(&reminder).unwrap();
    for altered in [Some(&b""[..]), Some(&b"There is no record here"[..]), None] {
        match altered {
            Some(bytes) => fs::write(&reminder, bytes).unwrap(),
            None => fs::remove_file(&reminder).unwrap(),
        }
        assert!(is_reminder_altered(home.path()));
        drop(open(home.path()));
        assert!(!is_reminder_altered(home.path()));
        assert_eq!(fs::read(&reminder).unwrap(), whole);
    }
}

#[test]
fn whoever_removes_the_reminder_too_begins_an_empty_record() {
    let home = home_with_a_message();
    remove_record(home.path());
    fs::remove_file(home.path().join("record.made")).unwrap();
    assert!(open(home.path()).lines().unwrap().is_empty());
}

/// Not a sound backup, and so nobody should make one like this; but what it holds is whole.
#[test]
fn a_copy_of_the_file_alone_holds_what_was_written_before_the_log_was_moved() {
    let home = tempfile::tempdir().unwrap();
    let mut store = open(home.path());
    store.persist(&Boot::new(1, 1).say("hello"), &[]).unwrap();
    store.move_log();
    let copy = tempfile::tempdir().unwrap();
    fs::copy(home.path().join("record.db"), copy.path().join("record.db")).unwrap();
    assert_eq!(open(copy.path()).lines().unwrap(), [LINE]);
}
