//! The dispatcher: hands inputs to the line they belong to, and puts what comes out in order.
//!
//! A drain goes in numbered steps:
//! 1. what the last drain wanted persisted is on stable storage by now;
//! 2. compose what can be composed; if anything is to be signed, ask for that first, so that the entry and what
//!    came in with it share one Persist;
//! 3. turn keys over when their time has come; send what is due;
//! 4. Persist, then Load and Send, then Tell, then WakeAt.

use std::collections::BTreeMap;

use openline_seal::{Agreement, DoorKeys};
use openline_wire::header::Chain;
use openline_wire::ids::{Author, LineId};
use openline_wire::key::Signature;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

use crate::commands::Asked;
use crate::config::LineConfig;
use crate::contract::{Change, Event, Identity, Imported, Input, Moment, Output, Refusal, Route};
use crate::entries::Came;
use crate::files::Progress;
use crate::key_pace::KeyPace;
use crate::line::{Batch, Line};
use crate::verdict::Status;
use crate::witness::Witness;
use openline_wire::cbor::Canonical;

/// The core of one boot of one station, for all its lines.
pub struct Core<A: Agreement> {
    author: Author,
    rng: ChaCha20Rng,
    lines: BTreeMap<LineId, Line<A>>,
    tickets: u64,
    /// Answers that belong to no line alone.
    strays: Vec<Event>,
    /// Bundles that were asked for.
    bundles: Vec<Output>,
    /// The last drain asked for a Persist.
    persisting: bool,
    /// The last wish, so that a drain that changes nothing is empty.
    wake_at: Option<u64>,
}

impl<A: Agreement> Core<A> {
    /// A new boot. `seed` is 32 random bytes, from which salts and channel nonces are expanded.
    pub fn new(identity: Identity, seed: [u8; 32]) -> Self {
        let Identity { party, node, boot } = identity;
        Self {
            author: Author { party, node, boot },
            rng: ChaCha20Rng::from_seed(seed),
            lines: BTreeMap::new(),
            tickets: 0,
            strays: Vec::new(),
            bundles: Vec::new(),
            persisting: false,
            wake_at: None,
        }
    }

    /// Who signs.
    pub fn author(&self) -> Author {
        self.author
    }

    /// Takes a line up. Its first drain asks for the signature of this boot's start entry.
    pub fn add_line(&mut self, config: LineConfig<A>, now: Moment) {
        let mut seed = [0u8; 32];
        self.rng.fill_bytes(&mut seed);
        self.lines
            .insert(config.line, Line::new(config, self.author, seed, now));
    }

    /// The state of a line.
    pub fn status(&self, line: &LineId, now: Moment) -> Option<Status> {
        self.lines.get(line).map(|line| line.status(now))
    }

    /// The files of a line that are to come.
    pub fn files(&self, line: &LineId) -> Vec<Progress> {
        let line = self.lines.get(line);
        line.map_or(Vec::new(), |line| line.files.progress())
    }

    /// What opens a bearer's door to a line's peer, and to us; it changes when [`Event::Keys`] is told.
    pub fn door_keys(&self, line: &LineId) -> Option<DoorKeys> {
        self.lines.get(line).map(|line| line.channel.door_keys())
    }

    /// What the lines did since the last call; they take note from the first call on.
    pub fn witness(&mut self) -> Witness {
        let mut whole = Witness::default();
        for line in self.lines.values_mut() {
            let seen = line.witness.replace(Witness::default()).unwrap_or_default();
            whole.sealed.extend(seen.sealed);
            whole.opened += seen.opened;
        }
        whole
    }

    /// Takes one input in. Cheap; the work that several inputs share is done in [`Self::drain`].
    pub fn handle(&mut self, now: Moment, input: Input) {
        match input {
            Input::Frame { route, bytes } => self.frame(route, &bytes, now),
            Input::Hint {
                line,
                route,
                answered,
            } => self.on(line, |line| line.hint(route, answered)),
            Input::Announced { line, routes } => self.on(line, |line| line.announced(&routes)),
            Input::OneWay { line, routes } => self.on(line, |line| line.one_way.lead_to(routes)),
            Input::Silent { bearer } => self.be_silent_on(bearer),
            Input::Command {
                ticket,
                line,
                actor,
                command,
            } => {
                self.command(
                    line,
                    Asked {
                        ticket,
                        actor,
                        command,
                    },
                    now,
                );
            }
            Input::Signed { ticket, signature } => self.signed(ticket, signature, now),
            Input::Loaded {
                line,
                chain,
                from,
                entries,
            } => {
                self.on(line, |line| line.loaded(chain, from, entries, now));
            }
            Input::PartLoaded(it) => self.on(it.line, |line| line.part_loaded(it)),
            Input::Carry {
                ticket,
                line,
                entries,
            } => {
                let line = self.lines.get_mut(&line);
                let frames = line.and_then(|line| line.carry(&entries, now));
                self.bundles.push(Output::Bundle { ticket, frames });
            }
            Input::Carried { ticket, frames } => {
                let imported = self.carried(&frames, now);
                self.strays.push(Event::Carried { ticket, imported });
            }
            // The driver's alarm went off and is not set any more.
            Input::Woken => self.wake_at = None,
        }
    }

    /// Each line's channel looks the key id up; a stranger's frame costs that and no more.
    fn frame(&mut self, route: Route, bytes: &[u8], now: Moment) {
        let mut lines = self.lines.values_mut();
        if !lines.any(|line| line.frame(route, bytes, now)) {
            let lines = self.lines.values_mut();
            lines.for_each(|line| line.unopened(route, now));
        }
    }

    fn be_silent_on(&mut self, bearer: u8) {
        let lines = self.lines.values_mut();
        lines.for_each(|line| line.one_way.be_silent_on(bearer));
    }

    /// As for a frame, but a bundle's key is looked for among those of bundles alone, and nobody is heard by it.
    fn carried(&mut self, frames: &[Vec<u8>], now: Moment) -> Imported {
        let mut imported = Imported::default();
        for frame in frames {
            let mut lines = self.lines.values_mut();
            let mut one = Imported::default();
            match lines.find_map(|line| line.carried(frame, now)) {
                Some(from) => one.from.push(from),
                None => one.strange = 1,
            }
            imported.add(&one);
        }
        imported.unfinished = self.lines.values().map(Line::unfinished).sum();
        let lines = self.lines.values_mut();
        lines.for_each(|line| line.take_carried_haves(now));
        imported
    }

    fn on(&mut self, line: LineId, act: impl FnOnce(&mut Line<A>)) {
        if let Some(line) = self.lines.get_mut(&line) {
            act(line);
        }
    }

    fn command(&mut self, line: LineId, asked: Asked, now: Moment) {
        let Some(line) = self.lines.get_mut(&line) else {
            let (ticket, why) = (asked.ticket, Refusal::NoSuchLine);
            return self.strays.push(Event::Refused { ticket, why });
        };
        line.command(asked, now, &mut self.tickets);
    }

    fn signed(&mut self, ticket: u64, signature: Signature, now: Moment) {
        for line in self.lines.values_mut() {
            line.signed(ticket, signature, now);
        }
    }

    /// What is to be done now, in order. Call until it is empty.
    pub fn drain(&mut self, now: Moment) -> Vec<Output> {
        if core::mem::take(&mut self.persisting) {
            self.lines.values_mut().for_each(Line::settle);
        }
        let requests = self.compose(now);
        if !requests.is_empty() {
            return requests;
        }
        let mut whole = Batch {
            events: core::mem::take(&mut self.strays),
            outputs: core::mem::take(&mut self.bundles),
            ..Batch::default()
        };
        for line in self.lines.values_mut() {
            let batch = line.finish_batch(now);
            whole.changes.extend(batch.changes);
            whole.notes.extend(batch.notes);
            whole.outputs.extend(batch.outputs);
            whole.events.extend(batch.events);
        }
        self.persisting = !whole.changes.is_empty();
        self.in_order(whole, now)
    }

    fn compose(&mut self, now: Moment) -> Vec<Output> {
        let mut requests = Vec::new();
        for line in self.lines.values_mut().filter(|line| !line.ended) {
            if let Some(number) = line.asks_above.take() {
                let at_least = number.saturating_add(1);
                requests.push(line.request_generation(at_least, &mut self.tickets));
            }
            line.wake_exercises(now);
            line.wake_rings(now);
            line.wake_tests(now);
            line.step_contacts();
            let channel = &line.channel;
            let salt = &|chain: &_, place| channel.salt_to_send(chain, place);
            let asked = line
                .composer
                .compose(&line.log, now, &mut self.tickets, salt);
            requests.extend(asked.into_iter().map(|request| Output::Sign {
                ticket: request.ticket,
                bytes: request.bytes,
            }));
        }
        requests
    }

    fn in_order(&mut self, batch: Batch, now: Moment) -> Vec<Output> {
        let mut outputs = Vec::new();
        if !batch.changes.is_empty() {
            outputs.push(Output::Persist(batch.changes));
        }
        outputs.extend(batch.notes.into_iter().map(Output::Note));
        outputs.extend(batch.outputs);
        outputs.extend(batch.events.into_iter().map(Output::Tell));
        let wake_at = self
            .lines
            .values_mut()
            .filter_map(|line| line.wake_at(now))
            .min();
        if wake_at != self.wake_at {
            self.wake_at = wake_at;
            outputs.extend(wake_at.map(Output::WakeAt));
        }
        outputs
    }
}

impl<A: Agreement> Line<A> {
    fn settle(&mut self) {
        self.log.settle();
    }

    /// A signature came back: of an entry, or of a request for a new generation.
    fn signed(&mut self, ticket: u64, signature: Signature, now: Moment) {
        if self.generation_ticket == Some(ticket) {
            self.generation_ticket = None;
            if self.channel.send_generation_request(signature.0).is_ok() {
                self.key_pace = KeyPace::new(now.monotonic);
                self.persist_channel();
            }
            return;
        }
        let Some((entry, command)) = self.composer.signed(ticket, signature) else {
            return;
        };
        let id = entry.id();
        self.take(Came::Ours, entry, now);
        if let Some(ticket) = command {
            self.batch.answers.push(Event::Done {
                ticket,
                entry: Some(id),
            });
        }
    }

    /// Everything that is to be done on this line now.
    fn finish_batch(&mut self, now: Moment) -> Batch {
        if self.ended {
            self.batch = Batch::default();
            let line = self.id;
            return Batch {
                events: vec![Event::BootEnds { line }],
                ..Batch::default()
            };
        }
        if self.channel.rotate_if_due(now.monotonic) == Ok(true) {
            self.key_pace = KeyPace::new(now.monotonic);
            self.persist_channel();
        }
        self.send_due(now);
        self.keep_pace(now);
        let grown = core::mem::take(&mut self.grown);
        let progress = grown
            .iter()
            .filter_map(|chain| self.progress(chain))
            .collect::<Vec<_>>();
        self.batch.changes.extend(progress);
        if self.batch.changes.is_empty() {
            self.tell_standing(now);
            return core::mem::take(&mut self.batch);
        }
        // What is to be persisted and sent goes first: how the line stands then is told by the next drain, and
        // whoever asked is answered after that.
        let mut batch = core::mem::take(&mut self.batch);
        self.batch.answers = core::mem::take(&mut batch.answers);
        batch
    }

    /// How the line stands now, and the answers to those who asked for a change of that.
    fn tell_standing(&mut self, now: Moment) {
        self.tell_status(now);
        // A missed test is a cause of an alarm.
        self.tell_tests(now);
        self.tell_alarms(now);
        self.tell_rings();
        self.tell_contacts();
        let answers = core::mem::take(&mut self.batch.answers);
        self.batch.events.extend(answers);
    }

    fn progress(&self, chain: &Chain) -> Option<Change> {
        let log = self.log.chain(chain)?;
        Some(Change::Progress {
            line: self.id,
            chain: *chain,
            size: log.size(),
            last: log.last()?,
            edge: log.edge().to_bytes(),
        })
    }
}
