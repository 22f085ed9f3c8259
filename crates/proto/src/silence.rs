//! A silence that the other party announced, and how long it explains that nothing is heard.
//!
//! The announcement's times are by the announcer's clock, which may be a day wrong or be set right meanwhile. So only
//! their distances count, from the time of the entry that holds them; here they run by our own clock from the
//! moment when that entry was stored.

use openline_wire::codes::{SilenceReason, Stream};
use openline_wire::entry::Entry;
use openline_wire::fact;
use openline_wire::header::Chain;
use openline_wire::limits;

use crate::contract::Moment;
use crate::verdict::Announced;

/// An announcement, by our clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    shown: Announced,
    chain: Chain,
    sequence: u64,
    /// When it was said, by the announcer's clock.
    said: u64,
    /// By our monotonic clock.
    begins: u64,
    /// Likewise.
    ends: u64,
}

impl Silence {
    /// An announcement that was stored at `received` by our wall clock. None if nobody could mean it: what never ends
    /// would have a dead line shown as an agreed one for ever.
    pub fn new(entry: &Entry, fact: &fact::Silence, received: u64, now: Moment) -> Option<Self> {
        let header = entry.header();
        let delay = fact.from.saturating_sub(header.time);
        let length = fact.until.saturating_sub(fact.from.max(header.time));
        if delay > limits::SILENCE_MS || fact.until - fact.from > limits::SILENCE_MS {
            return None;
        }
        let (from, until) = (received + delay, received + delay + length);
        // After our own clock was set back it lasts no longer than it was announced for.
        let left = |at: u64, most: u64| at.saturating_sub(now.wall).min(most);
        Some(Self {
            shown: Announced {
                by: header.author,
                said: received,
                until,
                reason: fact.reason,
            },
            chain: Chain {
                author: header.author,
                stream: Stream::Urgent,
            },
            sequence: header.sequence,
            said: header.time,
            begins: now.monotonic + left(from, delay),
            ends: now.monotonic + left(until, delay + length),
        })
    }

    /// What is shown of it, while it is in force. A restart is over when a later boot begins: `covered` says how much of
    /// a chain the starts of later boots name.
    pub fn in_force(&self, now: Moment, covered: impl FnOnce(&Chain) -> u64) -> Option<Announced> {
        let lasts = (self.begins..self.ends).contains(&now.monotonic);
        let is_over =
            self.shown.reason == SilenceReason::Restart && covered(&self.chain) > self.sequence;
        (lasts && !is_over).then_some(self.shown)
    }

    /// What is shown of it, once it is over and its party was not heard since: alive at `alive` by our wall clock, and no later.
    pub fn overrun(&self, now: Moment, alive: u64) -> Option<Announced> {
        let is_over = self.ends <= now.monotonic;
        (is_over && alive < self.shown.until).then_some(self.shown)
    }

    /// Whether it was said after another in the same chain: whoever announces again means what he says last.
    pub fn replaces(&self, other: &Self) -> bool {
        self.chain == other.chain && self.sequence > other.sequence
    }

    /// Whether a later boot of the node said another since: one that knew of this, since a start covers it.
    pub fn is_replaced(&self, known: &[Self], covered: impl FnOnce(&Chain) -> u64) -> bool {
        let later = |other: &Self| {
            other.chain != self.chain
                && other.chain.author.node == self.chain.author.node
                && other.said > self.said
        };
        known.iter().any(later) && covered(&self.chain) > self.sequence
    }

    /// When it ends, by our monotonic clock.
    pub fn ends(&self) -> u64 {
        self.ends
    }
}
