//! Names of things on a line: fixed-size byte strings, each a type of its own so that none is
//! taken for another.
//!
//! A party is named by the hash of its root keys, a node by the hash of its signing key, a boot
//! by a nonce drawn at each start, an entry by the RFC 6962 leaf hash of its header.

use core::fmt::{self, Write as _};

/// Writes `bytes` as lower-case hexadecimal.
fn hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    // The formatter's own way with numbers takes ten times as long, and each event names four ids.
    bytes.iter().try_for_each(|byte| {
        f.write_char(DIGITS[usize::from(byte >> 4)])?;
        f.write_char(DIGITS[usize::from(byte & 15)])
    })
}

/// Reads exactly `N` bytes from hexadecimal digits of either case.
fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut out = [0u8; N];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(out)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// Takes exactly [`Self::LEN`] bytes.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// Reads the hexadecimal form that [`fmt::Display`] writes.
            pub fn from_hex(text: &str) -> Option<Self> {
                unhex(text).map(Self)
            }

            /// The bytes.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }

            /// Whether a person who gives these digits means this id: all of it, or its beginning, eight digits at
            /// least.
            pub fn is_named(&self, digits: &str) -> bool {
                digits.len() >= 8 && self.to_string().starts_with(digits)
            }

            /// The first eight hexadecimal digits: enough for a person to compare, never an identity.
            pub fn short(&self) -> String {
                self.to_string().chars().take(8).collect()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                hex(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "("))?;
                hex(&self.0[..4], f)?;
                write!(f, "..)")
            }
        }
    };
}

id! {
    /// A party: SHA-256 over its root public keys.
    PartyId, 32
}
id! {
    /// A node: SHA-256 over its Ed25519 public key.
    NodeId, 32
}
id! {
    /// A boot: drawn at random at each start of a node (rule 4).
    BootId, 16
}
id! {
    /// A line: SHA-256 over its charter and opening nonce.
    LineId, 32
}
id! {
    /// An entry: the RFC 6962 leaf hash of its header (section 2.1: SHA-256 over 0x00 and the leaf).
    EntryId, 32
}
id! {
    /// A SHA-256 digest of something that is not an entry.
    Digest, 32
}

/// Who signs entries: one boot of one node of one party (rule 4). It owns its chains alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Author {
    /// The side it speaks for.
    pub party: PartyId,
    /// The machine.
    pub node: NodeId,
    /// The start of that machine.
    pub boot: BootId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_goes_both_ways_and_nothing_else_is_read() {
        let id = BootId([0xA5; 16]);
        assert_eq!(BootId::from_hex(&id.to_string()), Some(id));
        let digits = id.to_string();
        assert!(id.is_named(&digits) && id.is_named(&digits[..8]) && !id.is_named(&digits[..7]));
        assert!(!id.is_named("a5a5a5a6"));
        for wrong in ["", "a5", "zz".repeat(16).as_str(), "é".repeat(16).as_str()] {
            assert_eq!(BootId::from_hex(wrong), None, "{wrong}");
        }
    }
}
