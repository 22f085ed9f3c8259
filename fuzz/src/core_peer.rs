//! A peer that has its node's key and a real channel, and says what the choices make it say.

use std::collections::BTreeMap;

use openline_proto::bodies::{self, Body, Echo, Have, HaveChain};
use openline_proto::contract::Route;
use openline_proto::fragments::{Reassembly, cut};
use openline_proto::loss::Report;
use openline_proto::packed::{self, Packed, PackedHeader};
use openline_seal::{BearerId, KeyId, KeyMessage, KeysOutcome};
use openline_sim::node::{LINE, Node};
use openline_wire::address::Address;
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Attestation, Kind, Mark, Precedence, Stream};
use openline_wire::compress::{Codec, Effort};
use openline_wire::entry::{self, Body as Content, SignedEntry};
use openline_wire::fact::{Fact, Frontier, NumberCompared, ReachableAt, Receipt, Silence, Start};
use openline_wire::header::{Actor, Chain, Head, Header};
use openline_wire::ids::{Author, BootId, Digest, EntryId};
use openline_wire::text::Text;

use super::channel::{Pair, request_by};
use super::core_bodies::{
    claim, confirm, delta, fragment, garbage, piece, prefix, pull, stream, wants,
};
use super::core_driver::Driver;
use super::input::Choices;
use super::rings;

const UDP: BearerId = BearerId(0);

/// The peer.
pub struct Peer {
    /// Both ends of the channel.
    pub pair: Pair,
    codec: Codec,
    /// Every frame that it sealed.
    pub said: Vec<Vec<u8>>,
    /// Where its chains end, for each of its boots.
    ends: BTreeMap<(BootId, Stream), (u64, EntryId)>,
    /// The last challenge that it heard.
    heard: u64,
    introduced: Vec<KeyId>,
    answers: Vec<KeyMessage>,
    pieces: Reassembly,
    bundles: u8,
}

impl Peer {
    /// At the other end of a line just opened.
    pub fn new() -> Self {
        Self {
            pair: Pair::new(),
            codec: Codec::new(),
            said: Vec::new(),
            ends: BTreeMap::new(),
            heard: 0,
            introduced: Vec::new(),
            answers: Vec::new(),
            pieces: Reassembly::default(),
            bundles: 0,
        }
    }

    /// Our node and its own.
    pub fn nodes(&self) -> &[Node; 2] {
        &self.pair.nodes
    }

    /// Takes frames in as an honest station would; a request for a new generation is granted or not.
    pub fn hear(&mut self, frames: Vec<(Route, Vec<u8>)>, grants: bool) {
        for (_, frame) in frames {
            let Ok(opened) = self.pair.peer.open(&frame, 0) else {
                continue;
            };
            self.introduced.extend(opened.introduced);
            for body in bodies::read_all(&opened.plaintext).unwrap_or_default() {
                self.hear_body(body, grants);
            }
        }
    }

    fn hear_body(&mut self, body: Body, grants: bool) {
        match body {
            Body::Have(have) => {
                self.heard = have.challenge;
                let keys = have.confirms.iter().filter_map(|key| KeyId::new(*key));
                keys.for_each(|key| self.pair.peer.confirmed(key));
            }
            Body::Keys(bytes) => match self.pair.peer.receive_keys(&bytes, 0) {
                Ok(KeysOutcome::GenerationRequested(request)) if grants => {
                    self.answers
                        .extend(self.pair.peer.accept_generation(&request));
                }
                Ok(KeysOutcome::Answer(answer)) => self.answers.push(answer),
                _ => {}
            },
            Body::Fragment(piece) => {
                let whole = self.pieces.take(piece).unwrap_or_default();
                for body in bodies::read_all(&whole).unwrap_or_default() {
                    self.hear_body(body, grants);
                }
            }
            _ => {}
        }
    }

    /// Says something; the frames, in order.
    pub fn say(&mut self, ours: &Driver, choices: &mut Choices<'_>) -> Vec<Vec<u8>> {
        let (texts, as_request) = self.texts(ours, choices);
        let frames = texts.iter().flat_map(|text| self.seal(text, as_request));
        let frames: Vec<_> = frames.collect();
        self.said.extend(frames.iter().cloned());
        frames
    }

    /// Says something to be carried by hand.
    pub fn carry(&mut self, ours: &Driver, choices: &mut Choices<'_>) -> Vec<Vec<u8>> {
        let (texts, _) = self.texts(ours, choices);
        self.bundles += 1;
        let bundle = self.pair.peer.bundle([self.bundles; 16]);
        let Ok(mut bundle) = bundle else {
            return Vec::new();
        };
        texts.iter().flat_map(|text| bundle.seal(text)).collect()
    }

    /// Texts of frames, and whether they ask for a new generation.
    fn texts(&mut self, ours: &Driver, choices: &mut Choices<'_>) -> (Vec<Vec<u8>>, bool) {
        let kind = choices.below(13);
        let texts = match kind {
            0 => vec![choices.string().to_vec()],
            1 | 2 => vec![Body::Have(self.have(ours, choices)).to_bytes()],
            3..=5 => self.entries(ours, choices),
            6 => vec![Body::Want(wants(choices)).to_bytes()],
            7 => vec![Body::Fragment(fragment(choices)).to_bytes()],
            8 => vec![Body::Keys(self.keys(choices)).to_bytes()],
            10 => vec![Body::Confirm(confirm(ours, choices)).to_bytes()],
            11 => vec![Body::Pull(pull(ours, choices)).to_bytes()],
            12 => vec![Body::Piece(piece(choices)).to_bytes()],
            _ => self.own_keys(),
        };
        (texts, kind == 8)
    }

    fn seal(&mut self, text: &[u8], as_request: bool) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        if as_request {
            let sealed = self.pair.peer.seal_request(UDP, text);
            frames.extend(sealed.unwrap_or_default());
        }
        frames.extend(self.pair.peer.seal(UDP, text));
        frames
    }

    fn have(&mut self, ours: &Driver, choices: &mut Choices<'_>) -> Have {
        let honest = choices.coin();
        let echo = honest.then(|| Echo {
            boot: vec![1; 4],
            challenge: self.heard,
            lay: 0,
        });
        let wild = |choices: &mut Choices<'_>| Echo {
            boot: prefix(choices),
            challenge: choices.number(),
            lay: choices.number(),
        };
        Have {
            challenge: choices.number(),
            wall: choices.number() % (openline_wire::limits::LATEST_TIME_MS + 1),
            whole: choices.coin(),
            answer: choices.coin(),
            echo: echo.or_else(|| choices.coin().then(|| wild(choices))),
            confirms: if honest {
                self.introduced
                    .drain(..)
                    .map(KeyId::number)
                    .take(16)
                    .collect()
            } else {
                vec![choices.number() as u32]
            },
            report: choices.coin().then(|| Report {
                key: choices.number(),
                reached: choices.number(),
                received: choices.number(),
            }),
            chains: self.claims(ours, honest, choices),
            rings: if honest { Vec::new() } else { vec![1, 7] },
        }
    }

    fn claims(&self, ours: &Driver, honest: bool, choices: &mut Choices<'_>) -> Vec<HaveChain> {
        if honest {
            return Stream::ALL.iter().map(|s| claim(ours, *s)).collect();
        }
        let wild = |choices: &mut Choices<'_>| HaveChain {
            boot: prefix(choices),
            stream: stream(choices),
            size: choices.number(),
            ahead: (0..choices.below(3))
                .map(|_| (choices.number().max(1), choices.number().max(1)))
                .collect(),
        };
        (0..choices.below(8)).map(|_| wild(choices)).collect()
    }

    /// Entries of its own, right or wrong, in frames or in pieces.
    fn entries(&mut self, ours: &Driver, choices: &mut Choices<'_>) -> Vec<Vec<u8>> {
        let many = 1 + choices.below(3);
        let packed: Vec<Packed> = (0..many)
            .map(|_| match choices.below(8) {
                0 => garbage(choices),
                1 => delta(choices),
                _ => self.signed(ours, choices),
            })
            .collect();
        let body = Body::Entries(packed).to_bytes();
        if body.len() <= openline_wire::limits::FRAME_PLAINTEXT && choices.coin() {
            return vec![body];
        }
        let pieces = cut(choices.number(), &body).into_iter();
        pieces
            .map(|piece| Body::Fragment(piece).to_bytes())
            .collect()
    }

    /// An entry with its node's own signature.
    fn signed(&mut self, ours: &Driver, choices: &mut Choices<'_>) -> Packed {
        let boot = BootId([choices.below(3) + 1; 16]);
        let boot = if boot.0[0] == 1 {
            BootId([2; 16])
        } else {
            boot
        };
        let side = self.pair.nodes[1].side;
        let author = Author {
            party: side.party,
            node: side.node,
            boot,
        };
        let stream = stream(choices);
        let (size, last) = self
            .ends
            .get(&(boot, stream))
            .copied()
            .unwrap_or((0, EntryId([0; 32])));
        let honest = choices.below(4) > 0;
        let sequence = if honest { size } else { choices.number() };
        let previous = if honest {
            last
        } else {
            EntryId(choices.array())
        };
        let kind = kind_at(stream, sequence, choices);
        let fact = fact(ours, kind, choices);
        let body = choices.coin().then(|| content(choices));
        let header = Header {
            line: LINE,
            author,
            stream,
            sequence,
            previous: (sequence > 0).then_some(previous),
            heads: heads(ours, choices),
            time: choices.number() % (openline_wire::limits::LATEST_TIME_MS + 1),
            kind,
            mark: Mark::ALL[usize::from(choices.below(3))],
            precedence: Precedence::ALL[usize::from(choices.below(4))],
            reply_to: None,
            actor: Actor {
                name: "Lt. Orlova".to_owned(),
                attestation: Attestation::Claimed,
                evidence: String::new(),
            },
            fact,
            commitment: body.as_ref().map(Content::commitment),
        };
        self.sign(&header, body, honest)
    }

    fn sign(&mut self, header: &Header, body: Option<Content>, honest: bool) -> Packed {
        let bytes = header.to_bytes();
        let signature = self.pair.nodes[1].sign(&entry::to_be_signed(&bytes));
        match SignedEntry::new(bytes.clone(), signature, body) {
            Ok(signed) => {
                let entry = signed.trust_own_store();
                if honest {
                    let place = (header.author.boot, header.stream);
                    self.ends.insert(place, (header.sequence + 1, entry.id()));
                }
                packed::whole(&entry, packed::body(&entry, &mut self.codec, Effort::Full))
            }
            Err(_) => Packed {
                header: PackedHeader::Whole(bytes),
                signature,
                body: None,
            },
        }
    }

    /// A key message that means something to this channel, or none.
    fn keys(&mut self, choices: &mut Choices<'_>) -> Vec<u8> {
        if choices.coin() {
            return choices.string().to_vec();
        }
        let from = usize::from(choices.below(2));
        let signed = request_by(&self.pair.nodes[from], choices.number(), choices.number());
        let signature = self.pair.nodes[from].sign(&signed);
        let mut w = openline_wire::cbor::Writer::new();
        w.array(3).uint(if choices.coin() { 6 } else { 4 });
        w.bytes(&signed).bytes(&signature.0);
        w.into_bytes()
    }

    /// What its channel wants said: a Welcome's answer, an acceptance, a key package, a commit.
    fn own_keys(&mut self) -> Vec<Vec<u8>> {
        let _ = self.pair.peer.rotate();
        let mut messages: Vec<KeyMessage> = self.answers.drain(..).collect();
        messages.extend(self.pair.peer.keys_to_send().iter().cloned());
        let body = |message: KeyMessage| Body::Keys(message.bytes).to_bytes();
        messages.into_iter().map(body).collect()
    }
}

impl Default for Peer {
    fn default() -> Self {
        Self::new()
    }
}

/// A boot begins with a start, and only there; what else it says is free.
fn kind_at(stream: Stream, sequence: u64, choices: &mut Choices<'_>) -> Kind {
    let drawn = choices.below(8);
    if stream == Stream::Urgent && sequence == 0 {
        return Kind::Start;
    }
    match drawn {
        0 => Kind::Unknown(choices.number().max(100)),
        6 if sequence.is_multiple_of(2) => Kind::Ring,
        6 => Kind::Ringing,
        7 if sequence.is_multiple_of(2) => Kind::Answer,
        7 => Kind::Outcome,
        5 if sequence.is_multiple_of(3) => Kind::ReachableAt,
        5 => Kind::Message,
        at => Kind::KNOWN[usize::from(at) + 1],
    }
}

fn fact(ours: &Driver, kind: Kind, choices: &mut Choices<'_>) -> Vec<u8> {
    let fact = match kind {
        Kind::Start => Fact::Start(Start {
            frontier: frontier(choices),
        }),
        Kind::Receipt => {
            let held = ours.disk.entries().map(|stored| stored.entry.id());
            let mut targets: Vec<EntryId> = held.take(choices.byte().into()).collect();
            targets.push(EntryId(choices.array()));
            targets.sort();
            targets.dedup();
            targets.truncate(64);
            let stage = openline_wire::codes::Stage::ALL[usize::from(choices.below(2))];
            Fact::Receipt(Receipt { stage, targets })
        }
        Kind::Silence => Fact::Silence(Silence {
            from: choices.number(),
            until: choices.number(),
            reason: openline_wire::codes::SilenceReason::Restart,
        }),
        Kind::ReachableAt => {
            let many = choices.below(10);
            let url = |at: u8| Address::new(&format!("udp://192.0.2.{at}:7600"));
            let addresses = (0..many).filter_map(|_| url(choices.byte()));
            ReachableAt::new(addresses.collect()).map_or(Fact::None, Fact::ReachableAt)
        }
        kind if kind.is_of_a_ring() => rings::fact(ours, kind, choices),
        Kind::NumberCompared => Fact::NumberCompared(NumberCompared {
            own_card: Digest(choices.array()),
            other_card: Digest([1; 32]),
            charter: Digest([3; 32]),
        }),
        _ => Fact::None,
    };
    fact.to_bytes()
}

fn frontier(choices: &mut Choices<'_>) -> Vec<Frontier> {
    let chain = |choices: &mut Choices<'_>| Frontier {
        boot: BootId([choices.below(5); 16]),
        stream: stream(choices),
        size: choices.number().max(1),
        last: EntryId(choices.array()),
        root: Digest([0; 32]),
    };
    let mut frontier: Vec<Frontier> = (0..choices.below(4)).map(|_| chain(choices)).collect();
    frontier.sort_by_key(|chain| (chain.boot, chain.stream));
    frontier.dedup_by_key(|chain| (chain.boot, chain.stream));
    frontier
}

/// Heads of our chains, right or wrong.
fn heads(ours: &Driver, choices: &mut Choices<'_>) -> Vec<Head> {
    let author = ours.author();
    let head = |stream: Stream, choices: &mut Choices<'_>| {
        let chain = Chain { author, stream };
        let size = choices.number().max(1);
        let last = ours.disk.holds(&chain, size - 1);
        let last = last.unwrap_or_else(|| EntryId(choices.array()));
        Head { chain, size, last }
    };
    let streams = Stream::ALL.iter().take(choices.below(4).into());
    streams.map(|stream| head(*stream, choices)).collect()
}

fn content(choices: &mut Choices<'_>) -> Content {
    let salt = choices.array();
    let words = choices.string();
    let text = Text {
        language: "en".to_owned(),
        text: String::from_utf8_lossy(words).into_owned(),
        ..Text::default()
    };
    let content = if choices.coin() {
        text.to_bytes()
    } else {
        words.to_vec()
    };
    Content { salt, content }
}
