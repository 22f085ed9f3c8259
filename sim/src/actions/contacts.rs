//! What two people do in a contact: mostly what they should, now and then something else.

use openline_proto::contact::book::ContactStanding;
use openline_proto::contact::request::Request;
use openline_proto::contact::shown::Shown;
use openline_proto::contact::state::State;
use openline_proto::contact::typed::{Fields, Typed};
use openline_proto::contract::Command;
use openline_seal::Agreement;
use openline_wire::codes::Comparison;
use openline_wire::fact::{Fact, Proposal};
use openline_wire::ids::EntryId;
use openline_wire::zoned::Zoned;

use super::Action;
use crate::world::World;

/// Whatever people agree on here. Each begins at another time.
const TERMS: [Fields<'static>; 2] = [
    Fields {
        places: &["50.4501N 30.5234E"],
        from: "2027-01-16T06:00+02:00",
        until: Some("2027-01-17T06:00+02:00"),
        next_contact: None,
    },
    Fields {
        places: &[],
        from: "2027-01-16T07:00Z",
        until: None,
        next_contact: Some("2027-01-16T09:00Z"),
    },
];

impl<A: Agreement> World<A> {
    /// Both sides of a contact say a few things, a moment apart.
    pub(super) fn speak(&mut self, at: usize) {
        let node = self.machines[at].node;
        for _ in 0..self.dice.between(1, 8) {
            let all: Vec<usize> = (0..self.machines.len()).collect();
            let speaker = self.dice.pick(&all).unwrap_or(at);
            let is_there = speaker == at || self.machines[speaker].node != node;
            if is_there && !self.machines[speaker].is_gone {
                self.ask(speaker, Action::Contact);
            }
            let pause = self.dice.below(600);
            self.run_until(self.now + pause);
            if self.violation.is_some() {
                return;
            }
        }
    }

    /// What somebody asks for at a machine.
    pub(super) fn contact_of(&mut self, at: usize) -> Option<Command> {
        let is_old = self.dice.chance(50);
        let known = self.model.shown_contacts.get(at)?.values();
        let is_open = |shown: &&Shown| {
            use State::{CalledAgreed, CallerAgreed, Verified, Verifying};
            let open = [Verifying, CallerAgreed, CalledAgreed, Verified];
            let is_open = open.map(ContactStanding::Is).contains(&shown.standing);
            is_old || is_open && shown.is_ours
        };
        let known: Vec<Shown> = known.filter(is_open).cloned().collect();
        let drawn = self.dice.below(known.len() as u64) as usize;
        let shown = known.get(drawn)?.clone();
        let request = match shown.standing {
            ContactStanding::Is(State::Verified) => self.agree(at, &shown)?,
            _ => self.verify(),
        };
        Some(Command::Contact {
            contact: shown.contact,
            request: Box::new(request),
            text: String::new(),
            language: "en".into(),
        })
    }

    fn verify(&mut self) -> Request {
        match self.dice.below(40) {
            0 => Request::Verify(Comparison::Differed),
            1 => Request::Close,
            2 => Request::Propose(self.typed(None), None),
            _ => Request::Verify(Comparison::Agreed),
        }
    }

    fn agree(&mut self, at: usize, shown: &Shown) -> Option<Request> {
        let proposals: Vec<EntryId> = shown.proposals.keys().copied().collect();
        let proposal = self.dice.pick(&proposals);
        Some(match (self.dice.below(20), proposal) {
            (0, _) => Request::Close,
            (1, Some(proposal)) => Request::Withdraw(proposal),
            (2 | 3, Some(proposal)) => Request::Propose(self.typed(None), Some(proposal)),
            (4..=10, Some(proposal)) => {
                let terms = self.terms_of(at, &proposal);
                Request::ReadBack(proposal, self.typed(terms))
            }
            (11..=16, Some(proposal)) => Request::Confirm(proposal),
            (19, _) => Request::Verify(Comparison::Agreed),
            _ => Request::Propose(self.typed(None), None),
        })
    }

    /// What a person reads on the screen.
    fn terms_of(&self, at: usize, proposal: &EntryId) -> Option<Zoned> {
        let mut entries = self.disk(at).entries();
        let found = entries.find(|stored| stored.entry.id() == *proposal)?;
        match found.entry.fact() {
            Fact::Proposal(Proposal { terms, .. }) => Some(terms.from),
            _ => None,
        }
    }

    /// What he types: as a rule what he read.
    fn typed(&mut self, read: Option<Zoned>) -> Typed {
        let as_read = TERMS
            .iter()
            .find(|terms| terms.from.parse::<Zoned>().ok() == read);
        let drawn = self.dice.pick(&TERMS).unwrap_or(TERMS[0]);
        let errs = self.dice.chance(200);
        let terms = as_read.copied().filter(|_| !errs).unwrap_or(drawn);
        Typed::read(terms).expect("terms that can be read")
    }
}
