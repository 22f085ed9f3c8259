//! Washington's station, Moscow's, and somebody who has all that Moscow's node has.

use std::collections::BTreeSet;

use openline_proto::alarm::cause::Cause;
use openline_proto::bodies::{Body, HaveChain};
use openline_proto::bodies::{Echo, Have};
use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Misbehaviour, Moment, Route};
use openline_proto::packed::{Packed, PackedHeader};
use openline_seal::{BearerId, Channel, Padding};
use openline_sim::agreement::ScriptedAgreement;
use openline_sim::disk::Disk;
use openline_sim::station::{LINE, Node, Station, opened_line};
use openline_wire::cbor::Canonical as _;
use openline_wire::codes::{Kind, Mark, Precedence, Stream};
use openline_wire::entry;
use openline_wire::fact::{Fact, Frontier, Start};
use openline_wire::header::{Actor, Chain, Head, Header};
use openline_wire::ids::{Author, BootId, Digest, EntryId};
use openline_wire::limits;
use openline_wire::text::Text;

/// Where the peer is known to be.
pub const WAY: Route = Route { bearer: 0, path: 0 };

pub const UDP: BearerId = BearerId(0);

pub struct World {
    pub nodes: (Node, Node),
    pub washington: Station,
    pub moscow: Station,
    pub now: u64,
    /// By how much Moscow's wall clock is ahead.
    pub skew: i64,
    boots: u8,
}

impl World {
    /// A line that has been open for a while, and is sealed by the agreement.
    pub fn open() -> Self {
        let nodes = opened_line(Cadences::default());
        let start = |node, boot: u8| {
            let (id, seed) = (BootId([boot; 16]), [boot; 32]);
            Station::start(node, Disk::default(), id, seed, at(0))
        };
        let mut world = Self {
            washington: start(&nodes.0, 1),
            moscow: start(&nodes.1, 2),
            nodes,
            now: 0,
            skew: 0,
            boots: 2,
        };
        world.run(3_000);
        world.washington.told.clear();
        world
    }

    pub fn now(&self) -> Moment {
        at(self.now)
    }

    fn moscows_now(&self) -> Moment {
        let now = at(self.now);
        let wall = now.wall.saturating_add_signed(self.skew);
        Moment { wall, ..now }
    }

    /// Both stations run for so many milliseconds on a wire of 5 ms.
    pub fn run(&mut self, ms: u64) {
        let mut flying: Vec<(u64, bool, Vec<u8>)> = Vec::new();
        let start = self.now;
        for now in start..start + ms {
            self.now = now;
            let is_due = |station: &Station| station.wake_at.is_none_or(|at| at <= now);
            let stations = [&self.washington, &self.moscow];
            let moves = flying.iter().any(|(due, ..)| *due <= now);
            if now > start && !moves && !stations.into_iter().any(is_due) {
                continue;
            }
            let (due, later): (Vec<_>, Vec<_>) =
                flying.into_iter().partition(|(due, ..)| *due <= now);
            flying = later;
            for (_, to_moscow, bytes) in due {
                let input = Input::Frame { route: WAY, bytes };
                match to_moscow {
                    true => self.moscow.handle(self.moscows_now(), input),
                    false => self.washington.handle(self.now(), input),
                }
            }
            let (ours, theirs) = (self.now(), self.moscows_now());
            for (station, now) in [(&mut self.washington, ours), (&mut self.moscow, theirs)] {
                if station.wake_at.take_if(|at| *at <= now.monotonic).is_some() {
                    station.handle(now, Input::Woken);
                }
            }
            assert!(self.washington.pump(ours, &mut u64::MAX.clone()));
            assert!(self.moscow.pump(theirs, &mut u64::MAX.clone()));
            let sent = [
                (true, std::mem::take(&mut self.washington.sent)),
                (false, std::mem::take(&mut self.moscow.sent)),
            ];
            for (to_moscow, frames) in sent {
                for (_, bytes) in frames {
                    assert!(bytes.len() <= limits::DATAGRAM, "{} bytes", bytes.len());
                    flying.push((now + 5, to_moscow, bytes));
                }
            }
        }
        self.now += 1;
    }

    /// Moscow's machine starts again from its disk.
    pub fn restart_moscow(&mut self) {
        self.boots += 1;
        let (id, seed) = (BootId([self.boots; 16]), [self.boots; 32]);
        let disk = self.moscow.disk.clone();
        self.moscow = Station::start(&self.nodes.1, disk, id, seed, self.moscows_now());
    }

    /// Moscow stops, and whoever has its keys speaks in its place.
    pub fn liar(&self) -> Liar {
        Liar::of(&self.nodes.1, &self.moscow.disk)
    }

    /// Washington takes what the liar sends, and what it wants done is done. Returns what it sends.
    pub fn hear(&mut self, frames: Vec<Vec<u8>>) -> Vec<(Route, Vec<u8>)> {
        self.hear_on(WAY, frames)
    }

    pub fn hear_on(&mut self, route: Route, frames: Vec<Vec<u8>>) -> Vec<(Route, Vec<u8>)> {
        for bytes in frames {
            self.washington
                .handle(self.now(), Input::Frame { route, bytes });
        }
        let now = self.now();
        assert!(self.washington.pump(now, &mut u64::MAX.clone()));
        std::mem::take(&mut self.washington.sent)
    }

    /// What Washington was told of misbehaviour.
    pub fn named(&self) -> BTreeSet<Misbehaviour> {
        let what = |event: &Event| match event {
            Event::Misbehaved { what, .. } => Some(*what),
            _ => None,
        };
        self.washington.told.iter().filter_map(what).collect()
    }

    /// How often an alarm said that more was sent than is taken in.
    pub fn flood_alarms(&self) -> usize {
        let is_flood = |event: &&Event| match event {
            Event::Alarm { alarm, .. } => alarm.key.cause == Cause::Flood,
            _ => false,
        };
        self.washington.told.iter().filter(is_flood).count()
    }

    /// The pieces of evidence on Washington's disk, as its station would read them at its next start.
    pub fn evidence(&self) -> usize {
        self.washington.disk.evidence()
    }

    /// A text from Washington arrives at Moscow's honest station, which starts again.
    pub fn our_side_goes_on(&mut self) {
        self.restart_moscow();
        self.say_at_washington("Our side goes on.");
        self.run(8_000);
        assert_eq!(texts(&self.moscow.disk, "Our side goes on."), 1);
    }

    pub fn say_at_washington(&mut self, text: &str) {
        let now = self.now();
        self.washington.command(now, 7, say(text));
    }

    pub fn say_at_moscow(&mut self, text: &str) {
        let now = self.moscows_now();
        self.moscow.command(now, 7, say(text));
    }
}

pub fn at(ms: u64) -> Moment {
    Moment {
        monotonic: ms,
        wall: 1_800_000_000_000 + ms,
    }
}

/// A FLASH.
pub fn say(text: &str) -> Command {
    say_as(text, Precedence::Flash)
}

/// A routine text.
pub fn routine(text: &str) -> Command {
    say_as(text, Precedence::Routine)
}

fn say_as(text: &str, precedence: Precedence) -> Command {
    Command::Say {
        language: "en".into(),
        text: text.into(),
        precedence,
        mark: Mark::Real,
        reply_to: None,
        files: Vec::new(),
    }
}

/// How often a disk holds a text.
pub fn texts(disk: &Disk, wanted: &str) -> usize {
    let is_wanted = |content: &[u8]| Text::from_bytes(content).is_ok_and(|it| it.text == wanted);
    let bodies = disk.entries().filter_map(|stored| stored.entry.body());
    bodies.filter(|body| is_wanted(&body.content)).count()
}

/// Somebody with Moscow's node key and channel.
pub struct Liar {
    pub node: Node,
    pub channel: Channel<ScriptedAgreement>,
    pub boot: BootId,
    clock: u64,
}

impl Liar {
    fn of(node: &Node, disk: &Disk) -> Self {
        Self::under(node, disk, BootId([0x66; 16]))
    }

    /// The same under another boot's name.
    pub fn under(node: &Node, disk: &Disk, boot: BootId) -> Self {
        let mut channel = node.channel(disk, boot);
        channel.attach(UDP, boot.0, Padding::None);
        Self {
            node: node.clone(),
            channel,
            boot,
            clock: 1,
        }
    }

    pub fn author(&self) -> Author {
        author(&self.node, self.boot)
    }

    pub fn frame(&mut self, plaintext: &[u8]) -> Vec<u8> {
        self.channel.seal(UDP, plaintext).expect("a key")
    }

    /// One frame for each body.
    pub fn frames(&mut self, bodies: &[Body]) -> Vec<Vec<u8>> {
        bodies
            .iter()
            .map(|body| self.frame(&body.to_bytes()))
            .collect()
    }

    /// One frame for each entry.
    pub fn entries(&mut self, entries: &[Header]) -> Vec<Vec<u8>> {
        let bodies: Vec<Body> = entries
            .iter()
            .map(|header| Body::Entries(vec![self.signed(header)]))
            .collect();
        self.frames(&bodies)
    }

    pub fn signed(&self, header: &Header) -> Packed {
        let bytes = header.to_bytes();
        Packed {
            signature: self.node.sign(&entry::to_be_signed(&bytes)),
            header: PackedHeader::Whole(bytes),
            body: None,
        }
    }

    /// A *have* that lists these chains.
    pub fn have(&mut self, whole: bool, chains: Vec<HaveChain>) -> Have {
        self.clock += 1;
        Have {
            challenge: self.clock,
            wall: at(self.clock).wall,
            whole,
            answer: false,
            echo: None::<Echo>,
            confirms: Vec::new(),
            report: None,
            chains,
            rings: Vec::new(),
        }
    }
}

pub fn author(node: &Node, boot: BootId) -> Author {
    Author {
        party: node.side.party,
        node: node.side.node,
        boot,
    }
}

/// A start that names these chains.
pub fn start(author: Author, frontier: Vec<Frontier>) -> Header {
    let fact = Fact::Start(Start { frontier }).to_bytes();
    Header {
        stream: Stream::Urgent,
        kind: Kind::Start,
        fact,
        ..plain(author, 0, None)
    }
}

/// An entry in the traffic stream of a kind that nobody knows yet.
pub fn plain(author: Author, sequence: u64, previous: Option<EntryId>) -> Header {
    Header {
        line: LINE,
        author,
        stream: Stream::Traffic,
        sequence,
        previous,
        heads: Vec::new(),
        time: at(0).wall,
        kind: Kind::Unknown(99),
        mark: Mark::Real,
        precedence: Precedence::Routine,
        reply_to: None,
        actor: Actor::station(),
        fact: Vec::new(),
        commitment: None,
    }
}

/// A chain of so many entries, each naming the one before it.
pub fn chain(author: Author, count: u64) -> Vec<Header> {
    let mut headers: Vec<Header> = Vec::new();
    for sequence in 0..count {
        let previous = headers.last().map(id);
        headers.push(plain(author, sequence, previous));
    }
    headers
}

pub fn id(header: &Header) -> EntryId {
    entry::id_of(&header.to_bytes())
}

pub fn head(chain: Chain, size: u64, last: EntryId) -> Head {
    Head { chain, size, last }
}

/// How a start names an earlier boot's urgent chain, which ends with this entry.
pub fn end_of(last: &Header) -> Frontier {
    Frontier {
        boot: last.author.boot,
        stream: last.stream,
        size: last.sequence + 1,
        last: id(last),
        root: Digest([0; 32]),
    }
}

/// A note between operators.
pub fn note(text: &str) -> Command {
    Command::Note {
        language: "en".into(),
        text: text.into(),
    }
}
