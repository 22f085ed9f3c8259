//! The tape: random key material carried by hand, one for each direction, turned by a hash ratchet
//! each time it is used.

use crate::limits::{GENERATIONS_AHEAD, HIGHEST_NUMBER, TAPE_MIN};
use crate::secret::Secret;

/// One direction's tape at one index of its ratchet. Secret; erased when dropped.
#[derive(Clone)]
pub struct Tape {
    index: u64,
    secret: Secret,
}

impl Tape {
    /// The tape as it was carried, at index 0. `None` if it is shorter than
    /// [`TAPE_MIN`](crate::limits::TAPE_MIN).
    pub fn carried(bytes: &[u8]) -> Option<Self> {
        (bytes.len() >= TAPE_MIN).then(|| Self {
            index: 0,
            secret: Secret::extract(b"openline tape 1", &[bytes]),
        })
    }

    /// A tape out of storage: what [`index`](Self::index) and [`as_bytes`](Self::as_bytes) gave. `None` if it is
    /// not 32 bytes long, or its index above [`HIGHEST_NUMBER`].
    pub fn stored(index: u64, bytes: &[u8]) -> Option<Self> {
        let secret = Secret::from_slice(bytes).filter(|_| index <= HIGHEST_NUMBER);
        secret.map(|secret| Self { index, secret })
    }

    /// How often the ratchet has turned: the generation that this tape can key.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The secret, for storage.
    pub fn as_bytes(&self) -> &[u8] {
        self.secret.as_bytes()
    }

    /// The next tape; this one is erased.
    #[must_use]
    pub fn successor(self) -> Self {
        Self {
            index: self.index + 1,
            secret: self.secret.derive("openline tape successor 1", &[]),
        }
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }
}

/// Both tapes of a channel, at the same index.
#[derive(Clone)]
pub struct Tapes {
    sending: Tape,
    receiving: Tape,
}

impl Tapes {
    /// Pairs the tape that the peer made (it keys what we send) with the one that we made. `None`
    /// if their indexes differ.
    pub fn new(sending: Tape, receiving: Tape) -> Option<Self> {
        (sending.index == receiving.index).then_some(Self { sending, receiving })
    }

    /// The index of both.
    pub fn index(&self) -> u64 {
        self.sending.index
    }

    /// The tape that keys what we send.
    pub fn sending(&self) -> &Tape {
        &self.sending
    }

    /// The tape that keys what we receive.
    pub fn receiving(&self) -> &Tape {
        &self.receiving
    }

    /// The next tapes; these are erased.
    #[must_use]
    pub fn successor(self) -> Self {
        Self {
            sending: self.sending.successor(),
            receiving: self.receiving.successor(),
        }
    }

    /// The tapes at `index`, or these if it is behind them.
    pub(crate) fn turned_to(mut self, index: u64) -> Self {
        while self.index() < index {
            self = self.successor();
        }
        self
    }

    /// These tapes and their successors, as far ahead as a channel looks.
    pub(crate) fn ahead(&self) -> impl Iterator<Item = Self> {
        let turn = |tapes: &Self| Some(tapes.clone().successor());
        std::iter::successors(Some(self.clone()), turn).take(GENERATIONS_AHEAD as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-110
    #[test]
    fn a_tape_too_short_to_be_secret_is_refused() {
        assert!(Tape::carried(&[7; TAPE_MIN - 1]).is_none());
        assert!(Tape::carried(&[7; TAPE_MIN]).is_some());
    }

    /// OL-111
    #[test]
    fn the_ratchet_turns_one_way_and_storage_keeps_its_place() {
        let first = Tape::carried(&[7; 40]).expect("long enough");
        let second = first.clone().successor();
        let again = Tape::stored(first.index(), first.as_bytes())
            .expect("32 bytes")
            .successor();
        assert_eq!((second.index(), second.as_bytes()), (1, again.as_bytes()));
        assert_ne!(first.as_bytes(), second.as_bytes());
    }

    /// OL-111: a damaged disk says so, and does not stop the program.
    #[test]
    fn a_stored_tape_at_the_end_of_all_numbers_is_refused() {
        assert!(Tape::stored(u64::MAX, &[7; 32]).is_none());
        let last = Tape::stored(HIGHEST_NUMBER, &[7; 32]).expect("a tape");
        assert_eq!(last.successor().index(), HIGHEST_NUMBER + 1);
    }

    /// OL-111
    #[test]
    fn tapes_of_different_indexes_are_no_pair() {
        let tape = Tape::carried(&[7; 32]).expect("long enough");
        assert!(Tapes::new(tape.clone(), tape.successor()).is_none());
    }
}
