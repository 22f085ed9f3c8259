//! Situations with a liar: a boot of Washington's that has the node's key and channel. And: a history with one can be
//! replayed.

use std::collections::BTreeMap;

use openline_proto::bodies::Body as FrameBody;
use openline_proto::config::Cadences;
use openline_proto::contract::{Command, Event, Input, Misbehaviour, Moment, Route};
use openline_proto::packed;
use openline_seal::{BearerId, Padding};
use openline_sim::disk::Disk;
use openline_sim::history::{self, About};
use openline_sim::sabotage::Planted;
use openline_sim::station::{LINE, Node, Station, opened_line};
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Kind, Mark, Precedence, Stream};
use openline_wire::compress::{Codec, Effort};
use openline_wire::entry::{self, Entry, SignedEntry};
use openline_wire::fact::{Fact, Start};
use openline_wire::header::{Actor, Chain, Head, Header};
use openline_wire::ids::{Author, BootId, EntryId};

const WAY: Route = Route { bearer: 0, path: 0 };
const LIAR: BootId = BootId([66; 16]);

fn at(ms: u64) -> Moment {
    Moment {
        monotonic: ms,
        wall: 1_800_000_000_000 + ms,
    }
}

/// Washington and Moscow on a wire of 5 ms, and who lies to Moscow in Washington's name.
struct Line {
    nodes: [Node; 2],
    stations: [Station; 2],
    now: u64,
    lies: u8,
}

impl Line {
    fn open() -> Self {
        let (washington, moscow) = opened_line(Cadences::default());
        let start = |node: &Node, boot| boot_on(node, Disk::default(), boot, 0);
        let stations = [start(&washington, 1), start(&moscow, 2)];
        let mut line = Self {
            nodes: [washington, moscow],
            stations,
            now: 0,
            lies: 0,
        };
        line.run(2_000);
        line
    }

    fn run(&mut self, ms: u64) {
        let mut flying: Vec<(u64, usize, Vec<u8>)> = Vec::new();
        for now in self.now..self.now + ms {
            let (due, later): (Vec<_>, Vec<_>) =
                flying.into_iter().partition(|(due, ..)| *due <= now);
            flying = later;
            for (_, to, bytes) in due {
                self.stations[to].handle(at(now), Input::Frame { route: WAY, bytes });
            }
            for to in 0..2 {
                let station = &mut self.stations[1 - to];
                assert!(station.pump(at(now), &mut u64::MAX.clone()));
                let sent = std::mem::take(&mut station.sent);
                flying.extend(sent.into_iter().map(|(_, bytes)| (now + 5, to, bytes)));
            }
        }
        self.now += ms;
    }

    fn say(&mut self, who: usize, precedence: Precedence, text: &str) {
        let command = Command::Say {
            language: "en".into(),
            text: text.into(),
            precedence,
            mark: Mark::Real,
            reply_to: None,
            files: Vec::new(),
        };
        self.stations[who].command(at(self.now), self.now, command);
    }

    /// Moscow restarts on its disk.
    fn restart_moscow(&mut self, boot: u8) {
        let disk = self.stations[1].disk.clone();
        self.stations[1] = boot_on(&self.nodes[1], disk, boot, self.now);
        self.run(3_000);
    }

    fn liar(&self) -> Author {
        Author {
            boot: LIAR,
            ..self.stations[0].author()
        }
    }

    /// An entry signed by the liar: its start, and behind it notes without words.
    fn signed(&self, before: Option<&Entry>, change: impl FnOnce(&mut Header)) -> Entry {
        let fact = Fact::Start(Start { frontier: vec![] }).to_bytes();
        let mut header = Header {
            line: LINE,
            author: self.liar(),
            stream: Stream::Urgent,
            sequence: before.map_or(0, |entry| entry.header().sequence + 1),
            previous: before.map(Entry::id),
            heads: Vec::new(),
            time: at(self.now).wall,
            kind: before.map_or(Kind::Start, |_| Kind::Message),
            mark: Mark::Real,
            precedence: Precedence::Flash,
            reply_to: None,
            actor: Actor::station(),
            fact: before.map_or(fact, |_| Vec::new()),
            commitment: None,
        };
        change(&mut header);
        let bytes = header.to_bytes();
        let signature = self.nodes[0].sign(&entry::to_be_signed(&bytes));
        let signed = SignedEntry::new(bytes, signature, None).expect("a sound entry");
        signed.trust_own_store()
    }

    /// Sealed with the channel that was copied off Washington's disk, and taken by Moscow.
    fn lie(&mut self, entries: &[&Entry]) {
        let mut channel = self.nodes[0].channel(&self.stations[0].disk, LIAR);
        self.lies += 1;
        channel.attach(BearerId(0), [self.lies; 16], Padding::None);
        let mut codec = Codec::new();
        let packed = entries
            .iter()
            .map(|entry| packed::whole(entry, packed::body(entry, &mut codec, Effort::Full)));
        let body = FrameBody::Entries(packed.collect()).to_bytes();
        let bytes = channel.seal(BearerId(0), &body).expect("it has the keys");
        self.stations[1].handle(at(self.now), Input::Frame { route: WAY, bytes });
        self.run(1_000);
    }

    /// Whom Moscow accuses, and of what.
    fn accused(&self) -> BTreeMap<BootId, Vec<Misbehaviour>> {
        let mut accused: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for event in &self.stations[1].told {
            if let Event::Misbehaved { by, what, .. } = event {
                accused.entry(by.boot).or_default().push(*what);
            }
        }
        accused
    }

    fn equal(&self) -> bool {
        let [one, other] = [0, 1].map(|who| &self.stations[who].disk);
        one.places().eq(other.places())
    }
}

fn boot_on(node: &Node, disk: Disk, boot: u8, now: u64) -> Station {
    Station::start(node, disk, BootId([boot; 16]), [boot; 32], at(now))
}

/// OL-414: the first stays, people are told, the line goes on.
#[test]
fn washingtons_liar_signs_two_entries_for_one_place_and_moscow_shows_it() {
    let mut line = Line::open();
    let start = line.signed(None, |_| {});
    let first = line.signed(Some(&start), |_| {});
    let second = line.signed(Some(&start), |header| header.time += 1);
    line.lie(&[&start, &first]);
    assert_eq!(line.accused(), BTreeMap::new());
    line.lie(&[&second]);
    let named = BTreeMap::from([(LIAR, vec![Misbehaviour::Equivocation])]);
    assert_eq!(line.accused(), named);
    line.say(0, Precedence::Flash, "This is really Washington.");
    line.run(500);
    let place = first.header().chain();
    assert_eq!(line.stations[1].disk.holds(&place, 1), Some(first.id()));
    assert!(line.equal(), "the honest boots' traffic goes on");
}

/// OL-414: the same after Moscow restarted, and has the first entry on its disk alone. It comes once more, in front.
#[test]
fn the_second_entry_comes_when_the_first_is_only_on_disk() {
    let mut line = Line::open();
    let start = line.signed(None, |_| {});
    let first = line.signed(Some(&start), |_| {});
    let second = line.signed(Some(&start), |header| header.time += 1);
    let third = line.signed(Some(&first), |_| {});
    line.lie(&[&start, &first, &third]);
    line.restart_moscow(3);
    line.lie(&[&first, &second]);
    let named = BTreeMap::from([(LIAR, vec![Misbehaviour::Equivocation])]);
    assert_eq!(line.accused(), named);
}

/// OL-415: a head is the word of whoever signed it. Moscow does not call an earlier boot of its own a teller of two
/// stories because a liar names another entry for it.
#[test]
fn a_liar_names_a_false_head_of_moscows_earlier_boot_and_nobody_else_is_blamed() {
    let mut line = Line::open();
    line.say(1, Precedence::Flash, "Moscow speaks.");
    line.run(500);
    line.restart_moscow(3);
    let author = Author {
        boot: BootId([2; 16]),
        ..line.stations[1].author()
    };
    let stream = Stream::Urgent;
    let chain = Chain { author, stream };
    let size = line.stations[1].disk.load(&chain, 0, 9).len() as u64;
    let false_head = Head {
        chain,
        size,
        last: EntryId([9; 32]),
    };
    let start = line.signed(None, |_| {});
    let entry = line.signed(Some(&start), |header| header.heads = vec![false_head]);
    line.lie(&[&start, &entry]);
    assert_eq!(
        line.stations[1].disk.holds(&entry.header().chain(), 1),
        Some(entry.id())
    );
    assert_eq!(line.accused(), BTreeMap::new());
}

/// OL-415: what a boot says of another boot of its own party binds that party.
#[test]
fn a_liar_names_a_false_head_of_washingtons_own_boot_and_washington_contradicts_itself() {
    let mut line = Line::open();
    let author = line.stations[0].author();
    let stream = Stream::Urgent;
    let chain = Chain { author, stream };
    let size = line.stations[1].disk.load(&chain, 0, 9).len() as u64;
    let last = EntryId([9; 32]);
    let false_head = Head { chain, size, last };
    let start = line.signed(None, |header| header.heads = vec![false_head]);
    line.lie(&[&start]);
    let named = BTreeMap::from([(LIAR, vec![Misbehaviour::Divergence])]);
    assert_eq!(line.accused(), named);
}

/// OL-412: one who signs with another's name is refused, and the name's owner is not blamed.
#[test]
fn an_entry_in_moscows_name_with_washingtons_signature_is_refused() {
    let mut line = Line::open();
    let moscow = line.stations[1].author();
    let author = Author {
        boot: BootId([77; 16]),
        ..moscow
    };
    let forged = line.signed(None, |header| header.author = author);
    line.lie(&[&forged]);
    assert_eq!(
        line.stations[1].disk.holds(&forged.header().chain(), 0),
        None
    );
    let named = BTreeMap::from([(LIAR, vec![Misbehaviour::BadSignature])]);
    assert_eq!(line.accused(), named);
}

#[test]
fn a_history_with_a_liar_is_the_same_whenever_it_is_replayed() {
    let play = |seed| {
        history::run(seed, About::Anything, Planted::Nothing, true).expect("no rule is broken")
    };
    let lies = |trace: &Vec<String>| trace.iter().any(|line| line.contains("liar to"));
    let told = (0..)
        .map(|seed| (seed, play(seed)))
        .find(|(_, trace)| lies(trace));
    let (seed, trace) = told.expect("in one world of seven somebody lies");
    assert_eq!(play(seed), trace);
}
