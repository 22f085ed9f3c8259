//! What a *have* asks its receiver to give back (rule 3): when that was, and bits that nobody can guess. Else a peer
//! could seal echoes of our clock ahead, hand them to somebody, and be alive while its machine is off.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// Bits that can't be guessed. A frame under the peer's key can try one value for one millisecond, and a key seals
/// fewer than 2^25 frames.
const UNGUESSABLE: u32 = 24;

/// One boot's challenges on one line. They ascend with its clock, so that the receiver knows the latest.
#[derive(Clone)]
pub struct Challenges {
    key: [u8; 32],
}

impl Challenges {
    /// From random bytes.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The challenge of a moment of our monotonic clock, milliseconds below 2^40 (34 years).
    pub fn at(&self, clock: u64) -> u64 {
        // The key stream of ChaCha20, with the moment as its nonce.
        let mut stream = ChaCha20Rng::from_seed(self.key);
        stream.set_stream(clock);
        let bits = stream.next_u32() >> (u32::BITS - UNGUESSABLE);
        clock << UNGUESSABLE | u64::from(bits)
    }

    /// When a challenge was sent, if it is one of ours.
    pub fn sent_at(&self, challenge: u64) -> Option<u64> {
        let clock = challenge >> UNGUESSABLE;
        (self.at(clock) == challenge).then_some(clock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sent_is_known_again() {
        let ours = Challenges::new([7; 32]);
        let theirs = Challenges::new([8; 32]);
        for clock in [0, 1, 59_000, (1 << 40) - 1] {
            let challenge = ours.at(clock);
            assert_eq!(ours.sent_at(challenge), Some(clock));
            assert_eq!(ours.sent_at(challenge ^ 1), None);
            assert_eq!(theirs.sent_at(challenge), None);
        }
        // Whoever counts the clock on from a challenge that he was sent finds none of the next ones.
        let guesses = (1..10_000).map(|ms| ours.at(59_000) + (ms << UNGUESSABLE));
        assert!(guesses.filter_map(|guess| ours.sent_at(guess)).count() <= 1);
    }

    #[test]
    fn challenges_ascend_with_the_clock() {
        let ours = Challenges::new([7; 32]);
        assert!((0..1_000).is_sorted_by_key(|clock| ours.at(clock)));
    }
}
