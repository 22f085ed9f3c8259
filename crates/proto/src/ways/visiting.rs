//! Tests of the line go over every way in turn: that a way answers questions does not show that it carries what a line is for.
//!
//! On the way in use everything of a test goes anyhow. A copy of each of our entries of it goes on one more way, the one
//! whose last visit is longest ago, and the challenge in the same frame comes back if it arrived.

use super::{Route, Ways};

/// The visits to one way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Visits {
    /// When the last one went out, and the challenge beside it.
    last: Option<(u64, u64)>,
    passed: Option<u64>,
}

impl Visits {
    /// When the last one went out that came through.
    pub(super) fn passed(&self) -> Option<u64> {
        self.passed
    }

    /// A challenge came back on the way.
    pub(super) fn echoed(&mut self, number: u64, sent: u64) {
        if self.last.is_some_and(|(_, it)| it == number) {
            self.passed = self.passed.max(Some(sent));
        }
    }
}

impl Ways {
    /// The way beside the one in use whose turn it is.
    pub fn to_visit(&self) -> Option<Route> {
        let last = |route: &Route| self.find(*route).and_then(|way| way.visits.last);
        self.beside().into_iter().min_by_key(last)
    }

    /// A copy of an entry of a test went there, beside this challenge.
    pub fn visited(&mut self, route: Route, challenge: u64, now: u64) {
        self.way(route).visits.last = Some((now, challenge));
    }

    /// A test of ours passed: the way in use has carried it.
    pub fn test_passed(&mut self, now: u64) {
        if let Some(best) = self.best() {
            self.way(best).visits.passed = Some(now);
        }
    }
}
