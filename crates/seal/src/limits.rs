//! Every limit of a channel, with its reason.

/// Replay window of one frame key, in frames: a `udp` bearer at 10,000 frames a second may reorder
/// by 0.2 s. RFC 4303 section 3.4.3 asks for at least 32.
pub const REPLAY_WINDOW: usize = 2048;

/// Frames that one key may seal. AES-GCM keeps its advantage bound of 2^-57 up to 2^24.5 full
/// frames (RFC 8446 section 5.5); a full `udp` stream takes an hour to get there, and a fresh
/// nonce gives a fresh key.
pub const FRAMES_PER_KEY: u64 = 23_726_566;

/// Generations ahead of the current one whose tape keys are listened to, and under which a
/// request for a new generation is sealed. A home restored from a backup is behind by the number
/// of restorations since that backup; more than eight means that the tape is carried anew.
pub const GENERATIONS_AHEAD: u64 = 8;

/// Epochs of one generation that may open frames at the same time: the one that the peer
/// seals under until it hears from us, two commits ahead of it (the turns alternate, so there can
/// be no third), and one that is about to be erased.
pub const EPOCHS_KEPT: usize = 4;

/// How long the keys of an epoch still open frames after the peer was heard in a later one, in
/// milliseconds. The slowest bearer (75 bit/s, 60 s round trip) holds a full frame for 128 s, and
/// two round trips take 120 s more; the rest is margin for its queue.
pub const OLD_EPOCH_KEPT_MS: u64 = 10 * 60 * 1000;

/// Nonces of the peer that are in use at once under one base secret: two boots (the
/// running one and its predecessor, whose frames are still on their way) on eight bearers.
pub const SESSIONS: usize = 16;

/// Nonces under one base secret that were in use and are refused for good, 32 bytes each. At one
/// restart of the peer in ten seconds this lasts for longer than an epoch; at half of it the next
/// epoch is committed early, and beyond it new nonces are refused, never forgotten.
pub const SPENT_NONCES: usize = 1024;

/// Epochs from one whose exporter gives keys for bundles to the next: at one epoch an hour, a little more than a day.
pub const COURIER_EVERY: u64 = 32;

/// Keys for bundles that are held, of all generations together. At one epoch an hour a bundle can be opened for a month; while a line is
/// silent nothing is erased, and that is when couriers travel. Each costs 64 bytes.
pub const COURIER_KEYS: usize = 24;

/// Of these, how many open a door (OL-192): each costs a stranger's packet one HMAC, and a peer that has none of the newest four has
/// lost more than a connection.
pub const DOOR_KEYS: usize = 4;

/// Shortest tape, in bytes: 256 bits.
pub const TAPE_MIN: usize = 32;

/// Longest key message, in bytes. The largest, a Welcome of the X-Wing suite, takes 4.3 kB.
pub const KEY_MESSAGE_MAX: usize = 16 * 1024;

/// Highest generation and epoch that a disk is believed: no machine counts as far, and whoever goes on from there
/// never comes to the end of the numbers.
pub const HIGHEST_NUMBER: u64 = u64::MAX / 2;

/// Default age of an epoch at which the next is committed, in milliseconds: one hour. Two
/// commits of 4 kB an hour are nothing to an IP bearer; at 75 bit/s one takes seven minutes, so a
/// thin line sets at least two and a half hours to stay below 5 % of its rate.
pub const ROTATE_EVERY_MS: u64 = 60 * 60 * 1000;
