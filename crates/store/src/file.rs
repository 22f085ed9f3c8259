//! Files that only their owner can open, the lock that keeps a second writer out, and connections with all
//! that SQLite must be told.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::StoreError;

/// The record: entries of all parties and what is known of them. May be backed up.
pub(crate) const RECORD: &str = "record.db";
/// The channels' secret state. Never backed up (rule 2).
pub(crate) const CHANNEL: &str = "channel.db";
/// The bytes of files that go with messages. Need not be backed up: they are asked for again.
pub(crate) const FILES: &str = "files.db";
/// Lies beside the record as soon as there is one, so that its loss is noticed.
pub(crate) const MADE: &str = "record.made";
/// Held by the one process that writes.
const LOCK: &str = "store.lock";

/// Owner reads and writes, nobody else does anything.
const OWNER_ONLY: u32 = 0o600;

/// How long a reader waits while another connection recovers or truncates the write-ahead log.
const BUSY: Duration = Duration::from_secs(2);

/// SQLite's cache for a connection, in KiB: the upper levels of every tree of a large record.
const CACHE_KIB: i64 = 8 * 1024;

/// Pages in the write-ahead log before they are moved into the file: 16 MiB. The default of 1000 moves them
/// in the middle of every large batch.
const CHECKPOINT_PAGES: i64 = 4_000;

/// The lock on a home; released when dropped, also by a crash.
pub(crate) struct Lock(#[expect(dead_code, reason = "holding it is its use")] File);

impl Lock {
    /// Takes the lock or says that somebody has it.
    pub(crate) fn take(home: &Path) -> Result<Self, StoreError> {
        let file = create(&home.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

/// Opens a file for writing that only its owner can open, and makes it if it is not there. SQLite gives its
/// journals the mode of the file they belong to, so they need no care of their own.
pub(crate) fn create(path: &Path) -> Result<File, StoreError> {
    let is_new = !path.exists();
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(OWNER_ONLY)
        .open(path)?;
    if file.metadata()?.permissions().mode() & 0o777 != OWNER_ONLY {
        file.set_permissions(fs::Permissions::from_mode(OWNER_ONLY))?;
    }
    if let Some(directory) = path.parent().filter(|_| is_new) {
        File::open(directory)?.sync_all()?;
    }
    Ok(file)
}

/// What stands in [`MADE`].
const REMINDER: &[u8] =
    b"There is a record in this folder. Remove this file only to begin an empty one.\n";

/// Notes that there is a record in a directory.
pub(crate) fn note_made(home: &Path) -> Result<(), StoreError> {
    let mut file = create(&home.join(MADE))?;
    file.set_len(0)?;
    file.write_all(REMINDER)?;
    Ok(file.sync_all()?)
}

/// Whether there is a record in a directory, and the reminder of it is not as it was written: emptied, changed or gone. The
/// next start writes it anew; who touches it may be about to touch the record.
pub fn is_reminder_altered(home: &Path) -> bool {
    home.join(RECORD).exists() && fs::read(home.join(MADE)).ok().as_deref() != Some(REMINDER)
}

/// Opens a database for writing.
pub(crate) fn open_for_writing(path: &Path) -> Result<Connection, StoreError> {
    create(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    if connection.is_readonly("main")? {
        return Err(StoreError::ReadOnly);
    }
    harden(&connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // On macOS fsync stops at the drive's cache; elsewhere these two change nothing.
    connection.pragma_update(None, "fullfsync", "ON")?;
    connection.pragma_update(None, "checkpoint_fullfsync", "ON")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    Ok(connection)
}

/// Turns the write-ahead log on, so that readers never wait for the writer nor he for them.
pub(crate) fn use_write_ahead_log(connection: &Connection) -> Result<(), StoreError> {
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        let what = format!("the file system allows no write-ahead log, only \"{mode}\"");
        return Err(StoreError::Io(what));
    }
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    Ok(())
}

/// Opens a database that another connection may be writing.
pub(crate) fn open_for_reading(path: &Path) -> Result<Connection, StoreError> {
    if !path.exists() {
        return Err(io::Error::new(io::ErrorKind::NotFound, path.display().to_string()).into());
    }
    // On a read-only disk the log's index can't be made, and then SQLite refuses.
    match connect(path, OpenFlags::empty()) {
        Ok(connection) => Ok(connection),
        Err(error) => unchanging(path).unwrap_or(Err(error)),
    }
}

/// A database on a read-only disk whose log was moved into the file: nobody can change it under us.
fn unchanging(path: &Path) -> Option<Result<Connection, StoreError>> {
    let log = PathBuf::from(format!("{}-wal", path.display()));
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) || is_writable(path) {
        return None;
    }
    let escaped = path.display().to_string().replace('%', "%25");
    let escaped = escaped.replace('?', "%3f").replace('#', "%23");
    let uri = format!("file:{escaped}?immutable=1");
    Some(connect(Path::new(&uri), OpenFlags::SQLITE_OPEN_URI))
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, read_only | flags)?;
    harden(&connection)?;
    // Nothing is read from the file before this.
    connection.query_row("PRAGMA schema_version", [], |_| Ok(()))?;
    Ok(connection)
}

fn is_writable(path: &Path) -> bool {
    OpenOptions::new().write(true).open(path).is_ok()
}

/// What holds for every connection: nothing in a file is trusted to run code or to be well formed
/// (<https://www.sqlite.org/security.html>), and nothing is put into temporary files.
fn harden(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // We define neither; whoever plants one while the file is open finds that it does nothing.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    // Else SQLite looks at bound values when it plans, and plans each statement anew whenever they change.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    connection.pragma_update(None, "cell_size_check", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(())
}
