//! The contacts of a line, in one boot: what is held of each, how it stands, and what may be done now.
//!
//! It decides nothing by itself and keeps no state of its own but the nonces that are not shown yet: everything follows from the
//! entries and from the rings that were accepted. What a call returns is the fact of an entry to be written; it counts once the
//! entry is handed to [`Book::observe`], which must happen before the next call.

use std::collections::BTreeMap;

use openline_seal::CodeOf;
use openline_wire::codes::{Comparison, Settled, VerifyingStep};
use openline_wire::fact::{
    ContactClosed, Fact, Proposal, ReadBack, Settlement, Step, Verified, Verifying,
    nonce_commitment,
};
use openline_wire::ids::{Author, EntryId};
use openline_wire::limits;

use super::held::{Held, contact_of};
use super::proposal::{Action, Event, State as ProposalState, step};
use super::state::State;
use super::typed::Typed;
use super::view::{Shown, Standing, View};
use crate::ring::book::{Accepted, Book as Rings};
use crate::ring::held::Note;

/// Places of a boot that no proposal, read-back or settlement takes.
const KEPT_BACK: usize = 16;

/// How a contact stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactStanding {
    /// The machine's state.
    Is(State),
    /// A boot of it is gone; a status, never final (OL-627).
    BrokenOff,
}

impl ContactStanding {
    /// The word of OL-645. Who of the two has said that the codes agreed, is said beside it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Is(State::Verifying | State::CallerAgreed | State::CalledAgreed) => "verifying",
            Self::Is(State::Verified) => "verified",
            Self::Is(State::Closed) => "closed",
            Self::Is(State::CodesDiffered) => "codes-differed",
            Self::BrokenOff => "broken-off",
        }
    }

    /// Whether nothing more is written in it.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Self::BrokenOff | Self::Is(State::Closed | State::CodesDiffered)
        )
    }
}

/// A step towards the code that this boot owes, with fresh random bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Commit to a nonce, in an epoch of the channel that is not the tape's: [`Book::commit`].
    Commit,
    /// Give a nonce, as soon as the channel holds this epoch's keys: [`Book::share`].
    Share {
        /// Of the channel.
        generation: u64,
        /// Of the channel.
        epoch: u64,
    },
    /// Show ours: [`Book::reveal`].
    Reveal,
}

/// Why what was asked for is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// No such ring was accepted, or this boot is not one of the two that it brought together.
    NoSuchContact,
    /// A boot of it is gone: ring again.
    BrokenOff,
    /// Somebody closed it.
    Closed,
    /// The codes differed: nothing is agreed in this contact any more.
    CodesDiffered,
    /// Both must say first that the codes agreed.
    NotVerified,
    /// The code is not known yet.
    NoCode,
    /// It was said before.
    AlreadySaid,
    /// The step is not due.
    NotDue,
    /// No such proposal counts in this contact.
    NoSuchProposal,
    /// It is our own: the other side reads it back.
    OurProposal,
    /// It is another boot's: that one settles it.
    TheirProposal,
    /// The other side has not read it back.
    NotReadBack,
    /// What it read back differs: correct it, or have it read back again.
    ReadDifferently,
    /// It is settled.
    TooLate,
    /// As many entries of contacts as count of one boot.
    TooMany,
}

/// The contacts of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    own: Author,
    contacts: BTreeMap<EntryId, Held>,
    /// The entries that count of each boot, by their places.
    counted: BTreeMap<Author, BTreeMap<u64, EntryId>>,
    /// Our nonces, by their contacts, until the entry that shows them is held.
    nonces: BTreeMap<EntryId, [u8; limits::VERIFYING_NONCE]>,
}

impl Book {
    /// The book of a boot that has read nothing yet. What its disk holds it is given entry by entry, in any order.
    pub fn new(own: Author) -> Self {
        Self {
            own,
            contacts: BTreeMap::new(),
            counted: BTreeMap::new(),
            nonces: BTreeMap::new(),
        }
    }

    /// Takes an entry of the urgent stream into account that is held here, ours or theirs.
    pub fn observe(&mut self, note: &Note) {
        let Some(contact) = contact_of(&note.fact) else {
            return;
        };
        let reveals =
            matches!(&note.fact, Fact::Verifying(it) if matches!(it.step, Step::Reveals { .. }));
        if reveals && note.author == self.own {
            self.nonces.remove(&contact);
        }
        let counted = self.counted.entry(note.author).or_default();
        counted.insert(note.sequence, contact);
        self.contacts.entry(contact).or_default().take(note);
        if counted.len() > limits::CONTACT_ENTRIES
            && let Some((sequence, contact)) = counted.pop_last()
            && let Some(held) = self.contacts.get_mut(&contact)
        {
            held.leave(note.author, sequence);
            if held.is_empty() {
                self.contacts.remove(&contact);
            }
        }
    }

    // ---- what is shown ----

    fn held(&self, contact: &EntryId) -> &Held {
        static NOTHING: Held = Held::nothing();
        self.contacts.get(contact).unwrap_or(&NOTHING)
    }

    fn view<'a>(&'a self, contact: &EntryId, accepted: Accepted, rings: &'a Rings) -> View<'a> {
        View::of(*contact, accepted, self.held(contact), rings)
    }

    /// How many more entries of this boot would count in a contact.
    fn room(&self, contact: &EntryId) -> usize {
        let counted = self.counted.get(&self.own).map_or(0, BTreeMap::len);
        let in_all = limits::CONTACT_ENTRIES.saturating_sub(counted);
        let here = self.held(contact).count_of(self.own);
        in_all.min(limits::ENTRIES_IN_ONE_CONTACT.saturating_sub(here))
    }

    /// How a contact stands; none if the ring is not known to be accepted.
    pub fn standing(&self, contact: &EntryId, rings: &Rings) -> Option<ContactStanding> {
        let accepted = rings.accepted(contact)?;
        Some(match self.view(contact, accepted, rings).state {
            state @ (State::Closed | State::CodesDiffered) => ContactStanding::Is(state),
            _ if accepted.is_broken_off => ContactStanding::BrokenOff,
            state => ContactStanding::Is(state),
        })
    }

    /// The proposals of a contact.
    pub fn proposals(&self, contact: &EntryId, rings: &Rings) -> BTreeMap<EntryId, Shown> {
        let accepted = rings.accepted(contact);
        let view = accepted.map(|accepted| self.view(contact, accepted, rings));
        view.map(|view| view.proposals()).unwrap_or_default()
    }

    /// Whether the codes differed in a contact: an alarm, on both sides (OL-626).
    pub fn codes_differed(&self, contact: &EntryId, rings: &Rings) -> bool {
        self.standing(contact, rings) == Some(ContactStanding::Is(State::CodesDiffered))
    }

    // ---- the stations: towards a code ----

    /// The contact, if this boot has a part in it and it is not over.
    fn open<'a>(
        &'a self,
        contact: &EntryId,
        rings: &'a Rings,
    ) -> Result<(Accepted, View<'a>), NotDone> {
        let accepted = rings.accepted(contact).ok_or(NotDone::NoSuchContact)?;
        if self.own != accepted.caller && self.own != accepted.called {
            return Err(NotDone::NoSuchContact);
        }
        let view = self.view(contact, accepted, rings);
        match view.state {
            State::CodesDiffered => return Err(NotDone::CodesDiffered),
            State::Closed => return Err(NotDone::Closed),
            _ if accepted.is_broken_off => return Err(NotDone::BrokenOff),
            _ => {}
        }
        match self.room(contact) {
            0 => Err(NotDone::TooMany),
            _ => Ok((accepted, view)),
        }
    }

    /// What this boot owes.
    pub fn due(&self, contact: &EntryId, rings: &Rings) -> Option<Due> {
        let (accepted, view) = self.open(contact, rings).ok()?;
        let is_caller = self.own == accepted.caller;
        let is_new = |step| !view.has_taken(&self.own, step);
        let steps = view.steps;
        let shares = steps.and_then(|steps| steps.shares);
        match (steps, is_caller) {
            (None, true) if is_new(VerifyingStep::Commits) => Some(Due::Commit),
            (Some(steps), false) if is_new(VerifyingStep::Shares) => Some(Due::Share {
                generation: steps.generation,
                epoch: steps.epoch,
            }),
            (_, true) if shares.is_some() && is_new(VerifyingStep::Reveals) => Some(Due::Reveal),
            _ => None,
        }
    }

    /// The word of this boot that one of its proposals lapsed, if it owes that: the contact is over, and whoever read the proposal back
    /// can't know otherwise that nobody has confirmed it.
    pub fn lapse(&self, contact: &EntryId, rings: &Rings) -> Option<Fact> {
        let is_over = self.standing(contact, rings)?.is_over();
        if !is_over || self.room(contact) == 0 {
            return None;
        }
        let is_owed = |(_, shown): &(EntryId, Shown)| {
            let is_read = matches!(
                shown.standing,
                Standing::ReadBack(_) | Standing::ReadDifferently(..)
            );
            shown.by == self.own && is_read
        };
        let mut proposals = self.proposals(contact, rings).into_iter();
        let (proposal, _) = proposals.find(is_owed)?;
        Some(settlement(contact, &proposal, Settled::Lapsed, None))
    }

    /// Commits to a nonce, in a generation and epoch of the channel to the called boot.
    pub fn commit(
        &mut self,
        contact: &EntryId,
        (generation, epoch): (u64, u64),
        nonce: [u8; limits::VERIFYING_NONCE],
        rings: &Rings,
    ) -> Result<Fact, NotDone> {
        let (accepted, _) = self.open(contact, rings)?;
        if self.due(contact, rings) != Some(Due::Commit) || epoch == 0 {
            return Err(NotDone::NotDue);
        }
        if self.nonces.contains_key(contact) {
            return Err(NotDone::AlreadySaid);
        }
        self.nonces.insert(*contact, nonce);
        let commits = Step::Commits {
            outcome: accepted.outcome,
            generation,
            epoch,
            commitment: nonce_commitment(contact, &nonce),
        };
        Ok(verifying(contact, commits))
    }

    /// Gives a nonce. The channel must hold the keys of the epoch that was named.
    pub fn share(
        &self,
        contact: &EntryId,
        nonce: [u8; limits::VERIFYING_NONCE],
        rings: &Rings,
    ) -> Result<Fact, NotDone> {
        let (_, view) = self.open(contact, rings)?;
        match (self.due(contact, rings), view.steps) {
            (Some(Due::Share { .. }), Some(steps)) => {
                let commits = steps.commits;
                Ok(verifying(contact, Step::Shares { commits, nonce }))
            }
            _ => Err(NotDone::NotDue),
        }
    }

    /// Shows the nonce that was committed to.
    pub fn reveal(&self, contact: &EntryId, rings: &Rings) -> Result<Fact, NotDone> {
        let (_, view) = self.open(contact, rings)?;
        let shares = view.steps.and_then(|steps| steps.shares);
        let nonce = self.nonces.get(contact).copied();
        match (self.due(contact, rings), shares, nonce) {
            (Some(Due::Reveal), Some((shares, _)), Some(nonce)) => {
                Ok(verifying(contact, Step::Reveals { shares, nonce }))
            }
            _ => Err(NotDone::NotDue),
        }
    }

    /// What the code is derived from, as soon as it may be shown.
    pub fn code_of(&self, contact: &EntryId, rings: &Rings) -> Option<CodeOf> {
        let (_, view) = self.open(contact, rings).ok()?;
        view.code_of()
    }

    // ---- the people ----

    /// A person says whether the code that he heard is the one on his screen.
    pub fn verify(
        &self,
        contact: &EntryId,
        said: Comparison,
        rings: &Rings,
    ) -> Result<Fact, NotDone> {
        let (_, view) = self.open(contact, rings)?;
        let code = view.code().ok_or(NotDone::NoCode)?;
        if said == Comparison::Agreed && view.has_said(&self.own) {
            return Err(NotDone::AlreadySaid);
        }
        Ok(Fact::Verified(Verified {
            contact: *contact,
            code,
            said,
        }))
    }

    fn verified<'a>(&'a self, contact: &EntryId, rings: &'a Rings) -> Result<View<'a>, NotDone> {
        let (_, view) = self.open(contact, rings)?;
        match view.state {
            // Whoever has proposed too much can still say that the codes differ, and close.
            _ if self.room(contact) <= KEPT_BACK => Err(NotDone::TooMany),
            State::Verified => Ok(view),
            _ => Err(NotDone::NotVerified),
        }
    }

    /// A person proposes, or corrects what he proposed.
    pub fn propose(
        &self,
        contact: &EntryId,
        typed: Typed,
        corrects: Option<EntryId>,
        rings: &Rings,
    ) -> Result<Fact, NotDone> {
        let view = self.verified(contact, rings)?;
        if let Some(corrects) = &corrects {
            self.settles(&view, corrects, Event::Correct)?;
        }
        Ok(Fact::Proposal(Proposal {
            contact: *contact,
            corrects,
            terms: typed.into_terms(),
        }))
    }

    /// A person reads back what the other side proposed. Whether it agrees he learns when it is signed.
    pub fn read_back(
        &self,
        contact: &EntryId,
        proposal: &EntryId,
        typed: Typed,
        rings: &Rings,
    ) -> Result<Fact, NotDone> {
        let view = self.verified(contact, rings)?;
        let shown = view.proposal(proposal).ok_or(NotDone::NoSuchProposal)?;
        if shown.by == self.own {
            return Err(NotDone::OurProposal);
        }
        let state = state_of(&shown.standing).ok_or(NotDone::NoSuchProposal)?;
        if step(state, Event::ReadRight).1 == Action::TooLate {
            return Err(NotDone::TooLate);
        }
        Ok(Fact::ReadBack(ReadBack {
            contact: *contact,
            proposal: *proposal,
            terms: typed.into_terms(),
        }))
    }

    /// A person confirms what was read back last.
    pub fn confirm(
        &self,
        contact: &EntryId,
        proposal: &EntryId,
        rings: &Rings,
    ) -> Result<Fact, NotDone> {
        let view = self.verified(contact, rings)?;
        match self.settles(&view, proposal, Event::Confirm)? {
            Standing::ReadBack(cites) => Ok(settlement(
                contact,
                proposal,
                Settled::Confirmed,
                Some(cites),
            )),
            _ => Err(NotDone::NotReadBack),
        }
    }

    /// A person takes back what he proposed.
    pub fn withdraw(
        &self,
        contact: &EntryId,
        proposal: &EntryId,
        rings: &Rings,
    ) -> Result<Fact, NotDone> {
        let view = self.verified(contact, rings)?;
        self.settles(&view, proposal, Event::Withdraw)?;
        Ok(settlement(contact, proposal, Settled::Withdrawn, None))
    }

    /// A person closes the contact.
    pub fn close(&self, contact: &EntryId, rings: &Rings) -> Result<Fact, NotDone> {
        self.open(contact, rings)?;
        let contact = *contact;
        Ok(Fact::ContactClosed(ContactClosed { contact }))
    }

    /// Whether this boot may settle a proposal so, and how it stands.
    fn settles(
        &self,
        view: &View<'_>,
        proposal: &EntryId,
        event: Event,
    ) -> Result<Standing, NotDone> {
        let shown = view.proposal(proposal).ok_or(NotDone::NoSuchProposal)?;
        if shown.by != self.own {
            return Err(NotDone::TheirProposal);
        }
        let state = state_of(&shown.standing).ok_or(NotDone::NoSuchProposal)?;
        match step(state, event).1 {
            Action::Settle => Ok(shown.standing),
            Action::NotReadBack => Err(NotDone::NotReadBack),
            Action::ReadDifferently => Err(NotDone::ReadDifferently),
            Action::TooLate | Action::Nothing => Err(NotDone::TooLate),
        }
    }
}

/// The machine's state; none of what is void.
fn state_of(standing: &Standing) -> Option<ProposalState> {
    Some(match standing {
        Standing::Open => ProposalState::Open,
        Standing::ReadBack(_) => ProposalState::ReadBack,
        Standing::ReadDifferently(..) => ProposalState::ReadDifferently,
        Standing::Confirmed(_) => ProposalState::Confirmed,
        Standing::Corrected(_) => ProposalState::Corrected,
        Standing::Withdrawn => ProposalState::Withdrawn,
        Standing::Lapsed => ProposalState::Lapsed,
        Standing::Void(_) => return None,
    })
}

fn verifying(contact: &EntryId, step: Step) -> Fact {
    let contact = *contact;
    Fact::Verifying(Verifying { contact, step })
}

fn settlement(
    contact: &EntryId,
    proposal: &EntryId,
    settled: Settled,
    cites: Option<EntryId>,
) -> Fact {
    Fact::Settlement(Settlement {
        contact: *contact,
        proposal: *proposal,
        settled,
        cites,
    })
}
