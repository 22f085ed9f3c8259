//! Verifies a record file as its bytes come in.
//!
//! The file's order tells where an entry should stand, so that a damaged one can be named although
//! nothing in it may be believed.

use std::collections::BTreeSet;
use std::ops::Range;

use openline_wire::cbor::{Canonical as _, DecodeError, invalid};
use openline_wire::charter::Charter;
use openline_wire::header::{self, Chain};
use openline_wire::ids::{Digest, PartyId};
use thiserror::Error;

use super::decoder::{Decoder, Found};
use super::{Head, Item, RecordEnd, StoredEntry};
use crate::finding::{At, Fault, Field, Finding, Place};
use crate::finish::Closings;
use crate::grounds::Grounds;
use crate::report::Report;
use crate::verify::{Nodes, Verifier};

/// Why a file can't be verified at all.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FileError {
    /// It is no record file, or its first bytes are damaged.
    #[error("no record file, or its head is damaged: {0}")]
    Head(DecodeError),
    /// It ends within its head.
    #[error("the file ends within its head")]
    Truncated,
    /// The cards give no keys to verify with.
    #[error("{0}")]
    Cards(String),
}

/// Verifies one record file: [`RecordCheck::push`] its bytes, then [`RecordCheck::finish`].
pub struct RecordCheck<F> {
    decoder: Decoder,
    /// Reads the node keys from the cards in the head.
    keys: Option<F>,
    body: Option<Body>,
}

impl<F: FnOnce(&Head) -> Result<Nodes, String>> RecordCheck<F> {
    /// A check that gets its keys from `keys` as soon as the file's head was read.
    pub fn new(keys: F) -> Self {
        Self {
            decoder: Decoder::new(),
            keys: Some(keys),
            body: None,
        }
    }

    /// Takes the next bytes of the file. After an error nothing more is taken.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.decoder.push(bytes);
        self.drain()?;
        match (&self.body, self.decoder.damage()) {
            (None, Some(error)) => Err(FileError::Head(error.clone())),
            _ => Ok(()),
        }
    }

    /// The head and the report.
    pub fn finish(mut self) -> Result<(Head, Report), FileError> {
        if self.body.is_none() {
            return Err(FileError::Truncated);
        }
        self.decoder.end();
        self.drain()?;
        let end = self.decoder.position();
        let body = self.body.ok_or(FileError::Truncated)?;
        Ok(body.finish(end))
    }

    fn drain(&mut self) -> Result<(), FileError> {
        while let Some(found) = self.decoder.next_item() {
            match (&mut self.body, self.keys.take()) {
                (Some(body), _) => body.take(found),
                (None, Some(keys)) => self.body = Some(Body::begin(found, keys)?),
                (None, None) => return Err(FileError::Truncated),
            }
        }
        Ok(())
    }
}

/// The file behind its head.
struct Body {
    head: Head,
    verifier: Verifier,
    group: Group,
    /// Bytes that are no item, until what follows tells what they were.
    damage: Option<(Range<u64>, DecodeError)>,
    is_damaged: bool,
    /// The heading before, which the next must follow.
    last_chain: Option<Chain>,
    /// Nothing stands yet under the heading that was read last, not even damage.
    is_bare: bool,
    chains: u64,
    entries: u64,
    closings: Closings,
    is_ended: bool,
}

/// Under which heading entries stand.
#[derive(Clone, Copy)]
enum Group {
    /// None: a heading or the end comes next.
    Closed,
    /// This one; no entry has shown yet that it is right.
    Announced(Chain),
    /// This one.
    Open(Chain),
    /// The heading was lost to damage.
    Lost,
}

impl Body {
    fn begin<F>(found: Found<'_>, keys: F) -> Result<Self, FileError>
    where
        F: FnOnce(&Head) -> Result<Nodes, String>,
    {
        let head = match found.item {
            Ok(Item::Head(head)) => head,
            Ok(_) => return Err(FileError::Head(invalid("the first item"))),
            Err(error) => return Err(FileError::Head(error)),
        };
        let nodes = keys(&head).map_err(FileError::Cards)?;
        let is_a_party = nodes.values().any(|(party, _)| *party == head.exported_by);
        let foreign = foreign_parties(&head.charter, &nodes);
        let cards = head.cards.iter().map(Vec::as_slice);
        let grounds = Grounds::of(&head.charter, cards);
        let mut body = Self {
            verifier: Verifier::new(head.line, nodes).under(grounds),
            head,
            group: Group::Closed,
            damage: None,
            is_damaged: false,
            last_chain: None,
            is_bare: false,
            chains: 0,
            entries: 0,
            closings: Closings::new(),
            is_ended: false,
        };
        if body.head.charter.is_empty() {
            let fault = Fault::CharterMissing;
            body.note(At::File(found.range.clone()), Field::Charter, fault);
        }
        for party in foreign {
            let fault = Fault::ForeignCard { party };
            body.note(At::File(found.range.clone()), Field::Card, fault);
        }
        if !is_a_party {
            body.note(At::File(found.range), Field::FileHead, Fault::Exporter);
        }
        Ok(body)
    }

    fn take(&mut self, found: Found<'_>) {
        if self.is_ended {
            return self.note(At::File(found.range), Field::FileEnd, Fault::Trailing);
        }
        match found.item {
            Err(error) => self.damaged(found.range, error),
            Ok(Item::Head(_)) => self.misplaced(found.range, Field::FileHead, "no second head"),
            Ok(Item::Chain(chain)) => self.open(chain),
            Ok(Item::Entry(entry)) => self.entry(found.range, &entry),
            Ok(Item::ChainEnd { size, root }) => self.close(found.range, size, root),
            Ok(Item::RecordEnd(end)) => self.end(found.range, end, found.before),
        }
    }

    fn note(&mut self, at: At, field: Field, fault: Fault) {
        self.verifier.findings.add(Finding { at, field, fault });
    }

    fn misplaced(&mut self, range: Range<u64>, field: Field, expected: &'static str) {
        self.note(At::File(range), field, Fault::Misplaced { expected });
    }

    fn damaged(&mut self, range: Range<u64>, error: DecodeError) {
        self.settle_damage_as_unknown();
        self.is_damaged = true;
        self.damage = Some((range, error));
    }

    /// An entry, or a closing, follows on damage: the damage was an entry, unless it was the heading.
    fn settle_damage_as_entry(&mut self) {
        let Some((range, error)) = self.damage.take() else {
            return;
        };
        match self.group {
            Group::Announced(chain) | Group::Open(chain) => {
                self.is_bare = false;
                let place = self.verifier.next_place(chain);
                let fault = error.into();
                self.verifier.push_unreadable(place, Field::Framing, fault);
            }
            Group::Closed | Group::Lost => {
                self.note(At::File(range), Field::Heading, error.into());
                self.group = Group::Lost;
            }
        }
    }

    /// A heading or the end follows on damage: the damage was what closes the chain.
    fn settle_damage_as_closing(&mut self) {
        let Some((range, error)) = self.damage.take() else {
            return;
        };
        match self.group {
            Group::Announced(chain) | Group::Open(chain) => {
                self.note(At::Chain(chain), Field::Closing, error.into());
                self.group = Group::Closed;
            }
            Group::Closed | Group::Lost => {
                self.note(At::File(range), Field::Framing, error.into());
            }
        }
    }

    fn settle_damage_as_unknown(&mut self) {
        if let Some((range, error)) = self.damage.take() {
            self.note(At::File(range), Field::Framing, error.into());
        }
    }

    fn open(&mut self, chain: Chain) {
        self.settle_damage_as_closing();
        if let Group::Announced(open) | Group::Open(open) = self.group {
            let expected = "the closing of the chain before";
            self.note(
                At::Chain(open),
                Field::Closing,
                Fault::Misplaced { expected },
            );
        }
        if self.last_chain.is_some_and(|last| last >= chain) {
            self.note(At::Chain(chain), Field::Heading, Fault::ChainOrder);
        }
        self.last_chain = Some(chain);
        self.chains += 1;
        self.is_bare = true;
        self.group = Group::Announced(chain);
    }

    fn entry(&mut self, range: Range<u64>, entry: &StoredEntry<'_>) {
        self.settle_damage_as_entry();
        self.entries += 1;
        self.is_bare = false;
        let chain = match self.group {
            Group::Announced(chain) | Group::Open(chain) => Some(chain),
            Group::Lost => None,
            Group::Closed => return self.misplaced(range, Field::Heading, "a chain heading"),
        };
        // Without a heading the entry itself must say where it stands.
        let claimed = || header::parse(entry.header).ok().map(|h| Place::of(&h));
        let place = chain
            .map(|chain| self.verifier.next_place(chain))
            .or_else(claimed);
        let Some(place) = place else {
            return self.note(At::File(range), Field::Framing, invalid("header").into());
        };
        self.verifier.authentic = None;
        // A finding is kept by the verifier; here only the place counts.
        let _ = self.verifier.push_stored(place, entry);
        if let Some(actual) = self.verifier.authentic {
            self.check_heading(actual);
        }
    }

    /// An authentic entry shows whether it stands under the right heading.
    fn check_heading(&mut self, actual: Place) {
        match self.group {
            Group::Open(chain) if chain != actual.chain => {
                self.note(At::Entry(actual), Field::Author, Fault::UnderOtherHeading);
            }
            Group::Announced(chain) if chain != actual.chain => {
                self.note(At::Chain(chain), Field::Heading, Fault::UnderOtherHeading);
                self.group = Group::Open(actual.chain);
            }
            Group::Announced(_) | Group::Lost => self.group = Group::Open(actual.chain),
            Group::Open(_) | Group::Closed => {}
        }
    }

    fn close(&mut self, range: Range<u64>, size: u64, root: Digest) {
        self.settle_damage_as_entry();
        match self.group {
            Group::Announced(chain) if self.is_bare => {
                self.note(At::Chain(chain), Field::Heading, Fault::EmptyChain);
            }
            Group::Announced(chain) | Group::Open(chain) => {
                self.closings.insert(chain, (size, root));
            }
            Group::Lost => {}
            Group::Closed => self.misplaced(range, Field::Closing, "a chain heading"),
        }
        self.group = Group::Closed;
    }

    fn end(&mut self, range: Range<u64>, end: RecordEnd, digest: Option<Digest>) {
        self.settle_damage_as_closing();
        self.is_ended = true;
        if let Group::Announced(chain) | Group::Open(chain) = self.group {
            let expected = "the closing of the chain before";
            self.note(
                At::Chain(chain),
                Field::Closing,
                Fault::Misplaced { expected },
            );
        }
        let counts = [
            ("chains", self.chains, end.chains),
            ("entries", self.entries, end.entries),
        ];
        for (what, held, got) in counts {
            // What damage took away was reported where it was.
            if held != got && !self.is_damaged {
                let fault = Fault::Count { what, held, got };
                self.note(At::File(range.clone()), Field::FileEnd, fault);
            }
        }
        if digest != Some(end.digest) {
            self.note(At::File(0..range.end), Field::FileEnd, Fault::FileDigest);
        }
    }

    fn finish(mut self, end: u64) -> (Head, Report) {
        if let Some((range, _)) = self.damage.take() {
            let is_cut_off = range.end == end;
            let fault = if is_cut_off {
                Fault::Truncated
            } else {
                Fault::Trailing
            };
            self.note(At::File(range), Field::FileEnd, fault);
        } else if !self.is_ended {
            self.note(At::File(end..end), Field::FileEnd, Fault::Truncated);
        }
        let report = self.verifier.finish_with(&self.closings);
        (self.head, report)
    }
}

/// The parties of cards that the charter does not name: their nodes could sign what looks like the line's. A charter that
/// can't be read names nobody, and is held against what was signed of it.
fn foreign_parties(charter: &[u8], nodes: &Nodes) -> BTreeSet<PartyId> {
    let Ok(charter) = Charter::from_bytes(charter) else {
        return BTreeSet::new();
    };
    let is_foreign = |party: &PartyId| charter.parties.iter().all(|known| known.id != *party);
    let parties = nodes.values().map(|(party, _)| *party);
    parties.filter(is_foreign).collect()
}
