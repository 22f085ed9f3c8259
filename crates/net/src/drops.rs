//! How many frames were lost here, and why.

use std::sync::atomic::{AtomicU64, Ordering};

/// Frames lost at this end since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drops {
    /// Too short or too long to be a frame.
    pub size: u64,
    /// Changed on the way, or only a part came: on a bearer that notices (`serial`).
    pub damaged: u64,
    /// The system's queue was full: they came faster than the station takes them.
    pub queue_full: u64,
    /// The system took it not: its buffer was full, or it knows no way to the address. Or the tty is gone, or so slow that it
    /// would have waited for too long.
    pub not_sent: u64,
}

/// The running counts, shared between the threads of a bearer.
#[derive(Debug, Default)]
pub struct DropCounters {
    size: AtomicU64,
    damaged: AtomicU64,
    not_sent: AtomicU64,
}

impl DropCounters {
    /// The counts now, with what the system counted itself.
    pub fn read(&self, queue_full: u64) -> Drops {
        Drops {
            size: self.size.load(Ordering::Relaxed),
            damaged: self.damaged.load(Ordering::Relaxed),
            queue_full,
            not_sent: self.not_sent.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn count_size(&self) {
        self.size.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_damaged(&self) {
        self.damaged.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_not_sent(&self) {
        self.not_sent.fetch_add(1, Ordering::Relaxed);
    }
}
