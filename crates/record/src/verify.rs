//! The offline verifier: takes the entries of a record one after another, believes nobody, and goes on
//! after every fault, so that what is intact stays usable.
//!
//! Entries of one chain come in ascending order, and a boot's urgent stream before its others, as they
//! stand in a record file. Where that does not hold, nothing is believed that should not be; only some
//! contradictions are then no longer noticed.

use std::collections::BTreeMap;

use openline_wire::cbor::Canonical as _;
use openline_wire::codes::{Kind, Stream};
use openline_wire::entry::{Body, Entry, EntryError, SignedEntry, id_of};
use openline_wire::fact::Fact;
use openline_wire::header::{Chain, Header};
use openline_wire::ids::{EntryId, LineId, NodeId, PartyId};
use openline_wire::key::NodeKey;
use openline_wire::text::Text;

use crate::attempts::Attempts;
use crate::chain::{Heads, LinkError};
use crate::claims::{Claims, differs};
use crate::equivocation::Equivocation;
use crate::export::StoredEntry;
use crate::finding::{At, Fault, Field, Finding, Findings, Place};
use crate::grounds::{Grounds, Signed};
use crate::report::{Counts, Fork, Missing, Report};
use crate::strand::{Strand, Unsure};

/// The nodes that the parties' cards certify, with the party of each.
pub type Nodes = BTreeMap<NodeId, (PartyId, NodeKey)>;

/// Checks a record. Feed it with [`Verifier::push`], then [`Verifier::finish`].
pub struct Verifier {
    pub(crate) line: LineId,
    nodes: Nodes,
    pub(crate) numbers: BTreeMap<Chain, usize>,
    pub(crate) strands: Vec<Strand>,
    pub(crate) known: BTreeMap<EntryId, Known>,
    pub(crate) claims: Claims,
    pub(crate) references: Vec<Reference>,
    pub(crate) signed: Signed,
    pub(crate) attempts: Attempts,
    pub(crate) counts: Counts,
    pub(crate) findings: Findings,
    pub(crate) forks: Vec<Fork>,
    pub(crate) gaps: Vec<Missing>,
    /// The entry of the push under way is taken without the body that it has: that one is wrong, not withheld.
    is_body_wrong: bool,
    /// Which entries came without a body, up to [`Report::WITHHELD`].
    pub(crate) withheld: Vec<Place>,
    /// The first finding of the push under way.
    first: Option<Box<Finding>>,
    /// The place of the last entry that was authentic.
    pub(crate) authentic: Option<Place>,
}

/// What a receipt needs to know of its target.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    pub party: PartyId,
    pub carries_text: bool,
}

/// An entry that names another.
pub(crate) struct Reference {
    pub by: Place,
    pub field: Field,
    pub target: EntryId,
}

impl Verifier {
    /// A verifier for the record of `line`, whose entries may be signed by `nodes`.
    pub fn new(line: LineId, nodes: Nodes) -> Self {
        Self {
            line,
            nodes,
            numbers: BTreeMap::new(),
            strands: Vec::new(),
            known: BTreeMap::new(),
            claims: Claims::default(),
            references: Vec::new(),
            signed: Signed::default(),
            attempts: Attempts::default(),
            counts: Counts::default(),
            findings: Findings::default(),
            forks: Vec::new(),
            gaps: Vec::new(),
            is_body_wrong: false,
            withheld: Vec::new(),
            first: None,
            authentic: None,
        }
    }

    /// Holds the charter and the cards of the line against what its entries say of them (OL-347).
    pub fn under(mut self, grounds: Grounds) -> Self {
        self.signed.grounds = Some(grounds);
        self
    }

    /// Takes the next entry. An error is also kept for the report; the next entry may follow.
    pub fn push(&mut self, entry: SignedEntry) -> Result<EntryId, Box<Finding>> {
        let place = Place::of(entry.header());
        self.first = None;
        let id = self.authenticate(place, entry);
        self.outcome(id)
    }

    /// Takes the next entry in its stored form, which may be damaged: `place` is where it should stand.
    pub fn push_stored(
        &mut self,
        place: Place,
        stored: &StoredEntry<'_>,
    ) -> Result<EntryId, Box<Finding>> {
        self.first = None;
        self.number(place.chain);
        let body = stored.body.map(|(salt, content)| Body {
            salt: *salt,
            content: content.to_vec(),
        });
        let parse = |body| SignedEntry::new(stored.header.to_vec(), stored.signature, body);
        let id = match parse(body) {
            Ok(entry) => self.authenticate(place, entry),
            Err(EntryError::Decode(error)) => self.lose(place, Field::Header, error.into(), None),
            // Only the body is wrong, if the header is authentic: it is taken without it.
            Err(_) => {
                self.is_body_wrong = true;
                let id = parse(None).ok().and_then(|e| self.authenticate(place, e));
                self.is_body_wrong = false;
                if id.is_some() {
                    self.note(place, Field::Body, Fault::Body);
                }
                id
            }
        };
        self.outcome(id)
    }

    /// Says that the entry at `place` can't even be taken apart.
    pub fn push_unreadable(&mut self, place: Place, field: Field, fault: Fault) -> Box<Finding> {
        self.first = None;
        self.number(place.chain);
        self.lose(place, field, fault.clone(), None);
        let at = At::Entry(place);
        let finding = Finding { at, field, fault };
        self.first.take().unwrap_or(Box::new(finding))
    }

    /// The place behind the last entry of a chain.
    pub fn next_place(&self, chain: Chain) -> Place {
        let strand = self.numbers.get(&chain).map(|n| &self.strands[*n]);
        let sequence = strand.map_or(0, |strand| strand.tip.next());
        Place { chain, sequence }
    }

    fn outcome(&mut self, id: Option<EntryId>) -> Result<EntryId, Box<Finding>> {
        match (self.first.take(), id) {
            (None, Some(id)) => Ok(id),
            (Some(finding), _) => Err(finding),
            (None, None) => unreachable!("an entry is refused with a finding"),
        }
    }

    pub(crate) fn note(&mut self, place: Place, field: Field, fault: Fault) -> Option<usize> {
        let at = At::Entry(place);
        let finding = Finding { at, field, fault };
        self.first.get_or_insert_with(|| Box::new(finding.clone()));
        self.findings.add(finding)
    }

    /// Signature and author first; nothing in an entry counts before.
    fn authenticate(&mut self, place: Place, entry: SignedEntry) -> Option<EntryId> {
        let author = entry.header().author;
        let id = id_of(entry.header_bytes());
        let Some((party, key)) = self.nodes.get(&author.node) else {
            return self.lose(place, Field::Author, Fault::UnknownNode, None);
        };
        if *party != author.party {
            return self.lose(place, Field::Author, Fault::OtherParty, None);
        }
        match entry.verify(key) {
            Ok(entry) => self.link(entry),
            Err(_) => self.lose(place, Field::Signature, Fault::Signature, Some(id)),
        }
    }

    /// The entry at `place` does not count. If only its signature failed, `id` helps to tell later
    /// whether the header was changed.
    fn lose(
        &mut self,
        place: Place,
        field: Field,
        fault: Fault,
        id: Option<EntryId>,
    ) -> Option<EntryId> {
        let finding = self.note(place, field, fault);
        let sequence = place.sequence;
        // An unverified header may name any chain; only one that is known loses a place by it.
        let number = *self.numbers.get(&place.chain)?;
        let strand = &mut self.strands[number];
        strand.lose(sequence);
        strand.unsure = finding.zip(id).map(|(finding, id)| Unsure {
            finding,
            sequence,
            id,
        });
        None
    }

    fn number(&mut self, chain: Chain) -> usize {
        if let Some(number) = self.numbers.get(&chain) {
            return *number;
        }
        let heads = self.heads_at_start(chain);
        self.strands.push(Strand::new(self.line, chain, heads));
        self.numbers.insert(chain, self.strands.len() - 1);
        self.strands.len() - 1
    }

    /// Where the heads of a chain count from: what the boot's start said, for its other streams.
    fn heads_at_start(&self, chain: Chain) -> Heads {
        let stream = Stream::Urgent;
        let urgent = self.numbers.get(&Chain { stream, ..chain });
        let start = urgent.and_then(|number| self.strands[*number].start.as_ref());
        start.map(|start| start.heads.clone()).unwrap_or_default()
    }

    /// Puts an authentic entry into its chain.
    fn link(&mut self, entry: Entry) -> Option<EntryId> {
        let (id, place) = (entry.id(), Place::of(entry.header()));
        self.authentic = Some(place);
        if entry.header().line != self.line {
            let (expected, got) = (self.line, entry.header().line);
            self.note(place, Field::Line, LinkError::Line { expected, got }.into());
            return None;
        }
        let number = self.number(place.chain);
        self.settle(number, entry.header());
        match self.strands[number].taken(place.sequence) {
            Some(held) if held == id => {
                self.note(place, Field::Sequence, Fault::Twice);
                return None;
            }
            Some(held) => self.fork(number, &entry, held),
            None => {}
        }
        let is_disputed = self.strands[number].disputed_from.is_some();
        let follows = is_disputed || self.check_link(number, entry.header())?;
        self.read(number, &entry);
        self.strands[number].verified += 1;
        if !is_disputed {
            self.attempts.push(&entry);
            self.strands[number].hold(entry, follows);
        }
        Some(id)
    }

    /// A successor tells whether a damaged entry's header is as it was.
    fn settle(&mut self, number: usize, header: &Header) {
        let Some(unsure) = self.strands[number].unsure.take() else {
            return;
        };
        if header.sequence == unsure.sequence + 1 && header.previous != Some(unsure.id) {
            self.findings.set_field(unsure.finding, Field::Header);
        }
    }

    /// Whether an entry follows the one before it. None if it can't be given a place at all.
    fn check_link(&mut self, number: usize, header: &Header) -> Option<bool> {
        let place = Place::of(header);
        let tip = &self.strands[number].tip;
        let Err(error) = tip.check(header) else {
            return Some(true);
        };
        let heads = tip.check_heads(header);
        let field = field_of(&error);
        match error {
            LinkError::Gap { expected, got } => {
                self.gaps.push(Missing::Gap {
                    chain: place.chain,
                    sequences: expected..got,
                });
                if let Err(error) = heads {
                    self.note(place, Field::Heads, error.into());
                }
                Some(false)
            }
            LinkError::Line { .. } | LinkError::Chain | LinkError::Behind { .. } => {
                self.note(place, field, error.into());
                None
            }
            LinkError::Previous { .. } => {
                self.note(place, field, error.into());
                Some(false)
            }
            _ => {
                self.note(place, field, error.into());
                Some(true)
            }
        }
    }

    /// The author signed two entries for one place.
    fn fork(&mut self, number: usize, entry: &Entry, held: EntryId) {
        let place = Place::of(entry.header());
        let strand = &mut self.strands[number];
        strand.disputed_from = Some(place.sequence);
        strand.last_time = None;
        let newest = strand.newest.as_ref().filter(|newest| newest.id() == held);
        let evidence = newest.and_then(|newest| Equivocation::of(newest, entry));
        self.forks.push(Fork {
            place,
            ids: [held, entry.id()],
            evidence: evidence.map(Box::new),
        });
        self.note(place, Field::Sequence, Fault::Fork { held });
    }

    /// What an authentic entry says: text, heads, and what it refers to.
    fn read(&mut self, number: usize, entry: &Entry) {
        let (header, place) = (entry.header(), Place::of(entry.header()));
        let carries_text = header.kind.carries_text() || matches!(header.kind, Kind::Unknown(_));
        let known = Known {
            party: header.author.party,
            carries_text,
        };
        self.known.insert(entry.id(), known);
        self.count(entry);
        self.check_message(place, entry);
        self.check_claims(number, header);
        if let Some(target) = header.reply_to {
            self.refer(place, Field::ReplyTo, target);
        }
        match entry.fact() {
            Fact::Receipt(receipt) => {
                let targets = receipt.targets.into_iter();
                targets.for_each(|target| self.refer(place, Field::ReceiptTarget, target));
            }
            Fact::Outcome(outcome) => {
                let cites = outcome.cites.into_iter();
                cites.for_each(|target| self.refer(place, Field::Grounds, target));
            }
            Fact::NumberCompared(compared) => {
                let differences = self.signed.take(header.author.party, &compared);
                for (field, fault) in differences {
                    self.note(place, field, fault);
                }
            }
            Fact::WatchOpened(opened) => self.check_confirms(place, opened.confirms_ms),
            Fact::TakeOver(taken) => self.check_confirms(place, taken.confirms_ms),
            _ => {}
        }
    }

    fn check_confirms(&mut self, place: Place, confirms_ms: u64) {
        if let Some(fault) = self.signed.confirms(confirms_ms) {
            self.note(place, Field::Confirms, fault);
        }
    }

    fn count(&mut self, entry: &Entry) {
        let header = entry.header();
        *self.counts.kinds.entry(header.kind).or_default() += 1;
        if header.kind == Kind::Message {
            *self.counts.messages.entry(header.precedence).or_default() += 1;
        }
        if header.commitment.is_none() || entry.body().is_some() || self.is_body_wrong {
            return;
        }
        self.counts.without_body += 1;
        if self.withheld.len() < Report::WITHHELD {
            self.withheld.push(Place::of(header));
        }
    }

    fn check_message(&mut self, place: Place, entry: &Entry) {
        let header = entry.header();
        let is_urgent = header.stream == Stream::Urgent;
        let is_misplaced = match header.kind {
            Kind::Message => is_urgent != header.precedence.is_urgent(),
            kind => kind.stream().is_some_and(|its| its != header.stream),
        };
        if is_misplaced {
            self.note(place, Field::Stream, Fault::Stream);
        }
        if let (true, Some(body)) = (header.kind.carries_text(), entry.body())
            && let Err(error) = Text::from_bytes(&body.content)
        {
            self.note(place, Field::Body, error.into());
        }
    }

    fn check_claims(&mut self, number: usize, header: &Header) {
        for head in &header.heads {
            let strand = self.numbers.get(&head.chain).map(|n| &self.strands[*n]);
            match strand.and_then(|strand| strand.taken(head.size - 1)) {
                Some(held) if held == head.last => {}
                Some(held) => {
                    let fault = differs(head.chain, head.size, held, head.last);
                    self.note(Place::of(header), Field::Heads, fault);
                }
                None => self.claims.add((number, header.sequence), head),
            }
        }
    }

    fn refer(&mut self, by: Place, field: Field, target: EntryId) {
        let reference = Reference { by, field, target };
        match self.known.get(&target) {
            Some(known) => self.check_reference(&reference, *known),
            None => self.references.push(reference),
        }
    }

    /// A receipt is for what the other party wrote and a person can read.
    pub(crate) fn check_reference(&mut self, reference: &Reference, target: Known) {
        if reference.field != Field::ReceiptTarget {
            return;
        }
        if target.party == reference.by.chain.author.party {
            self.note(reference.by, reference.field, Fault::OwnMessage);
        } else if !target.carries_text {
            self.note(reference.by, reference.field, Fault::NoMessage);
        }
    }
}

fn field_of(error: &LinkError) -> Field {
    match error {
        LinkError::Line { .. } => Field::Line,
        LinkError::Chain => Field::Author,
        LinkError::Gap { .. } | LinkError::Behind { .. } => Field::Sequence,
        LinkError::Previous { .. } => Field::Previous,
        LinkError::HeadDidNotMove { .. } | LinkError::OwnHead | LinkError::StartNotCited => {
            Field::Heads
        }
    }
}
