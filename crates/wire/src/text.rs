//! The body of a message or a service note: a text and its language, within the limits of its
//! precedence.

use thiserror::Error;
use unicode_segmentation::UnicodeSegmentation;

use crate::attachment::Attachment;
use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::codes::Precedence;
use crate::limits;

/// A text in one language, and the files that go with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// BCP 47 tag (RFC 5646), as its author gave it.
    pub language: String,
    /// The words.
    pub text: String,
    /// Files; only with a message.
    pub attachments: Vec<Attachment>,
}

impl Canonical for Text {
    fn write(&self, w: &mut Writer) {
        let has_files = !self.attachments.is_empty();
        w.array(2 + usize::from(has_files));
        w.text(&self.language).text(&self.text);
        if has_files {
            w.items(&self.attachments);
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let len = r.array("text", 3)?;
        if len < 2 {
            return Err(invalid("text"));
        }
        let language = r.text("language", limits::LANGUAGE)?.to_owned();
        let text = r.text("text", limits::TEXT)?.to_owned();
        let attachments = match len {
            3 => r.items("attachments", limits::ATTACHMENTS)?,
            _ => Vec::new(),
        };
        if len == 3 && attachments.is_empty() {
            return Err(invalid("attachments: none are not written"));
        }
        Ok(Self {
            language,
            text,
            attachments,
        })
    }
}

/// Why a text can't go out with a precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// Too many words for an urgent text.
    #[error("{words} words; an urgent text has at most {}", limits::URGENT_WORDS)]
    TooManyWords {
        /// Words counted as UAX #29 does.
        words: usize,
    },
    /// Too many bytes.
    #[error("{bytes} bytes; at most {limit}")]
    TooManyBytes {
        /// Bytes of UTF-8.
        bytes: usize,
        /// What this precedence allows.
        limit: usize,
    },
}

/// Words as UAX #29 counts them, except that a low line ends one: otherwise it would make one word of many.
pub fn words(text: &str) -> usize {
    let parts = text.split(['_', '\u{203F}', '\u{2040}', '\u{2054}', '\u{FF3F}']);
    parts.map(|part| part.unicode_words().count()).sum()
}

/// Whether a text may go out with a precedence.
pub fn check(text: &str, precedence: Precedence) -> Result<(), TextError> {
    if text.trim().is_empty() {
        return Err(TextError::Empty);
    }
    let (bytes, urgent) = (text.len(), precedence.is_urgent());
    // Bytes first: counting the words of a gigabyte would be the sender's way to keep us busy.
    let limit = if urgent {
        limits::URGENT_BYTES
    } else {
        limits::TEXT
    };
    if urgent && bytes <= limits::TEXT {
        let words = words(text);
        if words > limits::URGENT_WORDS {
            return Err(TextError::TooManyWords { words });
        }
    }
    if bytes > limit {
        return Err(TextError::TooManyBytes { bytes, limit });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_thousand_chinese_characters_are_too_long_for_a_flash() {
        let text = "请".repeat(2_000);
        assert!(check(&text, Precedence::Flash).is_err());
        assert_eq!(check(&text, Precedence::Routine), Ok(()));
    }

    #[test]
    fn an_urgent_text_may_have_two_hundred_words_and_no_more() {
        let words = |n: usize| vec!["go"; n].join(" ");
        assert_eq!(check(&words(200), Precedence::Immediate), Ok(()));
        assert_eq!(
            check(&words(201), Precedence::Immediate),
            Err(TextError::TooManyWords { words: 201 })
        );
        assert_eq!(check(&words(201), Precedence::Priority), Ok(()));
        assert_eq!(
            check(&"a".repeat(2_001), Precedence::Flash),
            Err(TextError::TooManyBytes {
                bytes: 2_001,
                limit: 2_000
            })
        );
    }

    #[test]
    fn words_that_hang_together_by_low_lines_are_counted_one_by_one() {
        assert_eq!(words(&"word_".repeat(390)), 390);
    }

    #[test]
    fn a_text_of_white_space_is_empty() {
        assert_eq!(check(" \n\t", Precedence::Routine), Err(TextError::Empty));
    }
}
