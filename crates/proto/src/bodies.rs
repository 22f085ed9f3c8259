//! What a frame carries: bodies, in canonical CBOR, one after the other (RFC 8742).
//!
//! Only entries and channel state are persisted; *have* and *want* are about this moment.

use openline_wire::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use openline_wire::codes::Stream;
use openline_wire::limits;

use crate::files::{FileId, Piece, Pull};
use crate::loss::Report;
use crate::packed::Packed;

/// One body of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// What the sender holds, and proof that it lives.
    Have(Have),
    /// Entries.
    Entries(Vec<Packed>),
    /// Places that the sender could not use as they came.
    Want(Vec<Want>),
    /// A piece of a body too large for one frame.
    Fragment(Fragment),
    /// A key message of the channel.
    Keys(Vec<u8>),
    /// What the sender lacks of a file.
    Pull(Pull),
    /// A piece of a file.
    Piece(Piece),
    /// How far a few chains are held now, and nothing else.
    Confirm(Confirm),
}

/// Names a boot by the first bytes of its id: as few, from four on, as its sender needs to tell the boots
/// apart that it knows. Ambiguous at the receiver means unknown, which costs a round trip and no more.
pub type BootPrefix = Vec<u8>;

/// Shortest prefix of a boot id on the wire.
pub const PREFIX: usize = 4;

/// What the sender holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Have {
    /// A challenge to be echoed: for the receiver a number, above all that the sender's boot sent before.
    pub challenge: u64,
    /// The sender's wall clock, milliseconds since 1970.
    pub wall: u64,
    /// All chains are named; one that is missing and not covered by a start named here is not held.
    pub whole: bool,
    /// The sender asks for a *have* at once.
    pub answer: bool,
    /// The latest challenge that the sender heard from the receiver (rule 3).
    pub echo: Option<Echo>,
    /// Frame keys of the receiver that the sender now holds, so they need no introduction.
    pub confirms: Vec<u32>,
    /// What arrived of the receiver's frames.
    pub report: Option<Report>,
    /// The chains.
    pub chains: Vec<HaveChain>,
    /// The sender's own open rings, as their places in its urgent stream, ascending (OL-426).
    pub rings: Vec<u64>,
}

/// What a *have* says of a few chains, in a quarter of its bytes: most acknowledgements have nothing else to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirm {
    /// The sender's wall clock, less the time of the last entry that it holds of the first chain from its first on, milliseconds.
    pub later: i64,
    /// What arrived of the receiver's frames.
    pub report: Option<Report>,
    /// The chains; at least one, and something is held of it.
    pub chains: Vec<HaveChain>,
}

/// A challenge given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Echo {
    /// The boot that sent it.
    pub boot: BootPrefix,
    /// The challenge.
    pub challenge: u64,
    /// How long the challenge lay here, milliseconds.
    pub lay: u64,
}

/// How much of a chain the sender holds on its disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HaveChain {
    /// The author's boot.
    pub boot: BootPrefix,
    /// Which of its chains.
    pub stream: Stream,
    /// Entries from the first on.
    pub size: u64,
    /// Ranges held beyond: so many missing, so many held, from `size` on.
    pub ahead: Vec<(u64, u64)>,
}

/// A place to be sent again with its whole header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// The author's boot.
    pub boot: BootPrefix,
    /// Which of its chains.
    pub stream: Stream,
    /// The place.
    pub sequence: u64,
}

/// A piece of an encoded body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Names the whole; pieces of the same bytes cut alike carry the same name, however often they are sent.
    pub whole: u64,
    /// Which piece.
    pub index: u64,
    /// How many there are.
    pub count: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Reads all bodies of a frame.
pub fn read_all(plaintext: &[u8]) -> Result<Vec<Body>, DecodeError> {
    let mut reader = Reader::new(plaintext);
    let mut bodies = Vec::new();
    while !reader.at_end() {
        if bodies.len() == limits::BODIES_PER_FRAME {
            return Err(invalid("bodies: too many in one frame"));
        }
        bodies.push(Body::read(&mut reader)?);
    }
    // Each is a guess at a challenge (OL-423).
    let haves = bodies.iter().filter(|body| matches!(body, Body::Have(_)));
    if haves.count() > 1 {
        return Err(invalid("bodies: more than one have"));
    }
    let mut again = Writer::new();
    bodies.iter().for_each(|body| body.write(&mut again));
    if again.into_bytes() != plaintext {
        return Err(DecodeError::NotCanonical);
    }
    Ok(bodies)
}

impl Canonical for Body {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Have(have) => have.write(w),
            Self::Entries(entries) => {
                w.array(2).uint(1).items(entries);
            }
            Self::Want(wants) => {
                w.array(2).uint(2).items(wants);
            }
            Self::Fragment(fragment) => fragment.write(w),
            Self::Keys(bytes) => {
                w.array(2).uint(4).bytes(bytes);
            }
            Self::Pull(pull) => pull.write(w),
            Self::Piece(piece) => piece.write(w),
            Self::Confirm(confirm) => confirm.write(w),
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let len = r.array("body", 9)?;
        match (r.uint("body type")?, len) {
            (0, 9) => Have::read_fields(r).map(Self::Have),
            (1, 2) => match r.items("entries", limits::ENTRIES_PER_FRAME)? {
                none if none.is_empty() => Err(invalid("entries: none")),
                entries => Ok(Self::Entries(entries)),
            },
            (2, 2) => r.items("wants", limits::WANTS).map(Self::Want),
            (3, 5) => Fragment::read_fields(r).map(Self::Fragment),
            (4, 2) => Ok(Self::Keys(r.bytes("keys", limits::KEY_MESSAGE)?.to_vec())),
            (5, 6) => Pull::read_fields(r).map(Self::Pull),
            (6, 5) => Piece::read_fields(r).map(Self::Piece),
            (7, 4) => Confirm::read_fields(r).map(Self::Confirm),
            _ => Err(invalid("body type")),
        }
    }
}

impl Have {
    fn write(&self, w: &mut Writer) {
        let flags = u64::from(self.whole) | u64::from(self.answer) << 1;
        w.array(9)
            .uint(0)
            .uint(self.challenge)
            .uint(self.wall)
            .uint(flags);
        match &self.echo {
            None => w.null(),
            Some(echo) => w
                .array(3)
                .bytes(&echo.boot)
                .uint(echo.challenge)
                .uint(echo.lay),
        };
        w.array(self.confirms.len());
        self.confirms.iter().for_each(|&key| {
            w.uint(key.into());
        });
        write_report(self.report.as_ref(), w);
        w.items(&self.chains);
        w.array(self.rings.len());
        self.rings.iter().for_each(|&place| {
            w.uint(place);
        });
    }

    fn read_fields(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (challenge, wall) = (
            r.uint("challenge")?,
            r.uint_up_to("wall", limits::LATEST_TIME_MS)?,
        );
        let flags = r.uint_up_to("have flags", 3)?;
        let echo = r.optional(|r| {
            r.array_of("echo", 3)?;
            let boot = read_prefix(r)?;
            Ok(Echo {
                boot,
                challenge: r.uint("echoed challenge")?,
                lay: r.uint("lay")?,
            })
        })?;
        let confirms = (0..r.array("confirms", limits::CONFIRMS)?)
            .map(|_| {
                r.uint_up_to("key id", u32::MAX.into())
                    .map(|key| key as u32)
            })
            .collect::<Result<_, _>>()?;
        let report = r.optional(read_report)?;
        let chains = r.items("chains", limits::HAVE_CHAINS)?;
        let rings = read_rings(r)?;
        let (whole, answer) = (flags & 1 == 1, flags & 2 == 2);
        Ok(Self {
            challenge,
            wall,
            whole,
            answer,
            echo,
            confirms,
            report,
            chains,
            rings,
        })
    }
}

impl Confirm {
    fn write(&self, w: &mut Writer) {
        w.array(4).uint(7).int(self.later);
        write_report(self.report.as_ref(), w);
        w.items(&self.chains);
    }

    fn read_fields(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let later = r.int("later")?;
        let report = r.optional(read_report)?;
        let chains: Vec<HaveChain> = r.items("chains", limits::HAVE_CHAINS)?;
        // Its time is told by the last entry of the first.
        if chains.first().is_none_or(|chain| chain.size == 0) {
            return Err(invalid("confirm: of nothing"));
        }
        Ok(Self {
            later,
            report,
            chains,
        })
    }
}

fn write_report(report: Option<&Report>, w: &mut Writer) {
    match report {
        None => w.null(),
        Some(report) => w
            .array(3)
            .uint(report.key)
            .uint(report.reached)
            .uint(report.received),
    };
}

fn read_report(r: &mut Reader<'_>) -> Result<Report, DecodeError> {
    r.array_of("report", 3)?;
    let (key, reached) = (r.uint("report key")?, r.uint("reached")?);
    Ok(Report {
        key,
        reached,
        received: r.uint("received")?,
    })
}

/// Places of rings: in one order, and none twice.
fn read_rings(r: &mut Reader<'_>) -> Result<Vec<u64>, DecodeError> {
    let rings = (0..r.array("rings", limits::OPEN_RINGS)?)
        .map(|_| r.uint("ring"))
        .collect::<Result<Vec<_>, _>>()?;
    if !rings.is_sorted_by(|a, b| a < b) {
        return Err(invalid("rings: not in ascending order"));
    }
    Ok(rings)
}

impl Canonical for HaveChain {
    fn write(&self, w: &mut Writer) {
        w.array(3 + self.ahead.len() * 2).bytes(&self.boot);
        w.uint(self.stream.code()).uint(self.size);
        for &(missing, held) in &self.ahead {
            w.uint(missing).uint(held);
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let len = r.array("chain", 3 + 2 * limits::HAVE_RANGES)?;
        if len < 3 || len % 2 == 0 {
            return Err(invalid("chain"));
        }
        let boot = read_prefix(r)?;
        let stream = Stream::from_code(r.uint("stream")?)?;
        let size = r.uint("size")?;
        let ahead = (0..(len - 3) / 2)
            .map(|_| Ok((r.uint("missing")?, r.uint("held")?)))
            .collect::<Result<Vec<_>, DecodeError>>()?;
        if ahead
            .iter()
            .any(|&(missing, held)| missing == 0 || held == 0)
        {
            return Err(invalid("ranges: an empty one"));
        }
        Ok(Self {
            boot,
            stream,
            size,
            ahead,
        })
    }
}

impl Canonical for Want {
    fn write(&self, w: &mut Writer) {
        w.array(3).bytes(&self.boot);
        w.uint(self.stream.code()).uint(self.sequence);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("want", 3)?;
        let boot = read_prefix(r)?;
        let stream = Stream::from_code(r.uint("stream")?)?;
        Ok(Self {
            boot,
            stream,
            sequence: r.uint("sequence")?,
        })
    }
}

impl Fragment {
    fn write(&self, w: &mut Writer) {
        w.array(5).uint(3).uint(self.whole).uint(self.index);
        w.uint(self.count).bytes(&self.bytes);
    }

    fn read_fields(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (whole, index) = (r.uint("whole")?, r.uint("index")?);
        let count = r.uint_up_to("count", limits::FRAGMENTS as u64)?;
        if index >= count {
            return Err(invalid("fragment: index beyond count"));
        }
        let bytes = r.bytes("fragment", limits::FRAME_PLAINTEXT)?.to_vec();
        Ok(Self {
            whole,
            index,
            count,
            bytes,
        })
    }
}

impl Pull {
    fn write(&self, w: &mut Writer) {
        w.array(6).uint(5).item(&self.file.message);
        w.uint(self.file.which)
            .uint(self.session)
            .uint(self.reached);
        // So many that are not lacking, so many that are, from the first on.
        w.array(2 * self.lacking.len());
        let mut at = 0;
        for &(from, to) in &self.lacking {
            w.uint(from - at).uint(to - from);
            at = to;
        }
    }

    fn read_fields(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let message = r.item()?;
        let which = r.uint_up_to("which", limits::ATTACHMENTS as u64 - 1)?;
        let (session, reached) = (r.uint("session")?, r.uint("reached")?);
        let len = r.array("lacking", 2 * limits::PULL_RANGES)?;
        if len % 2 == 1 {
            return Err(invalid("lacking"));
        }
        let mut lacking = Vec::new();
        let mut at = 0u64;
        for _ in 0..len / 2 {
            let skipped = r.uint_up_to("skipped", limits::ATTACHMENT)?;
            let count = r.uint_up_to("count", limits::ATTACHMENT)?;
            let apart = lacking.is_empty() || skipped > 0;
            if count == 0 || !apart {
                return Err(invalid("lacking: ranges that are none or touch"));
            }
            lacking.push((at + skipped, at + skipped + count));
            at += skipped + count;
        }
        Ok(Self {
            file: FileId { message, which },
            session,
            reached,
            lacking,
        })
    }
}

impl Piece {
    fn write(&self, w: &mut Writer) {
        w.array(5).uint(6).uint(self.session);
        w.uint(self.number).uint(self.sent).bytes(&self.bytes);
    }

    fn read_fields(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            session: r.uint("session")?,
            number: r.uint("number")?,
            sent: r.uint("sent")?,
            bytes: r.bytes("piece", limits::PIECE)?.to_vec(),
        })
    }
}

/// The name of a boot.
pub(crate) fn read_prefix(r: &mut Reader<'_>) -> Result<BootPrefix, DecodeError> {
    let prefix = r.bytes("boot", 16)?;
    if prefix.len() < PREFIX {
        return Err(invalid("boot: prefix too short"));
    }
    Ok(prefix.to_vec())
}
