//! What a home holds of a line, read from its files without any station: for `export`, `verify` and `doctor`.

use openline_record::verify::Nodes;
use openline_store::{Reader, ShortName, StorageKey, StoreError, is_lost};
use openline_wire::card::Card;
use openline_wire::entry::SignedEntry;
use openline_wire::header::Chain;
use openline_wire::ids::{EntryId, LineId, PartyId};
use openline_wire::language::LocalNames;

use super::context::Context;
use super::failure::{Exit, Failure};
use super::identity_text;
use super::listen;
use crate::ceremony::{CeremonyError, LineSetup, damaged_lines_peer, load_lines};
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
    if is_lost(home.path()) {
        return Err(StoreError::RecordLost.into());
    }
    if !has_record(home) {
        let failure = Failure::new(Exit::Failed, "error-no-record-yet");
        let failure = failure.with("home", home.path().display().to_string());
        return Err(failure.with("listen", listen::address(home.path())));
    }
    let mut held = Vec::new();
    for setup in load_lines(home)?.open {
        let cards = vec![
            current.clone(),
            setup.own.card.clone(),
            setup.peer.card.clone(),
        ];
        held.push(Held {
            reader: reader(home, &key)?,
            setup,
            cards,
        });
    }
    Ok(held)
}

/// The store, for reading. One that is not as it was written is no record that verifies.
fn reader(home: &Home, key: &StorageKey) -> Result<Reader, Failure> {
    Reader::open(home.path(), key).map_err(|error| match error {
        StoreError::HandEditedSchema { .. } | StoreError::Damaged { .. } => {
            Failure::coded(Exit::VerificationFailed, error.code(), error.arguments())
        }
        error => error.into(),
    })
}

/// Lines of a home that can't be read: their files are damaged, or are gone while entries of theirs are stored.
pub fn unusable(home: &Home) -> Result<Vec<(LineId, CeremonyError)>, Failure> {
    let key = StorageKey::new(home.storage_key()?);
    let lines = load_lines(home)?;
    let stored = reader(home, &key)?.lines()?.into_iter();
    let mut found: Vec<_> = stored
        .filter(|line| !lines.has_files_of(line))
        .map(|line| (line, home.line_without_files(line).into()))
        .collect();
    found.extend(lines.damaged);
    Ok(found)
}

/// Whether the station has ever run.
pub fn has_record(home: &Home) -> bool {
    home.path().join(RECORD).exists()
}

/// The line that is meant: by the other party's name or the line's id; unnamed, the only one.
pub fn line(context: &Context<'_>, home: &Home, wanted: Option<&str>) -> Result<Held, Failure> {
    let (mut all, mut unusable) = (lines(home)?, unusable(home)?);
    if let Some(wanted) = wanted {
        let is_it = |line: &LineId, name: Option<String>| {
            name.as_deref() == Some(wanted) || line.is_named(wanted)
        };
        let name = |names: &LocalNames| identity_text::name(context, names);
        all.retain(|held| is_it(&held.line(), Some(name(held.setup.peer.card.names()))));
        let peer = |line| damaged_lines_peer(home, line);
        unusable.retain(|(line, _)| is_it(line, peer(*line).as_ref().map(name)));
    }
    let among: Vec<_> = all
        .iter()
        .map(|held| (held.line(), Some(held.setup.peer.card.names().clone())))
        .chain(
            unusable
                .iter()
                .map(|(line, _)| (*line, damaged_lines_peer(home, *line))),
        )
        .map(|(line, names)| match names {
            Some(names) => format!(
                "{} ({})",
                identity_text::name(context, &names),
                line.short()
            ),
            None => line.short(),
        })
        .collect();
    match (all.len() + unusable.len(), all.pop(), unusable.pop()) {
        (1, Some(held), _) => Ok(held),
        (1, None, Some((_, error))) => Err(error.into()),
        (0, ..) => Err(match wanted {
            None => Failure::new(Exit::Failed, "error-no-line").with("openline", context.program()),
            Some(name) => {
                Failure::new(Exit::Failed, "error-no-such-line").with("line", name.to_owned())
            }
        }),
        _ => Err(Failure::new(Exit::Usage, "error-which-line").with("lines", among.join(", "))),
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

    /// Calls `visit` with each entry's place and this station's short name for it.
    pub fn each_name(&self, mut visit: impl FnMut(Chain, u64, ShortName)) -> Result<(), Failure> {
        let mut cursor = 0;
        loop {
            let page = self.reader.entries_after(&self.line(), cursor, PAGE)?;
            if page.cursor == cursor {
                return Ok(());
            }
            cursor = page.cursor;
            for named in &page.entries {
                let header = named.stored.entry.header();
                visit(header.chain(), header.sequence, named.name);
            }
        }
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
