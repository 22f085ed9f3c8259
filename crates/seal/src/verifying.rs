//! The code that two watches read to one another before anything is agreed (`spec/contacts.md`).
//!
//! It is derived from the keys of the channel between them: whoever stands between two people has two channels, and so two
//! codes. He could choose among many outcomes until both agree, so both sides put in a nonce that he did not know when he was
//! bound to his own; the order of the nonces is kept by the core, which also says when a code may be shown.

use core::fmt;

use openline_wire::ids::{Author, EntryId};
use openline_wire::limits::VERIFYING_NONCE;

/// Codes that there are.
const CODES: u64 = 100_000_000;

/// What a code is of: one contact, in one epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeOf {
    /// Generation of the channel.
    pub generation: u64,
    /// Its epoch, 1 or later.
    pub epoch: u64,
    /// The outcome that accepted the ring.
    pub outcome: EntryId,
    /// The boot that rang.
    pub caller: Author,
    /// The boot that answered.
    pub called: Author,
    /// The caller's nonce.
    pub caller_nonce: [u8; VERIFYING_NONCE],
    /// The called boot's.
    pub called_nonce: [u8; VERIFYING_NONCE],
}

impl CodeOf {
    /// All of it, each part of a fixed length.
    pub(crate) fn context(&self) -> Vec<u8> {
        let boot =
            |it: &Author| [it.party.as_bytes(), it.node.as_bytes(), it.boot.as_bytes()].concat();
        [
            self.generation.to_be_bytes().as_slice(),
            &self.epoch.to_be_bytes(),
            self.outcome.as_bytes(),
            &boot(&self.caller),
            &boot(&self.called),
            &self.caller_nonce,
            &self.called_nonce,
        ]
        .concat()
    }
}

/// Eight digits, the same at both ends and in every language.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct VerifyingCode(u32);

impl VerifyingCode {
    /// Of 64 bits, so that no code is likelier than another by more than 2^-37.
    pub(crate) fn of(bytes: [u8; 8]) -> Self {
        let number = u64::from_be_bytes(bytes) % CODES;
        Self(u32::try_from(number).expect("below 2^32"))
    }
}

impl fmt::Display for VerifyingCode {
    /// Two groups of four digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04} {:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

impl fmt::Debug for VerifyingCode {
    /// Leaves the digits out: they are for the two people, not for a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyingCode(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-623
    #[test]
    fn a_code_has_eight_digits_with_zeros_in_front() {
        for (number, shown) in [
            (0u64, "0000 0000"),
            (12_345, "0001 2345"),
            (99_999_999, "9999 9999"),
            (100_000_000, "0000 0000"),
            (u64::MAX, "0955 1615"),
        ] {
            let code = VerifyingCode::of(number.to_be_bytes());
            assert_eq!(code.to_string(), shown);
            assert!(!format!("{code:?}").contains(|c: char| c.is_ascii_digit()));
        }
    }
}
