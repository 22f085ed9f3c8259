//! The safety number of two cards: what people compare before a line opens, aloud or on paper.
//!
//! Sixty digits, the same for both sides and in every language. It is made of the two party ids alone, which
//! are the hashes of the roots, so it stays the same when a node is added or a card is issued anew.
//!
//! How hard it is to cheat: a man in the middle shows each side a root of his own, and needs two
//! roots M and N such that (A, M) and (N, B) have the same number. Sixty digits are 199 bits, so the search
//! takes 2^99.6 numbers, and each costs [`ROUNDS`] HMAC-SHA-512, two compressions each: 2^116 in all. All the
//! Bitcoin miners of 2025 together compute about 2^95 hashes in a year. A root for one given number
//! (a second preimage) takes 2^199 numbers, or 2^99.6 steps of Grover's search, each of 2^17 compressions.

use core::fmt;
use core::num::NonZeroU32;
use core::str::FromStr;

use aws_lc_rs::pbkdf2;
use thiserror::Error;

use crate::ids::PartyId;

/// Iterations of PBKDF2: some 50 ms on one core, unnoticed by people, 16 bits of work for a searcher.
pub const ROUNDS: NonZeroU32 = NonZeroU32::new(65_536).expect("not zero");

/// The salt separates this use of PBKDF2 from every other.
const SALT: &[u8] = b"openline safety number v1";

/// Groups of [`GROUP_DIGITS`] digits.
const GROUPS: usize = 12;

/// Digits in a group: what a person holds in mind while he turns to the other page.
const GROUP_DIGITS: usize = 5;

/// Sixty digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SafetyNumber([u32; GROUPS]);

impl SafetyNumber {
    /// The number of two parties, in either order: PBKDF2-HMAC-SHA-512 (RFC 8018) over the lower id and
    /// the higher one, of which each five bytes give one group, as a big-endian number modulo 100,000.
    pub fn of(one: PartyId, other: PartyId) -> Self {
        let (lower, higher) = (one.min(other), one.max(other));
        let mut bytes = [0u8; GROUPS * 5];
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA512,
            ROUNDS,
            SALT,
            &[lower.0, higher.0].concat(),
            &mut bytes,
        );
        let mut groups = [0; GROUPS];
        for (group, chunk) in groups.iter_mut().zip(bytes.chunks_exact(5)) {
            let number = chunk.iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
            *group = u32::try_from(number % 100_000).expect("below 100,000");
        }
        Self(groups)
    }
}

impl fmt::Display for SafetyNumber {
    /// Twelve groups of five digits with dashes between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(place, group)| {
            let dash = if place == 0 { "" } else { "-" };
            write!(f, "{dash}{group:05}")
        })
    }
}

impl fmt::Debug for SafetyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a typed safety number can't be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SafetyNumberError {
    /// Something other than digits, spaces and dashes.
    #[error("{0:?} is no digit")]
    NoDigit(char),
    /// Not sixty digits.
    #[error("{got} digits, a safety number has 60")]
    Length {
        /// Digits read.
        got: usize,
    },
}

impl SafetyNumberError {
    /// A stable name for messages and for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoDigit(_) => "safety-number-no-digit",
            Self::Length { .. } => "safety-number-length",
        }
    }
}

impl FromStr for SafetyNumber {
    type Err = SafetyNumberError;

    /// Takes sixty digits, however they are grouped by white space and dashes.
    fn from_str(text: &str) -> Result<Self, SafetyNumberError> {
        let mut digits = Vec::new();
        for c in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            match c.to_digit(10) {
                Some(digit) => digits.push(digit),
                None => return Err(SafetyNumberError::NoDigit(c)),
            }
        }
        if digits.len() != GROUPS * GROUP_DIGITS {
            let got = digits.len();
            return Err(SafetyNumberError::Length { got });
        }
        let mut groups = [0; GROUPS];
        for (group, chunk) in groups.iter_mut().zip(digits.chunks_exact(GROUP_DIGITS)) {
            *group = chunk.iter().fold(0, |number, digit| number * 10 + digit);
        }
        Ok(Self(groups))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{MOSCOW, WASHINGTON};

    /// OL-210: made by Python's `hashlib.pbkdf2_hmac`, not by this code.
    #[test]
    fn the_number_is_what_another_implementation_computes() {
        let number = SafetyNumber::of(PartyId([0x11; 32]), PartyId([0xEE; 32]));
        assert_eq!(
            number.to_string(),
            "12038-99300-50348-10775-85005-67875-09599-58683-67734-18874-33869-28188"
        );
    }

    /// OL-210
    #[test]
    fn both_sides_compute_the_same_number_and_another_pair_another_one() {
        let (washington, moscow) = (WASHINGTON.card().party(), MOSCOW.card().party());
        let number = SafetyNumber::of(washington, moscow);
        assert_eq!(number, SafetyNumber::of(moscow, washington));
        assert_ne!(number, SafetyNumber::of(moscow, PartyId([7; 32])));
    }

    /// OL-211
    #[test]
    fn a_number_is_read_with_dashes_spaces_or_line_ends_and_nothing_else() {
        let number = SafetyNumber([1, 99_999, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        let dashed = number.to_string();
        assert!(dashed.starts_with("00001-99999-00003-"), "{dashed}");
        for form in [
            dashed.clone(),
            dashed.replace('-', " \n"),
            dashed.replace('-', ""),
        ] {
            assert_eq!(form.parse(), Ok(number), "{form}");
        }
        let wrong: Result<SafetyNumber, _> = dashed[1..].parse();
        assert_eq!(wrong, Err(SafetyNumberError::Length { got: 59 }));
        let wrong: Result<SafetyNumber, _> = dashed.replace('9', "٩").parse();
        assert_eq!(wrong, Err(SafetyNumberError::NoDigit('٩')));
    }

    proptest! {
        /// OL-211
        #[test]
        fn every_number_reads_back(groups in proptest::array::uniform12(0u32..100_000)) {
            let number = SafetyNumber(groups);
            prop_assert_eq!(number.to_string().parse(), Ok(number));
        }
    }
}
