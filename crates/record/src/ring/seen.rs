//! What an author had seen when he wrote an entry: the heads that all entries of its chain up to and with it said, since
//! each lists only what moved (OL-306). Rings, contacts and the watch ask for that of urgent
//! streams alone.
//!
//! An entry counts once its chain is held up to it (OL-541): before that nobody can say what its author had seen.

use std::collections::BTreeMap;

use openline_wire::codes::{Kind, Stream};
use openline_wire::fact::Fact;
use openline_wire::header::{Actor, Chain, Header};
use openline_wire::ids::{Author, EntryId};

use super::held::Note;

/// An entry whose turn has come in its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InTurn {
    /// What it says, and what its author had seen.
    pub note: Note,
    /// When it was signed, by its author's clock.
    pub time: u64,
    /// Who acted.
    pub actor: Actor,
    /// When it was stored here, by our wall clock.
    pub stored: u64,
}

/// What was said in each chain so far, and entries that are held ahead of their turn.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    chains: BTreeMap<Chain, Said>,
    /// As many as the log holds ahead of their turn.
    ahead: BTreeMap<(Chain, u64), InTurn>,
}

#[derive(Clone, Debug, Default)]
struct Said {
    size: u64,
    heads: BTreeMap<Author, u64>,
}

impl Seen {
    /// Takes an entry that is new here, in any order, and gives those whose turn has come, in the order of their chain.
    pub fn take(&mut self, id: EntryId, header: &Header, stored: u64) -> Vec<InTurn> {
        let (chain, sequence) = (header.chain(), header.sequence);
        let note = as_written(id, header);
        let actor = match note.fact {
            // Of such nobody asks who acted.
            Fact::None => Actor::station(),
            _ => header.actor.clone(),
        };
        let mut entry = InTurn {
            note,
            time: header.time,
            actor,
            stored,
        };
        let said = self.chains.entry(chain).or_default();
        if sequence < said.size {
            return Vec::new();
        }
        if sequence > said.size {
            self.ahead.insert((chain, sequence), entry);
            return Vec::new();
        }
        let mut in_turn = Vec::new();
        loop {
            said.size += 1;
            in_turn.extend(said.up_to_and_with(entry));
            match self.ahead.remove(&(chain, said.size)) {
                Some(next) => entry = next,
                None => return in_turn,
            }
        }
    }
}

impl Said {
    /// The note with all that its author had seen; none if nothing follows from it.
    fn up_to_and_with(&mut self, mut entry: InTurn) -> Option<InTurn> {
        let note = &mut entry.note;
        for &(of, size) in &note.heads {
            let seen = self.heads.entry(of).or_insert(0);
            *seen = (*seen).max(size);
        }
        match note.fact {
            Fact::None if note.heads.is_empty() => None,
            Fact::None | Fact::Start(_) => Some(entry),
            _ => {
                note.heads = self.heads.iter().map(|(of, size)| (*of, *size)).collect();
                Some(entry)
            }
        }
    }
}

/// An entry as it stands. Outside the urgent stream only its heads count (OL-505).
fn as_written(id: EntryId, header: &Header) -> Note {
    let urgent = header.heads.iter();
    let urgent = urgent.filter(|head| head.chain.stream == Stream::Urgent);
    let kind = header.kind;
    let is_of_one = kind == Kind::Start || kind.stream() == Some(Stream::Urgent);
    let is_part = header.stream == Stream::Urgent && is_of_one;
    // A fact that is not of its kind no station takes in.
    let fact = Fact::of(header).ok().filter(|_| is_part);
    Note {
        id,
        author: header.author,
        sequence: header.sequence,
        mark: header.mark,
        heads: urgent.map(|head| (head.chain.author, head.size)).collect(),
        fact: fact.unwrap_or(Fact::None),
    }
}

#[cfg(test)]
mod tests {
    use openline_wire::codes::{Mark, Mode, Precedence};
    use openline_wire::fact::Ring;
    use openline_wire::header::{Actor, Head};
    use openline_wire::ids::{BootId, LineId, NodeId, PartyId};
    use openline_wire::office::{OfficeId, OfficeRef};

    use super::*;

    fn author(party: u8) -> Author {
        Author {
            party: PartyId([party; 32]),
            node: NodeId([party; 32]),
            boot: BootId([party; 16]),
        }
    }

    /// Washington's entry at a place of its urgent stream, with what it says of Moscow's.
    fn written(sequence: u64, moscow: Option<u64>, fact: &Fact, kind: Kind) -> (EntryId, Header) {
        let chain = Chain {
            author: author(2),
            stream: Stream::Urgent,
        };
        let last = EntryId([9; 32]);
        let heads = moscow.map(|size| Head { chain, size, last });
        let header = Header {
            line: LineId([0; 32]),
            author: author(1),
            stream: Stream::Urgent,
            sequence,
            previous: None,
            heads: heads.into_iter().collect(),
            time: 0,
            kind,
            mark: Mark::Real,
            precedence: Precedence::Flash,
            reply_to: None,
            actor: Actor::station(),
            fact: fact.to_bytes(),
            commitment: None,
        };
        (EntryId([sequence as u8 + 1; 32]), header)
    }

    fn ring() -> Fact {
        let office = |party| OfficeRef {
            party: PartyId([party; 32]),
            office: OfficeId::new("watch").expect("a word"),
        };
        Fact::Ring(Ring {
            from: office(1),
            to: office(2),
            mode: Mode::Text,
            for_ms: 60_000,
            exercise: None,
        })
    }

    /// OL-506: the ring that came first says nothing until the entry before it is there; then it says what both said.
    #[test]
    fn an_entry_counts_once_its_chain_is_held_and_knows_what_all_before_it_said() {
        let start = written(0, Some(4), &Fact::None, Kind::Message);
        let text = written(1, Some(7), &Fact::None, Kind::Message);
        let ring = written(2, None, &ring(), Kind::Ring);
        let mut seen = Seen::default();
        let notes = |seen: &mut Seen, (id, header): &(EntryId, Header)| -> Vec<Note> {
            let in_turn = seen.take(*id, header, 0).into_iter();
            in_turn.map(|entry| entry.note).collect()
        };
        assert_eq!(notes(&mut seen, &start).len(), 1);
        assert_eq!(notes(&mut seen, &ring), []);
        let in_turn = notes(&mut seen, &text);
        let ids: Vec<EntryId> = in_turn.iter().map(|note| note.id).collect();
        assert_eq!(ids, [text.0, ring.0]);
        assert_eq!(in_turn[1].heads, [(author(2), 7)]);
        assert_eq!(notes(&mut seen, &text), [], "once");
    }
}
