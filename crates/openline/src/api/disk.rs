//! The same answers from a record that no station has open.

use openline_store::{Reader, StoreError};

pub use super::convert::View;
pub use crate::station::line_info as info;

use super::context::find;
use super::convert::with_stages;
use super::entries;
use super::not_shown::NotShown;
use super::types::{Entries, EntriesQuery, Entry};

/// A page of entries.
pub fn entries(
    view: &View<'_>,
    reader: &Reader,
    known: &NotShown,
    query: &EntriesQuery,
) -> Result<Entries, StoreError> {
    entries::read(view, reader, known, query)
}

/// The entry that a person names.
pub fn entry(view: &View<'_>, reader: &Reader, name: &str) -> Result<Option<Entry>, StoreError> {
    let found = find(reader, view.info, name)?;
    found
        .map(|named| with_stages(view, reader, &named))
        .transpose()
}
