//! Salvage: what is intact in a damaged record is copied into a new one. What is lost comes back by
//! synchronisation, as far as the other side holds it.
//!
//! Each row is read by itself and believed only with its id, form and seal, so nothing has to be right about the
//! damaged file but the pages that are read. Progress and receipts are computed again from the entries.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use openline_proto::contract::Change;
use openline_record::tree::Edge;
use openline_wire::cbor::Canonical;
use openline_wire::header::Chain;
use openline_wire::ids::{EntryId, LineId};
use rusqlite::TransactionBehavior;

use crate::file::{self, Lock};
use crate::record::Record;
use crate::row::NamedEntry;
use crate::vault::StorageKey;
use crate::write::{Batch, Known};
use crate::{StoreError, alarm, query};

/// Entries in one transaction of the copy.
const BATCH: usize = 1_000;

/// What a salvage found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SalvageReport {
    /// Entries copied.
    pub entries: u64,
    /// Rows that could not be read or were not as they were written.
    pub unreadable: u64,
    /// Places of chains that are missing now, as half-open ranges, as far as the damaged record told.
    pub gaps: Vec<(LineId, Chain, u64, u64)>,
    /// Confirmations copied.
    pub confirmations: u64,
    /// Pieces of evidence copied.
    pub evidence: u64,
    /// Whether confirmations, evidence or alarms were lost.
    pub beside_lost: bool,
}

/// Copies what is intact of the record in `home` to a new `record.db` in the directory `out`, which must have
/// none. Nothing in `home` is changed; whoever calls puts the new file in place of the old one.
///
/// The channels' state is not touched: it holds neither nonces nor counters, so it goes on with any record.
pub fn salvage(home: &Path, key: &StorageKey, out: &Path) -> Result<SalvageReport, StoreError> {
    let _lock = Lock::take(home)?;
    copy(home, key, out)
}

/// Copies what is intact as [`salvage`] does, moves the damaged record into the new directory `aside`, and puts
/// the copy in its place. If it ends in between, the record is missed at the next start and stands in `aside`.
pub fn salvage_in_place(
    home: &Path,
    key: &StorageKey,
    aside: &Path,
) -> Result<SalvageReport, StoreError> {
    let _lock = Lock::take(home)?;
    let draft = aside.join("new");
    let folder = |path: &Path| fs::DirBuilder::new().mode(0o700).create(path);
    folder(aside)?;
    let copied = folder(&draft)
        .map_err(StoreError::from)
        .and_then(|()| copy(home, key, &draft));
    if copied.is_err() {
        // Nothing was changed, and of the attempt nothing is to stay.
        let _ = fs::remove_dir_all(aside);
        return copied;
    }
    for name in FILES {
        move_if_there(&home.join(name), &aside.join(name))?;
    }
    File::open(aside)?.sync_all()?;
    for name in FILES {
        move_if_there(&draft.join(name), &home.join(name))?;
    }
    File::open(home)?.sync_all()?;
    fs::remove_dir_all(&draft)?;
    copied
}

/// The record and what SQLite keeps beside it. Its log first: alone it is nothing.
const FILES: [&str; 3] = ["record.db-shm", "record.db-wal", file::RECORD];

fn move_if_there(from: &Path, to: &Path) -> Result<(), StoreError> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        moved => Ok(moved?),
    }
}

fn copy(home: &Path, key: &StorageKey, out: &Path) -> Result<SalvageReport, StoreError> {
    let from = Record::open_as_it_is(home, key)?;
    let target = out.join(file::RECORD);
    if target.exists() {
        let what = format!("{} is there already", target.display());
        return Err(StoreError::Occupied { what });
    }
    let mut copy = Copy {
        from,
        to: Record::open_for_writing(out, key)?,
        chains: BTreeMap::new(),
        report: SalvageReport::default(),
    };
    copy.entries()?;
    copy.chains()?;
    copy.beside()?;
    Ok(copy.report)
}

/// A copy under way.
struct Copy {
    from: Record,
    to: Record,
    chains: BTreeMap<(LineId, Chain), BTreeMap<u64, EntryId>>,
    report: SalvageReport,
}

impl Copy {
    fn entries(&mut self) -> Result<(), StoreError> {
        let mut batch = Vec::new();
        for place in 1..=query::last_place(&self.from) {
            match self.from.at(place) {
                Ok(Some(entry)) => batch.push(entry),
                Ok(None) => {}
                Err(_) => self.report.unreadable += 1,
            }
            if batch.len() == BATCH {
                self.keep(&std::mem::take(&mut batch))?;
            }
        }
        self.keep(&batch)
    }

    fn keep(&mut self, entries: &[NamedEntry]) -> Result<(), StoreError> {
        self.write(|batch| entries.iter().try_for_each(|entry| batch.keep(entry)))?;
        for NamedEntry { stored, .. } in entries {
            let header = stored.entry.header();
            let chain = self.chains.entry((stored.line, header.chain()));
            chain
                .or_default()
                .insert(header.sequence, stored.entry.id());
        }
        self.report.entries += entries.len() as u64;
        Ok(())
    }

    /// Notes how far each chain is held, and where it has gaps now.
    fn chains(&mut self) -> Result<(), StoreError> {
        let noted = self.noted_sizes();
        let mut progress = Vec::new();
        for ((line, chain), ids) in &self.chains {
            progress.extend(progress_of(*line, *chain, ids));
            let end = noted.get(&(*line, *chain)).copied().unwrap_or(0);
            let gaps = gaps(ids, end).into_iter();
            let gaps = gaps.map(|(from, to)| (*line, *chain, from, to));
            self.report.gaps.extend(gaps);
        }
        self.write(|batch| {
            progress
                .iter()
                .try_for_each(|change| batch.carry_out(change))
        })
    }

    /// How far the damaged record says that it holds each chain, as far as that can be read; also makes room for
    /// chains of which nothing was found.
    fn noted_sizes(&mut self) -> BTreeMap<(LineId, Chain), u64> {
        let mut sizes = BTreeMap::new();
        for line in self.from.lines().unwrap_or_default() {
            let number = self.from.line(&line).ok().flatten();
            let rows = number.and_then(|number| self.from.chains(number).ok());
            for row in rows.unwrap_or_default() {
                sizes.insert((line, row.chain), row.size);
                self.chains.entry((line, row.chain)).or_default();
            }
        }
        sizes
    }

    /// Copies what stands beside the entries, as far as it can be read.
    fn beside(&mut self) -> Result<(), StoreError> {
        let lines: Vec<LineId> = self.chains.keys().map(|(line, _)| *line).collect();
        let mut changes = Vec::new();
        let mut lost = false;
        for line in std::collections::BTreeSet::from_iter(lines) {
            for read in [
                query::confirmed_changes,
                query::evidence_changes,
                alarm::changes,
            ] {
                match read(&self.from, &line) {
                    Ok(found) => changes.extend(found),
                    Err(_) => lost = true,
                }
            }
        }
        let is_evidence = |change: &&Change| matches!(change, Change::Evidence { .. });
        self.report.evidence = changes.iter().filter(is_evidence).count() as u64;
        let is_confirmed = |change: &&Change| matches!(change, Change::Confirmed { .. });
        self.report.confirmations = changes.iter().filter(is_confirmed).count() as u64;
        self.report.beside_lost = lost;
        self.write(|batch| {
            changes
                .iter()
                .try_for_each(|change| batch.carry_out(change))
        })
    }

    fn write(
        &mut self,
        write: impl FnOnce(&mut Batch<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Record { connection, vault } = &mut self.to;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        write(&mut Batch::new(&transaction, vault, Known::default()))?;
        Ok(transaction.commit()?)
    }
}

/// What is missing of a chain that was held up to `end`.
fn gaps(ids: &BTreeMap<u64, EntryId>, end: u64) -> Vec<(u64, u64)> {
    let mut gaps = Vec::new();
    let mut expected = 0;
    let held = query::ranges(ids.keys().copied());
    for (from, to) in held.into_iter().chain([(end, end)]) {
        if from > expected {
            gaps.push((expected, from));
        }
        expected = expected.max(to);
    }
    gaps
}

/// The progress of a chain of which these entries are held; none if its first is not.
fn progress_of(line: LineId, chain: Chain, ids: &BTreeMap<u64, EntryId>) -> Option<Change> {
    let contiguous = (0..)
        .zip(ids)
        .take_while(|(n, (sequence, _))| n == *sequence);
    let edge: Edge = contiguous.map(|(_, (_, id))| *id).collect();
    let last = *ids.get(&edge.size().checked_sub(1)?)?;
    Some(Change::Progress {
        line,
        chain,
        size: edge.size(),
        last,
        edge: edge.to_bytes(),
    })
}
