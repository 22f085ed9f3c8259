//! Takes a record file apart as its bytes come in, with memory for one item, and finds its way back
//! after damage.

use std::ops::Range;

use openline_wire::cbor::{DecodeError, Reader};
use openline_wire::header;
use openline_wire::ids::Digest;
use openline_wire::limits;
use sha2::{Digest as _, Sha256};

use super::{CHAIN, CHAIN_END, HEAD, Item, RECORD_END};

/// An incremental decoder: [`Decoder::push`] bytes, then [`Decoder::next_item`] until there is none.
#[derive(Default)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// Bytes of the buffer that were handed out, and hashed.
    taken: usize,
    /// Where in the file the buffer begins.
    offset: u64,
    hash: Sha256,
    is_last: bool,
    damage: Option<Damage>,
}

/// Bytes that are no item; the next one is being looked for.
struct Damage {
    error: DecodeError,
    /// Bytes known to belong to it.
    len: usize,
}

/// What was found at the front of the file's rest.
#[derive(Debug)]
pub struct Found<'b> {
    /// Its bytes in the file.
    pub range: Range<u64>,
    /// SHA-256 of all bytes before them, if they are the end that should name it.
    pub before: Option<Digest>,
    /// The item, or why these bytes are none.
    pub item: Result<Item<'b>, DecodeError>,
}

const NO_ITEM: DecodeError = DecodeError::Malformed {
    expected: "an item of a record file",
};

/// What the front of some bytes is.
enum Front {
    /// An item of this many bytes.
    Item(usize),
    /// It can't be told before more bytes come.
    Unfinished,
    /// No item.
    Nothing(DecodeError),
}

impl Decoder {
    /// A decoder before the first byte.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Says that no more bytes will come. What is unfinished then is damaged.
    pub fn end(&mut self) {
        self.is_last = true;
    }

    /// Where in the file the next item begins.
    pub fn position(&self) -> u64 {
        self.offset
    }

    /// Why the bytes at [`Decoder::position`] are no item, while the end of the damage is looked for.
    pub fn damage(&self) -> Option<&DecodeError> {
        self.damage.as_ref().map(|damage| &damage.error)
    }

    /// The next item, or the next stretch of bytes that are none. None if more bytes are needed, or if
    /// all were taken.
    pub fn next_item(&mut self) -> Option<Found<'_>> {
        if self.damage.is_none() {
            match self.front(0, false)? {
                Front::Item(len) => return Some(self.found(len)),
                Front::Unfinished => return None,
                Front::Nothing(error) => self.damage = Some(Damage { error, len: 1 }),
            }
        }
        let error = self.skip_damage()?;
        Some(Found {
            item: Err(error.0),
            range: error.1,
            before: None,
        })
    }

    fn found(&mut self, len: usize) -> Found<'_> {
        let name = &self.buffer[self.taken + 1..self.taken + len];
        let is_end = name
            .get(1..)
            .is_some_and(|n| n.starts_with(RECORD_END.as_bytes()));
        let before = is_end.then(|| Digest(self.hash.clone().finalize().into()));
        let range = self.take(len);
        let bytes = &self.buffer[self.taken - len..self.taken];
        let item = Item::read(&mut Reader::new(bytes), bytes);
        Found {
            range,
            before,
            item,
        }
    }

    /// Looks for the next good item behind the damage.
    fn skip_damage(&mut self) -> Option<(DecodeError, Range<u64>)> {
        let mut len = self.damage.as_ref()?.len;
        // Longer stretches are handed out in pieces, so that nothing piles up.
        while len < limits::RECORD_ITEM {
            match self.front(len, true) {
                // The file's end is an end of the damage, too.
                None if self.is_last => break,
                Some(Front::Item(_)) => break,
                Some(Front::Nothing(_)) => len += 1,
                None | Some(Front::Unfinished) => {
                    self.damage.as_mut()?.len = len;
                    return None;
                }
            }
        }
        let damage = self.damage.take()?;
        Some((damage.error, self.take(len)))
    }

    /// What stands `skip` bytes behind the next byte; none if no byte is there. After damage, only what
    /// can't be taken for an item by accident counts.
    fn front(&self, skip: usize, is_after_damage: bool) -> Option<Front> {
        let bytes = self.buffer.get(self.taken + skip..)?;
        if bytes.is_empty() {
            return None;
        }
        if !may_begin(bytes) {
            return Some(Front::Nothing(NO_ITEM));
        }
        Some(match front(bytes) {
            Front::Unfinished if self.is_last => Front::Nothing(NO_ITEM),
            Front::Item(len) if is_after_damage && !is_plausible(&bytes[..len]) => {
                Front::Nothing(NO_ITEM)
            }
            front => front,
        })
    }

    fn take(&mut self, len: usize) -> Range<u64> {
        self.hash.update(&self.buffer[self.taken..self.taken + len]);
        self.taken += len;
        let start = self.offset;
        self.offset += len as u64;
        start..self.offset
    }
}

/// Whether an item may begin here: what is no record file is refused at its first bytes, and a damaged
/// stretch is not parsed at every byte.
fn may_begin(bytes: &[u8]) -> bool {
    let name = match bytes[0] {
        0x83 => CHAIN_END,
        0x84 if bytes.get(1).is_none_or(|byte| byte >> 5 == 2) => return true,
        0x84 => RECORD_END,
        0x85 => CHAIN,
        0x86 => HEAD,
        _ => return false,
    };
    let rest = bytes.get(2..).unwrap_or_default();
    let len = rest.len().min(name.len());
    rest[..len] == name.as_bytes()[..len]
}

/// Whether an item found behind damage is one: an entry's header must be readable.
fn is_plausible(bytes: &[u8]) -> bool {
    match Item::read(&mut Reader::new(bytes), bytes) {
        Ok(Item::Entry(entry)) => header::parse(entry.header).is_ok(),
        item => item.is_ok(),
    }
}

fn front(bytes: &[u8]) -> Front {
    let mut decoder = minicbor::Decoder::new(bytes);
    match decoder.skip() {
        // A length that is damaged may announce anything: wait no longer than for the largest item.
        Err(error) if error.is_end_of_input() && bytes.len() < longest(bytes) => Front::Unfinished,
        Err(_) => Front::Nothing(NO_ITEM),
        Ok(()) => {
            let len = decoder.position();
            match Item::read(&mut Reader::new(&bytes[..len]), &bytes[..len]) {
                Ok(_) => Front::Item(len),
                Err(error) => Front::Nothing(error),
            }
        }
    }
}

/// Bytes of the longest item that begins like this.
fn longest(bytes: &[u8]) -> usize {
    match bytes.get(1).map(|byte| byte >> 5) {
        Some(2) => limits::PACKED_ENTRY,
        _ => limits::RECORD_ITEM,
    }
}
