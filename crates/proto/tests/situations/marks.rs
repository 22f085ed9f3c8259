//! What is practised never becomes real, and what is real never practice: whatever anybody signs, in whatever order it comes, and
//! whatever people here ask for, an entry whose mark is not that of the ring it names changes nothing for either side (OL-786).

use openline_proto::contact::book::Book as Contacts;
use openline_proto::ring::book::{Book as Rings, Echo};
use openline_proto::ring::held::Note;
use openline_wire::codes::{Answer, Comparison, Ending, Mark, Mode};
use openline_wire::fact::{
    Answered, ContactClosed, Fact, Outcome, Ring, Ringing, Verified, Verifying,
};
use openline_wire::fact::{Step, nonce_commitment};
use openline_wire::ids::{Author, BootId, EntryId, NodeId, PartyId};
use openline_wire::office::{OfficeId, OfficeRef};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const WASHINGTON: u8 = 1;
const MOSCOW: u8 = 2;

/// Rings that anything may name, whether they were rung or not.
const RINGS: u8 = 4;

/// What happens at a desk.
#[derive(Clone, Debug)]
enum Happens {
    /// Somebody's entry is stored: by a party, with a mark, about a ring.
    Stored(u8, Mark, u8, About),
    /// The caller says afresh that all of its rings are open.
    Heard(u8),
    /// A person answers.
    Answers(u8, Answer),
    /// A person takes a ring back.
    Withdraws(u8),
    /// Time passes.
    Passes(u64),
}

/// What an entry says of a ring.
#[derive(Clone, Debug)]
enum About {
    /// It is the ring itself.
    Ring,
    Ringing,
    Answer(Answer),
    /// It cites the last entry that its author could mean.
    Outcome(Ending),
    Commits,
    Verified(Comparison),
    Closed,
}

fn about() -> impl Strategy<Value = About> {
    prop_oneof![
        3 => Just(About::Ring),
        3 => Just(About::Ringing),
        3 => select(Answer::ALL).prop_map(About::Answer),
        3 => select(Ending::ALL).prop_map(About::Outcome),
        1 => Just(About::Commits),
        1 => select(Comparison::ALL).prop_map(About::Verified),
        1 => Just(About::Closed),
    ]
}

fn happens() -> impl Strategy<Value = Happens> {
    let party = || select(&[WASHINGTON, MOSCOW][..]);
    let ring = || 0..RINGS;
    prop_oneof![
        8 => (party(), select(Mark::ALL), ring(), about())
            .prop_map(|(by, mark, ring, about)| Happens::Stored(by, mark, ring, about)),
        2 => party().prop_map(Happens::Heard),
        1 => (ring(), select(Answer::ALL)).prop_map(|(ring, said)| Happens::Answers(ring, said)),
        1 => ring().prop_map(Happens::Withdraws),
        1 => (0u64..40_000).prop_map(Happens::Passes),
    ]
}

fn author(party: u8) -> Author {
    Author {
        party: PartyId([party; 32]),
        node: NodeId([party; 32]),
        boot: BootId([party; 16]),
    }
}

/// Even rings are Washington's, odd ones Moscow's.
fn rung_by(ring: u8) -> u8 {
    if ring.is_multiple_of(2) {
        WASHINGTON
    } else {
        MOSCOW
    }
}

fn ring_id(ring: u8) -> EntryId {
    EntryId([0xF0 + ring; 32])
}

fn ring_of(by: u8) -> Ring {
    let office = |party: u8| OfficeRef {
        party: PartyId([party; 32]),
        office: OfficeId::new("watch").expect("an identifier"),
    };
    Ring {
        from: office(by),
        to: office(3 - by),
        mode: Mode::Text,
        for_ms: 30_000,
        exercise: None,
    }
}

/// What everybody has signed so far.
#[derive(Default)]
struct Signed {
    written: [u64; 2],
    /// Of each ring, once it is rung.
    marks: [Option<Mark>; RINGS as usize],
    ringing: [Option<EntryId>; RINGS as usize],
    answers: [Option<EntryId>; RINGS as usize],
}

impl Signed {
    /// The entry, and what it would be if what bears another mark than its ring had said nothing. A ring is signed once.
    fn sign(&mut self, (by, mark, ring): (u8, Mark, u8), about: &About) -> Option<Note> {
        let at = usize::from(ring);
        let is_ring = matches!(about, About::Ring);
        if is_ring && (self.marks[at].is_some() || rung_by(ring) != by) {
            return None;
        }
        let sequence = &mut self.written[usize::from(by - 1)];
        *sequence += 1;
        let mut id = [by; 32];
        id[..8].copy_from_slice(&sequence.to_be_bytes());
        let id = if is_ring { ring_id(ring) } else { EntryId(id) };
        let other = author(3 - by);
        let heads = vec![(other, self.written[usize::from(2 - by)] + 1)];
        let sequence = self.written[usize::from(by - 1)];
        let fact = self.fact(id, ring, about);
        if is_ring {
            self.marks[at] = Some(mark);
        }
        Some(Note {
            id,
            author: author(by),
            sequence,
            mark,
            heads,
            fact,
        })
    }

    fn fact(&mut self, id: EntryId, ring: u8, about: &About) -> Fact {
        let at = usize::from(ring);
        let (contact, of) = (ring_id(ring), ring_id(ring));
        match about {
            About::Ring => Fact::Ring(ring_of(rung_by(ring))),
            About::Ringing => {
                self.ringing[at] = Some(id);
                Fact::Ringing(Ringing { ring: of })
            }
            About::Answer(answer) => {
                self.answers[at] = Some(id);
                Fact::Answered(Answered {
                    ring: of,
                    answer: *answer,
                    call_back: None,
                })
            }
            About::Outcome(ending) => {
                let other = ring_id((ring + 1) % RINGS);
                let ground = match ending {
                    Ending::Merged => Some(other),
                    Ending::Unanswered => self.ringing[at],
                    _ => self.answers[at],
                };
                Fact::Outcome(Outcome {
                    ring: of,
                    ending: *ending,
                    cites: ground.filter(|_| ending.cites()),
                })
            }
            About::Commits => Fact::Verifying(Verifying {
                contact,
                step: Step::Commits {
                    outcome: EntryId([7; 32]),
                    generation: 1,
                    epoch: 1,
                    commitment: nonce_commitment(&contact, &[1; 16]),
                },
            }),
            About::Verified(said) => Fact::Verified(Verified {
                contact,
                code: EntryId([8; 32]),
                said: *said,
            }),
            About::Closed => Fact::ContactClosed(ContactClosed { contact }),
        }
    }
}

/// A boot of either party.
struct Desk {
    rings: Rings,
    contacts: Contacts,
    now: u64,
}

impl Desk {
    fn new(party: u8) -> Self {
        let own = author(party);
        Self {
            rings: Rings::new(own),
            contacts: Contacts::new(own),
            now: 0,
        }
    }

    fn store(&mut self, note: &Note) -> Vec<Fact> {
        self.contacts.observe(note);
        self.rings.observe(note, self.now)
    }

    fn hear(&mut self, from: u8) -> Vec<Fact> {
        let open: Vec<u64> = (0..200).collect();
        let echo = Echo {
            from: author(from),
            open: &open,
            challenged: self.now,
        };
        self.rings.heard(echo, self.now, 15_000)
    }

    /// Everything that may be shown, and everything that counts.
    fn shown(&self) -> String {
        let rings: Vec<_> = self.rings.shown().collect();
        let contacts = (0..RINGS).map(|ring| {
            let id = ring_id(ring);
            let standing = self.contacts.standing(&id, &self.rings);
            (standing, self.rings.accepted(&id), self.rings.talk(&id))
        });
        format!("{rings:?} {:?}", contacts.collect::<Vec<_>>())
    }
}

/// A note that says nothing of any ring; its place in the chain and its heads are the same.
fn silenced(note: &Note) -> Note {
    Note {
        fact: Fact::None,
        ..note.clone()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// OL-786: two desks of each party, of which one never sees what bears another mark than its ring. They want the same
    /// written and show the same, step by step.
    #[test]
    fn what_bears_another_mark_than_its_ring_changes_nothing(script in vec(happens(), 1..60)) {
        // The marks of all rings, as they will have been rung: an entry may come before its ring.
        let mut signed = Signed::default();
        let mut notes = Vec::new();
        for it in &script {
            notes.push(match it {
                Happens::Stored(by, mark, ring, about) => {
                    signed.sign((*by, *mark, *ring), about).map(|note| (note, *ring))
                }
                _ => None,
            });
        }
        for party in [WASHINGTON, MOSCOW] {
            let (mut desk, mut blind) = (Desk::new(party), Desk::new(party));
            let mut rung = [false; RINGS as usize];
            for (it, note) in script.iter().zip(&notes) {
                let both = [&mut desk, &mut blind];
                let [wanted, without] = match (it, note) {
                    // Nobody signs of our own ring before we have rung.
                    (_, Some((note, ring)))
                        if rung_by(*ring) == party
                            && !rung[usize::from(*ring)]
                            && note.id != ring_id(*ring) =>
                    {
                        both.map(|_| Vec::new())
                    }
                    (_, Some((note, ring))) => {
                        rung[usize::from(*ring)] |= note.id == ring_id(*ring);
                        let mark = signed.marks[usize::from(*ring)];
                        let counts = mark.is_none_or(|mark| mark == note.mark);
                        let seen = if counts { note.clone() } else { silenced(note) };
                        let [desk, blind] = both;
                        [desk.store(note), blind.store(&seen)]
                    }
                    (Happens::Heard(from), _) if *from != party => both.map(|desk| desk.hear(*from)),
                    (Happens::Answers(ring, said), _) => both.map(|desk| {
                        let answered = desk.rings.answer(&ring_id(*ring), *said, None);
                        answered.unwrap_or_default()
                    }),
                    (Happens::Withdraws(ring), _) => both.map(|desk| {
                        desk.rings.withdraw(&ring_id(*ring)).unwrap_or_default()
                    }),
                    (Happens::Passes(ms), _) => both.map(|desk| {
                        desk.now += ms;
                        desk.rings.woken(desk.now)
                    }),
                    _ => both.map(|_| Vec::new()),
                };
                prop_assert_eq!(wanted, without);
                prop_assert_eq!(desk.shown(), blind.shown());
            }
        }
    }
}
