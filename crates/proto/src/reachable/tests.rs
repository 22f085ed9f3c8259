use openline_record::ring::held::Note;
use openline_wire::codes::Attestation;
use openline_wire::fact::{Frontier, Start};
use openline_wire::header::Actor;
use openline_wire::ids::{Digest, EntryId};

use super::*;

const WASHINGTON: u8 = 1;
const MOSCOW: u8 = 2;

/// What Washington holds of lists and starts.
struct Desk {
    announcements: Announcements,
    starts: BTreeMap<Author, Start>,
    now: u64,
}

fn author(party: u8, boot: u8) -> Author {
    Author {
        party: PartyId([party; 32]),
        node: NodeId([party; 32]),
        boot: BootId([boot; 16]),
    }
}

fn list(ports: &[u16]) -> ReachableAt {
    let url = |port: &u16| Address::new(&format!("udp://moscow.example:{port}"));
    ReachableAt::new(ports.iter().filter_map(url).collect()).expect("no more than fit")
}

/// An entry at a place of a boot's urgent stream, signed at this time.
fn said(by: Author, sequence: u64, time: u64, fact: Fact) -> InTurn {
    let mut id = [by.boot.0[0]; 32];
    id[..8].copy_from_slice(&sequence.to_be_bytes());
    InTurn {
        note: Note {
            id: EntryId(id),
            author: by,
            sequence,
            mark: Mark::Real,
            heads: Vec::new(),
            fact,
        },
        time,
        actor: Actor {
            name: "Lt. Orlova".to_owned(),
            attestation: Attestation::Claimed,
            evidence: String::new(),
        },
        stored: 0,
    }
}

impl Desk {
    fn new() -> Self {
        let [own, peer] = [author(WASHINGTON, 1), author(MOSCOW, 1)];
        Self {
            announcements: Announcements::stored(own.party, peer.node, &StoredTold::default()),
            starts: BTreeMap::new(),
            now: 1_000,
        }
    }

    fn take(&mut self, entry: &InTurn) {
        self.announcements.observe(entry);
        self.settle();
    }

    fn settle(&mut self) {
        let lineage = &mut Lineage::new(&self.starts);
        self.announcements.settle(lineage, self.now);
    }

    /// A boot of Moscow's begins, whose start names these earlier ones.
    fn start(&mut self, boot: u8, names: &[u8]) {
        let end = |boot: &u8| Frontier {
            boot: BootId([*boot; 16]),
            stream: Stream::Urgent,
            size: 1,
            last: EntryId([0; 32]),
            root: Digest([0; 32]),
        };
        let frontier = names.iter().map(end).collect();
        let (by, start) = (author(MOSCOW, boot), Start { frontier });
        self.starts.insert(by, start.clone());
        self.take(&said(by, 0, 0, Fact::Start(start)));
    }

    /// Moscow announces these ports.
    fn hears(&mut self, boot: u8, sequence: u64, time: u64, ports: &[u16]) {
        let fact = Fact::ReachableAt(list(ports));
        self.take(&said(author(MOSCOW, boot), sequence, time, fact));
    }

    fn counts(&self) -> Option<Vec<Address>> {
        let shown = self.announcements.shown();
        shown.into_iter().next().map(|it| it.addresses)
    }

    fn is_looked_for_at(&self, ports: &[u16]) -> bool {
        let taken_up = self.announcements.taken_up();
        taken_up.is_some_and(|it| it.addresses == list(ports).addresses)
    }
}

fn ports(ports: &[u16]) -> Option<Vec<Address>> {
    Some(list(ports).addresses)
}

/// OL-447
#[test]
fn moscow_moves_twice_and_what_it_said_first_arrives_last() {
    let mut desk = Desk::new();
    assert_eq!(desk.counts(), None);
    desk.start(1, &[]);
    desk.hears(1, 7, 50, &[7612]);
    assert_eq!(desk.counts(), ports(&[7612]));
    desk.hears(1, 3, 90, &[7611]);
    assert_eq!(
        desk.counts(),
        ports(&[7612]),
        "a clock that was set back orders nothing"
    );
    desk.hears(1, 8, 10, &[]);
    assert_eq!(desk.counts(), ports(&[]), "it calls us");
}

/// OL-447: whatever its clock says.
#[test]
fn what_a_later_boot_says_counts_and_what_an_earlier_one_said_outlives_it_until_then() {
    let mut desk = Desk::new();
    desk.start(1, &[]);
    desk.hears(1, 7, 900, &[7611]);
    desk.start(2, &[1]);
    assert_eq!(
        desk.counts(),
        ports(&[7611]),
        "it is the node that is there"
    );
    desk.start(3, &[2]);
    desk.hears(3, 1, 100, &[7613]);
    assert_eq!(desk.counts(), ports(&[7613]));
    for boot in [1, 2] {
        desk.hears(boot, 9, 5_000, &[7619]);
        assert_eq!(desk.counts(), ports(&[7613]), "boot {boot} was before it");
    }
}

/// OL-447: a start that comes late says which of the two is the later one.
#[test]
fn of_boots_that_did_not_know_each_other_the_later_time_counts_until_a_start_tells_more() {
    let mut desk = Desk::new();
    desk.hears(2, 1, 300, &[7612]);
    desk.hears(1, 1, 500, &[7611]);
    assert_eq!(desk.counts(), ports(&[7611]));
    desk.start(1, &[]);
    desk.start(2, &[1]);
    assert_eq!(desk.counts(), ports(&[7612]));
}

/// OL-447, in whatever order the entries come.
#[test]
fn whoever_holds_the_same_entries_sees_the_same_list() {
    let told = [
        (1, 4, 900),
        (1, 6, 100),
        (2, 1, 100),
        (3, 1, 800),
        (4, 2, 700),
    ];
    let mut seen = Vec::new();
    for first in 0..told.len() {
        let mut desk = Desk::new();
        for boot in [1, 3, 4] {
            desk.start(boot, &[]);
        }
        let (before, behind) = told.split_at(first);
        for (number, (boot, sequence, time)) in behind.iter().chain(before).enumerate() {
            if number == 2 {
                desk.start(2, &[1, 3]);
            }
            let port = u16::from(*boot) * 100 + *sequence as u16;
            desk.hears(*boot, *sequence, *time, &[port]);
        }
        seen.push(desk.counts());
    }
    // The fourth boot knew of nobody, and signed later than the second.
    assert_eq!(seen, vec![ports(&[402]); told.len()]);
}

/// OL-446
#[test]
fn an_exercise_moves_nobody() {
    let mut desk = Desk::new();
    let mut entry = said(author(MOSCOW, 1), 1, 5, Fact::ReachableAt(list(&[7611])));
    entry.note.mark = Mark::Exercise;
    desk.take(&entry);
    assert_eq!(desk.counts(), None);
}

/// OL-449
#[test]
fn the_first_list_is_taken_up_at_once_and_of_those_that_follow_one_in_ten_seconds() {
    let mut desk = Desk::new();
    desk.start(1, &[]);
    desk.hears(1, 1, 0, &[1]);
    assert!(desk.is_looked_for_at(&[1]));
    let mut taken_up = 1;
    for number in 2..1_000u16 {
        desk.now += 100;
        let before = desk.announcements.taken_up().cloned();
        desk.hears(1, number.into(), 0, &[number]);
        assert_eq!(desk.counts(), ports(&[number]), "all are shown");
        let is_same = before.as_ref() == desk.announcements.taken_up();
        taken_up += usize::from(!is_same);
    }
    assert_eq!(taken_up, 10, "in a hundred seconds");
    let due = desk.announcements.wake_at().expect("one waits");
    assert!(due <= desk.now + NEXT_LIST_MS);
    desk.now = due;
    desk.settle();
    assert!(desk.is_looked_for_at(&[999]));
    assert_eq!(desk.announcements.wake_at(), None);
}

/// OL-449: a peer may run under as many names as it likes.
#[test]
fn a_thousand_boots_that_all_announce_take_no_more_room_than_a_few() {
    let mut desk = Desk::new();
    for number in 0..1_000u64 {
        let mut by = author(MOSCOW, 0);
        by.boot.0[..8].copy_from_slice(&number.to_be_bytes());
        let port = 1_000 + number as u16;
        desk.take(&said(by, 1, number, Fact::ReachableAt(list(&[port]))));
    }
    assert_eq!(desk.counts(), ports(&[1_999]));
    let kept = desk.announcements.nodes.values().map(|it| it.latest.len());
    assert_eq!(kept.sum::<usize>(), COMPARED);
}

/// OL-447
#[test]
fn after_a_restart_the_list_that_counted_counts_and_ours_stands_first() {
    let ours = said(
        author(WASHINGTON, 1),
        1,
        9,
        Fact::ReachableAt(list(&[7600])),
    );
    let theirs = said(author(MOSCOW, 1), 1, 5, Fact::ReachableAt(list(&[7611])));
    let told = StoredTold {
        entries: vec![theirs, ours],
        ..StoredTold::default()
    };
    let mut desk = Desk::new();
    let [own, peer] = [author(WASHINGTON, 2), author(MOSCOW, 2)];
    desk.announcements = Announcements::stored(own.party, peer.node, &told);
    desk.settle();
    assert!(desk.is_looked_for_at(&[7611]));
    let shown = desk.announcements.shown();
    let shown: Vec<_> = shown
        .iter()
        .map(|it| (it.by.party, it.actor.name.as_str()))
        .collect();
    let expected = [(own.party, "Lt. Orlova"), (peer.party, "Lt. Orlova")];
    assert_eq!(shown, expected);
}
