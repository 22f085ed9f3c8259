//! What two people do in a contact: mostly what they should, now and then something else.

use openline_proto::contact::book::ContactStanding;
use openline_proto::contact::request::Request;
use openline_proto::contact::shown::Shown;
use openline_proto::contact::state::State;
use openline_proto::contact::typed::{Fields, Typed};
use openline_proto::contact::view::Standing;
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

/// What somebody is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Whatever comes to his mind.
    Any,
    /// To say that the codes agree.
    Verify,
    /// To propose.
    Propose,
    /// To read back what is proposed.
    ReadBack,
    /// To confirm what was read back.
    Confirm,
}

/// How two people come to terms: the one at the machine, then the other one.
const IN_ORDER: [(usize, Wish); 6] = [
    (0, Wish::Verify),
    (1, Wish::Verify),
    (0, Wish::Propose),
    (1, Wish::ReadBack),
    (0, Wish::Confirm),
    (1, Wish::Any),
];

impl<A: Agreement> World<A> {
    /// Both sides of a contact say a few things, a moment apart; as often as not what leads to an end.
    pub(super) fn speak(&mut self, at: usize) {
        let node = self.machines[at].node;
        let all = 0..self.machines.len();
        let others =
            all.filter(|it| self.machines[*it].node != node && !self.machines[*it].is_gone);
        let others: Vec<usize> = others.collect();
        let Some(other) = self.dice.pick(&others) else {
            return;
        };
        let in_order = self.dice.chance(600);
        for (speaker, wish) in IN_ORDER {
            let (speaker, wish) = match in_order {
                true => (speaker, wish),
                false => (self.dice.below(2) as usize, Wish::Any),
            };
            self.ask([at, other][speaker], Action::Contact(wish));
            let pause = self.dice.below(1_500);
            self.run_until(self.now + pause);
            if self.violation.is_some() {
                return;
            }
        }
    }

    /// What somebody asks for at a machine.
    pub(super) fn contact_of(&mut self, at: usize, wish: Wish) -> Option<Command> {
        let is_old = wish == Wish::Any && self.dice.chance(50);
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
        let is_verified = shown.standing == ContactStanding::Is(State::Verified);
        let request = match (wish, is_verified) {
            (Wish::Any, true) => self.agree(at, &shown)?,
            (Wish::Any, false) => self.verify(),
            (Wish::Verify, _) => Request::Verify(Comparison::Agreed),
            _ => self.step(at, &shown, wish)?,
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

    fn step(&mut self, at: usize, shown: &Shown, wish: Wish) -> Option<Request> {
        let fits = |it: &&EntryId| match shown.proposals[*it].standing {
            Standing::Open | Standing::ReadDifferently(..) => wish == Wish::ReadBack,
            Standing::ReadBack(_) => wish == Wish::Confirm,
            _ => false,
        };
        let proposal = shown.proposals.keys().find(fits).copied();
        Some(match (wish, proposal) {
            (Wish::ReadBack, Some(proposal)) => {
                let terms = self.terms_of(at, &proposal);
                Request::ReadBack(proposal, self.typed(terms))
            }
            (Wish::Confirm, Some(proposal)) => Request::Confirm(proposal),
            (Wish::Propose, _) => Request::Propose(self.typed(None), None),
            _ => return None,
        })
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
