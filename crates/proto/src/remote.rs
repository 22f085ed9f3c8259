//! The session with one boot of the peer: what it has confirmed, what it must be told, whether it lives.

use std::collections::{BTreeMap, BTreeSet};

use openline_seal::{KeyId, Opened};
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::Stream;
use openline_wire::header::Chain;
use openline_wire::ids::Author;

use crate::bodies::{Confirm, Echo, Have, HaveChain, Want};
use crate::contract::{Change, Moment, Route};
use crate::files::upload::{Begun, Upload};
use crate::fragments::Reassembly;
use crate::log::Log;
use crate::loss::{self, Report};
use crate::outbox::Outbox;
use crate::packed::Known;
use crate::ranges::RangeSet;
use crate::rtt::RoundTrip;
use crate::ways::{Aside, Ways};

use openline_wire::limits;

/// Without an answer for so long while something is under way, the bearer counts as dead and is only
/// knocked at. Longer than any timeout on a line that works.
const DEAD_AFTER_MS: u64 = 1_000;

/// A dead bearer is knocked at this often, so that its return is noticed within 0.3 s; one whose round trip is longer,
/// once in that time: on a radio the knocks themselves would fill the air.
const KNOCK_MS: u64 = 250;

/// A bearer on which nobody was heard yet: it may be a radio.
const FIRST_KNOCK_MS: u64 = 500;

/// Bytes of the chains in one *have*: what a frame has left beside its other fields, at their longest.
const HAVE_ROOM: usize = limits::FRAME_PLAINTEXT - 280;

/// What is known of the boot's life.
#[derive(Clone, Copy, Debug, Default)]
pub struct Life {
    /// When the first and the last authentic frame came.
    pub heard: Option<(u64, u64)>,
    /// Our monotonic clock in the latest challenge that it gave back (rule 3).
    pub alive_as_of: Option<u64>,
    /// Its latest challenge, and when we heard it.
    pub challenge: Option<(u64, u64)>,
    /// Its wall clock less ours.
    pub offset: Option<i64>,
}

/// The session with one boot, or with nobody yet.
#[derive(Debug, Default)]
pub struct Remote {
    /// Who; none before anybody was heard.
    pub boot: Option<Author>,
    /// What is known of its life.
    pub life: Life,
    /// What this very boot confirmed (rule 6).
    pub confirmed: BTreeMap<Chain, RangeSet>,
    /// What it still has to get.
    pub outbox: Outbox,
    /// The ways to it.
    pub ways: Ways,
    /// Round trip.
    pub round_trip: RoundTrip,
    /// Pieces of its large bodies.
    pub reassembly: Reassembly,
    /// The file that it pulls.
    pub upload: Option<Upload>,
    /// When it last began to pull one.
    pub begun: Begun,
    /// Our clock in the challenge that its latest *have* gave back, and the rings that this one calls open.
    pub rings: Option<(u64, Vec<u64>)>,
    /// Its frame keys that we hold and have not told it so.
    pub confirms: Vec<KeyId>,
    /// What arrived under the latest frame key on which it speaks, and how recent that key is.
    pub arrived: Option<(u64, Report)>,
    /// Chains whose growth here it may not know: the clock of the first *have* that told it, or none.
    pub untold: BTreeMap<Chain, Option<u64>>,
    /// It must be told all chains: the clock of the first *have* that did, or none.
    pub untold_whole: Option<Option<u64>>,
    /// When a *have* is due.
    pub have_due: Option<u64>,
    /// The next *have* is the first to confirm something urgent: it goes on every way.
    pub has_urgent_news: bool,
    /// More copies of that *have*, because it confirms something urgent over a bad link.
    pub have_copies: u32,
    /// Places that it sent in a form that we could not use.
    pub wants: Vec<Want>,
    /// Places that it wants with whole headers.
    pub wants_whole: BTreeSet<(Chain, u64)>,
    /// Where it spoke last.
    pub last_way: Option<Route>,
    /// When it is knocked at next.
    pub next_knock: u64,
    /// Knocks since it was heard.
    knocks: u32,
    /// The latest of its challenges that a *have* gave back.
    gave_back: Option<u64>,
    /// The last report that it was sent.
    reported: Option<Report>,
    /// When we let ourselves be heard next, if nothing else is to be said.
    pub next_echo: u64,
    /// Whether the bearer counted as dead at the last look.
    pub was_dead: bool,
    /// Nobody answered on any way for as long as makes a line silent. A shorter pause begins no question anew: else hiccups of the way
    /// in use would keep a cut one from ever being named.
    pub was_silent: bool,
    /// Frames were left unsent because no way to it was proven yet.
    pub is_held_back: bool,
    /// What it holds of ours, to be written down as soon as it has written anything itself: a boot costs its sender an entry
    /// that is counted (OL-445), or it costs our disk nothing.
    pub unnoted: BTreeMap<Chain, Change>,
    /// When something was under way without an answer for the first time.
    pub waiting_since: Option<u64>,
}

impl Remote {
    /// A boot that was just heard, or nobody yet; it must be told everything.
    pub fn new(boot: Option<Author>, ways: Ways) -> Self {
        Self {
            boot,
            ways,
            untold_whole: Some(None),
            ..Self::default()
        }
    }

    /// It has these places, and needs no whole header of them: what it asked for and got otherwise must not take the room of what it
    /// asks for next.
    pub fn wants_no_more(&mut self, chain: &Chain, places: &[(u64, u64)]) {
        let has = |place: &u64| places.iter().any(|(from, to)| (from..to).contains(&place));
        self.wants_whole
            .retain(|(of, place)| of != chain || !has(place));
    }

    /// An authentic frame of this boot came, on a way on which we may answer or not.
    pub fn heard(&mut self, now: u64, route: Option<Route>) {
        let first = self.life.heard.map_or(now, |(first, _)| first);
        self.life.heard = Some((first, now));
        self.waiting_since = None;
        self.knocks = 0;
        if let Some(route) = route {
            self.ways.heard(route, now);
        }
        if core::mem::take(&mut self.was_silent) {
            self.ways.begin_anew(now);
        }
        if core::mem::take(&mut self.was_dead) {
            self.outbox.all_due(now);
        }
    }

    /// Whether knocking is all that makes sense now.
    pub fn is_dead(&mut self, now: u64, echo_ms: u64) -> bool {
        let Some((_, last)) = self.life.heard else {
            return true;
        };
        if self.outbox.is_waiting() {
            self.waiting_since.get_or_insert(now);
        } else {
            self.waiting_since = None;
        }
        self.was_dead = self.dies_at(last, echo_ms) <= now;
        self.was_dead
    }

    /// When it will seem dead if nothing comes any more.
    fn dies_at(&self, last_heard: u64, echo_ms: u64) -> u64 {
        let patience = DEAD_AFTER_MS.max(3 * self.round_trip.timeout_ms());
        let overdue = last_heard + echo_ms + echo_ms / 2 + patience + 1;
        let unanswered = self.waiting_since.map(|since| since + patience);
        unanswered.map_or(overdue, |at| at.min(overdue))
    }

    /// When to look whether it seems dead; none if nobody was ever heard.
    pub fn doubted_at(&self, echo_ms: u64) -> Option<u64> {
        let (_, last) = self.life.heard?;
        Some(self.dies_at(last, echo_ms))
    }

    /// Whether it is heard and has not shown for too long that it hears us: it may not hold our key, whatever a boot before it
    /// confirmed. Where both are at rest, what it gives back is up to two echo periods old.
    pub fn is_deaf(&self, now: u64, echo_ms: u64) -> bool {
        let first = self.life.heard.map(|(first, _)| first);
        let since = self.life.alive_as_of.max(first);
        let patience = DEAD_AFTER_MS.max(3 * self.round_trip.timeout_ms());
        since.is_some_and(|since| now > since + 2 * echo_ms + echo_ms / 2 + patience)
    }

    /// The boot answered, so that its round trip is known, and not so long ago that it is only knocked at.
    pub fn is_heard(&self) -> bool {
        self.round_trip.smoothed_ms().is_some() && !self.was_dead
    }

    /// It is knocked at now. Tells whether entries go along: on a bearer whose round trip is known always, on another
    /// ever more rarely, because they are several times as long as the knock.
    pub fn knock(&mut self, now: u64) -> bool {
        let round_trip = self.round_trip.smoothed_ms();
        let pause = round_trip.map_or(FIRST_KNOCK_MS, |ms| ms.max(KNOCK_MS));
        self.next_knock = now + pause;
        self.knocks = self.knocks.saturating_add(1);
        round_trip.is_some() || self.knocks.is_power_of_two()
    }

    /// Counts an arrived frame of this boot's (OL-437).
    pub fn count_arrival(&mut self, opened: &Opened, route: Route) {
        let introduces = opened.introduced.is_some();
        let key = loss::key_name(opened.key, introduces);
        let age = opened.generation << 24 | opened.epoch << 1 | u64::from(!introduces);
        let reached = opened.counter + 1;
        let speaks_there = self.last_way.is_none_or(|last| last == route);
        match &mut self.arrived {
            Some((_, report)) if report.key == key => {
                report.reached = report.reached.max(reached);
                report.received += 1;
            }
            // An older key's frame that was overtaken says nothing of the present, and one on another bearer nothing of the way on
            // which it speaks.
            Some((latest, _)) if *latest > age || *latest == age && !speaks_there => {}
            _ => {
                let received = 1;
                let report = Report {
                    key,
                    reached,
                    received,
                };
                self.arrived = Some((age, report));
            }
        }
    }

    /// A chain has grown here, so the boot must be told; at once if `soon`.
    pub fn must_tell(&mut self, chain: Chain, now: u64) {
        self.untold.insert(chain, None);
        self.have_due = Some(self.have_due.map_or(now, |due| due.min(now)));
        let urgent = chain.stream == Stream::Urgent;
        self.have_copies = self.have_copies.max(if urgent {
            self.ways.loss().copies(&self.round_trip) - 1
        } else {
            0
        });
    }

    /// It gave our challenge back: what we told it with that one or before has arrived.
    pub fn told_until(&mut self, clock: u64) {
        let arrived = |told: &Option<u64>| told.is_some_and(|told| told <= clock);
        self.untold.retain(|_, told| !arrived(told));
        self.untold_whole = self.untold_whole.filter(|told| !arrived(told));
    }

    /// Writes the *have* that is due, but for our rings.
    pub fn have(&mut self, log: &Log, challenge: u64, now: Moment, answer: bool) -> Have {
        let clock = now.monotonic;
        let (whole, listed) = self.chains_to_tell(log);
        let listed = self.telling(listed, clock);
        self.gave_back = self.life.challenge.map(|(challenge, _)| challenge);
        self.reported = self.arrived.map(|(_, report)| report);
        if whole {
            // What is not listed follows from what is.
            let untold = self.untold.values_mut();
            untold.for_each(|told| _ = told.get_or_insert(clock));
        }
        if let Some(told) = &mut self.untold_whole {
            told.get_or_insert(clock);
        }
        Have {
            whole,
            answer,
            chains: listed,
            ..self.bare_have(log, challenge, now, self.life.challenge)
        }
    }

    /// Writes a *confirm*, if the *have* that is due would tell nothing else: what the peer knows already of us and of what came
    /// from it is not said again.
    pub fn confirm(&mut self, log: &Log, now: Moment) -> Option<Confirm> {
        let latest = self.life.challenge.map(|(challenge, _)| challenge);
        let is_more = self.untold_whole.is_some() || !self.confirms.is_empty();
        if is_more || latest > self.gave_back {
            return None;
        }
        let (_, mut listed) = self.chains_to_tell(log);
        let last = |(chain, held): &(Chain, HaveChain)| log.entry(chain, held.size.checked_sub(1)?);
        // What it sent in this life it keeps the times of.
        let dates = |it: &(Chain, HaveChain)| Some(it.0.author) == self.boot && last(it).is_some();
        let dated = listed.iter().position(dates)?;
        listed.swap(0, dated);
        let time = last(&listed[0])?.header().time;
        let wall = now.wall.min(limits::LATEST_TIME_MS);
        let arrived = self.arrived.map(|(_, report)| report);
        let lost = |report: Option<Report>| {
            report.map(|it| (it.key, it.reached.saturating_sub(it.received)))
        };
        let report = arrived.filter(|_| lost(arrived) != lost(self.reported));
        self.reported = report.or(self.reported);
        Some(Confirm {
            later: wall.wrapping_sub(time) as i64,
            report,
            chains: self.telling(listed, now.monotonic),
        })
    }

    /// These chains are told now.
    fn telling(&mut self, listed: Vec<(Chain, HaveChain)>, clock: u64) -> Vec<HaveChain> {
        let (told, listed): (Vec<Chain>, Vec<HaveChain>) = listed.into_iter().unzip();
        told.into_iter().for_each(|chain| {
            self.untold.entry(chain).or_default().get_or_insert(clock);
        });
        listed
    }

    /// Writes a *have* that stands before a copy of something.
    pub fn copied_have(&self, log: &Log, challenge: u64, now: Moment) -> Have {
        self.bare_have(log, challenge, now, self.life.challenge)
    }

    /// Writes a *have* about a way alone: it gives back the latest challenge that came on that way.
    pub fn aside(&self, log: &Log, challenge: u64, now: Moment, aside: &Aside) -> Have {
        Have {
            answer: aside.asks,
            ..self.bare_have(log, challenge, now, aside.theirs)
        }
    }

    /// A *have* that tells of no chain and gives one of their challenges back.
    fn bare_have(
        &self,
        log: &Log,
        challenge: u64,
        now: Moment,
        theirs: Option<(u64, u64)>,
    ) -> Have {
        let echo = self.boot.zip(theirs).map(|(boot, (echoed, heard))| Echo {
            boot: log.prefix(&boot.boot),
            challenge: echoed,
            lay: now.monotonic.saturating_sub(heard),
        });
        Have {
            challenge,
            wall: now.wall.min(limits::LATEST_TIME_MS),
            whole: false,
            answer: false,
            echo,
            confirms: self
                .confirms
                .iter()
                .take(limits::CONFIRMS)
                .map(|key| key.number())
                .collect(),
            report: self.arrived.map(|(_, report)| report),
            chains: Vec::new(),
            rings: Vec::new(),
        }
    }

    /// Whether a *have* alone does not hold all that it must be told: another follows at once.
    pub fn is_left_untold(&self) -> bool {
        self.untold.values().any(Option::is_none)
    }

    /// Which chains to list: all that do not follow from a start, until the boot is known to have heard them
    /// all once; from then on those that moved.
    fn chains_to_tell(&mut self, log: &Log) -> (bool, Vec<(Chain, HaveChain)>) {
        if self.untold_whole.is_some() {
            let all = whole_list(log);
            let listed = that_fit(log, &all);
            if listed.len() == all.len() {
                return (true, listed);
            }
            // More than a frame takes: frame after frame, with what follows from starts, which only a whole
            // list may leave out.
            self.untold_whole = None;
            log.chains().for_each(|(chain, _)| {
                self.untold.entry(*chain).or_insert(None);
            });
        }
        let (untold, again): (Vec<_>, Vec<_>) =
            self.untold.iter().partition(|(_, told)| told.is_none());
        let chains: Vec<Chain> = untold.into_iter().chain(again).map(|(c, _)| *c).collect();
        (false, that_fit(log, &chains))
    }
}

/// The chains of a whole list.
fn whole_list(log: &Log) -> Vec<Chain> {
    let held = log.chains().map(|(chain, _)| *chain);
    let held = held.filter(|chain| !log.follows_from_a_start(chain));
    // A start implies what it names; so what it names and is not here at all must be said too.
    held.chain(log.named_and_lacking()).collect()
}

/// The *haves* of a bundle (OL-191): all that is held here, and nothing that only a live boot can say.
pub fn carried_haves(log: &Log, now: Moment) -> Vec<Have> {
    let have = |whole, chains| Have {
        challenge: 0,
        wall: now.wall.min(limits::LATEST_TIME_MS),
        whole,
        answer: false,
        echo: None,
        confirms: Vec::new(),
        report: None,
        chains,
        rings: Vec::new(),
    };
    let listed = |chains: &[Chain]| -> Vec<HaveChain> {
        let fit = that_fit(log, chains).into_iter();
        fit.map(|(_, listed)| listed).collect()
    };
    let all = whole_list(log);
    let whole = listed(&all);
    if whole.len() == all.len() {
        return vec![have(true, whole)];
    }
    // Only a whole list may leave out what follows from starts.
    let all: Vec<Chain> = log.chains().map(|(chain, _)| *chain).collect();
    let (mut haves, mut rest) = (Vec::new(), &all[..]);
    while !rest.is_empty() {
        let some = listed(rest);
        rest = &rest[some.len().max(1)..];
        haves.push(have(false, some));
    }
    haves
}

/// The first of the chains, as many as one *have* may list.
fn that_fit(log: &Log, chains: &[Chain]) -> Vec<(Chain, HaveChain)> {
    let mut room = HAVE_ROOM;
    let listed = chains.iter().map(|chain| (*chain, have_chain(log, chain)));
    let fits = |(_, listed): &(Chain, HaveChain)| {
        let left = room.checked_sub(listed.to_bytes().len());
        room = left.unwrap_or(0);
        left.is_some()
    };
    listed.take(limits::HAVE_CHAINS).take_while(fits).collect()
}

fn have_chain(log: &Log, chain: &Chain) -> HaveChain {
    let nothing = RangeSet::default();
    let held = log.chain(chain).map_or(&nothing, |log| log.held());
    let size = held.contiguous();
    let mut from = size;
    let ahead = held
        .ahead()
        .iter()
        .take(limits::HAVE_RANGES)
        .map(|&(start, end)| {
            let gap = (start - from, end - start);
            from = end;
            gap
        });
    let ahead = ahead.collect();
    let boot = log.prefix(&chain.author.boot);
    HaveChain {
        boot,
        stream: chain.stream,
        size,
        ahead,
    }
}

#[cfg(test)]
mod tests {
    use openline_wire::codes::Stream;
    use openline_wire::ids::{BootId, NodeId, PartyId};

    use super::*;

    /// OL-411: a boot that has just begun gets back what its node wrote, and asks for whole headers of what it holds; seed 1553 of the world
    /// found that its next entry then never came.
    #[test]
    fn what_a_boot_has_is_wanted_whole_no_more() {
        let author = |boot| Author {
            party: PartyId([1; 32]),
            node: NodeId([2; 32]),
            boot: BootId([boot; 16]),
        };
        let chain = |boot, stream| Chain {
            author: author(boot),
            stream,
        };
        let (own, other) = (chain(1, Stream::Urgent), chain(2, Stream::Urgent));
        let mut remote = Remote::new(Some(author(1)), Ways::default());
        for place in 0..70 {
            remote.wants_whole.insert((own, place));
            remote.wants_whole.insert((other, place));
        }
        remote.wants_no_more(&own, &[(0, 60), (65, 70)]);
        let left = remote.wants_whole.iter().filter(|(of, _)| *of == own);
        let left: Vec<u64> = left.map(|(_, place)| *place).collect();
        assert_eq!(left, [60, 61, 62, 63, 64]);
        let others = remote.wants_whole.iter().filter(|(of, _)| *of == other);
        assert_eq!(others.count(), 70);
    }
}
