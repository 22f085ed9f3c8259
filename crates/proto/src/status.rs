//! What may be said of a line now, from the entries held and the echoes heard.

use core::cmp::Reverse;
use std::collections::BTreeMap;

use openline_seal::Agreement;
use openline_wire::fact::{Fact, NumberCompared};
use openline_wire::header::Chain;
use openline_wire::ids::{Author, PartyId};

use crate::config::LineConfig;
use crate::contract::{Event, Moment, Route, StoredEntry};
use crate::line::Line;
use crate::remote::Remote;
use crate::silence::Silence;
use crate::verdict::{Announced, Shortcoming, Status, Unopened, Verdict, Way, WayState};

/// Loss from which a line is not *open* but *degraded*.
const DEGRADED_FROM_PERMILLE: u64 = 100;

/// Announced silences that are remembered; the shortest give way.
const SILENCES: usize = 64;

/// What is remembered for the verdict.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Whether we and they signed that the number was compared, of the cards and the charter of this line.
    pub compared: (bool, bool),
    /// What has to be signed for that on our side.
    to_compare: Option<NumberCompared>,
    /// Silences that the other party announced, the one that lasts longest first. One that has not begun, or that is
    /// over, hides none that is in force.
    silences: Vec<Silence>,
    /// The same of our own party's.
    own_silences: Vec<Silence>,
    /// Proof of misbehaviour is on record.
    pub misbehaved: bool,
    /// Two boots of the peer's node that ran at one moment, reported last.
    pub cloned: Option<(Author, Author)>,
    /// Another boot of our own node ran beside this one, and was reported.
    pub cloned_here: bool,
    /// How far anybody of the other side ever confirmed our chains.
    confirmed: BTreeMap<Chain, u64>,
    last: Option<Status>,
    since: u64,
    /// When this boot took the line up, by our monotonic clock: before then it could hear nobody.
    began: u64,
}

impl Standing {
    /// From what the store holds.
    pub fn new<A: Agreement>(config: &LineConfig<A>, author: Author, now: Moment) -> Self {
        let mut standing = Self {
            compared: (false, false),
            to_compare: config.number_compared.as_ref().map(|(_, fact)| *fact),
            silences: Vec::new(),
            own_silences: Vec::new(),
            misbehaved: !config.stored.misbehaved.is_empty(),
            cloned: None,
            cloned_here: false,
            confirmed: BTreeMap::new(),
            last: None,
            since: now.wall,
            began: now.monotonic,
        };
        for stored in &config.stored.state_entries {
            standing.observe(stored, author.party, now);
        }
        for (_, chain, size) in &config.stored.confirmed {
            standing.confirmed(*chain, *size);
        }
        standing
    }

    /// When this boot took the line up, by our monotonic clock.
    pub fn began(&self) -> u64 {
        self.began
    }

    /// Takes an entry into account.
    pub fn observe(&mut self, stored: &StoredEntry, own: PartyId, now: Moment) {
        let entry = &stored.entry;
        let by = entry.header().author;
        match entry.fact() {
            Fact::NumberCompared(fact) if by.party == own => {
                self.compared.0 |= self.to_compare.as_ref() == Some(&fact);
            }
            Fact::NumberCompared(fact) => self.compared.1 |= self.is_the_same_number(&fact),
            Fact::Silence(fact) => {
                let known = match by.party == own {
                    true => &mut self.own_silences,
                    false => &mut self.silences,
                };
                let silence = Silence::new(entry, &fact, stored.received, now);
                let stands = |silence: &Silence| !known.iter().any(|it| it.replaces(silence));
                if let Some(silence) = silence.filter(stands) {
                    known.retain(|earlier| !silence.replaces(earlier));
                    known.push(silence);
                }
                known.sort_by_key(|known| Reverse(known.ends()));
                known.truncate(SILENCES);
            }
            _ => {}
        }
    }

    /// Whether the other side compared the number of the same cards and charter as we did.
    pub fn is_the_same_number(&self, theirs: &NumberCompared) -> bool {
        let mirrored = NumberCompared {
            own_card: theirs.other_card,
            other_card: theirs.own_card,
            charter: theirs.charter,
        };
        self.to_compare.as_ref() == Some(&mirrored)
    }

    /// What was told last.
    pub fn told(&self) -> Option<&Status> {
        self.last.as_ref()
    }

    /// How much of a chain of ours the other side is known to hold.
    pub fn confirmed_size(&self, chain: &Chain) -> u64 {
        self.confirmed.get(chain).copied().unwrap_or(0)
    }

    /// The other side holds so much of a chain of ours.
    pub fn confirmed(&mut self, chain: Chain, size: u64) {
        let known = self.confirmed.entry(chain).or_insert(0);
        *known = (*known).max(size);
    }
}

impl<A: Agreement> Line<A> {
    /// The state of the line and the evidence for it.
    pub fn status(&self, now: Moment) -> Status {
        let remote = self.freshest();
        let alive = remote.and_then(|remote| remote.life.alive_as_of);
        let offset = remote.and_then(|remote| remote.life.offset);
        let in_force = |known: &[Silence]| self.in_force(known, now).map(|(_, shown)| shown);
        let announced = in_force(&self.standing.silences);
        let alive_as_of = alive.map(|alive| now.wall.saturating_sub(now.monotonic - alive));
        let shortcomings = self.shortcomings(remote, now);
        let fresh = alive.is_some_and(|alive| now.monotonic < alive + self.cadences.silent_after);
        let both = self.standing.compared == (true, true);
        let verdict = match (fresh, both) {
            (true, true) if shortcomings.is_empty() => Verdict::Open,
            (true, true) => Verdict::Degraded,
            (true, false) => Verdict::Opening,
            (false, _) if announced.is_some() => Verdict::AnnouncedSilence,
            (false, _) if alive.is_none() && !self.was_ever_open() => Verdict::Opening,
            (false, _) if alive.is_none() && now.monotonic < self.answer_is_due() => {
                Verdict::NotHeardYet
            }
            (false, _) => Verdict::NoSignOfLife,
        };
        let unchanged = self
            .standing
            .last
            .as_ref()
            .filter(|last| last.verdict == verdict);
        Status {
            verdict,
            since: unchanged.map_or(now.wall, |last| last.since),
            alive_as_of,
            peer: remote.and_then(|remote| remote.boot),
            shortcomings,
            announced,
            overrun: alive_as_of
                .filter(|_| verdict == Verdict::NoSignOfLife)
                .and_then(|alive| self.overrun(now, alive)),
            announced_here: in_force(&self.standing.own_silences),
            unopened: self.told_unopened(now).filter(|_| !fresh),
            round_trip_ms: remote.and_then(|remote| remote.round_trip.smoothed_ms()),
            loss_permille: remote.and_then(|remote| remote.ways.loss().permille()),
            clock_offset_ms: offset,
            generation: self.channel.generation().unwrap_or(0),
            epoch: self.channel.epoch(),
            number_compared: self.standing.compared,
            unconfirmed: self.unconfirmed(remote),
            watch: self.duties.on_watch(now),
            planned: self.duties.planned(now),
            suspended: self.duties.in_force(),
            exercises: self.exercises.shown(),
            reachable: self.reachable.shown(),
            taken_up: self.reachable.taken_up().cloned(),
            ways: self.ways(now, fresh),
        }
    }

    /// The session that was proven alive last.
    pub(crate) fn freshest(&self) -> Option<&Remote> {
        let known = self.remotes.iter().filter(|remote| remote.boot.is_some());
        known.max_by_key(|remote| (remote.life.alive_as_of, remote.life.heard))
    }

    /// The ways to the boot that was heard last; before anybody was heard, those that somebody named. With all of them silent nobody
    /// can tell which are cut.
    fn ways(&self, now: Moment, is_heard: bool) -> Vec<Way> {
        let wall = |clock: u64| now.wall.saturating_sub(now.monotonic.saturating_sub(clock));
        let known = self.freshest().map_or(&self.hints, |remote| &remote.ways);
        let best = known.best();
        let state = |state| match state {
            _ if !is_heard => WayState::Unknown,
            WayState::Cut { since } => WayState::Cut { since: wall(since) },
            state => state,
        };
        let shown = known.known(now.monotonic, &self.cadences);
        let shown = shown.into_iter().map(|way| Way {
            route: way.route,
            in_use: best == Some(way.route),
            answered: way.answered.map(wall).or(way.answered_before),
            heard: way.heard.map(wall),
            tested: way.tested.map(wall),
            round_trip_ms: way.round_trip,
            loss_permille: way.loss_permille,
            state: state(way.state),
        });
        shown.collect()
    }

    fn was_ever_open(&self) -> bool {
        self.standing.compared == (true, true)
    }

    /// Until then nothing follows from hearing nobody since the start.
    fn answer_is_due(&self) -> u64 {
        self.standing.began + self.cadences.silent_after
    }

    /// The announcement that counts now: the one that lasts longest, of those that are given and not replaced.
    fn in_force<'a>(&self, known: &'a [Silence], now: Moment) -> Option<(&'a Silence, Announced)> {
        let covered = |chain: &Chain| self.log.covered(chain);
        let mut standing = known
            .iter()
            .filter(|silence| !silence.is_replaced(known, covered));
        standing.find_map(|silence| Some((silence, silence.in_force(now, covered)?)))
    }

    /// The silence of theirs that ended last, if they were not heard since.
    fn overrun(&self, now: Moment, alive: u64) -> Option<Announced> {
        let known = &self.standing.silences;
        let covered = |chain: &Chain| self.log.covered(chain);
        let mut standing = known
            .iter()
            .filter(|silence| !silence.is_replaced(known, covered));
        standing.find_map(|silence| silence.overrun(now, alive))
    }

    /// Whether either party announced a silence that lasts.
    pub(crate) fn is_silence_in_force(&self, now: Moment) -> bool {
        let both = [&self.standing.silences, &self.standing.own_silences];
        both.into_iter()
            .any(|known| self.in_force(known, now).is_some())
    }

    fn told_unopened(&self, now: Moment) -> Option<Unopened> {
        self.unopenable?.told(now, self.cadences.silent_after)
    }

    fn shortcomings(&self, remote: Option<&Remote>, now: Moment) -> Vec<Shortcoming> {
        let loss = remote
            .and_then(|remote| remote.ways.loss().permille())
            .unwrap_or(0);
        let list = [
            (
                !self.channel.is_post_quantum_sealed(),
                Shortcoming::TapeOnly,
            ),
            (loss >= DEGRADED_FROM_PERMILLE, Shortcoming::Loss),
            (self.are_clones_alive(now), Shortcoming::Cloned),
            (self.standing.cloned_here, Shortcoming::ClonedHere),
            (self.standing.misbehaved, Shortcoming::Misbehaviour),
        ];
        list.into_iter()
            .filter(|(applies, _)| *applies)
            .map(|(_, which)| which)
            .collect()
    }

    /// Whether two boots of the peer's node that were found to have run at one moment still do.
    fn are_clones_alive(&self, now: Moment) -> bool {
        let is_alive = |boot: Author| {
            let life = self.remotes.iter().find(|remote| remote.boot == Some(boot));
            let alive = life.and_then(|remote| remote.life.alive_as_of);
            alive.is_some_and(|alive| now.monotonic < alive + self.cadences.silent_after)
        };
        self.standing
            .cloned
            .is_some_and(|(one, other)| is_alive(one) && is_alive(other))
    }

    /// Entries of our node that the other side has not confirmed: by the boot that lives, or else by any that
    /// ever did.
    fn unconfirmed(&self, remote: Option<&Remote>) -> u64 {
        let own = |chain: &Chain| {
            (chain.author.party, chain.author.node) == (self.author.party, self.author.node)
        };
        let missing = self
            .log
            .chains()
            .filter(|(chain, _)| own(chain))
            .map(|(chain, log)| {
                let told = remote.filter(|remote| !remote.confirmed.is_empty());
                let now = told
                    .and_then(|remote| remote.confirmed.get(chain))
                    .map(|set| set.len());
                let ever = self.standing.confirmed.get(chain).copied();
                let held = log.held().len();
                held.saturating_sub(if told.is_some() {
                    now.unwrap_or(0)
                } else {
                    ever.unwrap_or(0)
                })
            });
        missing.sum()
    }

    /// Tells of a change in what matters; figures that always move are read on request.
    pub(crate) fn tell_status(&mut self, now: Moment) {
        self.duties.look(now);
        self.settle_addresses(now);
        let status = self.status(now);
        let key = |s: &Status| {
            (
                s.verdict,
                s.peer,
                s.shortcomings.clone(),
                (s.announced, s.announced_here, s.unopened.is_some()),
                s.generation,
                s.epoch,
                s.number_compared,
                // Whether something waits for the other side is news; how much is a figure.
                s.unconfirmed > 0,
                (
                    s.watch.clone(),
                    s.planned.clone(),
                    s.suspended.clone(),
                    s.exercises.clone(),
                    (s.reachable.clone(), s.taken_up.clone()),
                ),
                ways(s),
            )
        };
        let same = self
            .standing
            .last
            .as_ref()
            .is_some_and(|last| key(last) == key(&status));
        if same {
            return;
        }
        self.standing.since = status.since;
        self.standing.last = Some(status.clone());
        self.batch.events.push(Event::Status {
            line: self.id,
            status: Box::new(status),
        });
    }

    /// When the verdict may change without anything coming in.
    pub(crate) fn verdict_changes_at(&self, now: Moment) -> Option<u64> {
        let silent_after = self.cadences.silent_after;
        let alive = self.freshest().and_then(|remote| remote.life.alive_as_of);
        let lapse = alive.map(|alive| alive + silent_after);
        let end = |known| self.in_force(known, now).map(|(silence, _)| silence.ends());
        let is_silent = lapse.is_none_or(|lapse| lapse <= now.monotonic);
        let times = [
            lapse.or(Some(self.answer_is_due())),
            end(&self.standing.silences).filter(|_| is_silent),
            end(&self.standing.own_silences),
            self.unopenable.map(|it| it.lapses_at(silent_after)),
            self.duties.changes_at(now),
            self.freshest()
                .and_then(|it| it.ways.changes_at(now.monotonic, &self.cadences)),
            self.exercises.changes_at(now),
            self.reachable.wake_at(),
        ];
        times
            .into_iter()
            .flatten()
            .filter(|&at| at > now.monotonic)
            .min()
    }
}

/// What of the ways is news: which is in use, and which are cut.
fn ways(status: &Status) -> Vec<(Route, bool, &'static str)> {
    let ways = status.ways.iter();
    ways.map(|way| (way.route, way.in_use, way.state.word()))
        .collect()
}
