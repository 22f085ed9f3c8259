//! Whatever moment a process ends at: what it acknowledged is there, once, and nothing is half there.
use crate::common;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use common::{Boot, LINE, key, nodes, open, worker, worker_home};
use openline_proto::contract::Change;
use openline_store::{Depth, Nodes, Store, StoreError};
use openline_wire::ids::NodeId;
use zeroize::Zeroizing;

const PEER: NodeId = NodeId([2; 32]);

/// Kills of one home, one after another.
const KILLS: u8 = 100;

fn snapshot(cursor: u64) -> Change {
    Change::Channel {
        line: LINE,
        peer: PEER,
        state: Zeroizing::new(cursor.to_be_bytes().to_vec()),
    }
}

fn nodes_of_boots() -> Nodes {
    nodes(&[&Boot::new(1, 0)])
}

/// The process that is killed: persists batches of one to eight entries for ever, every third with a channel
/// snapshot, and says after each which cursor it has acknowledged.
#[test]
fn a_station_persists_until_it_is_killed() {
    let Some(home) = worker_home() else { return };
    let mut store = open(&home);
    let line = store.stored_line(&LINE).unwrap();
    let boots = line.chains.iter().map(|chain| chain.chain.author.boot);
    let earlier = boots.collect::<std::collections::BTreeSet<_>>().len();
    let mut boot = Boot::new(1, u8::try_from(earlier).unwrap()).after(line.last_cursor);
    store.persist(&boot.start(), &[]).unwrap();
    for round in 0.. {
        let count = round * 5 % 8 + 1;
        let mut batch: Vec<_> = (0..count)
            .flat_map(|n| boot.say(&format!("{round} {n}")))
            .collect();
        if round % 3 == 0 {
            batch.push(snapshot(boot.cursor()));
        }
        store.persist(&batch, &[]).unwrap();
        let with_channel = u64::from(round % 3 == 0);
        writeln!(std::io::stdout(), "stored {} {with_channel}", boot.cursor()).unwrap();
    }
}

/// Cursors acknowledged: of the last entry, and of the last channel snapshot.
#[derive(Default)]
struct Acknowledged {
    entry: u64,
    snapshot: u64,
}

impl Acknowledged {
    fn hear(&mut self, said: &str) {
        let Some(said) = said.split("stored ").nth(1) else {
            return;
        };
        let (cursor, with_channel) = said.trim().split_once(' ').unwrap();
        self.entry = cursor.parse().unwrap();
        if with_channel == "1" {
            self.snapshot = self.entry;
        }
    }
}

fn start(home: &Path) -> (Child, BufReader<ChildStdout>) {
    let mut command = worker("crash::a_station_persists_until_it_is_killed", home);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    (child, said)
}

#[test]
fn a_hundred_kills_lose_nothing_that_was_acknowledged_and_double_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut heard = Acknowledged::default();
    for kill in 0..KILLS {
        let (mut child, mut said) = start(home.path());
        let before = heard.entry;
        // The first words, then a number of batches that differs each time, then the rest of a moment.
        let batches = usize::from(kill) * 7 % 5;
        while heard.entry == before {
            let mut line = String::new();
            said.read_line(&mut line).unwrap();
            heard.hear(&line);
        }
        (&mut said)
            .lines()
            .take(batches)
            .for_each(|line| heard.hear(&line.unwrap()));
        std::thread::sleep(std::time::Duration::from_micros(
            u64::from(kill) * 97 % 5_000,
        ));
        child.kill().unwrap();
        child.wait().unwrap();
        said.lines().for_each(|line| heard.hear(&line.unwrap()));
        let held = held_after_crash(home.path(), &heard);
        heard.entry = heard.entry.max(held);
    }
    let checked = open(home.path()).check(&LINE, &nodes_of_boots(), Depth::Full);
    assert_eq!(checked.unwrap().entries, heard.entry);
}

/// Checks the home and says which cursor is the last.
fn held_after_crash(home: &Path, heard: &Acknowledged) -> u64 {
    let store = open(home);
    let line = store.stored_line(&LINE).unwrap();
    assert!(
        line.last_cursor >= heard.entry,
        "an acknowledged entry is gone"
    );
    let entries = store.reader().unwrap().counts(&LINE).unwrap().entries;
    assert_eq!(
        entries, line.last_cursor,
        "an entry is there twice, or half a batch is"
    );
    assert!(line.chains.iter().all(|chain| chain.ahead.is_empty()));
    let state = store
        .channel_state(&LINE, &PEER)
        .unwrap()
        .map_or(0, |state| u64::from_be_bytes(state[..].try_into().unwrap()));
    assert!(
        state >= heard.snapshot,
        "an acknowledged channel snapshot is gone"
    );
    line.last_cursor
}

#[test]
fn a_second_process_is_kept_out_while_the_first_runs() {
    let home = tempfile::tempdir().unwrap();
    let (mut child, mut said) = start(home.path());
    let mut line = String::new();
    while !line.contains("stored") {
        said.read_line(&mut line).unwrap();
    }
    let refused = Store::open(home.path(), &key()).err();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(matches!(refused, Some(StoreError::Locked)), "{refused:?}");
    open(home.path());
}

#[test]
fn a_log_that_is_torn_anywhere_ends_with_a_whole_batch() {
    let home = tempfile::tempdir().unwrap();
    let mut boot = Boot::new(1, 0);
    let mut store = open(home.path());
    store.persist(&boot.start(), &[]).unwrap();
    let batches = 6;
    for _ in 0..batches {
        let batch: Vec<_> = (0..5).flat_map(|n| boot.say(&format!("{n}"))).collect();
        store.persist(&batch, &[]).unwrap();
    }
    let (record, log) = (
        home.path().join("record.db"),
        home.path().join("record.db-wal"),
    );
    let log = fs::read(log).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for len in (0..log.len())
        .step_by(1_999)
        .chain([log.len() - 1, log.len()])
    {
        let torn = tempfile::tempdir().unwrap();
        fs::copy(&record, torn.path().join("record.db")).unwrap();
        fs::write(torn.path().join("record.db-wal"), &log[..len]).unwrap();
        seen.insert(entries_in_torn(torn.path()));
    }
    let whole: Vec<_> = (0..=batches).map(|batch| batch * 5 + 1).collect();
    assert!(
        seen.iter()
            .all(|entries| *entries == 0 || whole.contains(entries)),
        "{seen:?}"
    );
    assert!(seen.len() > 3, "nothing was torn: {seen:?}");
}

fn entries_in_torn(home: &Path) -> u64 {
    let store = open(home);
    store
        .check(&LINE, &nodes_of_boots(), Depth::Full)
        .unwrap()
        .entries
}

#[test]
fn a_log_with_rubbish_in_its_last_page_ends_with_the_batch_before() {
    let home = tempfile::tempdir().unwrap();
    let mut boot = Boot::new(1, 0);
    let mut store = open(home.path());
    for _ in 0..3 {
        store.persist(&boot.say("one"), &[]).unwrap();
    }
    let torn = tempfile::tempdir().unwrap();
    fs::copy(home.path().join("record.db"), torn.path().join("record.db")).unwrap();
    let mut log = fs::read(home.path().join("record.db-wal")).unwrap();
    let end = log.len();
    log[end - 3_000..end - 2_000].fill(0xA5);
    fs::write(torn.path().join("record.db-wal"), log).unwrap();
    assert_eq!(entries_in_torn(torn.path()), 2);
}
