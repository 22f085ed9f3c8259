//! What of theirs was shown to nobody: a FLASH that arrived while no one sat before a screen must not be forgotten.
//!
//! Known for each line from the whole record once, then kept up with what is stored after it, so that a status
//! costs nothing however long the record is. About a hundred bytes for each message that waits.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use openline_store::{NamedEntry, Reader, ShortName, StoreError};
use openline_wire::codes::{Kind, Mark, Precedence};
use openline_wire::fact::Fact;
use openline_wire::ids::{EntryId, LineId};

use super::convert;
use super::limits;
use super::types::{self, NotShownEntry};
use crate::station::peers::LineInfo;

/// Of all lines.
#[derive(Debug, Default)]
pub struct NotShown(Mutex<BTreeMap<LineId, OfLine>>);

/// Of one line.
#[derive(Clone, Debug, Default)]
pub struct OfLine {
    /// Cursor of the last entry that is stored.
    pub cursor: u64,
    messages: BTreeMap<EntryId, Waiting>,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    cursor: u64,
    short: ShortName,
    precedence: Precedence,
    mark: Mark,
    text_state: Option<&'static str>,
}

impl NotShown {
    /// Brings a line up to date and looks at it.
    pub fn look<T>(
        &self,
        reader: &Reader,
        line: &LineInfo,
        look: impl FnOnce(&OfLine) -> T,
    ) -> Result<T, StoreError> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lines.get_mut(&line.line) {
            known.keep_up(reader, line)?;
            return Ok(look(known));
        }
        let known = OfLine::read(reader, line)?;
        Ok(look(lines.entry(line.line).or_insert(known)))
    }
}

impl OfLine {
    /// From the whole record.
    pub fn read(reader: &Reader, line: &LineInfo) -> Result<Self, StoreError> {
        // Taken first: what is stored meanwhile is met once more, and that changes nothing.
        let last = reader.last_cursor(&line.line)?;
        let mut known = Self::default();
        let parties = (line.theirs, line.ours);
        loop {
            let page =
                reader.without_receipt(&line.line, parties, known.cursor, limits::FOLLOW_PAGE)?;
            if page.cursor <= known.cursor {
                break;
            }
            known.cursor = page.cursor;
            page.entries.iter().for_each(|named| known.add(named));
        }
        known.cursor = last;
        known.keep_up(reader, line)?;
        Ok(known)
    }

    fn keep_up(&mut self, reader: &Reader, line: &LineInfo) -> Result<(), StoreError> {
        loop {
            let page = reader.entries_after(&line.line, self.cursor, limits::FOLLOW_PAGE)?;
            if page.cursor <= self.cursor {
                return Ok(());
            }
            for named in &page.entries {
                self.take(named, line);
            }
            self.cursor = page.cursor;
        }
    }

    fn take(&mut self, named: &NamedEntry, line: &LineInfo) {
        let entry = &named.stored.entry;
        let header = entry.header();
        if header.kind == Kind::Message && header.author.party == line.theirs {
            self.add(named);
        }
        if let Fact::Receipt(receipt) = entry.fact()
            && header.author.party == line.ours
        {
            for target in &receipt.targets {
                self.messages.remove(target);
            }
        }
    }

    fn add(&mut self, named: &NamedEntry) {
        let entry = &named.stored.entry;
        let waiting = Waiting {
            cursor: named.stored.cursor,
            short: named.name,
            precedence: entry.header().precedence,
            mark: entry.header().mark,
            text_state: convert::text_state(entry),
        };
        self.messages.insert(entry.id(), waiting);
    }

    /// Those after a cursor, oldest first.
    pub fn after(&self, cursor: u64, limit: usize) -> Vec<EntryId> {
        let mut found: Vec<_> = self
            .messages
            .iter()
            .map(|(id, waiting)| (waiting.cursor, *id))
            .filter(|(at, _)| *at > cursor)
            .collect();
        found.sort_unstable();
        found.truncate(limit);
        found.into_iter().map(|(_, id)| id).collect()
    }

    /// For a status.
    pub fn summary(&self) -> types::NotShown {
        let count = |wanted| {
            let waiting = self.messages.values();
            waiting.filter(|it| it.precedence == wanted).count() as u64
        };
        let waiting = self.messages.values();
        let without_text = waiting.filter(|it| it.text_state.is_some());
        let mut entries: Vec<_> = self.messages.iter().collect();
        // What is meant before what is practised.
        let order = |it: &Waiting| (std::cmp::Reverse(it.precedence), it.mark != Mark::Real);
        entries.sort_unstable_by_key(|(_, it)| (order(it), it.cursor));
        let entries = entries.into_iter().take(limits::NOT_SHOWN);
        types::NotShown {
            flash: count(Precedence::Flash),
            immediate: count(Precedence::Immediate),
            priority: count(Precedence::Priority),
            routine: count(Precedence::Routine),
            without_text: without_text.count() as u64,
            entries: entries
                .map(|(id, waiting)| NotShownEntry {
                    entry: id.to_string(),
                    short: waiting.short.to_string(),
                    precedence: waiting.precedence.word().to_owned(),
                    mark: waiting.mark.word().to_owned(),
                    text_state: waiting.text_state.map(str::to_owned),
                })
                .collect(),
        }
    }
}
