//! The record: pages of entries, single ones, and proof of misbehaviour.

use axum::extract::{Path, Query, State};
use openline_store::{Listing, NamedEntry, Reader, StoreError};
use openline_wire::ids::LineId;

use super::body::Answer;
use super::caller::Caller;
use super::context::{Shared, view};
use super::convert::{View, with_stages};
use super::limits;
use super::not_shown::NotShown;
use super::problem::ApiError;
use super::types::{Entries, EntriesQuery, Entry, Evidence};
use crate::station::peers::LineInfo;
use crate::station::trouble::Trouble;

/// `GET /v1/lines/{line}/entries`
pub async fn list(
    State(context): State<Shared>,
    Path(line): Path<String>,
    Query(query): Query<EntriesQuery>,
    caller: Caller,
) -> Result<Answer<Entries>, ApiError> {
    let line = context.line(&line)?;
    if query.limit == Some(0) {
        return Err(ApiError::bad_request("page-of-none"));
    }
    context
        .check_cursor(&line, query.after.unwrap_or(0))
        .await?;
    let known = context.not_shown.clone();
    let board = context.desk.board.clone();
    let page = move |reader: &Reader| {
        let mut view = view(&line, &caller.language);
        view.recent = Some(&board);
        read(&view, reader, &known, &query)
    };
    Ok(Answer(context.desk.read(page).await?))
}

/// A page of a line's record.
pub fn read(
    view: &View<'_>,
    reader: &Reader,
    known: &NotShown,
    query: &EntriesQuery,
) -> Result<Entries, StoreError> {
    let limit = query
        .limit
        .unwrap_or(limits::PAGE)
        .clamp(1, limits::LARGEST_PAGE);
    let (page, next, unreadable) = match query.not_shown {
        Some(true) => {
            let (page, next) = not_shown(reader, (known, view.info), query, limit)?;
            (page, next, 0)
        }
        _ => page(reader, &view.info.line, query, limit)?,
    };
    let entries = page.iter().map(|named| with_stages(view, reader, named));
    let entries = entries.collect::<Result<_, _>>()?;
    Ok(Entries {
        entries,
        next,
        unreadable,
    })
}

/// Rows of a record that are damaged, or not as they were written: whoever reads must not take the rest for all.
pub fn unreadable(count: u64) -> Trouble {
    Trouble::new("entries-damaged").with("count", count)
}

/// `GET /v1/lines/{line}/entries/{entry}`
pub async fn one(
    State(context): State<Shared>,
    Path((line, name)): Path<(String, String)>,
    caller: Caller,
) -> Result<Answer<Entry>, ApiError> {
    let line = context.line(&line)?;
    let (info, board) = (line.clone(), context.desk.board.clone());
    let show = move |reader: &Reader, named: &NamedEntry| {
        let mut view = view(&info, &caller.language);
        view.recent = Some(&board);
        with_stages(&view, reader, named)
    };
    context.entry(&line, &name, show).await.map(Answer)
}

/// `GET /v1/evidence`
pub async fn evidence(
    State(context): State<Shared>,
    caller: Caller,
) -> Result<Answer<Vec<Evidence>>, ApiError> {
    let lines = context.desk.board.lines();
    let read = move |reader: &Reader| {
        let mut all = Vec::new();
        for line in &lines {
            let view = view(line, &caller.language);
            let found = reader.evidence(&line.line)?;
            all.extend(found.iter().map(|evidence| view.evidence(evidence)));
        }
        Ok(all)
    };
    Ok(Answer(context.desk.read(read).await?))
}

/// The same of messages that were shown to nobody.
fn not_shown(
    reader: &Reader,
    (known, line): (&NotShown, &LineInfo),
    query: &EntriesQuery,
    limit: usize,
) -> Result<(Vec<NamedEntry>, Option<u64>), StoreError> {
    let after = query.after.unwrap_or(0);
    let ids = known.look(reader, line, |known| known.after(after, limit))?;
    let is_full = ids.len() == limit;
    let mut page = Vec::new();
    for id in ids {
        page.extend(reader.by_id(&id)?);
    }
    let last = page.last().map(|named| named.stored.cursor);
    let since = query.since.unwrap_or(0);
    page.retain(|named| named.stored.received >= since);
    Ok((page, last.filter(|_| is_full)))
}

/// Entries after the cursor that were received late enough, the cursor to go on after, and how many of those looked at
/// can't be read.
fn page(
    reader: &Reader,
    line: &LineId,
    query: &EntriesQuery,
    limit: usize,
) -> Result<(Vec<NamedEntry>, Option<u64>, u64), StoreError> {
    let since = query.since.unwrap_or(0);
    let mut cursor = query.after.unwrap_or(0);
    let (mut page, mut unreadable) = (Vec::new(), 0);
    loop {
        let Listing {
            entries,
            cursor: last,
            unreadable: damaged,
        } = reader.entries_after(line, cursor, limit - page.len())?;
        if last == cursor {
            return Ok((page, None, unreadable));
        }
        // No more than the page still takes were asked for, so none of these rows is looked at again.
        unreadable += damaged;
        for named in entries
            .into_iter()
            .filter(|named| named.stored.received >= since)
        {
            cursor = named.stored.cursor;
            page.push(named);
            if page.len() == limit {
                return Ok((page, Some(cursor), unreadable));
            }
        }
        cursor = last;
    }
}
