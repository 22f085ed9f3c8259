//! The machine: room on the disk, core dumps, a clock that can be right.

use std::path::Path;

use rustix::process::{Resource, getrlimit};

use super::super::time;
use super::{Found, Outcome};

/// Below this a station may stop within days.
const LITTLE_ROOM: u64 = 1 << 30;

/// Below this it may stop within the hour.
const NO_ROOM: u64 = 100 << 20;

/// No clock is right that shows a time before this program was written: 2026-01-01.
const EARLIEST_MS: u64 = 1_767_225_600_000;

pub fn look(home: &Path) -> Vec<Found> {
    vec![disk(home), core_dumps(), clock()]
}

fn disk(home: &Path) -> Found {
    let existing = home.ancestors().find(|path| path.exists());
    let Some(Ok(facts)) = existing.map(rustix::fs::statvfs) else {
        return Found::new("disk", Outcome::Unknown);
    };
    let free = facts.f_bavail.saturating_mul(facts.f_frsize);
    let outcome = match free {
        0..NO_ROOM => Outcome::Wrong,
        NO_ROOM..LITTLE_ROOM => Outcome::Advice,
        _ => Outcome::Good,
    };
    Found::new("disk", outcome).with("free", free >> 20)
}

/// This process has forbidden them already, as every command does: here it shows whether that worked.
fn core_dumps() -> Found {
    let outcome = match getrlimit(Resource::Core).current {
        Some(0) => Outcome::Good,
        _ => Outcome::Wrong,
    };
    Found::new("core-dumps", outcome)
}

fn clock() -> Found {
    let now = time::now_ms();
    let outcome = match now < EARLIEST_MS {
        true => Outcome::Wrong,
        false => Outcome::Good,
    };
    Found::new("clock", outcome).with("now", time::date_and_time(now))
}
