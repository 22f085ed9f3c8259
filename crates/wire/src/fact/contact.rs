//! The facts of a contact: how its code comes about and what people say of it, what is proposed, read back and settled,
//! and that it is over.
//!
//! A contact is named by the ring that was accepted. All but a station's steps is somebody's word, and names him.

use sha2::{Digest as _, Sha256};

use super::Fact;
use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::codes::{Comparison, Kind, Settled, VerifyingStep};
use crate::header::Header;
use crate::ids::{Digest, EntryId};
use crate::limits::VERIFYING_NONCE;
use crate::terms::Terms;

/// A station's step towards the code of a contact (OL-604).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Verifying {
    /// The ring that was accepted.
    pub contact: EntryId,
    /// What it does.
    pub step: Step,
}

/// The three steps: after the first the caller can't choose his nonce any more, and he shows it after he has the other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The caller names what the code is to be derived from, and commits to his nonce.
    Commits {
        /// The outcome that accepts.
        outcome: EntryId,
        /// Generation of the channel.
        generation: u64,
        /// Epoch of the channel; 0, the tape's, is refused.
        epoch: u64,
        /// See [`nonce_commitment`].
        commitment: Digest,
    },
    /// The called side, which holds that epoch's keys, gives its nonce.
    Shares {
        /// The step before.
        commits: EntryId,
        /// The nonce.
        nonce: [u8; VERIFYING_NONCE],
    },
    /// The caller shows his.
    Reveals {
        /// The step before.
        shares: EntryId,
        /// The nonce.
        nonce: [u8; VERIFYING_NONCE],
    },
}

impl Step {
    /// Which of the three it is.
    pub fn code(&self) -> VerifyingStep {
        match self {
            Self::Commits { .. } => VerifyingStep::Commits,
            Self::Shares { .. } => VerifyingStep::Shares,
            Self::Reveals { .. } => VerifyingStep::Reveals,
        }
    }
}

/// What a caller signs before he knows the other side's nonce.
pub fn nonce_commitment(contact: &EntryId, nonce: &[u8; VERIFYING_NONCE]) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"openline verifying nonce 1");
    hash.update(contact.as_bytes());
    hash.update(nonce);
    Digest(hash.finalize().into())
}

/// A person's word: the code that the other side read out is the one on his screen, or it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Verified {
    /// The ring that was accepted.
    pub contact: EntryId,
    /// The step that made the code known: it pins all that the code is derived from.
    pub code: EntryId,
    /// What he says.
    pub said: Comparison,
}

/// What is to hold, where, from when, until when. The words are the body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Proposal {
    /// The ring that was accepted.
    pub contact: EntryId,
    /// The proposal that it takes the place of.
    pub corrects: Option<EntryId>,
    /// What must be read back.
    pub terms: Terms,
}

/// What a person of the other side typed after he had read or heard a proposal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadBack {
    /// The ring that was accepted.
    pub contact: EntryId,
    /// The proposal.
    pub proposal: EntryId,
    /// What he typed.
    pub terms: Terms,
}

/// What becomes of a proposal. Only the boot that proposed writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Settlement {
    /// The ring that was accepted.
    pub contact: EntryId,
    /// The proposal.
    pub proposal: EntryId,
    /// What becomes of it.
    pub settled: Settled,
    /// The read-back that is confirmed; none otherwise.
    pub cites: Option<EntryId>,
}

/// A contact is over. The reason is the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactClosed {
    /// The ring that was accepted.
    pub contact: EntryId,
}

/// Reads the fact of a kind that is a person's word. A station alone compares nothing, proposes nothing and confirms
/// nothing (OL-610).
pub(super) fn of_a_person(header: &Header) -> Result<Fact, DecodeError> {
    let bytes = &header.fact;
    if header.kind == Kind::Settlement {
        return settlement_by(header);
    }
    if !header.actor.is_a_person() {
        return Err(invalid("actor: a contact is between people"));
    }
    match header.kind {
        Kind::Verified => Verified::from_bytes(bytes).map(Fact::Verified),
        Kind::Proposal => Proposal::from_bytes(bytes).map(Fact::Proposal),
        Kind::ReadBack => ReadBack::from_bytes(bytes).map(Fact::ReadBack),
        Kind::ContactClosed => ContactClosed::from_bytes(bytes).map(Fact::ContactClosed),
        _ => Err(invalid("kind: not of a contact")),
    }
}

/// A person settles what he proposed; that it lapsed its station says.
fn settlement_by(header: &Header) -> Result<Fact, DecodeError> {
    let settlement = Settlement::from_bytes(&header.fact)?;
    let is_of_a_station = settlement.settled == Settled::Lapsed;
    if header.actor.is_a_person() == is_of_a_station {
        return Err(invalid(
            "actor: people settle, and stations say what lapsed",
        ));
    }
    Ok(Fact::Settlement(settlement))
}

impl Canonical for Verifying {
    fn write(&self, w: &mut Writer) {
        match &self.step {
            Step::Commits {
                outcome,
                generation,
                epoch,
                commitment,
            } => {
                w.array(6).item(&self.contact);
                w.uint(VerifyingStep::Commits.code()).item(outcome);
                w.uint(*generation).uint(*epoch).item(commitment);
            }
            Step::Shares { commits, nonce } => {
                w.array(4).item(&self.contact);
                w.uint(VerifyingStep::Shares.code()).item(commits);
                w.bytes(nonce);
            }
            Step::Reveals { shares, nonce } => {
                w.array(4).item(&self.contact);
                w.uint(VerifyingStep::Reveals.code()).item(shares);
                w.bytes(nonce);
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let len = r.array("verifying", 6)?;
        let contact = r.item()?;
        let step = match VerifyingStep::from_code(r.uint("step")?)? {
            VerifyingStep::Commits => Step::Commits {
                outcome: r.item()?,
                generation: r.uint("generation")?,
                epoch: r.uint("epoch")?,
                commitment: r.item()?,
            },
            VerifyingStep::Shares => Step::Shares {
                commits: r.item()?,
                nonce: r.fixed("nonce")?,
            },
            VerifyingStep::Reveals => Step::Reveals {
                shares: r.item()?,
                nonce: r.fixed("nonce")?,
            },
        };
        if matches!(step, Step::Commits { epoch: 0, .. }) {
            return Err(invalid("epoch: the tape's tells nobody apart"));
        }
        let right = if matches!(step, Step::Commits { .. }) {
            6
        } else {
            4
        };
        (len == right)
            .then_some(Self { contact, step })
            .ok_or(invalid("verifying"))
    }
}

impl Canonical for Verified {
    fn write(&self, w: &mut Writer) {
        w.array(3).item(&self.contact).item(&self.code);
        w.uint(self.said.code());
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("verified", 3)?;
        Ok(Self {
            contact: r.item()?,
            code: r.item()?,
            said: Comparison::from_code(r.uint("comparison")?)?,
        })
    }
}

impl Canonical for Proposal {
    fn write(&self, w: &mut Writer) {
        w.array(3).item(&self.contact);
        w.optional_bytes(self.corrects.as_ref().map(EntryId::as_bytes));
        w.item(&self.terms);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("proposal", 3)?;
        Ok(Self {
            contact: r.item()?,
            corrects: r.optional(Reader::item)?,
            terms: r.item()?,
        })
    }
}

impl Canonical for ReadBack {
    fn write(&self, w: &mut Writer) {
        w.array(3).item(&self.contact).item(&self.proposal);
        w.item(&self.terms);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("read-back", 3)?;
        Ok(Self {
            contact: r.item()?,
            proposal: r.item()?,
            terms: r.item()?,
        })
    }
}

impl Canonical for Settlement {
    fn write(&self, w: &mut Writer) {
        w.array(4).item(&self.contact).item(&self.proposal);
        w.uint(self.settled.code());
        w.optional_bytes(self.cites.as_ref().map(EntryId::as_bytes));
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("settlement", 4)?;
        let settlement = Self {
            contact: r.item()?,
            proposal: r.item()?,
            settled: Settled::from_code(r.uint("settlement")?)?,
            cites: r.optional(Reader::item)?,
        };
        if (settlement.settled == Settled::Confirmed) != settlement.cites.is_some() {
            return Err(invalid("settlement: cites what it should not, or nothing"));
        }
        Ok(settlement)
    }
}

impl Canonical for ContactClosed {
    fn write(&self, w: &mut Writer) {
        w.array(1).item(&self.contact);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("contact closed", 1)?;
        Ok(Self { contact: r.item()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTACT: EntryId = EntryId([1; 32]);

    fn commits(epoch: u64) -> Verifying {
        let step = Step::Commits {
            outcome: EntryId([2; 32]),
            generation: 0,
            epoch,
            commitment: nonce_commitment(&CONTACT, &[7; 16]),
        };
        let contact = CONTACT;
        Verifying { contact, step }
    }

    /// OL-604
    #[test]
    fn each_step_reads_back_and_has_its_own_length() {
        let of = |step| Verifying {
            contact: CONTACT,
            step,
        };
        let (commits, entry) = (commits(1), EntryId([3; 32]));
        let shares = of(Step::Shares {
            commits: entry,
            nonce: [4; 16],
        });
        let reveals = of(Step::Reveals {
            shares: entry,
            nonce: [4; 16],
        });
        for right in [commits, shares, reveals] {
            let mut bytes = right.to_bytes();
            assert_eq!(Verifying::from_bytes(&bytes), Ok(right));
            // The length of the other form.
            bytes[0] ^= 0x86 ^ 0x84;
            assert!(Verifying::from_bytes(&bytes).is_err(), "{right:?}");
        }
    }

    /// OL-604 OL-624: whoever carried the tape holds the same keys.
    #[test]
    fn no_code_is_derived_from_the_tape() {
        assert!(Verifying::from_bytes(&commits(0).to_bytes()).is_err());
        assert!(Verifying::from_bytes(&commits(1).to_bytes()).is_ok());
    }

    /// OL-622: the bytes are those of the specification, made with Python's hashlib.
    #[test]
    fn a_commitment_is_what_another_implementation_computes() {
        let commitment = nonce_commitment(&CONTACT, &[7; 16]);
        assert_eq!(
            commitment.to_string(),
            "2e3d3d6fcb61ce385faf3e6f2522067c040b907772041986ee9fce3e8b1e4964"
        );
        assert_ne!(commitment, nonce_commitment(&EntryId([2; 32]), &[7; 16]));
        assert_ne!(commitment, nonce_commitment(&CONTACT, &[8; 16]));
    }

    /// OL-608
    #[test]
    fn a_confirmation_cites_a_read_back_and_a_withdrawal_nothing() {
        for &settled in Settled::ALL {
            for cites in [None, Some(EntryId([7; 32]))] {
                let settlement = Settlement {
                    contact: CONTACT,
                    proposal: EntryId([2; 32]),
                    settled,
                    cites,
                };
                let right = (settled == Settled::Confirmed) == cites.is_some();
                let read = Settlement::from_bytes(&settlement.to_bytes());
                assert_eq!(read.is_ok(), right, "{settlement:?}");
            }
        }
    }
}
