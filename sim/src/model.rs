//! What should have happened, kept beside what did: every entry signed, what each disk must hold, every boot's
//! life, every answer owed. Built from what the world did and watched, by no code of the core.

use std::collections::{BTreeMap, BTreeSet};

use openline_proto::alarm::book::Alarm;
use openline_proto::alarm::cause::Key;
use openline_proto::contact::shown::Shown as ShownContact;
use openline_proto::contract::Misbehaviour;
use openline_proto::line_test::shown::Tests;
use openline_proto::ring::book::Shown;
use openline_seal::{SealedWith, VerifyingCode};
use openline_wire::codes::{Answer, Mark, Precedence, VerifyingStep};
use openline_wire::fact::{Fact, Ring, Start};
use openline_wire::header::{Chain, Header};
use openline_wire::ids::{Author, BootId, Digest, EntryId, PartyId};

/// A place in a chain.
pub type Place = (Chain, u64);

/// What a disk holds.
pub type Holding = BTreeMap<Place, EntryId>;

/// One start of a machine, and its end.
#[derive(Clone, Debug)]
pub struct Life {
    /// Who it was.
    pub author: Author,
    /// On which machine.
    pub machine: usize,
    /// From when.
    pub started: u64,
    /// Until when; none while it runs.
    pub ended: Option<u64>,
    /// What it held at its end.
    pub left: Holding,
    /// How far its claims to hold a chain were looked at: disks of one boot only grow.
    pub proven: BTreeMap<Chain, u64>,
}

/// An entry that was signed.
#[derive(Clone, Debug)]
pub struct Written {
    /// What was signed.
    pub header: Header,
    /// When, by the world's clock.
    pub at: u64,
}

/// A text that somebody gave to a station.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The machine.
    pub machine: usize,
    /// The boot.
    pub boot: BootId,
    /// The words, unlike all others; none for what has no words.
    pub text: Option<String>,
    /// How urgent.
    pub precedence: Precedence,
    /// The entry that it became, once the station said so.
    pub done: Option<EntryId>,
    /// It was refused.
    pub refused: bool,
}

/// A ring that was signed.
#[derive(Clone, Debug)]
pub struct Rung {
    /// The boot that rang.
    pub caller: Author,
    /// What it asked for.
    pub ring: Ring,
    /// Whether it is meant.
    pub mark: Mark,
    /// When, by the world's clock.
    pub at: u64,
    /// Rings of the other party's that its caller held by then.
    pub knew: BTreeSet<EntryId>,
    /// Its outcome, and when that was signed.
    pub decided: Option<(EntryId, u64)>,
    /// The outcome that anybody was shown as final.
    pub shown_final: Option<EntryId>,
}

impl Rung {
    /// A ring of which nothing else is known.
    pub fn new(header: &Header, ring: Ring, at: u64, knew: BTreeSet<EntryId>) -> Self {
        Self {
            caller: header.author,
            mark: header.mark,
            ring,
            at,
            knew,
            decided: None,
            shown_final: None,
        }
    }
}

/// What each boot wrote of tests of the line.
#[derive(Debug, Default)]
pub struct Tested {
    /// When it called up by the timetable last, by its monotonic clock.
    pub called: BTreeMap<Author, u64>,
    /// When it was ready last, likewise.
    pub ready: BTreeMap<Author, u64>,
    /// Readies, texts and answers: by author, the entry that they follow, and whether a person answers.
    pub followed: BTreeSet<(Author, EntryId, bool)>,
    /// Each text that it sent, and when by the world's clock.
    pub texts: BTreeMap<(Author, Digest), u64>,
}

/// The alarms of one boot.
#[derive(Clone, Debug, Default)]
pub struct Alarming {
    /// Those of the batch that was written last.
    pub written: Vec<Alarm>,
    /// What was told last of each.
    pub shown: BTreeMap<Key, Alarm>,
    /// Whether a cause is there, and since when that is so, by the world's clock.
    pub causes: BTreeMap<Key, (bool, u64)>,
    /// The boot is over and looks at nothing any more.
    pub is_over: bool,
}

/// The reference model.
#[derive(Debug, Default)]
pub struct Model {
    /// The one entry at each place, as signed.
    pub places: Holding,
    /// Every entry that was signed, by honest and by lying.
    pub written: BTreeMap<EntryId, Written>,
    /// Every key and counter used.
    pub sealed: BTreeSet<SealedWith>,
    /// Every boot.
    pub boots: BTreeMap<BootId, Life>,
    /// What each machine's disk must hold.
    pub disks: Vec<Holding>,
    /// What was asked for, by ticket.
    pub asked: BTreeMap<u64, Asked>,
    /// The boot that lies, if one does.
    pub liar: Option<Author>,
    /// Frames of the liar's, and what it signed in each.
    pub lying_frames: BTreeMap<Vec<u8>, Vec<(Place, EntryId)>>,
    /// Frames that were sealed to be carried by hand.
    pub carried: BTreeSet<Vec<u8>>,
    /// What each boot said of the liar.
    pub shown: BTreeSet<(BootId, Misbehaviour)>,
    /// Every ring.
    pub rings: BTreeMap<EntryId, Rung>,
    /// Whom each ring calls that is meant and was written to a disk, by honest and by lying: looked up for each frame.
    pub real_rings: BTreeMap<EntryId, PartyId>,
    /// Every ringing, by ring and boot.
    pub ringings: BTreeMap<(EntryId, Author), EntryId>,
    /// Every answer, likewise.
    pub answers: BTreeMap<(EntryId, Author), (EntryId, Answer)>,
    /// Of every ring that was accepted, the answer that its outcome cites.
    pub accepted: BTreeMap<EntryId, EntryId>,
    /// What the boot on each machine told last of each ring.
    pub shown_rings: Vec<BTreeMap<EntryId, Shown>>,
    /// Every step towards a code, by contact and boot.
    pub steps: BTreeMap<(EntryId, Author, VerifyingStep), EntryId>,
    /// The code of each contact, as it was shown first.
    pub codes: BTreeMap<EntryId, VerifyingCode>,
    /// What the boot on each machine told last of each contact.
    pub shown_contacts: Vec<BTreeMap<EntryId, ShownContact>>,
    /// What is known of tests of the line.
    pub tests: Tested,
    /// How the boot on each machine told last that the tests of the line stand.
    pub shown_tests: Vec<Option<Tests>>,
    /// What is known of the alarms of the boot on each machine.
    pub alarms: Vec<Alarming>,
    /// Outcomes of rings left unanswered that somebody acknowledged, by the party of whoever did.
    pub acknowledged: BTreeSet<(PartyId, EntryId)>,
    /// Machines that lost what they held, and since when: restored, or taken away.
    pub wound_back: BTreeMap<usize, u64>,
}

impl Model {
    /// A boot begins.
    pub fn begins(&mut self, author: Author, machine: usize, now: u64) {
        let life = Life {
            author,
            machine,
            started: now,
            ended: None,
            left: Holding::new(),
            proven: BTreeMap::new(),
        };
        self.boots.insert(author.boot, life);
        self.shown_rings.resize(self.disks.len(), BTreeMap::new());
        self.shown_rings[machine].clear();
        self.shown_contacts
            .resize(self.disks.len(), BTreeMap::new());
        self.shown_contacts[machine].clear();
        self.shown_tests.resize(self.disks.len(), None);
        self.shown_tests[machine] = None;
        self.alarms.resize(self.disks.len(), Alarming::default());
        self.alarms[machine] = Alarming::default();
    }

    /// A boot ends.
    pub fn ends(&mut self, boot: &BootId, now: u64) {
        if let Some(life) = self.boots.get_mut(boot) {
            life.ended = Some(now);
            life.left = self.disks[life.machine].clone();
        }
    }

    /// What stood at a place on the disk of a boot, now or when it ended.
    pub fn held_by(&self, boot: &BootId, place: &Place) -> Option<EntryId> {
        let life = self.boots.get(boot)?;
        let disk = match life.ended {
            Some(_) => &life.left,
            None => &self.disks[life.machine],
        };
        disk.get(place).copied()
    }

    /// Whether a boot is the one that lies: nothing that it says binds anybody, and nothing is owed to it.
    pub fn lies(&self, boot: &BootId) -> bool {
        self.liar.is_some_and(|liar| liar.boot == *boot)
    }

    /// The one boot whose name begins so.
    pub fn named(&self, prefix: &[u8]) -> Option<Author> {
        let liar = self.liar.filter(|liar| liar.boot.0.starts_with(prefix));
        let of_boot = self
            .boots
            .iter()
            .find(|(boot, _)| boot.0.starts_with(prefix));
        of_boot.map(|(_, life)| life.author).or(liar)
    }

    /// The start of a boot, if it was signed.
    pub fn start_of(&self, author: &Author) -> Option<(Start, u64)> {
        use openline_wire::codes::Stream::Urgent;
        let chain = Chain {
            author: *author,
            stream: Urgent,
        };
        let written = self.written.get(self.places.get(&(chain, 0))?)?;
        match Fact::of(&written.header) {
            Ok(Fact::Start(start)) => Some((start, written.at)),
            _ => None,
        }
    }

    /// How far a start says that its node held a chain: by its frontier, or by the starts that this names.
    pub fn covered_by(&self, start: &Start, node: &Author, chain: &Chain) -> u64 {
        let mut seen = BTreeSet::new();
        let mut open: Vec<Start> = vec![start.clone()];
        let mut covered = 0;
        while let Some(start) = open.pop() {
            for end in &start.frontier {
                if (end.boot, end.stream) == (chain.author.boot, chain.stream) {
                    covered = covered.max(end.size);
                }
                if seen.insert(end.boot) {
                    let earlier = Author {
                        boot: end.boot,
                        ..*node
                    };
                    open.extend(self.start_of(&earlier).map(|(start, _)| start));
                }
            }
        }
        covered
    }

    /// Whether a boot knew of another when it began.
    pub fn knew(&self, boot: &Author, of: &Author) -> bool {
        let urgent = Chain {
            author: *of,
            stream: openline_wire::codes::Stream::Urgent,
        };
        self.start_of(boot)
            .is_some_and(|(start, _)| self.covered_by(&start, boot, &urgent) > 0)
    }

    /// Whether two boots ran at one moment.
    pub fn overlap(&self, one: &BootId, other: &BootId) -> bool {
        let (Some(a), Some(b)) = (self.boots.get(one), self.boots.get(other)) else {
            return false;
        };
        let ends = |life: &Life| life.ended.unwrap_or(u64::MAX);
        a.started <= ends(b) && b.started <= ends(a)
    }
}
