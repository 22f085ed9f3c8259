//! The header of an entry: all that is signed, and all that a state is computed from.
//!
//! It commits to the stream's previous entry, to what its author had stored, and, salted, to the
//! body, so that a body can be withheld or erased while the header is still proven.

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid, within};
use crate::codes::{Attestation, Kind, Mark, Precedence, Stream};
use crate::ids::{Author, BootId, Digest, EntryId, LineId, NodeId, PartyId};
use crate::limits;
use crate::names;

/// The version of the header's form; a charter names the one its line uses.
pub const VERSION: u64 = 1;

/// One chain of one author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chain {
    /// Who writes it.
    pub author: Author,
    /// Which of his chains.
    pub stream: Stream,
}

/// How far somebody holds a chain, without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Head {
    /// The chain.
    pub chain: Chain,
    /// Entries held from the first on; at least 1.
    pub size: u64,
    /// The last of them.
    pub last: EntryId,
}

/// Who acts, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor {
    /// The name he goes by; empty for the station itself.
    pub name: String,
    /// How he was attested.
    pub attestation: Attestation,
    /// What attested him: the Unix user or the passkey's id. A label, kept as it was at the time.
    pub evidence: String,
}

impl Actor {
    /// The station acts by itself.
    pub fn station() -> Self {
        Self {
            name: String::new(),
            attestation: Attestation::Station,
            evidence: String::new(),
        }
    }

    /// Whether somebody is named, and not the station: that one is never on watch, and agrees on nothing.
    pub fn is_a_person(&self) -> bool {
        self.attestation != Attestation::Station && !self.name.trim().is_empty()
    }

    /// Whether a header may name him: no control or direction characters, and within the limit.
    pub fn fits(&self) -> bool {
        let fits = |label: &str| label.len() <= limits::ACTOR_NAME && names::is_plain(label);
        fits(&self.name) && fits(&self.evidence)
    }
}

/// What an author signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The line it belongs to.
    pub line: LineId,
    /// Who signs.
    pub author: Author,
    /// Which of his chains.
    pub stream: Stream,
    /// Its place in the chain, from 0; also its leaf index in the chain's tree (rule 8).
    pub sequence: u64,
    /// The entry before it in the chain; none for the first.
    pub previous: Option<EntryId>,
    /// What the author had stored, as far as it moved since his previous entry in this chain. The first
    /// entry of a boot's urgent stream has it whole; the other streams' first entries count from there.
    pub heads: Vec<Head>,
    /// UTC by the author's clock, milliseconds since 1970.
    pub time: u64,
    /// What it is.
    pub kind: Kind,
    /// Whether it is meant.
    pub mark: Mark,
    /// How urgent it is.
    pub precedence: Precedence,
    /// The entry that it answers.
    pub reply_to: Option<EntryId>,
    /// Who acts.
    pub actor: Actor,
    /// What the kind's state is computed from, as canonical CBOR (see `fact`); may be empty.
    pub fact: Vec<u8>,
    /// HMAC-SHA-256 of the body under its salt; none if there is no body.
    pub commitment: Option<Digest>,
}

impl Header {
    /// The chain it stands in.
    pub fn chain(&self) -> Chain {
        Chain {
            author: self.author,
            stream: self.stream,
        }
    }

    /// What holds for one header alone, whatever else is known.
    fn check(&self) -> Result<(), DecodeError> {
        if (self.sequence == 0) != self.previous.is_none() {
            return Err(invalid("previous"));
        }
        let is_first = self.sequence == 0 && self.stream == Stream::Urgent;
        if is_first != (self.kind == Kind::Start) {
            return Err(invalid("kind: a boot begins with a start, and only there"));
        }
        if !self.heads.is_sorted_by(|a, b| a.chain < b.chain) {
            return Err(invalid("heads: not in ascending order"));
        }
        if self.heads.iter().any(|head| head.size == 0) {
            return Err(invalid("heads: a size of 0"));
        }
        Ok(())
    }
}

impl Canonical for Header {
    fn write(&self, w: &mut Writer) {
        w.array(17).uint(VERSION);
        w.item(&self.line);
        w.item(&self.author.party)
            .item(&self.author.node)
            .item(&self.author.boot);
        w.uint(self.stream.code()).uint(self.sequence);
        w.optional_bytes(self.previous.as_ref().map(EntryId::as_bytes));
        w.items(&self.heads);
        w.uint(self.time).uint(self.kind.code());
        w.uint(self.mark.code()).uint(self.precedence.code());
        w.optional_bytes(self.reply_to.as_ref().map(EntryId::as_bytes));
        w.item(&self.actor);
        w.bytes(&self.fact);
        w.optional_bytes(self.commitment.as_ref().map(Digest::as_bytes));
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("header", 17)?;
        if r.uint("version")? != VERSION {
            return Err(invalid("version"));
        }
        let header = Self {
            line: r.item()?,
            author: Author {
                party: r.item::<PartyId>()?,
                node: r.item::<NodeId>()?,
                boot: r.item::<BootId>()?,
            },
            stream: Stream::from_code(r.uint("stream")?)?,
            sequence: r.uint("sequence")?,
            previous: r.optional(Reader::item)?,
            heads: r.items("heads", limits::HEADS)?,
            time: r.uint_up_to("time", limits::LATEST_TIME_MS)?,
            kind: Kind::from_code(r.uint("kind")?),
            mark: Mark::from_code(r.uint("mark")?)?,
            precedence: Precedence::from_code(r.uint("precedence")?)?,
            reply_to: r.optional(Reader::item)?,
            actor: r.item()?,
            fact: r.bytes("fact", limits::FACT)?.to_vec(),
            commitment: r.optional(Reader::item)?,
        };
        header.check()?;
        Ok(header)
    }
}

impl Canonical for Head {
    fn write(&self, w: &mut Writer) {
        let Chain { author, stream } = &self.chain;
        w.array(6)
            .item(&author.party)
            .item(&author.node)
            .item(&author.boot);
        w.uint(stream.code()).uint(self.size).item(&self.last);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("head", 6)?;
        let author = Author {
            party: r.item()?,
            node: r.item()?,
            boot: r.item()?,
        };
        let stream = Stream::from_code(r.uint("stream")?)?;
        Ok(Self {
            chain: Chain { author, stream },
            size: r.uint("size")?,
            last: r.item()?,
        })
    }
}

impl Canonical for Actor {
    fn write(&self, w: &mut Writer) {
        w.array(3)
            .text(&self.name)
            .uint(self.attestation.code())
            .text(&self.evidence);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("actor", 3)?;
        let name = r.text("actor name", limits::ACTOR_NAME)?;
        let attestation = Attestation::from_code(r.uint("attestation")?)?;
        let evidence = r.text("attestation evidence", limits::ACTOR_NAME)?;
        let actor = Self {
            name: name.to_owned(),
            attestation,
            evidence: evidence.to_owned(),
        };
        if !actor.fits() {
            return Err(invalid("actor: control or direction characters"));
        }
        Ok(actor)
    }
}

/// Reads a header from bytes that are checked against the size limit first.
pub fn parse(bytes: &[u8]) -> Result<Header, DecodeError> {
    within("header", bytes.len() as u64, limits::HEADER as u64)?;
    Header::from_bytes(bytes)
}
