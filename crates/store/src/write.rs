//! One batch of changes inside one transaction.

use std::collections::BTreeMap;

use openline_proto::contract::{Change, Misbehaviour, StoredEntry};
use openline_wire::fact::Fact;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, EntryId, LineId};
use rusqlite::{Connection, OptionalExtension, Params, Transaction};

use crate::names::{Letter, ShortName};
use crate::row::{self, NamedEntry};
use crate::vault::Vault;
use crate::{StoreError, alarm, evidence, files};

/// One transaction's changes.
pub(crate) struct Batch<'t> {
    transaction: &'t Transaction<'t>,
    vault: &'t Vault,
    known: Known,
    names: Vec<ShortName>,
}

/// What was looked up or made. It holds for as long as nobody else writes and each transaction with it was
/// committed: after a rollback begin with an empty one.
#[derive(Default)]
pub(crate) struct Known {
    lines: BTreeMap<LineId, i64>,
    authors: BTreeMap<Author, i64>,
    chains: BTreeMap<(i64, Chain), i64>,
    numbers: BTreeMap<(i64, Letter), u64>,
}

/// More authors or chains than this are not remembered: a tenth of a megabyte each, and no station hears so many at a time.
const MOST_KNOWN: usize = 1024;

impl Known {
    /// What the next transaction may go by.
    pub(crate) fn kept(self) -> Self {
        match self.authors.len().max(self.chains.len()) {
            0..=MOST_KNOWN => self,
            _ => Self::default(),
        }
    }
}

/// What another boot confirmed.
struct Confirmed<'a> {
    line: &'a LineId,
    by: &'a Author,
    chain: &'a Chain,
    size: u64,
    at: u64,
    their_time: u64,
}

/// How far a chain is held.
struct Progress<'a> {
    line: &'a LineId,
    chain: &'a Chain,
    size: u64,
    last: &'a EntryId,
    edge: &'a [u8],
}

/// The highest number that a letter has on a line; 0 if none.
pub(crate) fn last_number(
    connection: &Connection,
    line: i64,
    letter: Letter,
) -> Result<u64, StoreError> {
    let query = "SELECT max(number) FROM entries WHERE line = ?1 AND letter = ?2";
    let mut statement = connection.prepare_cached(query)?;
    let last: Option<i64> = statement.query_row((line, letter.as_str()), |row| row.get(0))?;
    Ok(last.unwrap_or(0).cast_unsigned())
}

impl<'t> Batch<'t> {
    pub(crate) fn new(transaction: &'t Transaction<'t>, vault: &'t Vault, known: Known) -> Self {
        Self {
            transaction,
            vault,
            known,
            names: Vec::new(),
        }
    }

    /// Carries one change out.
    pub(crate) fn carry_out(&mut self, change: &Change) -> Result<(), StoreError> {
        match change {
            Change::Entry(stored) => self.entry(stored),
            Change::Progress {
                line,
                chain,
                size,
                last,
                edge,
            } => self.progress(&Progress {
                line,
                chain,
                size: *size,
                last,
                edge,
            }),
            Change::Confirmed {
                line,
                by,
                chain,
                size,
                at,
                their_time,
            } => self.confirmed(&Confirmed {
                line,
                by,
                chain,
                size: *size,
                at: *at,
                their_time: *their_time,
            }),
            Change::Evidence {
                line,
                by,
                what,
                proof,
                at,
            } => self.evidence(line, by, (*what, *at), proof),
            Change::Alarm { line, alarm } => {
                let number = self.line(line)?;
                alarm::write(self.transaction, self.vault, (line, number), alarm)
            }
            Change::File {
                line, id, state, ..
            } => {
                let number = self.line(line)?;
                files::write(self.transaction, self.vault, (line, number), id, *state)
            }
            // Written before this transaction, into files of their own.
            Change::Channel { .. } | Change::Chunk { .. } => Ok(()),
        }
    }

    /// The short names of the batch's entries, in their order, and what is known if it is committed.
    pub(crate) fn into_parts(self) -> (Vec<ShortName>, Known) {
        (self.names, self.known)
    }

    fn entry(&mut self, stored: &StoredEntry) -> Result<(), StoreError> {
        let header = stored.entry.header();
        let line = self.line(&stored.line)?;
        let chain = self.chain(line, &header.chain())?;
        let name = self.name(line, Letter::of(header.kind))?;
        self.named_entry(stored, (line, chain), name)?;
        self.names.push(name);
        Ok(())
    }

    /// Writes an entry with the name that it has already.
    pub(crate) fn keep(&mut self, entry: &NamedEntry) -> Result<(), StoreError> {
        let NamedEntry { name, stored } = entry;
        let line = self.line(&stored.line)?;
        let chain = self.chain(line, &stored.entry.header().chain())?;
        self.named_entry(stored, (line, chain), *name)
    }

    fn named_entry(
        &mut self,
        stored: &StoredEntry,
        (line, chain): (i64, i64),
        name: ShortName,
    ) -> Result<(), StoreError> {
        let (entry, header) = (&stored.entry, stored.entry.header());
        let place = row::place(&entry.id(), stored.cursor, stored.received, name);
        let seal = self.vault.seal(&place, &row::parts(entry.body()))?;
        let insert = "INSERT INTO entries (line, chain, sequence, kind, cursor, received, letter,
            number, id, header, signature, seal)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let values = rusqlite::params![
            line,
            chain,
            header.sequence.cast_signed(),
            header.kind.code().cast_signed(),
            stored.cursor.cast_signed(),
            stored.received.cast_signed(),
            name.letter.as_str(),
            name.number.cast_signed(),
            &entry.id().0,
            entry.header_bytes(),
            &entry.signature().0[..],
            seal,
        ];
        self.transaction.prepare_cached(insert)?.execute(values)?;
        if let Fact::Receipt(receipt) = entry.fact() {
            self.receipt(self.transaction.last_insert_rowid(), &receipt.targets)?;
        }
        Ok(())
    }

    fn receipt(&self, receipt: i64, targets: &[EntryId]) -> Result<(), StoreError> {
        let insert = "INSERT INTO receipts (target, receipt) VALUES (?1, ?2)";
        let mut statement = self.transaction.prepare_cached(insert)?;
        for target in targets {
            statement.execute((&target.0, receipt))?;
        }
        Ok(())
    }

    fn progress(&mut self, progress: &Progress<'_>) -> Result<(), StoreError> {
        let line = self.line(progress.line)?;
        let chain = self.chain(line, progress.chain)?;
        let update = "UPDATE chains SET size = ?2, last = ?3, edge = ?4 WHERE no = ?1";
        let size = progress.size.cast_signed();
        let mut statement = self.transaction.prepare_cached(update)?;
        statement.execute((chain, size, &progress.last.0, progress.edge))?;
        Ok(())
    }

    fn confirmed(&mut self, confirmed: &Confirmed<'_>) -> Result<(), StoreError> {
        let line = self.line(confirmed.line)?;
        let chain = self.chain(line, confirmed.chain)?;
        let by = self.author(confirmed.by)?;
        let numbers = [confirmed.size, confirmed.at, confirmed.their_time];
        let place = confirmed_place(confirmed.line, confirmed.by, confirmed.chain, numbers);
        let seal = self.vault.seal(&place, &[])?;
        let [size, at, their_time] = numbers.map(u64::cast_signed);
        // Said again, it was still said first when it was said first.
        let insert = "INSERT INTO confirmed (chain, author, size, at, their_time, seal)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
        let mut statement = self.transaction.prepare_cached(insert)?;
        statement.execute((chain, by, size, at, their_time, seal))?;
        Ok(())
    }

    fn evidence(
        &mut self,
        line: &LineId,
        by: &Author,
        (what, at): (Misbehaviour, u64),
        proof: &[Vec<u8>],
    ) -> Result<(), StoreError> {
        let place = evidence_place(line, by, what, at);
        let seal = self.vault.seal(&place, &[&evidence::pack(proof)])?;
        let (line, by) = (self.line(line)?, self.author(by)?);
        let what = evidence::code(what);
        let insert = "INSERT INTO evidence (line, author, what, at, seal)
            VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut statement = self.transaction.prepare_cached(insert)?;
        statement.execute((line, by, what, at.cast_signed(), seal))?;
        Ok(())
    }

    /// The next name with a letter on a line.
    fn name(&mut self, line: i64, letter: Letter) -> Result<ShortName, StoreError> {
        let last = match self.known.numbers.get(&(line, letter)) {
            Some(last) => *last,
            None => self.last_number(line, letter)?,
        };
        let number = last + 1;
        self.known.numbers.insert((line, letter), number);
        Ok(ShortName { letter, number })
    }

    fn last_number(&self, line: i64, letter: Letter) -> Result<u64, StoreError> {
        last_number(self.transaction, line, letter)
    }

    fn line(&mut self, line: &LineId) -> Result<i64, StoreError> {
        if let Some(number) = self.known.lines.get(line) {
            return Ok(*number);
        }
        let number = self.find_or_insert(
            "SELECT no FROM lines WHERE id = ?1",
            "INSERT INTO lines (id) VALUES (?1)",
            (&line.0,),
        )?;
        self.known.lines.insert(*line, number);
        Ok(number)
    }

    fn author(&mut self, author: &Author) -> Result<i64, StoreError> {
        if let Some(number) = self.known.authors.get(author) {
            return Ok(*number);
        }
        let number = self.find_or_insert(
            "SELECT no FROM authors WHERE party = ?1 AND node = ?2 AND boot = ?3",
            "INSERT INTO authors (party, node, boot) VALUES (?1, ?2, ?3)",
            (&author.party.0, &author.node.0, &author.boot.0),
        )?;
        self.known.authors.insert(*author, number);
        Ok(number)
    }

    fn chain(&mut self, line: i64, chain: &Chain) -> Result<i64, StoreError> {
        if let Some(number) = self.known.chains.get(&(line, *chain)) {
            return Ok(*number);
        }
        let author = self.author(&chain.author)?;
        let number = self.find_or_insert(
            "SELECT no FROM chains WHERE line = ?1 AND author = ?2 AND stream = ?3",
            "INSERT INTO chains (line, author, stream) VALUES (?1, ?2, ?3)",
            (line, author, chain.stream.code().cast_signed()),
        )?;
        self.known.chains.insert((line, *chain), number);
        Ok(number)
    }

    fn find_or_insert(
        &self,
        select: &str,
        insert: &str,
        key: impl Params + Copy,
    ) -> Result<i64, StoreError> {
        let mut find = self.transaction.prepare_cached(select)?;
        let found = find.query_row(key, |row| row.get(0)).optional()?;
        if let Some(number) = found {
            return Ok(number);
        }
        self.transaction.prepare_cached(insert)?.execute(key)?;
        Ok(self.transaction.last_insert_rowid())
    }
}

/// What the seal of a confirmation is bound to.
pub(crate) fn confirmed_place(
    line: &LineId,
    by: &Author,
    chain: &Chain,
    numbers: [u64; 3],
) -> Vec<u8> {
    let mut place = line.0.to_vec();
    place.extend(author_bytes(by));
    place.extend(author_bytes(&chain.author));
    place.extend(chain.stream.code().to_be_bytes());
    numbers.iter().for_each(|n| place.extend(n.to_be_bytes()));
    place
}

/// What the seal of evidence is bound to.
pub(crate) fn evidence_place(line: &LineId, by: &Author, what: Misbehaviour, at: u64) -> Vec<u8> {
    let mut place = line.0.to_vec();
    place.extend(author_bytes(by));
    place.extend(evidence::code(what).to_be_bytes());
    place.extend(at.to_be_bytes());
    place
}

fn author_bytes(author: &Author) -> Vec<u8> {
    [&author.party.0[..], &author.node.0, &author.boot.0].concat()
}
