//! When key messages are sent, piece by piece, and when again. They are the largest thing that a station sends of its
//! own accord, so on a thin bearer they must leave the air to others: one piece at a time, and the next only when an
//! answer to it could have come. A FLASH then waits for one piece at most.

use std::collections::VecDeque;

use openline_seal::KeyMessageKind;

/// The shortest pause between two tries of all pieces.
const LEAST_MS: u64 = 1_000;

/// While nobody is heard the pauses grow up to this one, so that an absent peer costs a bounded rate.
const LONGEST_MS: u64 = 60_000;

/// A bearer whose answers take so long is thin, or so far away that a pause costs little.
const THIN_FROM_MS: u64 = 1_000;

/// Round trips that a piece may take: its own, and that of what stands before it in a queue.
const TIMEOUTS_PER_PIECE: u64 = 2;

/// A plaintext that carries a piece of a key message, and of which kind that is.
pub type Piece = (Vec<u8>, KeyMessageKind);

/// The pieces that are still to go in this try, and when the last ones went.
#[derive(Debug)]
pub struct KeyPace {
    began: u64,
    /// When how many pieces went out last.
    sent: Option<(u64, u64)>,
    unheard: u32,
    left: VecDeque<Piece>,
}

impl KeyPace {
    /// Nothing has gone out yet; due at once.
    pub fn new(now: u64) -> Self {
        Self {
            began: now,
            sent: None,
            unheard: 0,
            left: VecDeque::new(),
        }
    }

    /// When something is due to a peer whose answers take `timeout_ms` as far as is known now, or to one that is not
    /// heard.
    pub fn due(&self, timeout_ms: Option<u64>) -> u64 {
        let Some((sent, count)) = self.sent else {
            return self.began;
        };
        let pause = match timeout_ms {
            None => LEAST_MS << self.unheard.saturating_sub(1).min(6),
            Some(timeout) if is_thin(timeout) => TIMEOUTS_PER_PIECE * timeout,
            Some(timeout) => TIMEOUTS_PER_PIECE * timeout * count,
        };
        sent + pause.clamp(LEAST_MS, LONGEST_MS)
    }

    /// Whether a new try begins with the next piece.
    pub fn is_through(&self) -> bool {
        self.left.is_empty()
    }

    /// A new try begins.
    pub fn begin(&mut self, pieces: impl IntoIterator<Item = Piece>) {
        self.left = pieces.into_iter().collect();
    }

    /// What goes out now.
    pub fn take(&mut self, now: u64, timeout_ms: Option<u64>) -> Vec<Piece> {
        let count = match timeout_ms.is_some_and(is_thin) {
            true => 1.min(self.left.len()),
            false => self.left.len(),
        };
        self.unheard = match timeout_ms {
            None => self.unheard + 1,
            Some(_) => 0,
        };
        self.sent = Some((now, count as u64));
        self.left.drain(..count).collect()
    }
}

fn is_thin(timeout_ms: u64) -> bool {
    timeout_ms >= THIN_FROM_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(count: u8) -> Vec<Piece> {
        (0..count)
            .map(|n| (vec![n], KeyMessageKind::Welcome))
            .collect()
    }

    /// OL-435
    #[test]
    fn on_a_radio_each_piece_leaves_the_air_to_others() {
        let mut pace = KeyPace::new(0);
        pace.begin(pieces(2));
        assert_eq!(pace.take(0, Some(3_000)).len(), 1);
        assert_eq!((pace.due(Some(3_000)), pace.is_through()), (6_000, false));
        assert_eq!(pace.take(6_000, Some(3_000)).len(), 1);
        assert_eq!((pace.due(Some(4_000)), pace.is_through()), (14_000, true));
    }

    #[test]
    fn on_a_fast_bearer_all_go_at_once_and_again_after_a_second() {
        let mut pace = KeyPace::new(0);
        pace.begin(pieces(4));
        assert_eq!(pace.take(0, Some(120)).len(), 4);
        assert_eq!((pace.due(Some(120)), pace.is_through()), (LEAST_MS, true));
    }

    /// OL-435
    #[test]
    fn an_absent_peer_is_asked_ever_more_rarely() {
        let mut pace = KeyPace::new(0);
        let mut times = Vec::new();
        for _ in 0..9 {
            pace.begin(pieces(4));
            assert_eq!(pace.take(pace.due(None), None).len(), 4);
            times.push(pace.due(None) / 1_000);
        }
        assert_eq!(times, [1, 3, 7, 15, 31, 63, 123, 183, 243]);
    }
}
