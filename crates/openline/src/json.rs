//! JSON that is harmless on a terminal: what a text may carry to deceive its reader (C1 controls, directions,
//! line separators, what can't be seen, private letters, piles of marks) is written as `\u....`, so that every parser reads the same string.

use std::io;

use openline_wire::names::unshown;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

/// One value, on one line.
pub fn to_vec(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut out, Plain))?;
    Ok(out)
}

/// As [`to_vec`].
pub fn to_string(value: &impl Serialize) -> serde_json::Result<String> {
    to_vec(value).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

struct Plain;

impl Formatter for Plain {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut written = 0;
        for (at, c, _) in unshown(fragment) {
            CompactFormatter.write_string_fragment(writer, &fragment[written..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            written = at + c.len_utf8();
        }
        CompactFormatter.write_string_fragment(writer, &fragment[written..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_deceive_on_a_terminal_is_written_as_digits_and_read_as_it_was() {
        let text = "a\u{9b}31m \u{202e}b\u{2028}c \u{7f}\u{e0041} \"Москва\"\n\u{1b}";
        let json = to_string(&text).expect("a string");
        assert_eq!(
            json,
            r#""a\u009b31m \u202eb\u2028c \u007f\udb40\udc41 \"Москва\"\n\u001b""#
        );
        let read: String = serde_json::from_str(&json).expect("JSON");
        assert_eq!(read, text);
        let pile = format!("o{}\u{f8ff}", "\u{301}".repeat(10));
        let json = to_string(&pile).expect("a string");
        assert!(json.ends_with(r#"\u0301\u0301\uf8ff""#), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).expect("JSON"), pile);
    }
}
