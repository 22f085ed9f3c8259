//! Disks that are full or can't be written: a clear error, and what was acknowledged stays.
use crate::common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{Boot, LINE, is_root, key, nodes, open, worker, worker_home};
use openline_store::{Depth, Reader, Store};

/// Nobody's user and group on every Unix.
const NOBODY: u32 = 65_534;

/// The process whose disk is limited: persists until it is refused, and says what it acknowledged and why it
/// ended. It ends as by a crash: nothing is closed in good order.
#[test]
fn a_station_persists_until_the_disk_refuses() {
    let Some(home) = worker_home() else { return };
    let mut store = match Store::open(&home, &key()) {
        Ok(store) => store,
        Err(error) => return println!("\nended {}", error.code()),
    };
    let last = store.stored_line(&LINE).unwrap().last_cursor;
    let boot_number = u8::try_from(last % 251).unwrap();
    let mut boot = Boot::new(1, boot_number).after(last);
    let text = "x".repeat(2_000);
    // A limit that does not bite must not fill the disk of whoever runs the tests.
    for _ in 0..1_000 {
        let batch: Vec<_> = (0..3).flat_map(|_| boot.say(&text)).collect();
        match store.persist(&batch, &[]) {
            Ok(_) => println!("\nstored {}", boot.cursor()),
            Err(error) => {
                println!("\nended {}", error.code());
                std::process::exit(0);
            }
        }
    }
}

/// What a worker said last after a word.
fn last_after(output: &Output, word: &str) -> Option<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    let mut said = text.lines().filter_map(|line| line.strip_prefix(word));
    said.next_back().map(|said| said.trim().to_owned())
}

fn held(home: &Path) -> u64 {
    let store = open(home);
    let checked = store
        .check(&LINE, &nodes(&[&Boot::new(1, 0)]), Depth::Full)
        .unwrap();
    assert_eq!(
        checked.entries,
        store.stored_line(&LINE).unwrap().last_cursor
    );
    checked.entries
}

/// `worker` under a shell that prepares its surroundings.
fn under_shell(prepare: &str, worker: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{prepare}; exec \"$0\" \"$@\"")]);
    shell.arg(worker.get_program()).args(worker.get_args());
    shell.envs(
        worker
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    shell
}

#[test]
fn a_file_may_grow_no_further_and_then_it_may_again() {
    let home = tempfile::tempdir().unwrap();
    let worker = worker(
        "disk::a_station_persists_until_the_disk_refuses",
        home.path(),
    );
    let output = under_shell("trap '' XFSZ; ulimit -f 400", &worker)
        .output()
        .unwrap();
    assert_eq!(
        last_after(&output, "ended").as_deref(),
        Some("store-io"),
        "{output:?}"
    );
    let stored: u64 = last_after(&output, "stored").unwrap().parse().unwrap();
    assert_eq!(held(home.path()), stored);
    let mut store = open(home.path());
    store
        .persist(&Boot::new(1, 255).after(stored).say("room again"), &[])
        .unwrap();
}

/// A library that makes the disk of a process fail, compiled from `disk_faults.c`.
fn disk_faults(folder: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/situations/disk_faults.c");
    let library = folder.join("disk_faults.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-Wall", "-Werror", "-o"]);
    assert!(
        compiler
            .arg(&library)
            .arg(source)
            .status()
            .unwrap()
            .success()
    );
    library
}

/// Persists on a disk with a fault until it shows; says how the process ended and what it had acknowledged.
fn on_a_faulty_disk(home: &Path, fault: (&str, &str)) -> (Option<String>, u64) {
    let folder = tempfile::tempdir().unwrap();
    let mut worker = worker("disk::a_station_persists_until_the_disk_refuses", home);
    worker
        .env("LD_PRELOAD", disk_faults(folder.path()))
        .env(fault.0, fault.1);
    let output = worker.output().unwrap();
    let stored = last_after(&output, "stored").unwrap_or_default();
    (last_after(&output, "ended"), stored.parse().unwrap_or(0))
}

#[test]
fn a_disk_fills_up_at_any_byte() {
    for room in [400_000, 500_123, 700_456, 2_000_789] {
        let home = tempfile::tempdir().unwrap();
        let (ended, stored) = on_a_faulty_disk(home.path(), ("DISK_ROOM", &room.to_string()));
        assert_eq!(ended.as_deref(), Some("store-disk-full"), "room for {room}");
        assert!(stored > 0, "room for {room}");
        assert_eq!(held(home.path()), stored, "room for {room}");
    }
}

#[test]
fn a_disk_with_no_room_at_all_makes_no_home() {
    let home = tempfile::tempdir().unwrap();
    let (ended, stored) = on_a_faulty_disk(home.path(), ("DISK_ROOM", "5000"));
    assert_eq!((ended.as_deref(), stored), (Some("store-disk-full"), 0));
    open(home.path());
}

/// The bytes of the batch are in the log whole when its sync fails. They must not come back with the next start.
#[test]
fn a_batch_whose_sync_failed_does_not_come_back() {
    for sync in [35, 40, 45] {
        let home = tempfile::tempdir().unwrap();
        let (ended, stored) = on_a_faulty_disk(home.path(), ("DISK_SYNC", &sync.to_string()));
        assert_eq!(ended.as_deref(), Some("store-io"), "sync {sync}");
        assert_eq!(held(home.path()), stored, "sync {sync}");
    }
}

/// The process that may only read.
#[test]
fn a_program_reads_what_it_may_not_write() {
    let Some(home) = worker_home() else { return };
    let refused = Store::open(&home, &key()).err().unwrap();
    println!("\nended {}", refused.code());
    let reader = Reader::open(&home, &key()).unwrap();
    println!("\nstored {}", reader.counts(&LINE).unwrap().entries);
}

#[test]
fn a_read_only_home_is_refused_for_writing_and_still_read() {
    let home = tempfile::tempdir().unwrap();
    let mut boot = Boot::new(1, 0);
    let mut store = open(home.path());
    (0..3).for_each(|_| drop(store.persist(&boot.say("one"), &[]).unwrap()));
    drop(store);
    set_modes(home.path(), 0o444, 0o555);
    let mut worker = worker("disk::a_program_reads_what_it_may_not_write", home.path());
    if is_root(home.path()) {
        worker.uid(NOBODY).gid(NOBODY);
    }
    let output = worker.output().unwrap();
    set_modes(home.path(), 0o600, 0o700);
    assert_eq!(
        last_after(&output, "ended").as_deref(),
        Some("store-read-only"),
        "{output:?}"
    );
    assert_eq!(
        last_after(&output, "stored").as_deref(),
        Some("3"),
        "{output:?}"
    );
}

fn set_modes(home: &Path, file: u32, directory: u32) {
    for entry in fs::read_dir(home).unwrap() {
        fs::set_permissions(entry.unwrap().path(), fs::Permissions::from_mode(file)).unwrap();
    }
    fs::set_permissions(home, fs::Permissions::from_mode(directory)).unwrap();
}
