//! Small records for the situations.

pub mod author;
pub mod report_json;

use std::collections::BTreeSet;

use author::{Boot, Draft, draft};
use openline_record::export::{Head, RecordCheck, RecordWriter};
use openline_record::finding::{Finding, Place};
use openline_record::grounds::Grounds;
use openline_record::report::{ChainReport, Report};
use openline_record::verify::{Nodes, Verifier};
use openline_wire::cbor::Canonical as _;
use openline_wire::charter::{Cadences, Charter, CharterParty, TextLimits};
use openline_wire::codes::{Kind, Mark, Mode, Precedence, Stream, Suite};
use openline_wire::entry::Entry;
use openline_wire::fact::{Fact, HandOver, NumberCompared, TakeOver, WatchOpened};
use openline_wire::ids::{Digest, EntryId, LineId, PartyId};
use openline_wire::language::{Language, LocalNames};
use sha2::{Digest as _, Sha256};

pub const LINE: LineId = LineId([0x11; 32]);

/// Moscow is party 1, Washington party 2; their nodes by seed.
pub fn nodes() -> Nodes {
    let boots = [Boot::new(1), Boot::new(2)];
    let node = |boot: &Boot| (boot.node(), (boot.author.party, boot.node_key()));
    boots.iter().map(node).collect()
}

/// A line on which both have started, Moscow has sent a FLASH and two ROUTINE texts, and Washington has
/// read the FLASH and answered it.
pub struct Exchange {
    pub moscow: Boot,
    pub washington: Boot,
    pub entries: Vec<Entry>,
}

impl Exchange {
    pub fn new() -> Self {
        let (mut moscow, mut washington) = (Boot::new(1), Boot::new(2));
        let mut entries = vec![moscow.start(&[], &[])];
        washington.hold(&entries);
        entries.push(washington.start(&[], &[]));
        moscow.hold(&entries[1..]);
        entries.push(moscow.flash("Stop the convoy."));
        washington.hold(&entries[2..]);
        entries.push(washington.read(&[entries[2].id()]));
        entries.push(washington.flash("Остановлен."));
        moscow.hold(&entries[3..]);
        entries.push(moscow.routine("Thank you."));
        entries.push(moscow.routine("Nothing further."));
        Self {
            moscow,
            washington,
            entries,
        }
    }

    /// Both sign that they compared the safety number, under the charter and the cards of [`head`].
    pub fn compare_number(&mut self) {
        let hash = |bytes: &[u8]| Digest(Sha256::digest(bytes).into());
        let head = head();
        let cards = [hash(&head.cards[0]), hash(&head.cards[1])];
        for (boot, [own, other]) in [(&mut self.moscow, [0, 1]), (&mut self.washington, [1, 0])] {
            let fact = Fact::NumberCompared(NumberCompared {
                own_card: cards[own],
                other_card: cards[other],
                charter: hash(&head.charter),
            });
            self.entries.push(boot.write(Draft {
                kind: Kind::NumberCompared,
                fact: fact.to_bytes(),
                ..draft(Precedence::Flash, None)
            }));
        }
    }

    /// Moscow's officer goes on watch, hands over, and is relieved; both promise to confirm so often.
    pub fn begin_watches(&mut self, confirms_ms: u64) {
        let ends = Vec::new();
        let opened = self.by_moscow(
            Kind::WatchOpened,
            Fact::WatchOpened(WatchOpened { ends, confirms_ms }),
        );
        let handed = Fact::HandOver(HandOver {
            watch: opened,
            to: "Moscow".to_owned(),
            items: Vec::new(),
        });
        let hand_over = self.by_moscow(Kind::HandOver, handed);
        let taken = TakeOver {
            hand_over,
            confirms_ms,
        };
        self.by_moscow(Kind::TakeOver, Fact::TakeOver(taken));
    }

    fn by_moscow(&mut self, kind: Kind, fact: Fact) -> EntryId {
        let entry = self.moscow.write(Draft {
            kind,
            fact: fact.to_bytes(),
            ..draft(Precedence::Flash, None)
        });
        let id = entry.id();
        self.entries.push(entry);
        id
    }

    pub fn find(&self, boot: &Boot, stream: Stream, sequence: u64) -> &Entry {
        let chain = boot.chain(stream);
        let place = Place { chain, sequence };
        let found = self.entries.iter().find(|e| Place::of(e.header()) == place);
        found.expect("an entry of the exchange")
    }
}

/// Entries as they stand in a file: by chain and sequence.
pub fn in_order(entries: &[Entry]) -> Vec<Entry> {
    let mut entries = entries.to_vec();
    entries.sort_by_key(|entry| (Place::of(entry.header()), entry.id()));
    entries
}

pub fn verify(entries: &[Entry]) -> Report {
    push_all(entries).1.finish()
}

/// A verifier that has what a file's head would give it.
pub fn verifier() -> Verifier {
    verifier_under(&head())
}

fn verifier_under(head: &Head) -> Verifier {
    let cards = head.cards.iter().map(Vec::as_slice);
    Verifier::new(LINE, nodes()).under(Grounds::of(&head.charter, cards))
}

/// What is found under another head than the usual one.
pub fn verify_under(head: &Head, entries: &[Entry]) -> Report {
    let mut verifier = verifier_under(head);
    for entry in in_order(entries) {
        // What is found is in the report.
        let _ = verifier.push(entry.as_signed().clone());
    }
    verifier.finish()
}

/// The head of a file with a charter of the right form, by which an officer confirms so often.
pub fn head_with_presence(presence_ms: u64) -> Head {
    let party = |id| CharterParty {
        id,
        names: LocalNames::new(vec![(
            Language::new("en").expect("a tag"),
            "A party".to_owned(),
        )])
        .expect("names"),
        languages: Vec::new(),
    };
    let parties: BTreeSet<PartyId> = nodes().values().map(|(party, _)| *party).collect();
    let parties = parties.into_iter();
    let charter = Charter {
        suite: Suite::One,
        parties: parties.map(party).collect(),
        offices: Vec::new(),
        cadences: Cadences {
            presence_ms,
            ..Cadences::default()
        },
        limits: TextLimits::default(),
        retention_days: None,
        tape_required: true,
        modes: Mode::ALL.to_vec(),
        marks: Mark::ALL.to_vec(),
    };
    Head {
        charter: charter.to_bytes(),
        ..head()
    }
}

/// What each push said, in the order of a file.
pub fn push_all(entries: &[Entry]) -> (Vec<Finding>, Verifier) {
    let mut verifier = verifier();
    let mut found = Vec::new();
    for entry in in_order(entries) {
        if let Err(finding) = verifier.push(entry.as_signed().clone()) {
            found.push(*finding);
        }
    }
    (found, verifier)
}

pub fn head() -> Head {
    Head {
        line: LINE,
        exported_by: Boot::new(1).author.party,
        charter: b"the charter".to_vec(),
        cards: vec![b"Moscow's card".to_vec(), b"Washington's card".to_vec()],
    }
}

pub fn export(entries: &[Entry]) -> Vec<u8> {
    export_under(head(), entries)
}

/// A file with another head: what a forger writes who computes the digest at the file's end again.
pub fn export_under(head: Head, entries: &[Entry]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut writer = RecordWriter::new(head, &mut file);
    for entry in in_order(entries) {
        let written = writer.entry(entry.as_signed(), &mut file);
        written.expect("entries in order");
    }
    writer.finish(&mut file);
    file
}

/// The report on a file that was pushed in pieces of `piece` bytes.
pub fn verify_file(file: &[u8], piece: usize) -> Report {
    let mut check = RecordCheck::new(|_: &Head| Ok(nodes()));
    for bytes in file.chunks(piece) {
        check.push(bytes).expect("an intact head");
    }
    check.finish().expect("an intact head").1
}

pub fn chain_report<'a>(report: &'a Report, boot: &Boot, stream: Stream) -> &'a ChainReport {
    let chain = boot.chain(stream);
    let found = report.chains.iter().find(|c| c.chain == chain);
    found.expect("a chain of the report")
}
