//! The texts that are sent: 200 characters each, and no dictionary was made from them.

/// A language and its texts.
pub struct Language {
    /// In words.
    pub name: &'static str,
    /// One text a line.
    text: &'static str,
}

/// Both languages of the benchmark.
pub const LANGUAGES: [Language; 2] = [
    Language {
        name: "English",
        text: include_str!("../../crates/wire/dict/held-out-en.txt"),
    },
    Language {
        name: "Russian",
        text: include_str!("../../crates/wire/dict/held-out-ru.txt"),
    },
];

impl Language {
    /// So many of the texts; all differ.
    #[must_use]
    pub fn texts(&self, count: usize) -> Vec<&'static str> {
        self.text.lines().take(count).collect()
    }
}

/// So many texts of exactly `bytes` bytes that all differ.
#[must_use]
pub fn bodies(count: usize, bytes: usize) -> Vec<String> {
    let words: Vec<&str> = LANGUAGES[0].text.split_whitespace().collect();
    let body = |number: usize| {
        let start = number * 7 % words.len();
        let mut text = format!("{number}:");
        words
            .iter()
            .cycle()
            .skip(start)
            .take(bytes)
            .for_each(|word| {
                if text.len() < bytes {
                    text.extend([" ", word]);
                }
            });
        text.truncate(bytes);
        text
    };
    (0..count).map(body).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn two_hundred_different_texts_of_200_characters_in_each_language() {
        for language in LANGUAGES {
            let texts = language.texts(200);
            assert_eq!(
                texts.iter().collect::<BTreeSet<_>>().len(),
                200,
                "{}",
                language.name
            );
            assert!(
                texts.iter().all(|text| text.chars().count() == 200),
                "{}",
                language.name
            );
        }
    }

    #[test]
    fn bodies_have_the_size_and_differ() {
        let bodies = bodies(5000, 300);
        assert!(bodies.iter().all(|body| body.len() == 300));
        assert_eq!(bodies.iter().collect::<BTreeSet<_>>().len(), 5000);
    }
}
