//! A party whose station was changed, for `openline-bench flood`: writes rings and proposals without end into the record of its
//! home, each rightly signed, in a boot of its own. Whatever station is started on that home brings them to the other side.
//!
//!     changed_peer HOME CARD_OF_THE_OTHER_PARTY COUNT

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail, ensure};
use openline::home::Home;
use openline::home::{NodeSigner, random};
use openline_proto::contract::{Change, StoredEntry};
use openline_record::tree::Edge;
use openline_store::{StorageKey, Store};
use openline_wire::card::UnverifiedCard;
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::{Attestation, Kind, Mark, Mode, Precedence, Stream};
use openline_wire::entry::{SignedEntry, to_be_signed};
use openline_wire::fact::{Fact, Proposal, Ring, Start};
use openline_wire::header::{Actor, Header};
use openline_wire::ids::{Author, BootId, EntryId, LineId};
use openline_wire::office::{OfficeId, OfficeRef};
use openline_wire::terms::Terms;
use openline_wire::zoned::Zoned;

/// Entries that are written at one time.
const BATCH: u64 = 5_000;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [home, card, count] = arguments.as_slice() else {
        bail!("usage: changed_peer HOME CARD_OF_THE_OTHER_PARTY COUNT");
    };
    let home = Home::open(Path::new(home))?;
    let other = UnverifiedCard::from_bytes(&std::fs::read(card)?)?.verify()?;
    let folders = home.line_folders()?;
    let line = folders.first().context("a home with a line")?.line();
    let head = || OfficeId::new("head").context("an office");
    let (from, to) = (home.card()?.party(), other.party());
    let ring = Ring {
        from: OfficeRef {
            party: from,
            office: head()?,
        },
        to: OfficeRef {
            party: to,
            office: head()?,
        },
        mode: Mode::Text,
        for_ms: 120_000,
        exercise: None,
    };
    let signer = home.node()?;
    let author = Author {
        party: from,
        node: signer.id(),
        boot: BootId(random()?),
    };
    let mut writer = Writer {
        line,
        author,
        signer,
        ring,
        edge: Edge::new(),
        last: None,
    };
    let mut store = Store::open(home.path(), &StorageKey::new(home.storage_key()?))?;
    ensure!(store.lines()?.is_empty(), "this station has run before");
    let mut left: u64 = count.parse()?;
    while left > 0 {
        let batch = left.min(BATCH);
        store.persist(&writer.batch(batch)?, &[])?;
        left -= batch;
    }
    Ok(())
}

struct Writer {
    line: LineId,
    author: Author,
    signer: NodeSigner,
    ring: Ring,
    edge: Edge,
    last: Option<EntryId>,
}

impl Writer {
    /// The start, then in turn a ring and a proposal in the contact that it would have made.
    fn next(&self) -> Result<(Kind, Fact)> {
        Ok(match (self.edge.size(), self.last) {
            (number, Some(contact)) if number % 2 == 0 => {
                let terms = Terms {
                    places: Vec::new(),
                    from: Zoned::new(now_ms()? / 1_000, 0).context("a time")?,
                    until: None,
                    next_contact: None,
                };
                let corrects = None;
                let proposal = Proposal {
                    contact,
                    corrects,
                    terms,
                };
                (Kind::Proposal, Fact::Proposal(proposal))
            }
            (0, _) => (
                Kind::Start,
                Fact::Start(Start {
                    frontier: Vec::new(),
                }),
            ),
            _ => (Kind::Ring, Fact::Ring(self.ring.clone())),
        })
    }

    fn batch(&mut self, count: u64) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        for _ in 0..count {
            changes.push(self.write()?);
        }
        let chain = openline_wire::header::Chain {
            author: self.author,
            stream: Stream::Urgent,
        };
        changes.push(Change::Progress {
            line: self.line,
            chain,
            size: self.edge.size(),
            last: self.last.context("an entry")?,
            edge: self.edge.to_bytes(),
        });
        Ok(changes)
    }

    fn write(&mut self) -> Result<Change> {
        let (kind, fact) = self.next()?;
        let actor = match kind {
            Kind::Start => Actor::station(),
            _ => Actor {
                name: "Nobody".to_owned(),
                attestation: Attestation::Claimed,
                evidence: String::new(),
            },
        };
        let received = now_ms()?;
        let header = Header {
            line: self.line,
            author: self.author,
            stream: Stream::Urgent,
            sequence: self.edge.size(),
            previous: self.last,
            heads: Vec::new(),
            time: received,
            kind,
            mark: Mark::Real,
            precedence: Precedence::Flash,
            reply_to: None,
            actor,
            fact: fact.to_bytes(),
            commitment: None,
        };
        let bytes = header.to_bytes();
        let signature = self.signer.sign_entry(&to_be_signed(&bytes));
        let signed = SignedEntry::new(bytes, signature, None)?;
        let entry = signed.verify(self.signer.public())?;
        self.edge.append(entry.id());
        self.last = Some(entry.id());
        Ok(Change::Entry(StoredEntry {
            line: self.line,
            entry: Arc::new(entry),
            received,
            cursor: self.edge.size(),
        }))
    }
}

fn now_ms() -> Result<u64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(u64::try_from(since.as_millis())?)
}
