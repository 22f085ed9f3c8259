//! The bytes of files that go with messages, in a file of their own: so they make neither the record nor its backup longer, and no text
//! waits for them. A chunk that a crash takes is asked for again, so nothing waits for the disk here until a file is said to be
//! whole.

use std::path::Path;
use std::sync::Arc;

use openline_proto::files::layout::{self, Part};
use openline_proto::files::{FileId, FileState, StoredFile};
use openline_proto::ranges::RangeSet;
use openline_wire::attachment::Attachment;
use openline_wire::cbor::Canonical as _;
use openline_wire::ids::{Digest, EntryId, LineId};
use openline_wire::limits;
use openline_wire::text::Text;
use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::record::Record;
use crate::vault::{StorageKey, Vault};
use crate::{StoreError, file, schema};

/// The list of a file's hashes, beside its chunks.
const LIST: i64 = -1;

/// The open `files.db`.
pub(crate) struct FilesFile {
    connection: Connection,
    pub(crate) vault: Arc<Vault>,
}

impl FilesFile {
    pub(crate) fn open(home: &Path, key: &StorageKey) -> Result<Self, StoreError> {
        let mut connection = file::open_for_writing(&home.join(file::FILES))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        let vault = Arc::new(schema::FILES.prepare(&mut connection, key)?);
        Ok(Self { connection, vault })
    }

    /// Keeps a part of a file.
    pub(crate) fn keep(
        &self,
        line: &LineId,
        root: &Digest,
        part: Part,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        let name = self.name(line, root);
        let chunk = number(part);
        let seal = self.vault.seal(&place(&name, chunk), &[bytes])?;
        let insert = "INSERT INTO chunks (name, chunk, seal) VALUES (?1, ?2, ?3)
            ON CONFLICT (name, chunk) DO UPDATE SET seal = excluded.seal";
        let mut statement = self.connection.prepare_cached(insert)?;
        statement.execute((&name, chunk, seal))?;
        Ok(())
    }

    /// A part of a file; none if it is not here, or was edited by hand.
    pub(crate) fn part(
        &self,
        line: &LineId,
        root: &Digest,
        part: Part,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let name = self.name(line, root);
        let chunk = number(part);
        let query = "SELECT seal FROM chunks WHERE name = ?1 AND chunk = ?2";
        let mut statement = self.connection.prepare_cached(query)?;
        let seal = statement.query_row((&name, chunk), |row| row.get::<_, Vec<u8>>(0));
        let seal = seal.optional()?;
        let opened = seal.map(|seal| self.vault.unseal(&place(&name, chunk), seal));
        let bytes = opened.and_then(Result::ok);
        Ok(bytes.map(|bytes| bytes.to_vec()))
    }

    /// Which chunks of a file are here.
    pub(crate) fn held(&self, line: &LineId, root: &Digest) -> Result<RangeSet, StoreError> {
        let query = "SELECT chunk FROM chunks WHERE name = ?1 AND chunk >= 0 ORDER BY chunk";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map([&self.name(line, root)], |row| row.get::<_, i64>(0))?;
        let mut held = RangeSet::default();
        for chunk in rows {
            let chunk = chunk?.cast_unsigned();
            held.insert(chunk, chunk + 1);
        }
        Ok(held)
    }

    /// Forgets a file.
    pub(crate) fn forget(&self, line: &LineId, root: &Digest) -> Result<(), StoreError> {
        let delete = "DELETE FROM chunks WHERE name = ?1";
        self.connection.execute(delete, [self.name(line, root)])?;
        Ok(())
    }

    /// Returns when all that was kept is on stable storage: a commit that waits for the disk takes those before it in the log with it.
    pub(crate) fn sync(&self) -> Result<(), StoreError> {
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        let write = "REPLACE INTO meta (name, value) VALUES ('synced', x'')";
        let written = self.connection.execute(write, []);
        self.connection
            .pragma_update(None, "synchronous", "NORMAL")?;
        written?;
        Ok(())
    }

    fn name(&self, line: &LineId, root: &Digest) -> Vec<u8> {
        self.vault.name(&[&line.0, &root.0])
    }
}

fn number(part: Part) -> i64 {
    match part {
        Part::List => LIST,
        Part::Chunk(index) => i64::try_from(index).unwrap_or(i64::MAX),
    }
}

fn place(name: &[u8], chunk: i64) -> Vec<u8> {
    [name, &chunk.to_be_bytes()].concat()
}

/// The bytes of files, for others than the core's thread: a connection of its own, whose writes are so short that nobody waits for
/// them.
pub struct FileShelf(FilesFile);

impl FileShelf {
    pub(crate) fn beside(home: &Path, vault: &Arc<Vault>) -> Result<Self, StoreError> {
        let connection = file::open_for_writing(&home.join(file::FILES))?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        let vault = Arc::clone(vault);
        Ok(Self(FilesFile { connection, vault }))
    }

    /// Keeps a file that is to go with a message of a line, and says what the message says of it.
    pub fn keep(&self, line: &LineId, name: &str, bytes: &[u8]) -> Result<Attachment, StoreError> {
        let chunks = bytes.chunks(limits::CHUNK);
        let leaves: Vec<Digest> = chunks.clone().map(layout::leaf).collect();
        let root = layout::root(&leaves);
        for (chunk, index) in chunks.zip(0..) {
            self.0.keep(line, &root, Part::Chunk(index), chunk)?;
        }
        let list = layout::list_bytes(&leaves);
        self.0.keep(line, &root, Part::List, &list)?;
        self.0.sync()?;
        Ok(Attachment {
            name: name.to_owned(),
            size: bytes.len() as u64,
            root,
        })
    }

    /// Bytes of a file that are here.
    pub fn held(&self, line: &LineId, file: &Attachment) -> Result<u64, StoreError> {
        let held = self.0.held(line, &file.root)?;
        let lengths = (0..file.chunks())
            .filter(|chunk| held.contains(*chunk))
            .filter_map(|chunk| file.chunk_len(chunk));
        Ok(lengths.map(|len| len as u64).sum())
    }

    /// All of a file, as its author signed it; none if it is not here whole.
    pub fn whole(&self, line: &LineId, file: &Attachment) -> Result<Option<Vec<u8>>, StoreError> {
        let mut bytes = Vec::new();
        let mut leaves = Vec::new();
        for chunk in 0..file.chunks() {
            let Some(part) = self.0.part(line, &file.root, Part::Chunk(chunk))? else {
                return Ok(None);
            };
            leaves.push(layout::leaf(&part));
            bytes.extend_from_slice(&part);
        }
        let is_it = bytes.len() as u64 == file.size && layout::root(&leaves) == file.root;
        Ok(is_it.then_some(bytes))
    }
}

/// Writes how a file stands.
pub(crate) fn write(
    transaction: &Transaction<'_>,
    vault: &Vault,
    (line, number): (&LineId, i64),
    id: &FileId,
    state: FileState,
) -> Result<(), StoreError> {
    let (which, code) = (id.which.cast_signed(), code(state));
    let seal = vault.seal(&state_place(line, id, code), &[])?;
    let insert = "INSERT INTO files (line, message, which, state, seal) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (line, message, which) DO UPDATE SET state = excluded.state, seal = excluded.seal";
    let mut statement = transaction.prepare_cached(insert)?;
    statement.execute((number, &id.message.0, which, code, seal))?;
    Ok(())
}

/// How the files of a line stand, and what their messages say of them.
pub(crate) fn read(
    record: &Record,
    files: &FilesFile,
    line: &LineId,
) -> Result<Vec<StoredFile>, StoreError> {
    let mut stored = Vec::new();
    for (id, state) in states(record, line)? {
        let Some(file) = named(record, &id)? else {
            continue;
        };
        let held = match state {
            FileState::Lacking | FileState::Whole => files.held(line, &file.root)?,
            _ => RangeSet::default(),
        };
        stored.push(StoredFile {
            id,
            file,
            state,
            held,
        });
    }
    Ok(stored)
}

/// Whether another message of the line has a file with these bytes, and they are here or to come.
pub(crate) fn is_shared(
    record: &Record,
    line: &LineId,
    root: &Digest,
    not: &FileId,
) -> Result<bool, StoreError> {
    for (id, state) in states(record, line)? {
        let is_gone = matches!(state, FileState::Removed | FileState::Wrong);
        let is_other = id != *not && !is_gone;
        if is_other && named(record, &id)?.is_some_and(|file| file.root == *root) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(crate) fn states(
    record: &Record,
    line: &LineId,
) -> Result<Vec<(FileId, FileState)>, StoreError> {
    let Some(number) = record.line(line)? else {
        return Ok(Vec::new());
    };
    let query = "SELECT message, which, state, seal FROM files WHERE line = ?1";
    let mut statement = record.connection.prepare_cached(query)?;
    let rows = statement.query_map([number], |row| {
        let id = FileId {
            message: EntryId(row.get(0)?),
            which: row.get::<_, i64>(1)?.cast_unsigned(),
        };
        Ok((id, row.get::<_, i64>(2)?, row.get::<_, Vec<u8>>(3)?))
    })?;
    let mut states = Vec::new();
    for row in rows {
        let (id, code, seal) = row?;
        let is_ours = record
            .vault
            .unseal(&state_place(line, &id, code), seal)
            .is_ok();
        let state = state_of(code).filter(|_| is_ours);
        let state = state.ok_or(StoreError::HandEditedRow { table: "files" })?;
        states.push((id, state));
    }
    Ok(states)
}

/// What a message says of one of its files; none if its body is gone.
pub(crate) fn named(record: &Record, id: &FileId) -> Result<Option<Attachment>, StoreError> {
    let Some(entry) = record.one("id = ?1", (&id.message.0,))? else {
        return Ok(None);
    };
    let entry = entry.stored.entry;
    let text = entry.body().map(|body| Text::from_bytes(&body.content));
    let files = text.and_then(Result::ok).unwrap_or_default().attachments;
    let which = usize::try_from(id.which).unwrap_or(usize::MAX);
    Ok(files.into_iter().nth(which))
}

fn state_place(line: &LineId, id: &FileId, code: i64) -> Vec<u8> {
    let which = id.which.to_be_bytes();
    [
        &b"file"[..],
        &line.0,
        &id.message.0,
        &which,
        &code.to_be_bytes(),
    ]
    .concat()
}

fn code(state: FileState) -> i64 {
    match state {
        FileState::Ours => 1,
        FileState::Delivered => 2,
        FileState::Lacking => 3,
        FileState::Whole => 4,
        FileState::Wrong => 5,
        FileState::Removed => 6,
    }
}

fn state_of(code: i64) -> Option<FileState> {
    Some(match code {
        1 => FileState::Ours,
        2 => FileState::Delivered,
        3 => FileState::Lacking,
        4 => FileState::Whole,
        5 => FileState::Wrong,
        6 => FileState::Removed,
        _ => return None,
    })
}
