//! How many datagrams were lost here, and why.

use std::sync::atomic::{AtomicU64, Ordering};

/// Datagrams lost at this end since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drops {
    /// Too short or too long to be a frame.
    pub size: u64,
    /// The receiver had no room.
    pub refused: u64,
    /// The system took it not: its buffer was full, or it knows no way to the address.
    pub not_sent: u64,
}

/// The running counts, shared between the threads of a bearer.
#[derive(Debug, Default)]
pub struct DropCounters {
    size: AtomicU64,
    refused: AtomicU64,
    not_sent: AtomicU64,
}

impl DropCounters {
    /// The counts now.
    pub fn read(&self) -> Drops {
        Drops {
            size: self.size.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            not_sent: self.not_sent.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn count_size(&self) {
        self.size.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_not_sent(&self) {
        self.not_sent.fetch_add(1, Ordering::Relaxed);
    }
}
