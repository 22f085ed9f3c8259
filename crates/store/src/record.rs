//! The open `record.db`: what writer and readers both ask of it.

use std::path::Path;
use std::sync::Arc;

use openline_wire::codes::Stream;
use openline_wire::entry::Entry;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, BootId, EntryId, LineId, NodeId, PartyId};
use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::row::{COLUMNS, EntryRow, NamedEntry};
use crate::vault::{StorageKey, Vault};
use crate::{StoreError, file, schema};

/// A connection and the vault of its file.
pub(crate) struct Record {
    pub(crate) connection: Connection,
    pub(crate) vault: Arc<Vault>,
}

/// A row of the table of chains.
pub(crate) struct ChainRow {
    pub(crate) number: i64,
    pub(crate) chain: Chain,
    pub(crate) size: u64,
    pub(crate) last: Option<EntryId>,
    pub(crate) edge: Vec<u8>,
}

impl Record {
    /// Opens `record.db` in a directory for writing, and makes it if it is not there.
    pub(crate) fn open_for_writing(home: &Path, key: &StorageKey) -> Result<Self, StoreError> {
        let was_made = home.join(file::MADE).exists();
        if is_lost(home) {
            return Err(StoreError::RecordLost);
        }
        let mut connection = file::open_for_writing(&home.join(file::RECORD))?;
        if was_made && schema::RECORD.is_empty(&connection)? {
            return Err(StoreError::RecordLost);
        }
        file::use_write_ahead_log(&connection)?;
        let vault = Arc::new(schema::RECORD.prepare(&mut connection, key)?);
        if file::is_reminder_altered(home) {
            file::note_made(home)?;
        }
        let record = Self { connection, vault };
        record.move_log();
        Ok(record)
    }

    /// Moves what is committed in the log into the file, as far as no reader needs it: it waits for nobody. What
    /// fails to be moved is as safe in the log.
    pub(crate) fn move_log(&self) {
        let passive = "PRAGMA wal_checkpoint(PASSIVE)";
        let _ = self.connection.query_row(passive, [], |_| Ok(()));
    }

    /// Opens `record.db` in a directory for reading.
    pub(crate) fn open_for_reading(home: &Path, key: &StorageKey) -> Result<Self, StoreError> {
        let record = Self::open_as_it_is(home, key)?;
        schema::RECORD.check_definitions(&record.connection)?;
        Ok(record)
    }

    /// Opens `record.db` in a directory for reading, whatever else somebody defined in it.
    pub(crate) fn open_as_it_is(home: &Path, key: &StorageKey) -> Result<Self, StoreError> {
        if is_lost(home) {
            return Err(StoreError::RecordLost);
        }
        let connection = file::open_for_reading(&home.join(file::RECORD))?;
        if home.join(file::MADE).exists() && schema::RECORD.is_empty(&connection)? {
            return Err(StoreError::RecordLost);
        }
        let vault = Arc::new(schema::RECORD.vault(&connection, key)?);
        Ok(Self { connection, vault })
    }

    /// Another connection to the record in a directory, with the vault that is open already.
    pub(crate) fn beside(home: &Path, vault: &Arc<Vault>) -> Result<Self, StoreError> {
        Ok(Self {
            connection: file::open_for_reading(&home.join(file::RECORD))?,
            vault: Arc::clone(vault),
        })
    }

    /// Every line of which something is stored.
    pub(crate) fn lines(&self) -> Result<Vec<LineId>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT id FROM lines")?;
        let lines = statement.query_map([], |row| row.get(0).map(LineId))?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// A line's number; none if nothing of it is stored.
    pub(crate) fn line(&self, line: &LineId) -> Result<Option<i64>, StoreError> {
        let query = "SELECT no FROM lines WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(query)?;
        Ok(statement
            .query_row([&line.0], |row| row.get(0))
            .optional()?)
    }

    /// A chain's number; none if nothing of it is stored.
    pub(crate) fn chain(&self, line: &LineId, chain: &Chain) -> Result<Option<i64>, StoreError> {
        let query = "SELECT chains.no FROM chains
            JOIN lines ON lines.no = chains.line JOIN authors ON authors.no = chains.author
            WHERE lines.id = ?1 AND party = ?2 AND node = ?3 AND boot = ?4 AND stream = ?5";
        let Author { party, node, boot } = &chain.author;
        let stream = chain.stream.code().cast_signed();
        let mut statement = self.connection.prepare_cached(query)?;
        let key = (&line.0, &party.0, &node.0, &boot.0, stream);
        Ok(statement.query_row(key, |row| row.get(0)).optional()?)
    }

    /// All chains of a line.
    pub(crate) fn chains(&self, line: i64) -> Result<Vec<ChainRow>, StoreError> {
        let query = "SELECT party, node, boot, stream, chains.no, size, last, edge FROM chains
            JOIN authors ON authors.no = chains.author WHERE line = ?1
            ORDER BY party, node, boot, stream";
        let mut statement = self.connection.prepare_cached(query)?;
        let chains = statement.query_map([line], |row| {
            Ok(ChainRow {
                chain: chain(row)?,
                number: row.get(4)?,
                size: row.get::<_, i64>(5)?.cast_unsigned(),
                last: row.get::<_, Option<_>>(6)?.map(EntryId),
                edge: row.get::<_, Option<_>>(7)?.unwrap_or_default(),
            })
        })?;
        Ok(chains.collect::<Result<_, _>>()?)
    }

    /// The entry in the row with this number.
    pub(crate) fn at(&self, place: i64) -> Result<Option<NamedEntry>, StoreError> {
        self.one("place = ?1", (place,))
    }

    /// The entry that meets a condition which at most one meets.
    pub(crate) fn one(
        &self,
        condition: &str,
        key: impl Params,
    ) -> Result<Option<NamedEntry>, StoreError> {
        let query = format!("SELECT {COLUMNS} FROM entries WHERE {condition}");
        let mut statement = self.connection.prepare_cached(&query)?;
        let row = statement.query_row(key, EntryRow::read).optional()?;
        row.map(|row| self.open(row)).transpose()
    }

    /// Entries of a chain from a place on.
    pub(crate) fn load(
        &self,
        chain: i64,
        from: u64,
        count: u64,
    ) -> Result<Vec<Arc<Entry>>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS} FROM entries WHERE chain = ?1 AND sequence >= ?2
             ORDER BY sequence LIMIT ?3"
        );
        // SQLite takes a negative limit for none.
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(&query)?;
        let rows = statement.query_map((chain, from.cast_signed(), count), EntryRow::read)?;
        rows.map(|row| Ok(self.open(row?)?.stored.entry)).collect()
    }

    /// The entry of a row, or who was edited where.
    pub(crate) fn open(&self, row: EntryRow) -> Result<NamedEntry, StoreError> {
        let (chain, sequence) = (row.chain, row.sequence);
        row.open(&self.vault)
            .map_err(|edited| self.hand_edited(chain, sequence, edited.0))
    }

    /// Names an entry that is not as it was written.
    pub(crate) fn hand_edited(
        &self,
        number: i64,
        sequence: u64,
        field: &'static str,
    ) -> StoreError {
        let query = "SELECT party, node, boot, stream FROM chains
            JOIN authors ON authors.no = chains.author WHERE chains.no = ?1";
        match self.connection.query_row(query, [number], chain) {
            Ok(chain) => edited_in(&chain, sequence, field),
            Err(error) => StoreError::from(error).at(|| "tables chains and authors".to_owned()),
        }
    }
}

/// Whether there was a record in a directory that holds none now.
pub fn is_lost(home: &Path) -> bool {
    home.join(file::MADE).exists() && !home.join(file::RECORD).exists()
}

/// Names an entry of a known chain that is not as it was written.
pub(crate) fn edited_in(chain: &Chain, sequence: u64, field: &'static str) -> StoreError {
    let Author { party, node, boot } = chain.author;
    StoreError::HandEdited {
        party,
        node,
        boot,
        stream: chain.stream,
        sequence,
        field,
    }
}

/// Reads party, node, boot and stream from the first four columns.
pub(crate) fn chain(row: &Row<'_>) -> rusqlite::Result<Chain> {
    let stream = row.get::<_, i64>(3)?.cast_unsigned();
    let stream = Stream::from_code(stream).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Integer, error.into())
    })?;
    Ok(Chain {
        author: author(row)?,
        stream,
    })
}

/// Reads party, node and boot from the first three columns.
pub(crate) fn author(row: &Row<'_>) -> rusqlite::Result<Author> {
    Ok(Author {
        party: PartyId(row.get(0)?),
        node: NodeId(row.get(1)?),
        boot: BootId(row.get(2)?),
    })
}
