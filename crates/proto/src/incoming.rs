//! What a line does with a frame: opens it, finds the session of the boot that sealed it, and takes its bodies
//! one by one. Whatever does not authenticate leaves no trace and gets no answer.

use openline_seal::{
    Agreement, BearerId, ChannelError, GenerationRequest, KeyId, KeysOutcome, Opened,
};
use openline_wire::ids::{Author, PartyId};
use openline_wire::key::Signature;

use crate::bodies::{self, Body, Fragment, Have, Want};
use crate::contract::{Change, Event, Misbehaviour, Moment, Route};
use crate::line::Line;
use crate::packed::Known;
use crate::ranges::RangeSet;
use crate::remote::Remote;
use openline_wire::header::Chain;
use openline_wire::limits;

/// Sessions kept for one node; more boots than that in so short a time are a broken machine, and the one that
/// was silent longest gives way.
const REMOTES: usize = 4;

impl<A: Agreement> Line<A> {
    /// Takes a frame. Tells whether it was sealed for this line.
    pub fn frame(&mut self, route: Route, bytes: &[u8], now: Moment) -> bool {
        let opened = match self.channel.open(bytes, now.monotonic) {
            Ok(opened) => opened,
            Err(ChannelError::Unknown) => return false,
            Err(_) => return true,
        };
        self.attach(route.bearer);
        if opened.changed {
            self.keys_changed();
        }
        let author = Author {
            party: self.peer_party(),
            node: self.peer,
            boot: opened.boot,
        };
        let bodies = bodies::read_all(&opened.plaintext);
        if opened.key_message_only {
            let bodies = bodies.unwrap_or_default();
            bodies
                .into_iter()
                .for_each(|body| self.request_body(author, body, now));
            return true;
        }
        let at = self.session(author, now, route);
        self.account(at, &opened, now, route);
        match bodies {
            Ok(bodies) => bodies
                .into_iter()
                .for_each(|body| self.body(at, author, body, route, now)),
            Err(_) => self.misbehaved(author, Misbehaviour::Malformed, Vec::new(), now),
        }
        true
    }

    pub(crate) fn peer_party(&self) -> PartyId {
        // The peer's node is certified, or the line could not have been configured.
        self.nodes
            .get(&self.peer)
            .map_or(PartyId([0; 32]), |(party, _)| *party)
    }

    fn keys_changed(&mut self) {
        self.persist_channel();
        let generation = self.channel.generation().unwrap_or(0);
        let epoch = self.channel.epoch();
        self.batch.events.push(Event::Keys {
            line: self.id,
            generation,
            epoch,
        });
    }

    /// The session with a boot, made if it was not heard before.
    fn session(&mut self, author: Author, now: Moment, route: Route) -> usize {
        if let Some(at) = self
            .remotes
            .iter()
            .position(|remote| remote.boot == Some(author))
        {
            self.remotes[at].heard(now.monotonic, route);
            return at;
        }
        self.log.know(author);
        self.introduce_again();
        let nobody = self.remotes.iter().position(|remote| remote.boot.is_none());
        let mut ways = nobody.map_or_else(|| self.hints.clone(), |at| self.remotes.remove(at).ways);
        ways.heard(route);
        if self.remotes.len() == REMOTES {
            let last = |remote: &Remote| remote.life.heard.map(|(_, last)| last);
            let silent = (0..REMOTES)
                .min_by_key(|&at| last(&self.remotes[at]))
                .unwrap_or(0);
            self.remotes.remove(silent);
        }
        let mut remote = Remote::new(Some(author), ways);
        remote.heard(now.monotonic, route);
        remote.have_due = Some(now.monotonic);
        self.remotes.push(remote);
        self.remotes.len() - 1
    }

    /// Frames introduce their key again: whoever listens now may not know it.
    pub(crate) fn introduce_again(&mut self) {
        for &bearer in &self.attached {
            self.channel.unconfirm(BearerId(bearer));
        }
    }

    fn account(&mut self, at: usize, opened: &Opened, now: Moment, route: Route) {
        let remote = &mut self.remotes[at];
        remote.heard(now.monotonic, route);
        let introduces = u64::from(opened.introduced.is_none());
        let key = opened.generation << 24 | opened.epoch << 1 | introduces;
        remote.count_arrival(key, opened.counter);
        match opened.introduced {
            Some(key) if !remote.confirms.contains(&key) => remote.confirms.push(key),
            Some(_) => {}
            None => remote.confirms.clear(),
        }
    }

    fn body(&mut self, at: usize, author: Author, body: Body, route: Route, now: Moment) {
        match body {
            Body::Have(have) => self.have(at, author, have, route, now),
            Body::Entries(entries) => {
                for packed in entries {
                    self.entry(at, author, packed, now);
                }
            }
            Body::Want(wants) => wants.iter().for_each(|want| self.want(at, want)),
            Body::Fragment(fragment) => self.fragment(at, author, fragment, route, now),
            Body::Keys(bytes) => self.keys(author, &bytes, now),
        }
    }

    fn fragment(&mut self, at: usize, author: Author, piece: Fragment, route: Route, now: Moment) {
        let Some(whole) = self.remotes[at].reassembly.take(piece) else {
            return;
        };
        let inner = bodies::read_all(&whole).unwrap_or_default();
        for body in inner {
            match body {
                Body::Entries(_) | Body::Keys(_) => self.body(at, author, body, route, now),
                _ => self.misbehaved(author, Misbehaviour::Malformed, Vec::new(), now),
            }
        }
    }

    /// What may be said under a key of a generation that is not ours yet: a request, in pieces or whole.
    fn request_body(&mut self, author: Author, body: Body, now: Moment) {
        match body {
            Body::Keys(bytes) => self.keys(author, &bytes, now),
            Body::Fragment(piece) => {
                let whole = self.request_pieces.take(piece).unwrap_or_default();
                for body in bodies::read_all(&whole).unwrap_or_default() {
                    if let Body::Keys(bytes) = body {
                        self.keys(author, &bytes, now);
                    }
                }
            }
            _ => {}
        }
    }

    fn keys(&mut self, author: Author, bytes: &[u8], now: Moment) {
        match self.channel.receive_keys(bytes, now.monotonic) {
            Ok(KeysOutcome::Ignored) => {}
            Ok(KeysOutcome::Advanced) => {
                self.keys_changed();
                self.keys_due = now.monotonic;
                self.all_have(now);
            }
            Ok(KeysOutcome::GenerationRequested(request)) => {
                self.generation_requested(author, &request, now);
            }
            Err(_) => self.misbehaved(author, Misbehaviour::Malformed, Vec::new(), now),
        }
    }

    fn all_have(&mut self, now: Moment) {
        let due = Some(now.monotonic);
        self.remotes
            .iter_mut()
            .for_each(|remote| remote.have_due = due);
    }

    /// A new generation is refused while another boot of that node is freshly echoed: then the request comes
    /// from a copy, and the original still works (rule 2).
    fn generation_requested(&mut self, author: Author, request: &GenerationRequest, now: Moment) {
        let Some((_, key)) = self.nodes.get(&self.peer) else {
            return;
        };
        if !key.verify(&request.signed_bytes, &Signature(request.signature)) {
            return self.misbehaved(author, Misbehaviour::BadSignature, Vec::new(), now);
        }
        let horizon = 2 * self.cadences.echo;
        let other_lives = self.remotes.iter().any(|remote| {
            remote.boot != Some(author)
                && remote
                    .life
                    .alive_as_of
                    .is_some_and(|alive| now.monotonic < alive + horizon)
        });
        if !other_lives && self.channel.accept_generation(request).is_ok() {
            self.keys_changed();
            self.keys_due = now.monotonic;
        }
    }

    fn want(&mut self, at: usize, want: &Want) {
        let Some(author) = self.log.author(&want.boot) else {
            return;
        };
        let chain = Chain {
            author,
            stream: want.stream,
        };
        let remote = &mut self.remotes[at];
        if remote.wants_whole.len() < limits::WANTS * 4 {
            remote.wants_whole.insert((chain, want.sequence));
        }
        remote.outbox.reopen(&chain, want.sequence);
    }

    fn have(&mut self, at: usize, author: Author, have: Have, route: Route, now: Moment) {
        self.echo(at, &have, route, now);
        let remote = &mut self.remotes[at];
        for &key in &have.confirms {
            if let Some(key) = KeyId::new(key) {
                self.channel.confirmed(key);
            }
        }
        if let Some(report) = have.report {
            remote.loss.reported(report);
        }
        if have.answer {
            remote.have_due = Some(now.monotonic);
        }
        let sizes = self.listed_chains(author, &have, now);
        for (chain, places) in self.newly_confirmed(at, &have, sizes) {
            self.confirm(at, author, chain, places, have.wall, now);
        }
    }

    /// Dates the peer's life by the echo (rule 3), and measures the way.
    fn echo(&mut self, at: usize, have: &Have, route: Route, now: Moment) {
        let clock = now.monotonic;
        let own = self.author.boot;
        let remote = &mut self.remotes[at];
        if remote
            .life
            .challenge
            .is_none_or(|(latest, _)| have.clock >= latest)
        {
            remote.life.challenge = Some((have.clock, clock));
            remote.life.offset = Some(have.wall as i64 - now.wall as i64);
        }
        let Some(echo) = &have.echo else { return };
        let is_ours = own.0.starts_with(&echo.boot) && echo.clock <= clock;
        if !is_ours {
            return;
        }
        if remote
            .life
            .alive_as_of
            .is_none_or(|alive| echo.clock > alive)
        {
            remote.life.alive_as_of = Some(echo.clock);
            let sample = (clock - echo.clock).saturating_sub(echo.lay);
            remote.round_trip.measured(sample);
        }
        remote.ways.echoed(echo.clock, route);
        remote.told_until(echo.clock);
        self.compare_lives(at, echo.clock, now);
    }

    /// How far each listed chain is claimed to be held, and the ranges beyond.
    fn listed_chains(
        &mut self,
        author: Author,
        have: &Have,
        now: Moment,
    ) -> Vec<(Chain, u64, RangeSet)> {
        let mut listed = Vec::new();
        for claim in &have.chains {
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
                self.misbehaved(author, Misbehaviour::FalseHeads, Vec::new(), now);
            }
            listed.push((chain, claim.size, set));
        }
        listed
    }

    fn newly_confirmed(
        &mut self,
        at: usize,
        have: &Have,
        listed: Vec<(Chain, u64, RangeSet)>,
    ) -> Vec<(Chain, Vec<(u64, u64)>)> {
        let mut claims: Vec<(Chain, RangeSet)> = Vec::new();
        if have.whole {
            let sizes = listed
                .iter()
                .map(|(chain, size, _)| (*chain, *size))
                .collect();
            let implied = self.log.chains().map(|(chain, log)| {
                let size = self.log.implied_size(chain, &sizes).min(log.held().end());
                (*chain, RangeSet::up_to(size))
            });
            claims.extend(implied);
        }
        claims.extend(listed.into_iter().map(|(chain, _, set)| (chain, set)));
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

    fn confirm(
        &mut self,
        at: usize,
        by: Author,
        chain: Chain,
        places: Vec<(u64, u64)>,
        their_time: u64,
        at_time: Moment,
    ) {
        let remote = &mut self.remotes[at];
        let (round_trip, loss) = (remote.round_trip, remote.loss);
        let pace = crate::outbox::Pace {
            now: at_time.monotonic,
            round_trip: &round_trip,
            loss: &loss,
        };
        remote.outbox.confirmed(&chain, &places, pace);
        if (chain.author.party, chain.author.node) != (self.author.party, self.author.node) {
            return;
        }
        let size = remote.confirmed.get(&chain).map_or(0, RangeSet::contiguous);
        self.standing.confirmed(chain, size);
        let (line, at) = (self.id, at_time.wall);
        self.batch.notes.push(Change::Confirmed {
            line,
            by,
            chain,
            size,
            at,
            their_time,
        });
        self.batch.events.push(Event::Confirmed {
            line,
            by,
            chain,
            places,
            at: at_time,
            their_time,
        });
    }
}
