//! Languages (BCP 47) and the names that things bear in them.
//!
//! Everything that a person reads is named in the languages of both sides. A tag has one spelling here,
//! so that two cards with the same names are the same bytes.

use core::fmt;

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::{limits, names};

/// A language tag in the letter case of RFC 5646 section 2.1.1: `en`, `zh-Hant-TW`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// Takes a tag in any case; none if it is not well-formed.
    pub fn new(tag: &str) -> Option<Self> {
        if tag.len() > limits::LANGUAGE {
            return None;
        }
        let mut spelled = Vec::new();
        let mut after_singleton = false;
        for (place, subtag) in tag.split('-').enumerate() {
            spelled.push(spell(subtag, place == 0, after_singleton)?);
            after_singleton |= subtag.len() == 1;
        }
        Some(Self(spelled.join("-")))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without script and region: `zh` of `zh-Hant-TW`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

/// One subtag in its customary case (RFC 5646 section 2.1.1).
fn spell(subtag: &str, is_first: bool, after_singleton: bool) -> Option<String> {
    let all = |test: fn(&u8) -> bool| subtag.bytes().all(|b| test(&b));
    let in_range = if is_first {
        (2..=8).contains(&subtag.len()) && all(u8::is_ascii_alphabetic)
    } else {
        (1..=8).contains(&subtag.len()) && all(u8::is_ascii_alphanumeric)
    };
    if !in_range {
        return None;
    }
    let lower = subtag.to_ascii_lowercase();
    Some(match subtag.len() {
        2 if !is_first && !after_singleton => lower.to_ascii_uppercase(),
        4 if !is_first && !after_singleton => {
            let (initial, rest) = lower.split_at(1);
            initial.to_ascii_uppercase() + rest
        }
        _ => lower,
    })
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Canonical for Language {
    fn write(&self, w: &mut Writer) {
        w.text(&self.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        // Another letter case is read and then refused as not canonical.
        Self::new(r.text("language", limits::LANGUAGE)?).ok_or(invalid("language"))
    }
}

/// What a party or an office is called, by language. Labels, never an identity. At least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalNames(Vec<(Language, String)>);

impl LocalNames {
    /// Takes names that may be shown as they are (see [`names::is_acceptable`]), one for each language.
    pub fn new(mut pairs: Vec<(Language, String)>) -> Option<Self> {
        pairs.sort();
        Self::checked(pairs).ok()
    }

    fn checked(pairs: Vec<(Language, String)>) -> Result<Self, DecodeError> {
        if pairs.is_empty() || pairs.len() > limits::NAMES {
            return Err(invalid("names: none, or too many"));
        }
        if !pairs.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(invalid("names: not in ascending order of language"));
        }
        if !pairs.iter().all(|(_, name)| names::is_acceptable(name)) {
            return Err(invalid("name: blank, or control or direction characters"));
        }
        Ok(Self(pairs))
    }

    /// The name for a reader of `language`: in that very language, else one with the same primary
    /// language, else English, else the first.
    pub fn in_language(&self, language: &str) -> &str {
        let primary = language.split('-').next().unwrap_or(language);
        let exact = |tag: &Language| tag.as_str().eq_ignore_ascii_case(language);
        let related = |tag: &Language| tag.primary().eq_ignore_ascii_case(primary);
        let english = |tag: &Language| tag.primary() == "en";
        self.find(exact)
            .or_else(|| self.find(related))
            .or_else(|| self.find(english))
            .unwrap_or(&self.0[0].1)
    }

    fn find(&self, test: impl Fn(&Language) -> bool) -> Option<&str> {
        let found = self.0.iter().find(|(tag, _)| test(tag));
        found.map(|(_, name)| name.as_str())
    }

    /// All names, in ascending order of language.
    pub fn iter(&self) -> impl Iterator<Item = (&Language, &str)> {
        self.0.iter().map(|(tag, name)| (tag, name.as_str()))
    }
}

impl Canonical for LocalNames {
    fn write(&self, w: &mut Writer) {
        w.array(self.0.len());
        for (language, name) in &self.0 {
            w.array(2).item(language).text(name);
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let len = r.array("names", limits::NAMES)?;
        let pairs = (0..len).map(|_| {
            r.array_of("name and its language", 2)?;
            Ok((r.item()?, r.text("name", limits::NAME)?.to_owned()))
        });
        Self::checked(pairs.collect::<Result<_, DecodeError>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(pairs: &[(&str, &str)]) -> Option<LocalNames> {
        let pairs = pairs.iter().map(|(tag, name)| {
            let tag = Language::new(tag).expect("a tag in a test");
            (tag, (*name).to_owned())
        });
        LocalNames::new(pairs.collect())
    }

    /// OL-204
    #[test]
    fn a_tag_has_one_spelling() {
        for (given, spelled) in [
            ("EN", "en"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("en-x-ab", "en-x-ab"),
        ] {
            let tag = Language::new(given).map(|tag| tag.to_string());
            assert_eq!(tag.as_deref(), Some(spelled));
        }
        for wrong in ["", "e", "en-", "-en", "en_US", "рус", "abcdefghi", "e1"] {
            assert_eq!(Language::new(wrong), None, "{wrong}");
        }
    }

    /// OL-204
    #[test]
    fn a_tag_in_another_letter_case_is_refused_on_the_wire() {
        let mut w = Writer::new();
        w.text("EN");
        assert_eq!(
            Language::from_bytes(&w.into_bytes()),
            Err(DecodeError::NotCanonical)
        );
    }

    /// OL-204
    #[test]
    fn a_name_that_could_deceive_or_a_second_name_in_one_language_is_refused() {
        assert!(names(&[("en", "Moscow"), ("ru", "Москва")]).is_some());
        assert!(names(&[]).is_none());
        assert!(names(&[("en", "Mos\u{202e}cow")]).is_none());
        assert!(names(&[("en", "Moscow"), ("EN", "Kyiv")]).is_none());
    }

    #[test]
    fn a_reader_sees_the_name_nearest_to_his_language() {
        let moscow = names(&[("en", "Moscow"), ("ru", "Москва")]).expect("names");
        assert_eq!(moscow.in_language("ru-RU"), "Москва");
        assert_eq!(moscow.in_language("fr"), "Moscow");
        let beijing = names(&[("zh-Hans", "北京")]).expect("names");
        assert_eq!(beijing.in_language("fr"), "北京");
    }
}
