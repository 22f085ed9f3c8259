//! Rings between Washington and Moscow, as their boots' books keep them: what arrives, in which order, and what both
//! sides then write and show.

use openline_proto::ring::book::{Book, Echo, NotDone};
use openline_proto::ring::held::{Note, Standing};
use openline_wire::codes::{Answer, Ending, Mark, Mode, Stream};
use openline_wire::fact::{Fact, Frontier, Outcome, Ring, Start};
use openline_wire::ids::{Author, BootId, Digest, EntryId, NodeId, PartyId};
use openline_wire::limits;
use openline_wire::office::{OfficeId, OfficeRef};

const WASHINGTON: u8 = 1;
const MOSCOW: u8 = 2;

/// The charter's limit for a fresh echo.
const LIMIT: u64 = 15_000;

/// A boot, its book and its urgent stream.
struct Station {
    book: Book,
    own: Author,
    written: u64,
    /// What it holds of others' streams.
    heads: Vec<(Author, u64)>,
    now: u64,
}

fn author(party: u8, boot: u8) -> Author {
    Author {
        party: PartyId([party; 32]),
        node: NodeId([party; 32]),
        boot: BootId([boot; 16]),
    }
}

fn ring_of(party: u8) -> Ring {
    let office = |party| OfficeRef {
        party: PartyId([party; 32]),
        office: OfficeId::new("watch").expect("an identifier"),
    };
    Ring {
        from: office(party),
        to: office(3 - party),
        mode: Mode::Text,
        for_ms: 60_000,
        exercise: None,
    }
}

impl Station {
    fn new(party: u8, boot: u8) -> Self {
        let own = author(party, boot);
        Self {
            book: Book::new(own),
            own,
            written: 1,
            heads: Vec::new(),
            now: 0,
        }
    }

    /// Signs and stores what the book wants written.
    fn write(&mut self, facts: Vec<Fact>) -> Vec<Note> {
        let sign = |fact| {
            let own = self.own;
            let mut id = [self.written as u8; 32];
            id[0] = own.boot.0[0];
            let note = Note {
                id: EntryId(id),
                author: own,
                sequence: self.written,
                mark: Mark::Real,
                heads: self.heads.clone(),
                fact,
            };
            self.written += 1;
            assert!(self.book.observe(&note, self.now).is_empty());
            note
        };
        facts.into_iter().map(sign).collect()
    }

    fn ring(&mut self) -> Note {
        let ring = ring_of(self.own.party.0[0]);
        assert_eq!(self.book.may_ring(&ring), Ok(()));
        self.write(vec![Fact::Ring(ring)]).remove(0)
    }

    /// Stores what arrives, and writes what follows.
    fn take(&mut self, notes: &[Note]) -> Vec<Note> {
        let mut written = Vec::new();
        for note in notes {
            let facts = self.book.observe(note, self.now);
            self.heads.retain(|(author, _)| *author != note.author);
            self.heads.push((note.author, note.sequence + 1));
            written.extend(self.write(facts));
        }
        written
    }

    /// Hears what the other boot says of its rings, in answer to a challenge of this age.
    fn hear(&mut self, other: &Self, age: u64) -> Vec<Note> {
        let open = other.book.open_rings();
        let echo = Echo {
            from: other.own,
            open: &open,
            challenged: self.now - age,
        };
        let facts = self.book.heard(echo, self.now, LIMIT);
        self.write(facts)
    }

    fn answer(&mut self, ring: &Note, answer: Answer) -> Vec<Note> {
        let facts = self.book.answer(&ring.id, answer, None);
        self.write(facts.expect("it rings"))
    }

    fn withdraw(&mut self, ring: &Note) -> Vec<Note> {
        let facts = self.book.withdraw(&ring.id).expect("it is open");
        self.write(facts)
    }

    fn expire(&mut self) -> Vec<Note> {
        self.now = self.book.wake_at().expect("something runs");
        assert!(self.book.woken(self.now - 1).is_empty());
        let facts = self.book.woken(self.now);
        self.write(facts)
    }

    fn ended(&self, ring: &Note) -> Option<Ending> {
        match self.book.standing(&ring.id)? {
            Standing::Ended(ended) => Some(ended.ending),
            _ => None,
        }
    }

    fn is_final(&self, ring: &Note) -> bool {
        self.book.ended_for_good(&ring.id).is_some()
    }
}

/// Washington rings, and it rings in Moscow.
fn it_rings() -> (Station, Station, Note, Vec<Note>) {
    let (mut washington, mut moscow) = (Station::new(WASHINGTON, 1), Station::new(MOSCOW, 2));
    (washington.now, moscow.now) = (100_000, 700_000);
    let ring = washington.ring();
    moscow.take(std::slice::from_ref(&ring));
    let ringing = moscow.hear(&washington, 1_000);
    assert!(moscow.book.rings(&ring.id));
    (washington, moscow, ring, ringing)
}

fn outcome(notes: &[Note]) -> Outcome {
    let [
        Note {
            fact: Fact::Outcome(outcome),
            ..
        },
    ] = notes
    else {
        panic!("no outcome, or more: {notes:?}");
    };
    *outcome
}

/// OL-511 OL-541 OL-542
#[test]
fn moscow_accepts_and_each_side_shows_it_as_final_when_it_may() {
    let (mut washington, mut moscow, ring, ringing) = it_rings();
    washington.take(&ringing);
    let accepted = moscow.answer(&ring, Answer::Accept);
    assert_eq!(moscow.book.standing(&ring.id), Some(Standing::Answered));
    let decided = washington.take(&accepted);
    assert_eq!(outcome(&decided).cites, Some(accepted[0].id));
    assert_eq!(washington.ended(&ring), Some(Ending::Accepted));
    assert!(!washington.is_final(&ring), "nobody in Moscow holds it");
    moscow.take(&decided);
    assert!(moscow.is_final(&ring));
    let receipt = moscow.write(vec![Fact::None]);
    washington.take(&receipt);
    assert!(washington.is_final(&ring));
}

/// OL-543
#[test]
fn a_talk_opens_between_the_caller_and_the_boot_that_answered() {
    let (mut washington, mut moscow, ring, ringing) = it_rings();
    let mut colleague = Station::new(MOSCOW, 3);
    let accepted = moscow.answer(&ring, Answer::Accept);
    washington.take(&ringing);
    let decided = washington.take(&accepted);
    let rung = std::slice::from_ref(&ring);
    for notes in [rung, &ringing, &accepted, &decided] {
        moscow.take(notes);
        colleague.take(notes);
    }
    let outcome = decided[0].id;
    assert_eq!(washington.book.talk(&ring.id), Some((moscow.own, outcome)));
    assert_eq!(moscow.book.talk(&ring.id), Some((washington.own, outcome)));
    assert_eq!(colleague.ended(&ring), Some(Ending::Accepted));
    assert_eq!(colleague.book.talk(&ring.id), None);
}

/// OL-512
#[test]
fn an_answer_that_overtakes_its_ringing_waits_for_it() {
    let (mut washington, mut moscow, ring, ringing) = it_rings();
    let declined = moscow.answer(&ring, Answer::Decline);
    assert!(washington.take(&declined).is_empty());
    assert_eq!(washington.book.standing(&ring.id), Some(Standing::Calling));
    let decided = washington.take(&ringing);
    assert_eq!(outcome(&decided).ending, Ending::Declined);
}

/// OL-511: the one counts that the caller decided first, and the other side learns it.
#[test]
fn moscow_accepts_while_washington_withdraws() {
    let (mut washington, mut moscow, ring, ringing) = it_rings();
    let accepted = moscow.answer(&ring, Answer::Accept);
    let withdrawn = washington.withdraw(&ring);
    assert_eq!(outcome(&withdrawn).cites, None);
    assert!(washington.take(&ringing).is_empty());
    assert!(washington.take(&accepted).is_empty());
    assert_eq!(washington.book.withdraw(&ring.id), Err(NotDone::TooLate));
    moscow.take(&withdrawn);
    assert_eq!(moscow.ended(&ring), Some(Ending::Withdrawn));
    assert_eq!(moscow.book.talk(&ring.id), None);
}

/// OL-513
#[test]
fn a_ring_that_rang_ends_unanswered_and_one_that_nobody_heard_unreachable() {
    let (mut washington, _, ring, ringing) = it_rings();
    washington.take(&ringing);
    assert_eq!(washington.book.wake_at(), Some(100_000 + 60_000));
    let unanswered = outcome(&washington.expire());
    assert_eq!(unanswered.ending, Ending::Unanswered);
    assert_eq!(unanswered.cites, Some(ringing[0].id));
    assert_eq!(washington.ended(&ring), Some(Ending::Unanswered));

    let (mut washington, _, ring, ringing) = it_rings();
    let unreachable = outcome(&washington.expire());
    assert_eq!(unreachable.ending, Ending::Unreachable);
    washington.take(&ringing);
    assert_eq!(washington.ended(&ring), Some(Ending::Unreachable));
}

/// OL-521
#[test]
fn a_ring_that_lay_for_hours_sounds_no_bell() {
    let (mut washington, mut moscow) = (Station::new(WASHINGTON, 1), Station::new(MOSCOW, 2));
    let ring = washington.ring();
    moscow.now = 7_200_000;
    moscow.take(std::slice::from_ref(&ring));
    assert!(moscow.hear(&washington, LIMIT).is_empty());
    assert!(!moscow.book.rings(&ring.id));
    assert_eq!(
        moscow.book.answer(&ring.id, Answer::Accept, None),
        Err(NotDone::NotRinging)
    );
    assert_eq!(moscow.hear(&washington, LIMIT - 1).len(), 1);
    assert!(moscow.book.rings(&ring.id));
}

/// OL-426 OL-521: what the caller does not name is not open.
#[test]
fn a_ring_that_was_withdrawn_meanwhile_sounds_no_bell() {
    let (mut washington, mut moscow) = (Station::new(WASHINGTON, 1), Station::new(MOSCOW, 2));
    let ring = washington.ring();
    assert_eq!(washington.book.open_rings(), [ring.sequence]);
    washington.withdraw(&ring);
    assert!(washington.book.open_rings().is_empty());
    moscow.take(std::slice::from_ref(&ring));
    assert!(moscow.hear(&washington, 0).is_empty());
}

/// OL-522 OL-523
#[test]
fn a_boot_answers_once_and_not_when_the_time_is_over() {
    let (_, mut moscow, ring, _) = it_rings();
    moscow.answer(&ring, Answer::Later);
    let again = moscow.book.answer(&ring.id, Answer::Accept, None);
    assert_eq!(again, Err(NotDone::TooLate));

    let (washington, mut moscow, ring, _) = it_rings();
    assert_eq!(moscow.book.wake_at(), Some(700_000 + 60_000));
    assert!(moscow.expire().is_empty());
    assert!(!moscow.book.rings(&ring.id));
    assert!(moscow.hear(&washington, 0).is_empty());
    assert_eq!(
        moscow.book.answer(&ring.id, Answer::Accept, None),
        Err(NotDone::TooLate)
    );
}

/// OL-531 OL-532 OL-533
#[test]
fn both_ring_at_once_and_talk_in_the_smaller_ring() {
    let (mut washington, mut moscow) = (Station::new(WASHINGTON, 1), Station::new(MOSCOW, 2));
    let (smaller, larger) = (washington.ring(), moscow.ring());
    assert!(smaller.id < larger.id);
    washington.take(std::slice::from_ref(&larger));
    moscow.take(std::slice::from_ref(&smaller));
    assert!(
        washington.hear(&moscow, 0).is_empty(),
        "it holds the larger off"
    );
    let written = moscow.hear(&washington, 0);
    let [_, merged, accepted] = &written[..] else {
        panic!("{written:?}");
    };
    assert_eq!(
        outcome(std::slice::from_ref(merged)).cites,
        Some(smaller.id)
    );
    let decided = washington.take(&written);
    assert_eq!(outcome(&decided).cites, Some(accepted.id));
    moscow.take(&decided);
    for station in [&washington, &moscow] {
        assert_eq!(station.ended(&smaller), Some(Ending::Accepted));
        assert_eq!(station.ended(&larger), Some(Ending::Merged));
    }
    assert!(washington.hear(&moscow, 0).is_empty());
}

/// OL-531: who rings back knows of the ring, and an exercise is not merged into something real.
#[test]
fn rings_that_do_not_cross_are_not_merged() {
    let (mut washington, mut moscow) = (Station::new(WASHINGTON, 1), Station::new(MOSCOW, 2));
    let smaller = washington.ring();
    moscow.take(std::slice::from_ref(&smaller));
    moscow.ring();
    assert_eq!(moscow.hear(&washington, 0).len(), 1, "it knew of the other");

    let (mut washington, mut moscow) = (Station::new(WASHINGTON, 1), Station::new(MOSCOW, 2));
    let exercise = Note {
        mark: Mark::Exercise,
        ..washington.ring()
    };
    moscow.ring();
    moscow.take(&[exercise]);
    assert_eq!(moscow.hear(&washington, 0).len(), 1, "it is an exercise");
}

/// OL-533
#[test]
fn nobody_calls_who_is_calling() {
    let (_, mut moscow, ring, _) = it_rings();
    let back = ring_of(MOSCOW);
    assert_eq!(moscow.book.may_ring(&back), Err(NotDone::TheyRing));
    moscow.answer(&ring, Answer::Later);
    assert_eq!(moscow.book.may_ring(&back), Err(NotDone::TheyRing));
    moscow.expire();
    assert_eq!(moscow.book.may_ring(&back), Ok(()));
}

/// OL-426
#[test]
fn a_boot_rings_eight_times_at_once_and_names_them_in_order() {
    let mut washington = Station::new(WASHINGTON, 1);
    let rings: Vec<u64> = (0..limits::OPEN_RINGS)
        .map(|_| washington.ring().sequence)
        .collect();
    assert_eq!(washington.book.open_rings(), rings);
    assert_eq!(
        washington.book.may_ring(&ring_of(WASHINGTON)),
        Err(NotDone::TooMany)
    );
}

/// The start of a boot that knows of these earlier ones.
fn start(by: &mut Station, earlier: &[Author]) -> Note {
    let end = |author: &Author| Frontier {
        boot: author.boot,
        stream: Stream::Urgent,
        size: 2,
        last: EntryId([0; 32]),
        root: Digest([0; 32]),
    };
    let frontier = earlier.iter().map(end).collect();
    by.write(vec![Fact::Start(Start { frontier })]).remove(0)
}

/// OL-514 OL-523 OL-543: nobody decides for the dead, and what they decided is no talk any more.
#[test]
fn washington_restarts_while_it_rings_in_moscow() {
    let (mut washington, mut moscow, ring, ringing) = it_rings();
    washington.take(&ringing);
    let accepted = moscow.answer(&ring, Answer::Accept);
    let decided = washington.take(&accepted);

    let mut again = Station::new(WASHINGTON, 4);
    again.take(std::slice::from_ref(&ring));
    let begun = start(&mut again, &[washington.own]);
    for station in [&mut again, &mut moscow] {
        station.take(std::slice::from_ref(&begun));
        assert_eq!(station.book.standing(&ring.id), Some(Standing::BrokenOff));
        assert!(!station.is_final(&ring));
    }
    assert_eq!(again.book.withdraw(&ring.id), Err(NotDone::NoSuchRing));
    assert_eq!(again.book.wake_at(), None);

    moscow.take(&decided);
    assert_eq!(moscow.ended(&ring), Some(Ending::Accepted));
    assert_eq!(moscow.book.talk(&ring.id), None);
}

/// OL-514: the boot knows of its copy, and still rings.
#[test]
fn a_boot_rings_beside_a_copy_that_began_before() {
    let (mut washington, mut moscow) = (Station::new(WASHINGTON, 1), Station::new(MOSCOW, 2));
    let mut copy = Station::new(WASHINGTON, 4);
    let begun = start(&mut copy, &[washington.own]);
    washington.take(std::slice::from_ref(&begun));
    let ring = washington.ring();
    moscow.take(&[ring.clone(), begun]);
    assert_eq!(moscow.book.standing(&ring.id), Some(Standing::Calling));
    assert_eq!(moscow.hear(&washington, 0).len(), 1);
}

/// OL-541: a liar's outcome does not count without the answer that it cites, nor one by somebody else.
#[test]
fn an_outcome_without_grounds_or_by_another_boot_counts_for_nothing() {
    let (mut washington, mut moscow, ring, ringing) = it_rings();
    let claim = Fact::Outcome(Outcome {
        ring: ring.id,
        ending: Ending::Accepted,
        cites: Some(ringing[0].id),
    });
    let lie = washington.write(vec![claim]);
    moscow.take(&lie);
    assert_eq!(moscow.book.standing(&ring.id), Some(Standing::Ringing));

    let (_, mut moscow, ring, _) = it_rings();
    let mut copy = Station::new(WASHINGTON, 4);
    let withdrawn = Fact::Outcome(Outcome {
        ring: ring.id,
        ending: Ending::Withdrawn,
        cites: None,
    });
    let foreign = copy.write(vec![withdrawn]);
    moscow.take(&foreign);
    assert_eq!(moscow.book.standing(&ring.id), Some(Standing::Ringing));
    assert!(moscow.book.rings(&ring.id));
}

/// OL-541: entries in any order give one state.
#[test]
fn the_outcome_comes_before_the_ring() {
    let (mut washington, mut moscow, ring, ringing) = it_rings();
    washington.take(&ringing);
    let declined = moscow.answer(&ring, Answer::Decline);
    let decided = washington.take(&declined);
    let mut colleague = Station::new(MOSCOW, 3);
    for notes in [&decided, &declined, &ringing] {
        colleague.take(notes);
        assert_eq!(colleague.book.standing(&ring.id), None);
    }
    colleague.take(std::slice::from_ref(&ring));
    assert_eq!(colleague.ended(&ring), Some(Ending::Declined));
    assert!(colleague.hear(&washington, 0).is_empty());
}
