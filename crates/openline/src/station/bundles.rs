//! Bundles: made of what the store holds and sealed by the core, read and taken in, whoever asks: a person at the control API, or
//! a folder that is watched.

use std::collections::BTreeMap;
use std::sync::Arc;

use openline_net::bundle;
use openline_proto::contract::{Imported, ImportedFrom};
use openline_store::{Reader, Unconfirmed};
use openline_wire::entry::Entry;
use openline_wire::ids::{LineId, NodeId};

use super::board::Failure;
use super::clock::wall;
use super::desk::Desk;
use super::trouble::Trouble;
use crate::api::types::{BundleGiven, BundleTaken};

/// Bytes of the entries in one bundle: sealed and framed they take up to three times as many, and the largest bundle that is read
/// holds that. It is built in memory.
const ENTRIES: usize = 8 * 1024 * 1024;

/// Frames that the core takes at once: what comes live waits for no more than some milliseconds.
const AT_ONCE: usize = 32;

/// Bytes of entries that the core seals at once.
const SEALED_AT_ONCE: usize = 32 * 1024;

/// Why there is no bundle, or nothing came of one.
#[derive(Clone, Debug)]
pub enum BundleError {
    /// The core's thread could not.
    Failed(Failure),
    /// The store can't be read.
    Unread(Trouble),
    /// The line has no keys to seal under.
    NoKeys,
    /// The file is none.
    NotABundle,
    /// The disk has too little room to take it in and go on.
    NoRoom,
}

impl From<Failure> for BundleError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Trouble> for BundleError {
    fn from(trouble: Trouble) -> Self {
        Self::Unread(trouble)
    }
}

/// What came of a file.
#[derive(Clone, Debug, Default)]
pub struct TakenFile {
    /// Frames that were whole in it.
    pub frames: u64,
    /// Frames that it says that it had besides.
    pub missing: u64,
    /// Frames that no line has keys for.
    pub strange: u64,
    /// Long entries that wait for pieces of theirs.
    pub unfinished: u64,
    /// What the others held.
    pub lines: Vec<(LineId, BundleTaken)>,
}

impl Desk {
    /// Entries of ours that the other side has not confirmed: the first of them, and how many more there are.
    pub async fn unconfirmed(
        &self,
        line: LineId,
        node: NodeId,
        most: usize,
    ) -> Result<Unconfirmed, Trouble> {
        self.read(move |reader: &Reader| reader.unconfirmed(&line, node, most))
            .await
    }

    /// A bundle of them, as a file.
    pub async fn make_bundle(
        &self,
        line: LineId,
        node: NodeId,
    ) -> Result<(BundleGiven, Vec<u8>), BundleError> {
        let found = self.unconfirmed(line, node, ENTRIES).await?;
        let given = BundleGiven {
            at_ms: wall(),
            entries: found.entries.len() as u64,
            left: found.left,
        };
        let mut frames = Vec::new();
        for some in parts(found.entries) {
            let sealed = self.carry(line, some).await?;
            frames.extend(sealed.ok_or(BundleError::NoKeys)?);
        }
        Ok((given, bundle::write(&frames)))
    }

    /// A bundle is where somebody can take it.
    pub fn gave_bundle(&self, line: LineId, given: BundleGiven) {
        self.courier.note(line.to_string(), |it| it.gave(given));
    }

    /// Takes in what is whole in a file.
    pub async fn take_bundle(&self, file: &[u8]) -> Result<TakenFile, BundleError> {
        if !self.courier.has_room_for(file.len() as u64) {
            return Err(BundleError::NoRoom);
        }
        let read = bundle::read(file).map_err(|_| BundleError::NotABundle)?;
        let mut imported = Imported::default();
        for some in read.frames.chunks(AT_ONCE) {
            imported.add(&self.take_carried(some.to_vec()).await?);
        }
        let lines = by_line(&imported.from);
        for (line, taken) in &lines {
            let note = taken.clone();
            self.courier.note(line.to_string(), |it| it.brought(note));
        }
        Ok(TakenFile {
            frames: read.frames.len() as u64,
            missing: read.missing(),
            strange: imported.strange,
            unfinished: imported.unfinished,
            lines,
        })
    }
}

/// Parts that the core seals at once: what comes live waits for no more than some milliseconds. There is always one, since a bundle tells
/// what is held here, too.
fn parts(entries: Vec<Arc<Entry>>) -> Vec<Vec<Arc<Entry>>> {
    let mut parts = vec![Vec::new()];
    let mut bytes = 0;
    for entry in entries {
        bytes += entry.header_bytes().len() + entry.body().map_or(0, |body| body.content.len());
        if bytes > SEALED_AT_ONCE {
            parts.push(Vec::new());
            bytes = 0;
        }
        if let Some(part) = parts.last_mut() {
            part.push(entry);
        }
    }
    parts
}

/// Several boots may have sealed parts of it, as when a station restarted meanwhile.
fn by_line(from: &[ImportedFrom]) -> Vec<(LineId, BundleTaken)> {
    let mut lines: BTreeMap<LineId, ImportedFrom> = BTreeMap::new();
    for one in from {
        let nothing = ImportedFrom::nothing(one.line, one.by);
        lines.entry(one.line).or_insert(nothing).add(one);
    }
    let taken = |one: ImportedFrom| BundleTaken {
        at_ms: wall(),
        sealed_ms: one.sealed,
        fresh: one.fresh,
        held: one.held,
        left: one.left,
    };
    let lines = lines.into_iter();
    lines.map(|(line, one)| (line, taken(one))).collect()
}
