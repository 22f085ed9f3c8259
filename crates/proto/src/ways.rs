//! The ways to the peer: which were hinted at, which it was heard on, which are proven, which is in use, which are cut.
//!
//! A way is proven when the peer echoes a challenge that was sent on it (in the spirit of path validation,
//! RFC 9000 section 8.2). Unproven ways get a bounded number of frames, so nobody can point a station at a
//! third party. Old ways are kept: the peer may come back on them. Those that are not in use are asked now and then
//! ([`asking`]), so that one that fell silent is named while another works.

pub mod asking;
mod visiting;
mod way;

use std::collections::VecDeque;

use crate::challenges::Lane;
use crate::config::Cadences;
use crate::contract::Route;
use crate::loss::{Counted, Frame, LossMeter, Report};
use crate::verdict::WayState;

use way::{Way, keep};

/// Ways kept for one peer; the one that was proven longest ago gives way, hints of ours last.
const WAYS: usize = 8;

/// Challenges remembered: more than can be under way at one time on a slow link.
const CHALLENGES: usize = 64;

/// Challenges remembered of what is asked and answered about one way.
const ASIDES: usize = 8;

/// Frames sent on a way that is neither hinted at nor proven, for each frame heard on it (the limit of
/// RFC 9000 section 8.1).
pub const UNPROVEN_FRAMES: u32 = 3;

/// A challenge that went out.
#[derive(Clone, Copy, Debug)]
pub struct Challenge {
    /// The number.
    pub number: u64,
    /// Where.
    pub route: Route,
    /// What carried it.
    pub frame: Option<Frame>,
}

/// A challenge that came back.
#[derive(Clone, Copy, Debug)]
pub struct Echoed {
    /// The number.
    pub number: u64,
    /// When it was sent.
    pub sent: u64,
    /// The way that it came back on.
    pub route: Route,
    /// How long it was under way.
    pub round_trip: u64,
}

/// What is said about a way on that way itself, beside all else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aside {
    /// The way.
    pub route: Route,
    /// Their latest challenge that came on it, and when.
    pub theirs: Option<(u64, u64)>,
    /// Whether it is asked; else it is answered.
    pub asks: bool,
}

/// A way that somebody named, or that was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub route: Route,
    /// The latest challenge that came back on it.
    pub answered: Option<u64>,
    /// When it answered last in an earlier boot of ours, by our wall clock.
    pub answered_before: Option<u64>,
    /// When an authentic frame came on it last.
    pub heard: Option<u64>,
    /// When a test of the line, ours, went over it last that came through.
    pub tested: Option<u64>,
    /// Its smoothed round trip, milliseconds.
    pub round_trip: Option<u64>,
    /// Share of what we sent on it that was lost, in thousandths; measured on the way in use alone.
    pub loss_permille: Option<u64>,
    /// How it is, by our monotonic clock.
    pub state: WayState,
}

/// All ways to one boot of the peer, and how much of what went out on the one in use was lost.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    ways: Vec<Way>,
    challenges: VecDeque<Challenge>,
    /// The way in use, and the latest challenge that came back on it and was no question about it.
    used: Option<(Route, u64)>,
    /// The frames that the boot should have seen.
    counted: Counted,
    /// Loss while no way is proven yet.
    loss: LossMeter,
}

impl Ways {
    /// Somebody said that the peer might be reached there, and when it answered there last in an earlier boot of ours, by our wall clock.
    pub fn hint(&mut self, route: Route, answered: Option<u64>) {
        let way = self.way(route);
        way.hinted = true;
        way.answered_before = way.answered_before.max(answered);
    }

    /// The peer announced that it is reached on these ways: on no other way is it any more that somebody named, unless it answers there.
    /// What is proven stays (OL-448).
    pub fn announced(&mut self, routes: &[Route]) {
        for way in self.ways.iter_mut().filter(|way| way.hinted) {
            (way.hinted, way.is_announced) = (false, false);
        }
        for &route in routes.iter().take(WAYS) {
            let way = self.way(route);
            (way.hinted, way.is_announced) = (true, true);
        }
        let best = self.best();
        let stays = |way: &Way| way.is_trusted() || way.credit > 0 || Some(way.route) == best;
        self.ways.retain(stays);
    }

    /// Whether the peer is known to be there: somebody said so, or it answered from there.
    pub fn is_known(&self, route: Route) -> bool {
        self.find(route).is_some_and(Way::is_trusted)
    }

    /// An authentic frame came on this way.
    pub fn heard(&mut self, route: Route, now: u64) {
        let way = self.way(route);
        (way.heard, way.credit) = (Some(now), UNPROVEN_FRAMES);
    }

    /// A frame went out. On the way in use, or the only one there is, it should arrive.
    pub fn sent(&mut self, route: Route, frame: Frame) {
        let should_arrive = match self.best() {
            Some(best) => best == route,
            None => self.ways.len() == 1,
        };
        if should_arrive {
            self.counted.insert(frame);
        }
    }

    /// A challenge went out. What goes out on a way in one millisecond bears one and the same: kept for each frame, they would push out
    /// those that are still under way, and no way would ever be proven while much is said.
    pub fn challenged(&mut self, challenge: Challenge) {
        let is_it = |it: &Challenge| (it.number, it.route) == (challenge.number, challenge.route);
        if !self.challenges.iter().any(is_it) {
            keep(&mut self.challenges, challenge, CHALLENGES);
        }
    }

    /// A challenge came back. The way that it came back on is proven if it went out there, and is the one in use from now on if it
    /// is newer than what came back on that one and was no question about the way.
    pub fn echoed(&mut self, echoed: Echoed, cadences: &Cadences) {
        let Echoed {
            number,
            sent,
            route,
            round_trip,
        } = echoed;
        let is_it = |it: &&Challenge| it.number == number && it.route == route;
        let common = self.challenges.iter().find(is_it).copied();
        let way = self.find(route);
        let mut asides = way.iter().flat_map(|way| &way.asides).map(|it| &it.0);
        let mut copies = way.iter().flat_map(|way| &way.copies);
        let aside = asides.find(is_it).or_else(|| copies.find(is_it)).copied();
        if let Some(challenge) = common.or(aside) {
            challenge
                .frame
                .iter()
                .for_each(|it| self.counted.insert(*it));
            let way = self.way(route);
            way.answered = way.answered.max(Some(sent));
            way.asking.answered(sent, round_trip, cadences);
            way.visits.echoed(number, sent);
            let is_newer = |(_, latest): (Route, u64)| sent > latest;
            if common.is_some() && self.used.is_none_or(is_newer) {
                self.take_to(route, sent);
            }
        }
    }

    fn take_to(&mut self, route: Route, as_of: u64) {
        let before = self.best();
        self.used = Some((route, as_of));
        if before == Some(route) {
            return;
        }
        let loss = self.loss;
        let way = self.way(route);
        match before {
            // What was sent elsewhere meanwhile is not this way's loss.
            Some(_) => way.loss.restart(),
            None => way.loss = loss,
        }
    }

    /// The peer reports what arrived.
    pub fn reported(&mut self, report: Report) {
        let best = self.best();
        let used = self.ways.iter_mut().find(|way| Some(way.route) == best);
        let loss = used.map_or(&mut self.loss, |way| &mut way.loss);
        loss.reported(report, &self.counted);
    }

    /// Nobody answers on any way: what is sent now says nothing of how much is lost on a way that works.
    pub fn nobody_answers(&mut self) {
        self.loss.restart();
        self.ways.iter_mut().for_each(|way| way.loss.restart());
    }

    /// Loss on the way in use.
    pub fn loss(&self) -> LossMeter {
        let used = self.best().and_then(|best| self.find(best));
        used.map_or(self.loss, |way| way.loss)
    }

    /// The way in use.
    pub fn best(&self) -> Option<Route> {
        self.used.map(|(route, _)| route)
    }

    /// The ways that somebody named, or that were proven.
    pub fn known(&self, now: u64, cadences: &Cadences) -> Vec<Known> {
        let trusted = self.ways.iter().filter(|way| way.is_trusted());
        let shown = trusted.map(|way| Known {
            route: way.route,
            answered: way.answered,
            answered_before: way.answered_before,
            heard: way.heard,
            tested: way.visits.passed(),
            round_trip: way.asking.round_trip(),
            loss_permille: way.loss.permille(),
            state: self.state(way, now, cadences),
        });
        shown.collect()
    }

    fn state(&self, way: &Way, now: u64, cadences: &Cadences) -> WayState {
        match self.cut_since(way, now, cadences) {
            Some(since) if way.hinted => WayState::Cut { since },
            None if way.answered.is_some() && !way.asking.is_in_doubt() => WayState::Answers,
            _ => WayState::Unknown,
        }
    }

    /// Since when a way that answered before does not, while another does.
    fn cut_since(&self, way: &Way, now: u64, cadences: &Cadences) -> Option<u64> {
        let silent = way.asking.silent_since(now, cadences);
        let worked = way.answered.is_some() || way.answered_before.is_some();
        let since = silent.filter(|_| worked)?;
        let mut answered = self.ways.iter().map(|other| other.answered);
        answered.any(|at| at >= Some(since)).then_some(since)
    }

    /// When one of them may turn out to be cut without anything coming in.
    pub fn changes_at(&self, now: u64, cadences: &Cadences) -> Option<u64> {
        let turns = self
            .ways
            .iter()
            .filter_map(|it| it.asking.turns_at(cadences));
        turns.filter(|&at| at > now).min()
    }

    /// Every way beside the one in use on which the peer has answered and of which nothing says that it does not any more; none while
    /// none is in use. One that was only named may lead to a third party: nothing but questions goes there.
    pub fn beside(&self) -> Vec<Route> {
        let Some(best) = self.best() else {
            return Vec::new();
        };
        let works = |way: &&Way| way.answered.is_some() && !way.asking.is_in_doubt();
        let others = self.ways.iter().filter(works);
        let others = others.map(|way| way.route);
        others.filter(|route| *route != best).collect()
    }

    /// A copy of what went on the way in use went on this one. The peer counts what comes over one bearer without asking which way
    /// it came, so it should arrive, too.
    pub fn copied(&mut self, copy: Challenge) {
        let frame = copy.frame.into_iter();
        frame.for_each(|it| self.copied_more(copy.route, it));
        keep(&mut self.way(copy.route).copies, copy, ASIDES);
    }

    /// As [`Self::copied`], of a frame that asks for nothing.
    pub fn copied_more(&mut self, route: Route, frame: Frame) {
        if self.best().is_some_and(|best| best.bearer == route.bearer) {
            self.counted.insert(frame);
        }
    }

    /// The number of a way among all: no two have one at the same time.
    pub fn number(&self, route: Route) -> usize {
        let mut ways = self.ways.iter();
        ways.position(|way| way.route == route).unwrap_or(WAYS - 1)
    }

    /// Which challenge of a moment a frame for the boot bears on a way: no two ways have one at the same time, and the way in use has the first.
    pub fn lane(&self, route: Route) -> Lane {
        let best = self.best();
        let others = self.ways.iter().filter(|way| Some(way.route) != best);
        let rank = others.take_while(|way| way.route != route).count();
        Lane::Common(match best {
            Some(best) if best == route => 0,
            Some(_) => 1 + rank,
            None => rank,
        })
    }

    /// Every way on which frames are tried now while none is in use, or while nobody answers. One that the peer alone named gets no more
    /// there than questions are (OL-449).
    pub fn tried(&mut self, now: u64, cadences: &Cadences) -> Vec<Route> {
        let mut tried = self.all();
        let strange = |way: &&mut Way| way.is_only_announced() && way.credit == 0;
        for way in self.ways.iter_mut().filter(strange) {
            match way.asking.due() <= now {
                true => way.asking.asked(now, cadences),
                false => tried.retain(|route| *route != way.route),
            }
        }
        tried
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
        let may = way.hinted && !way.is_only_announced() || way.credit > 0;
        best.into_iter().chain(may.then_some(route)).collect()
    }

    /// How many of so many frames may go out on a way now; spends the credit of one that is not proven, or that the peer alone named.
    pub fn allow(&mut self, route: Route, frames: usize) -> usize {
        let way = self.way(route);
        if way.is_only_announced() && way.credit == 0 {
            return frames.min(1);
        }
        if way.is_trusted() && !way.is_only_announced() {
            return frames;
        }
        let allowed = frames.min(way.credit as usize);
        way.credit -= allowed as u32;
        allowed
    }

    /// A challenge of theirs came on this way; `asks` if it wants an answer. Only what is known and not in use is answered aside.
    pub fn took(&mut self, route: Route, challenge: u64, now: u64, asks: bool) {
        let is_aside = self.is_aside(route);
        let way = self.way(route);
        if way.theirs.is_none_or(|(latest, _)| challenge > latest) {
            way.theirs = Some((challenge, now));
        }
        way.is_owed |= asks && is_aside;
    }

    /// Whether a way is known, and another one is in use.
    pub fn is_aside(&self, route: Route) -> bool {
        self.best().is_some_and(|best| best != route) && self.is_known(route)
    }

    /// Whether a challenge of ours was a question about this way that has had no answer.
    pub fn is_asked(&self, number: u64, sent: u64, route: Route) -> bool {
        let is_open = |way: &&Way| way.answered < Some(sent);
        let way = self.find(route).filter(is_open);
        way.is_some_and(|way| way.asides.iter().any(|it| it.0.number == number && it.1))
    }

    /// What is to be said about the ways now. There are questions only where another way could take over.
    pub fn asides(&mut self, now: u64, cadences: &Cadences) -> Vec<Aside> {
        self.leave_what_is_cut(now, cadences);
        let asks_at_all = self.asks_at_all();
        let mut asides = Vec::new();
        for way in self.ways.iter_mut().filter(|way| way.is_trusted()) {
            let asks = asks_at_all && way.asking.due() <= now;
            if asks {
                way.asking.asked(now, cadences);
            }
            if core::mem::take(&mut way.is_owed) || asks {
                let (route, theirs) = (way.route, way.theirs);
                asides.push(Aside {
                    route,
                    theirs,
                    asks,
                });
            }
        }
        asides
    }

    /// What was said about a way went out.
    pub fn said_aside(&mut self, challenge: Challenge, asks: bool) {
        let asides = &mut self.way(challenge.route).asides;
        keep(asides, (challenge, asks), ASIDES);
    }

    /// When a way is asked next.
    pub fn asks_at(&self) -> Option<u64> {
        let trusted = self.ways.iter().filter(|way| way.is_trusted());
        let due = trusted.map(|way| way.asking.due());
        due.min().filter(|_| self.asks_at_all())
    }

    fn asks_at_all(&self) -> bool {
        let trusted = self.ways.iter().filter(|way| way.is_trusted());
        self.used.is_some() && trusted.count() > 1
    }

    /// The peer is heard again after nobody answered on any way.
    pub fn begin_anew(&mut self, now: u64) {
        let ways = self.ways.iter_mut();
        ways.for_each(|way| way.asking.begin_anew(now));
    }

    /// What is known of the ways that somebody named holds for another boot of that node.
    pub fn learn(&mut self, other: &Self) {
        for way in self.ways.iter_mut().filter(|way| way.hinted) {
            if let Some(known) = other.find(way.route) {
                (way.answered, way.asking) = (known.answered, known.asking);
            }
        }
    }

    /// Another way takes over from one in use that is cut, say in one direction. One that nobody named and that is not in use is
    /// forgotten then: the peer has moved.
    fn leave_what_is_cut(&mut self, now: u64, cadences: &Cadences) {
        let cut = |way: &&Way| self.cut_since(way, now, cadences).is_some();
        let cut: Vec<Route> = self.ways.iter().filter(cut).map(|way| way.route).collect();
        if self.best().is_some_and(|best| cut.contains(&best)) {
            let latest = self.ways.iter().max_by_key(|way| way.answered);
            let latest = latest.and_then(|way| Some((way.route, way.answered?)));
            latest.into_iter().for_each(|(it, at)| self.take_to(it, at));
        }
        let best = self.best();
        self.ways
            .retain(|way| way.hinted || Some(way.route) == best || !cut.contains(&way.route));
    }

    fn find(&self, route: Route) -> Option<&Way> {
        self.ways.iter().find(|way| way.route == route)
    }

    fn way(&mut self, route: Route) -> &mut Way {
        if let Some(at) = self.ways.iter().position(|way| way.route == route) {
            return &mut self.ways[at];
        }
        if self.ways.len() == WAYS {
            let best = self.best();
            let worth = |way: &Way| {
                let is_ours = way.hinted && !way.is_announced;
                (Some(way.route) == best, is_ours, way.answered, way.hinted)
            };
            let oldest = (0..WAYS).min_by_key(|&at| worth(&self.ways[at]));
            self.ways.remove(oldest.unwrap_or(0));
        }
        self.ways.push(Way::new(route));
        let last = self.ways.len() - 1;
        &mut self.ways[last]
    }
}

#[cfg(test)]
mod tests;
