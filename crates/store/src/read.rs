//! The reader: entries for people and programs, from any thread, beside the writer and after damage.
//!
//! Where a list is asked for, the places of its rows are looked up in an index first and each row is then read by
//! itself: so a damaged page costs the rows that lie on it and no others.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use openline_proto::files::{FileId, FileState};
use openline_wire::attachment::Attachment;
use openline_wire::codes::{Kind, Mark, Precedence};
use openline_wire::header::Chain;
use openline_wire::ids::{EntryId, LineId, NodeId, PartyId};
use rusqlite::Params;

use crate::StoreError;
use crate::check::{self, Checked, Depth, Nodes};
use crate::evidence::Evidence;
use crate::files;
use crate::names::{Letter, ShortName};
use crate::query::{self, Confirmation, Counts, Unconfirmed};
use crate::record::Record;
use crate::row::NamedEntry;
use crate::vault::{StorageKey, Vault};
use crate::write::last_number;

/// A store open for reading. Sees what the writer has committed, and goes on when he is gone.
pub struct Reader {
    home: PathBuf,
    record: Record,
}

/// Which messages are wanted; the default is all of them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Stored here at or after this time, by our wall clock.
    pub since: Option<u64>,
    /// From this party.
    pub from: Option<PartyId>,
    /// At least as urgent.
    pub at_least: Option<Precedence>,
    /// With this mark.
    pub mark: Option<Mark>,
    /// Instead of messages, what has this letter.
    pub letter: Option<Letter>,
}

/// A file that goes with a message.
#[derive(Clone, Debug)]
pub struct KnownFile {
    /// Which.
    pub id: FileId,
    /// What its message says of it.
    pub file: Attachment,
    /// How it stands here.
    pub state: FileState,
}

/// A part of the record.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// What was asked for, in the order in which it was stored.
    pub entries: Vec<NamedEntry>,
    /// Rows that lie on a damaged page or are not as they were written; [`crate::Store::check`] names them.
    pub unreadable: u64,
    /// Cursor of the last row looked at: where to go on, also if nothing could be read.
    pub cursor: u64,
}

impl Reader {
    /// Opens the store in a directory for reading. It must be there.
    pub fn open(home: &Path, key: &StorageKey) -> Result<Self, StoreError> {
        Ok(Self {
            home: home.to_owned(),
            record: Record::open_for_reading(home, key)?,
        })
    }

    pub(crate) fn beside(home: &Path, vault: &Arc<Vault>) -> Result<Self, StoreError> {
        Ok(Self {
            home: home.to_owned(),
            record: Record::beside(home, vault)?,
        })
    }

    /// Another reader of the same store, for another thread.
    pub fn try_clone(&self) -> Result<Self, StoreError> {
        Self::beside(&self.home, &self.record.vault)
    }

    /// The lines of which something is stored.
    pub fn lines(&self) -> Result<Vec<LineId>, StoreError> {
        self.record.lines()
    }

    /// At most `limit` entries of a line that were stored after `cursor`; 0 is the beginning.
    pub fn entries_after(
        &self,
        line: &LineId,
        cursor: u64,
        limit: usize,
    ) -> Result<Listing, StoreError> {
        let query = "SELECT place, cursor FROM entries INDEXED BY entries_cursor
            WHERE line = ?1 AND cursor > ?2 ORDER BY cursor LIMIT ?3";
        let Some(line) = self.record.line(line)? else {
            return Ok(Listing::default());
        };
        let key = (line, cursor.cast_signed(), sql_limit(limit));
        let mut listing = self.list(query, key, limit, |_| true)?;
        listing.cursor = listing.cursor.max(cursor);
        Ok(listing)
    }

    /// The entry with an id.
    pub fn by_id(&self, id: &EntryId) -> Result<Option<NamedEntry>, StoreError> {
        self.record.one("id = ?1", (&id.0,))
    }

    /// The files that go with messages of a line, as they stand, each with its message; those whose message can't be read are
    /// left out.
    pub fn files(&self, line: &LineId) -> Result<Vec<(NamedEntry, KnownFile)>, StoreError> {
        let mut all = Vec::new();
        for (id, state) in files::states(&self.record, line)? {
            let message = self.by_id(&id.message)?;
            let file = files::named(&self.record, &id)?;
            if let Some((message, file)) = message.zip(file) {
                all.push((message, KnownFile { id, file, state }));
            }
        }
        all.sort_by_key(|(message, file)| (message.stored.cursor, file.id.which));
        Ok(all)
    }

    /// The entries of a line whose ids begin with these hexadecimal digits, at most `limit`; two tell that the
    /// digits name none of them.
    pub fn by_id_prefix(
        &self,
        line: &LineId,
        digits: &str,
        limit: usize,
    ) -> Result<Vec<NamedEntry>, StoreError> {
        let (Some(line), Some((first, last))) = (self.record.line(line)?, id_range(digits)) else {
            return Ok(Vec::new());
        };
        let query = "SELECT place, cursor FROM entries
            WHERE id BETWEEN ?1 AND ?2 AND line = ?3 ORDER BY id LIMIT ?4";
        let key = (&first.0, &last.0, line, sql_limit(limit));
        Ok(self.list(query, key, limit, |_| true)?.entries)
    }

    /// The entry with a short name.
    pub fn by_name(
        &self,
        line: &LineId,
        name: ShortName,
    ) -> Result<Option<NamedEntry>, StoreError> {
        let Some(line) = self.record.line(line)? else {
            return Ok(None);
        };
        let key = (line, name.letter.as_str(), name.number.cast_signed());
        self.record
            .one("line = ?1 AND letter = ?2 AND number = ?3", key)
    }

    /// The last entries of a kind that has a letter of its own, the latest first.
    pub fn latest(
        &self,
        line: &LineId,
        kind: Kind,
        limit: u64,
    ) -> Result<Vec<NamedEntry>, StoreError> {
        let letter = Letter::of(kind);
        let Some(number) = self.record.line(line)? else {
            return Ok(Vec::new());
        };
        let last = last_number(&self.record.connection, number, letter)?;
        let first = last.saturating_sub(limit);
        let numbers = (first..last).rev().map(|before| before + 1);
        let named = numbers.map(|number| self.by_name(line, ShortName { letter, number }));
        Ok(named
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect())
    }

    /// The receipts that name an entry, in the order in which they were stored.
    pub fn receipts_for(&self, target: &EntryId) -> Result<Vec<NamedEntry>, StoreError> {
        let query = "SELECT receipt, 0 FROM receipts WHERE target = ?1 ORDER BY receipt";
        Ok(self
            .list(query, (&target.0,), usize::MAX, |_| true)?
            .entries)
    }

    /// Messages of one party, stored after `cursor`, that no receipt of the other names: of them nobody said that he
    /// was shown or has read them. At most `limit`, in the order in which they were stored.
    pub fn without_receipt(
        &self,
        line: &LineId,
        (author, reader): (PartyId, PartyId),
        cursor: u64,
        limit: usize,
    ) -> Result<Listing, StoreError> {
        let query = "SELECT place, cursor FROM entries INDEXED BY entries_cursor
            WHERE line = ?1 AND cursor > ?2 AND letter = 'M'
            AND chain IN (SELECT chains.no FROM chains JOIN authors ON authors.no = author
                WHERE line = ?1 AND party = ?3)
            AND NOT EXISTS (SELECT 1 FROM receipts JOIN entries AS said ON said.place = receipt
                JOIN chains ON chains.no = said.chain JOIN authors ON authors.no = author
                WHERE target = entries.id AND party = ?4)
            ORDER BY cursor LIMIT ?5";
        let Some(line) = self.record.line(line)? else {
            return Ok(Listing::default());
        };
        let after = cursor.cast_signed();
        let key = (line, after, &author.0, &reader.0, sql_limit(limit));
        self.list(query, key, limit, |_| true)
    }

    /// The messages at some places of a chain, a half-open range.
    pub fn messages_in(
        &self,
        line: &LineId,
        chain: &Chain,
        (first, end): (u64, u64),
    ) -> Result<Vec<NamedEntry>, StoreError> {
        let query = "SELECT place, cursor FROM entries
            WHERE chain = ?1 AND sequence >= ?2 AND sequence < ?3 AND letter = 'M' ORDER BY sequence";
        let Some(chain) = self.record.chain(line, chain)? else {
            return Ok(Vec::new());
        };
        let key = (chain, first.cast_signed(), end.cast_signed());
        Ok(self.list(query, key, usize::MAX, |_| true)?.entries)
    }

    /// The largest cursor on a line; 0 if nothing of it is stored.
    pub fn last_cursor(&self, line: &LineId) -> Result<u64, StoreError> {
        match self.record.line(line)? {
            Some(line) => query::last_cursor(&self.record, line),
            None => Ok(0),
        }
    }

    /// Who confirmed that he stores an entry, and when each first did.
    pub fn confirmations(
        &self,
        line: &LineId,
        chain: &Chain,
        sequence: u64,
    ) -> Result<Vec<Confirmation>, StoreError> {
        query::confirmations(&self.record, line, chain, sequence)
    }

    /// The first `limit` messages after a cursor that pass a filter.
    pub fn messages(
        &self,
        line: &LineId,
        after: u64,
        filter: &Filter,
        limit: usize,
    ) -> Result<Listing, StoreError> {
        self.filtered((line, after), filter, "ASC", limit)
    }

    /// The last `limit` messages that pass a filter, in the order in which they were stored.
    pub fn last_messages(
        &self,
        line: &LineId,
        filter: &Filter,
        limit: usize,
    ) -> Result<Listing, StoreError> {
        let mut listing = self.filtered((line, 0), filter, "DESC", limit)?;
        listing.entries.reverse();
        Ok(listing)
    }

    /// Entries of our node's that no boot of another node has confirmed, what is urgent first, at most `most` bytes of them; and how
    /// many there are beyond these.
    pub fn unconfirmed(
        &self,
        line: &LineId,
        node: NodeId,
        most: usize,
    ) -> Result<Unconfirmed, StoreError> {
        query::unconfirmed(&self.record, line, node, most)
    }

    /// Proof of misbehaviour on a line.
    pub fn evidence(&self, line: &LineId) -> Result<Vec<Evidence>, StoreError> {
        query::evidence(&self.record, line)
    }

    /// Checks a line as [`crate::Store::check`] does, while the writer goes on.
    pub fn check(&self, line: &LineId, nodes: &Nodes, depth: Depth) -> Result<Checked, StoreError> {
        check::check(&self.record, line, nodes, depth)
    }

    /// How much of a line is stored.
    pub fn counts(&self, line: &LineId) -> Result<Counts, StoreError> {
        match self.record.line(line)? {
            Some(line) => query::counts(&self.record, line),
            None => Ok(Counts::default()),
        }
    }

    /// Messages in the direction of `order`, read as they are found.
    fn filtered(
        &self,
        (line, after): (&LineId, u64),
        filter: &Filter,
        order: &str,
        limit: usize,
    ) -> Result<Listing, StoreError> {
        let Some(line) = self.record.line(line)? else {
            return Ok(Listing::default());
        };
        let letter = filter.letter.unwrap_or(Letter::Message).as_str();
        let query = format!(
            "SELECT place, cursor FROM entries INDEXED BY entries_name
             WHERE line = ?1 AND letter = ?2 AND received >= ?3 AND cursor > ?4 ORDER BY number {order}"
        );
        let since = filter.since.unwrap_or(0).cast_signed();
        let key = (line, letter, since, after.cast_signed());
        self.list(&query, key, limit, |entry| filter.passes(entry))
    }

    /// Reads the rows whose places a query finds until `limit` of them pass.
    fn list(
        &self,
        query: &str,
        key: impl Params,
        limit: usize,
        passes: impl Fn(&NamedEntry) -> bool,
    ) -> Result<Listing, StoreError> {
        let mut listing = Listing::default();
        let mut statement = self.record.connection.prepare_cached(query)?;
        let mut places = statement.query(key)?;
        while listing.entries.len() < limit {
            let Some(row) = places.next()? else { break };
            let place: i64 = row.get(0)?;
            let cursor = row.get::<_, i64>(1)?.cast_unsigned();
            listing.cursor = listing.cursor.max(cursor);
            match self.record.at(place) {
                Ok(Some(entry)) if passes(&entry) => listing.entries.push(entry),
                Ok(Some(_)) => {}
                Ok(None) | Err(StoreError::Damaged { .. } | StoreError::HandEdited { .. }) => {
                    listing.unreadable += 1;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(listing)
    }
}

impl Filter {
    fn passes(&self, entry: &NamedEntry) -> bool {
        let header = entry.stored.entry.header();
        self.from.is_none_or(|party| header.author.party == party)
            && self.at_least.is_none_or(|least| header.precedence >= least)
            && self.mark.is_none_or(|mark| header.mark == mark)
    }
}

/// SQLite counts rows with a sign.
fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// The lowest and the highest id that begin with these digits.
fn id_range(digits: &str) -> Option<(EntryId, EntryId)> {
    let rest = (2 * EntryId::LEN).checked_sub(digits.len())?;
    let end = |digit: &str| EntryId::from_hex(&format!("{digits}{}", digit.repeat(rest)));
    Some((end("0")?, end("f")?))
}
