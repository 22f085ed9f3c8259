//! Who may open a home, and what is taken for one.
use crate::common;

use std::os::unix::fs::PermissionsExt;

use common::{Boot, key, open};
use openline_store::{Reader, Store, StoreError};

#[test]
fn a_second_writer_is_refused_until_the_first_is_gone() {
    let home = tempfile::tempdir().unwrap();
    let first = open(home.path());
    let second = Store::open(home.path(), &key());
    assert!(matches!(second.err(), Some(StoreError::Locked)));
    drop(first);
    open(home.path());
}

#[test]
fn every_file_of_a_home_can_be_opened_by_its_owner_alone() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("record.db"), "").unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_ne!(
        mode(&home.path().join("record.db")),
        0o600,
        "nothing would be shown"
    );
    let mut store = open(home.path());
    store.persist(&Boot::new(1, 1).say("one"), &[]).unwrap();
    let _reader = store.reader().unwrap();
    let files = std::fs::read_dir(home.path())
        .unwrap()
        .map(|file| file.unwrap().path());
    let files: Vec<_> = files.map(|path| (mode(&path), path)).collect();
    assert!(files.len() >= 5, "{files:?}");
    assert!(files.iter().all(|(mode, _)| *mode == 0o600), "{files:?}");
}

#[test]
fn a_key_of_another_home_opens_nothing() {
    let home = tempfile::tempdir().unwrap();
    drop(open(home.path()));
    let other = openline_store::StorageKey::new(zeroize::Zeroizing::new([1; 32]));
    assert!(matches!(
        Store::open(home.path(), &other).err(),
        Some(StoreError::WrongKey)
    ));
    assert!(matches!(
        Reader::open(home.path(), &other).err(),
        Some(StoreError::WrongKey)
    ));
}

#[test]
fn a_home_of_a_later_version_is_refused_and_left_as_it_is() {
    let home = tempfile::tempdir().unwrap();
    drop(open(home.path()));
    let raw = rusqlite::Connection::open(home.path().join("record.db")).unwrap();
    raw.pragma_update(None, "user_version", 7).unwrap();
    drop(raw);
    let refused = Store::open(home.path(), &key()).err();
    let Some(StoreError::NewerSchema { file, found, known }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((file, found, known), ("record.db", 7, 3));
}

#[test]
fn a_file_of_another_program_is_not_taken_for_ours() {
    let home = tempfile::tempdir().unwrap();
    let raw = rusqlite::Connection::open(home.path().join("record.db")).unwrap();
    raw.execute_batch("PRAGMA user_version = 1; CREATE TABLE meta (x)")
        .unwrap();
    drop(raw);
    let refused = Store::open(home.path(), &key()).err();
    assert!(
        matches!(refused, Some(StoreError::Damaged { .. })),
        "{refused:?}"
    );
}
