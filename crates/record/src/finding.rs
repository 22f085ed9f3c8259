//! What the verifier finds wrong, and where: party, node, boot, stream, sequence and field.

use core::fmt;
use std::ops::Range;

use openline_wire::cbor::DecodeError;
use openline_wire::header::{Chain, Header};
use openline_wire::ids::{Digest, EntryId, PartyId};
use thiserror::Error;

use crate::chain::LinkError;

/// A place in a chain, which one entry at most may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The chain: party, node, boot and stream.
    pub chain: Chain,
    /// The sequence in it, from 0.
    pub sequence: u64,
}

impl Place {
    /// The place that a header claims.
    pub fn of(header: &Header) -> Self {
        Self {
            chain: header.chain(),
            sequence: header.sequence,
        }
    }
}

/// For a person who compares: the first digits of party, node and boot, the stream, the sequence.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Chain { author, stream } = &self.chain;
        let (party, node, boot) = (&author.party, &author.node, &author.boot);
        write!(
            f,
            "party {} node {} boot {} stream {} sequence {}",
            party.short(),
            node.short(),
            boot.short(),
            stream.word(),
            self.sequence
        )
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// One entry.
    Entry(Place),
    /// A whole chain of a record file.
    Chain(Chain),
    /// These bytes of a record file.
    File(Range<u64>),
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(place) => place.fmt(f),
            Self::Chain(Chain { author, stream }) => write!(
                f,
                "party {} node {} boot {} stream {}",
                author.party.short(),
                author.node.short(),
                author.boot.short(),
                stream.word()
            ),
            Self::File(bytes) => write!(f, "bytes {} to {} of the file", bytes.start, bytes.end),
        }
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident $word:literal,)*) => {
        /// Which part of an entry or of a record file is wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Field { $($(#[$doc])* $name,)* }

        impl Field {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word used in JSON and on the screen.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

fields! {
    /// What holds the parts of an entry together: CBOR lengths and markers.
    Framing "framing",
    /// The signed header.
    Header "header",
    /// Its signature.
    Signature "signature",
    /// Body or salt.
    Body "body",
    /// Line, in the header.
    Line "line",
    /// Party, node and boot, in the header.
    Author "author",
    /// Stream, in the header.
    Stream "stream",
    /// Sequence, in the header.
    Sequence "sequence",
    /// Previous hash, in the header.
    Previous "previous",
    /// Heads, in the header.
    Heads "heads",
    /// The frontier of a start.
    Frontier "frontier",
    /// A target of a receipt.
    ReceiptTarget "receipt-target",
    /// The entry that is answered.
    ReplyTo "reply-to",
    /// What the outcome of a ring cites.
    Grounds "ring-grounds",
    /// How often the officer of a watch confirms, in what begins it.
    Confirms "confirms",
    /// The charter in the head of a record file, or the line's in a home.
    Charter "charter",
    /// A card there.
    Card "card",
    /// The head of a record file.
    FileHead "file-head",
    /// What announces a chain in a record file.
    Heading "chain-heading",
    /// What closes a chain in a record file.
    Closing "chain-closing",
    /// What closes a record file.
    FileEnd "file-end",
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The bytes can't be read.
    #[error(transparent)]
    Unreadable(#[from] DecodeError),
    /// The signature is not the node's over this header.
    #[error("the signature does not verify")]
    Signature,
    /// No card certifies this node.
    #[error("no card certifies this node")]
    UnknownNode,
    /// The node belongs to another party than the header says.
    #[error("the node belongs to another party")]
    OtherParty,
    /// The entry does not follow the one before it.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The body is not the one that the header commits to.
    #[error("the body is not the one that was signed")]
    Body,
    /// An urgent message outside the urgent stream, or another message in it (rule 7).
    #[error("an urgent message belongs in the urgent stream, and no other does")]
    Stream,
    /// The same entry once more.
    #[error("the same entry stands here twice")]
    Twice,
    /// Another entry at a place that is taken: its author signed both.
    #[error("its author signed another entry, {held}, for this place")]
    Fork {
        /// The entry that is held there.
        held: EntryId,
    },
    /// A head names another last entry than the one held at that place.
    #[error("it names {got} as entry {size} of a chain where {held} is held")]
    HeadDiffers {
        /// The chain it speaks of.
        chain: Box<Chain>,
        /// How many entries it claims.
        size: u64,
        /// The entry held at that place.
        held: EntryId,
        /// The entry that it names.
        got: EntryId,
    },
    /// A frontier names another tree root than the chain held has at that size.
    #[error("it names {got} as root of {size} entries whose root is {held}")]
    RootDiffers {
        /// The chain it speaks of.
        chain: Box<Chain>,
        /// The size of the tree.
        size: u64,
        /// The root of what is held.
        held: Digest,
        /// The root that it names.
        got: Digest,
    },
    /// A start lists a chain of its own boot as an earlier one.
    #[error("a start lists a chain of its own boot")]
    OwnFrontier,
    /// A node with more boots than coverage is computed for.
    #[error("{boots} boots of one node; at most {limit} can be compared")]
    TooManyBoots {
        /// Starts held.
        boots: u64,
        /// What is compared.
        limit: u64,
    },
    /// A receipt for a message of its own party.
    #[error("a receipt for a message of its own party")]
    OwnMessage,
    /// A receipt for something that nobody reads.
    #[error("a receipt for an entry that carries no text")]
    NoMessage,
    /// An officer promises to confirm less often than the charter says.
    #[error("its officer confirms every {got} ms, and the charter asks for {longest} ms at most")]
    TooSeldom {
        /// What the charter asks for.
        longest: u64,
        /// What he promises.
        got: u64,
    },
    /// There is no charter.
    #[error("there is no charter")]
    CharterMissing,
    /// Its author compared the safety number under another charter.
    #[error("its author signed charter {got}, but here stands charter {held}")]
    CharterDiffers {
        /// SHA-256 of the charter that is here.
        held: Digest,
        /// The one that the entry names.
        got: Digest,
    },
    /// Its author compared the safety number of a card that is not here.
    #[error("its author signed card {got}, which is not here")]
    CardDiffers {
        /// SHA-256 of the card that the entry names.
        got: Digest,
    },
    /// A card of a party that is not on the line.
    #[error("a card of party {party}, which the charter does not name")]
    ForeignCard {
        /// Whose it is.
        party: PartyId,
    },
    /// A heading with no entry under it.
    #[error("a heading announces a chain, and no entry of it follows")]
    EmptyChain,
    /// The file says that a party wrote it of which it has no card.
    #[error("it names a party without a card as the one that wrote it")]
    Exporter,
    /// An entry stands under the heading of another chain.
    #[error("it stands under the heading of another chain")]
    UnderOtherHeading,
    /// The chains of a file are not in ascending order, or one comes twice.
    #[error("the chains are not in ascending order")]
    ChainOrder,
    /// The parts of a file come in an order that has no meaning.
    #[error("found where it does not belong, expected {expected}")]
    Misplaced {
        /// What belongs there.
        expected: &'static str,
    },
    /// The file says another size of a chain than the entries have.
    #[error("the file says {got} entries without a gap, but holds {held}")]
    ClosingSize {
        /// Entries that are in order.
        held: u64,
        /// What the file says.
        got: u64,
    },
    /// The file says another root of a chain than the entries have.
    #[error("the file says root {got}, but the entries have {held}")]
    ClosingRoot {
        /// The root of the entries.
        held: Digest,
        /// What the file says.
        got: Digest,
    },
    /// The file says another number of chains or entries than it has.
    #[error("the file says {got} {what}, but has {held}")]
    Count {
        /// Chains or entries.
        what: &'static str,
        /// What was found.
        held: u64,
        /// What the file says.
        got: u64,
    },
    /// The file's bytes are not those that were written.
    #[error("the file was changed after it was written")]
    FileDigest,
    /// The file ends early.
    #[error("the file ends early")]
    Truncated,
    /// Bytes after the end.
    #[error("bytes after the end of the file")]
    Trailing,
}

macro_rules! words {
    ($($fault:pat => $word:literal,)*) => {
        /// All words that [`Fault::word`] may give.
        pub const WORDS: &'static [&'static str] = &[$($word,)*];

        /// A word for programs; `spec/registries.md` says what each means.
        pub fn word(&self) -> &'static str {
            match self { $($fault => $word,)* }
        }
    };
}

impl Fault {
    words! {
        Self::Unreadable(_) => "unreadable",
        Self::Signature => "signature",
        Self::UnknownNode => "unknown-node",
        Self::OtherParty => "other-party",
        Self::Link(LinkError::Line { .. }) => "line",
        Self::Link(LinkError::Chain) => "chain",
        Self::Link(LinkError::Gap { .. }) => "gap",
        Self::Link(LinkError::Behind { .. }) => "behind",
        Self::Link(LinkError::Previous { .. }) => "previous",
        Self::Link(LinkError::HeadDidNotMove { .. }) => "head-did-not-move",
        Self::Link(LinkError::OwnHead) => "own-head",
        Self::Link(LinkError::StartNotCited) => "start-not-cited",
        Self::Body => "body",
        Self::Stream => "stream",
        Self::Twice => "twice",
        Self::Fork { .. } => "fork",
        Self::HeadDiffers { .. } => "head-differs",
        Self::RootDiffers { .. } => "root-differs",
        Self::OwnFrontier => "own-frontier",
        Self::TooManyBoots { .. } => "too-many-boots",
        Self::OwnMessage => "own-message",
        Self::NoMessage => "no-message",
        Self::TooSeldom { .. } => "too-seldom",
        Self::CharterMissing => "charter-missing",
        Self::CharterDiffers { .. } => "charter-differs",
        Self::CardDiffers { .. } => "card-differs",
        Self::ForeignCard { .. } => "foreign-card",
        Self::EmptyChain => "empty-chain",
        Self::Exporter => "exporter",
        Self::UnderOtherHeading => "under-other-heading",
        Self::ChainOrder => "chain-order",
        Self::Misplaced { .. } => "misplaced",
        Self::ClosingSize { .. } => "closing-size",
        Self::ClosingRoot { .. } => "closing-root",
        Self::Count { .. } => "count",
        Self::FileDigest => "file-digest",
        Self::Truncated => "truncated",
        Self::Trailing => "trailing",
    }
}

/// Something wrong, where, and what.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{at}, {}: {fault}", field.word())]
pub struct Finding {
    /// Where.
    pub at: At,
    /// Which part.
    pub field: Field,
    /// What is wrong with it.
    pub fault: Fault,
}

/// Findings up to a limit, so that a hostile record can't fill the memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    kept: Vec<Finding>,
    left_out: u64,
}

impl Findings {
    /// Findings that one report keeps; the rest is counted. A person reads the first ten.
    pub const LIMIT: usize = 1_000;

    /// Those kept, in the order in which they were found.
    pub fn kept(&self) -> &[Finding] {
        &self.kept
    }

    /// How many more there were.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Adds one, and returns its number if it was kept.
    pub(crate) fn add(&mut self, finding: Finding) -> Option<usize> {
        if self.kept.len() == Self::LIMIT {
            self.left_out += 1;
            return None;
        }
        self.kept.push(finding);
        Some(self.kept.len() - 1)
    }

    /// Says which field it was after all.
    pub(crate) fn set_field(&mut self, number: usize, field: Field) {
        self.kept[number].field = field;
    }
}
