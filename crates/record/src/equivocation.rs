//! Evidence that an author signed two entries for one place: both headers, both signatures.
//!
//! Nobody can make it without the author's key, and nobody needs to be believed to check it. What
//! follows that place in the chain is disputed (rule 4, invariant 22).

use openline_wire::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use openline_wire::entry::{Entry, id_of, to_be_signed};
use openline_wire::header;
use openline_wire::ids::EntryId;
use openline_wire::key::{NodeKey, Signature};
use openline_wire::limits;

use crate::finding::Place;

/// Two different entries at one place of one author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equivocation {
    place: Place,
    /// In ascending order of their ids, so that whoever finds it writes the same bytes.
    statements: [Statement; 2],
}

/// What was signed, without the body.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Statement {
    header: Vec<u8>,
    signature: Signature,
}

impl Statement {
    fn id(&self) -> EntryId {
        id_of(&self.header)
    }

    fn of(entry: &Entry) -> Self {
        Self {
            header: entry.header_bytes().to_vec(),
            signature: *entry.signature(),
        }
    }
}

impl Equivocation {
    /// The evidence in two entries, if they contradict each other.
    pub fn of(one: &Entry, other: &Entry) -> Option<Self> {
        Self::new([Statement::of(one), Statement::of(other)]).ok()
    }

    fn new(mut statements: [Statement; 2]) -> Result<Self, DecodeError> {
        let one = Place::of(&header::parse(&statements[0].header)?);
        let other = Place::of(&header::parse(&statements[1].header)?);
        statements.sort_by_key(Statement::id);
        if one != other || statements[0].header == statements[1].header {
            return Err(invalid("equivocation: the headers do not contradict"));
        }
        Ok(Self {
            place: one,
            statements,
        })
    }

    /// The place that was signed twice.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The two entries, in ascending order.
    pub fn ids(&self) -> [EntryId; 2] {
        [self.statements[0].id(), self.statements[1].id()]
    }

    /// Whether the node that both headers name really signed both.
    pub fn verify(&self, key: &NodeKey) -> bool {
        let signed = |s: &Statement| key.verify(&to_be_signed(&s.header), &s.signature);
        key.id() == self.place.chain.author.node && self.statements.iter().all(signed)
    }
}

impl Canonical for Equivocation {
    fn write(&self, w: &mut Writer) {
        w.array(4);
        for statement in &self.statements {
            w.bytes(&statement.header).bytes(&statement.signature.0);
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        fn statement(r: &mut Reader<'_>) -> Result<Statement, DecodeError> {
            Ok(Statement {
                header: r.bytes("header", limits::HEADER)?.to_vec(),
                signature: Signature(r.fixed("signature")?),
            })
        }
        r.array_of("equivocation", 4)?;
        Self::new([statement(r)?, statement(r)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Boot;

    /// Moscow, whose key signs two texts for the place behind his start.
    fn two_flashes() -> (Boot, Entry, Entry) {
        let mut moscow = Boot::new(1);
        moscow.start(&[], &[]);
        let mut copy = moscow.clone();
        let (one, other) = (moscow.flash("We stop."), copy.flash("We do not stop."));
        (moscow, one, other)
    }

    /// OL-334
    #[test]
    fn moscow_signs_two_texts_for_one_place_and_anybody_can_prove_it() {
        let (moscow, one, other) = two_flashes();
        let found = Equivocation::of(&one, &other).expect("they contradict");
        assert_eq!(Equivocation::of(&other, &one), Some(found.clone()));
        assert_eq!(found.place().sequence, 1);
        assert!(found.verify(&moscow.node_key()));
        assert!(!found.verify(&Boot::new(2).node_key()));
        assert_eq!(Equivocation::from_bytes(&found.to_bytes()), Ok(found));
    }

    /// OL-334
    #[test]
    fn an_entry_does_not_contradict_itself_nor_its_neighbour() {
        let (mut moscow, one, _) = two_flashes();
        let next = moscow.flash("Next");
        assert_eq!(Equivocation::of(&one, &one), None);
        assert_eq!(Equivocation::of(&one, &next), None);
    }

    /// OL-334
    #[test]
    fn evidence_with_a_forged_signature_convicts_nobody() {
        let (moscow, one, other) = two_flashes();
        let mut found = Equivocation::of(&one, &other).expect("they contradict");
        found.statements[1].signature.0[5] ^= 1;
        assert!(!found.verify(&moscow.node_key()));
    }
}
