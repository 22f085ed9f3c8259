//! The texts of tests, and which one is next.
//!
//! Both sides can read them beforehand; what neither can tell is which one comes (OL-759).

use openline_wire::cbor::Canonical as _;
use openline_wire::fact::digest_of;
use openline_wire::ids::Digest;
use openline_wire::text::Text;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

const ENGLISH: &str = include_str!("../../corpus/en.txt");
const RUSSIAN: &str = include_str!("../../corpus/ru.txt");

/// No one language (RFC 5646, ISO 639-2): a test text is in two.
const LANGUAGE: &str = "mul";

/// For so long no text comes again, in milliseconds.
const NOT_AGAIN: i64 = 24 * 3_600_000;

/// All texts: in each one an English line, and the Russian line of the same number.
pub fn texts() -> impl Iterator<Item = Text> {
    let pairs = ENGLISH.lines().zip(RUSSIAN.lines());
    pairs.map(|(english, russian)| Text {
        language: LANGUAGE.to_owned(),
        text: format!("{english}\n{russian}"),
        attachments: Vec::new(),
    })
}

/// Chooses a text that did not go out within 24 hours.
#[derive(Clone)]
pub struct Chooser {
    random: ChaCha20Rng,
    /// Of each text what an answer says that has read it, and when it went out last.
    texts: Vec<(Digest, Option<i64>)>,
}

impl Chooser {
    /// From random bytes that never leave the boot.
    pub fn new(seed: [u8; 32]) -> Self {
        let digests = texts().map(|text| (digest_of(&text.to_bytes()), None));
        Self {
            random: ChaCha20Rng::from_seed(seed),
            texts: digests.collect(),
        }
    }

    /// A text of our party's went out at a time, whichever of its boots sent it.
    pub fn used(&mut self, content: &Digest, at: i64) {
        let text = self.texts.iter_mut().find(|(digest, _)| digest == content);
        if let Some((_, last)) = text {
            *last = Some(last.map_or(at, |last| last.max(at)));
        }
    }

    /// How many may go out now.
    pub fn left(&self, now: i64) -> usize {
        self.free(now).count()
    }

    fn free(&self, now: i64) -> impl Iterator<Item = usize> {
        let texts = self.texts.iter().enumerate();
        let free = texts.filter(move |(_, (_, last))| last.is_none_or(|at| at + NOT_AGAIN <= now));
        free.map(|(number, _)| number)
    }

    /// The next text, and what an answer must say of it; none if all went out within 24 hours.
    pub fn choose(&mut self, now: i64) -> Option<(Text, Digest)> {
        let free: Vec<usize> = self.free(now).collect();
        let among = u64::try_from(free.len()).ok().filter(|&count| count > 0)?;
        // The rest of a division by so few is as good as even.
        let drawn = usize::try_from(self.random.next_u64() % among).ok()?;
        let number = *free.get(drawn)?;
        let (digest, last) = self.texts.get_mut(number)?;
        *last = Some(now);
        Some((texts().nth(number)?, *digest))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use openline_wire::codes::Precedence;

    use super::*;

    const LATIN: &str = "abcdefghijklmnopqrstuvwxyz";
    const CYRILLIC: &str = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя";
    const DIGITS: &str = "0123456789";

    /// What could be read as a hint: forces, politics, times, places. A word is refused that begins with one of these.
    const STEMS: &str = "war army armi troop soldier tank missil rocket bomb weapon rifle pistol shell attack invad defen retreat \
        nuclear atom militar general admiral marsh navy naval fleet battl enem siege mobil alert alarm danger emergen \
        president minist govern parliament elect treaty sanction summit embass diplom border capital king queen prince \
        tsar emper revolut strike coup spy secret nation countr republic union alliance peace \
        hour minute second week month year today tomorrow yesterday morning evening noon midnight spring summer autumn \
        winter january february april june july august september october november december monday tuesday wednesday \
        thursday friday saturday sunday north south east west russia america ukrain china europe asia africa moscow \
        washington london paris kremlin ocean island \
        войн воен арми солдат танк ракет бомб оруж ружь пистолет снаряд атак наступл оборон отступл ядер атом генерал \
        адмирал маршал флот битв враг осад мобилиз тревог опасн президент министр правит парламент выбор договор санкци \
        саммит посол посольств дипломат границ столиц корол цар импер революц забастов шпион секрет наци стран республик \
        союз мир миро час минут секунд недел месяц год сегодня завтра вчера утр вечер полдень полноч весн лето летн осен \
        зим январ феврал апрел июн июл август сентябр октябр ноябр декабр понедельник вторник сред четверг пятниц суббот \
        воскресень север юг восток запад росси америк украин кита европ ази африк москв вашингтон лондон париж кремл \
        океан остров";
    /// Words that only look so.
    const HARMLESS: [&str; 1] = ["warm"];

    fn has_all(text: &str, alphabet: &str) -> bool {
        let text = text.to_lowercase();
        alphabet.chars().all(|letter| text.contains(letter))
    }

    /// OL-758
    #[test]
    fn each_text_has_every_letter_and_every_digit() {
        for (language, alphabet) in [(ENGLISH, LATIN), (RUSSIAN, CYRILLIC)] {
            assert!(language.lines().count() >= 60);
            for line in language.lines() {
                assert!(has_all(line, alphabet) && has_all(line, DIGITS), "{line}");
            }
        }
        for text in texts() {
            let whole = [LATIN, CYRILLIC, DIGITS].concat();
            assert!(has_all(&text.text, &whole));
            let urgent = openline_wire::text::check(&text.text, Precedence::Flash);
            assert_eq!(urgent, Ok(()), "{}", text.text);
        }
        assert_eq!(ENGLISH.lines().count(), RUSSIAN.lines().count());
    }

    /// OL-758
    #[test]
    fn no_text_could_be_read_as_a_hint() {
        let stems: Vec<&str> = STEMS.split_whitespace().collect();
        for line in ENGLISH.lines().chain(RUSSIAN.lines()) {
            let lower = line.to_lowercase();
            for word in lower.split(|c: char| !c.is_alphanumeric()) {
                let hints = stems.iter().any(|stem| word.starts_with(stem));
                assert!(!hints || HARMLESS.contains(&word), "{word}: {line}");
            }
        }
    }

    /// OL-758
    #[test]
    fn no_line_stands_twice() {
        let lines: BTreeSet<&str> = ENGLISH.lines().chain(RUSSIAN.lines()).collect();
        assert_eq!(
            lines.len(),
            ENGLISH.lines().count() + RUSSIAN.lines().count()
        );
    }

    /// OL-759: also not the one that the boot before sent.
    #[test]
    fn within_a_day_no_text_comes_again() {
        const HALF_AN_HOUR: i64 = 1_800_000;
        let mut before = Chooser::new([1; 32]);
        let (_, last) = before.choose(-1_000).expect("a text");
        let mut chooser = Chooser::new([2; 32]);
        chooser.used(&last, -1_000);
        let mut sent = vec![(last, -1_000)];
        for at in (0..2_000).map(|half| half * HALF_AN_HOUR) {
            let (_, digest) = chooser.choose(at).expect("enough texts");
            let mut others = sent.iter();
            assert!(others.all(|(other, when)| *other != digest || at - when >= NOT_AGAIN));
            sent.push((digest, at));
        }
    }

    /// OL-759
    #[test]
    fn when_all_went_out_none_does() {
        let mut chooser = Chooser::new([3; 32]);
        let all = chooser.left(0);
        assert!((0..all).all(|_| chooser.choose(0).is_some()));
        assert!(chooser.choose(NOT_AGAIN - 1).is_none());
        assert!(chooser.choose(NOT_AGAIN).is_some());
    }

    /// OL-759: whoever knows the corpus and every text so far, but not the seed, guesses the next one as by chance.
    #[test]
    fn another_seed_sends_other_texts() {
        let next = |seed: u8| Chooser::new([seed; 32]).choose(0).expect("a text").1;
        let first: BTreeSet<Digest> = (0..=255).map(next).collect();
        assert!(first.len() > 50, "{} of 64", first.len());
    }
}
