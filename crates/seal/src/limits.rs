//! Every limit of a channel, with its reason.

/// Replay window of one frame key, in frames. A `udp` bearer at 10,000 frames a second may
/// reorder by 0.2 s; RFC 4303 asks for at least 32, WireGuard uses 8,192 bits.
pub const REPLAY_WINDOW: usize = 2048;

/// Generations ahead of the current one whose tape keys are listened to, and under which a
/// request for a new generation is sealed. A home restored from a backup is behind by the number
/// of restorations since that backup; more than eight means that the tape is carried anew.
pub const GENERATIONS_AHEAD: u64 = 8;

/// How long the keys of an epoch still open frames after the peer was heard in the next one, in
/// milliseconds. The slowest bearer (75 bit/s, 60 s round trip) holds a full frame for 128 s and
/// two round trips for 120 s more; the rest is margin for a queue.
pub const OLD_EPOCH_KEPT_MS: u64 = 10 * 60 * 1000;

/// Shortest tape, in bytes: 256 bits.
pub const TAPE_MIN_LEN: usize = 32;
