//! Washington rang, Moscow accepted: their boots' books, and what each has signed.

use openline_proto::contact::book::{Book, ContactStanding, Due, NotDone};
use openline_proto::contact::state::State;
use openline_proto::contact::typed::{Fields, Typed};
use openline_proto::contact::view::Standing;
use openline_proto::ring::book::{Book as Rings, Echo};
use openline_proto::ring::held::Note;
use openline_wire::codes::{Answer, Comparison, Mark, Mode};
use openline_wire::fact::{Fact, Ring};
use openline_wire::ids::{Author, BootId, EntryId, NodeId, PartyId};
use openline_wire::office::{OfficeId, OfficeRef};

pub const WASHINGTON: u8 = 1;
pub const MOSCOW: u8 = 2;

/// Generation and epoch of the channel between them.
pub const EPOCH: (u64, u64) = (2, 7);

pub const FIELDS: Fields<'_> = Fields {
    places: &["50.4501N 30.5234E", "36U UA 23456 78901"],
    from: "2026-11-29T06:00+02:00",
    until: Some("2026-11-30T06:00+02:00"),
    next_contact: Some("2026-11-29T04:30Z"),
};

pub fn typed(fields: Fields<'_>) -> Typed {
    Typed::read(fields).expect("terms")
}

/// The read-back of somebody who misread the hour.
pub fn misread() -> Typed {
    let from = "2026-11-29T08:00+02:00";
    typed(Fields { from, ..FIELDS })
}

pub fn author(party: u8, boot: u8) -> Author {
    Author {
        party: PartyId([party; 32]),
        node: NodeId([party; 32]),
        boot: BootId([boot; 16]),
    }
}

#[derive(Clone)]
pub struct Station {
    pub own: Author,
    pub rings: Rings,
    pub book: Book,
    pub mark: Mark,
    /// Its urgent stream behind its start.
    pub signed: Vec<Note>,
    heads: Vec<(Author, u64)>,
}

impl Station {
    pub fn new(party: u8, boot: u8) -> Self {
        let own = author(party, boot);
        Self {
            own,
            rings: Rings::new(own),
            book: Book::new(own),
            mark: Mark::Real,
            signed: Vec::new(),
            heads: Vec::new(),
        }
    }

    /// Signs and stores.
    pub fn write(&mut self, fact: Fact) -> EntryId {
        let sequence = self.signed.len() as u64 + 1;
        let mut id = [self.own.boot.0[0]; 32];
        id[..8].copy_from_slice(&sequence.to_be_bytes());
        let note = Note {
            id: EntryId(id),
            author: self.own,
            sequence,
            mark: self.mark,
            heads: self.heads.clone(),
            fact,
        };
        self.signed.push(note.clone());
        assert!(self.rings.observe(&note, 0).is_empty());
        self.book.observe(&note);
        note.id
    }

    /// Holds an entry, and writes what follows for its rings.
    pub fn take(&mut self, note: &Note) {
        match self.heads.iter_mut().find(|(boot, _)| *boot == note.author) {
            Some((_, size)) => *size = (*size).max(note.sequence + 1),
            None => self.heads.push((note.author, note.sequence + 1)),
        }
        self.book.observe(note);
        for fact in self.rings.observe(note, 0) {
            self.write(fact);
        }
    }

    /// Holds all that another one has signed.
    pub fn hear(&mut self, other: &Self) {
        for note in &other.signed {
            let mut heads = self.heads.iter();
            let held = heads.find(|(boot, _)| *boot == note.author);
            if held.is_none_or(|(_, size)| note.sequence >= *size) {
                self.take(note);
            }
        }
    }
}

/// Both, and the contact.
#[derive(Clone)]
pub struct Pair {
    pub washington: Station,
    pub moscow: Station,
    pub contact: EntryId,
}

fn ring() -> Fact {
    let office = |party| OfficeRef {
        party: PartyId([party; 32]),
        office: OfficeId::new("watch").expect("an identifier"),
    };
    Fact::Ring(Ring {
        from: office(WASHINGTON),
        to: office(MOSCOW),
        mode: Mode::Text,
        for_ms: 60_000,
        exercise: None,
    })
}

impl Pair {
    /// Moscow has accepted, and both hold the outcome.
    pub fn accepted() -> Self {
        Self::accepted_as(Mark::Real)
    }

    pub fn accepted_as(mark: Mark) -> Self {
        Self::accepted_when(mark, &[])
    }

    /// Moscow accepts when it holds these entries of others.
    pub fn accepted_when(mark: Mark, held: &[Note]) -> Self {
        let (mut washington, mut moscow) = (Station::new(WASHINGTON, 1), Station::new(MOSCOW, 2));
        (washington.mark, moscow.mark) = (mark, mark);
        let contact = washington.write(ring());
        moscow.hear(&washington);
        held.iter().for_each(|note| moscow.take(note));
        let open = washington.rings.open_rings();
        let echo = Echo {
            from: washington.own,
            open: &open,
            challenged: 0,
        };
        for fact in moscow.rings.heard(echo, 0, 1) {
            moscow.write(fact);
        }
        let answer = moscow.rings.answer(&contact, Answer::Accept, None);
        for fact in answer.expect("it rings") {
            moscow.write(fact);
        }
        let mut pair = Self {
            washington,
            moscow,
            contact,
        };
        pair.settle();
        pair
    }

    /// Both hear all that the other has said.
    pub fn settle(&mut self) {
        for _ in 0..3 {
            self.moscow.hear(&self.washington);
            self.washington.hear(&self.moscow);
        }
    }

    /// Takes the step that is due at a station.
    pub fn step(&mut self, is_caller: bool) -> Option<Due> {
        let (contact, nonce) = (self.contact, [if is_caller { 0xAA } else { 0xBB }; 16]);
        let it = match is_caller {
            true => &mut self.washington,
            false => &mut self.moscow,
        };
        let due = it.book.due(&contact, &it.rings)?;
        let fact = match due {
            Due::Commit => it.book.commit(&contact, EPOCH, nonce, &it.rings),
            Due::Share { .. } => it.book.share(&contact, nonce, &it.rings),
            Due::Reveal => it.book.reveal(&contact, &it.rings),
        };
        it.write(fact.expect("it is due"));
        Some(due)
    }

    /// The code is known on both sides.
    pub fn with_code() -> Self {
        Self::accepted().coded()
    }

    pub fn coded(mut self) -> Self {
        for is_caller in [true, false, true] {
            assert!(self.step(is_caller).is_some());
            self.settle();
        }
        self
    }

    /// Both watches have said that the codes agreed.
    pub fn verified() -> Self {
        let mut pair = Self::with_code();
        pair.say(Comparison::Agreed, Comparison::Agreed);
        assert_eq!(pair.standings(), [State::Verified; 2]);
        pair
    }

    pub fn say(&mut self, washington: Comparison, moscow: Comparison) {
        let contact = self.contact;
        for (it, said) in [
            (&mut self.washington, washington),
            (&mut self.moscow, moscow),
        ] {
            let fact = it.book.verify(&contact, said, &it.rings);
            it.write(fact.expect("there is a code"));
        }
        self.settle();
    }

    /// How the contact stands on each side.
    pub fn standings(&self) -> [State; 2] {
        [&self.washington, &self.moscow].map(|it| {
            match it.book.standing(&self.contact, &it.rings) {
                Some(ContactStanding::Is(state)) => state,
                other => panic!("{other:?}"),
            }
        })
    }

    /// How a proposal stands, which must be the same on both sides.
    pub fn proposal(&self, id: &EntryId) -> Standing {
        let [one, other] =
            [&self.washington, &self.moscow].map(|it| it.book.proposals(&self.contact, &it.rings));
        assert_eq!(one, other);
        one[id].standing.clone()
    }

    // What people do; the entry is on both sides when it is done.

    pub fn propose(&mut self, corrects: Option<EntryId>) -> EntryId {
        let it = &mut self.washington;
        let fact = it
            .book
            .propose(&self.contact, typed(FIELDS), corrects, &it.rings);
        let id = it.write(fact.expect("the contact is verified"));
        self.settle();
        id
    }

    pub fn read_back(&mut self, proposal: &EntryId, typed: Typed) -> EntryId {
        let it = &mut self.moscow;
        let fact = it.book.read_back(&self.contact, proposal, typed, &it.rings);
        let id = it.write(fact.expect("it is theirs, and open"));
        self.settle();
        id
    }

    pub fn confirm(&mut self, proposal: &EntryId) -> Result<EntryId, NotDone> {
        let it = &mut self.washington;
        let fact = it.book.confirm(&self.contact, proposal, &it.rings)?;
        let id = it.write(fact);
        self.settle();
        Ok(id)
    }

    /// Proposed, read back, confirmed.
    pub fn agree(&mut self) -> (EntryId, EntryId) {
        let proposal = self.propose(None);
        let read_back = self.read_back(&proposal, typed(FIELDS));
        self.confirm(&proposal).expect("it was read back");
        (proposal, read_back)
    }
}
