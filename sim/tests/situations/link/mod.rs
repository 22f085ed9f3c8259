//! Two stations and one link between them, on a virtual clock.

pub mod exercise;

use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Moment, Route};
use openline_seal::Agreement;
use openline_sim::agreement::ScriptedAgreement;
use openline_sim::disk::Disk;
use openline_sim::station::{LINE, Node, Station, opened_line};
use openline_wire::attachment::Attachment;
use openline_wire::codes::{Kind, Mark, Precedence};
use openline_wire::header::Actor;
use openline_wire::ids::BootId;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

const WAY: Route = Route { bearer: 0, path: 0 };

pub fn at(ms: u64) -> Moment {
    Moment {
        monotonic: ms,
        wall: 1_800_000_000_000 + ms,
    }
}

/// Two stations on a link that takes `delay` ms one way and loses frames.
pub struct Link<A: Agreement = ScriptedAgreement> {
    pub stations: [Station<A>; 2],
    flying: Vec<(u64, usize, Vec<u8>)>,
    rng: ChaCha20Rng,
    delay: u64,
    loss_permille: u64,
    /// Bits a second; none is no limit.
    rate: Option<u64>,
    /// When each direction's sender has sent what stands in its queue, in microseconds.
    busy_until: [u64; 2],
    /// Frames of one burst that each direction has room for; none is all.
    pub room: Option<usize>,
    /// What the queue before the link holds at most, in milliseconds of the link; none is no limit.
    pub queue_ms: Option<u64>,
    pub cut: bool,
    /// By how much the first station's clock on the wall is ahead.
    pub ahead: u64,
    pub now: u64,
    pub frames: u64,
    pub bytes: u64,
}

impl Link {
    /// A line that has been open for a while.
    pub fn new(delay: u64, loss_permille: u64) -> Self {
        let mut link = Self::between(opened_line(Cadences::default()), delay, loss_permille, None);
        link.run(20_000);
        link
    }

    /// The machine dies and starts again on what is on its disk.
    pub fn restart(&mut self, which: usize, boot: u8) {
        let nodes = opened_line(Cadences::default());
        let node = if which == 0 { &nodes.0 } else { &nodes.1 };
        let disk = self.stations[which].disk.clone();
        let (id, seed) = (BootId([boot; 16]), [boot; 32]);
        self.stations[which] = Station::start(node, disk, id, seed, at(self.now));
    }
}

impl<A: Agreement> Link<A> {
    /// Both stations are switched on at this moment.
    pub fn between(
        (one, other): (Node<A>, Node<A>),
        delay: u64,
        loss_permille: u64,
        rate: Option<u64>,
    ) -> Self {
        let start = |node, boot: u8| {
            Station::start(node, Disk::default(), BootId([boot; 16]), [boot; 32], at(0))
        };
        Self {
            stations: [start(&one, 1), start(&other, 2)],
            flying: Vec::new(),
            rng: ChaCha20Rng::seed_from_u64(7),
            delay,
            loss_permille,
            rate,
            busy_until: [0; 2],
            room: None,
            queue_ms: None,
            cut: false,
            ahead: 0,
            now: 0,
            frames: 0,
            bytes: 0,
        }
    }

    pub fn run(&mut self, ms: u64) {
        let until = self.now + ms;
        while self.now < until {
            self.now += 1;
            self.step();
        }
    }

    fn step(&mut self) {
        let now = self.now;
        let (due, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.flying)
            .into_iter()
            .partition(|(due, ..)| *due <= now);
        self.flying = later;
        for (_, to, bytes) in due {
            let moment = self.moment(to);
            self.stations[to].handle(moment, Input::Frame { route: WAY, bytes });
        }
        for from in 0..2 {
            let mut steps = u64::MAX;
            let moment = self.moment(from);
            assert!(self.stations[from].pump(moment, &mut steps));
            let sent = std::mem::take(&mut self.stations[from].sent);
            let room = self.room.unwrap_or(sent.len());
            for (_, bytes) in sent.into_iter().take(room) {
                self.frames += 1;
                self.bytes += bytes.len() as u64 + 28;
                let lost = u64::from(self.rng.next_u32()) % 1000 < self.loss_permille;
                let waits = (self.busy_until[from] / 1_000).saturating_sub(self.now);
                if self.queue_ms.is_some_and(|most| waits > most) {
                    continue;
                }
                let sent = self.leaves(from, bytes.len() as u64 + 28);
                if !lost && !self.cut {
                    self.flying.push((sent + self.delay, 1 - from, bytes));
                }
            }
        }
    }

    /// Now, by the clocks of a station.
    pub fn moment(&self, station: usize) -> Moment {
        let Moment { monotonic, wall } = at(self.now);
        let ahead = if station == 0 { self.ahead } else { 0 };
        Moment {
            monotonic,
            wall: wall + ahead,
        }
    }

    /// When the last bit of a packet has left, behind what stands before it in the queue.
    fn leaves(&mut self, from: usize, bytes: u64) -> u64 {
        let Some(rate) = self.rate else {
            return self.now;
        };
        let begin = self.busy_until[from].max(self.now * 1_000);
        self.busy_until[from] = begin + bytes * 8 * 1_000_000 / rate;
        self.busy_until[from].div_ceil(1_000)
    }

    pub fn say(&mut self, ticket: u64, precedence: Precedence) {
        let text = "The convoy of four lorries passes the northern bridge at half past six, without escort.";
        self.say_text(ticket, precedence, text);
    }

    pub fn say_text(&mut self, ticket: u64, precedence: Precedence, text: &str) {
        self.say_with(ticket, precedence, text, Vec::new());
    }

    /// Says it with these files, whose bytes are on the first station's disk.
    pub fn say_with(
        &mut self,
        ticket: u64,
        precedence: Precedence,
        text: &str,
        files: Vec<Attachment>,
    ) {
        let command = Command::Say {
            language: "en".into(),
            text: text.into(),
            precedence,
            mark: Mark::Real,
            reply_to: None,
            files,
        };
        let input = Input::Command {
            ticket,
            line: LINE,
            actor: Actor::station(),
            command,
        };
        self.stations[0].handle(at(self.now), input);
    }

    pub fn received(&self) -> usize {
        let is_message = |event: &&Event| matches!(event, Event::Stored(stored) if stored.entry.header().kind == Kind::Message);
        self.stations[1].told.iter().filter(is_message).count()
    }

    pub fn known(&self) -> u64 {
        self.stations[0]
            .status(at(self.now))
            .map_or(u64::MAX, |status| status.unconfirmed)
    }

    /// Milliseconds until received and until known, one message at a time.
    pub fn times(&mut self, count: u64, precedence: Precedence) -> (Vec<u64>, Vec<u64>) {
        let (mut received, mut known) = (Vec::new(), Vec::new());
        for ticket in 0..count {
            let (before, from) = (self.received(), self.now);
            self.say(ticket, precedence);
            let mut first = None;
            while first.is_none() || self.known() > 0 {
                self.now += 1;
                self.step();
                if first.is_none() && self.received() > before {
                    first = Some(self.now - from);
                }
                assert!(
                    self.now < from + 60_000,
                    "a message took more than a minute"
                );
            }
            received.extend(first);
            known.push(self.now - from);
            self.run(300);
        }
        received.sort_unstable();
        known.sort_unstable();
        (received, known)
    }
}
