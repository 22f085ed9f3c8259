//! Where we announced that we can be reached, for whoever starts the station next: the hints that say how stand in a home whose record
//! nobody reads then. It repeats what the record says, and without the file the line files count.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::board::Board;
use crate::home::files;

/// In the home.
const FILE: &str = "reachable-at.json";

/// A file of a hundred lines with eight addresses of the longest each.
const LONGEST: usize = 256 * 1024;

/// Addresses by line.
pub type Told = BTreeMap<String, Vec<String>>;

/// What a home remembers of it.
#[derive(Debug)]
pub struct ToldAddresses {
    path: PathBuf,
    told: Told,
}

impl ToldAddresses {
    /// As it stands on the disk.
    pub fn of(home: &Path) -> Self {
        let path = home.join(FILE);
        let told = read(home);
        Self { path, told }
    }

    /// Writes down what our own node announced on each line, if that has changed. A disk that is full is tried again next time.
    pub fn keep(&mut self, board: &Board) {
        let mut now = self.told.clone();
        now.extend(board.announced_here());
        if now == self.told {
            return;
        }
        let bytes = serde_json::to_vec(&now);
        if bytes.is_ok_and(|bytes| files::write(&self.path, &bytes).is_ok()) {
            self.told = now;
        }
    }
}

/// Where the node of a home announced last that it can be reached, by line; a line on which it never did is not there.
pub fn read(home: &Path) -> Told {
    let bytes = files::read_limited(&home.join(FILE), LONGEST).ok();
    let told = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    told.unwrap_or_default()
}
