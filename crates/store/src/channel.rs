//! The channels' secret state, in a file of its own so that a backup of the record holds none of it (rule 2).
//!
//! A rollback journal, not a write-ahead log: after a commit the file holds the latest snapshot and the journal
//! is empty, so the keys of an epoch that was left are gone from both.

use std::path::Path;

use openline_wire::ids::{LineId, NodeId};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use zeroize::Zeroizing;

use crate::vault::{StorageKey, Vault};
use crate::{StoreError, file, schema};

/// The open `channel.db`.
pub(crate) struct ChannelFile {
    pub(crate) connection: Connection,
    vault: Vault,
}

/// Looks at the channels' file of a home, beside a station that runs: whether there is one, or why a station
/// could not open it.
pub fn check_channels(home: &Path, key: &StorageKey) -> Result<bool, StoreError> {
    ChannelFile::check(home, key)
}

/// One snapshot to be written.
pub(crate) struct Snapshot<'a> {
    pub(crate) line: &'a LineId,
    pub(crate) peer: &'a NodeId,
    pub(crate) state: &'a [u8],
}

impl ChannelFile {
    pub(crate) fn open(home: &Path, key: &StorageKey) -> Result<Self, StoreError> {
        Self::try_open(home, key).map_err(StoreError::in_channel_file)
    }

    fn try_open(home: &Path, key: &StorageKey) -> Result<Self, StoreError> {
        let mut connection = file::open_for_writing(&home.join(file::CHANNEL))?;
        connection.pragma_update(None, "journal_mode", "TRUNCATE")?;
        let vault = schema::CHANNEL.prepare(&mut connection, key)?;
        Ok(Self { connection, vault })
    }

    /// Opens the file of a home as a reader would, and looks at its form, its key and all that lies in it. Whether
    /// there is one: a home that was restored from a backup has none, and needs none.
    pub(crate) fn check(home: &Path, key: &StorageKey) -> Result<bool, StoreError> {
        let path = home.join(file::CHANNEL);
        if !path.exists() {
            return Ok(false);
        }
        let look = || {
            let connection = file::open_for_reading(&path)?;
            if schema::CHANNEL.is_empty(&connection)? {
                return Ok(());
            }
            schema::CHANNEL.check_definitions(&connection)?;
            schema::CHANNEL.vault(&connection, key)?;
            let query = "SELECT count(seal) FROM channels";
            Ok(connection.query_row(query, [], |_| Ok(()))?)
        };
        look().map(|()| true).map_err(StoreError::in_channel_file)
    }

    /// Writes the snapshots and returns when they are on stable storage.
    pub(crate) fn write(&mut self, snapshots: &[Snapshot<'_>]) -> Result<(), StoreError> {
        self.try_write(snapshots)
            .map_err(StoreError::in_channel_file)
    }

    fn try_write(&mut self, snapshots: &[Snapshot<'_>]) -> Result<(), StoreError> {
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(behavior)?;
        for snapshot in snapshots {
            write_one(&transaction, &self.vault, snapshot)?;
        }
        Ok(transaction.commit()?)
    }

    /// The latest snapshot, if there is one.
    pub(crate) fn read(
        &self,
        line: &LineId,
        peer: &NodeId,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let seal = self.seal(line, peer);
        seal.map_err(|error| StoreError::from(error).in_channel_file())?
            .map(|seal| self.vault.unseal(&place(line, peer), seal))
            .transpose()
            .map_err(|_| StoreError::HandEditedRow { table: "channels" })
    }

    fn seal(&self, line: &LineId, peer: &NodeId) -> rusqlite::Result<Option<Vec<u8>>> {
        let query = "SELECT seal FROM channels WHERE line = ?1 AND peer = ?2";
        let mut statement = self.connection.prepare_cached(query)?;
        statement
            .query_row((&line.0, &peer.0), |row| row.get(0))
            .optional()
    }
}

fn write_one(
    transaction: &Transaction<'_>,
    vault: &Vault,
    snapshot: &Snapshot<'_>,
) -> Result<(), StoreError> {
    let Snapshot { line, peer, state } = snapshot;
    let seal = vault.seal(&place(line, peer), &[state])?;
    let insert = "INSERT INTO channels (line, peer, seal) VALUES (?1, ?2, ?3)
        ON CONFLICT (line, peer) DO UPDATE SET seal = excluded.seal";
    let mut statement = transaction.prepare_cached(insert)?;
    statement.execute((&line.0, &peer.0, seal))?;
    Ok(())
}

fn place(line: &LineId, peer: &NodeId) -> Vec<u8> {
    [&line.0[..], &peer.0[..]].concat()
}
