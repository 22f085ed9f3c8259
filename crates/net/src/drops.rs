//! How many datagrams were lost here, and why.

use std::sync::atomic::{AtomicU64, Ordering};

/// Datagrams lost at this end since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drops {
    /// Too short or too long to be a frame.
    pub size: u64,
    /// The system's queue was full: they came faster than the station takes them.
    pub queue_full: u64,
    /// The system took it not: its buffer was full, or it knows no way to the address.
    pub not_sent: u64,
}

/// The running counts, shared between the threads of a bearer.
#[derive(Debug, Default)]
pub struct DropCounters {
    size: AtomicU64,
    not_sent: AtomicU64,
}

impl DropCounters {
    /// The counts now, with what the system counted itself.
    pub fn read(&self, queue_full: u64) -> Drops {
        Drops {
            size: self.size.load(Ordering::Relaxed),
            queue_full,
            not_sent: self.not_sent.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn count_size(&self) {
        self.size.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_not_sent(&self) {
        self.not_sent.fetch_add(1, Ordering::Relaxed);
    }
}
