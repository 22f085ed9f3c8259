//! Makes `crates/wire/dict/*.dict` from the texts beside them and prints how well they do on texts they have not seen.
//!
//!     cargo run -p openline-bench --features train --example train_dictionary [-- --write | --time]
//!
//! A dictionary is three parts: entropy tables, phrases, words. The phrases are what zstd's own trainer picks from the
//! training messages. The words are a hand-written lexicon, because the trainer only knows the sentences it was shown.
//! The tables are counted with the lexicon alone as dictionary: counted with the phrases, they would expect long
//! matches, which a text that nobody has foreseen does not have.
#![allow(
    unsafe_code,
    reason = "the zstd crate does not wrap ZDICT_finalizeDictionary, which counts the tables for a chosen content"
)]
#![allow(
    clippy::unwrap_used,
    reason = "a tool for the maintainers, run by hand"
)]

use std::path::PathBuf;
use std::time::Instant;

use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::CParameter;

/// The same as in `openline_wire::compress`.
const LEVEL: i32 = 12;
/// What openline-wire does not send of a zstd frame: magic number, frame header, block header.
const IMPLIED_HEADER: usize = 9;
/// Bytes of phrases; the table in `dict/README.md` compares sizes.
const PHRASES: usize = 4096;

/// One dictionary to make: the file, its lexicon, the languages of its training messages.
const DICTIONARIES: [(&str, &str, &[&str]); 2] = [
    ("openline-1-latin", "latin", &["en"]),
    (
        "openline-1-cyrillic",
        "cyrillic",
        &["ru", "uk", "zh", "ar", "ko"],
    ),
];

fn main() {
    let told = |option: &str| std::env::args().any(|argument| argument == option);
    if told("--time") {
        DICTIONARIES
            .iter()
            .for_each(|(name, _, languages)| print_times(name, languages[0]));
        return;
    }
    let held_out = [messages("held-out-en"), messages("held-out-ru")];
    print_row("no dictionary", &[], &held_out);
    print_common(&held_out);
    for (name, lexicon, languages) in DICTIONARIES {
        print_own(lexicon, languages, &held_out);
        if told("--write") {
            let made = make(&training(languages), &lexicon_words(lexicon), PHRASES);
            std::fs::write(path(&format!("{name}.dict")), made).unwrap();
        }
    }
}

/// One dictionary for all languages, as the trainer makes it.
fn print_common(held_out: &[Vec<Vec<u8>>; 2]) {
    let all: Vec<_> = DICTIONARIES.iter().flat_map(|d| training(d.2)).collect();
    for kib in [4, 8, 16, 32] {
        let trained = zstd::dict::from_samples(&all, kib << 10).unwrap();
        print_row(
            &format!("one for all languages, {kib} KiB"),
            &trained,
            held_out,
        );
        let raw = &trained[header_length(&trained)..];
        print_row(
            &format!("the same as raw content, {kib} KiB"),
            raw,
            held_out,
        );
    }
}

/// A dictionary for some languages, as the trainer makes it and with a lexicon.
fn print_own(lexicon: &str, languages: &[&str], held_out: &[Vec<Vec<u8>>; 2]) {
    let (samples, words) = (training(languages), lexicon_words(lexicon));
    for kib in [4, 8, 16, 32] {
        let trained = zstd::dict::from_samples(&samples, kib << 10).unwrap();
        print_row(
            &format!("{lexicon}, trained only, {kib} KiB"),
            &trained,
            held_out,
        );
    }
    for phrases in [0, 2048, 4096, 8192] {
        let what = format!("{lexicon}, lexicon and {phrases} bytes of phrases");
        print_row(&what, &make(&samples, &words, phrases), held_out);
    }
}

/// Tables counted for `words` alone, then `phrases` bytes of the trainer's choice, then `words`.
fn make(samples: &[Vec<u8>], words: &[u8], phrases: usize) -> Vec<u8> {
    let mut made = finalize(words, samples);
    let tables = header_length(&made);
    if phrases > 0 {
        let trained = zstd::dict::from_samples(samples, phrases).unwrap();
        made.splice(
            tables..tables,
            trained[header_length(&trained)..].iter().copied(),
        );
    }
    made
}

/// A dictionary with this content, its tables counted by compressing the samples with it.
fn finalize(content: &[u8], samples: &[Vec<u8>]) -> Vec<u8> {
    let (joined, sizes) = (
        samples.concat(),
        samples.iter().map(Vec::len).collect::<Vec<_>>(),
    );
    let mut made = vec![0; content.len() + 1024];
    let parameters = zstd_sys::ZDICT_params_t {
        compressionLevel: LEVEL,
        notificationLevel: 0,
        dictID: 0,
    };
    // SAFETY: each pointer is passed with the length of the slice it comes from, and zstd keeps none of them.
    let length = unsafe {
        zstd_sys::ZDICT_finalizeDictionary(
            made.as_mut_ptr().cast(),
            made.len(),
            content.as_ptr().cast(),
            content.len(),
            joined.as_ptr().cast(),
            sizes.as_ptr(),
            u32::try_from(sizes.len()).unwrap(),
            parameters,
        )
    };
    assert!(
        length <= made.len(),
        "zstd refused the content or the samples"
    );
    made.truncate(length);
    made
}

/// How many bytes of a dictionary are its magic, id and tables.
fn header_length(dictionary: &[u8]) -> usize {
    // SAFETY: the pointer is passed with the length of the slice it comes from.
    let length =
        unsafe { zstd_sys::ZDICT_getDictHeaderSize(dictionary.as_ptr().cast(), dictionary.len()) };
    assert!(length < dictionary.len(), "not a zstd dictionary");
    length
}

/// Mean bytes of a message: the whole coded form, as `openline_wire::compress` would send it.
fn mean(dictionary: &[u8], messages: &[Vec<u8>]) -> f64 {
    let mut compressor = Compressor::with_dictionary(LEVEL, dictionary).unwrap();
    compressor
        .set_parameter(CParameter::ContentSizeFlag(false))
        .unwrap();
    compressor
        .set_parameter(CParameter::DictIdFlag(false))
        .unwrap();
    let coded = messages.iter().map(|text| {
        1 + text
            .len()
            .min(compressor.compress(text).unwrap().len() - IMPLIED_HEADER)
    });
    coded.sum::<usize>() as f64 / messages.len() as f64
}

fn print_row(what: &str, dictionary: &[u8], held_out: &[Vec<Vec<u8>>; 2]) {
    let [en, ru] = held_out
        .each_ref()
        .map(|messages| mean(dictionary, messages));
    println!("| {what} | {} | {en:.1} | {ru:.1} |", dictionary.len());
}

/// What one message of about 300 bytes costs with a dictionary that is there already.
fn print_times(dictionary: &str, language: &str) {
    let dictionary = std::fs::read(path(&format!("{dictionary}.dict"))).unwrap();
    let joined = String::from_utf8(messages(&format!("held-out-{language}")).join(&b' ')).unwrap();
    let letters = joined.chars().count() * 300 / joined.len();
    let all: Vec<char> = joined.chars().collect();
    let texts: Vec<String> = all
        .chunks_exact(letters)
        .map(|chunk| chunk.iter().collect())
        .collect();
    let mut compressor = Compressor::with_dictionary(LEVEL, &dictionary).unwrap();
    let mut decompressor = Decompressor::with_dictionary(&dictionary).unwrap();
    let mut pack = || {
        texts
            .iter()
            .map(|text| compressor.compress(text.as_bytes()).unwrap())
            .collect::<Vec<_>>()
    };
    let packed = pack();
    let start = Instant::now();
    drop(pack());
    let packing = start.elapsed();
    let start = Instant::now();
    packed
        .iter()
        .for_each(|packed| drop(decompressor.decompress(packed, 2000).unwrap()));
    let count = u32::try_from(texts.len()).unwrap();
    let unpacking = start.elapsed() / count;
    println!(
        "{language}: compress {:?}, decompress {unpacking:?} a message",
        packing / count
    );
}

fn training(languages: &[&str]) -> Vec<Vec<u8>> {
    languages
        .iter()
        .flat_map(|language| messages(&format!("train-{language}")))
        .collect()
}

fn messages(name: &str) -> Vec<Vec<u8>> {
    let text = std::fs::read_to_string(path(&format!("{name}.txt"))).unwrap();
    text.lines().map(|line| line.as_bytes().to_vec()).collect()
}

fn lexicon_words(name: &str) -> Vec<u8> {
    let text = std::fs::read_to_string(path(&format!("lexicon/{name}.txt"))).unwrap();
    text.lines().collect::<String>().into_bytes()
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/wire/dict")
        .join(name)
}
