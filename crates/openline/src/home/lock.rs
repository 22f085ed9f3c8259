//! One station for a home: two on one home would answer for each other.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::HomeError;

/// Held by the station that runs on a home; released when dropped, or when the process dies.
#[derive(Debug)]
pub struct StationLock {
    _file: File,
}

/// Takes the lock, or says that another station has it.
pub fn take(home: &Path) -> Result<StationLock, HomeError> {
    let path = home.join("home.lock");
    let mut options = OpenOptions::new();
    let file = options
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(HomeError::io(&path, "open"))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(StationLock { _file: file }),
        Err(Errno::WOULDBLOCK) => Err(HomeError::InUse { path: home.into() }),
        Err(error) => Err(HomeError::io(&path, "lock")(error.into())),
    }
}
