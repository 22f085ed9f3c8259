//! What one boot of the peer still has to get, and when each entry is sent next.
//!
//! Urgent entries go first, in copies where the measured loss calls for them, and again after about a round
//! trip without growing back-off. The others keep to a window, so that a slow link is not flooded.

mod fetched;
mod times;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use openline_wire::codes::{Mark, Stream};
use openline_wire::entry::Entry;
use openline_wire::header::Chain;
use openline_wire::ids::Author;
use openline_wire::limits;

use self::fetched::Fetched;
use self::times::Times;
use crate::log::Log;
use crate::loss::LossMeter;
use crate::ranges::RangeSet;
use crate::rtt::RoundTrip;

/// Sorts by stream first: urgent before traffic before service.
type Place = (Stream, Author, u64);

/// Entries handed out in one drain; the rest follows in the next, so that input is not kept waiting.
const PER_DRAIN: usize = 256;

/// Urgent entries of each chain that are begun however narrow the window is. Each chain has its own: what an earlier boot left
/// must not hold up a FLASH of this one.
const URGENT_WINDOW: u32 = 64;

/// What is to be sent again and was not at hand is looked for again after so long, should the store not have answered.
const FETCH_PATIENCE_MS: u64 = 200;

/// Entries asked for from the store at one time.
pub const FETCH: u64 = 64;

/// Entries under way without a confirmation, at first and at most.
const WINDOW: (u32, u32) = (32, 4096);

/// A lower window than this could not be told from a broken line.
const LEAST_WINDOW: u32 = 8;

/// What is not urgent and was lost goes on every way only if it is no longer than this, in bytes: some seconds of a thin one.
const LONGEST_ON_ALL_WAYS: usize = 1_000;

/// Longest pause between two tries of an entry that is not urgent, while the bearer lives.
const LONGEST_PAUSE_MS: u64 = 4_000;

#[derive(Clone, Copy, Debug)]
struct Flight {
    sent: u64,
    due: u64,
    tries: u32,
    copies_left: u32,
    /// It is due, and was not at hand: it goes out as soon as it was fetched.
    awaits_fetch: bool,
}

/// Figures of the way to the boot.
#[derive(Clone, Copy, Debug)]
pub struct Pace<'a> {
    /// The boot that runs here: what it says goes before what earlier ones left.
    pub own: Author,
    /// Monotonic milliseconds.
    pub now: u64,
    /// Its round trip.
    pub round_trip: &'a RoundTrip,
    /// Its loss.
    pub loss: &'a LossMeter,
}

impl Pace<'_> {
    fn copies(&self) -> u32 {
        self.loss.copies(self.round_trip)
    }
}

/// What is to be sent, and what must be fetched before it can be.
#[derive(Debug, Default)]
pub struct Plan {
    /// In the order of urgency.
    pub send: Vec<Arc<Entry>>,
    /// First missing place of chains that are not at hand.
    pub fetch: Vec<(Chain, u64)>,
    /// What is to go on every way.
    on_all: BTreeSet<Place>,
}

impl Plan {
    /// What is to go on every way, and what on the one in use: what is urgent does not wait until it is known that a way is cut, nor
    /// does what was lost once. A long text that is not urgent would fill a thin way.
    pub fn part(self) -> (Vec<Arc<Entry>>, Vec<Arc<Entry>>) {
        let on_all = self.on_all;
        let goes_on_all = |entry: &Arc<Entry>| {
            let header = entry.header();
            let place = (header.stream, header.author, header.sequence);
            let length = entry.body().map_or(0, |body| body.content.len());
            let is_short = length <= LONGEST_ON_ALL_WAYS;
            on_all.contains(&place) && (header.stream == Stream::Urgent || is_short)
        };
        let (mut all, one): (Vec<_>, Vec<_>) = self.send.into_iter().partition(goes_on_all);
        all.sort_by_key(|entry| entry.header().stream);
        (all, one)
    }
}

/// Entries for one boot of the peer.
#[derive(Debug)]
pub struct Outbox {
    flights: BTreeMap<Place, Flight>,
    /// When what was begun was signed.
    pub times: Times,
    /// Places below are confirmed or in `flights`.
    begun: BTreeMap<Chain, u64>,
    fetched: Fetched,
    fetching: BTreeSet<Chain>,
    window: u32,
    window_cut: u64,
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            flights: BTreeMap::new(),
            times: Times::default(),
            begun: BTreeMap::new(),
            fetched: Fetched::default(),
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
        let fresh = self.fresh_places(log, confirmed, pace.own, unsent);
        self.begin(fresh, pace, &mut plan, log);
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
        let due = self.flights.iter().filter(|(_, flight)| is_due(flight));
        let mut due: Vec<Place> = due.map(|(place, _)| *place).collect();
        due.sort_by_key(|(stream, author, _)| (*stream, *author != pace.own));
        due.truncate(PER_DRAIN);
        for place in due {
            // The boot sent it to us itself meanwhile.
            let (stream, author, sequence) = place;
            let chain = confirmed.get(&Chain { author, stream });
            if chain.is_some_and(|held| held.contains(sequence)) {
                self.flights.remove(&place);
                continue;
            }
            let is_sent = self.hand_out(place, log, plan);
            let Some(flight) = self.flights.get_mut(&place) else {
                continue;
            };
            flight.awaits_fetch = !is_sent;
            if !is_sent {
                flight.due = pace.now + FETCH_PATIENCE_MS;
                continue;
            }
            let is_loss = flight.copies_left == 0 && flight.tries > 0;
            flight.again(place.0 == Stream::Urgent, pace);
            if flight.goes_on_all(place.0) {
                plan.on_all.insert(place);
            }
            if is_loss && place.0 != Stream::Urgent {
                self.narrow(pace);
            }
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
        let fresh = self.fresh_places(log, confirmed, pace.own, room);
        self.begin(fresh, pace, plan, log);
    }

    /// Puts places under way. What is not at hand holds its chain up: whatever is below `begun` must be under way.
    fn begin(&mut self, fresh: Vec<Place>, pace: Pace, plan: &mut Plan, log: &Log) {
        let mut held_up = self.fetching.clone();
        for place in fresh {
            let (stream, author, sequence) = place;
            let chain = Chain { author, stream };
            if held_up.contains(&chain) {
                continue;
            }
            let flights = &self.flights;
            let is_under_way = |place: &Place| flights.contains_key(place);
            let may_go = self.is_at_hand(place, log) || self.fetched.has_room(stream, is_under_way);
            if !may_go || !self.hand_out(place, log, plan) {
                held_up.insert(chain);
                continue;
            }
            let flight = Flight::first(stream == Stream::Urgent, pace);
            if flight.goes_on_all(stream) {
                plan.on_all.insert(place);
            }
            self.flights.insert(place, flight);
            if let Some(entry) = plan.send.last() {
                self.times.insert(place, entry.header().time);
            }
            self.begun.insert(chain, sequence + 1);
        }
    }

    /// Places never sent, urgent first and of each stream those of the boot that runs here, within the window.
    fn fresh_places(
        &self,
        log: &Log,
        confirmed: &BTreeMap<Chain, RangeSet>,
        own: Author,
        most: usize,
    ) -> Vec<Place> {
        let nothing = RangeSet::default();
        // What is urgent takes its room from the others, never the other way round.
        let mut window = (self.window as usize).saturating_sub(self.flights.len());
        let mut places = Vec::new();
        for &stream in Stream::ALL {
            let of_stream = || log.chains().filter(|(chain, _)| chain.stream == stream);
            let ours = of_stream().filter(|(chain, _)| chain.author == own);
            let others = of_stream().filter(|(chain, _)| chain.author != own);
            for (chain, held) in ours.chain(others) {
                let confirmed = confirmed.get(chain).unwrap_or(&nothing);
                let mut from = self.begun.get(chain).copied().unwrap_or(0);
                let mut urgent = self.urgent_window(chain);
                // The boot would not take what is further ahead of its first gap.
                let end = confirmed.contiguous() + limits::AHEAD;
                while let Some(place) = held.held().next_not_in(from, confirmed) {
                    from = place + 1;
                    if self.flights.contains_key(&(stream, chain.author, place)) {
                        continue;
                    }
                    let left = match stream {
                        Stream::Urgent => &mut urgent,
                        _ => &mut window,
                    };
                    if places.len() == most || *left == 0 || place > end {
                        break;
                    }
                    *left -= 1;
                    places.push((stream, chain.author, place));
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

    /// How many more of an urgent chain may be begun.
    fn urgent_window(&self, chain: &Chain) -> usize {
        let place = |sequence| (chain.stream, chain.author, sequence);
        let under_way = self.flights.range(place(0)..=place(u64::MAX)).count();
        (self.window.max(URGENT_WINDOW) as usize).saturating_sub(under_way)
    }

    fn is_at_hand(&self, place: Place, log: &Log) -> bool {
        let (stream, author, sequence) = place;
        let chain = log.chain(&Chain { author, stream });
        let recent = chain.and_then(|chain| chain.recent(sequence));
        recent.is_some() || self.fetched.get(&place).is_some()
    }

    /// Takes entries that were fetched.
    pub fn fetched(&mut self, chain: &Chain, entries: &[Arc<Entry>]) {
        // The store is asked for entries to compare, too: whoever sends old ones again must not fill our memory.
        if !self.fetching.remove(chain) {
            return;
        }
        for entry in entries {
            let place = (chain.stream, chain.author, entry.header().sequence);
            self.fetched.insert(place, Arc::clone(entry));
            let flight = self.flights.get_mut(&place);
            if let Some(flight) = flight.filter(|flight| flight.awaits_fetch) {
                flight.due = 0;
            }
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

    /// A place below what was begun is to be sent: it came to us late, or the boot asks for it again. What is under way
    /// stays so, and is due: the boot may take nothing of a full window before it has this.
    pub fn reopen(&mut self, chain: &Chain, sequence: u64) {
        let place = (chain.stream, chain.author, sequence);
        if let Some(flight) = self.flights.get_mut(&place) {
            flight.anew();
        } else if let Some(begun) = self.begun.get_mut(chain) {
            *begun = (*begun).min(sequence);
        }
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
        let copies_left = if urgent { pace.copies() - 1 } else { 0 };
        let mut flight = Self {
            sent: pace.now,
            due: 0,
            tries: 1,
            copies_left,
            awaits_fetch: false,
        };
        flight.schedule(urgent, pace);
        flight
    }

    /// Whether this try is one for every way: the first few of what is urgent, the second of what is not, and then ever more rarely. Who
    /// gives back no answer must not have us fill the ways of which nobody knows.
    fn goes_on_all(&self, stream: Stream) -> bool {
        match stream {
            Stream::Urgent => self.tries <= 3 || self.tries.is_power_of_two(),
            _ => self.tries > 1 && self.tries.is_power_of_two(),
        }
    }

    /// It is due as if it had never been sent; nothing says that it was lost.
    fn anew(&mut self) {
        (self.due, self.tries, self.copies_left) = (0, 0, 0);
    }

    fn again(&mut self, urgent: bool, pace: Pace) {
        if self.copies_left > 0 {
            self.copies_left -= 1;
        } else {
            self.tries += 1;
            self.copies_left = if urgent { pace.copies() - 1 } else { 0 };
        }
        self.sent = pace.now;
        self.schedule(urgent, pace);
    }

    fn schedule(&mut self, urgent: bool, pace: Pace) {
        let timeout = pace.round_trip.timeout_ms();
        let pause = match (urgent, self.copies_left) {
            (_, left @ 1..) => {
                let sent = (pace.copies() - 1).saturating_sub(left);
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
