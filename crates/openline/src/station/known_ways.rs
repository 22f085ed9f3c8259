//! When the peer answered last on each way, over restarts: a way that worked before and does not now is cut, one that nobody has
//! tried is not (OL-438). It is an observation and no promise: without the file a station knows nothing of its ways when it starts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::home::files;

/// In the home.
const FILE: &str = "ways.json";

/// Ways that are remembered: many times what a station has. Of more, those that answered longest ago are forgotten.
const MOST: usize = 256;

/// A file of that many ways with the longest addresses.
const LONGEST: usize = MOST * 1024;

/// By how much what is on the disk may be behind: a write each minute would wear out what a small machine has for a disk.
const BEHIND_MS: u64 = 10 * 60_000;

/// A way, as people name it: routes are drawn anew by each run of a station.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WayName {
    /// The line.
    pub line: String,
    /// Where it leads, as a URL.
    pub address: String,
    /// Over which bearer of ours, as a URL.
    pub from: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Row {
    #[serde(flatten)]
    way: WayName,
    answered_ms: u64,
}

/// What is remembered.
#[derive(Debug)]
pub struct KnownWays {
    path: PathBuf,
    answered: BTreeMap<WayName, u64>,
}

impl KnownWays {
    /// What a home remembers; nothing, if it never did or the file can't be read.
    pub fn of(home: &Path) -> Self {
        let path = home.join(FILE);
        let bytes = files::read_limited(&path, LONGEST).ok();
        let rows = bytes.and_then(|bytes| serde_json::from_slice::<Vec<Row>>(&bytes).ok());
        let rows = rows.into_iter().flatten().take(MOST);
        let answered = rows.map(|row| (row.way, row.answered_ms)).collect();
        Self { path, answered }
    }

    /// When the peer answered on a way last, by our wall clock, in an earlier run of this station or in this one.
    pub fn answered(&self, way: &WayName) -> Option<u64> {
        self.answered.get(way).copied()
    }

    /// Takes note of when it answered on these ways, and writes it down if what is on the disk is too far behind. A disk that is full
    /// is tried again next time.
    pub fn note(&mut self, now: impl IntoIterator<Item = (WayName, u64)>) {
        let mut noted = self.answered.clone();
        noted.extend(now);
        let is_far = |(way, at): (&WayName, &u64)| {
            let before = self.answered(way);
            before.is_none_or(|before| before.abs_diff(*at) >= BEHIND_MS)
        };
        if !noted.iter().any(is_far) {
            return;
        }
        while noted.len() > MOST {
            let oldest = noted.iter().min_by_key(|(_, at)| **at);
            let Some(oldest) = oldest.map(|(way, _)| way.clone()) else {
                break;
            };
            noted.remove(&oldest);
        }
        let rows = noted.iter().map(|(way, &answered_ms)| Row {
            way: way.clone(),
            answered_ms,
        });
        let bytes = serde_json::to_vec(&rows.collect::<Vec<_>>());
        if bytes.is_ok_and(|bytes| files::write(&self.path, &bytes).is_ok()) {
            self.answered = noted;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(number: usize) -> WayName {
        WayName {
            line: "11".repeat(32),
            address: format!("udp://192.0.2.7:{number}"),
            from: "udp://0.0.0.0:7600".to_owned(),
        }
    }

    #[test]
    fn what_answered_is_known_after_a_restart_and_the_disk_is_written_seldom() {
        let home = tempfile::tempdir().expect("a folder");
        let mut ways = KnownWays::of(home.path());
        assert_eq!(ways.answered(&way(1)), None);
        ways.note([(way(1), 1_000_000)]);
        ways.note([(way(1), 1_000_000 + BEHIND_MS - 1)]);
        let again = KnownWays::of(home.path());
        assert_eq!(again.answered(&way(1)), Some(1_000_000));
        ways.note([(way(1), 1_000_000 + BEHIND_MS)]);
        let mut again = KnownWays::of(home.path());
        assert_eq!(again.answered(&way(1)), Some(1_000_000 + BEHIND_MS));
        // A clock that was set back is the clock there is.
        again.note([(way(1), 5)]);
        assert_eq!(KnownWays::of(home.path()).answered(&way(1)), Some(5));
    }

    #[test]
    fn of_too_many_those_that_answered_longest_ago_are_forgotten_and_a_damaged_file_is_none() {
        let home = tempfile::tempdir().expect("a folder");
        let mut ways = KnownWays::of(home.path());
        ways.note((0..=MOST).map(|at| (way(at), at as u64)));
        let again = KnownWays::of(home.path());
        assert_eq!(again.answered(&way(0)), None);
        assert_eq!(again.answered(&way(MOST)), Some(MOST as u64));
        std::fs::write(home.path().join(FILE), b"[{").expect("a file");
        assert_eq!(KnownWays::of(home.path()).answered(&way(MOST)), None);
    }
}
