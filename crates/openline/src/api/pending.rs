//! What has become of the texts of one stream: which still wait for the core, which for the other side's disk,
//! and which for a person. No I/O: answers and tellings go in, steps come out.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use openline_store::{NamedEntry, ShortName};
use openline_wire::codes::Stage;
use openline_wire::fact::Fact;
use openline_wire::header::{Actor, Chain};
use openline_wire::ids::{Author, EntryId, PartyId};

use super::convert::proves_something;
use super::limits;
use crate::station::board::{Answer, Confirmed, Failure};

/// A text of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Which, from 0.
    pub index: u64,
    /// When the station took it.
    pub taken: Instant,
}

/// A text that is stored here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The text.
    pub text: Text,
    /// The entry that it became.
    pub id: EntryId,
    /// What people call it.
    pub short: ShortName,
}

/// What happened to a text.
#[derive(Clone, Debug)]
pub enum Step {
    /// It is on our disk.
    StoredHere(Sent, Arc<NamedEntry>),
    /// It is on their disk.
    Stored {
        /// The text.
        sent: Sent,
        /// Who says so.
        by: Author,
        /// When we learnt it.
        our_ms: u64,
        /// When it was said.
        their_ms: u64,
    },
    /// A person signed a receipt.
    Receipt(Sent, Arc<NamedEntry>),
    /// It does not exist.
    Refused(Text, Failure),
}

/// How far every text must have come before a stream ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// On our disk.
    StoredHere,
    /// On theirs.
    Stored,
    /// On an attended screen.
    Shown,
    /// Read.
    Read,
}

impl Until {
    /// The stage for a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "stored-here" => Self::StoredHere,
            "stored" => Self::Stored,
            "shown" => Self::Shown,
            "read" => Self::Read,
            _ => return None,
        })
    }
}

#[derive(Debug)]
struct Unread {
    sent: Sent,
    /// Whose text it is.
    party: PartyId,
    furthest: Option<Stage>,
    receipts: Vec<EntryId>,
}

/// The texts that have not come to their end.
#[derive(Debug, Default)]
pub struct Pending {
    under_way: HashMap<u64, Text>,
    unconfirmed: BTreeMap<Chain, BTreeMap<u64, Sent>>,
    unconfirmed_count: usize,
    unread: HashMap<EntryId, Unread>,
    unread_order: VecDeque<EntryId>,
    not_shown: usize,
    not_read: usize,
}

impl Pending {
    /// Whether there is room for one more text.
    pub fn has_room(&self) -> bool {
        self.under_way.len() < limits::TEXTS_UNDER_WAY
            && self.unconfirmed_count < limits::UNCONFIRMED_TEXTS
    }

    /// Whether all texts have come so far, were refused, or are no longer followed.
    pub fn have_all_reached(&self, until: Until) -> bool {
        self.under_way.is_empty()
            && (until < Until::Stored || self.unconfirmed_count == 0)
            && (until < Until::Shown || self.not_shown == 0)
            && (until < Until::Read || self.not_read == 0)
    }

    /// The core has a text.
    pub fn take(&mut self, ticket: u64, text: Text) {
        self.under_way.insert(ticket, text);
    }

    /// The core answered.
    pub fn answered(&mut self, answer: Answer) -> Option<Step> {
        let text = self.under_way.remove(&answer.ticket)?;
        let named = match answer.result {
            Ok(named) => named?,
            Err(failure) => return Some(Step::Refused(text, failure)),
        };
        let (entry, short) = (&named.stored.entry, named.name);
        let id = entry.id();
        let sent = Sent { text, id, short };
        let chain = self.unconfirmed.entry(entry.header().chain()).or_default();
        chain.insert(entry.header().sequence, sent);
        self.unconfirmed_count += 1;
        self.follow(sent, entry.header().author.party);
        Some(Step::StoredHere(sent, named))
    }

    /// The other side has places of a chain.
    pub fn confirmed(&mut self, said: &Confirmed) -> Vec<Step> {
        let Some(chain) = self.unconfirmed.get_mut(&said.chain) else {
            return Vec::new();
        };
        let mut steps = Vec::new();
        for (first, end) in &said.places {
            let mut reached = chain.split_off(first);
            let mut beyond = reached.split_off(end);
            chain.append(&mut beyond);
            steps.extend(reached.into_values().map(|sent| Step::Stored {
                sent,
                by: said.by,
                our_ms: said.at.wall,
                their_ms: said.their_time,
            }));
        }
        if chain.is_empty() {
            self.unconfirmed.remove(&said.chain);
        }
        self.unconfirmed_count -= steps.len();
        steps
    }

    /// An entry was stored: perhaps a receipt for some of the texts.
    pub fn stored(&mut self, named: &Arc<NamedEntry>) -> Vec<Step> {
        let Fact::Receipt(receipt) = named.stored.entry.fact() else {
            return Vec::new();
        };
        let targets = receipt.targets.iter();
        let reached = targets.filter_map(|target| self.receipt(target, named, receipt.stage));
        reached
            .map(|sent| Step::Receipt(sent, named.clone()))
            .collect()
    }

    /// The texts of which something may have been missed.
    pub fn followed(&self) -> Vec<EntryId> {
        let unconfirmed = self.unconfirmed.values().flat_map(BTreeMap::values);
        let mut all: Vec<_> = unconfirmed.map(|sent| sent.id).collect();
        all.extend(self.unread.keys());
        all.sort();
        all.dedup();
        all
    }

    fn receipt(&mut self, target: &EntryId, said: &NamedEntry, stage: Stage) -> Option<Sent> {
        let unread = self.unread.get_mut(target)?;
        let receipt = said.stored.entry.id();
        if unread.receipts.contains(&receipt) || !proves_something(said, unread.party) {
            return None;
        }
        unread.receipts.push(receipt);
        let before = unread.furthest;
        unread.furthest = before.max(Some(stage));
        self.not_shown -= usize::from(before.is_none());
        let is_first_read = stage == Stage::Read && before < Some(Stage::Read);
        self.not_read -= usize::from(is_first_read);
        Some(unread.sent)
    }

    fn follow(&mut self, sent: Sent, party: PartyId) {
        let unread = Unread {
            sent,
            party,
            furthest: None,
            receipts: Vec::new(),
        };
        self.unread.insert(sent.id, unread);
        self.unread_order.push_back(sent.id);
        self.not_shown += 1;
        self.not_read += 1;
        if self.unread_order.len() > limits::UNREAD_TEXTS {
            self.leave_oldest();
        }
    }

    fn leave_oldest(&mut self) {
        let oldest = self.unread_order.pop_front();
        let Some(left) = oldest.and_then(|id| self.unread.remove(&id)) else {
            return;
        };
        self.not_shown -= usize::from(left.furthest.is_none());
        self.not_read -= usize::from(left.furthest < Some(Stage::Read));
    }
}

/// Who acted, of a step that a person took.
pub fn person(step: &Step) -> Option<&Actor> {
    match step {
        Step::StoredHere(_, named) | Step::Receipt(_, named) => {
            Some(&named.stored.entry.header().actor)
        }
        Step::Stored { .. } | Step::Refused(..) => None,
    }
}
