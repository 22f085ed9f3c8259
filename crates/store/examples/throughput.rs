//! How fast the store is on this machine: `cargo run --release -p openline-store --example throughput [DIR]`.
//!
//! Prints entries a second in large batches and one to a commit, and how long the check at the start takes: by
//! the clock and, in brackets, on the processor, which a busy machine does not change.
#![allow(
    clippy::unwrap_used,
    reason = "a measurement that fails is no measurement"
)]

#[allow(dead_code, reason = "a part of it is used here")]
#[path = "../tests/situations/common/mod.rs"]
mod common;

use std::path::Path;
use std::time::{Duration, Instant};

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
    let batches: Vec<_> = (0..ENTRIES / BATCH).map(|_| batch(say(BATCH))).collect();
    let singles: Vec<_> = (0..SINGLE).map(|_| say(1)).collect();
    let mut persist = |name: &str, all: &[Vec<Change>], count: usize| {
        let watch = Watch::start();
        for changes in all {
            store.persist(changes, &[]).unwrap();
        }
        watch.rate(name, count);
    };
    persist("batches of 500", &batches, ENTRIES);
    persist("one to a commit", &singles, SINGLE);
}

/// As the core does it: the progress of a chain once for each batch.
fn batch(mut changes: Vec<Change>) -> Vec<Change> {
    let last = changes.pop();
    changes.retain(|change| matches!(change, Change::Entry(_)));
    changes.extend(last);
    changes
}

fn check(home: &Path, boot: &Boot) {
    let watch = Watch::start();
    let store = Store::open(home, &key()).unwrap();
    watch.time("open");
    for depth in [Depth::Start, Depth::Full] {
        let watch = Watch::start();
        let checked = store.check(&LINE, &nodes(&[boot]), depth).unwrap();
        watch.time(&format!("check, {depth:?}: {checked:?}"));
    }
    let watch = Watch::start();
    store.stored_line(&LINE).unwrap();
    watch.time("stored line");
}

/// Both clocks.
struct Watch(Instant, Duration);

impl Watch {
    fn start() -> Self {
        Self(Instant::now(), on_processor())
    }

    fn time(&self, what: &str) {
        let (clock, processor) = (self.0.elapsed(), on_processor() - self.1);
        println!("{what}: {clock:.1?} ({processor:.1?})");
    }

    fn rate(&self, what: &str, count: usize) {
        let rate = |time: Duration| count as f64 / time.as_secs_f64();
        let (clock, processor) = (rate(self.0.elapsed()), rate(on_processor() - self.1));
        println!("{what}: {clock:.0} entries a second ({processor:.0})");
    }
}

/// What this thread has had of the processor (proc_pid_schedstat(5)); nothing where the system does not say.
fn on_processor() -> Duration {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = said.split(' ').next().and_then(|said| said.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}
