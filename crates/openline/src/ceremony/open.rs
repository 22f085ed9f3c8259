//! The first step: propose a line to the party of a card.

use openline_wire::address::Address;
use openline_wire::card::{Card, UnverifiedCard};
use openline_wire::charter::Charter;
use openline_wire::cose::ContentType;
use openline_wire::ids::LineId;
use openline_wire::opening::{Founding, OfferBody};
use openline_wire::safety::SafetyNumber;
use zeroize::Zeroizing;

use super::own::{Own, Part, check_names, check_newest, expect_kind, new_tape};
use super::signed::{Signed, content};
use super::{CeremonyError, DEFAULT_CHARTER, charter_from_toml};
use crate::home::{Home, random};

/// A line file to be carried to the other side, by somebody who is trusted with a key.
pub struct Carried {
    /// The line that it is about.
    pub line: LineId,
    /// The file: write it with [`crate::home::files::write`].
    pub file: Zeroizing<Vec<u8>>,
}

impl core::fmt::Debug for Carried {
    /// The file holds a tape, and a secret never goes into a log.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "Carried({}, {} bytes)",
            self.line.short(),
            self.file.len()
        )
    }
}

/// What is about to be proposed, for the person to look at.
pub struct Proposal<'h> {
    home: &'h Home,
    own: Own,
    peer: Card,
    founding: Founding,
    reachable_at: Vec<Address>,
    now: u64,
}

/// Prepares an offer to the party of `peer_card` (a card file) under the charter of a TOML file, or the default.
/// `now` is UTC in milliseconds.
pub fn open_line<'h>(
    home: &'h Home,
    peer_card: &[u8],
    charter: Option<&str>,
    reachable_at: Vec<Address>,
    now: u64,
) -> Result<Proposal<'h>, CeremonyError> {
    let own = Own::load(home, now)?;
    expect_kind(peer_card, ContentType::Card)?;
    let peer = UnverifiedCard::from_bytes(peer_card)?.verify()?;
    if peer.party() == own.card.party() {
        return Err(CeremonyError::OwnCard);
    }
    check_some_node(&peer, now)?;
    check_names(&peer)?;
    check_newest(home, &peer)?;
    let charter = charter_from_toml(charter.unwrap_or(DEFAULT_CHARTER), &own.card, &peer)?;
    let nonce = random()?;
    Ok(Proposal {
        home,
        own,
        peer,
        founding: Founding { charter, nonce },
        reachable_at,
        now,
    })
}

/// Refuses a card none of whose nodes could accept an offer, naming what is wrong with the first.
fn check_some_node(card: &Card, now: u64) -> Result<(), CeremonyError> {
    let nodes = card.body().nodes.iter();
    let mut refusals = nodes.map(|node| card.node_at(node.key.id(), now));
    match refusals.next() {
        Some(Err(first)) if refusals.all(|other| other.is_err()) => Err(first.into()),
        _ => Ok(()),
    }
}

impl<'h> Proposal<'h> {
    /// Whom it goes to.
    pub fn peer(&self) -> &Card {
        &self.peer
    }

    /// Our own card, as it goes along.
    pub fn own(&self) -> &Card {
        &self.own.card
    }

    /// The rules that are proposed.
    pub fn charter(&self) -> &Charter {
        &self.founding.charter
    }

    /// The number of both cards, which will be compared when the answer is here.
    pub fn safety_number(&self) -> SafetyNumber {
        SafetyNumber::of(self.own.card.party(), self.peer.party())
    }

    /// The name of the line to be.
    pub fn line(&self) -> LineId {
        self.founding.line()
    }

    /// Signs the offer, keeps what is needed to finish, and returns the file to be carried.
    pub fn write(self) -> Result<Carried, CeremonyError> {
        self.sign()?.keep()
    }

    /// Signs the offer, and keeps nothing of it yet.
    pub fn sign(self) -> Result<Signed<'h>, CeremonyError> {
        let line = self.founding.line();
        let tape = new_tape()?;
        let consent = self.own.consent(Part {
            founding: self.founding,
            to: self.peer.party(),
            tape: &tape,
            reachable_at: self.reachable_at,
            now: self.now,
        });
        let offer = self
            .own
            .sign(OfferBody { consent }, tape.clone(), self.now)?;
        Ok(Signed {
            home: self.home,
            line,
            contents: vec![
                content("offer", offer.record()),
                content("peer.card", self.peer.bytes()),
                content("tape.receiving", &tape.to_secret()),
            ],
            file: offer.to_file(),
        })
    }
}
