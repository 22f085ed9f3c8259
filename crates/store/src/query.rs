//! What is kept beside the entries: confirmations, evidence, counts.

use std::collections::BTreeSet;
use std::sync::Arc;

use openline_proto::contract::{Change, Misbehaviour};
use openline_wire::entry::Entry;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, EntryId, LineId, NodeId, PartyId};
use rusqlite::Row;

use crate::StoreError;
use crate::evidence::{self, Evidence};
use crate::record::{Record, author};
use crate::vault::BrokenSeal;
use crate::write::{confirmed_place, evidence_place};

/// A boot said that it holds a chain up to here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// Who said so.
    pub by: Author,
    /// Entries from the first on.
    pub size: u64,
    /// When we learnt it, by our wall clock.
    pub at: u64,
    /// When it was said, by the confirmer's wall clock.
    pub their_time: u64,
}

/// How much of a line is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entries of all kinds.
    pub entries: u64,
    /// Messages among them.
    pub messages: u64,
    /// Chains.
    pub chains: u64,
    /// Pieces of evidence.
    pub evidence: u64,
}

/// The largest cursor on a line; 0 if there is no entry.
pub(crate) fn last_cursor(record: &Record, line: i64) -> Result<u64, StoreError> {
    number(
        record,
        "SELECT ifnull(max(cursor), 0) FROM entries WHERE line = ?1",
        line,
    )
}

/// Of whose misbehaviour proof is kept, and of which.
pub(crate) fn misbehaved(
    record: &Record,
    line: i64,
) -> Result<BTreeSet<(PartyId, Misbehaviour)>, StoreError> {
    let query = "SELECT DISTINCT party, what FROM evidence JOIN authors ON authors.no = author
        WHERE line = ?1";
    let mut statement = record.connection.prepare_cached(query)?;
    let rows = statement.query_map([line], |row| Ok((row.get(0).map(PartyId)?, row.get(1)?)))?;
    rows.map(|row| {
        let (party, what) = row?;
        Ok((party, evidence::from_code(what).ok_or(EDITED)?))
    })
    .collect()
}

pub(crate) fn counts(record: &Record, line: i64) -> Result<Counts, StoreError> {
    let count = |query| number(record, query, line);
    Ok(Counts {
        entries: count("SELECT count(*) FROM entries WHERE line = ?1")?,
        messages: count("SELECT count(*) FROM entries WHERE line = ?1 AND letter = 'M'")?,
        chains: count("SELECT count(*) FROM chains WHERE line = ?1")?,
        evidence: count("SELECT count(*) FROM evidence WHERE line = ?1")?,
    })
}

fn number(record: &Record, query: &str, line: i64) -> Result<u64, StoreError> {
    let mut statement = record.connection.prepare_cached(query)?;
    let number = statement.query_row([line], |row| row.get::<_, i64>(0))?;
    Ok(number.cast_unsigned())
}

/// How far each boot confirmed each chain of a line.
pub(crate) fn confirmed_sizes(
    record: &Record,
    line: &LineId,
    number: i64,
) -> Result<Vec<(Author, Chain, u64)>, StoreError> {
    // As below, the other columns are those of the row that has the maximum.
    let query = "SELECT party, node, boot, max(confirmed.size), at, their_time, seal FROM confirmed
        JOIN authors ON authors.no = author WHERE chain = ?1 GROUP BY author";
    let mut statement = record.connection.prepare_cached(query)?;
    let mut sizes = Vec::new();
    for row in record.chains(number)? {
        let said =
            statement.query_map([row.number], |row| Ok((confirmation(row)?, row.get(6)?)))?;
        for said in said {
            let said = unsealed(record, line, &row.chain, said?)?;
            sizes.push((said.by, row.chain, said.size));
        }
    }
    Ok(sizes)
}

/// What the other side has not said to hold.
#[derive(Clone, Debug, Default)]
pub struct Unconfirmed {
    /// The first of them, in the order in which they are to go.
    pub entries: Vec<Arc<Entry>>,
    /// How many there are beyond these.
    pub left: u64,
}

/// Read at once.
const UNCONFIRMED_AT_ONCE: u64 = 256;

pub(crate) fn unconfirmed(
    record: &Record,
    line: &LineId,
    node: NodeId,
    most: usize,
) -> Result<Unconfirmed, StoreError> {
    let mut found = Unconfirmed::default();
    let Some(number) = record.line(line)? else {
        return Ok(found);
    };
    let confirmed = confirmed_sizes(record, line, number)?;
    let mut chains = record.chains(number)?;
    chains.retain(|row| row.chain.author.node == node);
    chains.sort_by_key(|row| row.chain.stream);
    let mut room = Some(most);
    for row in chains {
        let by_others = confirmed
            .iter()
            .filter(|(by, chain, _)| *chain == row.chain && by.node != node);
        let mut from = by_others.map(|(_, _, size)| *size).max().unwrap_or(0);
        while let Some(left) = room {
            let entries = record.load(row.number, from, UNCONFIRMED_AT_ONCE)?;
            let Some(last) = entries.last().map(|entry| entry.header().sequence) else {
                break;
            };
            let (mut left, mut taken) = (Some(left), from);
            for entry in entries {
                left = left.and_then(|left| left.checked_sub(weight(&entry)));
                if left.is_none() {
                    break;
                }
                taken = entry.header().sequence + 1;
                found.entries.push(entry);
            }
            (room, from) = (left, taken.min(last + 1));
        }
        if room.is_none() {
            found.left += sequences(record, row.number, from)?.len() as u64;
        }
    }
    Ok(found)
}

/// Bytes of an entry, about.
fn weight(entry: &Entry) -> usize {
    entry.header_bytes().len() + entry.body().map_or(0, |body| body.content.len())
}

/// Who confirmed an entry of a chain, each boot with the earliest of its confirmations that cover it.
pub(crate) fn confirmations(
    record: &Record,
    line: &LineId,
    chain: &Chain,
    sequence: u64,
) -> Result<Vec<Confirmation>, StoreError> {
    let Some(number) = record.chain(line, chain)? else {
        return Ok(Vec::new());
    };
    // SQLite takes the other columns from the row that has the minimum (lang_select.html, "bare columns").
    let query = "SELECT party, node, boot, min(size), at, their_time, seal FROM confirmed
        JOIN authors ON authors.no = author WHERE chain = ?1 AND size > ?2 GROUP BY author";
    let mut statement = record.connection.prepare_cached(query)?;
    let rows = statement.query_map((number, sequence.cast_signed()), |row| {
        Ok((confirmation(row)?, row.get(6)?))
    })?;
    rows.map(|row| unsealed(record, line, chain, row?))
        .collect()
}

fn unsealed(
    record: &Record,
    line: &LineId,
    chain: &Chain,
    (said, seal): (Confirmation, Vec<u8>),
) -> Result<Confirmation, StoreError> {
    let numbers = [said.size, said.at, said.their_time];
    let place = confirmed_place(line, &said.by, chain, numbers);
    match record.vault.unseal(&place, seal) {
        Ok(_) => Ok(said),
        Err(BrokenSeal) => Err(StoreError::HandEditedRow { table: "confirmed" }),
    }
}

fn confirmation(row: &Row<'_>) -> rusqlite::Result<Confirmation> {
    let number = |index| row.get::<_, i64>(index).map(i64::cast_unsigned);
    Ok(Confirmation {
        by: author(row)?,
        size: number(3)?,
        at: number(4)?,
        their_time: number(5)?,
    })
}

/// Proof of misbehaviour on a line, in the order in which it was found.
pub(crate) fn evidence(record: &Record, line: &LineId) -> Result<Vec<Evidence>, StoreError> {
    let query = "SELECT party, node, boot, what, at, seal FROM evidence
        JOIN authors ON authors.no = author JOIN lines ON lines.no = line
        WHERE lines.id = ?1 ORDER BY evidence.no";
    let mut statement = record.connection.prepare_cached(query)?;
    let rows = statement.query_map([&line.0], |row| {
        let what = (row.get(3)?, row.get::<_, i64>(4)?.cast_unsigned());
        Ok((author(row)?, what, row.get(5)?))
    })?;
    rows.map(|row| {
        let (by, (what, at), seal) = row?;
        let what = evidence::from_code(what).ok_or(EDITED)?;
        let proof = unseal_proof(record, (line, &by, what, at), seal)?;
        Ok(Evidence {
            by,
            what,
            proof,
            at,
        })
    })
    .collect()
}

const EDITED: StoreError = StoreError::HandEditedRow { table: "evidence" };

fn unseal_proof(
    record: &Record,
    (line, by, what, at): (&LineId, &Author, Misbehaviour, u64),
    seal: Vec<u8>,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let place = evidence_place(line, by, what, at);
    let packed = record.vault.unseal(&place, seal).map_err(|_| EDITED)?;
    evidence::unpack(&packed).map_err(|_| EDITED)
}

/// Rows of the table of receipts that belong to a line.
pub(crate) fn receipts(record: &Record, line: i64) -> Result<u64, StoreError> {
    let query = "SELECT count(*) FROM receipts JOIN entries ON place = receipt WHERE line = ?1";
    number(record, query, line)
}

/// Whether the table of receipts says that this receipt names this target.
pub(crate) fn is_receipt_for(
    record: &Record,
    receipt: &EntryId,
    target: &EntryId,
) -> Result<bool, StoreError> {
    let query = "SELECT EXISTS (SELECT 1 FROM receipts JOIN entries ON place = receipt
        WHERE target = ?1 AND id = ?2)";
    let mut statement = record.connection.prepare_cached(query)?;
    Ok(statement.query_row((&target.0, &receipt.0), |row| row.get(0))?)
}

/// Entries of a chain.
pub(crate) fn entries_in(record: &Record, chain: i64) -> Result<u64, StoreError> {
    number(
        record,
        "SELECT count(*) FROM entries WHERE chain = ?1",
        chain,
    )
}

/// Entries of a chain that are in its index and can't be read, as half-open ranges.
pub(crate) fn unreadable_in(record: &Record, chain: i64) -> Vec<(u64, u64)> {
    let Ok(sequences) = sequences(record, chain, 0) else {
        return Vec::new();
    };
    let is_lost = |sequence: &u64| record.load(chain, *sequence, 1).is_err();
    ranges(sequences.into_iter().filter(is_lost))
}

/// Where entries of a chain stand from a place on, out of an index.
pub(crate) fn sequences(record: &Record, chain: i64, from: u64) -> Result<Vec<u64>, StoreError> {
    let query =
        "SELECT sequence FROM entries WHERE chain = ?1 AND sequence >= ?2 ORDER BY sequence";
    let mut statement = record.connection.prepare_cached(query)?;
    let sequences = statement.query_map((chain, from.cast_signed()), |row| {
        row.get::<_, i64>(0).map(i64::cast_unsigned)
    })?;
    Ok(sequences.collect::<Result<_, _>>()?)
}

/// Joins ascending numbers to half-open ranges.
pub(crate) fn ranges(numbers: impl IntoIterator<Item = u64>) -> Vec<(u64, u64)> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, end)) if *end == number => *end += 1,
            _ => ranges.push((number, number + 1)),
        }
    }
    ranges
}

/// The largest row number of an entry, from whatever tree can still be walked to its end.
pub(crate) fn last_place(record: &Record) -> i64 {
    let queries = [
        "SELECT max(place) FROM entries NOT INDEXED",
        "SELECT max(place) FROM entries INDEXED BY entries_chain WHERE chain > 0",
        "SELECT max(place) FROM entries INDEXED BY entries_cursor WHERE line > 0",
    ];
    let ask = |query| {
        record
            .connection
            .query_row(query, [], |row| row.get::<_, Option<i64>>(0))
    };
    let answers = queries
        .into_iter()
        .filter_map(|query| ask(query).ok().flatten());
    answers.max().unwrap_or(0)
}

/// All confirmations of a line, as the changes that made them.
pub(crate) fn confirmed_changes(record: &Record, line: &LineId) -> Result<Vec<Change>, StoreError> {
    let query = "SELECT party, node, boot, size, at, their_time, seal FROM confirmed
        JOIN authors ON authors.no = author WHERE chain = ?1 ORDER BY author, size";
    let mut statement = record.connection.prepare_cached(query)?;
    let mut changes = Vec::new();
    let Some(number) = record.line(line)? else {
        return Ok(changes);
    };
    for row in record.chains(number)? {
        let said =
            statement.query_map([row.number], |row| Ok((confirmation(row)?, row.get(6)?)))?;
        for said in said {
            let said = unsealed(record, line, &row.chain, said?)?;
            changes.push(Change::Confirmed {
                line: *line,
                by: said.by,
                chain: row.chain,
                size: said.size,
                at: said.at,
                their_time: said.their_time,
            });
        }
    }
    Ok(changes)
}

/// All evidence on a line, as the changes that made it.
pub(crate) fn evidence_changes(record: &Record, line: &LineId) -> Result<Vec<Change>, StoreError> {
    let found = evidence(record, line)?;
    let change = |Evidence {
                      by,
                      what,
                      proof,
                      at,
                  }| Change::Evidence {
        line: *line,
        by,
        what,
        proof,
        at,
    };
    Ok(found.into_iter().map(change).collect())
}
