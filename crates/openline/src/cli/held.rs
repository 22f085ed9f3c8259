//! What a home holds of a line, read from its files without any station: for `export`, `verify` and `doctor`.

use openline_record::verify::Nodes;
use openline_store::{Reader, StorageKey};
use openline_wire::card::Card;
use openline_wire::entry::SignedEntry;
use openline_wire::header::Chain;
use openline_wire::ids::{EntryId, LineId, PartyId};

use super::context::Context;
use super::failure::{Exit, Failure};
use super::identity_text;
use crate::ceremony::{LineSetup, load_lines};
use crate::home::Home;

/// Entries that are looked at together.
const PAGE: usize = 1_000;

/// The store's file in a home. It is made when the station runs for the first time.
const RECORD: &str = "record.db";

/// A line of a home, and what the home holds of it.
pub struct Held {
    /// The line's files.
    pub setup: LineSetup,
    /// The store, read beside a running station.
    pub reader: Reader,
    cards: Vec<Card>,
}

/// All open lines of a home.
pub fn lines(home: &Home) -> Result<Vec<Held>, Failure> {
    let key = StorageKey::new(home.storage_key()?);
    let current = home.card()?;
    if !has_record(home) {
        let home = home.path().display().to_string();
        return Err(Failure::new(Exit::Failed, "error-no-record-yet").with("home", home));
    }
    let mut held = Vec::new();
    for setup in load_lines(home)?.open {
        let cards = vec![
            current.clone(),
            setup.own.card.clone(),
            setup.peer.card.clone(),
        ];
        held.push(Held {
            reader: Reader::open(home.path(), &key)?,
            setup,
            cards,
        });
    }
    Ok(held)
}

/// Whether the station has ever run.
pub fn has_record(home: &Home) -> bool {
    home.path().join(RECORD).exists()
}

/// The line that is meant: by the other party's name or the line's id; unnamed, the only one.
pub fn line(context: &Context<'_>, home: &Home, wanted: Option<&str>) -> Result<Held, Failure> {
    let mut all = lines(home)?;
    if let Some(wanted) = wanted {
        all.retain(|held| {
            let name = identity_text::name(context, held.setup.peer.card.names());
            name == wanted || held.setup.line.to_string() == wanted
        });
    }
    match (all.len(), all.pop()) {
        (1, Some(held)) => Ok(held),
        (0, _) => Err(match wanted {
            None => Failure::new(Exit::Failed, "error-no-line"),
            Some(name) => {
                Failure::new(Exit::Failed, "error-no-such-line").with("line", name.to_owned())
            }
        }),
        _ => Err(Failure::new(Exit::Usage, "error-which-line")),
    }
}

/// Where an entry stands, and its name.
type Place = (Chain, u64, EntryId);

impl Held {
    /// The line.
    pub fn line(&self) -> LineId {
        self.setup.line
    }

    /// The parties' cards, each once.
    pub fn cards(&self) -> Vec<&Card> {
        let mut cards: Vec<&Card> = Vec::new();
        for card in &self.cards {
            if !cards.iter().any(|known| known.digest() == card.digest()) {
                cards.push(card);
            }
        }
        cards
    }

    /// Calls `visit` with every entry, chain by chain, ascending. Returns how many can't be read.
    pub fn each(
        &self,
        mut visit: impl FnMut(&SignedEntry) -> Result<(), Failure>,
    ) -> Result<u64, Failure> {
        let (mut index, mut unreadable) = self.index()?;
        index.sort();
        for (_, _, id) in index {
            match self.reader.by_id(&id) {
                Ok(Some(named)) => visit(named.stored.entry.as_signed())?,
                Ok(None) | Err(_) => unreadable += 1,
            }
        }
        Ok(unreadable)
    }

    /// Where each entry stands, small, so that a long record fits; and how many can't be read.
    fn index(&self) -> Result<(Vec<Place>, u64), Failure> {
        let (mut index, mut unreadable, mut cursor) = (Vec::new(), 0, 0);
        loop {
            let page = self.reader.entries_after(&self.line(), cursor, PAGE)?;
            unreadable += page.unreadable;
            if page.cursor == cursor {
                return Ok((index, unreadable));
            }
            cursor = page.cursor;
            index.extend(page.entries.iter().map(|named| {
                let entry = &named.stored.entry;
                (entry.header().chain(), entry.header().sequence, entry.id())
            }));
        }
    }
}

/// The nodes that may sign on a line, by the parties' cards.
pub fn nodes<'a>(cards: impl IntoIterator<Item = &'a Card>) -> Nodes {
    let of_card = |card: &'a Card| {
        let party: PartyId = card.party();
        let nodes = card.body().nodes.iter();
        nodes.map(move |node| (node.key.id(), (party, node.key.clone())))
    };
    cards.into_iter().flat_map(of_card).collect()
}
