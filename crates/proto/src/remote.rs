//! The session with one boot of the peer: what it has confirmed, what it must be told, whether it lives.

use std::collections::{BTreeMap, BTreeSet};

use openline_seal::KeyId;
use openline_wire::codes::Stream;
use openline_wire::header::Chain;
use openline_wire::ids::Author;

use crate::bodies::{Echo, Have, HaveChain, Want};
use crate::contract::{Moment, Route};
use crate::fragments::Reassembly;
use crate::log::Log;
use crate::loss::{LossMeter, Report};
use crate::outbox::Outbox;
use crate::packed::Known;
use crate::ranges::RangeSet;
use crate::rtt::RoundTrip;
use crate::ways::Ways;

use openline_wire::limits;

/// Without an answer for so long while something is under way, the bearer counts as dead and is only
/// knocked at. Longer than any timeout on a line that works.
const DEAD_AFTER_MS: u64 = 1_000;

/// A dead bearer is knocked at this often, so that its return is noticed within 0.3 s.
pub const KNOCK_MS: u64 = 250;

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
    /// Loss of what we send to it.
    pub loss: LossMeter,
    /// Pieces of its large bodies.
    pub reassembly: Reassembly,
    /// Its frame keys that we hold and have not told it so.
    pub confirms: Vec<KeyId>,
    /// What arrived under its latest frame key.
    pub arrived: Option<Report>,
    /// Chains whose growth here it may not know: the clock of the first *have* that told it, or none.
    pub untold: BTreeMap<Chain, Option<u64>>,
    /// It must be told all chains: the clock of the first *have* that did, or none.
    pub untold_whole: Option<Option<u64>>,
    /// When a *have* is due.
    pub have_due: Option<u64>,
    /// More copies of that *have*, because it confirms something urgent over a bad link.
    pub have_copies: u32,
    /// Places that it sent in a form that we could not use.
    pub wants: Vec<Want>,
    /// Places that it wants with whole headers.
    pub wants_whole: BTreeSet<(Chain, u64)>,
    /// Where the last frame came from.
    pub last_way: Option<Route>,
    /// When it is knocked at next.
    pub next_knock: u64,
    /// When we let ourselves be heard next, if nothing else is to be said.
    pub next_echo: u64,
    /// Whether the bearer counted as dead at the last look.
    pub was_dead: bool,
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

    /// An authentic frame of this boot came.
    pub fn heard(&mut self, now: u64, route: Route) {
        let first = self.life.heard.map_or(now, |(first, _)| first);
        self.life.heard = Some((first, now));
        self.waiting_since = None;
        self.last_way = Some(route);
        self.ways.heard(route);
        if self.was_dead {
            self.was_dead = false;
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
        let patience = DEAD_AFTER_MS.max(3 * self.round_trip.timeout_ms());
        let unanswered = self
            .waiting_since
            .is_some_and(|since| now >= since + patience);
        let overdue = now > last + echo_ms + echo_ms / 2 + patience;
        self.was_dead = unanswered || overdue;
        self.was_dead
    }

    /// Counts an arrived frame under a key of this boot's.
    pub fn count_arrival(&mut self, key: u64, counter: u64) {
        match &mut self.arrived {
            Some(report) if report.key == key => {
                report.reached = report.reached.max(counter + 1);
                report.received += 1;
            }
            // An older key's frame that was overtaken says nothing of the present.
            Some(report) if report.key > key => {}
            _ => {
                self.arrived = Some(Report {
                    key,
                    reached: counter + 1,
                    received: 1,
                })
            }
        }
    }

    /// A chain has grown here, so the boot must be told; at once if `soon`.
    pub fn must_tell(&mut self, chain: Chain, now: u64) {
        self.untold.insert(chain, None);
        self.have_due = Some(self.have_due.map_or(now, |due| due.min(now)));
        let urgent = chain.stream == Stream::Urgent;
        self.have_copies = self
            .have_copies
            .max(if urgent { self.loss.copies() - 1 } else { 0 });
    }

    /// It gave our challenge back: what we told it with that one or before has arrived.
    pub fn told_until(&mut self, clock: u64) {
        let arrived = |told: &Option<u64>| told.is_some_and(|told| told <= clock);
        self.untold.retain(|_, told| !arrived(told));
        self.untold_whole = self.untold_whole.filter(|told| !arrived(told));
    }

    /// Writes the *have* that is due.
    pub fn have(&mut self, log: &Log, now: Moment, answer: bool) -> Have {
        let clock = now.monotonic;
        let (whole, chains) = self.chains_to_tell(log);
        let listed: Vec<HaveChain> = chains
            .iter()
            .map(|chain| have_chain(log, chain))
            .take(limits::HAVE_CHAINS)
            .collect();
        chains.into_iter().for_each(|chain| {
            self.untold.entry(chain).or_default().get_or_insert(clock);
        });
        if let Some(told) = &mut self.untold_whole {
            told.get_or_insert(clock);
        }
        let echo = self
            .boot
            .zip(self.life.challenge)
            .map(|(boot, (echoed, heard))| Echo {
                boot: log.prefix(&boot.boot),
                clock: echoed,
                lay: clock.saturating_sub(heard),
            });
        Have {
            clock,
            wall: now.wall.min(limits::LATEST_TIME_MS),
            whole,
            answer,
            echo,
            confirms: self
                .confirms
                .iter()
                .take(limits::CONFIRMS)
                .map(|key| key.number())
                .collect(),
            report: self.arrived,
            chains: listed,
        }
    }

    /// Which chains to list: all that do not follow from a start, until the boot is known to have heard them
    /// all once; from then on those that moved.
    fn chains_to_tell(&self, log: &Log) -> (bool, Vec<Chain>) {
        if self.untold_whole.is_some() {
            let held = log.chains().map(|(chain, _)| *chain);
            let held = held.filter(|chain| !log.follows_from_a_start(chain));
            // A start implies what it names; so what it names and is not here at all must be said too.
            return (true, held.chain(log.named_and_lacking()).collect());
        }
        (false, self.untold.keys().copied().collect())
    }
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
