//! Calls about contacts.

use super::{Client, ClientError, path, percent};
use crate::api::types::{Accepted, Contact, Contacts, NewSettlement, NewTerms, NewVerified};

impl Client {
    /// The contacts of a line that are not over, and the last ones.
    pub async fn contacts(&self, line: &str) -> Result<Contacts, ClientError> {
        self.get(&path(line, "contacts")).await
    }

    /// One contact with all its proposals, by the id of its ring, or a short name: `C-7` or `R-7`.
    pub async fn contact(&self, line: &str, name: &str) -> Result<Contact, ClientError> {
        let name = if name.is_empty() { " " } else { name };
        let call = format!("contacts/{}", percent(name));
        self.get(&path(line, &call)).await
    }

    /// Says whether the codes agreed.
    pub async fn verify_contact(
        &self,
        line: &str,
        contact: &str,
        verified: &NewVerified,
    ) -> Result<Accepted, ClientError> {
        let call = format!("contacts/{}/verify", percent(contact));
        self.post(&path(line, &call), verified).await
    }

    /// Proposes.
    pub async fn propose(
        &self,
        line: &str,
        contact: &str,
        proposal: &NewTerms,
    ) -> Result<Accepted, ClientError> {
        let call = format!("contacts/{}/proposals", percent(contact));
        self.post(&path(line, &call), proposal).await
    }

    /// Reads a proposal of theirs back.
    pub async fn read_back(
        &self,
        line: &str,
        (contact, proposal): (&str, &str),
        read: &NewTerms,
    ) -> Result<Accepted, ClientError> {
        let call = of_proposal(contact, proposal, "read-back");
        self.post(&path(line, &call), read).await
    }

    /// Confirms a proposal of ours that was read back.
    pub async fn confirm_proposal(
        &self,
        line: &str,
        (contact, proposal): (&str, &str),
        settlement: &NewSettlement,
    ) -> Result<Accepted, ClientError> {
        let call = of_proposal(contact, proposal, "confirm");
        self.post(&path(line, &call), settlement).await
    }

    /// Takes a proposal of ours back.
    pub async fn withdraw_proposal(
        &self,
        line: &str,
        (contact, proposal): (&str, &str),
        settlement: &NewSettlement,
    ) -> Result<Accepted, ClientError> {
        let call = of_proposal(contact, proposal, "withdraw");
        self.post(&path(line, &call), settlement).await
    }

    /// Ends a contact.
    pub async fn close_contact(
        &self,
        line: &str,
        contact: &str,
        closing: &NewSettlement,
    ) -> Result<Accepted, ClientError> {
        let call = format!("contacts/{}/close", percent(contact));
        self.post(&path(line, &call), closing).await
    }
}

fn of_proposal(contact: &str, proposal: &str, action: &str) -> String {
    let (contact, proposal) = (percent(contact), percent(proposal));
    format!("contacts/{contact}/proposals/{proposal}/{action}")
}
