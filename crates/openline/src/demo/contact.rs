//! The demo's act of a contact: what the ring was for. The codes are compared, a proposal is read back wrongly, then as it was
//! meant, and confirmed.

use super::party::Party;
use super::rings::{AIDE, CHIEF};
use super::screen::Side;
use super::talk::contact_where;
use super::{Story, require};
use crate::api::types::{Contact, NewSettlement, NewTerms, NewVerified, Proposal, Terms};
use crate::cli::failure::{Exit, Failure};

/// What is proposed, and where.
const PLACE: &str = "54.7000N 164.5000E";

/// From when: far enough in the future to be meant.
const FROM: &str = "2099-01-16T06:00+12:00";

/// What one hears who does not ask for the zone.
const MISHEARD: &str = "2099-01-16T06:00Z";

impl Story<'_> {
    /// What follows the ring that was accepted.
    pub(super) async fn contact(&mut self, contact: &str) -> Result<(), Failure> {
        let (washington, moscow) = (&self.washington, &self.moscow);
        let is_known = |it: &Contact| it.code.is_some();
        let here = contact_where(washington, contact, is_known).await?.code;
        let there = contact_where(moscow, contact, is_known).await?.code;
        require(here.is_some() && here == there, "code")?;
        for (party, name) in [(washington, AIDE), (moscow, CHIEF)] {
            let agreed = NewVerified {
                said: "agreed".to_owned(),
                actor: None,
            };
            let client = party.client().as_actor(name);
            client.verify_contact("-", contact, &agreed).await?;
        }
        for party in [washington, moscow] {
            contact_where(party, contact, |it| it.state == "verified").await?;
        }
        let blanks = [("code", here.unwrap_or_default().into())];
        self.screen.claim("demo-contact-verified", &blanks)?;
        self.agreement(contact).await
    }

    async fn agreement(&mut self, contact: &str) -> Result<(), Failure> {
        let washington = self.washington.client().as_actor(AIDE);
        let moscow = self.moscow.client().as_actor(CHIEF);
        let words = "No flights within twenty miles of this place.";
        self.screen
            .terminal(Side::Left, &format!("PROPOSE  {PLACE}  {FROM}  {words}"))?;
        let proposal = washington
            .propose("-", contact, &typed(FROM, words))
            .await?;
        let proposal = proposal.entry.unwrap_or_default();
        let of = (contact, proposal.as_str());
        stands(&self.moscow, of, "open").await?;
        moscow.read_back("-", of, &typed(MISHEARD, "")).await?;
        let wrong = stands(&self.washington, of, "read-back-differently").await?;
        require(wrong.differs == ["from"], "read-back-differently")?;
        let blanks = [("said", FROM.into()), ("heard", MISHEARD.into())];
        self.screen.claim("demo-contact-misheard", &blanks)?;
        moscow.read_back("-", of, &typed(FROM, "")).await?;
        stands(&self.washington, of, "read-back").await?;
        let settlement = NewSettlement::default();
        washington.confirm_proposal("-", of, &settlement).await?;
        for party in [&self.washington, &self.moscow] {
            stands(party, of, "confirmed").await?;
        }
        self.screen.claim("demo-contact-confirmed", &[])?;
        washington.close_contact("-", contact, &settlement).await?;
        contact_where(&self.moscow, contact, |it| it.state == "closed").await?;
        Ok(())
    }
}

fn typed(from: &str, words: &str) -> NewTerms {
    NewTerms {
        terms: Terms {
            places: vec![PLACE.to_owned()],
            from: from.to_owned(),
            ..Terms::default()
        },
        // The demo's year is far ahead on any clock.
        even_if_doubtful: true,
        text: words.to_owned(),
        ..NewTerms::default()
    }
}

/// Waits until a proposal stands so at a party.
async fn stands(party: &Party, of: (&str, &str), state: &str) -> Result<Proposal, Failure> {
    let is_it = |it: &&Proposal| it.proposal == of.1 && it.state == state;
    let is_so = |it: &Contact| it.proposals.iter().any(|proposal| is_it(&proposal));
    let contact = contact_where(party, of.0, is_so).await?;
    let found = contact.proposals.iter().find(is_it).cloned();
    found.ok_or_else(|| Failure::new(Exit::Failed, "error-demo-not-true").with("claim", "proposal"))
}
