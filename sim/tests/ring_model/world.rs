//! Two parties, one ring each way, and everything that may befall them: every entry arrives late, in any order, or
//! never; every *have* likewise; clocks run at any rate; boots die, disks come back from a backup, copies start anew.
//! The machines are the core's own ([`Book`]); here are only disks, the air and the people.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use openline_proto::ring::book::{Book, Echo};
use openline_proto::ring::held::Note;
use openline_wire::codes::{Answer, Ending, Mark, Mode, Stream};
use openline_wire::fact::{Answered, Fact, Frontier, Outcome, Ring, Ringing, Start};
use openline_wire::ids::{Author, BootId, Digest, EntryId, NodeId, PartyId};
use openline_wire::office::{OfficeId, OfficeRef};

/// The charter's limit for a fresh echo.
const LIMIT: u64 = 10;

/// Now, on every clock. What a clock does is what it does to others' words: they grow stale, or time is over.
const NOW: u64 = 100;

/// Boots that a side may have; the first of them rings.
pub const BOOTS: u8 = 3;

/// What a boot writes at most one of: there is one ring each way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Its start.
    Start,
    /// The ring of its side.
    Ring,
    /// The outcome of that.
    Outcome,
    /// That the other side's ring rings here.
    Ringing,
    /// The answer to that.
    Answer,
    /// Anything else: its heads are a receipt.
    Other,
}

const KINDS: [Kind; 6] = [
    Kind::Start,
    Kind::Ring,
    Kind::Outcome,
    Kind::Ringing,
    Kind::Answer,
    Kind::Other,
];

/// An entry by its author and kind. The order is that of the ids: the first side's ring is the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u8);

impl Slot {
    pub fn of(side: u8, boot: u8, kind: Kind) -> Self {
        Self((side * BOOTS + boot) * KINDS.len() as u8 + kind as u8)
    }

    /// The ring of a side.
    pub fn ring(side: u8) -> Self {
        Self::of(side, 0, Kind::Ring)
    }

    pub fn side(self) -> u8 {
        self.0 / KINDS.len() as u8 / BOOTS
    }

    pub fn boot(self) -> u8 {
        self.0 / KINDS.len() as u8 % BOOTS
    }

    pub fn kind(self) -> Kind {
        KINDS[usize::from(self.0) % KINDS.len()]
    }

    pub fn id(self) -> EntryId {
        EntryId([self.0 + 1; 32])
    }

    fn of_id(id: &EntryId) -> Self {
        Self(id.0[0] - 1)
    }

    fn bit(self) -> u64 {
        1 << self.0
    }
}

/// An entry, as far as it is free. What it saw are the bits of those entries that anybody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signed {
    pub said: Said,
    pub saw: u64,
}

/// What it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Said {
    /// A boot begins, and names these of its node.
    Start(u8),
    /// It goes without saying.
    Plain,
    /// An answer.
    Answer(Answer),
    /// An outcome.
    Outcome(Ending, Option<Slot>),
}

/// A running boot and its disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Machine {
    pub side: u8,
    pub boot: u8,
    pub disk: u64,
    pub book: Book,
}

impl Machine {
    fn new(side: u8, boot: u8) -> Self {
        Self {
            side,
            boot,
            disk: 0,
            book: Book::new(author(side, boot)),
        }
    }

    pub fn holds(&self, slot: Slot) -> bool {
        self.disk & slot.bit() != 0
    }

    fn hear(&mut self, challenged: u64) -> Vec<Fact> {
        let echo = Echo {
            from: author(1 - self.side, 0),
            open: &[Kind::Ring as u64],
            challenged,
        };
        self.book.heard(echo, NOW, LIMIT)
    }

    /// Whether an echo of a challenge that is too old, which may come at any time, would change anything.
    pub fn heeds_stale_echoes(&self) -> bool {
        let mut other = self.clone();
        let facts = other.hear(NOW - LIMIT);
        !facts.is_empty() || other != *self
    }
}

/// What must never happen, noticed where it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// A boot signed two entries of a kind of which it may sign one.
    Twice(Kind),
    /// *Unreachable* was written by somebody who held a ringing.
    Reached,
    /// *Accepted* was written by somebody who did not hold a ringing by the boot whose answer it cites.
    NotRung,
}

/// Everything.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub signed: BTreeMap<Slot, Signed>,
    pub machines: Vec<Arc<Machine>>,
    /// The boots for which a *have* is in the air that calls the other side's ring open and gives back a fresh challenge.
    pub said: BTreeSet<(u8, u8)>,
    /// Boots begun.
    pub boots: [u8; 2],
    pub disasters: u8,
    /// Of each ring: the endings that anybody was ever shown as final.
    pub shown: [u8; 2],
    pub faults: Vec<Fault>,
}

/// A side, or a boot of it, as an id of 32 equal bytes.
pub fn author(side: u8, boot: u8) -> Author {
    Author {
        party: PartyId([side + 1; 32]),
        node: NodeId([side + 1; 32]),
        boot: BootId([side * BOOTS + boot + 1; 16]),
    }
}

fn boot_of(side: u8, boot: BootId) -> u8 {
    boot.0[0] - 1 - side * BOOTS
}

impl World {
    /// Both sides run, and nothing has happened.
    pub fn new() -> Self {
        let machine = |side| Arc::new(Machine::new(side, 0));
        Self {
            signed: BTreeMap::new(),
            machines: vec![machine(0), machine(1)],
            said: BTreeSet::new(),
            boots: [1; 2],
            disasters: 0,
            shown: [0; 2],
            faults: Vec::new(),
        }
    }

    /// The ring that a side writes.
    pub fn ring_of(side: u8) -> Ring {
        let office = |side: u8| OfficeRef {
            party: PartyId([side + 1; 32]),
            office: OfficeId::new("watch").expect("an identifier"),
        };
        Ring {
            from: office(side),
            to: office(1 - side),
            mode: Mode::Text,
            for_ms: 60_000,
            exercise: None,
        }
    }

    fn note(&self, slot: Slot) -> Note {
        let Signed { said, saw } = self.signed[&slot];
        let ring = Slot::ring(1 - slot.side()).id();
        let fact = match (slot.kind(), said) {
            (_, Said::Start(names)) => Fact::Start(start(slot.side(), names)),
            (_, Said::Answer(answer)) => Fact::Answered(Answered {
                ring,
                answer,
                call_back: None,
            }),
            (_, Said::Outcome(ending, cites)) => Fact::Outcome(Outcome {
                ring: Slot::ring(slot.side()).id(),
                ending,
                cites: cites.map(Slot::id),
            }),
            (Kind::Ring, _) => Fact::Ring(Self::ring_of(slot.side())),
            (Kind::Ringing, _) => Fact::Ringing(Ringing { ring }),
            _ => Fact::None,
        };
        Note {
            id: slot.id(),
            author: author(slot.side(), slot.boot()),
            sequence: slot.kind() as u64,
            mark: Mark::Real,
            heads: heads(saw),
            fact,
        }
    }

    /// A machine takes an entry in, and writes what follows from it.
    pub fn take(&mut self, at: usize, slot: Slot) {
        let note = self.note(slot);
        let machine = Arc::make_mut(&mut self.machines[at]);
        machine.disk |= slot.bit();
        let facts = machine.book.observe(&note, NOW);
        self.write(at, &facts);
    }

    /// A machine writes all of this in one transaction.
    pub fn write(&mut self, at: usize, facts: &[Fact]) {
        for fact in facts {
            let (kind, said) = match fact {
                Fact::Ringing(_) => (Kind::Ringing, Said::Plain),
                Fact::Answered(answered) => (Kind::Answer, Said::Answer(answered.answer)),
                Fact::Outcome(outcome) => {
                    let cites = outcome.cites.as_ref().map(Slot::of_id);
                    (Kind::Outcome, Said::Outcome(outcome.ending, cites))
                }
                Fact::Ring(_) => (Kind::Ring, Said::Plain),
                _ => (Kind::Other, Said::Plain),
            };
            self.sign(at, kind, said);
        }
    }

    pub fn sign(&mut self, at: usize, kind: Kind, said: Said) {
        let Machine {
            side, boot, disk, ..
        } = *self.machines[at];
        let slot = Slot::of(side, boot, kind);
        if matches!(said, Said::Outcome(Ending::Unreachable, _)) && self.holds_a_ringing(at) {
            self.fault(Fault::Reached);
        }
        if let Said::Outcome(Ending::Accepted, Some(cites)) = said {
            let ringing = Slot::of(cites.side(), cites.boot(), Kind::Ringing);
            if disk & ringing.bit() == 0 {
                self.fault(Fault::NotRung);
            }
        }
        if self.signed.contains_key(&slot) {
            return self.fault(Fault::Twice(kind));
        }
        let saw = disk & asked_for(side, kind);
        self.signed.insert(slot, Signed { said, saw });
        self.take(at, slot);
    }

    fn holds_a_ringing(&self, at: usize) -> bool {
        let machine = &self.machines[at];
        let ringing = |boot| Slot::of(1 - machine.side, boot, Kind::Ringing);
        (0..BOOTS).any(|boot| machine.holds(ringing(boot)))
    }

    pub fn fault(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// A machine hears that the other side's ring is open, in answer to a challenge of its own.
    pub fn hear(&mut self, at: usize) {
        let facts = Arc::make_mut(&mut self.machines[at]).hear(NOW);
        self.write(at, &facts);
    }

    /// A new boot, whose start names these of its node. Its disk is empty, but whatever was on the old one may arrive at
    /// once: so every crash and every backup is among the histories.
    pub fn begin(&mut self, side: u8, names: u8) {
        let boot = self.boots[usize::from(side)];
        self.boots[usize::from(side)] += 1;
        self.machines.push(Arc::new(Machine::new(side, boot)));
        self.sign(self.machines.len() - 1, Kind::Start, Said::Start(names));
        self.machines.sort_by_key(|it| (it.side, it.boot));
    }

    /// Looks at every screen.
    pub fn look(&mut self) {
        for machine in &self.machines {
            for side in 0..2u8 {
                if let Some(ended) = machine.book.ended_for_good(&Slot::ring(side).id()) {
                    self.shown[usize::from(side)] |= 1 << ended.ending.code();
                }
            }
        }
    }
}

/// The entries that heads of this kind of entry are asked for: whether a ring knew of the other one or of a later
/// boot of its own node; whether anything knew of the other side's outcome. Leaving the rest out keeps histories
/// apart only where they matter.
fn asked_for(side: u8, kind: Kind) -> u64 {
    let outcome = Slot::of(1 - side, 0, Kind::Outcome).bit();
    if kind != Kind::Ring {
        return outcome;
    }
    let later = (1..BOOTS).map(|boot| Slot::of(side, boot, Kind::Start).bit());
    later.fold(Slot::ring(1 - side).bit(), |all, bit| all | bit)
}

fn heads(saw: u64) -> Vec<(Author, u64)> {
    let slots = (0..64).filter(|slot| saw & 1 << slot != 0).map(Slot);
    let head = |slot: Slot| (author(slot.side(), slot.boot()), slot.kind() as u64 + 1);
    slots.map(head).collect()
}

fn start(side: u8, names: u8) -> Start {
    let boots = (0..BOOTS).filter(|boot| names & 1 << boot != 0);
    let end = |boot| Frontier {
        boot: author(side, boot).boot,
        stream: Stream::Urgent,
        size: 1,
        last: EntryId([0; 32]),
        root: Digest([0; 32]),
    };
    Start {
        frontier: boots.map(end).collect(),
    }
}

/// The boot, as a number, that an author is.
pub fn number(author: &Author) -> (u8, u8) {
    let side = author.party.0[0] - 1;
    (side, boot_of(side, author.boot))
}
