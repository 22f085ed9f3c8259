//! What may be said of a line now, from the entries held and the echoes heard.

use std::collections::BTreeMap;

use openline_seal::Agreement;
use openline_wire::entry::Entry;
use openline_wire::fact::Fact;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, PartyId};

use crate::config::LineConfig;
use crate::contract::{Event, Moment};
use crate::line::Line;
use crate::remote::Remote;
use crate::verdict::{Announced, Shortcoming, Status, Verdict};

/// Loss from which a line is not *open* but *degraded*.
const DEGRADED_FROM_PERMILLE: u64 = 100;

/// What is remembered for the verdict.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Whether we and they signed that the number was compared.
    pub compared: (bool, bool),
    /// The silence that the other party announced last.
    pub announced: Option<Announced>,
    /// Proof of misbehaviour is on record.
    pub misbehaved: bool,
    /// Since when two boots of the peer's node are known to be alive.
    pub cloned: Option<u64>,
    /// How far anybody of the other side ever confirmed our chains.
    confirmed: BTreeMap<Chain, u64>,
    last: Option<Status>,
    since: u64,
}

impl Standing {
    /// From what the store holds.
    pub fn new<A: Agreement>(config: &LineConfig<A>, author: Author, now: Moment) -> Self {
        let mut standing = Self {
            compared: (false, false),
            announced: None,
            misbehaved: config.stored.has_evidence,
            cloned: None,
            confirmed: BTreeMap::new(),
            last: None,
            since: now.wall,
        };
        for entry in &config.stored.state_entries {
            standing.observe(entry, author.party);
        }
        for (_, chain, size) in &config.stored.confirmed {
            standing.confirmed(*chain, *size);
        }
        standing
    }

    /// Takes an entry into account.
    pub fn observe(&mut self, entry: &Entry, own: PartyId) {
        let by = entry.header().author;
        match entry.fact() {
            Fact::NumberCompared(_) if by.party == own => self.compared.0 = true,
            Fact::NumberCompared(_) => self.compared.1 = true,
            Fact::Silence(silence) if by.party != own => {
                let (until, reason) = (silence.until, silence.reason);
                if self.announced.is_none_or(|known| known.until <= until) {
                    self.announced = Some(Announced { by, until, reason });
                }
            }
            _ => {}
        }
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
        let announced = self.announced(now, offset);
        let shortcomings = self.shortcomings(remote);
        let fresh = alive.is_some_and(|alive| now.monotonic < alive + self.cadences.silent_after);
        let both = self.standing.compared == (true, true);
        let verdict = match (fresh, both) {
            (true, true) if shortcomings.is_empty() => Verdict::Open,
            (true, true) => Verdict::Degraded,
            (true, false) => Verdict::Opening,
            (false, _) if announced.is_some() => Verdict::AnnouncedSilence,
            (false, _) if alive.is_none() && !self.was_ever_open() => Verdict::Opening,
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
            alive_as_of: alive.map(|alive| now.wall.saturating_sub(now.monotonic - alive)),
            peer: remote.and_then(|remote| remote.boot),
            shortcomings,
            announced,
            round_trip_ms: remote.and_then(|remote| remote.round_trip.smoothed_ms()),
            loss_permille: remote.and_then(|remote| remote.loss.permille()),
            clock_offset_ms: offset,
            generation: self.channel.generation().unwrap_or(0),
            epoch: self.channel.epoch(),
            number_compared: self.standing.compared,
            unconfirmed: self.unconfirmed(remote),
        }
    }

    /// The session that was proven alive last.
    pub(crate) fn freshest(&self) -> Option<&Remote> {
        let known = self.remotes.iter().filter(|remote| remote.boot.is_some());
        known.max_by_key(|remote| (remote.life.alive_as_of, remote.life.heard))
    }

    fn was_ever_open(&self) -> bool {
        self.standing.compared == (true, true)
    }

    /// A silence announced by the other party's clock counts until its end by that clock.
    fn announced(&self, now: Moment, offset: Option<i64>) -> Option<Announced> {
        let theirs = now.wall.saturating_add_signed(offset.unwrap_or(0));
        self.standing
            .announced
            .filter(|announced| theirs < announced.until)
    }

    fn shortcomings(&self, remote: Option<&Remote>) -> Vec<Shortcoming> {
        let loss = remote
            .and_then(|remote| remote.loss.permille())
            .unwrap_or(0);
        let list = [
            (
                !self.channel.is_post_quantum_sealed(),
                Shortcoming::TapeOnly,
            ),
            (loss >= DEGRADED_FROM_PERMILLE, Shortcoming::Loss),
            (self.standing.cloned.is_some(), Shortcoming::Cloned),
            (self.standing.misbehaved, Shortcoming::Misbehaviour),
        ];
        list.into_iter()
            .filter(|(applies, _)| *applies)
            .map(|(_, which)| which)
            .collect()
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
        let status = self.status(now);
        let key = |s: &Status| {
            (
                s.verdict,
                s.peer,
                s.shortcomings.clone(),
                s.announced,
                s.generation,
                s.epoch,
                s.number_compared,
                // Whether something waits for the other side is news; how much is a figure.
                s.unconfirmed > 0,
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
        let life = &self.freshest()?.life;
        let lapse = life.alive_as_of? + self.cadences.silent_after;
        // A silence ends by the clock of whoever announced it.
        let theirs = now.wall.saturating_add_signed(life.offset.unwrap_or(0));
        let silence = self.announced(now, life.offset);
        let end = silence.map(|silence| now.monotonic + (silence.until - theirs).min(86_400_000));
        let times = [Some(lapse), end.filter(|_| lapse <= now.monotonic)];
        times
            .into_iter()
            .flatten()
            .filter(|&at| at > now.monotonic)
            .min()
    }
}
