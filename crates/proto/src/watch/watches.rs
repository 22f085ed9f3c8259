//! What is held of one party's watch, and what follows from it: the same for everybody who holds the same entries, in
//! whatever order they came (OL-718).

use std::collections::{BTreeMap, BTreeSet};

use openline_wire::fact::{Fact, HandOver};
use openline_wire::header::Actor;
use openline_wire::ids::{Author, EntryId};
use openline_wire::limits;

use super::known::{Known, Note, Starts};

/// An entry that says who is on watch.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    author: Author,
    sequence: u64,
    heads: Vec<(Author, u64)>,
    time: u64,
    actor: Actor,
    /// By our monotonic clock; before it began, if our disk held it then.
    stored: i64,
    fact: Fact,
    /// A take-over whose hand-over is forgotten, and which counted then.
    is_settled: bool,
}

/// What is held of one party's watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watches {
    /// The longest time after which an officer confirms, by the charter.
    presence_ms: u64,
    held: BTreeMap<EntryId, Held>,
    /// When the latest presence of each officer in each watch was stored.
    presences: BTreeMap<(EntryId, String), i64>,
    starts: Starts,
}

/// A watch that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The entry that began it.
    pub id: EntryId,
    /// Its officer.
    pub officer: Actor,
    /// Since when, by the clock of who signed it.
    pub since: u64,
    /// Until when he is not overdue, by our monotonic clock.
    pub confirms_by: i64,
    /// Hand-overs that are neither withdrawn nor replaced; more than one only if two boots wrote them at once.
    pub handed: Vec<(EntryId, HandOver)>,
}

impl Watches {
    /// Nothing yet, under a charter by which an officer confirms at least so often.
    pub fn new(presence_ms: u64) -> Self {
        Self {
            presence_ms,
            held: BTreeMap::new(),
            presences: BTreeMap::new(),
            starts: Starts::default(),
        }
    }

    /// Takes an entry of this party into account, other than with mark *real* none.
    pub fn observe(&mut self, note: &Note, now: u64) {
        let stored = signed(now) - signed(note.age);
        match &note.fact {
            Fact::Start(start) => self.starts.observe(note.author, note.time, start),
            Fact::Presence(presence) => self.presence(presence.watch, note, stored),
            Fact::WatchOpened(_)
            | Fact::HandOver(_)
            | Fact::HandOverWithdrawn(_)
            | Fact::TakeOver(_)
            | Fact::WatchClosed(_) => {
                let own_party = |head: &&(Author, u64)| head.0.party == note.author.party;
                let held = Held {
                    author: note.author,
                    sequence: note.sequence,
                    heads: note.heads.iter().filter(own_party).copied().collect(),
                    time: note.time,
                    actor: note.actor.clone(),
                    stored,
                    fact: note.fact.clone(),
                    is_settled: false,
                };
                self.held.entry(note.id).or_insert(held);
                self.forget();
            }
            _ => {}
        }
    }

    fn presence(&mut self, watch: EntryId, note: &Note, stored: i64) {
        let of = (watch, note.actor.name.clone());
        let latest = self.presences.entry(of).or_insert(stored);
        *latest = (*latest).max(stored);
        if self.presences.len() > limits::PRESENCES {
            let earliest = self.presences.iter().min_by_key(|(of, at)| (**at, *of));
            if let Some(of) = earliest.map(|(of, _)| of.clone()) {
                self.presences.remove(&of);
            }
        }
    }

    /// What somebody of this party knows (see [`Starts::known`]).
    pub fn known(&self, author: Author, before: u64, heads: &[(Author, u64)]) -> Known {
        self.starts.known(author, before, heads)
    }

    /// The watches that stand, by all that is held, or by what somebody knows.
    pub fn standing(&self, by: Option<&Known>) -> Vec<Watch> {
        let reading = Reading::new(self);
        let begun = reading.begun().filter(|(_, held)| held.is_known(by));
        let standing = begun.filter(|(id, _)| !reading.is_over(id, by));
        standing.map(|(id, held)| reading.watch(id, held)).collect()
    }

    /// Forgets watches that are over, the oldest first, and if that is not enough whatever is oldest.
    fn forget(&mut self) {
        let begun = self.held.values().filter(|held| held.confirms().is_some());
        let is_too_much =
            begun.count() > limits::WATCHES || self.held.len() > limits::WATCH_ENTRIES;
        if !is_too_much {
            return;
        }
        let reading = Reading::new(self);
        let over = reading.begun().filter(|(id, _)| reading.may_go(id));
        let oldest = over.min_by_key(|(id, held)| (held.time, **id));
        let (gone, settled) = match oldest {
            Some((watch, _)) => (reading.parts_of(watch), reading.taken_from(watch)),
            None => {
                let oldest = self.held.iter().min_by_key(|(id, held)| (held.time, **id));
                let oldest = oldest.map(|(id, _)| *id);
                (oldest.into_iter().collect(), Vec::new())
            }
        };
        for id in gone {
            self.held.remove(&id);
            self.presences.retain(|(watch, _), _| *watch != id);
        }
        for id in settled {
            if let Some(next) = self.held.get_mut(&id) {
                next.is_settled = true;
            }
        }
    }
}

impl Held {
    /// How often the officer of the watch that it begins confirms; none if it begins none.
    fn confirms(&self) -> Option<u64> {
        match &self.fact {
            Fact::WatchOpened(opened) => Some(opened.confirms_ms),
            Fact::TakeOver(taken) => Some(taken.confirms_ms),
            _ => None,
        }
    }

    fn is_known(&self, by: Option<&Known>) -> bool {
        by.is_none_or(|known| known.knows(&self.author, self.sequence))
    }

    fn is_by(&self, other: &Self) -> bool {
        self.actor.name == other.actor.name
    }
}

/// The entries, sorted for one look at them.
struct Reading<'a> {
    watches: &'a Watches,
    /// For each watch the entries that may end it or pass it on.
    about: BTreeMap<EntryId, Vec<&'a EntryId>>,
    /// What hand-overs and take-overs know.
    known: BTreeMap<&'a EntryId, Known>,
    /// Take-overs that count.
    counting: BTreeSet<&'a EntryId>,
}

impl<'a> Reading<'a> {
    fn new(watches: &'a Watches) -> Self {
        let mut reading = Self {
            watches,
            about: BTreeMap::new(),
            known: BTreeMap::new(),
            counting: BTreeSet::new(),
        };
        for (id, held) in &watches.held {
            for watch in reading.concerns(&held.fact) {
                reading.about.entry(watch).or_default().push(id);
            }
            if matches!(held.fact, Fact::HandOver(_) | Fact::TakeOver(_)) {
                let known = watches.known(held.author, held.sequence, &held.heads);
                reading.known.insert(id, known);
            }
        }
        let taken = watches.held.iter();
        let counting = taken.filter(|(id, held)| reading.counts(id, held));
        reading.counting = counting.map(|(id, _)| id).collect();
        reading
    }

    /// The watches that an entry is about.
    fn concerns(&self, fact: &Fact) -> Vec<EntryId> {
        let of_hand_over = |id| self.hand_over(id).map(|(_, hand_over)| hand_over.watch);
        match fact {
            Fact::WatchOpened(opened) => opened.ends.clone(),
            Fact::HandOver(hand_over) => vec![hand_over.watch],
            Fact::HandOverWithdrawn(it) => of_hand_over(&it.hand_over).into_iter().collect(),
            Fact::TakeOver(it) => of_hand_over(&it.hand_over).into_iter().collect(),
            Fact::WatchClosed(closed) => vec![closed.watch],
            _ => Vec::new(),
        }
    }

    fn hand_over(&self, id: &EntryId) -> Option<(&'a Held, &'a HandOver)> {
        let held = self.watches.held.get(id)?;
        match &held.fact {
            Fact::HandOver(hand_over) => Some((held, hand_over)),
            _ => None,
        }
    }

    fn about(&self, watch: &EntryId) -> impl Iterator<Item = (&'a EntryId, &'a Held)> {
        let ids = self.about.get(watch).into_iter().flatten().copied();
        ids.filter_map(|id| Some((id, self.watches.held.get(id)?)))
    }

    /// What began watches.
    fn begun(&self) -> impl Iterator<Item = (&'a EntryId, &'a Held)> {
        self.watches.held.iter().filter(|(id, held)| {
            matches!(held.fact, Fact::WatchOpened(_)) || self.counting.contains(id)
        })
    }

    /// Whether a take-over counts (OL-712, OL-713).
    fn counts(&self, id: &EntryId, held: &Held) -> bool {
        let Fact::TakeOver(taken) = &held.fact else {
            return false;
        };
        if held.is_settled {
            return true;
        }
        let Some((handed, hand_over)) = self.signed_by_both(held, &taken.hand_over) else {
            return false;
        };
        let known = &self.known[id];
        let mut others = self.about(&hand_over.watch);
        !others.any(|(other, it)| {
            let is_known = other != id && known.knows(&it.author, it.sequence);
            is_known && self.voids((other, it), (&taken.hand_over, handed, hand_over))
        })
    }

    /// The hand-over that a take-over names, if it is by the officer and to him who takes.
    fn signed_by_both(
        &self,
        taken: &Held,
        hand_over: &EntryId,
    ) -> Option<(&'a Held, &'a HandOver)> {
        let (handed, hand_over) = self.hand_over(hand_over)?;
        let begun = self.watches.held.get(&hand_over.watch)?;
        let is_officers = begun.confirms().is_some() && begun.is_by(handed);
        (is_officers && hand_over.to == taken.actor.name).then_some((handed, hand_over))
    }

    /// Whether an entry makes a hand-over void for who knows it.
    fn voids(
        &self,
        (other, it): (&EntryId, &Held),
        (id, handed, hand_over): (&EntryId, &Held, &HandOver),
    ) -> bool {
        match &it.fact {
            Fact::HandOverWithdrawn(withdrawn) => withdrawn.hand_over == *id && it.is_by(handed),
            Fact::HandOver(_) => it.is_by(handed) && self.replaces(other, handed),
            Fact::TakeOver(taken) => self.signed_by_both(it, &taken.hand_over).is_some(),
            Fact::WatchClosed(_) => it.is_by(handed),
            Fact::WatchOpened(opened) => opened.ends.contains(&hand_over.watch),
            _ => false,
        }
    }

    /// Whether a hand-over was written by somebody who knew of another one.
    fn replaces(&self, id: &EntryId, earlier: &Held) -> bool {
        let known = self.known.get(id);
        known.is_some_and(|known| known.knows(&earlier.author, earlier.sequence))
    }

    /// What ends a watch, of what is held or known.
    fn enders(&self, watch: &EntryId) -> impl Iterator<Item = (&'a EntryId, &'a Held)> {
        let begun = self.watches.held.get(watch);
        let ends = move |id: &EntryId, it: &Held| match &it.fact {
            Fact::WatchOpened(_) => true,
            Fact::WatchClosed(_) => begun.is_some_and(|begun| it.is_by(begun)),
            Fact::TakeOver(_) => self.counting.contains(id),
            _ => false,
        };
        self.about(watch).filter(move |(id, it)| ends(id, it))
    }

    fn is_over(&self, watch: &EntryId, by: Option<&Known>) -> bool {
        self.enders(watch).any(|(_, held)| held.is_known(by))
    }

    fn watch(&self, id: &EntryId, held: &Held) -> Watch {
        let of = (*id, held.actor.name.clone());
        let seen = self.watches.presences.get(&of).copied();
        let seen = seen.map_or(held.stored, |seen| seen.max(held.stored));
        // Who promised less than the charter asks for is held to the charter (OL-709).
        let confirms = held.confirms().unwrap_or(0);
        let confirms = confirms.min(self.watches.presence_ms);
        Watch {
            id: *id,
            officer: held.actor.clone(),
            since: held.time,
            confirms_by: seen + signed(confirms),
            handed: self.handed(id, held),
        }
    }

    fn handed(&self, watch: &EntryId, begun: &Held) -> Vec<(EntryId, HandOver)> {
        let own = self.about(watch).filter(|(_, it)| it.is_by(begun));
        let own: Vec<_> = own.collect();
        let is_open = |id: &EntryId, handed: &Held| {
            !own.iter().any(|(other, it)| match &it.fact {
                Fact::HandOverWithdrawn(withdrawn) => withdrawn.hand_over == *id,
                Fact::HandOver(_) => *other != id && self.replaces(other, handed),
                _ => false,
            })
        };
        let open = own.iter().filter(|(id, held)| is_open(id, held));
        let open = open.filter_map(|(id, held)| match &held.fact {
            Fact::HandOver(hand_over) => Some((**id, hand_over.clone())),
            _ => None,
        });
        open.collect()
    }

    // ---- what may be forgotten ----

    /// Whether a watch is over, and so is the one that followed it by a take-over: while that stands, its grounds are kept.
    fn may_go(&self, watch: &EntryId) -> bool {
        let mut enders = self.enders(watch).peekable();
        let is_over = enders.peek().is_some();
        is_over
            && enders
                .all(|(id, held)| !matches!(held.fact, Fact::TakeOver(_)) || self.is_over(id, None))
    }

    /// A watch, its hand-overs, what withdrew them, and what closed it.
    fn parts_of(&self, watch: &EntryId) -> Vec<EntryId> {
        let parts = self
            .about(watch)
            .filter(|(_, held)| held.confirms().is_none());
        parts.map(|(id, _)| *id).chain([*watch]).collect()
    }

    fn taken_from(&self, watch: &EntryId) -> Vec<EntryId> {
        let enders = self.enders(watch);
        let taken = enders.filter(|(_, held)| matches!(held.fact, Fact::TakeOver(_)));
        taken.map(|(id, _)| *id).collect()
    }
}

/// Milliseconds as a number that may go below zero.
pub(super) fn signed(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}
