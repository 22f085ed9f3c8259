//! What this home gave to couriers and had from them, line by line: the last bundle each way. It is a note for people and no promise:
//! whether the other side holds an entry, its signed word says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::api::types::{BundleGiven, BundleTaken, CourierFolder};
use crate::home::files;

/// In the home.
const FILE: &str = "courier.json";

/// A file of many more lines than a station has.
const LONGEST: usize = 1024 * 1024;

/// Of one line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfLine {
    /// Given to a courier last.
    pub given: Option<BundleGiven>,
    /// Had from one last.
    pub taken: Option<BundleTaken>,
    /// When the first was given of which nothing came back.
    #[serde(default)]
    pub awaits_since_ms: Option<u64>,
}

/// A way that has brought nothing for so long is one that nobody knows to work.
pub const UNPROVEN_MS: u64 = 30 * 24 * 3_600_000;

impl OfLine {
    /// A bundle was given to a courier.
    pub fn gave(&mut self, given: BundleGiven) {
        self.awaits_since_ms.get_or_insert(given.at_ms);
        self.given = Some(given);
    }

    /// Whether bundles go and none has come back for thirty days.
    pub fn is_unproven(&self, now: u64) -> bool {
        let since = self.awaits_since_ms;
        since.is_some_and(|since| now.saturating_sub(since) >= UNPROVEN_MS)
    }

    /// A bundle was taken in. An old one that came once more, or another time, hides nothing of what a newer one brought.
    fn is_newer(&self, taken: &BundleTaken) -> bool {
        let held = self.taken.as_ref();
        taken.fresh > 0 || held.is_none_or(|held| held.sealed_ms < taken.sealed_ms)
    }

    /// Takes note of a bundle that was taken in.
    pub fn brought(&mut self, taken: BundleTaken) {
        self.awaits_since_ms = None;
        if self.is_newer(&taken) {
            self.taken = Some(taken);
        }
    }
}

/// All lines of a home.
#[derive(Debug)]
pub struct CourierLog {
    path: PathBuf,
    lines: Mutex<BTreeMap<String, OfLine>>,
    folders: Mutex<Vec<CourierFolder>>,
}

impl CourierLog {
    /// What a home remembers; nothing, if it never did or the file can't be read.
    pub fn of(home: &Path) -> Self {
        let path = home.join(FILE);
        let bytes = files::read_limited(&path, LONGEST).ok();
        let lines = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self {
            path,
            lines: Mutex::new(lines.unwrap_or_default()),
            folders: Mutex::default(),
        }
    }

    /// Whether the disk has room for what a file of so many bytes may hold, in the record, its index and its log, and for the station to go on
    /// afterwards. Where nobody can tell, it has.
    pub fn has_room_for(&self, bytes: u64) -> bool {
        const RESERVE: u64 = 32 * 1024 * 1024;
        let folder = files::parent(&self.path);
        let free = rustix::fs::statvfs(&folder).map(|it| it.f_bavail.saturating_mul(it.f_frsize));
        free.map_or(true, |free| {
            free >= bytes.saturating_mul(4).saturating_add(RESERVE)
        })
    }

    /// What is known of a line.
    pub fn line(&self, line: &str) -> OfLine {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.get(line).cloned().unwrap_or_default()
    }

    /// The folders that are watched, in the order in which they were first looked at.
    pub fn folders(&self) -> Vec<CourierFolder> {
        let folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.clone()
    }

    /// What became of a folder at the last look: `files` more went through it.
    pub fn tell_of_folder(&self, now: CourierFolder) {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |it: &&mut CourierFolder| (&it.path, it.reads) == (&now.path, now.reads);
        let before = folders.iter_mut().find(same);
        let was_well = before.as_ref().is_none_or(|held| held.why.is_none());
        if let (true, Some(why)) = (was_well, &now.why) {
            tracing::warn!(
                folder = now.path,
                why,
                "the folder for bundles can't be used"
            );
        }
        match before {
            Some(held) => {
                held.files += now.files;
                held.last_ms = now.last_ms.or(held.last_ms);
                held.why = now.why;
            }
            None => folders.push(now),
        }
    }

    /// Takes note, and writes it down; a disk that is full loses a note and nothing else.
    pub fn note(&self, line: String, change: impl FnOnce(&mut OfLine)) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        change(lines.entry(line).or_default());
        let written = serde_json::to_vec(&*lines).map(|bytes| files::write(&self.path, &bytes));
        if !matches!(written, Ok(Ok(()))) {
            tracing::warn!("what the courier has is not written down");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_that_brings_nothing_back_for_thirty_days_is_unproven() {
        let given = |at_ms| BundleGiven {
            at_ms,
            entries: 0,
            left: 0,
        };
        let mut line = OfLine::default();
        assert!(!line.is_unproven(UNPROVEN_MS * 2), "it is not used");
        line.gave(given(5));
        line.gave(given(UNPROVEN_MS));
        assert!(!line.is_unproven(UNPROVEN_MS));
        assert!(line.is_unproven(UNPROVEN_MS + 5), "since the first");
        line.brought(BundleTaken {
            at_ms: UNPROVEN_MS + 6,
            sealed_ms: Some(7),
            fresh: 0,
            held: 0,
            left: 0,
        });
        assert!(!line.is_unproven(UNPROVEN_MS * 3));
    }

    #[test]
    fn what_was_given_and_taken_is_known_after_a_restart() {
        let home = tempfile::tempdir().expect("a folder");
        let log = CourierLog::of(home.path());
        assert_eq!(log.line("11"), OfLine::default());
        let given = BundleGiven {
            at_ms: 5,
            entries: 3,
            left: 0,
        };
        log.note("11".to_owned(), |line| line.given = Some(given.clone()));
        let again = CourierLog::of(home.path());
        assert_eq!(again.line("11").given, Some(given));
        assert_eq!(again.line("22"), OfLine::default());
        std::fs::write(home.path().join(FILE), b"{\"11\":7}").expect("a file");
        assert_eq!(CourierLog::of(home.path()).line("11"), OfLine::default());
    }
}
