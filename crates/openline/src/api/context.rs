//! What every call has at hand: the station's desk, its name, and words in the caller's language.

use std::sync::Arc;

use axum::http::StatusCode;
use openline_store::{NamedEntry, Reader, ShortName, StoreError};
use openline_wire::ids::{EntryId, LineId, NodeId, PartyId};
use openline_wire::language::LocalNames;

use super::convert::View;
use super::exercises::BrokenIn;
use super::idempotency::Remembered;
use super::limits;
use super::not_shown::NotShown;
use super::problem::{ApiError, Words};
use crate::station::board::Unusable;
use crate::station::desk::Desk;
use crate::station::peers::LineInfo;
use crate::station::trouble::Trouble;

/// Whose station it is.
#[derive(Clone, Debug)]
pub struct OwnParty {
    /// Its id.
    pub party: PartyId,
    /// What it is called.
    pub names: LocalNames,
    /// This machine.
    pub node: NodeId,
}

/// Shared by all calls.
pub struct Context {
    /// The station.
    pub desk: Arc<Desk>,
    /// Whose it is.
    pub own: OwnParty,
    /// Texts for people.
    pub words: Words,
    /// Answers to calls that may be repeated.
    pub remembered: Remembered,
    /// What was shown to nobody.
    pub not_shown: Arc<NotShown>,
    /// What broke into exercises.
    pub broke_in: Arc<BrokenIn>,
}

/// What handlers are given.
pub type Shared = Arc<Context>;

impl Context {
    /// For a station.
    pub fn new(desk: Arc<Desk>, own: OwnParty) -> Self {
        Self {
            desk,
            own,
            words: Words::new(),
            remembered: Remembered::default(),
            not_shown: Arc::default(),
            broke_in: Arc::default(),
        }
    }

    /// The line that a call writes to; an error that says why, if the station could not take it up.
    pub fn acting_line(&self, name: &str) -> Result<Arc<LineInfo>, ApiError> {
        let line = self.line(name)?;
        match self.desk.board.trouble(&line.line) {
            None => Ok(line),
            Some(trouble) => Err(ApiError::not_taken_up(name, trouble)),
        }
    }

    /// The line that a call names: by id, by the other party's name, or `-` for the only one. A line whose files
    /// are damaged counts: else a text for it would go to the other one.
    pub fn line(&self, name: &str) -> Result<Arc<LineInfo>, ApiError> {
        let board = &self.desk.board;
        let is_meant = |line: LineId, called: bool| name == "-" || line.is_named(name) || called;
        let whole = board.lines().into_iter().map(Ok);
        let damaged = board.unusable().into_iter().map(Err);
        let mut found: Vec<_> = whole
            .chain(damaged)
            .filter(|line| match line {
                Ok(line) => is_meant(line.line, line.is_called(name)),
                Err(line) => is_meant(line.line, line.is_called(name)),
            })
            .collect();
        match (found.pop(), found.is_empty()) {
            (Some(Ok(line)), true) => Ok(line),
            (Some(Err(line)), true) => Err(ApiError::not_taken_up(name, line.trouble)),
            (None, _) => Err(self.no_line(name)),
            (Some(last), false) => {
                found.push(last);
                let choice = |line: &Result<Arc<LineInfo>, Unusable>| match line {
                    Ok(line) => (line.line, line.their_names().cloned()),
                    Err(line) => (line.line, line.names.clone()),
                };
                let among = found.iter().map(choice).collect();
                let trouble = Trouble::new("which-line").with("line", name);
                let trouble = trouble.with("named", if name == "-" { "no" } else { "yes" });
                Err(ApiError::new(StatusCode::CONFLICT, trouble).among(among))
            }
        }
    }

    /// Who named no line has not misspelt one: there is none, or the disk keeps the station from its lines.
    fn no_line(&self, name: &str) -> ApiError {
        match (name, self.desk.board.state().no_store) {
            (_, Some(trouble)) if self.desk.board.lines().is_empty() => ApiError::from(trouble),
            ("-", _) => ApiError::not_found("no-line"),
            _ => ApiError::not_found("no-such-line").with("line", name),
        }
    }

    /// Refuses a cursor beyond the end of a line's record: who waits behind it, as after a restoration, would wait
    /// for ever and miss everything.
    pub async fn check_cursor(&self, line: &LineInfo, cursor: u64) -> Result<(), ApiError> {
        let Some(before) = cursor.checked_sub(1) else {
            return Ok(());
        };
        let line = line.line;
        let end = move |reader: &Reader| {
            if reader.entries_after(&line, before, 1)?.cursor > before {
                return Ok(None);
            }
            let mut end = 0;
            loop {
                let next = reader
                    .entries_after(&line, end, limits::LARGEST_PAGE)?
                    .cursor;
                if next == end {
                    return Ok(Some(end));
                }
                end = next;
            }
        };
        match self.desk.read(end).await? {
            None => Ok(()),
            Some(end) => {
                let error = ApiError::not_found("no-such-cursor");
                Err(error.with("cursor", cursor).with("end", end))
            }
        }
    }

    /// The entry of a line that a call names: by id, by the beginning of its id, or by its short name.
    pub async fn entry<T: Send + 'static>(
        &self,
        line: &Arc<LineInfo>,
        name: &str,
        then: impl FnOnce(&Reader, &NamedEntry) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let (line, wanted) = (line.clone(), name.to_owned());
        let read = move |reader: &Reader| {
            let found = find(reader, &line, &wanted)?;
            found.map(|entry| then(reader, &entry)).transpose()
        };
        let found = self.desk.read(read).await?;
        found.ok_or_else(|| ApiError::not_found("no-such-entry").with("entry", name))
    }
}

/// Digits that are enough to name an entry by the beginning of its id.
const PREFIX: usize = 8;

/// The entry of a line that a person or a program names.
pub fn find(
    reader: &Reader,
    line: &LineInfo,
    name: &str,
) -> Result<Option<NamedEntry>, StoreError> {
    let name = name.trim().to_ascii_lowercase();
    // As long as the beginning of an id, `e1234567` is one; with a dash it can't be.
    let is_short = name.len() < PREFIX || name.contains('-');
    if let Some(short) = ShortName::as_typed(&name).filter(|_| is_short) {
        return reader.by_name(&line.line, short);
    }
    let name = name.as_str();
    if let Some(id) = EntryId::from_hex(name) {
        let entry = reader.by_id(&id)?;
        return Ok(entry.filter(|entry| entry.stored.line == line.line));
    }
    if name.len() < PREFIX {
        return Ok(None);
    }
    let mut found = reader.by_id_prefix(&line.line, name, 2)?;
    Ok(found.pop().filter(|_| found.is_empty()))
}

/// The line, for a reader of a language.
pub fn view<'a>(info: &'a LineInfo, language: &'a str) -> View<'a> {
    View {
        info,
        language,
        recent: None,
    }
}
