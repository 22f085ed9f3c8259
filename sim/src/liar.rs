//! A peer that lies: a boot with its node's signing key and channel that says with them what no honest boot says.
//! What it writes is in [`pen`], what it claims about this moment is in [`tongue`].
//!
//! It speaks in its own boot's name, and in others' only without their signature. (Whoever has a node's key can sign
//! in the name of each of its boots. Then there is no honest boot of that node left to protect.)

mod pen;
mod rings;
mod tongue;

use std::collections::{BTreeMap, VecDeque};

use openline_proto::bodies::{self, Body};
use openline_proto::contract::Route;
use openline_seal::{Agreement, BearerId, Channel, Padding, Side};
use openline_wire::codes::Kind;
use openline_wire::haste::Haste;
use openline_wire::header::Chain;
use openline_wire::ids::{Author, BootId, EntryId};

use crate::dice::Dice;
use crate::disk::Disk;
use crate::model::{Place, Written};
use crate::node::Node;
use crate::weather::Letter;
use crate::world::World;
use pen::Book;

/// Frames to its node that it keeps, to learn from them and to send them back.
const OVERHEARD: usize = 8;

/// Where it can be reached besides its node's machines: no machine is there, so nobody answers.
const HIDEOUT: u32 = 900;

/// Who lies.
pub struct Liar<A: Agreement> {
    /// Whose keys it has.
    pub node: usize,
    boot: BootId,
    /// The one bearer on which it can be heard; none: on all.
    bearer: Option<u8>,
    /// The channel as its node's disk had it, and that state.
    channel: Option<(Vec<u8>, Channel<A>)>,
    book: Book,
    overheard: VecDeque<Vec<u8>>,
}

/// What the liar finds on its node's disk, and what it learns from frames.
pub(crate) struct Loot {
    /// Each chain held: entries from the first on and the last of them, as far as there is no gap.
    ends: Vec<(Chain, u64, EntryId)>,
    plaintexts: Vec<Vec<u8>>,
    /// Rings, of both sides.
    rings: Vec<EntryId>,
    /// Challenges of the other side's boots.
    clocks: Vec<u64>,
    /// Frame keys of the other side that it was introduced to.
    keys: Vec<u32>,
    monotonic: u64,
    wall: u64,
}

/// One frame before it is sealed, or several with the pieces of one body; and the liar's own entries in it.
struct Speech {
    what: String,
    plaintexts: Vec<Vec<u8>>,
    carried: Vec<(Place, EntryId)>,
}

impl<A: Agreement> Liar<A> {
    /// As the seed has it.
    pub fn drawn(dice: &mut Dice, bearers: u8) -> Self {
        let is_on_one = dice.chance(500);
        Self {
            node: dice.below(2) as usize,
            boot: BootId(dice.bytes()),
            bearer: is_on_one.then(|| dice.below(u64::from(bearers)) as u8),
            channel: None,
            book: Book::default(),
            overheard: VecDeque::new(),
        }
    }

    /// In whose name it signs.
    pub fn author(&self, side: &Side) -> Author {
        Author {
            party: side.party,
            node: side.node,
            boot: self.boot,
        }
    }

    /// A frame to its node passes by.
    pub(crate) fn overhear(&mut self, frame: &[u8]) {
        if self.overheard.len() == OVERHEARD {
            self.overheard.pop_front();
        }
        self.overheard.push_back(frame.to_vec());
    }

    /// Copies the channel off its node's disk, unless it has it as it is there.
    fn steals_the_channel(
        &mut self,
        node: &Node<A>,
        disk: &Disk,
        (bearers, dice): (u8, &mut Dice),
    ) {
        let Some(state) = disk.channel() else { return };
        if self.channel.as_ref().is_some_and(|(of, _)| of == state) {
            return;
        }
        let mut channel = node.channel(disk, self.boot);
        for bearer in 0..bearers {
            channel.attach(BearerId(bearer), dice.bytes(), Padding::None);
        }
        self.channel = Some((state.to_vec(), channel));
    }

    fn loot(&mut self, disk: &Disk, now: u64, wall: u64) -> Loot {
        let mut ends: BTreeMap<Chain, (u64, EntryId)> = BTreeMap::new();
        for ((chain, at), id) in disk.places() {
            if ends.get(&chain).map_or(0, |(size, _)| *size) == at {
                ends.insert(chain, (at + 1, id));
            }
        }
        let mut loot = Loot {
            ends: ends
                .into_iter()
                .map(|(chain, (size, last))| (chain, size, last))
                .collect(),
            rings: rings_on(disk),
            plaintexts: Vec::new(),
            clocks: Vec::new(),
            keys: Vec::new(),
            monotonic: now,
            wall,
        };
        if let Some((_, channel)) = &mut self.channel {
            for opened in self.overheard.drain(..) {
                loot.learn(channel.open(&opened, now).ok());
            }
        }
        loot
    }
}

impl Loot {
    fn learn(&mut self, opened: Option<openline_seal::Opened>) {
        let Some(opened) = opened else { return };
        self.keys.extend(opened.introduced.map(|key| key.number()));
        for body in bodies::read_all(&opened.plaintext).unwrap_or_default() {
            if let Body::Have(have) = body {
                self.clocks.push(have.challenge);
            }
        }
        self.plaintexts.push(opened.plaintext);
    }
}

impl<A: Agreement> World<A> {
    /// The liar says a few things to the other node.
    pub(crate) fn lie(&mut self) {
        let Some(mut liar) = self.liar.take() else {
            return;
        };
        let of = |node: usize| {
            let machines = self.machines.iter().enumerate();
            let of_node = machines.filter(|(_, machine)| machine.node == node && !machine.is_gone);
            of_node.map(|(at, _)| at).collect::<Vec<_>>()
        };
        let (homes, targets) = (of(liar.node), of(1 - liar.node));
        if let (Some(home), Some(to)) = (self.dice.pick(&homes), self.dice.pick(&targets)) {
            self.lie_to(&mut liar, home, to);
        }
        self.liar = Some(liar);
    }

    fn lie_to(&mut self, liar: &mut Liar<A>, home: usize, to: usize) {
        let disk = self.disk(home).clone();
        let (node, wall) = (self.nodes[liar.node].clone(), self.moment(home).wall);
        let bearers = self.weather.bearers();
        liar.steals_the_channel(&node, &disk, (bearers, &mut self.dice));
        let loot = liar.loot(&disk, self.now, wall);
        for _ in 0..self.dice.between(1, 6) {
            let speech = self.speech(liar, &node, &loot);
            let Some((_, channel)) = &mut liar.channel else {
                return;
            };
            let any = self.dice.below(u64::from(bearers)) as u8;
            let bearer = liar.bearer.unwrap_or(any);
            let path = self.dice.pick(&[home as u32, HIDEOUT]).unwrap_or(HIDEOUT);
            let said = speech.plaintexts.iter();
            let frames: Vec<_> = said
                .filter_map(|plaintext| channel.seal(BearerId(bearer), plaintext).ok())
                .collect();
            // What is told under the tape alone is not taken in earnest, so nothing is owed for it.
            let in_earnest = channel.epoch() > 0;
            self.note(|| format!("liar to m{to}: {}", speech.what));
            for frame in frames {
                self.carry_lie(Route { bearer, path }, liar.node, to, &frame);
                if in_earnest {
                    let carried = speech.carried.clone();
                    self.model.lying_frames.insert(frame, carried);
                }
            }
        }
    }

    fn speech(&mut self, liar: &mut Liar<A>, node: &Node<A>, loot: &Loot) -> Speech {
        let author = liar.author(&node.side);
        if self.dice.chance(400) {
            return tongue::speech(&mut self.dice, author, node, loot);
        }
        let mut pen = pen::Pen {
            dice: &mut self.dice,
            node,
            author,
            loot,
            book: &mut liar.book,
        };
        let speech = pen.speech();
        let at = self.now;
        liar.book.publish(|id, header| {
            let written = Written { header, at };
            self.model.written.insert(id, written);
        });
        speech
    }

    fn carry_lie(&mut self, route: Route, node: usize, to: usize, frame: &[u8]) {
        let (route, bytes) = ((route.bearer, route.path), frame.to_vec());
        let letter = Letter { to, route, bytes };
        // What it says may wait like any other text: it is not to push out what the honest have to say.
        self.send_off((route.0, node), letter, Haste::Text);
    }
}

fn rings_on(disk: &Disk) -> Vec<EntryId> {
    let rings = disk.entries();
    let rings = rings.filter(|stored| stored.entry.header().kind == Kind::Ring);
    rings.map(|stored| stored.entry.id()).collect()
}
