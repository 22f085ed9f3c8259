//! What a line does with a frame: opens it, finds the session of the boot that sealed it, and takes its bodies
//! one by one. Whatever does not authenticate leaves no trace and gets no answer.

use openline_seal::sabotage::{Bug, planted};
use openline_seal::{Agreement, BearerId, ChannelError, GenerationRequest, KeysOutcome, Opened};
use openline_wire::ids::{Author, PartyId};
use openline_wire::key::Signature;

use crate::bodies::{self, Body, Fragment, Want};
use crate::contract::{Event, Misbehaviour, Moment, Route};
use crate::key_pace::KeyPace;
use crate::line::Line;
use crate::packed::Known;
use crate::remote::Remote;
use crate::unopened::Unopenable;
use openline_wire::header::Chain;
use openline_wire::limits;

/// Where a frame came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    /// The session, as its place among them.
    pub(crate) at: usize,
    /// The boot that sealed it.
    pub(crate) author: Author,
    /// The way it came.
    pub(crate) route: Route,
    /// Generation and epoch of its key.
    pub(crate) epoch: (u64, u64),
    /// When.
    pub(crate) now: Moment,
}

/// Sessions kept for one node; more boots than that in so short a time are a broken machine, and the one that
/// was silent longest gives way.
const REMOTES: usize = 4;

/// What a boot did about generations of keys.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Renewals {
    /// It asked for one though its people did not, as it lives an earlier life again.
    asked_unbidden: bool,
    /// Whose request was accepted last, and when.
    accepted: Option<(Author, u64)>,
}

impl<A: Agreement> Line<A> {
    /// Takes a frame. Tells whether it was sealed for this line.
    pub fn frame(&mut self, route: Route, bytes: &[u8], now: Moment) -> bool {
        let opened = match self.channel.open(bytes, now.monotonic) {
            Ok(opened) => opened,
            Err(ChannelError::Unknown) => return false,
            Err(_) => return true,
        };
        if let Some(witness) = &mut self.witness {
            witness.opened += 1;
        }
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
                .for_each(|body| self.request_body((author, route), body, now));
            return true;
        }
        let at = self.session(author, now, route);
        let from = Source {
            at,
            author,
            route,
            epoch: (opened.generation, opened.epoch),
            now,
        };
        self.account(from, &opened);
        match bodies {
            Ok(bodies) => {
                self.follow(from, &bodies);
                bodies.into_iter().for_each(|body| self.body(from, body));
            }
            Err(_) => self.misbehaved(author, Misbehaviour::Malformed, Vec::new(), now),
        }
        true
    }

    /// Takes note of a frame that no line could open. What comes from elsewhere than the peer leaves nothing behind.
    pub fn unopened(&mut self, route: Route, now: Moment) {
        let mut ways = self.remotes.iter().map(|remote| &remote.ways);
        if self.hints.is_known(route) || ways.any(|ways| ways.is_known(route)) {
            let one_more = Unopenable::one_more(self.unopenable, now, self.cadences.silent_after);
            self.unopenable = Some(one_more);
        }
    }

    pub(crate) fn peer_party(&self) -> PartyId {
        // The peer's node is certified, or the line could not have been configured.
        self.nodes
            .get(&self.peer)
            .map_or(PartyId([0; 32]), |(party, _)| *party)
    }

    fn keys_changed(&mut self) {
        self.contacts.keys_changed();
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
            let route = self.answerable(route);
            self.remotes[at].heard(now.monotonic, route);
            return at;
        }
        self.log.know(author);
        self.introduce_again();
        let nobody = self.remotes.iter().position(|remote| remote.boot.is_none());
        let mut ways = nobody.map_or_else(|| self.hints.clone(), |at| self.remotes.remove(at).ways);
        if let Some(before) = self.freshest() {
            ways.learn(&before.ways);
        }
        if let Some(route) = self.answerable(route) {
            ways.heard(route, now.monotonic);
        }
        if self.remotes.len() == REMOTES {
            let last = |remote: &Remote| remote.life.heard.map(|(_, last)| last);
            let silent = (0..REMOTES)
                .min_by_key(|&at| last(&self.remotes[at]))
                .unwrap_or(0);
            let gone = self.remotes.remove(silent).boot;
            gone.into_iter().for_each(|boot| self.log.forget(&boot));
        }
        let mut remote = Remote::new(Some(author), ways);
        remote.heard(now.monotonic, self.answerable(route));
        remote.have_due = Some(now.monotonic);
        self.remotes.push(remote);
        self.remotes.len() - 1
    }

    /// The way on which a frame came, if we may answer there.
    pub(crate) fn answerable(&self, route: Route) -> Option<Route> {
        (!self.one_way.is_silent_on(route.bearer)).then_some(route)
    }

    /// Frames introduce their key again: whoever listens now may not know it.
    pub(crate) fn introduce_again(&mut self) {
        for &bearer in &self.attached {
            self.channel.unconfirm(BearerId(bearer));
        }
    }

    fn account(&mut self, from: Source, opened: &Opened) {
        let route = self.answerable(from.route);
        let remote = &mut self.remotes[from.at];
        remote.heard(from.now.monotonic, route);
        self.unopenable = None;
        remote.count_arrival(opened, from.route);
        if planted(Bug::UndatedEcho) {
            remote.life.alive_as_of = Some(from.now.monotonic);
        }
        match opened.introduced {
            Some(key) if !remote.confirms.contains(&key) => {
                // No honest boot has as many keys at one time; the latest are those in use.
                if remote.confirms.len() == limits::CONFIRMS {
                    remote.confirms.remove(0);
                }
                remote.confirms.push(key);
            }
            Some(_) => {}
            None => remote.confirms.clear(),
        }
    }

    fn body(&mut self, from: Source, body: Body) {
        match body {
            Body::Have(have) => self.have(from, &have),
            Body::Entries(entries) => {
                for packed in entries {
                    self.entry(from, packed);
                }
            }
            Body::Want(wants) => wants.iter().for_each(|want| self.want(from.at, want)),
            Body::Fragment(fragment) => self.fragment(from, fragment),
            Body::Keys(bytes) => self.keys((from.author, from.route), &bytes, from.now),
            Body::Pull(pull) => self.pulled(from, &pull),
            Body::Piece(piece) => self.piece(from, piece),
            Body::Confirm(confirm) => self.confirms(from, &confirm),
        }
    }

    fn fragment(&mut self, from: Source, piece: Fragment) {
        let Some(whole) = self.remotes[from.at].reassembly.take(piece) else {
            return;
        };
        let Ok(inner) = bodies::read_all(&whole) else {
            return self.misbehaved(from.author, Misbehaviour::Malformed, Vec::new(), from.now);
        };
        for body in inner {
            match body {
                Body::Entries(_) | Body::Keys(_) => self.body(from, body),
                _ => self.misbehaved(from.author, Misbehaviour::Malformed, Vec::new(), from.now),
            }
        }
    }

    /// What may be said under a key of a generation that is not ours yet: a request, in pieces or whole.
    fn request_body(&mut self, by: (Author, Route), body: Body, now: Moment) {
        match body {
            Body::Keys(bytes) => self.requested(by, &bytes, now),
            Body::Fragment(piece) => {
                let whole = self.pieces.requests.take(piece).unwrap_or_default();
                for body in bodies::read_all(&whole).unwrap_or_default() {
                    if let Body::Keys(bytes) = body {
                        self.requested(by, &bytes, now);
                    }
                }
            }
            _ => {}
        }
    }

    /// Whoever carried the tape could have written it, so what is wrong with it accuses nobody.
    fn requested(&mut self, by: (Author, Route), bytes: &[u8], now: Moment) {
        let outcome = self.channel.receive_keys(bytes, now.monotonic);
        if let Ok(outcome) = outcome {
            self.keys_outcome(by, outcome, now);
        }
    }

    fn keys(&mut self, by: (Author, Route), bytes: &[u8], now: Moment) {
        match self.channel.receive_keys(bytes, now.monotonic) {
            Ok(outcome) => self.keys_outcome(by, outcome, now),
            Err(_) => self.misbehaved(by.0, Misbehaviour::Malformed, Vec::new(), now),
        }
    }

    fn keys_outcome(&mut self, by: (Author, Route), outcome: KeysOutcome, now: Moment) {
        match outcome {
            KeysOutcome::Ignored => {}
            KeysOutcome::Advanced => {
                self.keys_changed();
                self.key_pace = KeyPace::new(now.monotonic);
                self.all_have(now);
            }
            KeysOutcome::Answer(message) => self.key_answers.push((by.1, message)),
            KeysOutcome::Outnumbered(former) => self.outnumbered(&former),
            KeysOutcome::GenerationRequested(request) => {
                self.generation_requested(by, &request, now);
            }
        }
    }

    /// Our clock went back since this node last asked for a generation: it asks again, numbered above that
    /// request. Only our own signature says so. A boot that does not ask already does so once and no more: it may be one
    /// of two copies, and these would take the keys from each other for ever.
    fn outnumbered(&mut self, former: &GenerationRequest) {
        let own = self.nodes.get(&self.author.node);
        let signature = Signature(former.signature);
        let may_ask = self.channel.is_asking() || !self.renewals.asked_unbidden;
        if may_ask && own.is_some_and(|(_, key)| key.verify(&former.signed_bytes, &signature)) {
            self.renewals.asked_unbidden |= !self.channel.is_asking();
            self.asks_above = Some(former.number);
        }
    }

    pub(crate) fn all_have(&mut self, now: Moment) {
        let due = Some(now.monotonic);
        self.remotes
            .iter_mut()
            .for_each(|remote| remote.have_due = due);
    }

    /// A new generation is refused while another boot of that node is freshly echoed: then the request comes
    /// from a copy, and the original still works (rule 2). So it is while one that just got its generation has had no time to be
    /// echoed: two copies would else ask in turns, and be through the tapes' reach within seconds.
    fn generation_requested(
        &mut self,
        (author, route): (Author, Route),
        request: &GenerationRequest,
        now: Moment,
    ) {
        let Some((_, key)) = self.nodes.get(&self.peer) else {
            return;
        };
        if !key.verify(&request.signed_bytes, &Signature(request.signature)) {
            return;
        }
        let horizon = 2 * self.cadences.echo;
        let other_lives = self.remotes.iter().any(|remote| {
            remote.boot != Some(author)
                && remote
                    .life
                    .alive_as_of
                    .is_some_and(|alive| now.monotonic < alive + horizon)
        });
        let accepted = self.renewals.accepted;
        let other_just_began =
            accepted.is_some_and(|(by, at)| by != author && now.monotonic < at + horizon);
        if other_lives || other_just_began {
            return;
        }
        if let Ok(answer) = self.channel.accept_generation(request) {
            self.renewals.accepted = Some((author, now.monotonic));
            self.key_answers.push((route, answer));
            self.keys_changed();
            self.key_pace = KeyPace::new(now.monotonic);
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
        // It asks for what came twice and leans on what it has no more at hand: it holds it all the same.
        let confirmed = remote.confirmed.get(&chain);
        if confirmed.is_some_and(|held| held.contains(want.sequence)) {
            return;
        }
        if remote.wants_whole.len() < limits::WANTS * 4 {
            remote.wants_whole.insert((chain, want.sequence));
        }
        remote.outbox.reopen(&chain, want.sequence);
    }
}
