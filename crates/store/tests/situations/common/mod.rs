//! What the tests of the store share: parties that sign entries, and homes to keep them in.
pub mod home;

use std::path::Path;

use ed25519_dalek::{Signer as _, SigningKey};
use openline_proto::contract::{Change, StoredEntry};
use openline_record::tree::Edge;
use openline_store::{Nodes, StorageKey, Store};
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Attestation, Kind, Mark, Precedence, Stage, Stream};
use openline_wire::entry::{Body, Entry, SignedEntry, to_be_signed};
use openline_wire::fact::{Fact, Receipt, Start};
use openline_wire::header::{Actor, Chain, Header};
use openline_wire::ids::{Author, BootId, EntryId, LineId, PartyId};
use openline_wire::key::{NodeKey, Signature};
use openline_wire::text::Text;
use zeroize::Zeroizing;

pub const LINE: LineId = LineId([0x11; 32]);
pub const NOON: u64 = 1_800_000_000_000;

pub const KEY: [u8; 32] = [0x5A; 32];

pub fn key() -> StorageKey {
    StorageKey::new(Zeroizing::new(KEY))
}

pub fn open(home: &Path) -> Store {
    Store::open(home, &key()).unwrap()
}

/// One boot of a party, which signs entries and keeps the chains' progress as the core does.
pub struct Boot {
    signing: SigningKey,
    pub author: Author,
    chains: [(Edge, Option<EntryId>); 3],
    cursor: u64,
    pub time: u64,
}

impl Boot {
    /// A boot of the party with this number, which is also its node's.
    pub fn new(party: u8, boot: u8) -> Self {
        let signing = SigningKey::from_bytes(&[party; 32]);
        let node = NodeKey::from_bytes(&signing.verifying_key().to_bytes()).unwrap();
        let author = Author {
            party: PartyId([party; 32]),
            node: node.id(),
            boot: BootId([boot; 16]),
        };
        Self {
            signing,
            author,
            chains: Default::default(),
            cursor: 0,
            time: NOON,
        }
    }

    /// Cursors go on from here: a station counts all that it stores on a line.
    pub fn after(mut self, cursor: u64) -> Self {
        self.cursor = cursor;
        self
    }

    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    pub fn chain(&self, stream: Stream) -> Chain {
        Chain {
            author: self.author,
            stream,
        }
    }

    /// The boot's first entry.
    pub fn start(&mut self) -> Vec<Change> {
        let fact = Fact::Start(Start { frontier: vec![] });
        self.write(Stream::Urgent, Kind::Start, fact, None)
    }

    /// A message, and its chain's progress.
    pub fn say(&mut self, text: &str) -> Vec<Change> {
        self.write(Stream::Traffic, Kind::Message, Fact::None, Some(text))
    }

    /// A service note.
    pub fn note(&mut self, text: &str) -> Vec<Change> {
        self.write(Stream::Service, Kind::ServiceNote, Fact::None, Some(text))
    }

    /// A receipt.
    pub fn receipt(&mut self, stage: Stage, mut targets: Vec<EntryId>) -> Vec<Change> {
        targets.sort();
        let fact = Fact::Receipt(Receipt { stage, targets });
        self.write(Stream::Traffic, Kind::Receipt, fact, None)
    }

    /// An entry of any kind, signed, and the progress of its chain.
    pub fn write(
        &mut self,
        stream: Stream,
        kind: Kind,
        fact: Fact,
        text: Option<&str>,
    ) -> Vec<Change> {
        self.cursor += 1;
        let body = text.map(|text| body(self.cursor, text));
        let header = self.header(stream, kind, fact, body.as_ref());
        let entry = self.sign(&header, body);
        let (edge, last) = &mut self.chains[stream as usize];
        edge.append(entry.id());
        *last = Some(entry.id());
        let progress = Change::Progress {
            line: LINE,
            chain: entry.header().chain(),
            size: edge.size(),
            last: entry.id(),
            edge: edge.to_bytes(),
        };
        vec![stored(entry, self.cursor), progress]
    }

    /// A header that continues a chain.
    pub fn header(&self, stream: Stream, kind: Kind, fact: Fact, body: Option<&Body>) -> Header {
        let (edge, last) = &self.chains[stream as usize];
        Header {
            line: LINE,
            author: self.author,
            stream,
            sequence: edge.size(),
            previous: *last,
            heads: Vec::new(),
            time: self.time,
            kind,
            mark: Mark::Real,
            precedence: Precedence::Routine,
            reply_to: None,
            actor: Actor {
                name: "Lt. Orlova".to_owned(),
                attestation: Attestation::Claimed,
                evidence: String::new(),
            },
            fact: fact.to_bytes(),
            commitment: body.map(Body::commitment),
        }
    }

    pub fn sign(&self, header: &Header, body: Option<Body>) -> Entry {
        let bytes = header.to_bytes();
        let signature = Signature(self.signing.sign(&to_be_signed(&bytes)).to_bytes());
        let key = NodeKey::from_bytes(&self.signing.verifying_key().to_bytes()).unwrap();
        let signed = SignedEntry::new(bytes, signature, body).unwrap();
        signed.verify(&key).unwrap()
    }

    /// This boot's node, as a card certifies it.
    pub fn certified(&self, nodes: &mut Nodes) {
        let key = NodeKey::from_bytes(&self.signing.verifying_key().to_bytes()).unwrap();
        nodes.insert(self.author.node, (self.author.party, key));
    }
}

pub fn nodes(boots: &[&Boot]) -> Nodes {
    let mut nodes = Nodes::new();
    boots.iter().for_each(|boot| boot.certified(&mut nodes));
    nodes
}

pub fn stored(entry: Entry, cursor: u64) -> Change {
    Change::Entry(StoredEntry {
        line: LINE,
        received: NOON + cursor,
        cursor,
        entry: std::sync::Arc::new(entry),
    })
}

/// A body whose salt is drawn from a number, so that runs are alike.
pub fn body(salt: u64, text: &str) -> Body {
    let text = Text {
        language: "en".to_owned(),
        text: text.to_owned(),
        ..Text::default()
    };
    let mut bytes = [0xD7; 16];
    bytes[..8].copy_from_slice(&salt.to_be_bytes());
    Body {
        salt: bytes,
        content: text.to_bytes(),
    }
}

/// The entry in a batch that consists of one and its progress.
pub fn entry_of(changes: &[Change]) -> &Entry {
    match &changes[0] {
        Change::Entry(stored) => &stored.entry,
        other => panic!("not an entry: {other:?}"),
    }
}

/// Runs one test of this very program again in a process of its own, in which [`worker_home`] is set.
pub fn worker(test: &str, home: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.env(WORKER, home);
    command
}

/// The home to work on, if this process is a worker.
pub fn worker_home() -> Option<std::path::PathBuf> {
    std::env::var_os(WORKER).map(Into::into)
}

const WORKER: &str = "OPENLINE_STORE_WORKER";

/// Whether the tests run with the rights of root, who may write everywhere.
pub fn is_root(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().unwrap().uid() == 0
}
