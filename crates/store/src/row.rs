//! A row of the table of entries, and the way back from it to an entry: nothing leaves the store whose id,
//! form and seal were not checked on the way.

use std::sync::Arc;

use openline_proto::contract::StoredEntry;
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Attestation, Kind, Mark, Precedence, Stage};
use openline_wire::entry::{Body, Entry, EntryError, SignedEntry, id_of};
use openline_wire::fact::Fact;
use openline_wire::header::{self, Header};
use openline_wire::ids::EntryId;
use openline_wire::key::Signature;
use rusqlite::Row;
use zeroize::Zeroizing;

use crate::names::{Letter, ShortName};
use crate::vault::Vault;

/// An entry with the name that people call it by.
#[derive(Clone, Debug)]
pub struct NamedEntry {
    /// For people, at this station.
    pub name: ShortName,
    /// The entry, and what this station knows of it.
    pub stored: StoredEntry,
}

/// The columns that [`EntryRow::read`] reads, in its order.
pub(crate) const COLUMNS: &str =
    "chain, sequence, id, cursor, received, letter, number, header, signature, seal, kind, line";

/// A row as it lies in the file; nothing in it is believed.
pub(crate) struct EntryRow {
    /// Number of the chain in the table of chains.
    pub(crate) chain: i64,
    /// Number of the line in the table of lines.
    pub(crate) line: i64,
    pub(crate) sequence: u64,
    pub(crate) id: EntryId,
    kind: i64,
    cursor: u64,
    received: u64,
    letter: String,
    number: u64,
    header: Vec<u8>,
    signature: [u8; 64],
    seal: Vec<u8>,
}

/// The field of a row that is not as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edited(pub(crate) &'static str);

impl EntryRow {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let number = |index| row.get::<_, i64>(index).map(i64::cast_unsigned);
        Ok(Self {
            chain: row.get(0)?,
            sequence: number(1)?,
            id: EntryId(row.get(2)?),
            cursor: number(3)?,
            received: number(4)?,
            letter: row.get(5)?,
            number: number(6)?,
            header: row.get(7)?,
            signature: row.get(8)?,
            seal: row.get(9)?,
            kind: row.get(10)?,
            line: row.get(11)?,
        })
    }

    /// The entry, if the row is as it was written.
    pub(crate) fn open(self, vault: &Vault) -> Result<NamedEntry, Edited> {
        let name = ShortName {
            letter: Letter::from_text(&self.letter).ok_or(Edited("seal"))?,
            number: self.number,
        };
        let place = place(&self.id, self.cursor, self.received, name);
        let sealed = vault
            .unseal(&place, self.seal)
            .map_err(|_| Edited("seal"))?;
        let entry = entry(self.id, self.header, self.signature, &sealed)?;
        let header = entry.header();
        if header.sequence != self.sequence {
            return Err(Edited("sequence"));
        }
        if header.kind.code().cast_signed() != self.kind {
            return Err(Edited("kind"));
        }
        let stored = StoredEntry {
            line: header.line,
            received: self.received,
            cursor: self.cursor,
            entry: Arc::new(entry),
        };
        Ok(NamedEntry { name, stored })
    }
}

/// What the seal of a row is bound to.
pub(crate) fn place(id: &EntryId, cursor: u64, received: u64, name: ShortName) -> Vec<u8> {
    let mut place = Vec::with_capacity(64);
    place.extend_from_slice(&id.0);
    place.extend_from_slice(&cursor.to_be_bytes());
    place.extend_from_slice(&received.to_be_bytes());
    place.extend_from_slice(name.letter.as_str().as_bytes());
    place.extend_from_slice(&name.number.to_be_bytes());
    place
}

/// What a seal holds: salt and content, or nothing if there is no body.
pub(crate) fn parts(body: Option<&Body>) -> [&[u8]; 2] {
    body.map_or([&[], &[]], |body| [&body.salt, &body.content])
}

fn body(sealed: &Zeroizing<Vec<u8>>) -> Option<Body> {
    let (salt, content) = sealed.split_first_chunk()?;
    Some(Body {
        salt: *salt,
        content: content.to_vec(),
    })
}

fn entry(
    id: EntryId,
    header: Vec<u8>,
    signature: [u8; 64],
    sealed: &Zeroizing<Vec<u8>>,
) -> Result<Entry, Edited> {
    let signed = match SignedEntry::new(header, Signature(signature), body(sealed)) {
        Ok(signed) => signed,
        // The body is under the seal, so it is the header's commitment to it that changed.
        Err(EntryError::Body) => return Err(Edited("commitment")),
        Err(_) => return Err(Edited("header")),
    };
    let entry = signed.trust_own_store();
    if entry.id() == id {
        return Ok(entry);
    }
    Err(Edited(edited_field(entry.header_bytes(), id)))
}

/// Which field of a header was changed, so that it has not the id that it had. Where a field has few values,
/// all are tried: the one with which the header has its id again proves what stood there.
fn edited_field(header_bytes: &[u8], id: EntryId) -> &'static str {
    let Ok(header) = header::parse(header_bytes) else {
        return "header";
    };
    let candidates = [
        ("stage", with_each(&header, Stage::ALL, set_stage)),
        ("mark", with_each(&header, Mark::ALL, |h, v| h.mark = v)),
        (
            "precedence",
            with_each(&header, Precedence::ALL, |h, v| h.precedence = v),
        ),
        (
            "attestation",
            with_each(&header, Attestation::ALL, |h, v| h.actor.attestation = v),
        ),
        ("kind", with_each(&header, Kind::KNOWN, |h, v| h.kind = v)),
    ];
    let had_the_id = |header: &Header| id_of(&header.to_bytes()) == id;
    candidates
        .iter()
        .find(|(_, headers)| headers.iter().any(had_the_id))
        .map_or("header", |(field, _)| field)
}

fn with_each<V: Copy>(header: &Header, values: &[V], set: fn(&mut Header, V)) -> Vec<Header> {
    let with = |value: &V| {
        let mut header = header.clone();
        set(&mut header, *value);
        header
    };
    values.iter().map(with).collect()
}

fn set_stage(header: &mut Header, stage: Stage) {
    if let Ok(Fact::Receipt(mut receipt)) = Fact::of(header) {
        receipt.stage = stage;
        header.fact = receipt.to_bytes();
    }
}
