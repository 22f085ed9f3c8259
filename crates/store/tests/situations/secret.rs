//! A copy of the files alone gives no text and no channel state away.
use crate::common;

use std::fs;
use std::path::Path;

use common::{Boot, KEY, LINE, entry_of, key, open};
use openline_proto::contract::{Change, Misbehaviour};
use openline_wire::cbor::Canonical;
use openline_wire::ids::NodeId;
use zeroize::Zeroizing;

const SECRET: &str = "the convoy leaves the northern gate at four";
const PEER: NodeId = NodeId([2; 32]);

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|part| part == what)
}

/// The files of a home whose bytes contain `what`.
fn files_with(home: &Path, what: &[u8]) -> Vec<String> {
    let files = fs::read_dir(home).unwrap().map(|file| file.unwrap());
    files
        .filter(|file| contains(&fs::read(file.path()).unwrap(), what))
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect()
}

fn channel(state: &str) -> Change {
    Change::Channel {
        line: LINE,
        peer: PEER,
        state: Zeroizing::new(state.as_bytes().to_vec()),
    }
}

#[test]
fn no_text_and_no_channel_state_stands_in_the_files() {
    let home = tempfile::tempdir().unwrap();
    let mut boot = Boot::new(1, 1);
    let said = boot.say(SECRET);
    let proof = Change::Evidence {
        line: LINE,
        by: boot.author,
        what: Misbehaviour::Equivocation,
        proof: vec![entry_of(&said).as_signed().to_bytes()],
        at: 1,
    };
    let mut store = open(home.path());
    let batch = [said.clone(), vec![channel(SECRET), proof]].concat();
    store.persist(&batch, &[]).unwrap();
    // What is searched for would be found if it were there: the signed header is.
    assert!(!files_with(home.path(), entry_of(&said).header_bytes()).is_empty());
    let salt = entry_of(&said).body().unwrap().salt;
    let secrets = [SECRET.as_bytes(), &KEY, &salt];
    let found = || {
        secrets
            .map(|secret| files_with(home.path(), secret))
            .concat()
    };
    assert_eq!(found(), Vec::<String>::new());
    drop(store);
    assert_eq!(found(), Vec::<String>::new());
}

#[test]
fn a_copy_of_the_record_holds_no_channel_state() {
    let home = tempfile::tempdir().unwrap();
    let mut store = open(home.path());
    let batch = [Boot::new(1, 1).say("one"), vec![channel("secret state")]].concat();
    store.persist(&batch, &[]).unwrap();
    drop(store);
    let backup = tempfile::tempdir().unwrap();
    fs::copy(
        home.path().join("record.db"),
        backup.path().join("record.db"),
    )
    .unwrap();
    let restored = open(backup.path());
    assert_eq!(restored.stored_line(&LINE).unwrap().last_cursor, 1);
    assert!(restored.channel_state(&LINE, &PEER).unwrap().is_none());
    assert!(
        open(home.path())
            .channel_state(&LINE, &PEER)
            .unwrap()
            .is_some()
    );
}

/// Keys of an epoch that was left must not be found in the file afterwards, not even sealed.
#[test]
fn an_earlier_channel_snapshot_is_gone_from_the_files() {
    let home = tempfile::tempdir().unwrap();
    let mut store = open(home.path());
    let seal = |home: &Path| -> Vec<u8> {
        let raw = rusqlite::Connection::open(home.join("channel.db")).unwrap();
        raw.query_row("SELECT seal FROM channels", [], |row| row.get(0))
            .unwrap()
    };
    store
        .persist(&[channel(&"first ".repeat(2_000))], &[])
        .unwrap();
    let first = seal(home.path());
    let middle = &first[6_000..6_032];
    assert!(!files_with(home.path(), middle).is_empty());
    store
        .persist(&[channel(&"next ".repeat(1_000))], &[])
        .unwrap();
    assert_eq!(files_with(home.path(), middle), Vec::<String>::new());
}

#[test]
fn debug_output_gives_no_key_and_no_text_away() {
    let key_text = format!("{:?}", key());
    assert_eq!(key_text, "StorageKey(..)");
    let said = format!("{:?}", Boot::new(1, 1).say(SECRET));
    assert!(!said.contains("convoy"), "{said}");
}
