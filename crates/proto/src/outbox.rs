//! What one boot of the peer still has to get, and when each entry is sent next.
//!
//! Urgent entries go first, in copies where the measured loss calls for them, and again after about a round
//! trip without growing back-off. The others keep to a window, so that a slow link is not flooded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use openline_wire::codes::{Mark, Stream};
use openline_wire::entry::Entry;
use openline_wire::header::Chain;
use openline_wire::ids::Author;

use crate::log::Log;
use crate::loss::LossMeter;
use crate::ranges::RangeSet;
use crate::rtt::RoundTrip;

/// Sorts by stream first: urgent before traffic before service.
type Place = (Stream, Author, u64);

/// Entries handed out in one drain; the rest follows in the next, so that input is not kept waiting.
const PER_DRAIN: usize = 256;

/// Entries fetched from the store for sending and kept until they are confirmed.
const FETCHED: usize = 512;

/// Entries asked for from the store at one time.
pub const FETCH: u64 = 64;

/// Entries under way without a confirmation, at first and at most.
const WINDOW: (u32, u32) = (32, 4096);

/// A lower window than this could not be told from a broken line.
const LEAST_WINDOW: u32 = 8;

/// Longest pause between two tries of an entry that is not urgent, while the bearer lives.
const LONGEST_PAUSE_MS: u64 = 4_000;

#[derive(Clone, Copy, Debug)]
struct Flight {
    sent: u64,
    due: u64,
    tries: u32,
    copies_left: u32,
}

/// Figures of the way to the boot.
#[derive(Clone, Copy, Debug)]
pub struct Pace<'a> {
    /// Monotonic milliseconds.
    pub now: u64,
    /// Its round trip.
    pub round_trip: &'a RoundTrip,
    /// Its loss.
    pub loss: &'a LossMeter,
}

/// What is to be sent, and what must be fetched before it can be.
#[derive(Debug, Default)]
pub struct Plan {
    /// In the order of urgency.
    pub send: Vec<Arc<Entry>>,
    /// First missing place of chains that are not at hand.
    pub fetch: Vec<(Chain, u64)>,
}

/// Entries for one boot of the peer.
#[derive(Debug)]
pub struct Outbox {
    flights: BTreeMap<Place, Flight>,
    /// Places below are confirmed or in `flights`.
    begun: BTreeMap<Chain, u64>,
    fetched: BTreeMap<Place, Arc<Entry>>,
    fetching: BTreeSet<Chain>,
    window: u32,
    window_cut: u64,
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            flights: BTreeMap::new(),
            begun: BTreeMap::new(),
            fetched: BTreeMap::new(),
            fetching: BTreeSet::new(),
            window: WINDOW.0,
            window_cut: 0,
        }
    }
}

impl Outbox {
    /// What is due now: tries again first, then what was never sent, urgent streams first in both.
    pub fn plan(&mut self, log: &Log, confirmed: &BTreeMap<Chain, RangeSet>, pace: Pace) -> Plan {
        let mut plan = Plan::default();
        self.plan_again(log, confirmed, pace, &mut plan);
        self.plan_fresh(log, confirmed, pace, &mut plan);
        meant_first(&mut plan.send);
        plan
    }

    /// The most urgent entries that are not confirmed, for a bearer that seems dead: as many as may fit
    /// into one frame, whenever they were sent last.
    pub fn plan_knock(
        &mut self,
        log: &Log,
        confirmed: &BTreeMap<Chain, RangeSet>,
        pace: Pace,
        most: usize,
    ) -> Plan {
        let mut plan = Plan::default();
        let unsent = most.saturating_sub(self.flights.len());
        self.fresh_places(log, confirmed, unsent)
            .into_iter()
            .for_each(|place| {
                self.begin(place, pace, &mut plan, log);
            });
        plan.send.clear();
        let places: Vec<Place> = self.flights.keys().take(most).copied().collect();
        for place in places {
            self.hand_out(place, log, &mut plan);
        }
        plan
    }

    fn plan_again(
        &mut self,
        log: &Log,
        confirmed: &BTreeMap<Chain, RangeSet>,
        pace: Pace,
        plan: &mut Plan,
    ) {
        let is_due = |flight: &Flight| flight.due <= pace.now;
        let due: Vec<Place> = self
            .flights
            .iter()
            .filter(|(_, flight)| is_due(flight))
            .map(|(place, _)| *place)
            .take(PER_DRAIN)
            .collect();
        for place in due {
            // The boot sent it to us itself meanwhile.
            let (stream, author, sequence) = place;
            let chain = confirmed.get(&Chain { author, stream });
            if chain.is_some_and(|held| held.contains(sequence)) {
                self.flights.remove(&place);
                continue;
            }
            if let Some(flight) = self.flights.get_mut(&place) {
                let is_loss = flight.copies_left == 0;
                flight.again(place.0 == Stream::Urgent, pace);
                if is_loss && place.0 != Stream::Urgent {
                    self.narrow(pace);
                }
            }
            self.hand_out(place, log, plan);
        }
    }

    fn plan_fresh(
        &mut self,
        log: &Log,
        confirmed: &BTreeMap<Chain, RangeSet>,
        pace: Pace,
        plan: &mut Plan,
    ) {
        let room = PER_DRAIN.saturating_sub(plan.send.len());
        for place in self.fresh_places(log, confirmed, room) {
            self.begin(place, pace, plan, log);
        }
    }

    /// Puts a place under way. What is not at hand holds its chain up: whatever is below `begun` must be under way.
    fn begin(&mut self, place: Place, pace: Pace, plan: &mut Plan, log: &Log) {
        let (stream, author, sequence) = place;
        let chain = Chain { author, stream };
        let is_held_up = self.fetching.contains(&chain);
        if is_held_up || !self.hand_out(place, log, plan) {
            return;
        }
        self.flights
            .insert(place, Flight::first(stream == Stream::Urgent, pace));
        self.begun.insert(chain, sequence + 1);
    }

    /// Places never sent, urgent first, within the window.
    fn fresh_places(
        &self,
        log: &Log,
        confirmed: &BTreeMap<Chain, RangeSet>,
        most: usize,
    ) -> Vec<Place> {
        let nothing = RangeSet::default();
        let mut window = (self.window as usize).saturating_sub(self.flights.len());
        let mut places = Vec::new();
        for &stream in Stream::ALL {
            for (chain, held) in log.chains().filter(|(chain, _)| chain.stream == stream) {
                let confirmed = confirmed.get(chain).unwrap_or(&nothing);
                let mut from = self.begun.get(chain).copied().unwrap_or(0);
                while let Some(place) = held.held().next_not_in(from, confirmed) {
                    if places.len() == most || (stream != Stream::Urgent && window == 0) {
                        break;
                    }
                    places.push((stream, chain.author, place));
                    window = window.saturating_sub(1);
                    from = place + 1;
                }
            }
        }
        places
    }

    /// Puts an entry into the plan, or what must be fetched for it. Tells whether it was at hand.
    fn hand_out(&mut self, place: Place, log: &Log, plan: &mut Plan) -> bool {
        let (stream, author, sequence) = place;
        let chain = Chain { author, stream };
        let recent = log.chain(&chain).and_then(|log| log.recent(sequence));
        match recent.or_else(|| self.fetched.get(&place)) {
            Some(entry) => {
                plan.send.push(Arc::clone(entry));
                true
            }
            None => {
                // One request for each chain at a time: the answer holds what follows, too.
                if self.fetching.insert(chain) {
                    plan.fetch.push((chain, sequence));
                }
                false
            }
        }
    }

    /// Takes entries that were fetched. When there is no room the older ones go, never the ones just asked for:
    /// whoever asked for them is waiting.
    pub fn fetched(&mut self, chain: &Chain, entries: &[Arc<Entry>]) {
        self.fetching.remove(chain);
        if self.fetched.len() + entries.len() > FETCHED {
            self.fetched.clear();
        }
        for entry in entries {
            let place = (chain.stream, chain.author, entry.header().sequence);
            self.fetched.insert(place, Arc::clone(entry));
        }
    }

    /// The boot has these places now.
    pub fn confirmed(&mut self, chain: &Chain, places: &[(u64, u64)], pace: Pace) {
        for &(from, to) in places {
            let key = |sequence| (chain.stream, chain.author, sequence);
            let done: Vec<Place> = self
                .flights
                .range(key(from)..key(to))
                .map(|(place, _)| *place)
                .collect();
            self.window = (self.window + done.len() as u32).min(WINDOW.1);
            for place in done {
                self.flights.remove(&place);
                self.fetched.remove(&place);
            }
            self.overtaken(key(0)..key(from), pace);
        }
    }

    /// What was sent more than a round trip ago and overtaken by a later entry is lost: send it again now.
    fn overtaken(&mut self, earlier: core::ops::Range<Place>, pace: Pace) {
        // Before a round trip was measured, nobody can tell what was overtaken.
        let Some(round_trip) = pace.round_trip.smoothed_ms() else {
            return;
        };
        let patience = round_trip + pace.round_trip.stagger_ms(1);
        for (_, flight) in self.flights.range_mut(earlier) {
            if pace.now.saturating_sub(flight.sent) > patience {
                flight.due = pace.now;
            }
        }
    }

    /// A place below what was begun is to be sent: it came to us late, or the boot asks for it again.
    pub fn reopen(&mut self, chain: &Chain, sequence: u64) {
        if let Some(begun) = self.begun.get_mut(chain) {
            *begun = (*begun).min(sequence);
        }
        self.flights.remove(&(chain.stream, chain.author, sequence));
    }

    /// The bearer lives again: everything under way is due now.
    pub fn all_due(&mut self, now: u64) {
        self.flights
            .values_mut()
            .for_each(|flight| flight.due = now);
    }

    /// When something is due next.
    pub fn next_due(&self) -> Option<u64> {
        self.flights.values().map(|flight| flight.due).min()
    }

    /// Whether anything waits for a confirmation.
    pub fn is_waiting(&self) -> bool {
        !self.flights.is_empty()
    }

    fn narrow(&mut self, pace: Pace) {
        if pace.now >= self.window_cut {
            self.window = (self.window * 3 / 4).max(LEAST_WINDOW);
            self.window_cut = pace.now + pace.round_trip.timeout_ms();
        }
    }
}

/// Of what is urgent, what is meant goes before what is practised (OL-793); each else in its order.
fn meant_first(send: &mut [Arc<Entry>]) {
    let is_urgent = |entry: &Arc<Entry>| entry.header().stream == Stream::Urgent;
    let is_practised = |entry: &Arc<Entry>| entry.header().mark == Mark::Exercise;
    if !send.iter().any(is_practised) {
        return;
    }
    let urgent = send.iter().filter(|entry| is_urgent(entry));
    let mut urgent: Vec<Arc<Entry>> = urgent.cloned().collect();
    urgent.sort_by_key(is_practised);
    let places = send.iter_mut().filter(|entry| is_urgent(entry));
    places.zip(urgent).for_each(|(place, entry)| *place = entry);
}

impl Flight {
    fn first(urgent: bool, pace: Pace) -> Self {
        let copies_left = if urgent { pace.loss.copies() - 1 } else { 0 };
        let mut flight = Self {
            sent: pace.now,
            due: 0,
            tries: 1,
            copies_left,
        };
        flight.schedule(urgent, pace);
        flight
    }

    fn again(&mut self, urgent: bool, pace: Pace) {
        if self.copies_left > 0 {
            self.copies_left -= 1;
        } else {
            self.tries += 1;
            self.copies_left = if urgent { pace.loss.copies() - 1 } else { 0 };
        }
        self.sent = pace.now;
        self.schedule(urgent, pace);
    }

    fn schedule(&mut self, urgent: bool, pace: Pace) {
        let timeout = pace.round_trip.timeout_ms();
        let pause = match (urgent, self.copies_left) {
            (_, left @ 1..) => {
                let sent = (pace.loss.copies() - 1).saturating_sub(left);
                pace.round_trip.stagger_ms(sent)
            }
            // Before any answer the bearer may be a radio on which this alone takes seconds.
            (true, 0) if pace.round_trip.smoothed_ms().is_none() => {
                (timeout << (self.tries - 1).min(6)).min(LONGEST_PAUSE_MS)
            }
            (true, 0) => timeout,
            (false, 0) => {
                let backed_off = timeout.saturating_mul(1 << (self.tries - 1).min(6));
                backed_off.min(LONGEST_PAUSE_MS.max(timeout))
            }
        };
        self.due = pace.now + pause;
    }
}
