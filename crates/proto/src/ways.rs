//! The ways to the peer: which were hinted at, which it was heard on, which are proven.
//!
//! A way is proven when the peer echoes a challenge that was sent on it (in the spirit of path validation,
//! RFC 9000 section 8.2). Unproven ways get a bounded number of frames, so nobody can point a station at a
//! third party. Old ways are kept: the peer may come back on them.

use std::collections::VecDeque;

use crate::contract::Route;

/// Ways kept for one peer; the one that was proven longest ago gives way, hints last.
const WAYS: usize = 8;

/// Challenges remembered: more than can be under way at one time on a slow link.
const CHALLENGES: usize = 64;

/// Frames sent on a way that is neither hinted at nor proven, for each frame heard on it (the limit of
/// RFC 9000 section 8.1).
pub const UNPROVEN_FRAMES: u32 = 3;

#[derive(Clone, Copy, Debug)]
struct Way {
    route: Route,
    hinted: bool,
    proven: Option<u64>,
    credit: u32,
}

impl Way {
    fn is_trusted(&self) -> bool {
        self.hinted || self.proven.is_some()
    }
}

/// All ways to one peer node.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    ways: Vec<Way>,
    challenges: VecDeque<(u64, Route)>,
}

impl Ways {
    /// Somebody said that the peer might be reached there.
    pub fn hint(&mut self, route: Route) {
        self.way(route).hinted = true;
    }

    /// Whether the peer is known to be there: somebody said so, or it answered from there.
    pub fn is_known(&self, route: Route) -> bool {
        let is_it = |way: &Way| way.route == route && way.is_trusted();
        self.ways.iter().any(is_it)
    }

    /// An authentic frame came on this way.
    pub fn heard(&mut self, route: Route) {
        self.way(route).credit = UNPROVEN_FRAMES;
    }

    /// A challenge went out.
    pub fn challenged(&mut self, clock: u64, route: Route) {
        if self.challenges.len() == CHALLENGES {
            self.challenges.pop_front();
        }
        self.challenges.push_back((clock, route));
    }

    /// A challenge came back: the ways that it went out on are candidates; the one that the answer came on
    /// is proven if it is among them.
    pub fn echoed(&mut self, clock: u64, answer: Route) {
        let went = |&(sent, route): &(u64, Route)| sent == clock && route == answer;
        if self.challenges.iter().any(went) {
            let way = self.way(answer);
            way.proven = way.proven.max(Some(clock));
        }
    }

    /// The way in use: the one proven last.
    pub fn best(&self) -> Option<Route> {
        let proven = self.ways.iter().filter(|way| way.proven.is_some());
        proven.max_by_key(|way| way.proven).map(|way| way.route)
    }

    /// The ways that somebody named, or that were proven, each with the latest challenge that came back on it.
    pub fn known(&self) -> impl Iterator<Item = (Route, Option<u64>)> {
        let trusted = self.ways.iter().filter(|way| way.is_trusted());
        trusted.map(|way| (way.route, way.proven))
    }

    /// Every way on which a frame may be tried now.
    pub fn all(&self) -> Vec<Route> {
        let open = self
            .ways
            .iter()
            .filter(|way| way.is_trusted() || way.credit > 0);
        open.map(|way| way.route).collect()
    }

    /// Where an answer to a frame from `route` goes: the best way, and `route` too while it is unproven.
    pub fn answer(&mut self, route: Option<Route>) -> Vec<Route> {
        let best = self.best();
        let Some(route) = route.filter(|&route| Some(route) != best) else {
            return best.into_iter().collect();
        };
        let way = self.way(route);
        let may = way.hinted || way.credit > 0;
        best.into_iter().chain(may.then_some(route)).collect()
    }

    /// How many of so many frames may go out on a way now; spends the credit of one that is not proven.
    pub fn allow(&mut self, route: Route, frames: usize) -> usize {
        let way = self.way(route);
        if way.is_trusted() {
            return frames;
        }
        let allowed = frames.min(way.credit as usize);
        way.credit -= allowed as u32;
        allowed
    }

    fn way(&mut self, route: Route) -> &mut Way {
        if let Some(at) = self.ways.iter().position(|way| way.route == route) {
            return &mut self.ways[at];
        }
        if self.ways.len() == WAYS {
            let oldest = (0..WAYS).min_by_key(|&at| (self.ways[at].hinted, self.ways[at].proven));
            self.ways.remove(oldest.unwrap_or(0));
        }
        self.ways.push(Way {
            route,
            hinted: false,
            proven: None,
            credit: 0,
        });
        let last = self.ways.len() - 1;
        &mut self.ways[last]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: Route = Route { bearer: 0, path: 1 };
    const AWAY: Route = Route { bearer: 0, path: 2 };

    /// OL-434
    #[test]
    fn a_way_is_used_only_after_its_challenge_came_back_on_it() {
        let mut ways = Ways::default();
        ways.hint(HOME);
        ways.challenged(10, HOME);
        ways.echoed(10, AWAY);
        assert_eq!(ways.best(), None);
        ways.echoed(10, HOME);
        assert_eq!(ways.best(), Some(HOME));
        ways.heard(AWAY);
        ways.challenged(20, AWAY);
        ways.echoed(20, AWAY);
        assert_eq!(ways.best(), Some(AWAY));
    }

    /// OL-434
    #[test]
    fn a_frame_replayed_from_elsewhere_draws_three_frames_at_most() {
        let mut ways = Ways::default();
        ways.hint(HOME);
        ways.heard(AWAY);
        assert_eq!(ways.all(), [HOME, AWAY]);
        let sent: usize = [2, 50, 50]
            .map(|frames| ways.allow(AWAY, frames))
            .iter()
            .sum();
        assert_eq!(sent, 3);
        assert_eq!(ways.all(), [HOME], "until it is heard again");
        assert_eq!(ways.allow(HOME, 50), 50);
    }
}
