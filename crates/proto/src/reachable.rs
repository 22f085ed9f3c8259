//! Where each node said that it can be reached: the list that counts of those that it announced (OL-447), and when the peer's is taken
//! up (OL-449). Which ways the addresses are, the driver finds out and says by [`crate::contract::Input::Announced`].

use std::collections::BTreeMap;

use openline_record::ring::seen::InTurn;
use openline_seal::Agreement;
use openline_wire::address::Address;
use openline_wire::codes::{Kind, Mark, Precedence, Stream};
use openline_wire::fact::{Fact, ReachableAt};
use openline_wire::ids::{Author, BootId, NodeId, PartyId};

use crate::composer::Draft;
use crate::config::StoredTold;
use crate::contract::{Moment, Refusal, Route};
use crate::line::Line;
use crate::lineage::Lineage;
use crate::rings::Said;
use crate::verdict::Reachable;

/// Another list of a peer's node is taken up no sooner after the one before. Each may name eight addresses of a third party, who gets a
/// question on each at once: so these are fewer than one a second, and our resolver is asked for as few names. Who mistyped an
/// address and announces anew waits no longer than he needs to see it.
pub const NEXT_LIST_MS: u64 = 10_000;

/// Boots of one node whose lists are compared. A later boot's list makes those of the boots that its start names needless, so there
/// are several only where a node was copied or restored.
const COMPARED: usize = 64;

/// The lists that nodes announced on one line.
#[derive(Debug)]
pub(crate) struct Announcements {
    own: PartyId,
    peer: NodeId,
    nodes: BTreeMap<NodeId, OfNode>,
    /// The peer's list by which it is looked for.
    taken_up: Option<Reachable>,
    /// No other one is until then, by our monotonic clock.
    settled_until: u64,
}

#[derive(Debug, Default)]
struct OfNode {
    /// The latest of each boot, of those that no later one is known to have replaced.
    latest: BTreeMap<BootId, (u64, Reachable)>,
    counts: Option<Reachable>,
    /// Something came that may change which counts.
    is_open: bool,
}

impl Announcements {
    /// What the store holds.
    pub fn stored(own: PartyId, peer: NodeId, told: &StoredTold) -> Self {
        let mut announcements = Self {
            own,
            peer,
            nodes: BTreeMap::new(),
            taken_up: None,
            settled_until: 0,
        };
        let entries = told.entries.iter();
        entries.for_each(|entry| announcements.observe(entry));
        announcements
    }

    /// Takes an entry into account whose turn has come.
    pub fn observe(&mut self, entry: &InTurn) {
        let by = entry.note.author;
        match &entry.note.fact {
            Fact::ReachableAt(list) if entry.note.mark == Mark::Real => {
                let said = Reachable {
                    entry: entry.note.id,
                    by,
                    said: entry.time,
                    stored: entry.stored,
                    actor: entry.actor.clone(),
                    addresses: list.addresses.clone(),
                };
                let of_node = self.nodes.entry(by.node).or_default();
                of_node.take(entry.note.sequence, said);
            }
            // It may say which of several boots is the later one.
            Fact::Start(_) => {
                if let Some(of_node) = self.nodes.get_mut(&by.node) {
                    of_node.is_open |= of_node.latest.len() > 1;
                }
            }
            _ => {}
        }
    }

    /// Chooses what counts, and takes the peer's list up if it is time for that.
    pub fn settle(&mut self, lineage: &mut Lineage<'_>, now: u64) {
        let open = self.nodes.values_mut().filter(|it| it.is_open);
        open.for_each(|it| it.choose(lineage));
        if self.is_another_waiting() && now >= self.settled_until {
            self.taken_up = self.of_peer().cloned();
            self.settled_until = now.saturating_add(NEXT_LIST_MS);
        }
    }

    /// When a list that waits will be taken up.
    pub fn wake_at(&self) -> Option<u64> {
        self.is_another_waiting().then_some(self.settled_until)
    }

    fn is_another_waiting(&self) -> bool {
        let entry = |list: Option<&Reachable>| list.map(|it| it.entry);
        entry(self.of_peer()) != entry(self.taken_up.as_ref())
    }

    fn of_peer(&self) -> Option<&Reachable> {
        self.nodes.get(&self.peer)?.counts.as_ref()
    }

    /// The peer's list by which it is looked for.
    pub fn taken_up(&self) -> Option<&Reachable> {
        self.taken_up.as_ref()
    }

    /// The lists that count, our party's first.
    pub fn shown(&self) -> Vec<Reachable> {
        let counts = self.nodes.values().filter_map(|it| it.counts.as_ref());
        let (mut shown, theirs): (Vec<_>, Vec<_>) =
            counts.cloned().partition(|it| it.by.party == self.own);
        shown.extend(theirs);
        shown
    }
}

impl OfNode {
    fn take(&mut self, sequence: u64, said: Reachable) {
        let boot = said.by.boot;
        let known = self.latest.get(&boot);
        if known.is_some_and(|(latest, _)| sequence < *latest) {
            return;
        }
        self.latest.insert(boot, (sequence, said));
        self.is_open = true;
        if self.latest.len() > COMPARED {
            let earliest = self.latest.iter().min_by_key(|(_, (_, it))| rank(it));
            let earliest = earliest.map(|(boot, _)| *boot);
            earliest.and_then(|boot| self.latest.remove(&boot));
        }
    }

    /// The list of the latest boot counts; of boots that did not know each other, the one signed later (OL-341).
    fn choose(&mut self, lineage: &mut Lineage<'_>) {
        self.is_open = false;
        if self.latest.len() > 1 {
            let authors: Vec<Author> = self.latest.values().map(|(_, it)| it.by).collect();
            self.latest.retain(|boot, _| {
                let mut others = authors.iter();
                !others.any(|other| lineage.is_later(other, boot))
            });
        }
        let lists = self.latest.values().map(|(_, it)| it);
        self.counts = lists.max_by_key(|it| rank(it)).cloned();
    }
}

fn rank(it: &Reachable) -> (u64, BootId) {
    (it.said, it.by.boot)
}

impl<A: Agreement> Line<A> {
    /// A person says where our node can be reached from now on.
    pub(crate) fn announce_addresses(
        &mut self,
        addresses: Vec<Address>,
        said: Said,
    ) -> Result<(), Refusal> {
        if !said.actor.is_a_person() {
            return Err(Refusal::NotByAPerson);
        }
        let list = ReachableAt::new(addresses).ok_or(Refusal::TooManyAddresses)?;
        let fact = Fact::ReachableAt(list);
        self.composer.draft(Draft {
            actor: said.actor,
            precedence: Precedence::Immediate,
            ticket: Some(said.ticket),
            ..Draft::by_station(Stream::Urgent, Kind::ReachableAt, fact)
        });
        Ok(())
    }

    /// Chooses which list of each node counts.
    pub(crate) fn settle_addresses(&mut self, now: Moment) {
        let lineage = &mut self.log.lineage();
        self.reachable.settle(lineage, now.monotonic);
    }

    /// The ways that the peer's list names, and no other way that it named before.
    pub(crate) fn announced(&mut self, routes: &[Route]) {
        routes.iter().for_each(|route| self.attach(route.bearer));
        let remotes = self.remotes.iter_mut().map(|remote| &mut remote.ways);
        let all = remotes.chain([&mut self.hints]);
        all.for_each(|ways| ways.announced(routes));
    }
}

#[cfg(test)]
mod tests;
