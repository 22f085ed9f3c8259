//! Proof of misbehaviour, as it is kept.

use openline_proto::contract::Misbehaviour;
use openline_wire::cbor::{DecodeError, Reader, Writer, invalid};
use openline_wire::ids::Author;

/// Proof that a party did what no honest one does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Whose boot.
    pub by: Author,
    /// What.
    pub what: Misbehaviour,
    /// The signed entries (`SignedEntry` in canonical form) that prove it; may be empty.
    pub proof: Vec<Vec<u8>>,
    /// When it was found, by our wall clock.
    pub at: u64,
}

/// Every kind of misbehaviour with the number that stands for it in the store.
pub(crate) fn code(what: Misbehaviour) -> i64 {
    match what {
        Misbehaviour::Equivocation => 1,
        Misbehaviour::ForkedChain => 2,
        Misbehaviour::FalseHeads => 3,
        Misbehaviour::BadSignature => 4,
        Misbehaviour::Malformed => 5,
        Misbehaviour::Stranger => 6,
        Misbehaviour::Excess => 7,
        Misbehaviour::Divergence => 8,
        Misbehaviour::OtherNumber => 9,
        Misbehaviour::WrongFile => 10,
    }
}

/// The misbehaviour that a number stands for.
pub(crate) fn from_code(number: i64) -> Option<Misbehaviour> {
    Some(match number {
        1 => Misbehaviour::Equivocation,
        2 => Misbehaviour::ForkedChain,
        3 => Misbehaviour::FalseHeads,
        4 => Misbehaviour::BadSignature,
        5 => Misbehaviour::Malformed,
        6 => Misbehaviour::Stranger,
        7 => Misbehaviour::Excess,
        8 => Misbehaviour::Divergence,
        9 => Misbehaviour::OtherNumber,
        10 => Misbehaviour::WrongFile,
        _ => return None,
    })
}

/// The proofs as one array of byte strings.
pub(crate) fn pack(proof: &[Vec<u8>]) -> Vec<u8> {
    let mut w = Writer::new();
    w.array(proof.len());
    proof.iter().for_each(|bytes| {
        w.bytes(bytes);
    });
    w.into_bytes()
}

/// Takes the array apart. It comes out of a seal of our own, so the limits are those of its length.
pub(crate) fn unpack(packed: &[u8]) -> Result<Vec<Vec<u8>>, DecodeError> {
    let mut r = Reader::new(packed);
    let len = r.array("proofs", packed.len())?;
    let proof = (0..len)
        .map(|_| r.bytes("proof", packed.len()).map(<[u8]>::to_vec))
        .collect::<Result<_, _>>()?;
    if !r.at_end() {
        return Err(invalid("proofs: bytes behind the last"));
    }
    Ok(proof)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misbehaviour_and_its_proof_come_back_from_the_store() {
        for number in 1..=10 {
            assert_eq!(from_code(number).map(code), Some(number));
        }
        assert_eq!(from_code(11), None);
        let proof = vec![vec![1, 2], Vec::new()];
        assert_eq!(unpack(&pack(&proof)), Ok(proof));
    }
}
