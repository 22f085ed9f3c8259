//! What a person asks for in a contact.

use openline_wire::codes::Comparison;
use openline_wire::fact::Fact;
use openline_wire::ids::EntryId;

use super::book::{Book, NotDone};
use super::typed::Typed;
use crate::ring::book::Book as Rings;

/// What.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The code that he heard is the one on his screen, or it is not.
    Verify(Comparison),
    /// What is to hold; in the place of an earlier proposal of his side, if he corrects one.
    Propose(Typed, Option<EntryId>),
    /// What he understood of a proposal of the other side.
    ReadBack(EntryId, Typed),
    /// What was read back of this proposal is what his side meant.
    Confirm(EntryId),
    /// This proposal of his side is taken back.
    Withdraw(EntryId),
    /// The contact is over.
    Close,
}

impl Request {
    /// Whether it says what is to hold: a suspended line carries it for the watch alone.
    pub fn binds(&self) -> bool {
        matches!(
            self,
            Self::Propose(..) | Self::ReadBack(..) | Self::Confirm(_)
        )
    }
}

impl Book {
    /// What is to be written for a person.
    pub fn ask(&self, contact: &EntryId, request: Request, rings: &Rings) -> Result<Fact, NotDone> {
        match request {
            Request::Verify(said) => self.verify(contact, said, rings),
            Request::Propose(typed, corrects) => self.propose(contact, typed, corrects, rings),
            Request::ReadBack(proposal, typed) => self.read_back(contact, &proposal, typed, rings),
            Request::Confirm(proposal) => self.confirm(contact, &proposal, rings),
            Request::Withdraw(proposal) => self.withdraw(contact, &proposal, rings),
            Request::Close => self.close(contact, rings),
        }
    }
}
