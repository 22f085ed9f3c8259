//! Every limit of the control API, with its reason. The callers are our own user's programs, so the limits
//! guard against mistakes, not attacks.

use openline_wire::limits;

/// Bytes of a call's body, and of one line of a stream: the largest text with every byte escaped as `\u00xx`,
/// and room for the rest.
pub const BODY: usize = 6 * limits::TEXT + 4096;

/// Bytes of a body that is too long and is read to its end all the same, so that its caller hears why: a slip, and not a
/// program that never ends.
pub const REFUSED_BODY: usize = 8 * BODY;

/// Entries on a page unless the caller says otherwise: a few screens.
pub const PAGE: usize = 200;

/// Entries on a page at most: with the largest texts this is 32 MB, which is built in memory.
pub const LARGEST_PAGE: usize = 1_000;

/// Entries read at once for a follower that is behind: keeps the reader free for others after some
/// milliseconds.
pub const FOLLOW_PAGE: usize = 256;

/// Texts of one stream that wait for the other side to store them, before no more are taken: a day's backlog of
/// the busiest desk, at 200 bytes each.
pub const UNCONFIRMED_TEXTS: usize = 65_536;

/// Texts of one stream whose later stages are still told: as above.
pub const UNREAD_TEXTS: usize = 65_536;

/// Texts of one stream in the core's hands: two of its batches, so that it never waits for us.
pub const TEXTS_UNDER_WAY: usize = 512;

/// Bytes of events that a stream holds for a caller who does not read, before no more texts are taken.
pub const UNREAD_EVENTS: usize = 1024 * 1024;

/// Idempotency keys remembered.
pub const IDEMPOTENCY_KEYS: usize = 4_096;

/// Bytes of an idempotency key: a UUID, or a program's own name for a text.
pub const IDEMPOTENCY_KEY: usize = 128;

/// Milliseconds between two status events: a person can't read faster, and a round trip changes often.
pub const STATUS_INTERVAL_MS: u64 = 100;

/// Messages that a status names as shown to nobody: more than a person reads out.
pub const NOT_SHOWN: usize = 16;

/// Texts and rings that a status names as having broken into an exercise: the most urgent ones, more than a person reads out.
pub const BROKE_IN: usize = 16;

/// Connections at once: far more than a desk's programs and screens need, and a quarter of the files that a process may
/// have open by default (getrlimit(2)).
pub const CONNECTIONS: usize = 256;

/// Of them those whose call may last for ever (events, streams of texts): so that half of all stays for calls that end.
pub const STREAMS: usize = 128;

/// Bytes of a call's head: the longest path and name, many times over.
pub const HEAD: usize = 32 * 1024;

/// Milliseconds in which the head of a call must come, the next one's too: a program on the same machine needs none.
pub const HEAD_WAIT_MS: u64 = 10_000;

/// Milliseconds in which a call's body must come, streams aside: likewise.
pub const BODY_WAIT_MS: u64 = 10_000;

/// Milliseconds that a call waits for a boot to take its lines up: far longer than a start takes, and short enough that
/// a caller whose station can't start hears it.
pub const START_WAIT_MS: u64 = 3_000;

/// Milliseconds between two signs of life in a stream that has nothing to tell: after three that are missing a caller
/// knows that nobody is at the other end, soon enough for a person who waits.
pub const KEEP_ALIVE_MS: u64 = 5_000;

/// Milliseconds that a status waits for the store: it is asked above all when something hangs.
pub const STATUS_STORE_WAIT_MS: u64 = 1_000;
