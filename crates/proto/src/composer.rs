//! Writes this boot's own entries: places, links, heads and salts; asks for signatures.
//!
//! A header is composed when its place is certain and everything that its heads name is on stable storage
//! (invariant 16). Its signature comes back from outside, in order.

use std::collections::{BTreeMap, VecDeque};

use openline_seal::Salt;
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Kind, Mark, Precedence, Stream};
use openline_wire::entry::{self, Body, Entry, SignedEntry};
use openline_wire::fact::{Fact, Start};
use openline_wire::header::{Actor, Chain, Header};
use openline_wire::ids::{Author, EntryId, LineId};
use openline_wire::key::Signature;
use openline_wire::limits;

use crate::contract::Moment;
use crate::log::Log;

/// An entry to be written, before it has a place.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Which chain.
    pub stream: Stream,
    /// What it is.
    pub kind: Kind,
    /// Whether it is meant.
    pub mark: Mark,
    /// How urgent.
    pub precedence: Precedence,
    /// The entry that it answers.
    pub reply_to: Option<EntryId>,
    /// Who acts.
    pub actor: Actor,
    /// What its kind's state is computed from.
    pub fact: Fact,
    /// The content, and a salt of its commitment for want of one that need not be sent.
    pub body: Option<Body>,
    /// The command that asked for it.
    pub ticket: Option<u64>,
}

impl Draft {
    /// Something that the station writes of its own accord.
    pub fn by_station(stream: Stream, kind: Kind, fact: Fact) -> Self {
        Self {
            stream,
            kind,
            mark: Mark::Real,
            precedence: Precedence::Routine,
            reply_to: None,
            actor: Actor::station(),
            fact,
            body: None,
            ticket: None,
        }
    }
}

impl Draft {
    /// The same with this salt, if there is one.
    fn salted(mut self, salt: Option<Salt>) -> Self {
        if let (Some(body), Some(salt)) = (&mut self.body, salt) {
            body.salt = salt;
        }
        self
    }
}

/// A header that waits for its signature.
#[derive(Debug)]
struct Unsigned {
    ticket: u64,
    header_bytes: Vec<u8>,
    body: Option<Body>,
    command: Option<u64>,
}

/// What is to be signed.
#[derive(Debug, PartialEq, Eq)]
pub struct SignRequest {
    /// To be returned with the signature.
    pub ticket: u64,
    /// `entry::to_be_signed`.
    pub bytes: Vec<u8>,
}

/// The end of one of our chains, signed or not.
#[derive(Debug, Default)]
struct Tail {
    next: u64,
    last: Option<EntryId>,
    /// How much of each chain our entries in this one have said that we hold.
    said: BTreeMap<Chain, u64>,
}

/// Our own chains on one line.
#[derive(Debug)]
pub struct Composer {
    line: LineId,
    author: Author,
    tails: BTreeMap<Stream, Tail>,
    /// What the start said: the heads of the other streams count from there (OL-306).
    said_in_start: BTreeMap<Chain, u64>,
    drafts: VecDeque<Draft>,
    unsigned: VecDeque<Unsigned>,
}

impl Composer {
    /// A boot that has written nothing yet.
    pub fn new(line: LineId, author: Author) -> Self {
        Self {
            line,
            author,
            tails: BTreeMap::new(),
            said_in_start: BTreeMap::new(),
            drafts: VecDeque::new(),
            unsigned: VecDeque::new(),
        }
    }

    /// Queues a draft.
    pub fn draft(&mut self, draft: Draft) {
        self.drafts.push_back(draft);
    }

    /// Drafts and unsigned headers under way.
    pub fn under_way(&self) -> usize {
        self.drafts.len() + self.unsigned.len()
    }

    /// Composes what can be composed now. `tickets` numbers the requests; `salt` gives the salts that need not be sent (OL-416).
    pub fn compose(
        &mut self,
        log: &Log,
        now: Moment,
        tickets: &mut u64,
        salt: &dyn Fn(&Chain, u64) -> Option<Salt>,
    ) -> Vec<SignRequest> {
        let mut requests = Vec::new();
        if !self.tails.contains_key(&Stream::Urgent) {
            let start = Fact::Start(Start {
                frontier: log.frontier(&self.author),
            });
            let draft = Draft::by_station(Stream::Urgent, Kind::Start, start);
            requests.push(self.place(draft, log, now, tickets));
            let urgent = self.tails.get(&Stream::Urgent);
            self.said_in_start = urgent.map(|tail| tail.said.clone()).unwrap_or_default();
        }
        while self.start_is_settled(log)
            && let Some(draft) = self.drafts.pop_front()
        {
            let chain = self.own(draft.stream);
            let place = self.tails.get(&draft.stream).map_or(0, |tail| tail.next);
            let draft = draft.salted(salt(&chain, place));
            requests.push(self.place(draft, log, now, tickets));
        }
        requests
    }

    fn own(&self, stream: Stream) -> Chain {
        let author = self.author;
        Chain { author, stream }
    }

    /// Everything else cites the start, so it waits until the start is on stable storage.
    fn start_is_settled(&self, log: &Log) -> bool {
        log.chain(&self.own(Stream::Urgent))
            .is_some_and(|chain| chain.settled() > 0)
    }

    fn place(&mut self, draft: Draft, log: &Log, now: Moment, tickets: &mut u64) -> SignRequest {
        let header = self.header(&draft, log, now);
        let header_bytes = header.to_bytes();
        let tail = self.tails.entry(draft.stream).or_default();
        tail.next += 1;
        tail.last = Some(entry::id_of(&header_bytes));
        tail.said
            .extend(header.heads.iter().map(|head| (head.chain, head.size)));
        *tickets += 1;
        let request = SignRequest {
            ticket: *tickets,
            bytes: entry::to_be_signed(&header_bytes),
        };
        let (body, command) = (draft.body, draft.ticket);
        self.unsigned.push_back(Unsigned {
            ticket: *tickets,
            header_bytes,
            body,
            command,
        });
        request
    }

    fn header(&mut self, draft: &Draft, log: &Log, now: Moment) -> Header {
        let own = self.own(draft.stream);
        let tail = self.tails.entry(draft.stream).or_insert_with(|| Tail {
            said: self.said_in_start.clone(),
            ..Tail::default()
        });
        let mut heads: Vec<_> = log
            .settled_heads()
            .filter(|head| head.chain != own)
            .filter(|head| tail.said.get(&head.chain) != Some(&head.size))
            .collect();
        // What does not fit is said by the next entry.
        heads.truncate(limits::HEADS);
        Header {
            line: self.line,
            author: self.author,
            stream: draft.stream,
            sequence: tail.next,
            previous: tail.last,
            heads,
            time: now.wall.min(limits::LATEST_TIME_MS),
            kind: draft.kind,
            mark: draft.mark,
            precedence: draft.precedence,
            reply_to: draft.reply_to,
            actor: draft.actor.clone(),
            fact: draft.fact.to_bytes(),
            commitment: draft.body.as_ref().map(Body::commitment),
        }
    }

    /// Takes a signature; gives the entry and the command that asked for it. None if the ticket is not the
    /// next one, which can't happen while signatures come back in order.
    pub fn signed(&mut self, ticket: u64, signature: Signature) -> Option<(Entry, Option<u64>)> {
        if self.unsigned.front()?.ticket != ticket {
            return None;
        }
        let unsigned = self.unsigned.pop_front()?;
        let entry = SignedEntry::new(unsigned.header_bytes, signature, unsigned.body).ok()?;
        // Composed here a moment ago: the signature is our own node's.
        Some((entry.trust_own_store(), unsigned.command))
    }
}
