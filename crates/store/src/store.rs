//! The writer: one for each home.

use std::sync::Arc;

use std::path::{Path, PathBuf};

use openline_proto::config::{StoredChain, StoredLine, StoredTold};
use openline_proto::contract::{Change, StoredEntry};
use openline_proto::files::FileState;
use openline_proto::files::layout::Part;
use openline_wire::codes::Kind;
use openline_wire::entry::{Entry, id_of};
use openline_wire::header::{self, Chain};
use openline_wire::ids::{Digest, LineId, NodeId};
use openline_wire::limits::TEST_ENTRIES;
use rusqlite::TransactionBehavior;
use zeroize::Zeroizing;

use crate::channel::{ChannelFile, Snapshot};
use crate::check::{self, Checked, Depth, Nodes};
use crate::file::Lock;
use crate::files::{self, FileShelf, FilesFile};
use crate::names::ShortName;
use crate::read::Reader;
use crate::record::{ChainRow, Record};
use crate::row::{COLUMNS, EntryRow};
use crate::vault::StorageKey;
use crate::write::{Batch, Known};
use crate::{StoreError, alarm, query};

/// The store of a home, open for writing.
pub struct Store {
    home: PathBuf,
    pub(crate) record: Record,
    channel: ChannelFile,
    files: FilesFile,
    known: Known,
    /// Something was written since the log was last moved into the file.
    log_has_grown: bool,
    _lock: Lock,
}

impl Store {
    /// Opens the store in a directory, and makes it if there is none. Refused while another process, or another
    /// `Store`, has it open.
    pub fn open(home: &Path, key: &StorageKey) -> Result<Self, StoreError> {
        let lock = Lock::take(home)?;
        Ok(Self {
            home: home.to_owned(),
            record: Record::open_for_writing(home, key)?,
            channel: ChannelFile::open(home, key)?,
            files: FilesFile::open(home, key)?,
            known: Known::default(),
            log_has_grown: false,
            _lock: lock,
        })
    }

    /// Puts changes, and older notes that wait for nothing, on stable storage: all or none of the record's. Returns the
    /// short names of the entries among them, in their order.
    ///
    /// The channels' snapshots are written and synced first, then the record in one transaction. A crash or an
    /// error between the two leaves a snapshot that is newer than the record; that is harmless, because nothing
    /// was sent, a snapshot holds neither nonces nor counters, and entries are sent again under whatever key
    /// (rule 1).
    pub fn persist(
        &mut self,
        changes: &[Change],
        notes: &[Change],
    ) -> Result<Vec<ShortName>, StoreError> {
        let all = || notes.iter().chain(changes);
        self.keep_files(all())?;
        let snapshots: Vec<_> = all().filter_map(snapshot).collect();
        if !snapshots.is_empty() {
            self.channel.write(&snapshots)?;
        }
        let is_elsewhere =
            |it: &Change| matches!(it, Change::Channel { .. } | Change::Chunk { .. });
        if all().all(is_elsewhere) {
            return Ok(Vec::new());
        }
        self.log_has_grown = true;
        let written = self.write(all());
        if written.is_err() {
            self.forget_failed();
        }
        written
    }

    /// The bytes of files, before the record says that they are here; what it says is gone, goes.
    fn keep_files<'c>(&self, changes: impl Iterator<Item = &'c Change>) -> Result<(), StoreError> {
        for change in changes {
            match change {
                Change::Chunk {
                    line,
                    root,
                    index,
                    bytes,
                } => self.files.keep(line, root, Part::Chunk(*index), bytes)?,
                Change::File {
                    line,
                    id,
                    root,
                    state,
                    ..
                } => match state {
                    FileState::Whole => self.files.sync()?,
                    // The same bytes may go with another message.
                    FileState::Removed | FileState::Wrong
                        if !files::is_shared(&self.record, line, root, id)? =>
                    {
                        self.files.forget(line, root)?;
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        Ok(())
    }

    /// A part of a file that goes with a message; none if it is not here.
    pub fn part(
        &self,
        line: &LineId,
        root: &Digest,
        part: Part,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.files.part(line, root, part)
    }

    /// Moves what was written into `record.db` itself, if anything was: so the log stays short, and a copy of
    /// the file alone, which nobody should make, misses little. To be called now and then.
    pub fn move_log(&mut self) {
        if std::mem::take(&mut self.log_has_grown) {
            self.record.move_log();
        }
    }

    fn write<'c>(
        &mut self,
        mut changes: impl Iterator<Item = &'c Change>,
    ) -> Result<Vec<ShortName>, StoreError> {
        let Record { connection, vault } = &mut self.record;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Taken out, and put back only when all went well.
        let mut batch = Batch::new(&transaction, vault, std::mem::take(&mut self.known));
        changes.try_for_each(|change| batch.carry_out(change))?;
        let (names, known) = batch.into_parts();
        transaction.commit()?;
        self.known = known.kept();
        Ok(names)
    }

    /// A commit whose sync failed was rolled back, but its frames may stand whole in the log and would be taken
    /// for committed after a crash. Emptying the log removes them; if the disk does not even allow that, the next
    /// commit writes over them.
    fn forget_failed(&self) {
        let truncate = "PRAGMA wal_checkpoint(TRUNCATE)";
        let _ = self.record.connection.query_row(truncate, [], |_| Ok(()));
    }

    /// The lines of which something is stored.
    pub fn lines(&self) -> Result<Vec<LineId>, StoreError> {
        self.record.lines()
    }

    /// At most `count` entries of a chain from `from` on, ascending.
    pub fn load(
        &self,
        line: &LineId,
        chain: &Chain,
        from: u64,
        count: u64,
    ) -> Result<Vec<Arc<Entry>>, StoreError> {
        match self.record.chain(line, chain)? {
            Some(chain) => self.record.load(chain, from, count),
            None => Ok(Vec::new()),
        }
    }

    /// The latest snapshot of a channel; none if there is none, as after a restored backup.
    pub fn channel_state(
        &self,
        line: &LineId,
        peer: &NodeId,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        self.channel.read(line, peer)
    }

    /// What the core must be told of a line when it starts.
    pub fn stored_line(&self, line: &LineId) -> Result<StoredLine, StoreError> {
        let Some(number) = self.record.line(line)? else {
            return Ok(StoredLine::default());
        };
        let chains = self.record.chains(number)?;
        let chains = chains.into_iter().map(|row| self.stored_chain(row));
        let is_held = |chain: &StoredChain| chain.size > 0 || !chain.ahead.is_empty();
        let mut stored = StoredLine {
            chains: chains.collect::<Result<_, _>>()?,
            last_cursor: query::last_cursor(&self.record, number)?,
            state_entries: self.state_entries(number)?,
            confirmed: query::confirmed_sizes(&self.record, line, number)?,
            misbehaved: query::misbehaved(&self.record, number)?,
            alarms: alarm::read(&self.record, line)?,
            told: self.told(number)?,
            tests: self.tests(number)?,
            files: files::read(&self.record, &self.files, line)?,
        };
        stored.chains.retain(is_held);
        Ok(stored)
    }

    /// Checks that everything of a line is as it was written, against its own hashes and signatures, and says
    /// what is not. `nodes` are all that the parties' cards ever certified.
    pub fn check(&self, line: &LineId, nodes: &Nodes, depth: Depth) -> Result<Checked, StoreError> {
        check::check(&self.record, line, nodes, depth)
    }

    /// Another connection to the bytes of files, that can go to another thread.
    pub fn file_shelf(&self) -> Result<FileShelf, StoreError> {
        FileShelf::beside(&self.home, &self.files.vault)
    }

    /// Another connection, for reading, that can go to another thread.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Reader::beside(&self.home, &self.record.vault)
    }

    fn stored_chain(&self, row: ChainRow) -> Result<StoredChain, StoreError> {
        let mut ahead = Vec::new();
        for sequence in query::sequences(&self.record, row.number, row.size)? {
            let entries = self.record.load(row.number, sequence, 1)?;
            let link = |entry: &Arc<Entry>| Some((sequence, entry.id(), entry.header().previous?));
            ahead.extend(entries.iter().filter_map(link));
        }
        Ok(StoredChain {
            chain: row.chain,
            size: row.size,
            last: row.last,
            edge: row.edge,
            ahead,
        })
    }

    fn state_entries(&self, line: i64) -> Result<Vec<StoredEntry>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS} FROM entries INDEXED BY entries_state
             WHERE line = ?1 AND kind IN (0, 3, 4) ORDER BY cursor"
        );
        let mut statement = self.record.connection.prepare_cached(&query)?;
        let rows = statement.query_map([line], EntryRow::read)?;
        rows.map(|row| Ok(self.record.open(row?)?.stored)).collect()
    }
}

impl Store {
    /// What rings and the watch are computed from: every header of the line once, each chain from its first on.
    fn told(&self, line: i64) -> Result<StoredTold, StoreError> {
        let query = "SELECT header, received FROM entries WHERE chain = ?1 ORDER BY sequence";
        let mut statement = self.record.connection.prepare_cached(query)?;
        let mut told = StoredTold::default();
        for chain in self.record.chains(line)? {
            let mut rows = statement.query([chain.number])?;
            while let Some(row) = rows.next()? {
                let bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
                // What is wrong with an entry, the check of the record says, with its place.
                if let Ok(header) = header::parse(bytes) {
                    let received: i64 = row.get(1)?;
                    told.take(id_of(bytes), &header, received.cast_unsigned());
                }
            }
        }
        Ok(told)
    }

    /// The last entries of tests, in the order in which they were stored.
    fn tests(&self, line: i64) -> Result<Vec<StoredEntry>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS} FROM entries WHERE line = ?1 AND kind BETWEEN ?2 AND ?3 ORDER BY cursor DESC LIMIT ?4"
        );
        let kinds = [Kind::CallUp, Kind::TestAnswer].map(|kind| kind.code().cast_signed());
        let limit = i64::try_from(TEST_ENTRIES).unwrap_or(i64::MAX);
        let mut statement = self.record.connection.prepare_cached(&query)?;
        let rows = statement.query_map((line, kinds[0], kinds[1], limit), EntryRow::read)?;
        let opened = rows.map(|row| Ok(self.record.open(row?)?.stored));
        let mut tests = opened.collect::<Result<Vec<_>, StoreError>>()?;
        tests.reverse();
        Ok(tests)
    }
}

fn snapshot(change: &Change) -> Option<Snapshot<'_>> {
    match change {
        Change::Channel { line, peer, state } => Some(Snapshot { line, peer, state }),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that panics has failed")]
mod tests {
    use super::*;
    use openline_proto::contract::Misbehaviour;
    use openline_wire::ids::{Author, BootId, PartyId};

    const LINE: LineId = LineId([1; 32]);
    const PEER: NodeId = NodeId([2; 32]);

    fn open(home: &Path) -> Store {
        let key = StorageKey::new(Zeroizing::new([7; 32]));
        Store::open(home, &key).unwrap()
    }

    /// A change of the record that needs as much room as wanted.
    fn evidence(bytes: usize) -> Change {
        Change::Evidence {
            line: LINE,
            by: Author {
                party: PartyId([3; 32]),
                node: PEER,
                boot: BootId([4; 16]),
            },
            what: Misbehaviour::Malformed,
            proof: vec![vec![0; bytes]],
            at: 5,
        }
    }

    fn snapshot(state: &[u8]) -> Change {
        Change::Channel {
            line: LINE,
            peer: PEER,
            state: Zeroizing::new(state.to_vec()),
        }
    }

    fn state(store: &Store) -> Option<Vec<u8>> {
        store
            .channel_state(&LINE, &PEER)
            .unwrap()
            .map(|state| state.to_vec())
    }

    /// No page more than the file has now.
    fn full(connection: &rusqlite::Connection) {
        room(connection, 0);
    }

    fn room(connection: &rusqlite::Connection, more: i64) {
        let pages: i64 = connection
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .unwrap();
        let set = format!("PRAGMA max_page_count = {}", pages + more);
        connection.query_row(&set, [], |_| Ok(())).unwrap();
    }

    fn evidence_held(store: &Store) -> usize {
        store.reader().unwrap().evidence(&LINE).unwrap().len()
    }

    /// A crash of the machine can't be staged here, so what SQLite was told must be enough.
    #[test]
    fn a_commit_waits_for_the_disk() {
        let home = tempfile::tempdir().unwrap();
        let store = open(home.path());
        for (connection, journal) in [
            (&store.record.connection, "wal"),
            (&store.channel.connection, "truncate"),
        ] {
            let mode: String = connection
                .pragma_query_value(None, "journal_mode", |row| row.get(0))
                .unwrap();
            let number = |name| -> i64 {
                connection
                    .pragma_query_value(None, name, |row| row.get(0))
                    .unwrap()
            };
            assert_eq!(mode, journal);
            assert_eq!((number("synchronous"), number("secure_delete")), (2, 1));
        }
    }

    #[test]
    fn the_disk_fills_up_and_has_room_again() {
        let home = tempfile::tempdir().unwrap();
        let mut store = open(home.path());
        store.persist(&[evidence(10)], &[]).unwrap();
        full(&store.record.connection);
        let batch = [evidence(10), evidence(100_000), evidence(10)];
        let refused = store.persist(&batch, &[]);
        assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
        assert_eq!(evidence_held(&store), 1);
        room(&store.record.connection, 1_000);
        store.persist(&[evidence(10)], &[]).unwrap();
        assert_eq!(evidence_held(&store), 2);
        drop(store);
        let mut store = open(home.path());
        assert_eq!(evidence_held(&store), 2);
        store.persist(&batch, &[]).unwrap();
        assert_eq!(evidence_held(&store), 5);
    }

    #[test]
    fn the_record_fails_behind_a_channel_snapshot_that_was_written() {
        let home = tempfile::tempdir().unwrap();
        let mut store = open(home.path());
        store
            .persist(&[snapshot(b"old"), evidence(10)], &[])
            .unwrap();
        full(&store.record.connection);
        let refused = store.persist(&[evidence(100_000), snapshot(b"new")], &[]);
        assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
        drop(store);
        let store = open(home.path());
        assert_eq!(state(&store).as_deref(), Some(&b"new"[..]));
        assert_eq!(evidence_held(&store), 1);
    }

    #[test]
    fn a_channel_snapshot_that_fails_leaves_the_record_as_it_was() {
        let home = tempfile::tempdir().unwrap();
        let mut store = open(home.path());
        store
            .persist(&[snapshot(b"old"), evidence(10)], &[])
            .unwrap();
        full(&store.channel.connection);
        let refused = store.persist(&[evidence(10), snapshot(&[9; 100_000])], &[]);
        assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
        drop(store);
        let store = open(home.path());
        assert_eq!(state(&store).as_deref(), Some(&b"old"[..]));
        assert_eq!(evidence_held(&store), 1);
    }
}
