//! The record: pages of entries, single ones, and proof of misbehaviour.

use axum::Json;
use axum::extract::{Path, Query, State};
use openline_store::{Listing, NamedEntry, Reader, StoreError};
use openline_wire::ids::LineId;

use super::caller::Caller;
use super::context::{Shared, view};
use super::convert::with_stages;
use super::limits;
use super::problem::ApiError;
use super::types::{Entries, EntriesQuery, Entry, Evidence};

/// `GET /v1/lines/{line}/entries`
pub async fn list(
    State(context): State<Shared>,
    Path(line): Path<String>,
    Query(query): Query<EntriesQuery>,
    caller: Caller,
) -> Result<Json<Entries>, ApiError> {
    let line = context.line(&line)?;
    let read = move |reader: &Reader| {
        let limit = query
            .limit
            .unwrap_or(limits::PAGE)
            .clamp(1, limits::LARGEST_PAGE);
        let (page, next) = page(reader, &line.line, &query, limit)?;
        let view = view(&line, &caller.language);
        let entries = page.iter().map(|named| with_stages(&view, reader, named));
        let entries = entries.collect::<Result<_, _>>()?;
        Ok(Entries { entries, next })
    };
    Ok(Json(context.desk.read(read).await?))
}

/// `GET /v1/lines/{line}/entries/{entry}`
pub async fn one(
    State(context): State<Shared>,
    Path((line, name)): Path<(String, String)>,
    caller: Caller,
) -> Result<Json<Entry>, ApiError> {
    let line = context.line(&line)?;
    let info = line.clone();
    let show = move |reader: &Reader, named: &NamedEntry| {
        with_stages(&view(&info, &caller.language), reader, named)
    };
    context.entry(&line, &name, show).await.map(Json)
}

/// `GET /v1/evidence`
pub async fn evidence(
    State(context): State<Shared>,
    caller: Caller,
) -> Result<Json<Vec<Evidence>>, ApiError> {
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
    Ok(Json(context.desk.read(read).await?))
}

/// Entries after the cursor that were received late enough, and the cursor to go on after.
fn page(
    reader: &Reader,
    line: &LineId,
    query: &EntriesQuery,
    limit: usize,
) -> Result<(Vec<NamedEntry>, Option<u64>), StoreError> {
    let since = query.since.unwrap_or(0);
    let mut cursor = query.after.unwrap_or(0);
    let mut page = Vec::new();
    loop {
        let Listing {
            entries,
            cursor: last,
            ..
        } = reader.entries_after(line, cursor, limit)?;
        if last == cursor {
            return Ok((page, None));
        }
        for named in entries
            .into_iter()
            .filter(|named| named.stored.received >= since)
        {
            cursor = named.stored.cursor;
            page.push(named);
            if page.len() == limit {
                return Ok((page, Some(cursor)));
            }
        }
        cursor = last;
    }
}
