//! Which entry and which field a byte of an undamaged record file belongs to: for demonstrations and
//! tests, which change a byte and expect the verifier to name the same place.

use openline_wire::cbor::{DecodeError, Reader};
use openline_wire::header::{self, Chain};

use super::decoder::Decoder;
use super::{Item, StoredEntry};
use crate::finding::{At, Field, Place};

/// The meaning of one byte of a record file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The entry, the chain or the file.
    pub at: At,
    /// The field.
    pub field: Field,
    /// The part of a header, by its name in `spec/cddl/entry.cddl`.
    pub part: Option<&'static str>,
}

/// The fields of a header in their order.
const PARTS: [&str; 17] = [
    "version",
    "line",
    "party",
    "node",
    "boot",
    "stream",
    "sequence",
    "previous",
    "heads",
    "time",
    "kind",
    "mark",
    "precedence",
    "reply-to",
    "actor",
    "fact",
    "commitment",
];

/// Finds the byte at `offset`. None if the file is damaged before it, or ends before it.
pub fn locate(file: &[u8], offset: u64) -> Option<Located> {
    let mut decoder = Decoder::new();
    decoder.push(file);
    decoder.end();
    let mut chain: Option<Chain> = None;
    loop {
        let found = decoder.next_item()?;
        let item = found.item.ok()?;
        if found.range.contains(&offset) {
            let inside = usize::try_from(offset - found.range.start).ok()?;
            return in_item(&item, chain, inside, At::File(found.range));
        }
        if let Item::Chain(next) = item {
            chain = Some(next);
        }
    }
}

fn in_item(item: &Item<'_>, chain: Option<Chain>, offset: usize, file: At) -> Option<Located> {
    let (at, field) = match item {
        Item::Entry(entry) => return in_entry(entry, offset),
        Item::Head(_) => (file, Field::FileHead),
        Item::Chain(chain) => (At::Chain(*chain), Field::Heading),
        Item::ChainEnd { .. } => (At::Chain(chain?), Field::Closing),
        Item::RecordEnd(_) => (file, Field::FileEnd),
    };
    let part = None;
    Some(Located { at, field, part })
}

fn in_entry(entry: &StoredEntry<'_>, offset: usize) -> Option<Located> {
    let at = At::Entry(Place::of(&header::parse(entry.header).ok()?));
    let (field, inside) = in_stored(entry, offset);
    let part = inside.and_then(|offset| in_header(entry.header, offset).ok());
    Some(Located { at, field, part })
}

/// The field of a stored entry, and for a byte of the header's content the offset in it.
fn in_stored(entry: &StoredEntry<'_>, offset: usize) -> (Field, Option<usize>) {
    // Each string stands behind its length; the array's own first byte before them all.
    let header = 1 + super::head_len(entry.header.len());
    let signature = header + entry.header.len();
    let body = signature + super::head_len(64) + 64;
    if offset < header || (signature..signature + super::head_len(64)).contains(&offset) {
        (Field::Framing, None)
    } else if offset < signature {
        (Field::Header, Some(offset - header))
    } else if offset < body {
        (Field::Signature, None)
    } else {
        (Field::Body, None)
    }
}

fn in_header(header: &[u8], offset: usize) -> Result<&'static str, DecodeError> {
    let mut r = Reader::new(header);
    r.array_of("header", PARTS.len())?;
    for part in PARTS {
        r.raw(part)?;
        if offset < r.position() {
            return Ok(part);
        }
    }
    Err(DecodeError::NotCanonical)
}
