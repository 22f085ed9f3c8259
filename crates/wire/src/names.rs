//! Names that a person reads: labels, never identities.
//!
//! A name could carry terminal escapes, or turn the direction of the text so that one name is shown as
//! another (situation 6). Such names are refused at the door, so nothing behind it has to escape them.

use crate::limits;

/// Whether a name may be shown as it is: no control characters, no direction or invisible formatting
/// characters (Unicode general categories Cc, and those of Cf, Zl and Zp that can deceive).
pub fn is_plain(name: &str) -> bool {
    !name.chars().any(is_deceptive)
}

/// Whether a name may be given to a party, an office or a person: plain, not blank, not too long.
pub fn is_acceptable(name: &str) -> bool {
    name.len() <= limits::NAME && !name.trim().is_empty() && name.trim() == name && is_plain(name)
}

/// Makes a text from outside harmless to a terminal: deceptive characters other than line ends and tabs
/// become U+FFFD. For texts, which unlike names may not be refused.
pub fn for_screen(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if is_deceptive(c) => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{200B}'..='\u{200F}'   // zero width, left-to-right and right-to-left marks
            | '\u{2028}'..='\u{202E}'   // separators, embeddings and overrides
            | '\u{2060}'..='\u{206F}'   // invisible operators, isolates
            | '\u{E0000}'..='\u{E007F}' // tags
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_and_direction_codes_in_a_name_are_refused() {
        for name in [
            "Mos\u{1b}[31mcow",
            "ab\u{202e}cd",
            "a\u{200b}b",
            " a",
            "",
            "\u{7f}",
        ] {
            assert!(!is_acceptable(name), "{name:?}");
        }
        for name in ["Вашингтон", "北京", "القاهرة", "São Tomé"] {
            assert!(is_acceptable(name), "{name}");
        }
    }

    #[test]
    fn a_text_with_escape_codes_is_shown_without_them() {
        assert_eq!(
            for_screen("a\u{1b}[2Jb\n\u{202e}c"),
            "a\u{fffd}[2Jb\n\u{fffd}c"
        );
    }
}
