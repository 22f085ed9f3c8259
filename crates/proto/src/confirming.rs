//! What a line does with what the peer says that it holds: *haves* and *confirms*.

use openline_seal::{Agreement, KeyId};
use openline_wire::header::Chain;
use openline_wire::ids::Author;
use openline_wire::limits;

use crate::bodies::{Confirm, Have, HaveChain};
use crate::contract::{Change, Event, Misbehaviour, Moment};
use crate::incoming::Source;
use crate::line::Line;
use crate::outbox::Pace;
use crate::packed::Known as _;
use crate::ranges::RangeSet;

impl<A: Agreement> Line<A> {
    /// Takes a *have*.
    pub(crate) fn have(&mut self, from: Source, have: &Have) {
        let is_aside = self.remotes[from.at].ways.is_aside(from.route);
        self.echo(from, have);
        let remote = &mut self.remotes[from.at];
        for &key in &have.confirms {
            if let Some(key) = KeyId::new(key) {
                self.channel.confirmed(key);
            }
        }
        if let Some(report) = have.report {
            remote.ways.reported(report);
        }
        if have.answer && !is_aside {
            remote.have_due = Some(from.now.monotonic);
        }
        let listed = self.listed_chains((from.author, from.now), &have.chains);
        // What follows from starts is old, and will be said again.
        let whole = have.whole && self.admissions.reads_whole_list(from.now.monotonic);
        for (chain, places) in self.newly_confirmed(from.at, whole, listed) {
            self.confirm((from.at, from.author, from.now), chain, places, have.wall);
        }
    }

    /// Takes what is held of a few chains. What can't be dated, because the time of the entry that dates it is not kept, waits for the next *have*.
    pub(crate) fn confirms(&mut self, from: Source, confirm: &Confirm) {
        if let Some(report) = confirm.report {
            self.remotes[from.at].ways.reported(report);
        }
        let dated = confirm.chains.first().and_then(|first| {
            let (author, stream) = (self.log.author(&first.boot)?, first.stream);
            let chain = Chain { author, stream };
            let last = first.size.checked_sub(1)?;
            let sent = self.remotes[from.at].outbox.times.of(&chain, last);
            let at_hand = || Some(self.log.entry(&chain, last)?.header().time);
            let time = sent.or_else(at_hand)?;
            Some(time.saturating_add_signed(confirm.later))
        });
        let listed = self.listed_chains((from.author, from.now), &confirm.chains);
        let Some(their_time) = dated.filter(|time| *time <= limits::LATEST_TIME_MS) else {
            return;
        };
        for (chain, places) in self.newly_confirmed(from.at, false, listed) {
            self.confirm((from.at, from.author, from.now), chain, places, their_time);
        }
    }

    /// How far each listed chain is claimed to be held, and the ranges beyond.
    pub(crate) fn listed_chains(
        &mut self,
        (by, now): (Author, Moment),
        chains: &[HaveChain],
    ) -> Vec<(Chain, u64, RangeSet)> {
        let mut listed = Vec::new();
        for claim in chains {
            let Some(writer) = self.log.author(&claim.boot) else {
                continue;
            };
            let chain = Chain {
                author: writer,
                stream: claim.stream,
            };
            let ours = self.log.chain(&chain).map_or(0, |log| log.held().end());
            let mut set = RangeSet::up_to(claim.size.min(ours));
            let mut end = claim.size;
            for &(missing, held) in &claim.ahead {
                let from = end.saturating_add(missing);
                end = from.saturating_add(held);
                set.insert(from.min(ours), end.min(ours));
            }
            if writer == self.author && end > ours {
                self.misbehaved(by, Misbehaviour::FalseHeads, Vec::new(), now);
            }
            listed.push((chain, claim.size, set));
        }
        listed
    }

    /// What a list of chains says that its author holds, with what it leaves out.
    pub(crate) fn claims(
        &mut self,
        whole: bool,
        listed: Vec<(Chain, u64, RangeSet)>,
    ) -> Vec<(Chain, RangeSet)> {
        let mut claims: Vec<(Chain, RangeSet)> = Vec::new();
        if whole {
            let sizes = listed
                .iter()
                .map(|(chain, size, _)| (*chain, *size))
                .collect();
            let implied = self.log.implied_sizes(&sizes);
            let implied = self.log.chains().map(|(chain, log)| {
                let size = implied.get(chain).copied().unwrap_or(0);
                (*chain, RangeSet::up_to(size.min(log.held().end())))
            });
            claims.extend(implied);
        }
        claims.extend(listed.into_iter().map(|(chain, _, set)| (chain, set)));
        claims
    }

    pub(crate) fn newly_confirmed(
        &mut self,
        at: usize,
        whole: bool,
        listed: Vec<(Chain, u64, RangeSet)>,
    ) -> Vec<(Chain, Vec<(u64, u64)>)> {
        let claims = self.claims(whole, listed);
        let confirmed = &mut self.remotes[at].confirmed;
        let mut news = Vec::new();
        for (chain, set) in claims {
            let known = confirmed.entry(chain).or_default();
            let places = set.minus(known);
            places.iter().for_each(|&(from, to)| known.insert(from, to));
            if !places.is_empty() {
                news.push((chain, places));
            }
        }
        news
    }

    pub(crate) fn confirm(
        &mut self,
        (session, by, now): (usize, Author, Moment),
        chain: Chain,
        places: Vec<(u64, u64)>,
        their_time: u64,
    ) {
        let remote = &mut self.remotes[session];
        let (round_trip, loss) = (remote.round_trip, remote.ways.loss());
        let pace = Pace {
            own: self.author,
            now: now.monotonic,
            round_trip: &round_trip,
            loss: &loss,
        };
        remote.outbox.confirmed(&chain, &places, pace);
        remote.wants_no_more(&chain, &places);
        let size = remote.confirmed.get(&chain).map_or(0, RangeSet::contiguous);
        remote.outbox.times.holds(&chain, size);
        if (chain.author.party, chain.author.node) != (self.author.party, self.author.node) {
            return;
        }
        self.standing.confirmed(chain, size);
        let (line, at) = (self.id, now.wall);
        let note = Change::Confirmed {
            line,
            by,
            chain,
            size,
            at,
            their_time,
        };
        if self.log.has_written(&by) {
            self.batch.notes.push(note);
        } else {
            self.remotes[session].unnoted.insert(chain, note);
        }
        let at = now;
        self.batch.events.push(Event::Confirmed {
            line,
            by,
            chain,
            places,
            at,
            their_time,
        });
    }
}
