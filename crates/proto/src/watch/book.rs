//! The watch of every party of a line, in one boot: takes in what is signed, tells who is on watch, and says what is to be
//! written when a person asks for something.
//!
//! What a call returns are the facts of entries to be written in that person's name, all of them in one transaction. Time is
//! the boot's monotonic clock.

use std::collections::BTreeMap;

use openline_wire::codes::Mark;
use openline_wire::fact::{
    Fact, HandOver, HandOverWithdrawn, Presence, TakeOver, WatchClosed, WatchOpened,
};
use openline_wire::header::Actor;
use openline_wire::ids::{Author, EntryId, PartyId};

use super::known::Note;
use super::machine::{self, Action, Event, State};
use super::watches::{Watch, Watches, signed};

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// To be on watch, and how often he will confirm that he is there, in milliseconds.
    Open(u64),
    /// The same, in place of whoever is.
    Replace(u64),
    /// To confirm that he is there.
    Confirm,
    /// To hand over to somebody, with the entries that are open.
    HandOver(String, Vec<EntryId>),
    /// To take that back.
    Withdraw,
    /// To take the watch that was handed over to him, and how often he will confirm.
    TakeOver(u64),
    /// To end the watch.
    Close,
}

/// Why what a person asks for is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// Nobody is on watch.
    NobodyIsOnWatch,
    /// Somebody is: he hands over, or is replaced.
    SomebodyIsOnWatch,
    /// Nobody was named who is to come.
    NothingIsHandedOver,
    /// Two are on watch: somebody takes the place of both first.
    TwoAreOnWatch,
    /// That is for the officer on watch.
    NotTheOfficer,
    /// Another person was named.
    NotTheOneNamed,
    /// A station by itself is nobody.
    Nobody,
    /// The charter asks an officer to confirm more often: after so many milliseconds at the latest.
    TooSeldom(u64),
}

/// Whether anybody is there (OL-715).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Duty {
    /// Nobody is on watch.
    Nobody,
    /// Every officer on watch has confirmed in time.
    Present,
    /// One of them has not.
    Overdue,
}

/// What an entry of the urgent stream, or somebody who is about to write one, has stored.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Who.
    pub author: Author,
    /// How many entries his urgent stream had.
    pub before: u64,
    /// How much of others' urgent streams.
    pub heads: &'a [(Author, u64)],
}

/// The watches of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    own: PartyId,
    presence_ms: u64,
    parties: BTreeMap<PartyId, Watches>,
}

impl Book {
    /// The book of a boot that has read nothing yet. What its disk holds it is given entry by entry, in any order. The
    /// parties are those of the charter: of others nothing is kept. An officer confirms at least once in `presence_ms`.
    pub fn new(own: PartyId, parties: impl IntoIterator<Item = PartyId>, presence_ms: u64) -> Self {
        let empty = |party| (party, Watches::new(presence_ms));
        let parties = parties.into_iter().map(empty);
        Self {
            own,
            presence_ms,
            parties: parties.collect(),
        }
    }

    /// Takes an entry of an urgent stream into account that is held here, ours or theirs: starts, and what is of the watch.
    pub fn observe(&mut self, note: &Note, now: u64) {
        let counts = note.mark == Mark::Real || matches!(note.fact, Fact::Start(_));
        let watches = self.parties.get_mut(&note.author.party);
        if let Some(watches) = watches.filter(|_| counts) {
            watches.observe(note, now);
        }
    }

    /// The watches of a party that stand: none, one, or two if its boots did not hear each other.
    pub fn standing(&self, party: &PartyId) -> Vec<Watch> {
        let watches = self.parties.get(party);
        watches.map(|it| it.standing(None)).unwrap_or_default()
    }

    /// Whether anybody of a party is there.
    pub fn duty(&self, party: &PartyId, now: u64) -> Duty {
        duty(&self.standing(party), now)
    }

    /// When [`Self::duty`] may change of itself.
    pub fn changes_at(&self, now: u64) -> Option<u64> {
        let watches = self.parties.keys().flat_map(|party| self.standing(party));
        let lapses = watches.filter_map(|watch| u64::try_from(watch.confirms_by).ok());
        lapses.filter(|&at| at > now).min()
    }

    /// The watch that an entry names (OL-716), if anybody was on watch.
    pub fn watch_of(&self, seen: Seen<'_>, actor: &Actor) -> Option<Watch> {
        let watches = self.parties.get(&seen.author.party)?;
        let known = watches.known(seen.author, seen.before, seen.heads);
        let mut stood = watches.standing(Some(&known));
        let is_his = |watch: &Watch| watch.officer.name == actor.name;
        let at = stood.iter().position(is_his).unwrap_or(0);
        (at < stood.len()).then(|| stood.swap_remove(at))
    }

    /// How our own party's watch stands.
    pub fn state(&self) -> State {
        state(&self.standing(&self.own))
    }

    /// What is to be written for a person of our own party.
    pub fn ask(&self, request: Request, actor: &Actor) -> Result<Vec<Fact>, NotDone> {
        if !actor.is_a_person() {
            return Err(NotDone::Nobody);
        }
        if request.confirms().is_some_and(|ms| ms > self.presence_ms) {
            return Err(NotDone::TooSeldom(self.presence_ms));
        }
        let standing = self.standing(&self.own);
        let (_, action) = machine::step(state(&standing), request.event());
        refusal(action)?;
        let officers = standing.iter().filter(|it| it.officer.name == actor.name);
        let own: Vec<&Watch> = officers.collect();
        let for_officer = !matches!(
            request,
            Request::Open(_) | Request::Replace(_) | Request::TakeOver(_)
        );
        if for_officer && own.is_empty() {
            return Err(NotDone::NotTheOfficer);
        }
        let facts: Vec<Fact> = match request {
            Request::Open(confirms_ms) | Request::Replace(confirms_ms) => {
                let ends = standing.iter().map(|watch| watch.id).collect();
                vec![Fact::WatchOpened(WatchOpened { ends, confirms_ms })]
            }
            Request::TakeOver(confirms_ms) => {
                let hand_over = named(&standing, actor).ok_or(NotDone::NotTheOneNamed)?;
                vec![Fact::TakeOver(TakeOver {
                    hand_over,
                    confirms_ms,
                })]
            }
            request => own
                .iter()
                .flat_map(|watch| of_officer(&request, watch))
                .collect(),
        };
        Ok(facts)
    }
}

/// The hand-over to a person.
fn named(standing: &[Watch], actor: &Actor) -> Option<EntryId> {
    let mut handed = standing.iter().flat_map(|watch| &watch.handed);
    let to_him = handed.find(|(_, it)| it.to == actor.name);
    to_him.map(|(id, _)| *id)
}

/// What an officer writes of his watch.
fn of_officer(request: &Request, watch: &Watch) -> Vec<Fact> {
    let id = watch.id;
    match request {
        Request::Confirm => vec![Fact::Presence(Presence { watch: id })],
        Request::HandOver(to, items) => {
            let mut items = items.clone();
            items.sort();
            items.dedup();
            let to = to.clone();
            vec![Fact::HandOver(HandOver {
                watch: id,
                to,
                items,
            })]
        }
        Request::Withdraw => {
            let withdrawn = |(hand_over, _): &(EntryId, HandOver)| {
                let hand_over = *hand_over;
                Fact::HandOverWithdrawn(HandOverWithdrawn { hand_over })
            };
            watch.handed.iter().map(withdrawn).collect()
        }
        Request::Close => vec![Fact::WatchClosed(WatchClosed { watch: id })],
        Request::Open(_) | Request::Replace(_) | Request::TakeOver(_) => Vec::new(),
    }
}

fn state(standing: &[Watch]) -> State {
    match standing {
        [] => State::Nobody,
        [watch] if watch.handed.is_empty() => State::OnWatch,
        [_] => State::HandingOver,
        _ => State::Doubled,
    }
}

/// Whether anybody is there, of those whose watches stand.
pub fn duty(standing: &[Watch], now: u64) -> Duty {
    if standing.is_empty() {
        return Duty::Nobody;
    }
    let is_overdue = |watch: &Watch| watch.confirms_by <= signed(now);
    match standing.iter().any(is_overdue) {
        true => Duty::Overdue,
        false => Duty::Present,
    }
}

fn refusal(action: Action) -> Result<(), NotDone> {
    match action {
        Action::NobodyIsOnWatch => Err(NotDone::NobodyIsOnWatch),
        Action::SomebodyIsOnWatch => Err(NotDone::SomebodyIsOnWatch),
        Action::NothingIsHandedOver => Err(NotDone::NothingIsHandedOver),
        Action::TwoAreOnWatch => Err(NotDone::TwoAreOnWatch),
        _ => Ok(()),
    }
}

impl Request {
    /// How often who asks will confirm that he is there.
    fn confirms(&self) -> Option<u64> {
        match self {
            Self::Open(ms) | Self::Replace(ms) | Self::TakeOver(ms) => Some(*ms),
            _ => None,
        }
    }

    fn event(&self) -> Event {
        match self {
            Self::Open(_) => Event::Open,
            Self::Replace(_) => Event::Replace,
            Self::Confirm => Event::Confirm,
            Self::HandOver(..) => Event::HandOver,
            Self::Withdraw => Event::Withdraw,
            Self::TakeOver(_) => Event::TakeOver,
            Self::Close => Event::Close,
        }
    }
}
