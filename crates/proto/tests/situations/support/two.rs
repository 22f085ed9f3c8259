//! Two stations that test their line: a virtual clock, and an exchange that loses and delays.
//!
//! What an outbox does is taken as given: an entry is sent again until it arrives, so a loss is a delay.

use std::collections::BTreeMap;

use openline_proto::contract::Moment;
use openline_proto::line_test::book::Book;
use openline_proto::line_test::schedule::Figures;
use openline_proto::line_test::told::{Do, Note, Told};
use openline_wire::cbor::Canonical as _;
use openline_wire::fact::{Fact, digest_of};
use openline_wire::ids::{Author, BootId, Digest, EntryId, NodeId, PartyId};

pub const HOUR: u64 = 3_600_000;

/// Midnight, UTC: an even hour.
pub const MIDNIGHT: u64 = 1_652_918_400_000;

pub struct Station {
    pub book: Book,
    pub author: Author,
    seed: u8,
    written: u64,
    /// When it began; its monotonic clock counts from there.
    pub began: u64,
    /// How much its wall clock is ahead of the world's.
    pub ahead: i64,
    pub is_dead: bool,
    /// Whether somebody reads the tests that come in.
    pub is_attended: bool,
    /// What it holds, and when that was stored.
    pub held: Vec<(u64, Note)>,
    pub told: Vec<(u64, Told)>,
    /// The texts that it sent.
    pub sent: Vec<(u64, Digest)>,
}

/// The world's clock, two stations, and what is under way between them.
pub struct World {
    pub now: u64,
    pub stations: [Station; 2],
    under_way: BTreeMap<(u64, u64), (usize, What)>,
    count: u64,
    random: u64,
    /// How many of a thousand sendings are lost.
    pub loss: u64,
}

enum What {
    Arrives(Box<Note>),
    PersonReads(EntryId),
}

impl Station {
    fn new(number: u8, boot: u8, began: u64) -> Self {
        let author = Author {
            party: PartyId([number + 1; 32]),
            node: NodeId([number + 1; 32]),
            boot: BootId([boot; 16]),
        };
        let place = (usize::from(number), 2);
        let seed = [boot.wrapping_mul(7) ^ number; 32];
        Self {
            book: Book::new(author, place, Figures::default(), seed, 0),
            author,
            seed: boot,
            written: 0,
            began,
            ahead: 0,
            is_dead: false,
            is_attended: true,
            held: Vec::new(),
            told: Vec::new(),
            sent: Vec::new(),
        }
    }

    fn moment(&self, now: u64) -> Moment {
        Moment {
            monotonic: now - self.began,
            wall: (MIDNIGHT + now)
                .checked_add_signed(self.ahead)
                .expect("a time"),
        }
    }
}

impl World {
    pub fn new() -> Self {
        let mut world = Self {
            now: 0,
            stations: [Station::new(0, 1, 0), Station::new(1, 1, 0)],
            under_way: BTreeMap::new(),
            count: 0,
            random: 0x9E37_79B9_7F4A_7C15,
            loss: 300,
        };
        world.wake(0);
        world.wake(1);
        world
    }

    fn wake(&mut self, which: usize) {
        let moment = self.stations[which].moment(self.now);
        let done = self.stations[which].book.woken(moment);
        let again = self.stations[which].book.wake_at(moment);
        assert!(again > moment.monotonic, "it would be woken for ever");
        self.carry_out(which, done);
    }

    /// xorshift64: the same in every run.
    pub fn draw(&mut self, below: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % below
    }

    /// A station begins anew, with what its disk holds, after so long.
    pub fn restart(&mut self, which: usize) {
        let now = self.now;
        let old = &self.stations[which];
        let mut new = Station::new(which as u8, old.seed + 1, now);
        (new.ahead, new.is_attended) = (old.ahead, old.is_attended);
        new.told = old.told.clone();
        new.sent = old.sent.clone();
        new.held = old.held.clone();
        let held = new.held.clone();
        for (stored, mut note) in held.into_iter().rev() {
            note.age = (now - stored).max(1);
            assert_eq!(new.book.observe(&note, 0), [], "an old entry is no news");
        }
        self.stations[which] = new;
        self.wake(which);
    }

    pub fn run_until(&mut self, end: u64) {
        loop {
            let wakes = self
                .stations
                .iter()
                .enumerate()
                .filter(|(_, it)| !it.is_dead);
            let wakes = wakes.map(|(which, it)| {
                let at = it.book.wake_at(it.moment(self.now)) + it.began;
                (at.max(self.now), which)
            });
            let wake = wakes.min();
            let arrival = self.under_way.keys().next().map(|(at, _)| *at);
            let next = wake.map(|(at, _)| at).into_iter().chain(arrival).min();
            let Some(next) = next.filter(|at| *at <= end) else {
                self.now = end;
                return;
            };
            assert!(next >= self.now);
            self.now = next;
            if arrival == Some(next) {
                let (_, (to, what)) = self.under_way.pop_first().expect("it is there");
                self.arrives(to, what);
            } else if let Some((_, which)) = wake {
                self.wake(which);
            }
        }
    }

    fn arrives(&mut self, to: usize, what: What) {
        let now = self.now;
        let station = &mut self.stations[to];
        if station.is_dead {
            if let What::Arrives(note) = what {
                // Its outbox goes on until it is there again.
                self.later(60_000, to, What::Arrives(note));
            }
            return;
        }
        match what {
            What::Arrives(note) => {
                station.held.push((now, *note.clone()));
                let done = station.book.observe(&note, now - station.began);
                self.carry_out(to, done);
            }
            What::PersonReads(text) => {
                if let Ok(fact) = station.book.read(&text) {
                    self.write(to, "Orlova", fact, None);
                }
            }
        }
    }

    pub fn carry_out(&mut self, which: usize, done: Vec<Do>) {
        for it in done {
            match it {
                Do::Write(fact, text) => {
                    let content = text.map(|text| digest_of(&text.to_bytes()));
                    self.write(which, "", fact, content);
                }
                Do::Tell(told) => {
                    if let Told::TheirsRead { text } = told {
                        let is_attended = self.stations[which].is_attended;
                        let minutes = self.draw(10);
                        if is_attended {
                            self.later(minutes * 60_000, which, What::PersonReads(text));
                        }
                    }
                    self.stations[which].told.push((self.now, told));
                }
            }
        }
    }

    fn write(&mut self, which: usize, actor: &str, fact: Fact, content: Option<Digest>) {
        let now = self.now;
        let station = &mut self.stations[which];
        let mut id = [station.author.party.0[0]; 32];
        id[1] = station.author.boot.0[0];
        id[2..10].copy_from_slice(&station.written.to_be_bytes());
        station.written += 1;
        let note = Note {
            id: EntryId(id),
            author: station.author,
            actor: actor.to_owned(),
            age: 0,
            content,
            fact,
        };
        station.sent.extend(content.map(|content| (now, content)));
        station.held.push((now, note.clone()));
        let done = station.book.observe(&note, now - station.began);
        assert_eq!(done, []);
        let mut delay = 50 + self.draw(200);
        while self.draw(1_000) < self.loss {
            delay += 1_000;
        }
        self.later(delay, 1 - which, What::Arrives(Box::new(note)));
    }

    fn later(&mut self, delay: u64, to: usize, what: What) {
        self.count += 1;
        let at = (self.now + delay, self.count);
        self.under_way.insert(at, (to, what));
    }

    /// Scheduled call-ups that a station wrote.
    pub fn called_up(&self, which: usize) -> Vec<u64> {
        let station = &self.stations[which];
        let own = station.held.iter();
        let own = own.filter(|(_, note)| note.author.party == station.author.party);
        let called = own.filter(|(_, note)| matches!(note.fact, Fact::CallUp(_)));
        called.map(|(at, _)| *at).collect()
    }
}
