//! Names that a person reads: labels, never identities.
//!
//! A name could carry terminal escapes, or turn the direction of the text so that one name is shown as
//! another (situation 6). Such names are refused at the door, so nothing behind it has to escape them.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::limits;

/// Code points that make one character of a name, at most: no script writes more, and accents that are stacked higher
/// cover the line above.
const CLUSTER: usize = 8;

/// Marks on one letter of a text that are shown.
const MARKS: usize = 8;

/// Whether a name may be shown as it is: no control characters, no direction or invisible formatting
/// characters (Unicode general categories Cc, and those of Cf, Zl and Zp that can deceive).
pub fn is_plain(name: &str) -> bool {
    !name.chars().any(is_deceptive)
}

/// Whether a name may be given to a party, an office or a person: plain, not blank, not too long, and without the signs
/// that stand between names and what is said of them, so that no name goes on as if it were the screen.
pub fn is_acceptable(name: &str) -> bool {
    let mut letters = without_plain_start(name).1.graphemes(true);
    let is_legible = letters.all(|it| it.chars().count() <= CLUSTER);
    let is_trimmed = !name.trim().is_empty() && name.trim() == name;
    let is_one = !name.chars().any(ends_a_name) && !name.contains(" ·");
    name.len() <= limits::NAME && is_trimmed && is_plain(name) && is_legible && is_one
}

/// Whether a character ends a name: brackets, quotation marks other than the apostrophe, colon, comma, semicolon, bars and
/// angles, also in their full width. (A middle dot stands within names, so only one after a space ends them.)
pub fn ends_a_name(c: char) -> bool {
    matches!(
        c,
        '(' | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '<'
            | '>'
            | ':'
            | ';'
            | ','
            | '|'
            | '"'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '“'
            | '”'
            | '„'
            | '‟'
            | '│'
            | '┃'
            | '¦'
            | '（'
            | '）'
            | '［'
            | '］'
            | '｛'
            | '｝'
            | '＜'
            | '＞'
            | '：'
            | '；'
            | '，'
            | '｜'
            | '＂'
    )
}

/// Whether a name could be taken for something else where a line or a party is named: `-`, which means the only line, or the
/// first digits of an id.
pub fn is_like_an_id(name: &str) -> bool {
    const DIGITS: usize = 8;
    let is_hex = name.bytes().all(|byte| byte.is_ascii_hexdigit());
    name == "-" || (name.len() >= DIGITS && is_hex)
}

/// Makes a text from outside harmless to a terminal: what [`unshown`] names, other than line ends and tabs, becomes
/// U+FFFD, a pile of marks as a whole. For texts, which unlike names may not be refused; what was signed stays as it is.
pub fn for_screen(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut shown = 0;
    for (at, c, why) in unshown(text) {
        if matches!(c, '\n' | '\t') {
            continue;
        }
        out.push_str(&text[shown..at]);
        shown = at + c.len_utf8();
        if why != Unshown::Piled {
            out.push(char::REPLACEMENT_CHARACTER);
        }
    }
    out.push_str(&text[shown..]);
    out
}

/// Why a character is not shown as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unshown {
    /// See [`is_deceptive`].
    Deceptive,
    /// It means what a font likes (Unicode general category Co).
    Private,
    /// The first mark too many on one letter: such piles cover the lines above and below.
    Pile,
    /// A further mark of a pile.
    Piled,
}

/// The characters of a text that are not shown as they are, with their places in bytes.
pub fn unshown(text: &str) -> impl Iterator<Item = (usize, char, Unshown)> {
    let (skipped, text) = without_plain_start(text);
    text.grapheme_indices(true)
        .flat_map(move |(start, letter)| {
            let characters = letter.char_indices().enumerate();
            characters.filter_map(move |(count, (at, c))| {
                let why = match () {
                    () if is_deceptive(c) => Unshown::Deceptive,
                    () if is_private(c) => Unshown::Private,
                    () if count == 1 + MARKS => Unshown::Pile,
                    () if count > 1 + MARKS => Unshown::Piled,
                    () => return None,
                };
                Some((skipped + start + at, c, why))
            })
        })
}

/// The text from its first character on that has to be looked at, and how many bytes stand before it. To find where letters
/// end takes a search for each character, and this runs on every text of every line: it is for what is neither Latin nor Cyrillic.
fn without_plain_start(text: &str) -> (usize, &str) {
    let mut characters = text.char_indices();
    let Some((end, _)) = characters.find(|&(_, c)| !is_plain_letter(c)) else {
        return (text.len(), "");
    };
    // It may be a mark on the letter before it.
    let start = text[..end]
        .char_indices()
        .next_back()
        .map_or(0, |(at, _)| at);
    (start, &text[start..])
}

/// Whether a character is shown, and stands for itself unless a mark follows: Latin, Cyrillic and punctuation, all of
/// Grapheme_Cluster_Break Other (Unicode Annex 29).
fn is_plain_letter(c: char) -> bool {
    matches!(c,
        ' '..='~' | '\u{00A1}'..='\u{00AC}' | '\u{00AF}'..='\u{02FF}'
        | '\u{0400}'..='\u{0482}' | '\u{048A}'..='\u{052F}'
        | '\u{2010}'..='\u{2027}'
    )
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Whether a character is not what a reader sees, or can't be seen at all: Cc, Unicode's
/// Default_Ignorable_Code_Point (DerivedCoreProperties.txt), what turns or breaks lines, and blank letters.
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{115F}'..='\u{1160}' | '\u{3164}' | '\u{FFA0}' // fillers of Hangul
            | '\u{2800}'               // a Braille cell without a dot
            | '\u{200B}'..='\u{200F}'   // zero width, left-to-right and right-to-left marks
            | '\u{2028}'..='\u{202E}'   // separators, embeddings and overrides
            | '\u{2060}'..='\u{206F}'   // invisible operators, isolates
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}' // tags, variation selectors
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
        for name in [
            "Sparta (us)",
            "Attica: OPEN since 2026-11-28",
            "Vera, Sparta",
            "Vera · read by Hugo",
            "Вера «читала»",
            "\"us\"",
            "a│b",
            "北京（我们）",
        ] {
            assert!(!is_acceptable(name), "{name:?}");
        }
        for name in [
            "Вашингтон",
            "北京",
            "القاهرة",
            "São Tomé",
            "Lt. O'Neil-Müller",
            "弗拉基米尔·普京",
            "Côte d’Ivoire",
            "1st Fleet / Флот №1",
        ] {
            assert!(is_acceptable(name), "{name}");
        }
    }

    #[test]
    fn a_name_of_letters_that_can_not_be_seen_is_refused_and_a_text_shows_them() {
        let blank = [
            0x3164, 0x2800, 0x115F, 0x1160, 0xFFA0, 0x034F, 0xFE00, 0xFE0F, 0x17B4, 0x180B,
            0xE0100, 0xE0FFF, 0x1D173, 0x1BCA0, 0xFFF0,
        ];
        for code in blank {
            let c = char::from_u32(code).expect("a character");
            assert!(!is_acceptable(&c.to_string()), "U+{code:04X}");
            assert!(!is_acceptable(&format!("Mos{c}cow")), "U+{code:04X}");
            assert_eq!(for_screen(&format!("a{c}b")), "a\u{fffd}b", "U+{code:04X}");
        }
    }

    #[test]
    fn a_name_under_a_tower_of_accents_is_refused() {
        assert!(!is_acceptable(&format!("Moscow{}", "\u{301}".repeat(10))));
        for name in ["Nguye\u{302}\u{303}n", "क्षत्रिय", "ที่ปรึกษา", "한국"]
        {
            assert!(is_acceptable(name), "{name}");
        }
    }

    #[test]
    fn a_text_shows_no_private_letters_and_no_towers_of_accents() {
        for private in ["\u{e000}", "\u{f8ff}", "\u{f0000}", "\u{10fffd}"] {
            assert_eq!(for_screen(&format!("a{private}b")), "a\u{fffd}b");
        }
        let marks = |count| "\u{301}".repeat(count);
        let most = format!("Mo{}scow", marks(MARKS));
        assert_eq!(for_screen(&most), most);
        let more = format!("Mo{}scow\n", marks(MARKS + 40));
        assert_eq!(
            for_screen(&more),
            format!("Mo{}\u{fffd}scow\n", marks(MARKS))
        );
        for text in ["क्षत्रिय", "ที่ปรึกษา", "Nguye\u{302}\u{303}n", "👍🏽 🇷🇺"]
        {
            assert_eq!(for_screen(text), text);
        }
    }

    /// What is skipped is what the search would find nothing in.
    #[test]
    fn plain_letters_are_letters_of_their_own_and_a_mark_after_them_is_looked_at() {
        let plain = ('\0'..=char::MAX).filter(|&c| is_plain_letter(c));
        let text: String = plain.collect();
        assert!(!text.chars().any(|c| is_deceptive(c) || is_private(c)));
        assert_eq!(text.graphemes(true).count(), text.chars().count());
        assert_eq!(without_plain_start(&text), (text.len(), ""));
        assert_eq!(without_plain_start("Mo\u{301}scow"), (1, "o\u{301}scow"));
        assert_eq!(without_plain_start("Москва\n"), (10, "а\n"));
        assert_eq!(without_plain_start("\u{301}o"), (0, "\u{301}o"));
    }

    #[test]
    fn a_dash_and_eight_digits_or_more_are_like_an_id() {
        for name in ["-", "deadbeef", "DEADBEEF01", "20261128"] {
            assert!(is_like_an_id(name), "{name}");
        }
        for name in [
            "--",
            "decade",
            "Facade",
            "deadbeef!",
            "Вашингтон",
            "1234567",
        ] {
            assert!(!is_like_an_id(name), "{name}");
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
