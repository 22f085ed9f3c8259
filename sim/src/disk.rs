//! A disk: what a store would hold, with the same promise: a batch is on it whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use openline_proto::alarm::book::Alarm;
use openline_proto::alarm::cause::Key;
use openline_proto::alarm::machine::State;
use openline_proto::config::{StoredChain, StoredLine, StoredTold};
use openline_proto::contract::{Change, Misbehaviour, StoredEntry};
use openline_proto::files::layout::{self, Part};
use openline_proto::files::{FileId, FileState, StoredFile};
use openline_proto::ranges::RangeSet;
use openline_seal::Tapes;
use openline_wire::attachment::Attachment;
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::Kind;
use openline_wire::entry::Entry;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, Digest, EntryId, NodeId, PartyId};
use openline_wire::limits;
use openline_wire::text::Text;
use zeroize::Zeroizing;

/// One station's disk, for one line. Cloning it is what a backup or a copied machine does.
#[derive(Clone, Default)]
pub struct Disk {
    entries: BTreeMap<(Chain, u64), StoredEntry>,
    places: BTreeMap<EntryId, (Chain, u64)>,
    progress: BTreeMap<Chain, (u64, EntryId, Vec<u8>)>,
    channel: Option<Zeroizing<Vec<u8>>>,
    confirmed: BTreeMap<(Author, Chain), u64>,
    evidence: usize,
    misbehaved: BTreeSet<(PartyId, Misbehaviour)>,
    alarms: BTreeMap<Key, Alarm>,
    tapes: Option<Tapes>,
    files: BTreeMap<FileId, FileState>,
    parts: BTreeMap<(Digest, Part), Vec<u8>>,
}

impl Disk {
    /// Keeps a file that is to go with a message, and says what the message says of it.
    pub fn keep_file(&mut self, name: &str, bytes: &[u8]) -> Attachment {
        let chunks = bytes.chunks(limits::CHUNK);
        let leaves: Vec<Digest> = chunks.clone().map(layout::leaf).collect();
        let root = layout::root(&leaves);
        self.parts
            .insert((root, Part::List), layout::list_bytes(&leaves));
        for (chunk, index) in chunks.zip(0..) {
            self.parts
                .insert((root, Part::Chunk(index)), chunk.to_vec());
        }
        Attachment {
            name: name.to_owned(),
            size: bytes.len() as u64,
            root,
        }
    }

    /// Puts other bytes into the place of a part, as a changed station could.
    pub fn spoil_part(&mut self, root: Digest, part: Part, bytes: Vec<u8>) {
        self.parts.insert((root, part), bytes);
    }

    /// A part of a file.
    pub fn part(&self, root: Digest, part: Part) -> Option<Vec<u8>> {
        self.parts.get(&(root, part)).cloned()
    }

    /// How a file stands.
    pub fn file(&self, id: &FileId) -> Option<FileState> {
        self.files.get(id).copied()
    }

    /// The files that are known, with the chunks that are here.
    fn stored_files(&self) -> Vec<StoredFile> {
        let mut stored = Vec::new();
        for entry in self.entries.values().map(|stored| &stored.entry) {
            let text = entry.body().map(|body| Text::from_bytes(&body.content));
            let text = text.and_then(Result::ok).unwrap_or_default();
            for (file, which) in text.attachments.into_iter().zip(0..) {
                let message = entry.id();
                let id = FileId { message, which };
                let mut held = RangeSet::default();
                let chunks = 0..file.chunks();
                chunks
                    .filter(|chunk| self.parts.contains_key(&(file.root, Part::Chunk(*chunk))))
                    .for_each(|chunk| held.insert(chunk, chunk + 1));
                let state = self.files.get(&id).copied();
                stored.extend(state.map(|state| StoredFile {
                    id,
                    file,
                    state,
                    held,
                }));
            }
        }
        stored
    }

    /// Writes one batch.
    pub fn write(&mut self, changes: &[Change]) {
        changes.iter().for_each(|change| self.apply(change));
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::Entry(stored) => {
                let header = stored.entry.header();
                let place = (header.chain(), header.sequence);
                self.entries.insert(place, stored.clone());
                self.places.insert(stored.entry.id(), place);
            }
            Change::Progress {
                chain,
                size,
                last,
                edge,
                ..
            } => {
                self.progress.insert(*chain, (*size, *last, edge.clone()));
            }
            Change::Channel { state, .. } => self.channel = Some(state.clone()),
            Change::Confirmed {
                by, chain, size, ..
            } => {
                self.confirmed.insert((*by, *chain), *size);
            }
            Change::Evidence { by, what, .. } => {
                self.evidence += 1;
                self.misbehaved.insert((by.party, *what));
            }
            Change::File {
                id, root, state, ..
            } => {
                self.files.insert(*id, *state);
                if *state == FileState::Removed {
                    self.parts.retain(|(of, _), _| of != root);
                }
            }
            Change::Chunk {
                root, index, bytes, ..
            } => {
                let chunk = (*root, Part::Chunk(*index));
                self.parts.insert(chunk, bytes.clone());
            }
            Change::Alarm { alarm, .. } => {
                self.alarms.remove(&alarm.key);
                if alarm.state != State::Quiet {
                    self.alarms.insert(alarm.key, alarm.clone());
                }
            }
        }
    }

    /// The channel's secret state.
    pub fn channel(&self) -> Option<&[u8]> {
        self.channel.as_ref().map(|state| state.as_slice())
    }

    /// Whether proof of somebody's misbehaviour is kept here.
    pub fn has_evidence(&self) -> bool {
        self.evidence > 0
    }

    /// Of whose misbehaviour there is proof, and of which.
    pub fn misbehaved(&self) -> &BTreeSet<(PartyId, Misbehaviour)> {
        &self.misbehaved
    }

    /// How an alarm stands; none if it is quiet.
    pub fn alarm(&self, key: &Key) -> Option<&Alarm> {
        self.alarms.get(key)
    }

    /// A backup: everything but the channel's state (rule 2).
    pub fn backup(&self) -> Self {
        Self {
            channel: None,
            ..self.clone()
        }
    }

    /// The tapes that are left for generations to come: all that a backup holds of a channel.
    pub fn kept_tapes(&self) -> Option<&Tapes> {
        self.tapes.as_ref()
    }

    /// Keeps those instead.
    pub fn keep_tapes(&mut self, tapes: Tapes) {
        self.tapes = Some(tapes);
    }

    /// How far a chain is said to be held without a gap, the last entry of that part, and its edge.
    pub fn progress(&self) -> impl Iterator<Item = (&Chain, &(u64, EntryId, Vec<u8>))> {
        self.progress.iter()
    }

    /// Every place that is taken, and by what.
    pub fn places(&self) -> impl Iterator<Item = ((Chain, u64), EntryId)> {
        self.entries
            .iter()
            .map(|(place, stored)| (*place, stored.entry.id()))
    }

    /// How many pieces of evidence there are.
    pub fn evidence(&self) -> usize {
        self.evidence
    }

    /// How many chains boots of the peer are said to hold, all of them together.
    pub fn confirmations(&self) -> usize {
        self.confirmed.len()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every entry.
    pub fn entries(&self) -> impl Iterator<Item = &StoredEntry> {
        self.entries.values()
    }

    /// The entry of that id.
    pub fn find(&self, id: &EntryId) -> Option<&StoredEntry> {
        let stored = self.entries.get(self.places.get(id)?);
        stored.filter(|stored| stored.entry.id() == *id)
    }

    /// Whether an entry is on this disk.
    pub fn holds(&self, chain: &Chain, sequence: u64) -> Option<EntryId> {
        self.entries
            .get(&(*chain, sequence))
            .map(|stored| stored.entry.id())
    }

    /// Entries of a chain from a place on.
    pub fn load(&self, chain: &Chain, from: u64, count: u64) -> Vec<Arc<Entry>> {
        let range = (*chain, from)..(*chain, from.saturating_add(count));
        self.entries
            .range(range)
            .map(|(_, stored)| Arc::clone(&stored.entry))
            .collect()
    }

    /// Entries of a node's that no boot of another node has confirmed, what is urgent first.
    pub fn unconfirmed(&self, node: NodeId) -> Vec<Arc<Entry>> {
        let confirmed = |chain: &Chain| {
            let by_others = self
                .confirmed
                .iter()
                .filter(|((by, of), _)| of == chain && by.node != node);
            by_others.map(|(_, size)| *size).max().unwrap_or(0)
        };
        let ours = self
            .entries
            .iter()
            .filter(|((chain, at), _)| chain.author.node == node && *at >= confirmed(chain));
        let mut ours: Vec<_> = ours.map(|(_, stored)| Arc::clone(&stored.entry)).collect();
        ours.sort_by_key(|entry| entry.header().stream);
        ours
    }

    /// What a core is told at its start.
    pub fn stored_line(&self) -> StoredLine {
        let chains = self.chains();
        let is_state = |stored: &&StoredEntry| {
            let kind = stored.entry.header().kind;
            matches!(kind, Kind::Start | Kind::Silence | Kind::NumberCompared)
        };
        let is_of_a_test = |stored: &&StoredEntry| stored.entry.header().kind.is_of_a_test();
        let mut told = StoredTold::default();
        for stored in self.entries() {
            told.take(stored.entry.id(), stored.entry.header(), stored.received);
        }
        let mut tests: Vec<StoredEntry> = self.entries().filter(is_of_a_test).cloned().collect();
        tests.sort_by_key(|stored| stored.cursor);
        StoredLine {
            told,
            tests,
            chains,
            last_cursor: self
                .entries
                .values()
                .map(|stored| stored.cursor)
                .max()
                .unwrap_or(0),
            state_entries: self.entries().filter(is_state).cloned().collect(),
            confirmed: self
                .confirmed
                .iter()
                .map(|((by, chain), size)| (*by, *chain, *size))
                .collect(),
            misbehaved: self.misbehaved.clone(),
            alarms: self.alarms.values().cloned().collect(),
            files: self.stored_files(),
        }
    }

    fn chains(&self) -> Vec<StoredChain> {
        let mut chains: BTreeMap<Chain, StoredChain> = BTreeMap::new();
        for ((chain, sequence), stored) in &self.entries {
            let progress = self.progress.get(chain);
            let size = progress.map_or(0, |(size, ..)| *size);
            let of_chain = chains.entry(*chain).or_insert_with(|| StoredChain {
                chain: *chain,
                size,
                last: progress.map(|(_, last, _)| *last),
                edge: progress.map(|(.., edge)| edge.clone()).unwrap_or_default(),
                ahead: Vec::new(),
            });
            if let Some(previous) = stored.entry.header().previous.filter(|_| *sequence >= size) {
                of_chain
                    .ahead
                    .push((*sequence, stored.entry.id(), previous));
            }
        }
        chains.into_values().collect()
    }
}
