//! Chains that stand under another line than their entries name, or under none: one edited cell would hide a
//! whole record, and the check of what is found under a line would see nothing wrong.

use std::collections::BTreeSet;

use openline_wire::header::{self, Header};
use openline_wire::ids::LineId;
use rusqlite::OptionalExtension;

use crate::StoreError;
use crate::record::{Record, edited_in};

/// Refuses a record in which a chain that is not among the `walked` begins with an entry of this line. Looks at
/// one entry of each chain, by an index: a walk along a chain finds every entry in it that is another line's.
pub(crate) fn check(
    record: &Record,
    line: &LineId,
    walked: &BTreeSet<i64>,
) -> Result<(), StoreError> {
    let mut chain = i64::MIN;
    while let Some((number, header)) = first_from(record, chain)? {
        // An unreadable header is named where its own line is checked.
        let header = header.filter(|header| header.line == *line && !walked.contains(&number));
        if let Some(header) = header {
            return Err(edited_in(&header.chain(), header.sequence, "line"));
        }
        let Some(next) = number.checked_add(1) else {
            break;
        };
        chain = next;
    }
    Ok(())
}

/// The first chain that has entries, from a number on, and the header of its first entry if that can be read.
fn first_from(record: &Record, chain: i64) -> Result<Option<(i64, Option<Header>)>, StoreError> {
    let query = "SELECT chain, place FROM entries INDEXED BY entries_chain
        WHERE chain >= ?1 ORDER BY chain, sequence LIMIT 1";
    let mut statement = record.connection.prepare_cached(query)?;
    let first = statement.query_row([chain], |row| Ok((row.get(0)?, row.get(1)?)));
    let Some((number, place)) = first.optional()? else {
        return Ok(None);
    };
    Ok(Some((number, header_at(record, place))))
}

fn header_at(record: &Record, place: i64) -> Option<Header> {
    let query = "SELECT header FROM entries WHERE place = ?1";
    let mut statement = record.connection.prepare_cached(query).ok()?;
    let bytes: Vec<u8> = statement.query_row([place], |row| row.get(0)).ok()?;
    header::parse(&bytes).ok()
}
