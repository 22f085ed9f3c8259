//! The record file (`.olr`): all that one station holds of a line, for anybody to verify offline.
//!
//! A CBOR sequence (RFC 8742). The head comes first; then each chain in ascending order, as a heading,
//! its entries by sequence, and a closing with size and root; then an end with counts and the digest of
//! all bytes before it. Every item begins with a text that names it, except an entry, which begins with
//! the bytes of its header.
//!
//! The digest guards against accidents. Against a forger stand the signatures and the hashes that link
//! the entries; whoever shortens a chain can write a new closing, but not the other party's heads.

mod check;
mod decoder;
mod locate;
mod writer;

pub use check::{FileError, RecordCheck};
pub use decoder::{Decoder, Found};
pub use locate::{Located, locate};
pub use writer::{RecordWriter, WriteError};

use openline_wire::cbor::{DecodeError, Reader, Writer, invalid};
use openline_wire::codes::Stream;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, Digest, LineId, PartyId};
use openline_wire::key::Signature;
use openline_wire::limits;

/// The version of the file's form.
pub const VERSION: u64 = 1;

const HEAD: &str = "openline-record";
const CHAIN: &str = "chain";
const CHAIN_END: &str = "chain-end";
const RECORD_END: &str = "record-end";

/// What a record file says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The line.
    pub line: LineId,
    /// The party whose station wrote the file.
    pub exported_by: PartyId,
    /// The charter, as its file holds it.
    pub charter: Vec<u8>,
    /// The parties' cards, as their files hold them.
    pub cards: Vec<Vec<u8>>,
}

/// An entry as it stands in a file or a store, not yet believed in anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredEntry<'b> {
    /// The header's bytes.
    pub header: &'b [u8],
    /// The signature over them.
    pub signature: Signature,
    /// Salt and content, unless withheld or erased.
    pub body: Option<(&'b [u8; 16], &'b [u8])>,
}

/// One item of a record file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<'b> {
    /// Comes first.
    Head(Head),
    /// Entries of this chain follow.
    Chain(Chain),
    /// An entry.
    Entry(StoredEntry<'b>),
    /// The chain has this size and root.
    ChainEnd {
        /// Entries from the first on without a gap.
        size: u64,
        /// The root of their tree.
        root: Digest,
    },
    /// Comes last.
    RecordEnd(RecordEnd),
}

/// The last item of a record file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordEnd {
    /// Chains in the file.
    pub chains: u64,
    /// Entries in the file.
    pub entries: u64,
    /// SHA-256 of all bytes before this item.
    pub digest: Digest,
}

impl<'b> Item<'b> {
    /// Reads one item, which must be canonical; what follows it is left.
    fn read(r: &mut Reader<'b>, bytes: &'b [u8]) -> Result<Self, DecodeError> {
        let start = r.position();
        let item = match bytes.get(start + 1).map(|byte| byte >> 5) {
            Some(2) => Self::Entry(StoredEntry::read(r)?),
            _ => Self::read_named(r)?,
        };
        let mut w = Writer::new();
        match &item {
            // An entry's form is canonical exactly if it is the shortest: no need to write it again.
            Self::Entry(entry) if entry.shortest() == r.position() - start => return Ok(item),
            Self::Entry(_) => return Err(DecodeError::NotCanonical),
            named => named.write(&mut w),
        }
        if w.into_bytes() != bytes[start..r.position()] {
            return Err(DecodeError::NotCanonical);
        }
        Ok(item)
    }

    fn read_named(r: &mut Reader<'b>) -> Result<Self, DecodeError> {
        let len = r.array("item", 6)?;
        let name = r.text("item name", HEAD.len())?;
        match (name, len) {
            (HEAD, 6) => Head::read_rest(r).map(Self::Head),
            (CHAIN, 5) => read_chain(r).map(Self::Chain),
            (CHAIN_END, 3) => Ok(Self::ChainEnd {
                size: r.uint("size")?,
                root: r.item()?,
            }),
            (RECORD_END, 4) => Ok(Self::RecordEnd(RecordEnd {
                chains: r.uint("chains")?,
                entries: r.uint("entries")?,
                digest: r.item()?,
            })),
            _ => Err(invalid("item of a record file")),
        }
    }

    /// Appends the canonical form.
    pub fn write(&self, w: &mut Writer) {
        match self {
            Self::Head(head) => head.write(w),
            Self::Chain(Chain { author, stream }) => {
                w.array(5).text(CHAIN).item(&author.party);
                w.item(&author.node).item(&author.boot).uint(stream.code());
            }
            Self::Entry(entry) => entry.write(w),
            Self::ChainEnd { size, root } => {
                w.array(3).text(CHAIN_END).uint(*size).item(root);
            }
            Self::RecordEnd(end) => {
                w.array(4).text(RECORD_END);
                w.uint(end.chains).uint(end.entries).item(&end.digest);
            }
        }
    }
}

impl Head {
    fn write(&self, w: &mut Writer) {
        w.array(6).text(HEAD).uint(VERSION);
        w.item(&self.line).item(&self.exported_by);
        w.bytes(&self.charter).array(self.cards.len());
        for card in &self.cards {
            w.bytes(card);
        }
    }

    fn read_rest(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if r.uint("version")? != VERSION {
            return Err(invalid("version"));
        }
        let (line, exported_by) = (r.item()?, r.item()?);
        let charter = r.bytes("charter", limits::CHARTER)?.to_vec();
        let cards = r.array("cards", limits::PARTIES)?;
        let card = |_| r.bytes("card", limits::CARD).map(<[u8]>::to_vec);
        Ok(Self {
            line,
            exported_by,
            charter,
            cards: (0..cards).map(card).collect::<Result<_, _>>()?,
        })
    }
}

fn read_chain(r: &mut Reader<'_>) -> Result<Chain, DecodeError> {
    let author = Author {
        party: r.item()?,
        node: r.item()?,
        boot: r.item()?,
    };
    let stream = Stream::from_code(r.uint("stream")?)?;
    Ok(Chain { author, stream })
}

impl<'b> StoredEntry<'b> {
    /// Takes the stored form apart without looking into it.
    pub fn from_bytes(bytes: &'b [u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        let entry = Self::read(&mut r)?;
        if !r.at_end() || entry.shortest() != bytes.len() {
            return Err(DecodeError::NotCanonical);
        }
        Ok(entry)
    }

    fn read(r: &mut Reader<'b>) -> Result<Self, DecodeError> {
        r.array_of("entry", 4)?;
        let header = r.bytes("header", limits::HEADER)?;
        let signature = Signature(r.fixed("signature")?);
        let salt = r.optional(|r| r.bytes("salt", 16))?;
        let content = r.optional(|r| r.bytes("body", limits::BODY))?;
        let salt = salt.map(<&[u8; 16]>::try_from).transpose();
        let body = match (salt.map_err(|_| invalid("salt"))?, content) {
            (Some(salt), Some(content)) => Some((salt, content)),
            (None, None) => None,
            _ => return Err(invalid("body without salt, or salt without body")),
        };
        Ok(Self {
            header,
            signature,
            body,
        })
    }

    /// Bytes of the canonical form.
    fn shortest(&self) -> usize {
        let bytes = |len: usize| head_len(len) + len;
        let body = self
            .body
            .map_or(2, |(_, content)| bytes(16) + bytes(content.len()));
        1 + bytes(self.header.len()) + bytes(64) + body
    }

    fn write(&self, w: &mut Writer) {
        w.array(4).bytes(self.header).bytes(&self.signature.0);
        w.optional_bytes(self.body.map(|(salt, _)| &salt[..]));
        w.optional_bytes(self.body.map(|(_, content)| content));
    }
}

/// Bytes before a string of `len` bytes (RFC 8949 section 3, shortest form).
fn head_len(len: usize) -> usize {
    match len {
        0..=23 => 1,
        24..=0xFF => 2,
        0x100..=0xFFFF => 3,
        _ => 5,
    }
}
