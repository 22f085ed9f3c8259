//! Writes entries as a boot would, from fixed seeds and at fixed times, so that every run makes the
//! same bytes. Shared by the unit tests, the situations and the vector generator.

use std::collections::BTreeMap;

use ed25519_dalek::{Signer as _, SigningKey};
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::{Attestation, Kind, Mark, Precedence, Stage, Stream};
use openline_wire::entry::{Body, Entry, SignedEntry, to_be_signed};
use openline_wire::fact::{Fact, Frontier, Receipt, Start};
use openline_wire::header::{Actor, Chain, Head, Header};
use openline_wire::ids::{Author, BootId, EntryId, LineId, NodeId, PartyId};
use openline_wire::key::{NodeKey, Signature};
use openline_wire::text::Text;

/// 2022-05-19 12:00 UTC, in milliseconds.
const NOON: u64 = 1_652_961_600_000;

/// What an author decides about an entry; the rest follows from his chains.
#[derive(Clone)]
pub struct Draft {
    pub stream: Stream,
    pub kind: Kind,
    pub mark: Mark,
    pub precedence: Precedence,
    pub reply_to: Option<EntryId>,
    pub fact: Vec<u8>,
    pub body: Option<Vec<u8>>,
}

/// One boot of one node of one party, with its chains so far.
#[derive(Clone)]
pub struct Boot {
    pub line: LineId,
    pub author: Author,
    pub clock: u64,
    key: SigningKey,
    /// The last entry of each of its chains.
    tips: BTreeMap<Stream, (u64, EntryId)>,
    /// What it holds of others' chains, and what each of its own chains has said of that.
    holds: BTreeMap<Chain, (u64, EntryId)>,
    said: BTreeMap<Stream, BTreeMap<Chain, (u64, EntryId)>>,
    start: Option<EntryId>,
}

impl Boot {
    /// The first boot of the only node of party `seed`.
    pub fn new(seed: u8) -> Self {
        Self::of(seed, SigningKey::from_bytes(&[seed; 32]), 1)
    }

    fn of(party: u8, key: SigningKey, boot: u8) -> Self {
        let author = Author {
            party: PartyId([party; 32]),
            node: node_key(&key).id(),
            boot: BootId([boot; 16]),
        };
        Self {
            line: LineId([0x11; 32]),
            author,
            clock: NOON + u64::from(boot) * 3_600_000,
            key,
            tips: BTreeMap::new(),
            holds: BTreeMap::new(),
            said: BTreeMap::new(),
            start: None,
        }
    }

    /// A later boot of the same node, its chains still empty, its clock an hour on.
    pub fn reboot(&self, boot: u8) -> Self {
        Self::of(self.author.party.0[0], self.key.clone(), boot)
    }

    pub fn node(&self) -> NodeId {
        self.author.node
    }

    pub fn node_key(&self) -> NodeKey {
        node_key(&self.key)
    }

    pub fn chain(&self, stream: Stream) -> Chain {
        Chain {
            author: self.author,
            stream,
        }
    }

    /// Takes entries of others in, so that the next entry of each chain names them.
    pub fn hold<'a>(&mut self, entries: impl IntoIterator<Item = &'a Entry>) {
        for entry in entries {
            let head = (entry.header().sequence + 1, entry.id());
            self.holds.insert(entry.header().chain(), head);
        }
    }

    /// Lets a chain repeat heads that it should not.
    pub fn forget_said(&mut self, stream: Stream) {
        self.said.remove(&stream);
    }

    pub fn start(&mut self, frontier: &[Frontier], heads: &[Head]) -> Entry {
        let heads = heads.iter().map(|h| (h.chain, (h.size, h.last)));
        self.holds.extend(heads);
        let frontier = frontier.to_vec();
        let fact = Fact::Start(Start { frontier }).to_bytes();
        let entry = self.write(Draft {
            kind: Kind::Start,
            fact,
            ..draft(Precedence::Flash, None)
        });
        // The other chains count from what the start has said.
        let said = self.said[&Stream::Urgent].clone();
        self.said.insert(Stream::Traffic, said.clone());
        self.said.insert(Stream::Service, said);
        self.start = Some(entry.id());
        entry
    }

    pub fn flash(&mut self, text: &str) -> Entry {
        self.write(draft(Precedence::Flash, Some(text)))
    }

    pub fn routine(&mut self, text: &str) -> Entry {
        self.write(draft(Precedence::Routine, Some(text)))
    }

    pub fn read(&mut self, messages: &[EntryId]) -> Entry {
        let mut targets = messages.to_vec();
        targets.sort();
        let stage = Stage::Read;
        self.write(Draft {
            kind: Kind::Receipt,
            fact: Fact::Receipt(Receipt { stage, targets }).to_bytes(),
            ..draft(Precedence::Flash, None)
        })
    }

    /// Writes the next entry of a chain.
    pub fn write(&mut self, draft: Draft) -> Entry {
        let header = self.header(&draft);
        let body = body_of(&header, draft.body);
        let commitment = body.as_ref().map(Body::commitment);
        self.sign(
            Header {
                commitment,
                ..header
            },
            body,
        )
    }

    /// The header of the next entry, without its commitment; the chain goes on only when it is signed.
    pub fn header(&self, draft: &Draft) -> Header {
        let (sequence, previous) = match self.tips.get(&draft.stream) {
            Some((size, last)) => (*size, Some(*last)),
            None => (0, None),
        };
        Header {
            line: self.line,
            author: self.author,
            stream: draft.stream,
            sequence,
            previous,
            heads: self.moved(draft.stream, sequence),
            time: self.clock + 1_000 * sequence,
            kind: draft.kind,
            mark: draft.mark,
            precedence: draft.precedence,
            reply_to: draft.reply_to,
            actor: actor(draft.kind),
            fact: draft.fact.clone(),
            commitment: None,
        }
    }

    /// What moved since the previous entry of this chain.
    fn moved(&self, stream: Stream, sequence: u64) -> Vec<Head> {
        let said = self.said.get(&stream);
        let is_new = |chain: &Chain, at: &(u64, EntryId)| {
            said.is_none_or(|said| said.get(chain) != Some(at))
        };
        let mut heads: BTreeMap<_, _> = self.holds.clone();
        heads.retain(|chain, at| is_new(chain, at));
        if let (0, Some(start), true) = (sequence, self.start, stream != Stream::Urgent) {
            heads.insert(self.chain(Stream::Urgent), (1, start));
        }
        let head = |(chain, (size, last))| Head { chain, size, last };
        heads.into_iter().map(head).collect()
    }

    /// Signs a header as it is, right or wrong, and lets its chain go on behind it.
    pub fn sign(&mut self, header: Header, body: Option<Body>) -> Entry {
        let entry = self.sign_beside(&header, body);
        let said = self.said.entry(header.stream).or_default();
        said.extend(header.heads.iter().map(|h| (h.chain, (h.size, h.last))));
        let size = header.sequence + 1;
        self.tips.insert(header.stream, (size, entry.id()));
        entry
    }

    /// Signs a header as it is; the chain does not notice.
    pub fn sign_beside(&self, header: &Header, body: Option<Body>) -> Entry {
        let bytes = header.to_bytes();
        let signature = self.sign_bytes(&bytes);
        let signed = SignedEntry::new(bytes, signature, body).expect("a header of our own making");
        signed.verify(&self.node_key()).expect("our own signature")
    }

    pub fn sign_bytes(&self, header_bytes: &[u8]) -> Signature {
        Signature(self.key.sign(&to_be_signed(header_bytes)).to_bytes())
    }
}

/// A message, or without a text the frame of something else.
pub fn draft(precedence: Precedence, text: Option<&str>) -> Draft {
    Draft {
        stream: precedence.stream(),
        kind: Kind::Message,
        mark: Mark::Real,
        precedence,
        reply_to: None,
        fact: Vec::new(),
        body: text.map(text_body),
    }
}

pub fn text_body(text: &str) -> Vec<u8> {
    let language = if text.is_ascii() { "en" } else { "ru" };
    let text = Text {
        language: language.to_owned(),
        text: text.to_owned(),
        ..Text::default()
    };
    text.to_bytes()
}

/// A body with a salt that differs from entry to entry.
pub fn body_of(header: &Header, content: Option<Vec<u8>>) -> Option<Body> {
    let mut salt = header.author.boot.0;
    salt[0] ^= header.stream.code() as u8;
    salt[8..].copy_from_slice(&header.sequence.to_be_bytes());
    content.map(|content| Body { salt, content })
}

pub fn entry_id(byte: u8) -> EntryId {
    EntryId([byte; 32])
}

fn actor(kind: Kind) -> Actor {
    match kind {
        Kind::Verifying => Actor::station(),
        kind if is_by_a_person(kind) => person(),
        _ => Actor::station(),
    }
}

fn is_by_a_person(kind: Kind) -> bool {
    let is_said = matches!(kind, Kind::Message | Kind::ServiceNote);
    let is_of_a_watch = kind.is_of_the_watch() || kind.is_of_a_suspension();
    let is_of_the_line = kind.is_of_an_exercise() || kind == Kind::ReachableAt;
    is_said || kind.is_of_a_contact() || is_of_a_watch || is_of_the_line
}

pub fn person() -> Actor {
    Actor {
        name: "Lt. Orlova".to_owned(),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    }
}

fn node_key(key: &SigningKey) -> NodeKey {
    NodeKey::from_bytes(&key.verifying_key().to_bytes()).expect("a key of our own making")
}
