//! The contacts of a line at work: feeds the book ([`crate::contact::book`]) with entries, takes the steps towards a code as
//! they fall due, and writes what people ask for.
//!
//! The book counts an entry once it is held, so one entry of a contact is written at a time and the next request waits for it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use openline_seal::{Agreement, VerifyingCode};
use openline_wire::codes::{Kind, Precedence, Stream};
use openline_wire::fact::Fact;
use openline_wire::header::Actor;
use openline_wire::ids::{Author, EntryId};

use crate::composer::Draft;
use crate::config::StoredTold;
use crate::contact::book::{Book, Due};
use crate::contact::held::contact_of;
use crate::contact::request::Request;
use crate::contact::shown::Shown;
use crate::contract::{Event, Refusal};
use crate::line::Line;
use crate::ring::book::{Book as Rings, ring_of};
use crate::ring::held::{Note, Rung};
use crate::rings::Said;
use crate::watch::suspension::Act;

/// Requests that wait for the entry before them: more than two desks give in the time of one disk write.
const WAITING: usize = 64;

/// Contacts that something happened to: to look at all of them at every entry would make a flood cost more the longer it lasts.
#[derive(Debug)]
enum Touched {
    These(BTreeSet<EntryId>),
    All,
}

impl Touched {
    const NONE: Self = Self::These(BTreeSet::new());

    fn add(&mut self, contact: EntryId) {
        if let Self::These(these) = self {
            these.insert(contact);
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::These(these) if these.is_empty())
    }

    fn among(&self, all: impl Iterator<Item = EntryId>) -> BTreeSet<EntryId> {
        match self {
            Self::These(these) => these.clone(),
            Self::All => all.collect(),
        }
    }
}

/// The contacts of a line.
#[derive(Debug)]
pub(crate) struct Contacts {
    book: Book,
    /// Kept once known: the keys that a code follows from go in time.
    codes: BTreeMap<EntryId, VerifyingCode>,
    told: BTreeMap<EntryId, Shown>,
    /// In which of them something may be due.
    may_be_due: Touched,
    /// Of which of them what is shown may have changed.
    moved: Touched,
    /// Entries of ours that are not on stable storage.
    under_way: usize,
    waiting: VecDeque<(EntryId, Request, Said)>,
}

impl Contacts {
    /// From what the store holds.
    pub(crate) fn new(own: Author, stored: &StoredTold) -> Self {
        let mut book = Book::new(own);
        for entry in &stored.entries {
            book.observe(&entry.note);
        }
        Self {
            book,
            codes: BTreeMap::new(),
            told: BTreeMap::new(),
            may_be_due: Touched::All,
            moved: Touched::All,
            under_way: 0,
            waiting: VecDeque::new(),
        }
    }

    /// Takes an entry into account whose turn has come, ours or theirs.
    pub(crate) fn observe(&mut self, note: &Note, own: Author) {
        let contact = contact_of(&note.fact);
        match contact.or_else(|| ring_of(note)) {
            Some(contact) => {
                self.may_be_due.add(contact);
                self.moved.add(contact);
            }
            // A boot may be gone, and its contacts broken off.
            None if matches!(note.fact, Fact::Start(_)) => self.all_touched(),
            None => return,
        }
        if contact.is_some() && note.author == own {
            self.under_way = self.under_way.saturating_sub(1);
        }
        self.book.observe(note);
    }

    fn all_touched(&mut self) {
        (self.may_be_due, self.moved) = (Touched::All, Touched::All);
    }

    /// Whether how they stand may have changed since it was told.
    pub(crate) fn has_moved(&self) -> bool {
        !self.moved.is_empty()
    }

    /// Whether the codes differ in one that may have changed.
    pub(crate) fn codes_differed(&self, rings: &Rings) -> bool {
        let mut moved = self.moved.among(rings.contacts()).into_iter();
        moved.any(|contact| self.book.codes_differed(&contact, rings))
    }

    /// The channel has keys that it did not have.
    pub(crate) fn keys_changed(&mut self) {
        self.may_be_due = Touched::All;
    }
}

impl<A: Agreement> Line<A> {
    /// What a person asks for in a contact; later, if something of a contact is being written.
    pub(crate) fn ask_contact(
        &mut self,
        contact: EntryId,
        request: Request,
        said: Said,
    ) -> Result<(), Refusal> {
        if !said.actor.is_a_person() {
            return Err(Refusal::NotByAPerson);
        }
        if self.contacts.under_way == 0 {
            return self.write_for(contact, request, said);
        }
        if self.contacts.waiting.len() == WAITING {
            return Err(Refusal::Busy);
        }
        self.contacts.waiting.push_back((contact, request, said));
        Ok(())
    }

    fn write_for(&mut self, contact: EntryId, request: Request, said: Said) -> Result<(), Refusal> {
        let rings = self.rings.book();
        if request.binds()
            && let Some(rung) = rings.rung(&contact)
        {
            self.duties.allows(Act::Ring(&rung.ring))?;
        }
        let binds = request.binds();
        let fact = self.contacts.book.ask(&contact, request, rings);
        let fact = fact.map_err(Refusal::Contact)?;
        let is_over = |rung: &Rung| !self.exercises.allows(rung);
        if binds && rings.rung(&contact).is_some_and(is_over) {
            return Err(Refusal::NoExercise);
        }
        self.write_contact(contact, fact, Some(said));
        Ok(())
    }

    /// Does what waits and takes the steps that are due, one entry at a time.
    pub(crate) fn step_contacts(&mut self) {
        while self.contacts.under_way == 0
            && let Some((contact, request, said)) = self.contacts.waiting.pop_front()
        {
            let ticket = said.ticket;
            if let Err(why) = self.write_for(contact, request, said) {
                self.batch.answers.push(Event::Refused { ticket, why });
            }
        }
        if self.contacts.under_way > 0 {
            return;
        }
        let may_be_due = core::mem::replace(&mut self.contacts.may_be_due, Touched::NONE);
        let mut contacts = may_be_due.among(self.rings.book().contacts());
        while let Some(contact) = contacts.pop_first() {
            self.keep_code(contact);
            if let Some(fact) = self.due_step(&contact) {
                // The others wait until this one is held.
                self.contacts.may_be_due = Touched::These(contacts);
                return self.write_contact(contact, fact, None);
            }
        }
    }

    fn keep_code(&mut self, contact: EntryId) {
        if self.contacts.codes.contains_key(&contact) {
            return;
        }
        let of = self.contacts.book.code_of(&contact, self.rings.book());
        let code = of.and_then(|of| self.channel.verifying_code(&of));
        if let Some(code) = code {
            self.contacts.codes.insert(contact, code);
            self.contacts.moved.add(contact);
        }
    }

    /// What this boot owes: that a proposal lapsed, or a step towards the code, if the channel has the keys for it.
    fn due_step(&mut self, contact: &EntryId) -> Option<Fact> {
        let lapse = self.contacts.book.lapse(contact, self.rings.book());
        if lapse.is_some() {
            return lapse;
        }
        let due = self.contacts.book.due(contact, self.rings.book())?;
        let epoch = match due {
            Due::Commit => Some(self.channel.verifying_epoch()?),
            Due::Share { generation, epoch } => {
                self.channel.holds_epoch(generation, epoch).then_some(())?;
                None
            }
            Due::Reveal => None,
        };
        let nonce = self.salt();
        let (book, rings) = (&mut self.contacts.book, self.rings.book());
        let fact = match (due, epoch) {
            (Due::Commit, Some(epoch)) => book.commit(contact, epoch, nonce, rings),
            (Due::Share { .. }, _) => book.share(contact, nonce, rings),
            _ => book.reveal(contact, rings),
        };
        fact.ok()
    }

    fn write_contact(&mut self, contact: EntryId, fact: Fact, said: Option<Said>) {
        let accepted = self.rings.book().accepted(&contact);
        let Some((accepted, kind)) = accepted.zip(kind(&fact)) else {
            return;
        };
        self.contacts.under_way += 1;
        let draft = Draft::by_station(Stream::Urgent, kind, fact);
        let takes_text = kind.carries_text();
        let said = said.map(|said| (said.actor, said.body, said.ticket));
        let (actor, body, ticket) = match said {
            Some((actor, body, ticket)) => (actor, body, Some(ticket)),
            None => (Actor::station(), None, None),
        };
        self.composer.draft(Draft {
            mark: accepted.mark,
            // Two people wait for it.
            precedence: Precedence::Flash,
            actor,
            body: body.filter(|_| takes_text),
            ticket,
            ..draft
        });
    }

    /// Tells of every contact whose state changed.
    pub(crate) fn tell_contacts(&mut self) {
        let moved = core::mem::replace(&mut self.contacts.moved, Touched::NONE);
        if moved.is_empty() {
            return;
        }
        let rings = self.rings.book();
        let Contacts {
            book, codes, told, ..
        } = &mut self.contacts;
        for contact in moved.among(rings.contacts()) {
            let standing = book.standing(&contact, rings);
            let (Some(standing), Some(accepted)) = (standing, rings.accepted(&contact)) else {
                continue;
            };
            let shown = Shown {
                contact,
                standing,
                is_ours: [accepted.caller, accepted.called].contains(&self.author),
                code: codes.get(&contact).copied(),
                proposals: book.proposals(&contact, rings),
            };
            if told.get(&contact) != Some(&shown) {
                let line = self.id;
                let event = Box::new(shown.clone());
                self.batch
                    .events
                    .push(Event::Contact { line, shown: event });
                told.insert(contact, shown);
            }
        }
        // What its rings forget, a line forgets.
        codes.retain(|contact, _| rings.rung(contact).is_some());
        told.retain(|contact, _| rings.rung(contact).is_some());
    }
}

fn kind(fact: &Fact) -> Option<Kind> {
    Some(match fact {
        Fact::Verifying(_) => Kind::Verifying,
        Fact::Verified(_) => Kind::Verified,
        Fact::Proposal(_) => Kind::Proposal,
        Fact::ReadBack(_) => Kind::ReadBack,
        Fact::Settlement(_) => Kind::Settlement,
        Fact::ContactClosed(_) => Kind::ContactClosed,
        _ => return None,
    })
}
