//! Why the store refuses or fails.
//!
//! Three sources: the machine (full, read-only or broken disks), the home (another program holds it, another
//! version wrote it, the key is not its key), and what lies in it (damaged pages, rows that are not as they were
//! written). After any of them a caller throws the core away; what [`crate::Store::persist`] refused is not in
//! the store. What a person does about each stands in `locales/*/store.ftl`, by [`StoreError::code`].

use std::io;

use openline_wire::codes::Stream;
use openline_wire::ids::{BootId, NodeId, PartyId};
use rusqlite::{Error as SqliteError, ErrorCode};
use thiserror::Error;

use crate::file;

/// Why the store refused or failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No room for what was to be written.
    #[error("the disk is full")]
    DiskFull,
    /// The home or its disk can't be written.
    #[error("the store can't be written: it is read-only")]
    ReadOnly,
    /// Bytes on the disk are not what a store consists of.
    #[error("{file} is damaged: {place}")]
    Damaged {
        /// The file.
        file: &'static str,
        /// Table and rows, as far as they can be told.
        place: String,
    },
    /// A row is not as it was written: by hand, or by a disk that lies.
    #[error("{field} of entry {sequence} in stream {} of boot {boot} is not as it was written", stream.word())]
    HandEdited {
        /// Author of the entry.
        party: PartyId,
        /// His machine.
        node: NodeId,
        /// Its start.
        boot: BootId,
        /// The chain.
        stream: Stream,
        /// The place in it.
        sequence: u64,
        /// What differs: one of the words in `docs/storage.md`.
        field: &'static str,
    },
    /// A row that belongs to no entry is not as it was written.
    #[error("a row of {table} is not as it was written")]
    HandEditedRow {
        /// The table.
        table: &'static str,
    },
    /// A file defines something that this program did not put there, or not what it did.
    #[error("{name} in {file} is not what this program defines there")]
    HandEditedSchema {
        /// The file.
        file: &'static str,
        /// What it is, and its name: "trigger t".
        name: String,
    },
    /// A later version of the program wrote it.
    #[error("{file} has form {found}; this version knows forms up to {known}")]
    NewerSchema {
        /// The file.
        file: &'static str,
        /// Its form.
        found: i64,
        /// The last form that this version knows.
        known: i64,
    },
    /// There was a record, and it is gone or empty.
    #[error("there was a record here, and it is gone")]
    RecordLost,
    /// Another process holds the home.
    #[error("another process is using this store")]
    Locked,
    /// The storage key is not the one that the store was made with.
    #[error("the storage key does not belong to this store")]
    WrongKey,
    /// An entry was to be written where one stands: the caller is not as the store left him.
    #[error("the place is taken: {what}")]
    Occupied {
        /// What stands there.
        what: String,
    },
    /// Anything else that the machine refused.
    #[error("the store can't be used: {0}")]
    Io(String),
}

impl StoreError {
    /// A name that never changes: key of the texts for people, and what programs compare.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DiskFull => "store-disk-full",
            Self::ReadOnly => "store-read-only",
            Self::Damaged { .. } => "store-damaged",
            Self::HandEdited { .. } => "store-hand-edited",
            Self::HandEditedRow { .. } => "store-hand-edited-row",
            Self::HandEditedSchema { .. } => "store-hand-edited-schema",
            Self::NewerSchema { .. } => "store-newer-schema",
            Self::RecordLost => "store-record-lost",
            Self::Locked => "store-locked",
            Self::WrongKey => "store-wrong-key",
            Self::Occupied { .. } => "store-occupied",
            Self::Io(_) => "store-io",
        }
    }

    /// What the texts for people have to name.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Damaged { file, place } => {
                let kind = file.trim_end_matches(".db").to_owned();
                vec![
                    ("file", (*file).to_owned()),
                    ("kind", kind),
                    ("place", place.clone()),
                ]
            }
            Self::HandEdited {
                party,
                node,
                boot,
                stream,
                sequence,
                field,
            } => vec![
                ("party", party.to_string()),
                ("node", node.to_string()),
                ("boot", boot.to_string()),
                ("stream", stream.word().to_owned()),
                ("sequence", sequence.to_string()),
                ("field", (*field).to_owned()),
            ],
            Self::HandEditedRow { table } => vec![("table", (*table).to_owned())],
            Self::HandEditedSchema { file, name } => {
                vec![("file", (*file).to_owned()), ("name", name.clone())]
            }
            Self::NewerSchema { file, found, known } => vec![
                ("file", (*file).to_owned()),
                ("found", found.to_string()),
                ("known", known.to_string()),
            ],
            Self::Occupied { what } => vec![("what", what.clone())],
            Self::Io(what) => vec![("what", what.clone())],
            Self::DiskFull | Self::ReadOnly | Self::RecordLost | Self::Locked | Self::WrongKey => {
                Vec::new()
            }
        }
    }

    /// Says more precisely what is damaged; other errors stay as they are.
    pub(crate) fn at(self, place: impl FnOnce() -> String) -> Self {
        match self {
            Self::Damaged { file, .. } => Self::Damaged {
                file,
                place: place(),
            },
            other => other,
        }
    }

    /// Names the file, where it is not the record.
    pub(crate) fn in_channel_file(self) -> Self {
        match self {
            Self::Damaged { place, .. } => Self::Damaged {
                file: file::CHANNEL,
                place,
            },
            other => other,
        }
    }
}

/// The codes are those of <https://www.sqlite.org/rescode.html>.
impl From<SqliteError> for StoreError {
    fn from(error: SqliteError) -> Self {
        let Some(code) = error.sqlite_error_code() else {
            return from_row_error(&error);
        };
        match code {
            ErrorCode::DiskFull => Self::DiskFull,
            ErrorCode::ReadOnly => Self::ReadOnly,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged {
                file: file::RECORD,
                place: error.to_string(),
            },
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Locked,
            ErrorCode::ConstraintViolation => Self::Occupied {
                what: error.to_string(),
            },
            _ => Self::Io(error.to_string()),
        }
    }
}

/// Errors of rusqlite itself: a column that holds another type than the tables allow was not written by us.
fn from_row_error(error: &SqliteError) -> StoreError {
    match error {
        SqliteError::FromSqlConversionFailure(..)
        | SqliteError::IntegralValueOutOfRange(..)
        | SqliteError::InvalidColumnType(..)
        | SqliteError::QueryReturnedNoRows => StoreError::Damaged {
            file: file::RECORD,
            place: error.to_string(),
        },
        _ => StoreError::Io(error.to_string()),
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            _ => Self::Io(error.to_string()),
        }
    }
}
