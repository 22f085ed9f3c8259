//! The charter and the cards that a record is held under, against what the parties themselves signed of them: a
//! record file carries both in its head, where no signature covers them.

use std::collections::BTreeSet;

use openline_wire::cbor::Canonical as _;
use openline_wire::charter::Charter;
use openline_wire::fact::NumberCompared;
use openline_wire::ids::{Digest, PartyId};
use sha2::{Digest as _, Sha256};

use crate::finding::{Fault, Field};

/// A charter and cards, by their hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// SHA-256 of the charter.
    pub charter: Digest,
    /// SHA-256 of each card.
    pub cards: BTreeSet<Digest>,
    /// The longest time after which an officer on watch confirms that he is there; none if the charter can't be read.
    pub presence_ms: Option<u64>,
}

impl Grounds {
    /// Those of a charter and cards as their files hold them.
    pub fn of<'b>(charter: &[u8], cards: impl IntoIterator<Item = &'b [u8]>) -> Self {
        Self {
            charter: sha256(charter),
            presence_ms: Charter::from_bytes(charter)
                .ok()
                .map(|charter| charter.cadences.presence_ms),
            cards: cards.into_iter().map(sha256).collect(),
        }
    }

    /// What an entry that begins a watch promises less than the charter asks for (OL-709).
    fn too_seldom(&self, got: u64) -> Option<Fault> {
        let longest = self.presence_ms.filter(|longest| got > *longest)?;
        Some(Fault::TooSeldom { longest, got })
    }

    /// What an entry "number compared" names otherwise.
    fn differences(&self, compared: &NumberCompared) -> Vec<(Field, Fault)> {
        let mut found = Vec::new();
        if compared.charter != self.charter {
            let (held, got) = (self.charter, compared.charter);
            found.push((Field::Charter, Fault::CharterDiffers { held, got }));
        }
        for got in BTreeSet::from([compared.own_card, compared.other_card]) {
            if !self.cards.contains(&got) {
                found.push((Field::Card, Fault::CardDiffers { got }));
            }
        }
        found
    }
}

fn sha256(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// The grounds while entries come, and who has signed what they are.
#[derive(Default)]
pub(crate) struct Signed {
    pub grounds: Option<Grounds>,
    /// The parties whose entries "number compared" are held.
    pub by: BTreeSet<PartyId>,
}

impl Signed {
    /// Takes an authentic entry "number compared", and says what it names otherwise.
    pub fn take(&mut self, party: PartyId, compared: &NumberCompared) -> Vec<(Field, Fault)> {
        let Some(grounds) = &self.grounds else {
            return Vec::new();
        };
        self.by.insert(party);
        grounds.differences(compared)
    }

    /// Takes how often the officer of a watch that begins will confirm, and says if that is too seldom.
    pub fn confirms(&self, confirms_ms: u64) -> Option<Fault> {
        self.grounds.as_ref()?.too_seldom(confirms_ms)
    }
}
