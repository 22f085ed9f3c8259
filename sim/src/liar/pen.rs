//! What a liar signs, and what it leaves unsigned.

use std::collections::BTreeMap;

use openline_proto::bodies::Body as FrameBody;
use openline_proto::fragments;
use openline_proto::packed;
use openline_seal::Agreement;
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::{Kind, Mark, Precedence, SilenceReason, Stage, Stream};
use openline_wire::compress::{Codec, Effort};
use openline_wire::entry::{self, Body, Entry, SignedEntry};
use openline_wire::fact::{Fact, Frontier, Receipt, Silence, Start};
use openline_wire::header::{Actor, Chain, Head, Header};
use openline_wire::ids::{Author, BootId, Digest, EntryId, LineId, NodeId};
use openline_wire::key::Signature;
use openline_wire::limits;

use super::{Loot, Speech};
use crate::dice::Dice;
use crate::node::{LINE, Node};

/// What it has written so far.
#[derive(Default)]
pub(crate) struct Book {
    /// The story that it goes on with: how long each of its chains is, and the last entry of it.
    ends: BTreeMap<Stream, (u64, Option<EntryId>)>,
    /// All that it signed, two at one place included.
    pub(super) signed: Vec<Entry>,
    published: usize,
    codec: Codec,
}

impl Book {
    /// Names what was signed since the last call.
    pub(super) fn publish(&mut self, mut name: impl FnMut(EntryId, Header)) {
        for entry in &self.signed[self.published..] {
            name(entry.id(), entry.header().clone());
        }
        self.published = self.signed.len();
    }
}

#[derive(Clone, Copy, Debug)]
enum Lie {
    /// None: what it is to contradict must be said first.
    GoesOn,
    SecondAtOnePlace,
    SaidAgain,
    Fork,
    FalseHeads,
    StrangeTime,
    ReplyToNothing,
    ReceiptForNothing,
    KindOfNobody,
    EndlessSilence,
    OfARing,
    FarAhead,
    InAnothersName,
    Stranger,
}

const LIES: [(Lie, u64); 14] = [
    (Lie::GoesOn, 30),
    (Lie::SecondAtOnePlace, 30),
    (Lie::SaidAgain, 20),
    (Lie::Fork, 8),
    (Lie::FalseHeads, 15),
    (Lie::StrangeTime, 6),
    (Lie::ReplyToNothing, 4),
    (Lie::ReceiptForNothing, 4),
    (Lie::KindOfNobody, 4),
    (Lie::EndlessSilence, 4),
    (Lie::OfARing, 30),
    (Lie::FarAhead, 8),
    (Lie::InAnothersName, 25),
    (Lie::Stranger, 6),
];

/// Who writes, with what.
pub(super) struct Pen<'a, A: Agreement> {
    pub(super) dice: &'a mut Dice,
    pub(super) node: &'a Node<A>,
    pub(super) author: Author,
    pub(super) loot: &'a Loot,
    pub(super) book: &'a mut Book,
}

impl<A: Agreement> Pen<'_, A> {
    /// A frame with a few entries.
    pub(super) fn speech(&mut self) -> Speech {
        let mut lies = Vec::new();
        let mut entries = Vec::new();
        for _ in 0..self.dice.between(1, 3) {
            let lie = LIES[self.dice.weighted(LIES.iter().map(|(_, weight)| *weight))].0;
            if let Some(entry) = self.write(lie) {
                lies.push(lie);
                entries.push(entry);
            }
        }
        let place = |entry: &Entry| (entry.header().chain(), entry.header().sequence);
        let own = |entry: &&Entry| self.book.signed.contains(entry);
        let mut carried: Vec<_> = entries
            .iter()
            .filter(own)
            .map(|entry| (place(entry), entry.id()))
            .collect();
        let packed = entries
            .iter()
            .map(|entry| {
                packed::whole(
                    entry,
                    packed::body(entry, &mut self.book.codec, Effort::Full),
                )
            })
            .collect();
        let body = FrameBody::Entries(packed).to_bytes();
        let mut plaintexts = vec![body];
        if plaintexts[0].len() > limits::FRAME_PLAINTEXT {
            let pieces = fragments::cut(self.dice.below(1 << 40), &plaintexts[0]);
            let pieces = pieces.into_iter().map(FrameBody::Fragment);
            plaintexts = pieces.map(|piece| piece.to_bytes()).collect();
            // No frame of them is a promise: each may be lost.
            carried.clear();
        }
        Speech {
            what: format!("{lies:?}"),
            plaintexts,
            carried,
        }
    }

    fn write(&mut self, lie: Lie) -> Option<Entry> {
        let stream = self.dice.pick(Stream::ALL)?;
        match lie {
            Lie::GoesOn => self.goes_on(stream, |_| {}),
            Lie::SecondAtOnePlace => self.second_at_one_place(),
            Lie::SaidAgain => {
                let at = self.dice.below(self.book.signed.len() as u64);
                self.book.signed.get(at as usize).cloned()
            }
            Lie::Fork => {
                let mut header = self.header(stream);
                header.previous.as_mut()?.0 = self.dice.bytes();
                self.sign(header)
            }
            Lie::FalseHeads => {
                let heads = self.false_heads();
                self.goes_on(stream, |header| header.heads = heads)
            }
            Lie::StrangeTime => {
                let times = [0, 1, limits::LATEST_TIME_MS, self.loot.wall + 86_400_000];
                let time = self.dice.pick(&times)?;
                self.goes_on(stream, |header| header.time = time)
            }
            Lie::ReplyToNothing => {
                let id = EntryId(self.dice.bytes());
                self.goes_on(stream, |header| header.reply_to = Some(id))
            }
            Lie::ReceiptForNothing => {
                let stage = self.dice.pick(Stage::ALL)?;
                let targets = vec![EntryId(self.dice.bytes())];
                let fact = Fact::Receipt(Receipt { stage, targets });
                self.of_kind(stream, Kind::Receipt, &fact)
            }
            Lie::KindOfNobody => self.of_kind(stream, Kind::Unknown(4_711), &Fact::Unknown),
            Lie::EndlessSilence => {
                let fact = Fact::Silence(Silence {
                    from: 0,
                    until: limits::LATEST_TIME_MS,
                    reason: SilenceReason::Other,
                });
                self.of_kind(stream, Kind::Silence, &fact)
            }
            Lie::OfARing => self.of_a_ring(stream),
            Lie::FarAhead => {
                let gaps = [1, 1, 2, 40, limits::AHEAD, 1 << 40, u64::MAX - 1_000];
                let gap = self.dice.pick(&gaps)?;
                let mut header = self.header(stream);
                header.sequence += gap;
                header.previous = Some(EntryId(self.dice.bytes()));
                self.as_message(&mut header);
                self.sign(header)
            }
            Lie::InAnothersName => self.in_anothers_name(),
            Lie::Stranger => self.stranger(stream),
        }
    }

    /// The next entry of its own story.
    fn header(&mut self, stream: Stream) -> Header {
        let (sequence, previous) = self.book.ends.get(&stream).copied().unwrap_or_default();
        let mut header = Header {
            line: LINE,
            author: self.author,
            stream,
            sequence,
            previous,
            heads: Vec::new(),
            time: self.loot.wall,
            kind: Kind::Message,
            mark: Mark::Real,
            precedence: self.dice.pick(Precedence::ALL).unwrap_or(Precedence::Flash),
            reply_to: None,
            actor: Actor::station(),
            fact: Vec::new(),
            commitment: None,
        };
        if (stream, sequence) == (Stream::Urgent, 0) {
            header.kind = Kind::Start;
            header.fact = self.start().to_bytes();
        }
        header
    }

    fn as_message(&self, header: &mut Header) {
        (header.kind, header.fact) = (Kind::Message, Vec::new());
    }

    /// A start that names what its node holds, less, more, or what nobody holds.
    fn start(&mut self) -> Start {
        let mut frontier = Vec::new();
        for (chain, size, last) in &self.loot.ends {
            let is_own = chain.author.node == self.author.node && chain.author != self.author;
            if is_own && self.dice.chance(600) {
                let sizes = [*size, *size, 1, size + 5, u64::MAX];
                frontier.push(Frontier {
                    boot: chain.author.boot,
                    stream: chain.stream,
                    size: self.dice.pick(&sizes).unwrap_or(1),
                    last: *last,
                    root: Digest(self.dice.bytes()),
                });
            }
        }
        let strange = self.dice.pick(&[0, 0, 0, 1, 4]);
        for _ in 0..strange.unwrap_or(0) {
            frontier.push(Frontier {
                boot: BootId(self.dice.bytes()),
                stream: Stream::Urgent,
                size: self.dice.between(1, 9),
                last: EntryId(self.dice.bytes()),
                root: Digest(self.dice.bytes()),
            });
        }
        frontier.sort_by_key(|end| (end.boot, end.stream));
        Start { frontier }
    }

    fn false_heads(&mut self) -> Vec<Head> {
        let mut heads = BTreeMap::new();
        for _ in 0..self.dice.between(1, 3) {
            let at = self.dice.below(self.loot.ends.len() as u64) as usize;
            let Some((chain, size, last)) = self.loot.ends.get(at) else {
                continue;
            };
            let head = match self.dice.below(4) {
                0 => (*chain, *size, EntryId(self.dice.bytes())),
                1 => (*chain, size + self.dice.between(1, 1_000), *last),
                2 => (*chain, u64::MAX, *last),
                _ => {
                    let boot = BootId(self.dice.bytes());
                    let author = Author {
                        boot,
                        ..chain.author
                    };
                    (Chain { author, ..*chain }, 3, *last)
                }
            };
            heads.insert(head.0, head);
        }
        let heads = heads.into_values();
        heads
            .map(|(chain, size, last)| Head { chain, size, last })
            .collect()
    }

    pub(super) fn of_kind(&mut self, stream: Stream, kind: Kind, fact: &Fact) -> Option<Entry> {
        self.goes_on(stream, |header| {
            if header.kind != Kind::Start {
                (header.kind, header.fact) = (kind, fact.to_bytes());
            }
        })
    }

    fn goes_on(&mut self, stream: Stream, change: impl FnOnce(&mut Header)) -> Option<Entry> {
        let mut header = self.header(stream);
        change(&mut header);
        let entry = self.sign(header)?;
        let end = (entry.header().sequence + 1, Some(entry.id()));
        self.book.ends.insert(stream, end);
        Some(entry)
    }

    fn second_at_one_place(&mut self) -> Option<Entry> {
        let at = self.dice.below(self.book.signed.len() as u64) as usize;
        let mut header = self.book.signed.get(at)?.header().clone();
        header.time = self.loot.wall.wrapping_add(self.dice.between(1, 1_000));
        self.sign(header)
    }

    fn sign(&mut self, header: Header) -> Option<Entry> {
        let (header, body) = self.with_body(header);
        let signature = self.node.sign(&entry::to_be_signed(&header));
        let signed = SignedEntry::new(header, signature, body).ok()?;
        let entry = signed.trust_own_store();
        self.book.signed.push(entry.clone());
        Some(entry)
    }

    /// A text, or what is none.
    fn with_body(&mut self, mut header: Header) -> (Vec<u8>, Option<Body>) {
        let len = self.dice.between(0, 60) as usize;
        let body = Body {
            salt: self.dice.bytes(),
            content: self.dice.noise(len),
        };
        let has_body = header.kind == Kind::Message;
        header.commitment = has_body.then(|| body.commitment());
        (header.to_bytes(), has_body.then_some(body))
    }

    /// The next entry of an honest boot, with a signature that is not its node's.
    fn in_anothers_name(&mut self) -> Option<Entry> {
        let at = self.dice.below(self.loot.ends.len() as u64) as usize;
        let (chain, size, last) = *self.loot.ends.get(at)?;
        let mut header = self.header(chain.stream);
        (header.author, header.sequence) = (chain.author, size);
        header.previous = Some(last);
        self.as_message(&mut header);
        let (bytes, body) = self.with_body(header);
        let by_own_key = chain.author.node != self.author.node && self.dice.chance(500);
        let signature = match by_own_key {
            true => self.node.sign(&entry::to_be_signed(&bytes)),
            false => Signature(self.dice.bytes()),
        };
        let forged = SignedEntry::new(bytes, signature, body).ok()?;
        Some(forged.trust_own_store())
    }

    /// For another line, by a node that nobody certified, or by a node in another party's name.
    fn stranger(&mut self, stream: Stream) -> Option<Entry> {
        let mut header = self.header(stream);
        match self.dice.below(3) {
            0 => header.line = LineId(self.dice.bytes()),
            1 => header.author.node = NodeId(self.dice.bytes()),
            _ => header.author.party = self.node.peer.party,
        }
        let (bytes, body) = self.with_body(header);
        let signature = self.node.sign(&entry::to_be_signed(&bytes));
        let strange = SignedEntry::new(bytes, signature, body).ok()?;
        Some(strange.trust_own_store())
    }
}
