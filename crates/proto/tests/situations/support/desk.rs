//! A desk: a boot of a party, its book of watches, and its urgent stream.

use openline_proto::watch::book::{Book, NotDone, Request};
use openline_proto::watch::known::Note;
use openline_proto::watch::watches::Watch;
use openline_wire::codes::{Attestation, Mark, Stream};
use openline_wire::fact::{Fact, Frontier, Start, TakeOver};
use openline_wire::header::Actor;
use openline_wire::ids::{Author, BootId, Digest, EntryId, NodeId, PartyId};

pub const WASHINGTON: u8 = 1;
pub const MOSCOW: u8 = 2;

/// By the charter an officer confirms at least so often.
pub const PRESENCE: u64 = 3_600_000;

/// Noon, by every clock.
const NOON: u64 = 1_652_961_600_000;

pub fn party(party: u8) -> PartyId {
    PartyId([party; 32])
}

pub fn person(name: &str) -> Actor {
    Actor {
        name: name.to_owned(),
        attestation: Attestation::UnixUser,
        evidence: "1000".to_owned(),
    }
}

/// A take-over that no desk would sign by itself.
pub fn take_over_of(handed: &Note) -> Fact {
    Fact::TakeOver(TakeOver {
        hand_over: handed.id,
        confirms_ms: 3_600_000,
    })
}

#[derive(Clone)]
pub struct Desk {
    pub book: Book,
    pub author: Author,
    pub written: u64,
    pub now: u64,
    /// What it holds of others' streams.
    pub heads: Vec<(Author, u64)>,
    /// What it wrote, and in `held` what it holds, in the order in which it came.
    pub log: Vec<Note>,
    pub held: Vec<Note>,
}

impl Desk {
    /// The first boot of a node, behind its start.
    pub fn new(of: u8, node: u8) -> Self {
        let author = Author {
            party: party(of),
            node: NodeId([node; 32]),
            boot: BootId([node; 16]),
        };
        let mut desk = Self::begin(author);
        let frontier = Vec::new();
        desk.sign("", Fact::Start(Start { frontier }));
        desk
    }

    fn begin(author: Author) -> Self {
        Self {
            book: Book::new(author.party, [party(WASHINGTON), party(MOSCOW)], PRESENCE),
            author,
            written: 0,
            now: 0,
            heads: Vec::new(),
            log: Vec::new(),
            held: Vec::new(),
        }
    }

    /// A later boot of the same node, with the same disk.
    pub fn restart(&self, boot: u8) -> Self {
        let boot = BootId([boot; 16]);
        let mut later = Self::begin(Author {
            boot,
            ..self.author
        });
        let notes: Vec<Note> = self.held.clone();
        later.take(&notes);
        // What the frontier names needs no head.
        later
            .heads
            .retain(|(author, _)| author.node != self.author.node);
        let frontier = vec![Frontier {
            boot: self.author.boot,
            stream: Stream::Urgent,
            size: self.written,
            last: EntryId([0; 32]),
            root: Digest([0; 32]),
        }];
        later.sign("", Fact::Start(Start { frontier }));
        later
    }

    /// Signs and stores an entry.
    pub fn sign(&mut self, who: &str, fact: Fact) -> Note {
        let mut id = [0; 32];
        id[0] = self.author.boot.0[0];
        id[1..9].copy_from_slice(&self.written.to_be_bytes());
        let note = Note {
            id: EntryId(id),
            author: self.author,
            sequence: self.written,
            mark: Mark::Real,
            heads: self.heads.clone(),
            time: NOON + self.now,
            actor: person(who),
            age: 0,
            fact,
        };
        self.written += 1;
        self.book.observe(&note, self.now);
        self.log.push(note.clone());
        self.held.push(note.clone());
        note
    }

    /// A person of this side asks for something, and it is signed.
    pub fn ask(&mut self, who: &str, request: Request) -> Result<Vec<Note>, NotDone> {
        let facts = self.book.ask(request, &person(who))?;
        Ok(facts.into_iter().map(|fact| self.sign(who, fact)).collect())
    }

    /// Stores what arrives.
    pub fn take(&mut self, notes: &[Note]) {
        for note in notes {
            self.book.observe(note, self.now);
            let size = note.sequence + 1;
            match self
                .heads
                .iter_mut()
                .find(|(author, _)| *author == note.author)
            {
                Some((_, known)) => *known = (*known).max(size),
                None => self.heads.push((note.author, size)),
            }
            self.held.push(note.clone());
        }
    }

    /// Its own party's watches.
    pub fn standing(&self) -> Vec<Watch> {
        self.book.standing(&self.author.party)
    }
}

/// Two desks hear at last what each of them wrote.
pub fn connect(one: &mut Desk, two: &mut Desk, ones: &[Note], twos: &[Note]) {
    one.take(twos);
    two.take(ones);
}
