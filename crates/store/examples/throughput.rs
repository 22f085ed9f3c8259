//! How fast the store is on this machine: `cargo run --release -p openline-store --example throughput [DIR]`.
//!
//! Prints entries a second in large batches and one to a commit, and how long the check at the start takes.
#![allow(
    clippy::unwrap_used,
    reason = "a measurement that fails is no measurement"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::path::Path;
use std::time::Instant;

use common::{Boot, LINE, key, nodes};
use openline_proto::contract::Change;
use openline_store::{Depth, Store};

const ENTRIES: usize = 100_000;
const BATCH: usize = 500;
const SINGLE: usize = 1_000;

fn main() {
    let parent = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let home = tempfile::tempdir_in(parent).unwrap();
    let mut boot = Boot::new(1, 1);
    fill(home.path(), &mut boot);
    check(home.path(), &boot);
}

fn fill(home: &Path, boot: &mut Boot) {
    let mut store = Store::open(home, &key()).unwrap();
    store.persist(&boot.start(), &[]).unwrap();
    let text = "x".repeat(300);
    let mut say = |count| (0..count).flat_map(|_| boot.say(&text)).collect::<Vec<_>>();
    let all: Vec<_> = (0..ENTRIES / BATCH).map(|_| batch(say(BATCH))).collect();
    let begin = Instant::now();
    for changes in &all {
        store.persist(changes, &[]).unwrap();
    }
    rate(&format!("batches of {BATCH}"), ENTRIES, begin);
    let singles: Vec<_> = (0..SINGLE).map(|_| say(1)).collect();
    let begin = Instant::now();
    for changes in &singles {
        store.persist(changes, &[]).unwrap();
    }
    rate("one to a commit", SINGLE, begin);
}

/// As the core does it: the progress of a chain once for each batch.
fn batch(mut changes: Vec<Change>) -> Vec<Change> {
    let last = changes.pop();
    changes.retain(|change| matches!(change, Change::Entry(_)));
    changes.extend(last);
    changes
}

fn check(home: &Path, boot: &Boot) {
    let begin = Instant::now();
    let store = Store::open(home, &key()).unwrap();
    println!("open: {:.1?}", begin.elapsed());
    for depth in [Depth::Start, Depth::Full] {
        let begin = Instant::now();
        let checked = store.check(&LINE, &nodes(&[boot]), depth).unwrap();
        println!("check, {depth:?}: {checked:?} in {:.1?}", begin.elapsed());
    }
    let begin = Instant::now();
    let found = store.stored_line(&LINE).unwrap();
    println!(
        "stored line: {} chains in {:.1?}",
        found.chains.len(),
        begin.elapsed()
    );
}

fn rate(what: &str, count: usize, begin: Instant) {
    let seconds = begin.elapsed().as_secs_f64();
    println!("{what}: {:.0} entries a second", count as f64 / seconds);
}
