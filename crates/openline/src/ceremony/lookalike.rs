//! Names that deceive the eye: those of another party or of ourselves, in whatever letters, and words that are put
//! together from several alphabets (Unicode Technical Standard #39, sections 4 and 5).
//!
//! It is for a person to judge: two offices may well have one name. So it is said, and nothing is refused.

use openline_wire::card::{Card, UnverifiedCard};
use openline_wire::ids::PartyId;
use openline_wire::names;
use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::{MixedScript as _, skeleton};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::home::{Home, HomeError};

/// A name on a card that may be taken for something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookalike {
    /// It looks like one of our own names.
    Ours {
        /// On the card.
        name: String,
        /// Of ours.
        like: String,
    },
    /// It looks like a name of another party that this home has a line with.
    Another {
        /// On the card.
        name: String,
        /// Of the other one.
        like: String,
        /// The other one.
        party: PartyId,
    },
    /// One word of it is written in several alphabets.
    Mixed {
        /// On the card.
        name: String,
        /// The word, cut where the alphabet changes.
        pieces: Vec<String>,
    },
}

/// What to look twice at in the names of a card, beside those that this home knows; without a home, in themselves.
pub fn lookalikes(home: Option<&Home>, card: &Card) -> Result<Vec<Lookalike>, HomeError> {
    let mut found = Vec::new();
    if let Some(home) = home {
        let own = home.card()?;
        let ours = |name, like, _| Lookalike::Ours { name, like };
        compare(card, &own, ours, &mut found);
        for known in known_cards(home)? {
            let another = |name, like, party| Lookalike::Another { name, like, party };
            compare(card, &known, another, &mut found);
        }
    }
    for (_, name) in card.names().iter() {
        let mixed = name.unicode_words().find(|word| !word.is_single_script());
        found.extend(mixed.map(|word| Lookalike::Mixed {
            name: names::for_screen(name),
            pieces: by_alphabet(word),
        }));
    }
    found.dedup();
    Ok(found)
}

/// The cards of the parties that this home has lines with. A damaged one warns of nothing; `doctor` names it.
fn known_cards(home: &Home) -> Result<Vec<Card>, HomeError> {
    let mut cards: Vec<Card> = Vec::new();
    for folder in home.line_folders()? {
        let bytes = folder.read("peer.card").ok().flatten();
        let card = bytes.and_then(|bytes| {
            let card = UnverifiedCard::from_bytes(&bytes).ok()?;
            card.verify().ok()
        });
        cards.extend(card.filter(|card| cards.iter().all(|it| it.party() != card.party())));
    }
    Ok(cards)
}

/// Adds the first name of `card` that looks like one of `known`, another party's.
fn compare(
    card: &Card,
    known: &Card,
    finding: impl Fn(String, String, PartyId) -> Lookalike,
    found: &mut Vec<Lookalike>,
) {
    if card.party() == known.party() {
        return;
    }
    let pairs = card.names().iter().flat_map(|(_, name)| {
        let theirs = known.names().iter();
        theirs.map(move |(_, like)| (name, like))
    });
    let alike = pairs
        .into_iter()
        .find(|(name, like)| look_alike(name, like));
    found.extend(alike.map(|(name, like)| {
        let shown = names::for_screen;
        finding(shown(name), shown(like), known.party())
    }));
}

/// Whether two names look alike: as they stand, or in small letters. Both, because I and l look alike, and so do
/// MOSCOW and Moscow to whoever reads in haste.
pub fn look_alike(one: &str, other: &str) -> bool {
    let seen = |name: &str| {
        // Stops, dashes and accents are overlooked.
        let letters = skeleton(name).filter(|c| c.is_alphanumeric() || c.is_whitespace());
        let seen: String = letters.collect();
        seen.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    seen(one) == seen(other) || seen(&one.to_lowercase()) == seen(&other.to_lowercase())
}

/// A word, cut where no alphabet has both sides.
fn by_alphabet(word: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut alphabets = AugmentedScriptSet::default();
    for letter in word.chars() {
        let of_letter = AugmentedScriptSet::for_char(letter);
        let mut common = alphabets;
        common.intersect_with(of_letter);
        alphabets = match (common.is_empty(), pieces.last_mut()) {
            (false, Some(piece)) => {
                piece.push(letter);
                common
            }
            _ => {
                pieces.push(letter.to_string());
                of_letter
            }
        };
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_other_letters_looks_the_same() {
        for (one, other) in [
            ("Moscow", "Мoscow"),
            ("Moscow", "MOSCOW"),
            ("Moscow", "Моѕсоw"),
            ("Paris", "Раrіѕ"),
            ("Ivanovo", "lvanovo"),
            ("Port Louis", "Port\u{a0}Louis"),
            ("Berne", "Beme"),
            ("Moscow", "Moscow."),
            ("Baden-Baden", "BadenBaden"),
            ("Málaga", "Malaga"),
        ] {
            assert!(look_alike(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("Moscow", "Москва"),
            ("Moscow", "Moscow 2"),
            ("北京", "東京"),
        ] {
            assert!(!look_alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_word_of_two_alphabets_is_cut_between_them() {
        assert_eq!(by_alphabet("Мoscow"), ["М", "oscow"]);
        assert_eq!(by_alphabet("Moѕcow-2"), ["Mo", "ѕ", "cow-2"]);
    }

    #[test]
    fn honest_names_are_of_one_alphabet_word_by_word() {
        for name in [
            "Москва (Moscow)",
            "São Tomé",
            "東京タワー",
            "한국 韓國",
            "القاهرة 2",
            "Штаб-2",
            "Κύπρος",
        ] {
            let mixed = name.unicode_words().find(|word| !word.is_single_script());
            assert_eq!(mixed, None, "{name}");
        }
    }
}
