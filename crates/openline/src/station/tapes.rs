//! The tapes not yet used, in the line's folder: all of a channel that a backup may hold (rule 2), and enough to
//! ask for a new generation when the channel is lost.
//!
//! The tapes that were carried by hand are erased once the channel that they keyed is on disk; what stands here
//! is their successors in the hash ratchet, from which they can't be found again.

use openline_seal::{Tape, Tapes};
use openline_wire::cbor::{Canonical, DecodeError, Reader, Writer};
use openline_wire::limits;
use zeroize::Zeroizing;

use crate::ceremony::erase_opening_secrets;
use crate::home::{HomeError, LineFolder};

/// The file's name in the folder of a line.
const FILE: &str = "tapes.next";

/// The tapes that were kept, if there are any.
pub fn read(folder: &LineFolder) -> Result<Option<Tapes>, HomeError> {
    let Some(bytes) = folder.read(FILE)? else {
        return Ok(None);
    };
    let damaged = || HomeError::Damaged {
        path: folder.path().join(FILE),
        why: "reason-no-key".to_owned(),
    };
    let kept = Kept::from_bytes(&bytes).map_err(|_| damaged())?;
    let tape = |bytes: &Zeroizing<Vec<u8>>| Tape::stored(kept.index, bytes);
    let tapes = tape(&kept.sending).zip(tape(&kept.receiving));
    let tapes = tapes.and_then(|(sending, receiving)| Tapes::new(sending, receiving));
    tapes.map(Some).ok_or_else(damaged)
}

/// Keeps the tapes, and erases those that were carried. The channel that they keyed is on disk.
pub fn keep(folder: &LineFolder, tapes: &Tapes) -> Result<(), HomeError> {
    let kept = Kept {
        index: tapes.index(),
        sending: Zeroizing::new(tapes.sending().as_bytes().to_vec()),
        receiving: Zeroizing::new(tapes.receiving().as_bytes().to_vec()),
    };
    let bytes = Zeroizing::new(kept.to_bytes());
    if folder.read(FILE)?.is_none_or(|old| old != bytes) {
        folder.write(FILE, &bytes)?;
    }
    erase_opening_secrets(folder)
}

struct Kept {
    index: u64,
    sending: Zeroizing<Vec<u8>>,
    receiving: Zeroizing<Vec<u8>>,
}

impl Canonical for Kept {
    fn write(&self, w: &mut Writer) {
        w.array(3).uint(self.index);
        w.bytes(&self.sending).bytes(&self.receiving);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("tapes", 3)?;
        let index = r.uint("index")?;
        let mut tape = || -> Result<_, DecodeError> {
            Ok(Zeroizing::new(r.bytes("tape", limits::TAPE_MAX)?.to_vec()))
        };
        Ok(Self {
            index,
            sending: tape()?,
            receiving: tape()?,
        })
    }
}
