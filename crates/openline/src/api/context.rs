//! What every call has at hand: the station's desk, its name, and words in the caller's language.

use std::sync::Arc;

use axum::http::StatusCode;
use openline_store::{NamedEntry, Reader, ShortName, StoreError};
use openline_wire::ids::{EntryId, LineId, NodeId, PartyId};
use openline_wire::language::LocalNames;

use super::convert::View;
use super::idempotency::Remembered;
use super::problem::{ApiError, Words};
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
    pub desk: Desk,
    /// Whose it is.
    pub own: OwnParty,
    /// Texts for people.
    pub words: Words,
    /// Answers to calls that may be repeated.
    pub remembered: Remembered,
}

/// What handlers are given.
pub type Shared = Arc<Context>;

impl Context {
    /// For a station.
    pub fn new(desk: Desk, own: OwnParty) -> Self {
        Self {
            desk,
            own,
            words: Words::new(),
            remembered: Remembered::default(),
        }
    }

    /// The line that a call names: by id, by the other party's name, or `-` for the only one.
    pub fn line(&self, name: &str) -> Result<Arc<LineInfo>, ApiError> {
        let lines = self.desk.board.lines();
        let id = LineId::from_hex(name);
        let mut found = lines
            .into_iter()
            .filter(|line| name == "-" || id == Some(line.line) || line.is_called(name));
        match (found.next(), found.next()) {
            (Some(line), None) => Ok(line),
            (None, _) => Err(ApiError::not_found("no-such-line").with("line", name)),
            (Some(_), Some(_)) => {
                let trouble = Trouble::new("which-line").with("line", name);
                Err(ApiError::new(StatusCode::CONFLICT, trouble))
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

fn find(reader: &Reader, line: &LineInfo, name: &str) -> Result<Option<NamedEntry>, StoreError> {
    if let Ok(short) = name.parse::<ShortName>() {
        return reader.by_name(&line.line, short);
    }
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
    View { info, language }
}
