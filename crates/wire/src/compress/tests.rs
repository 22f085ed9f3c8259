use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;

const HELD_OUT_EN: &str = include_str!("../../dict/held-out-en.txt");
const HELD_OUT_RU: &str = include_str!("../../dict/held-out-ru.txt");

fn mean_length(texts: &str) -> f64 {
    let mut codec = Codec::new();
    let lengths = texts
        .lines()
        .map(|text| codec.compress(text.as_bytes(), Effort::Full).len());
    lengths.sum::<usize>() as f64 / texts.lines().count() as f64
}

#[test]
fn texts_that_the_dictionaries_have_not_seen_shrink_as_documented() {
    let (en, ru) = (mean_length(HELD_OUT_EN), mean_length(HELD_OUT_RU));
    assert!(en < 100.5, "English, 200 bytes plain: {en}");
    assert!(ru < 134.0, "Russian, 361 bytes plain: {ru}");
}

/// OL-404
#[test]
fn the_dictionaries_never_change() {
    let pinned = [
        (
            LATIN_DICTIONARY,
            "a2e05c8f3e46b39dc38f08ad8eeef0ac22d8017e057386f0209b1134c05f666e",
        ),
        (
            CYRILLIC_DICTIONARY,
            "88fa2825c6beb1879b927a2ac853c653b995bf5cde7ab7eb8ce7b20295ad6312",
        ),
    ];
    for (dictionary, expected) in pinned {
        let hash: String = Sha256::digest(dictionary)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            hash, expected,
            "coding numbers are bound to these bytes: make a new coding instead"
        );
    }
}

#[test]
fn every_script_shrinks_and_comes_back() {
    let mut codec = Codec::new();
    for text in [
        "Please confirm receipt of this message.",
        "Просим подтвердить получение этого сообщения.",
        "Просимо підтвердити отримання цього повідомлення.",
        "这是线路的定期测试，请确认收到，无需采取其他行动。",
        "يرجى تأكيد استلام هذه الرسالة في أقرب وقت ممكن.",
        "이 통지문의 수신을 확인해 주시기 바랍니다.",
    ] {
        let coded = codec.compress(text.as_bytes(), Effort::Full);
        assert!(
            coded.len() < text.len(),
            "{text}: {} of {}",
            coded.len(),
            text.len()
        );
        assert_eq!(
            codec.decompress(&coded, text.len()),
            Ok(text.as_bytes().to_vec())
        );
    }
}

#[test]
fn what_does_not_shrink_is_stored_one_byte_longer() {
    let mut codec = Codec::new();
    let noise: Vec<u8> = Sha256::digest(b"noise").to_vec();
    assert_eq!(
        codec.compress(&noise, Effort::Full),
        [&[coding::STORED], &noise[..]].concat()
    );
    assert_eq!(codec.compress(b"", Effort::Full), [coding::STORED]);
    assert_eq!(codec.decompress(&[coding::STORED], 0), Ok(vec![]));
}

#[test]
fn a_body_larger_than_a_block_is_stored() {
    let mut codec = Codec::new();
    let large = b"ab".repeat(BLOCK_LIMIT / 2 + 1);
    let coded = codec.compress(&large, Effort::Full);
    assert_eq!(coded[0], coding::STORED);
    assert_eq!(codec.decompress(&coded, large.len()), Ok(large));
}

#[test]
fn a_bomb_is_refused_and_the_codec_stays_usable() {
    let mut codec = Codec::new();
    let bomb = codec.compress(&b"ab".repeat(BLOCK_LIMIT / 2), Effort::Full);
    assert!(bomb.len() < 100, "not much of a bomb: {} bytes", bomb.len());
    assert_eq!(
        codec.decompress(&bomb, 2000),
        Err(CompressError::TooLong { max: 2000 })
    );
    let text = codec.compress(b"The line is open. The line is open.", Effort::Full);
    assert_eq!(codec.decompress(&text, 35).map(|plain| plain.len()), Ok(35));
}

#[test]
fn a_longer_block_than_any_is_refused_before_it_is_copied() {
    let coded = [vec![coding::LATIN], vec![0; BLOCK_LIMIT + 1]].concat();
    let max = BLOCK_LIMIT;
    assert_eq!(
        Codec::new().decompress(&coded, usize::MAX),
        Err(CompressError::TooLong { max })
    );
}

#[test]
fn nothing_and_unknown_codings_are_named() {
    let mut codec = Codec::new();
    assert_eq!(codec.decompress(&[], 10), Err(CompressError::Empty));
    assert_eq!(
        codec.decompress(&[3, 1, 2], 10),
        Err(CompressError::UnknownCoding { got: 3 })
    );
    assert_eq!(
        codec.decompress(&[1, 0xff], 10),
        Err(CompressError::Damaged { coding: 1 })
    );
}

proptest! {
    #[test]
    fn any_bytes_come_back(plain in prop::collection::vec(any::<u8>(), 0..3000)) {
        let mut codec = Codec::new();
        let coded = codec.compress(&plain, Effort::Full);
        prop_assert!(coded.len() <= plain.len() + 1);
        prop_assert_eq!(codec.decompress(&coded, plain.len()), Ok(plain));
    }

    #[test]
    fn any_text_comes_back_one_after_the_other(texts in prop::collection::vec("[ -~а-яё]{0,400}", 1..5)) {
        let mut codec = Codec::new();
        for text in texts {
            let coded = codec.compress(text.as_bytes(), Effort::Full);
            prop_assert!(coded.len() <= text.len() + 1);
            prop_assert_eq!(codec.decompress(&coded, text.len()), Ok(text.into_bytes()));
        }
    }

    #[test]
    fn random_blocks_never_panic_and_never_exceed_the_limit(
        coding in 0u8..4,
        block in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let coded = [vec![coding], block].concat();
        if let Ok(plain) = Codec::new().decompress(&coded, 2000) {
            prop_assert!(plain.len() <= 2000);
        }
    }

    #[test]
    fn a_changed_byte_never_panics(line in 0usize..200, at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut codec = Codec::new();
        let text = HELD_OUT_RU.lines().nth(line).unwrap_or_default();
        let mut coded = codec.compress(text.as_bytes(), Effort::Full);
        let at = at.index(coded.len());
        coded[at] = to;
        if let Ok(plain) = codec.decompress(&coded, 400) {
            prop_assert!(plain.len() <= 400);
        }
    }
}

#[test]
fn with_little_effort_texts_shrink_less_and_come_back_all_the_same() {
    let mut codec = Codec::new();
    for text in HELD_OUT_EN.lines().chain(HELD_OUT_RU.lines()) {
        let plain = text.as_bytes();
        let coded = codec.compress(plain, Effort::Little);
        assert!(coded.len() * 3 < plain.len() * 2, "{text}");
        let back = codec.decompress(&coded, plain.len());
        assert_eq!(back.as_deref(), Ok(plain));
    }
}
