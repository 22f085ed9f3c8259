//! Tapes: random key material that people carry, one for each direction of a line.
//!
//! Each party makes the tape for what it *receives* and carries it to the other, so that nobody's own
//! random numbers, or cryptography, are trusted with what another sends.

use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::ids::Digest;
use crate::limits;

/// The bytes of a tape as they were carried. Secret; wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct CarriedTape(Vec<u8>);

impl CarriedTape {
    /// Takes [`limits::TAPE_MIN`] to [`limits::TAPE_MAX`] random bytes.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let fits = (limits::TAPE_MIN..=limits::TAPE_MAX).contains(&bytes.len());
        fits.then(|| Self(bytes.to_vec()))
    }

    /// The bytes, to be wiped by whoever takes them.
    pub fn to_secret(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.clone())
    }

    /// What a signed file says of the tape that lies beside it: SHA-256, which tells nothing about 256 random
    /// bits. So the file stays provable when the tape has been erased.
    pub fn commitment(&self) -> Digest {
        Digest(Sha256::digest(&self.0).into())
    }
}

impl Drop for CarriedTape {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl core::fmt::Debug for CarriedTape {
    /// A secret never goes into a log.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "CarriedTape({} bytes)", self.0.len())
    }
}
