//! Files that go with messages. The message is an entry like any other; the bytes come apart, when nothing else is to be sent, and only as
//! the station that lacks them asks for them: so it is the receiver who says how much, and what a crash lost is simply asked for again (OL-473).
//!
//! One file at a time comes in on a line, those of urgent messages first, and one at a time goes out to each boot of the peer.

pub mod download;
pub mod layout;
mod serving;
pub mod upload;
pub mod window;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use openline_seal::Agreement;
use openline_wire::attachment::Attachment;
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::Kind;
use openline_wire::entry::Entry;
use openline_wire::ids::{Digest, EntryId};
use openline_wire::limits;
use openline_wire::text::Text;
use rand_chacha::rand_core::Rng as _;

use crate::contract::{Change, Event, Misbehaviour, Moment};
use crate::incoming::Source;
use crate::line::Line;
use crate::ranges::RangeSet;

use download::{Download, Taken};
use layout::Part;

/// Names a file on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId {
    /// The message with which it goes.
    pub message: EntryId,
    /// Which of its files, from 0.
    pub which: u64,
}

/// What a station lacks of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pull {
    /// Which.
    pub file: FileId,
    /// Drawn by the one who pulls; the pieces carry it.
    pub session: u64,
    /// One past the largest number of sending among the pieces that came.
    pub reached: u64,
    /// Pieces that it lacks and has room for, as half-open ranges in order; none once it has the whole file.
    pub lacking: Vec<(u64, u64)>,
}

/// A piece of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// As the *pull* named it.
    pub session: u64,
    /// Its place in the file.
    pub number: u64,
    /// Its place in the order of sending.
    pub sent: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// How a file stands here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileState {
    /// Ours: its bytes are here, and the other side has not said yet that it has them all.
    Ours,
    /// Ours, and the other side has said that it has it whole.
    Delivered,
    /// Theirs, and not whole yet.
    Lacking,
    /// Theirs, and whole.
    Whole,
    /// Theirs, and what came was not what its author signed.
    Wrong,
    /// Its bytes were removed here.
    Removed,
}

impl FileState {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Delivered => "delivered",
            Self::Lacking => "lacking",
            Self::Whole => "whole",
            Self::Wrong => "wrong",
            Self::Removed => "removed",
        }
    }
}

/// A file that the store knows of.
#[derive(Clone, Debug)]
pub struct StoredFile {
    /// Which.
    pub id: FileId,
    /// What its message says of it.
    pub file: Attachment,
    /// How it stands.
    pub state: FileState,
    /// Chunks that are here.
    pub held: RangeSet,
}

/// What is shown of a file that has not come yet or that somebody pulls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Which.
    pub id: FileId,
    /// Bytes that are here.
    pub held: u64,
    /// Whether it comes now.
    pub is_coming: bool,
    /// Why it does not: what their party may have here is used up.
    pub has_no_room: bool,
}

#[derive(Debug)]
struct File {
    file: Attachment,
    state: FileState,
    held: RangeSet,
    is_urgent: bool,
    /// How often it gave way to another, as nothing of it came.
    gave_way: u32,
}

/// Files kept in mind: of ours that anybody may pull, and of theirs that are to come.
const FILES: usize = 4_096;

/// Finished ones of which it is still known that they are.
const FINISHED: usize = 8;

/// A part of a file that lies ready to be sent.
type AtHand = ((Digest, Part), Arc<Vec<u8>>);

/// The files of a line.
#[derive(Debug, Default)]
pub struct Files {
    known: BTreeMap<FileId, File>,
    download: Option<Download>,
    /// Sessions of those that have come.
    finished: VecDeque<(u64, FileId)>,
    /// Of these it is to be said once more.
    say_whole: Vec<(u64, FileId)>,
    parts: VecDeque<AtHand>,
    /// Parts that were asked for and are not at hand yet.
    loading: Option<(Digest, Part)>,
    /// Bytes of theirs that are here, or on their way.
    kept: u64,
}

impl Files {
    /// As the store knows them.
    pub fn stored(stored: &[StoredFile]) -> Self {
        let mut files = Self::default();
        for it in stored {
            let file = File {
                file: it.file.clone(),
                state: it.state,
                held: it.held.clone(),
                is_urgent: false,
                gave_way: 0,
            };
            files.know(it.id, file);
        }
        files
    }

    fn know(&mut self, id: FileId, file: File) {
        let has_begun = file.state == FileState::Lacking && !file.held.is_empty();
        if has_begun || file.state == FileState::Whole {
            self.kept = self.kept.saturating_add(file.file.size);
        }
        // Of what is whole or gone nobody asks us.
        if matches!(
            file.state,
            FileState::Ours | FileState::Delivered | FileState::Lacking
        ) && self.known.len() < FILES
        {
            self.known.insert(id, file);
        }
    }

    fn part(&self, root: Digest, part: Part) -> Option<Arc<Vec<u8>>> {
        let mut at_hand = self.parts.iter();
        let found = at_hand.find(|(key, _)| *key == (root, part));
        found.map(|(_, bytes)| Arc::clone(bytes))
    }

    /// What comes next: of urgent messages first.
    fn next(&self) -> Option<FileId> {
        let lacking = self
            .known
            .iter()
            .filter(|(_, it)| it.state == FileState::Lacking);
        let lacking = lacking.filter(|(_, it)| self.has_room(it));
        lacking
            .min_by_key(|(id, it)| (it.gave_way, !it.is_urgent, it.file.size, **id))
            .map(|(id, _)| *id)
    }

    fn has_room(&self, file: &File) -> bool {
        let kept = self.kept.saturating_add(file.file.size);
        kept <= limits::FILES_KEPT || !file.held.is_empty()
    }

    /// The one of which nothing comes gives way, if there is another. Tells whether it did.
    fn give_way(&mut self) -> bool {
        let vain = self.download.as_ref().filter(|it| it.is_in_vain());
        let Some(id) = vain.map(Download::id) else {
            return false;
        };
        let lacks = |(other, it): (&FileId, &File)| *other != id && it.state == FileState::Lacking;
        let has_other = self.known.iter().any(lacks);
        let Some(known) = self.known.get_mut(&id).filter(|_| has_other) else {
            return false;
        };
        known.gave_way += 1;
        if known.held.is_empty() {
            self.kept = self.kept.saturating_sub(known.file.size);
        }
        self.download = None;
        true
    }

    /// Its bytes are not here any more, nor to come.
    fn give_up(&mut self, id: &FileId, size: u64) {
        let known = self.known.remove(id);
        let coming = self.download.take_if(|it| it.id() == *id).is_some();
        let took_room = match known {
            None => true,
            Some(file) => file.state == FileState::Lacking && (coming || !file.held.is_empty()),
        };
        if took_room {
            self.kept = self.kept.saturating_sub(size);
        }
    }

    /// How those stand that are to come.
    pub fn progress(&self) -> Vec<Progress> {
        let lacking = self
            .known
            .iter()
            .filter(|(_, it)| it.state == FileState::Lacking);
        let shown = lacking.map(|(id, file)| {
            let coming = self.download.as_ref().filter(|it| it.id() == *id);
            let held = coming.map_or(&file.held, Download::held);
            let last = file.file.chunks() - 1;
            let whole = held.len() * limits::CHUNK as u64;
            let short = limits::CHUNK - file.file.chunk_len(last).unwrap_or(limits::CHUNK);
            let held = whole - if held.contains(last) { short as u64 } else { 0 };
            Progress {
                id: *id,
                held,
                is_coming: coming.is_some(),
                has_no_room: !self.has_room(file),
            }
        });
        shown.collect()
    }
}

impl<A: Agreement> Line<A> {
    /// A message is taken in, ours or theirs: its files are to come, or may be asked for.
    pub(crate) fn observe_files(&mut self, entry: &Entry, now: Moment) {
        let header = entry.header();
        let body = entry.body().filter(|_| header.kind == Kind::Message);
        let text = body.and_then(|body| Text::from_bytes(&body.content).ok());
        let is_ours = header.author.party == self.author.party;
        for (file, which) in text.unwrap_or_default().attachments.into_iter().zip(0..) {
            let message = entry.id();
            let id = FileId { message, which };
            // What an earlier disk of ours had comes back as an entry only.
            let state = match () {
                () if header.author == self.author => FileState::Ours,
                () if is_ours => FileState::Removed,
                () => FileState::Lacking,
            };
            self.file_stands(id, &file, state);
            let file = File {
                file,
                state,
                held: RangeSet::default(),
                is_urgent: header.precedence.is_urgent(),
                gave_way: 0,
            };
            self.files.know(id, file);
        }
        self.begin_download(now);
    }

    fn file_stands(&mut self, id: FileId, file: &Attachment, state: FileState) {
        let (line, root, size) = (self.id, file.root, file.size);
        self.batch.changes.push(Change::File {
            line,
            id,
            root,
            size,
            state,
        });
        self.batch.events.push(Event::File { line, id, state });
    }

    /// Turns to the next file that is to come, if none is on its way.
    pub(crate) fn begin_download(&mut self, now: Moment) {
        if self.files.download.is_some() {
            return;
        }
        while let Some(id) = self.files.next() {
            let session = self.rng.next_u64() >> 16;
            self.begin(id, session, now);
            if !self.files.download.as_ref().is_some_and(Download::is_whole) {
                return;
            }
            // Its last chunk was on the disk when we died, and that it is whole was not.
            self.is_whole(session, id);
        }
    }

    fn begin(&mut self, id: FileId, session: u64, now: Moment) {
        let Some(known) = self.files.known.get(&id) else {
            return;
        };
        let (file, held) = (&known.file, known.held.clone());
        if held.is_empty() {
            self.files.kept = self.files.kept.saturating_add(file.size);
        }
        let begun = Download::new(id, file, held, session, now.monotonic);
        self.files.download = Some(begun);
    }

    /// A piece came.
    pub(crate) fn piece(&mut self, from: Source, piece: Piece) {
        let session = piece.session;
        let Some(download) = self.files.download.as_mut() else {
            return self.said_already(session);
        };
        let id = download.id();
        let taken = download.take(piece, from.now.monotonic);
        let is_whole = download.is_whole();
        match taken {
            Taken::Nothing => self.said_already(session),
            Taken::Chunk { index, bytes } => self.chunk(id, index, bytes, is_whole),
            Taken::Wrong => {
                self.files.download = None;
                self.end_file(id, FileState::Wrong);
                self.misbehaved(from.author, Misbehaviour::WrongFile, Vec::new(), from.now);
                self.begin_download(from.now);
            }
        }
        if is_whole {
            self.is_whole(session, id);
            self.begin_download(from.now);
        }
    }

    fn is_whole(&mut self, session: u64, id: FileId) {
        self.files.download = None;
        if self.files.finished.len() == FINISHED {
            self.files.finished.pop_front();
        }
        self.files.finished.push_back((session, id));
        self.files.say_whole.push((session, id));
        self.end_file(id, FileState::Whole);
    }

    fn chunk(&mut self, id: FileId, index: u64, bytes: Vec<u8>, is_last: bool) {
        let Some(known) = self.files.known.get_mut(&id) else {
            return;
        };
        known.held.insert(index, index + 1);
        let (line, root) = (self.id, known.file.root);
        let chunk = Change::Chunk {
            line,
            root,
            index,
            bytes,
        };
        // Nothing waits for a chunk, but the file is said to be whole only with the last one.
        match is_last {
            true => self.batch.changes.push(chunk),
            false => self.batch.notes.push(chunk),
        }
    }

    fn end_file(&mut self, id: FileId, state: FileState) {
        if let Some(known) = self.files.known.remove(&id) {
            if state != FileState::Whole {
                self.files.kept = self.files.kept.saturating_sub(known.file.size);
            }
            self.file_stands(id, &known.file, state);
        }
    }

    /// A piece of a file that is whole: its sender has not heard that.
    fn said_already(&mut self, session: u64) {
        let finished = self.files.finished.iter().find(|(of, _)| *of == session);
        if let Some(&finished) = finished
            && !self.files.say_whole.contains(&finished)
        {
            self.files.say_whole.push(finished);
        }
    }

    /// Somebody of ours does not want the bytes here any more.
    pub(crate) fn remove_file(&mut self, id: FileId, file: &Attachment) {
        self.files.give_up(&id, file.size);
        self.file_stands(id, file, FileState::Removed);
    }
}
