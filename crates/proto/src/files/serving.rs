//! What a line sends about files: what it lacks, to the boot that lives, and pieces of its own, to each boot that asked for them. After all
//! else: entries, *haves* and keys go before.

use std::sync::Arc;

use openline_seal::Agreement;
use openline_wire::cbor::Canonical as _;
use openline_wire::haste::Haste;
use openline_wire::ids::Digest;

use super::download::Download;
use super::layout::Part;
use super::upload::Upload;
use super::{File, FileState, Piece, Pull};
use crate::bodies::Body;
use crate::contract::{LoadedPart, Moment, Output};
use crate::incoming::Source;
use crate::line::Line;

/// Parts at hand for those who pull: a list and the chunks before and behind the edge, for a few of them.
const PARTS: usize = 8;

/// Pieces that go out in one go; what is urgent then has its turn.
const PIECES: usize = 32;

impl<A: Agreement> Line<A> {
    /// A boot of the peer's lacks something, or has it whole.
    pub(crate) fn pulled(&mut self, from: Source, pull: &Pull) {
        let now = from.now.monotonic;
        let Some(known) = self.files.known.get_mut(&pull.file) else {
            return;
        };
        let remote = &mut self.remotes[from.at];
        if !matches!(known.state, FileState::Ours | FileState::Delivered) {
            return;
        }
        if pull.lacking.is_empty() {
            remote.upload = remote.upload.take().filter(|it| it.id() != pull.file);
            if known.state == FileState::Ours {
                known.state = FileState::Delivered;
                let file = known.file.clone();
                self.file_stands(pull.file, &file, FileState::Delivered);
            }
            return;
        }
        let goes_on = remote.upload.as_ref().is_some_and(|it| it.is_it(pull));
        if !goes_on && !remote.begun.begins(now) {
            return;
        }
        let upload = remote.upload.take().filter(|_| goes_on);
        let mut upload = upload.unwrap_or_else(|| Upload::new(&known.file, pull, now));
        upload.pulled(pull, now);
        remote.upload = Some(upload);
    }

    /// Says what is lacking, and sends what was asked for; after all else.
    pub(crate) fn serve_files(&mut self, at: usize, now: Moment) {
        if self.remotes[at].was_dead {
            return;
        }
        if self.files.give_way() {
            self.begin_download(now);
        }
        self.send_pull(at, now);
        let remote = &mut self.remotes[at];
        let goes_on = remote
            .upload
            .as_mut()
            .is_some_and(|it| it.wake(now.monotonic));
        if !goes_on {
            remote.upload = None;
            return;
        }
        for _ in 0..PIECES {
            if !self.send_piece(at, now) {
                return;
            }
        }
    }

    fn send_pull(&mut self, at: usize, now: Moment) {
        let is_freshest = self.freshest().map(|it| it.boot) == Some(self.remotes[at].boot);
        let Some(best) = self.remotes[at].ways.best().filter(|_| is_freshest) else {
            return;
        };
        let mut pulls = Vec::new();
        for (session, file) in core::mem::take(&mut self.files.say_whole) {
            pulls.push(Pull {
                file,
                session,
                reached: 0,
                lacking: Vec::new(),
            });
        }
        let round_trip = self.remotes[at].round_trip;
        let download = self.files.download.as_mut();
        pulls.extend(download.and_then(|it| it.pull(&round_trip, now.monotonic)));
        for pull in pulls {
            let text = Body::Pull(pull).to_bytes();
            self.send_one(at, best, &text, Haste::Bulk);
        }
    }

    /// Sends the next piece to this boot. Tells whether there may be another.
    fn send_piece(&mut self, at: usize, now: Moment) -> bool {
        let remote = &mut self.remotes[at];
        let Some((upload, best)) = remote.upload.as_mut().zip(remote.ways.best()) else {
            return false;
        };
        let Some((number, place)) = upload.next() else {
            return false;
        };
        let Some(known) = self.files.known.get(&upload.id()) else {
            // It was removed here: who asks again gets nothing.
            remote.upload = None;
            return false;
        };
        let root = known.file.root;
        let Some(part) = self.files.part(root, place.part) else {
            self.load_part(root, place.part);
            return false;
        };
        let Some(bytes) = part.get(place.from..place.from + place.len) else {
            remote.upload = None;
            return false;
        };
        let piece = Piece {
            session: upload.session(),
            number,
            sent: upload.sent(number, now.monotonic),
            bytes: bytes.to_vec(),
        };
        let text = Body::Piece(piece).to_bytes();
        self.send_one(at, best, &text, Haste::Bulk);
        true
    }

    fn load_part(&mut self, root: Digest, part: Part) {
        if self.files.loading.is_none() {
            self.files.loading = Some((root, part));
            let line = self.id;
            self.batch
                .outputs
                .push(Output::LoadPart { line, root, part });
        }
    }

    /// The store handed a part back, or has it no more.
    pub(crate) fn part_loaded(&mut self, loaded: LoadedPart) {
        let LoadedPart {
            root, part, bytes, ..
        } = loaded;
        self.files.loading = None;
        let Some(bytes) = bytes else {
            // Who asked for it asks again, and gets nothing: it was removed here.
            let is_it = |it: &File| it.file.root == root;
            self.files
                .known
                .retain(|_, it| !is_it(it) || it.state == FileState::Lacking);
            return;
        };
        if self.files.parts.len() == PARTS {
            self.files.parts.pop_front();
        }
        self.files.parts.push_back(((root, part), Arc::new(bytes)));
    }

    /// When a *pull* is due, or what is under way counts as lost.
    pub(crate) fn files_due(&self, at: usize) -> Option<u64> {
        let remote = &self.remotes[at];
        let is_freshest = self.freshest().map(|it| it.boot) == Some(remote.boot);
        let proven = remote.ways.best().is_some() && is_freshest;
        if proven && !self.files.say_whole.is_empty() {
            return Some(0);
        }
        let pull = self.files.download.as_ref().filter(|_| proven);
        let upload = remote
            .upload
            .as_ref()
            .filter(|_| remote.ways.best().is_some());
        let can_go = upload.filter(|it| self.files.loading.is_none() && it.next().is_some());
        let times = [
            pull.map(Download::due),
            upload.and_then(Upload::due),
            can_go.map(|_| 0),
        ];
        times.into_iter().flatten().min()
    }
}
