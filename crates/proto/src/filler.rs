//! Frames being filled: bodies first, then entries as long as they fit.

use openline_wire::cbor::{Canonical as _, Writer};
use openline_wire::entry::Entry;
use openline_wire::haste::Haste;
use openline_wire::header::Chain;
use openline_wire::limits;

use crate::bodies::{Body, Have};

/// Plaintexts for one way. The *have* that the first begins with is told apart, because it asks for something else on each way.
pub(crate) struct Frames {
    /// The *have*.
    pub(crate) have: Option<Have>,
    /// One for each frame.
    pub(crate) texts: Vec<Vec<u8>>,
    /// What they may wait for.
    pub(crate) haste: Haste,
}

impl Frames {
    /// The first plaintext with another challenge.
    pub(crate) fn first(&self, challenge: u64) -> Option<Vec<u8>> {
        let text = self.texts.first()?;
        let Some(have) = &self.have else {
            return Some(text.clone());
        };
        let rest = &text[Body::Have(have.clone()).to_bytes().len()..];
        let have = Have {
            challenge,
            ..have.clone()
        };
        Some([&Body::Have(have).to_bytes(), rest].concat())
    }
}

/// Frames being filled.
#[derive(Default)]
pub(crate) struct Filler {
    done: Vec<Vec<u8>>,
    bodies: Vec<u8>,
    entries: Vec<Vec<u8>>,
    /// Bytes of each frame that are left free.
    reserved: usize,
    /// The entry last put into this frame: the next may be a delta against it.
    pub(crate) base: Option<(Chain, u64)>,
}

/// The head of the array of entries and its type.
const ENTRIES_OVERHEAD: usize = 4;

impl Filler {
    /// Frames with so much room left for what is put before them when they go.
    pub(crate) fn leaving(reserved: usize) -> Self {
        Self {
            reserved,
            ..Self::default()
        }
    }

    fn len(&self) -> usize {
        let entries: usize = self.entries.iter().map(Vec::len).sum();
        self.reserved + self.bodies.len() + ENTRIES_OVERHEAD + entries
    }

    /// Whether an entry of so many bytes fits into the frame under way.
    pub(crate) fn takes(&self, bytes: usize) -> bool {
        self.len() + bytes <= limits::FRAME_PLAINTEXT
            && self.entries.len() < limits::ENTRIES_PER_FRAME
    }

    /// Puts a body into the frame under way, or the next.
    pub(crate) fn body(&mut self, body: &Body) {
        let bytes = body.to_bytes();
        if self.len() + bytes.len() > limits::FRAME_PLAINTEXT {
            self.close();
        }
        self.bodies.extend(bytes);
    }

    /// Puts an entry into it, which fits.
    pub(crate) fn entry(&mut self, packed: Vec<u8>, entry: &Entry) {
        self.entries.push(packed);
        self.base = Some((entry.header().chain(), entry.header().sequence));
    }

    /// Gives a body a frame of its own.
    pub(crate) fn alone(&mut self, body: &Body) {
        self.close();
        self.body(body);
        self.close();
    }

    /// The next goes into another frame.
    pub(crate) fn close(&mut self) {
        let mut frame = core::mem::take(&mut self.bodies);
        if !self.entries.is_empty() {
            let mut w = Writer::new();
            w.array(2).uint(1).array(self.entries.len());
            frame.extend(w.into_bytes());
            self.entries.drain(..).for_each(|entry| frame.extend(entry));
        }
        self.base = None;
        if !frame.is_empty() {
            self.done.push(frame);
        }
    }

    /// All plaintexts.
    pub(crate) fn finish(mut self) -> Vec<Vec<u8>> {
        self.close();
        self.done
    }
}
