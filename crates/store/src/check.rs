//! The check at the start: is everything as it was written?
//!
//! An id is recomputed from each header, each entry must name the one before it, the tree over the ids must have
//! the edge that was noted, and each seal must hold. The signature of an entry then vouches for all before it in
//! its chain, so the last ones are enough to find a header, a body or a place that was edited by hand; the
//! signatures further back are checked when all are asked for.

use std::collections::{BTreeMap, BTreeSet};

use openline_record::tree::Edge;
use openline_wire::cbor::Canonical;
use openline_wire::entry::{Entry, to_be_signed};
use openline_wire::fact::Fact;
use openline_wire::header::Chain;
use openline_wire::ids::{EntryId, LineId, NodeId, PartyId};
use openline_wire::key::NodeKey;

use crate::record::{ChainRow, Record, edited_in};
use crate::row::{COLUMNS, EntryRow};
use crate::{StoreError, alarm, file, query, stray};

/// Every node that the parties' cards ever certified, revoked ones too: its party and its key.
pub type Nodes = BTreeMap<NodeId, (PartyId, NodeKey)>;

/// How much is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Every hash and seal, and the signatures of the last 256 entries of each chain.
    Start,
    /// Every signature too, and SQLite's own structures.
    Full,
}

/// Signatures that the check at the start verifies in each chain: some ten milliseconds of work.
const SIGNATURES_AT_START: u64 = 256;

/// The "field" that was edited if an entry is gone.
const MISSING: &str = "missing";

/// What was found to be as it was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Chains.
    pub chains: u64,
    /// Entries, by hash and seal.
    pub entries: u64,
    /// Signatures among them.
    pub signatures: u64,
}

/// Checks one line.
pub(crate) fn check(
    record: &Record,
    line: &LineId,
    nodes: &Nodes,
    depth: Depth,
) -> Result<Checked, StoreError> {
    let Some(number) = record.line(line)? else {
        stray::check(record, line, &BTreeSet::new())?;
        return Ok(Checked::default());
    };
    let mut checked = Checked::default();
    let (mut receipts, mut walked) = (0, BTreeSet::new());
    for row in &record.chains(number)? {
        let mut walk = Walk::new(record, line, number, nodes, row);
        walk.chain(depth)?;
        checked.chains += 1;
        checked.entries += walk.entries;
        checked.signatures += walk.signatures;
        receipts += walk.receipts;
        walked.insert(row.number);
    }
    stray::check(record, line, &walked)?;
    if query::receipts(record, number)? != receipts {
        return Err(StoreError::HandEditedRow { table: "receipts" });
    }
    query::confirmed_sizes(record, line, number)?;
    query::evidence(record, line)?;
    alarm::read(record, line)?;
    if depth == Depth::Full {
        integrity(record)?;
    }
    Ok(checked)
}

/// A walk along one chain.
struct Walk<'a> {
    record: &'a Record,
    line: &'a LineId,
    /// The line's number in the table of lines.
    number: i64,
    nodes: &'a Nodes,
    row: &'a ChainRow,
    edge: Edge,
    /// The last entry of the part without a gap.
    last: Option<EntryId>,
    /// The entry before, and its place.
    before: Option<(u64, EntryId)>,
    entries: u64,
    signatures: u64,
    receipts: u64,
}

impl<'a> Walk<'a> {
    fn new(
        record: &'a Record,
        line: &'a LineId,
        number: i64,
        nodes: &'a Nodes,
        row: &'a ChainRow,
    ) -> Self {
        Self {
            record,
            line,
            number,
            nodes,
            row,
            edge: Edge::new(),
            last: None,
            before: None,
            entries: 0,
            signatures: 0,
            receipts: 0,
        }
    }

    fn chain(&mut self, depth: Depth) -> Result<(), StoreError> {
        let count = query::entries_in(self.record, self.row.number)?;
        let first_signature = match depth {
            Depth::Start => count.saturating_sub(SIGNATURES_AT_START),
            Depth::Full => 0,
        };
        let query = format!("SELECT {COLUMNS} FROM entries WHERE chain = ?1 ORDER BY sequence");
        let mut statement = self.record.connection.prepare_cached(&query)?;
        let rows = statement.query_map([self.row.number], EntryRow::read)?;
        for row in rows {
            let row = row.map_err(|error| self.damaged(error))?;
            let number = row.line;
            let entry = self.record.open(row)?.stored.entry;
            if number != self.number {
                return Err(self.edited(entry.header().sequence, "line"));
            }
            self.entry(&entry)?;
            if self.entries >= first_signature {
                self.signature(&entry)?;
            }
            self.entries += 1;
        }
        self.end()
    }

    /// Its place, its link to the entry before, and what was derived from it.
    fn entry(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let (header, sequence) = (entry.header(), entry.header().sequence);
        if header.line != *self.line {
            return Err(self.edited(sequence, "line"));
        }
        if header.chain() != self.row.chain {
            return Err(self.edited(sequence, "author"));
        }
        let next = self.before.map_or(0, |(before, _)| before + 1);
        if sequence != next && next < self.row.size {
            return Err(self.edited(next, MISSING));
        }
        // Had this one been held when the chain's progress was noted, it would be part of it.
        if sequence == self.row.size {
            return Err(self.edited(sequence, "size"));
        }
        let linked = self.before.filter(|_| sequence == next).map(|(_, id)| id);
        if linked.is_some() && header.previous != linked {
            return Err(self.edited(sequence, "previous"));
        }
        if sequence < self.row.size {
            self.edge.append(entry.id());
            self.last = Some(entry.id());
        }
        self.before = Some((sequence, entry.id()));
        self.receipt(entry)
    }

    fn receipt(&mut self, entry: &Entry) -> Result<(), StoreError> {
        if let Fact::Receipt(receipt) = entry.fact() {
            for target in &receipt.targets {
                if !query::is_receipt_for(self.record, &entry.id(), target)? {
                    return Err(self.edited(entry.header().sequence, "targets"));
                }
                self.receipts += 1;
            }
        }
        Ok(())
    }

    fn signature(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let author = entry.header().author;
        let key = self.nodes.get(&author.node);
        let key = key.filter(|(party, _)| *party == author.party);
        let (_, key) = key.ok_or_else(|| self.edited(entry.header().sequence, "node"))?;
        if !key.verify(&to_be_signed(entry.header_bytes()), entry.signature()) {
            return Err(self.edited(entry.header().sequence, "signature"));
        }
        self.signatures += 1;
        Ok(())
    }

    /// What was noted of the chain must be what was walked.
    fn end(&self) -> Result<(), StoreError> {
        let (noted, row) = (self.edge.size(), self.row);
        if noted != row.size {
            return Err(self.edited(noted, MISSING));
        }
        let Some(last) = noted.checked_sub(1) else {
            return Ok(());
        };
        if row.edge != self.edge.to_bytes() {
            return Err(self.edited(last, "edge"));
        }
        if row.last != self.last {
            return Err(self.edited(last, "last"));
        }
        Ok(())
    }

    fn edited(&self, sequence: u64, field: &'static str) -> StoreError {
        edited_in(&self.row.chain, sequence, field)
    }

    /// Names the entries of the chain that can't be read, each of which is tried.
    fn damaged(&self, error: rusqlite::Error) -> StoreError {
        let text = error.to_string();
        StoreError::from(error).at(|| {
            let lost = query::unreadable_in(self.record, self.row.number);
            describe(&self.row.chain, &lost, &text)
        })
    }
}

fn describe(chain: &Chain, lost: &[(u64, u64)], error: &str) -> String {
    let ranges = lost.iter().map(|(first, end)| match end - first {
        1 => first.to_string(),
        _ => format!("{first} to {}", end - 1),
    });
    let ranges: Vec<_> = ranges.collect();
    format!(
        "table entries, party {}, boot {}, stream {}, entries {} ({error})",
        chain.author.party,
        chain.author.boot,
        chain.stream.word(),
        ranges.join(", "),
    )
}

/// SQLite's own structures: pages, order of the indexes, and that they and the tables agree.
fn integrity(record: &Record) -> Result<(), StoreError> {
    let mut statement = record.connection.prepare("PRAGMA integrity_check(1)")?;
    let found: String = statement.query_row([], |row| row.get(0))?;
    if found == "ok" {
        return Ok(());
    }
    Err(StoreError::Damaged {
        file: file::RECORD,
        place: found,
    })
}
