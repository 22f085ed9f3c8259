//! What a *have* asks its receiver to give back (rule 3): when that was, and bits that nobody can guess. Else a peer
//! could seal echoes of our clock ahead, hand them to somebody, and be alive while its machine is off.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// Bits that can't be guessed. A frame under the peer's key can try a value with the *have* that it may hold, for one millisecond each,
/// and a key seals fewer than 2^25 frames.
const UNGUESSABLE: u32 = 22;

/// Bits that tell apart what goes out in one millisecond.
const LANE: u32 = 4;

/// Which of the challenges of one moment: each way has its own, else one that came back would not show which way it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Of a frame for the boot, on the way in use, on the first of the others and so on. The first has the highest number, so that its
    /// copies on other ways are no news.
    Common(usize),
    /// About one way alone.
    Aside(usize),
}

impl Lane {
    fn number(self) -> u64 {
        match self {
            Self::Common(at) => 15 - at.min(7) as u64,
            Self::Aside(at) => 7 - at.min(7) as u64,
        }
    }
}

/// Whether a challenge was in a frame for the boot, and not about a way alone.
pub fn is_common(challenge: u64) -> bool {
    (challenge >> UNGUESSABLE) & 8 != 0
}

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

    /// The challenge of a moment of our monotonic clock, milliseconds below 2^38 (8 years).
    pub fn at(&self, clock: u64, lane: Lane) -> u64 {
        self.numbered(clock << LANE | lane.number())
    }

    fn numbered(&self, number: u64) -> u64 {
        // The key stream of ChaCha20, with the moment and the lane as its nonce.
        let mut stream = ChaCha20Rng::from_seed(self.key);
        stream.set_stream(number);
        let bits = stream.next_u32() >> (u32::BITS - UNGUESSABLE);
        number << UNGUESSABLE | u64::from(bits)
    }

    /// When a challenge was sent, if it is one of ours.
    pub fn sent_at(&self, challenge: u64) -> Option<u64> {
        let number = challenge >> UNGUESSABLE;
        (self.numbered(number) == challenge).then_some(number >> LANE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Lane = Lane::Common(0);

    #[test]
    fn only_what_was_sent_is_known_again() {
        let ours = Challenges::new([7; 32]);
        let theirs = Challenges::new([8; 32]);
        for clock in [0, 1, 59_000, (1 << 38) - 1] {
            let challenge = ours.at(clock, FIRST);
            assert_eq!(ours.sent_at(challenge), Some(clock));
            assert_eq!(ours.sent_at(challenge ^ 1), None);
            assert_eq!(theirs.sent_at(challenge), None);
        }
        // Whoever counts the clock on from a challenge that he was sent finds none of the next ones.
        let guesses = (1..10_000).map(|ms| ours.at(59_000, FIRST) + (ms << (UNGUESSABLE + LANE)));
        assert!(guesses.filter_map(|guess| ours.sent_at(guess)).count() <= 1);
    }

    /// OL-423
    #[test]
    fn each_way_has_a_challenge_of_its_own_and_the_first_one_is_the_latest() {
        let ours = Challenges::new([7; 32]);
        let of = |lane: fn(usize) -> Lane| (0..8).map(lane);
        let all: Vec<u64> = of(Lane::Common)
            .chain(of(Lane::Aside))
            .map(|lane| ours.at(9, lane))
            .collect();
        assert!(all.is_sorted_by(|one, next| one > next));
        assert!(all.iter().all(|it| ours.sent_at(*it) == Some(9)));
        let common = all.iter().filter(|it| is_common(**it));
        assert_eq!(common.count(), 8);
    }

    #[test]
    fn challenges_ascend_with_the_clock() {
        let ours = Challenges::new([7; 32]);
        assert!((0..1_000).is_sorted_by_key(|clock| ours.at(clock, FIRST)));
    }
}
