//! Entries as they travel: without what the receiving boot itself has confirmed (rule 6), and without what the frame shows.
//!
//! The *whole* form carries the signed header as it is. The *delta* form leaves out what follows from an
//! earlier entry of the same chain, its base, or from the frame that it comes in ([`SealedBy`]). The receiver puts the header together again and checks the
//! signature; if that fails it asks for the whole form, and nobody is blamed.

use openline_wire::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use openline_wire::codes::{Kind, Mark, Precedence, Stream};
use openline_wire::compress::{Codec, Effort};
use openline_wire::entry::{Body, Entry, EntryError, SignedEntry};
use openline_wire::header::{Actor, Chain, Head, Header};
use openline_wire::ids::{Author, BootId, Digest, EntryId, LineId};
use openline_wire::key::Signature;
use openline_wire::limits;

use crate::bodies::{BootPrefix, read_prefix};

/// An entry on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The header, whole or as a delta.
    pub header: PackedHeader,
    /// The author's signature over the header put together again.
    pub signature: Signature,
    /// The body, compressed.
    pub body: Option<PackedBody>,
}

/// A header on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackedHeader {
    /// As it was signed.
    Whole(Vec<u8>),
    /// What differs from its base.
    Delta(Box<Delta>),
}

/// A body on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedBody {
    /// The salt of its commitment; none if the keys of the frame give it.
    pub salt: Option<[u8; 16]>,
    /// The content as `openline_wire::compress` coded it.
    pub coded: Vec<u8>,
}

/// What differs from the base: the entry `back` places before it in the same chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta {
    /// The author's boot, unless it sealed the frame.
    pub boot: Option<BootPrefix>,
    /// Which of its chains.
    pub stream: Stream,
    /// The place.
    pub sequence: u64,
    /// How far back the base lies; at least 1.
    pub back: u64,
    /// The entry before, unless that is the base.
    pub previous: Option<EntryId>,
    /// Time less the base's time.
    pub later: i64,
    /// Heads that moved.
    pub heads: Vec<DeltaHead>,
    /// Kind, mark and precedence, unless all are the base's.
    pub codes: Option<(Kind, Mark, Precedence)>,
    /// As in the header.
    pub reply_to: Option<EntryId>,
    /// The actor, unless he is the base's.
    pub actor: Option<Actor>,
    /// As in the header.
    pub fact: Vec<u8>,
    /// The commitment, if there is one and the body is not sent along.
    pub commitment: Option<Digest>,
}

/// A head whose last entry the receiver has confirmed, so its id can be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeltaHead {
    /// The author's boot.
    pub boot: BootPrefix,
    /// Which of its chains.
    pub stream: Stream,
    /// Entries from the first on.
    pub size: u64,
    /// The last of them, unless the receiver has confirmed it.
    pub last: Option<EntryId>,
}

/// What packing and unpacking need to know of the logs.
pub trait Known {
    /// The line.
    fn line(&self) -> LineId;
    /// The one author whose boot begins so, if there is exactly one.
    fn author(&self, prefix: &[u8]) -> Option<Author>;
    /// The shortest prefix that tells a boot apart from all others known.
    fn prefix(&self, boot: &BootId) -> BootPrefix;
    /// A recent entry.
    fn entry(&self, chain: &Chain, sequence: u64) -> Option<&Entry>;
    /// The id at a recent place.
    fn id(&self, chain: &Chain, sequence: u64) -> Option<EntryId>;
}

/// What a frame shows of the entries in it by how it was sealed.
pub struct SealedBy<'a> {
    /// Whose boot sealed it.
    pub author: Author,
    /// The salt that its keys give for a place of one of his chains, if they do (OL-416).
    pub salt: &'a dyn Fn(&Chain, u64) -> Option<[u8; 16]>,
}

/// Why an entry could not be put together again.
#[derive(Debug, PartialEq, Eq)]
pub enum UnpackError {
    /// What was left out is not at hand: ask for the whole form.
    Unknown(Chain, u64),
    /// Nothing to ask for: not even the author is known.
    UnknownAuthor,
    /// The bytes are wrong in themselves.
    Entry(EntryError),
}

/// Packs an entry as a delta against the entry `base` of the same chain, which the receiver has confirmed,
/// as are the heads for which `confirmed` says so. It goes in a frame of `by`.
pub fn delta(
    entry: &Entry,
    base: &Entry,
    (known, by): (&impl Known, &SealedBy<'_>),
    confirmed: impl Fn(&Head) -> bool,
    mut body: Option<PackedBody>,
) -> Packed {
    let (header, old) = (entry.header(), base.header());
    let back = header.sequence - old.sequence;
    let codes = (header.kind, header.mark, header.precedence);
    let heads = header.heads.iter().map(|head| DeltaHead {
        boot: known.prefix(&head.chain.author.boot),
        stream: head.chain.stream,
        size: head.size,
        last: (!confirmed(head)).then_some(head.last),
    });
    if let Some(body) = &mut body {
        let given = (by.salt)(&header.chain(), header.sequence);
        body.salt = body.salt.filter(|salt| Some(*salt) != given);
    }
    let delta = Delta {
        boot: (header.author != by.author).then(|| known.prefix(&header.author.boot)),
        stream: header.stream,
        sequence: header.sequence,
        back,
        previous: header.previous.filter(|_| back != 1),
        later: header.time.wrapping_sub(old.time) as i64,
        heads: heads.collect(),
        codes: (codes != (old.kind, old.mark, old.precedence)).then_some(codes),
        reply_to: header.reply_to,
        actor: (header.actor != old.actor).then(|| header.actor.clone()),
        fact: header.fact.clone(),
        commitment: header.commitment.filter(|_| entry.body().is_none()),
    };
    Packed {
        header: PackedHeader::Delta(Box::new(delta)),
        signature: *entry.signature(),
        body,
    }
}

/// Packs an entry with its whole header.
pub fn whole(entry: &Entry, body: Option<PackedBody>) -> Packed {
    Packed {
        header: PackedHeader::Whole(entry.header_bytes().to_vec()),
        signature: *entry.signature(),
        body,
    }
}

/// An entry's body, compressed: most of the work of packing, and the same for [`delta`] and [`whole`].
pub fn body(entry: &Entry, codec: &mut Codec, effort: Effort) -> Option<PackedBody> {
    let coded = |body: &Body| PackedBody {
        salt: Some(body.salt),
        coded: codec.compress(&body.content, effort),
    };
    entry.body().map(coded)
}

impl Packed {
    /// Puts the entry together again. Its signature is still to be checked.
    pub fn unpack(
        self,
        (known, by): (&impl Known, &SealedBy<'_>),
        codec: &mut Codec,
    ) -> Result<SignedEntry, UnpackError> {
        let mut unpack = |body: PackedBody, salt: Option<[u8; 16]>| {
            let salt = salt.ok_or(UnpackError::Entry(EntryError::Body))?;
            unpack_body(&body, salt, codec)
        };
        let (header, body) = match self.header {
            PackedHeader::Whole(bytes) => {
                let body = self.body.map(|body| {
                    let salt = body.salt;
                    unpack(body, salt)
                });
                (bytes, body.transpose()?)
            }
            PackedHeader::Delta(delta) => {
                let chain = delta.chain(known, by)?;
                let body = self.body.map(|body| {
                    let given = || (by.salt)(&chain, delta.sequence);
                    let salt = body.salt.or_else(given);
                    unpack(body, salt)
                });
                let body = body.transpose()?;
                (delta.header(known, chain, body.as_ref())?.to_bytes(), body)
            }
        };
        SignedEntry::new(header, self.signature, body).map_err(UnpackError::Entry)
    }

    /// Whether the header came as a delta.
    pub fn is_delta(&self) -> bool {
        matches!(self.header, PackedHeader::Delta(_))
    }
}

fn unpack_body(body: &PackedBody, salt: [u8; 16], codec: &mut Codec) -> Result<Body, UnpackError> {
    let content = codec
        .decompress(&body.coded, limits::BODY)
        .map_err(|_| UnpackError::Entry(EntryError::Body))?;
    Ok(Body { salt, content })
}

impl Delta {
    fn chain(&self, known: &impl Known, by: &SealedBy<'_>) -> Result<Chain, UnpackError> {
        let named = |boot: &BootPrefix| known.author(boot).ok_or(UnpackError::UnknownAuthor);
        let author = self.boot.as_ref().map_or(Ok(by.author), named)?;
        let stream = self.stream;
        Ok(Chain { author, stream })
    }

    /// Nothing but the place and the time differs from the base.
    fn is_brief(&self) -> bool {
        let fields = (self.previous, self.codes, self.reply_to, self.commitment);
        let lists = self.heads.is_empty() && self.fact.is_empty();
        fields == (None, None, None, None) && self.actor.is_none() && lists
    }

    fn header(
        self,
        known: &impl Known,
        chain: Chain,
        body: Option<&Body>,
    ) -> Result<Header, UnpackError> {
        let unknown = UnpackError::Unknown(chain, self.sequence);
        let base = self
            .sequence
            .checked_sub(self.back)
            .and_then(|place| known.entry(&chain, place));
        let Some(base) = base else {
            return Err(unknown);
        };
        let Some(heads) = self.heads.iter().map(|head| head.whole(known)).collect() else {
            return Err(unknown);
        };
        let old = base.header();
        let (kind, mark, precedence) = self.codes.unwrap_or((old.kind, old.mark, old.precedence));
        Ok(Header {
            line: known.line(),
            author: chain.author,
            stream: self.stream,
            sequence: self.sequence,
            previous: Some(self.previous.unwrap_or(base.id())),
            heads,
            time: old.time.wrapping_add_signed(self.later),
            kind,
            mark,
            precedence,
            reply_to: self.reply_to,
            actor: self.actor.unwrap_or_else(|| old.actor.clone()),
            fact: self.fact,
            commitment: body.map(Body::commitment).or(self.commitment),
        })
    }
}

impl DeltaHead {
    fn whole(&self, known: &impl Known) -> Option<Head> {
        let author = known.author(&self.boot)?;
        let chain = Chain {
            author,
            stream: self.stream,
        };
        let last = self
            .last
            .or_else(|| known.id(&chain, self.size.checked_sub(1)?))?;
        Some(Head {
            chain,
            size: self.size,
            last,
        })
    }
}

impl Canonical for Packed {
    fn write(&self, w: &mut Writer) {
        w.array(3);
        match &self.header {
            PackedHeader::Whole(bytes) => {
                w.bytes(bytes);
            }
            PackedHeader::Delta(delta) => delta.write(w),
        }
        w.bytes(&self.signature.0);
        match &self.body {
            None => w.null(),
            Some(body) => {
                let salt = body.salt.as_ref().map(|salt| &salt[..]);
                w.array(2).optional_bytes(salt).bytes(&body.coded)
            }
        };
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("packed entry", 3)?;
        let header = if r.is_array() {
            PackedHeader::Delta(Box::new(Delta::read(r)?))
        } else {
            PackedHeader::Whole(r.bytes("header", limits::HEADER)?.to_vec())
        };
        let signature = Signature(r.fixed("signature")?);
        let is_whole = matches!(header, PackedHeader::Whole(_));
        let body = r.optional(|r| {
            r.array_of("packed body", 2)?;
            let salt = r.optional(|r| r.fixed("salt"))?;
            if is_whole && salt.is_none() {
                return Err(invalid("salt: left out of a whole entry"));
            }
            let coded = r.bytes("coded body", limits::BODY + 1)?.to_vec();
            Ok(PackedBody { salt, coded })
        })?;
        Ok(Self {
            header,
            signature,
            body,
        })
    }
}

impl Delta {
    fn write(&self, w: &mut Writer) {
        w.array(if self.is_brief() { 5 } else { 12 });
        w.optional_bytes(self.boot.as_deref());
        w.uint(self.stream.code());
        w.uint(self.sequence).uint(self.back).int(self.later);
        if self.is_brief() {
            return;
        }
        w.optional_bytes(self.previous.as_ref().map(EntryId::as_bytes));
        w.items(&self.heads);
        match self.codes {
            None => w.null(),
            Some((kind, mark, precedence)) => w
                .array(3)
                .uint(kind.code())
                .uint(mark.code())
                .uint(precedence.code()),
        };
        w.optional_bytes(self.reply_to.as_ref().map(EntryId::as_bytes));
        match &self.actor {
            None => w.null(),
            Some(actor) => w.item(actor),
        };
        w.bytes(&self.fact);
        w.optional_bytes(self.commitment.as_ref().map(Digest::as_bytes));
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let len = r.array("delta", 12)?;
        if len != 5 && len != 12 {
            return Err(invalid("delta"));
        }
        let boot = r.optional(read_prefix)?;
        let stream = Stream::from_code(r.uint("stream")?)?;
        let (sequence, back) = (r.uint("sequence")?, r.uint("back")?);
        if back == 0 {
            return Err(invalid("back: an entry is not its own base"));
        }
        let mut delta = Self {
            boot,
            stream,
            sequence,
            back,
            previous: None,
            later: r.int("later")?,
            heads: Vec::new(),
            codes: None,
            reply_to: None,
            actor: None,
            fact: Vec::new(),
            commitment: None,
        };
        if len == 12 {
            delta.read_rest(r)?;
            if delta.is_brief() {
                return Err(invalid("delta: the brief form says the same"));
            }
        }
        Ok(delta)
    }

    fn read_rest(&mut self, r: &mut Reader<'_>) -> Result<(), DecodeError> {
        self.previous = r.optional(Reader::item)?;
        self.heads = r.items("heads", limits::HEADS)?;
        self.codes = r.optional(read_codes)?;
        self.reply_to = r.optional(Reader::item)?;
        self.actor = r.optional(Reader::item)?;
        self.fact = r.bytes("fact", limits::FACT)?.to_vec();
        self.commitment = r.optional(Reader::item)?;
        Ok(())
    }
}

fn read_codes(r: &mut Reader<'_>) -> Result<(Kind, Mark, Precedence), DecodeError> {
    r.array_of("codes", 3)?;
    let kind = Kind::from_code(r.uint("kind")?);
    let mark = Mark::from_code(r.uint("mark")?)?;
    Ok((kind, mark, Precedence::from_code(r.uint("precedence")?)?))
}

impl Canonical for DeltaHead {
    fn write(&self, w: &mut Writer) {
        w.array(4).bytes(&self.boot).uint(self.stream.code());
        w.uint(self.size);
        w.optional_bytes(self.last.as_ref().map(EntryId::as_bytes));
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("head", 4)?;
        let boot = read_prefix(r)?;
        let stream = Stream::from_code(r.uint("stream")?)?;
        let size = r.uint("size")?;
        if size == 0 {
            return Err(invalid("head: a size of 0"));
        }
        Ok(Self {
            boot,
            stream,
            size,
            last: r.optional(Reader::item)?,
        })
    }
}
