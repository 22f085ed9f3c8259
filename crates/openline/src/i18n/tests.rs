//! The languages say the same things, and the code asks only for what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;
use openline_store::StoreError;
use openline_wire::codes::Stream;
use openline_wire::ids::{BootId, NodeId, PartyId};

use super::{Catalog, Language};

/// Messages whose names are put together from a word of the protocol: `verdict-open`.
const FAMILIES: &[&str] = &[
    "alarm-about-",
    "alarm-is-",
    "alarm-passing-",
    "alarm-unclear-",
    "attestation-",
    "charter-",
    "contact-state-",
    "doctor-",
    "doubt-",
    "entry-answer-",
    "entry-contact-closed",
    "entry-outcome-",
    "entry-proposal",
    "entry-read-back",
    "entry-ringing-",
    "entry-settlement-",
    "entry-verified-",
    "entry-verifying-",
    "field-",
    "fault-",
    "help-",
    "kind-",
    "mark-",
    "problem-",
    "proposal-state-",
    "notice-",
    "ring-state-",
    "shortcoming-",
    "silence-reason-",
    "store-",
    "stream-",
    "suspension-reason-",
    "test-state-",
    "unit-",
    "verdict-",
    "verify-ring-",
];

/// What a message is made of, beside its words.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    attributes: BTreeSet<String>,
    blanks: BTreeSet<String>,
}

/// Every message of a language, by id.
fn messages(language: Language) -> BTreeMap<String, Shape> {
    let mut all: BTreeMap<String, Shape> = BTreeMap::new();
    let mut current = String::new();
    for line in language.files().iter().flat_map(|file| file.lines()) {
        let is_comment = line.starts_with('#');
        if let Some((id, _)) = line
            .split_once(" =")
            .filter(|(id, _)| !is_comment && is_id(id))
        {
            current = id.to_owned();
            assert!(!all.contains_key(id), "{id} stands twice in {language:?}");
        }
        let shape = all.entry(current.clone()).or_default();
        if let Some(attribute) = line.trim_start().strip_prefix('.') {
            let name = attribute.split(' ').next().unwrap_or_default();
            shape.attributes.insert(name.to_owned());
        }
        let blanks = line.split('$').skip(1).filter(|_| line.contains("{ $"));
        shape
            .blanks
            .extend(blanks.map(|rest| rest.chars().take_while(char::is_ascii_lowercase).collect()));
    }
    all.remove("");
    all
}

fn is_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.contains('-') && text.chars().all(plain)
}

#[test]
fn every_file_is_sound() {
    for language in Language::ALL {
        for source in language.files() {
            let resource = FluentResource::try_new((*source).to_owned());
            assert!(resource.is_ok(), "{language:?}: {:?}", resource.err());
        }
    }
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_parts() {
    let (english, russian) = (messages(Language::English), messages(Language::Russian));
    assert!(english.len() > 100);
    for (id, shape) in &english {
        assert_eq!(russian.get(id), Some(shape), "{id}");
    }
    let extra: Vec<_> = russian
        .keys()
        .filter(|id| !english.contains_key(*id))
        .collect();
    assert!(extra.is_empty(), "only in Russian: {extra:?}");
}

/// What stands in quotes in a placeable is never made a command as it can be typed here.
#[test]
fn a_command_of_ours_stands_among_the_words_and_not_in_quotes() {
    let is_command = |literal: &str| {
        let quoted = literal.split("\"}").next();
        quoted.is_some_and(|it| it.contains("openline "))
    };
    for language in Language::ALL {
        let lines = language.files().iter().flat_map(|file| file.lines());
        for line in lines.filter(|line| line.split("{\"").skip(1).any(is_command)) {
            // What the other side types, at home.
            let is_theirs = line.starts_with("exercise-is-proposed");
            assert!(is_theirs, "{language:?}: {line}");
        }
    }
}

#[test]
fn every_error_says_what_to_do() {
    for (id, shape) in messages(Language::English) {
        if id.starts_with("error-") {
            assert!(shape.attributes.contains("do"), "{id}");
        }
    }
}

/// One of each error of the store.
fn store_errors() -> Vec<StoreError> {
    let (file, table, what) = ("record.db", "receipts", "sector 7".to_owned());
    vec![
        StoreError::DiskFull,
        StoreError::ReadOnly,
        StoreError::Damaged {
            file,
            place: what.clone(),
        },
        StoreError::HandEdited {
            party: PartyId([1; 32]),
            node: NodeId([2; 32]),
            boot: BootId([3; 16]),
            stream: Stream::Urgent,
            sequence: 41,
            field: "stage",
        },
        StoreError::HandEditedRow { table },
        StoreError::NewerSchema {
            file,
            found: 9,
            known: 1,
        },
        StoreError::Locked,
        StoreError::WrongKey,
        StoreError::Occupied { what: what.clone() },
        StoreError::Io(what),
    ]
}

#[test]
fn every_error_of_the_store_says_in_both_languages_what_it_names() {
    for (language, stage) in [
        (Language::English, "shown or read"),
        (Language::Russian, "прочитано"),
    ] {
        let words = Catalog::new(language);
        for error in store_errors() {
            let blanks: Vec<_> = error
                .arguments()
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect();
            let what = words.fill(error.code(), &blanks);
            assert!(!what.contains(['{', '}']) && what != error.code(), "{what}");
            assert!(
                words.attribute(error.code(), "do", &blanks).is_some(),
                "{what}"
            );
            let names_stage = matches!(error, StoreError::HandEdited { .. });
            assert_eq!(what.contains(stage), names_stage, "{what}");
        }
    }
}

/// String literals of the code, tests left out.
fn literals() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    // The crates below name their errors by codes, which are ids here.
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")) {
        let code = std::fs::read_to_string(&path).expect("our own source");
        let code = code
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        found.extend(code.split('"').skip(1).step_by(2).map(str::to_owned));
        found.extend(code.split('"').step_by(2).map(str::to_owned));
    }
    found
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for item in std::fs::read_dir(folder).expect("our own folder") {
        let path = item.expect("our own folder").path();
        match path.is_dir() {
            true => all.extend(sources(&path)),
            false if path.extension().is_none_or(|it| it != "rs") || path.ends_with("tests.rs") => {
            }
            false => all.push(path),
        }
    }
    all
}

#[test]
fn no_message_is_left_that_nobody_uses() {
    let used = literals();
    let in_family = |id: &str| FAMILIES.iter().any(|family| id.starts_with(family));
    let texts = Language::English.files().concat();
    let in_another = |id: &str| texts.contains(&format!("{{ {id} }}"));
    for id in messages(Language::English).keys() {
        let is_used = used.contains(id) || in_family(id) || in_another(id);
        assert!(is_used, "{id} is not used");
    }
}

/// An id in code is a literal right after one of these.
const CALLS: &[&str] = &[
    ".say(\"",
    ".text(\"",
    ".fill(\"",
    ".claim(\"",
    ".aside(\"",
    ".step(",
    "Failure::new(",
    "=> \"error-",
];

#[test]
fn the_code_asks_for_no_message_that_is_missing() {
    let known = messages(Language::English);
    let mut count = 0;
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let code = std::fs::read_to_string(&path).expect("our own source");
        for id in CALLS.iter().flat_map(|call| asked_for(&code, call)) {
            count += 1;
            assert!(
                known.contains_key(&id),
                "{id}, asked for in {}",
                path.display()
            );
        }
    }
    assert!(count > 30, "only {count} found: is the search still right?");
}

/// The first literal after each `call`, on the same statement, if it looks like an id.
fn asked_for(code: &str, call: &str) -> Vec<String> {
    let after_quote = call.trim_end_matches(|c| c != '"').len();
    let pieces = code.match_indices(call).map(|(at, _)| &code[at..]);
    let ids = pieces.filter_map(|rest| {
        let start = if after_quote > 0 {
            call.find('"')?
        } else {
            rest.find('"')?
        };
        rest[start + 1..].split('"').next()
    });
    ids.filter(|id| is_id(id)).map(str::to_owned).collect()
}

#[test]
fn a_russian_number_takes_the_right_form() {
    let words = Catalog::new(Language::Russian);
    let count = |words_: u32| {
        words.fill(
            "say-count",
            &[("words", words_.into()), ("bytes", 9.into())],
        )
    };
    assert!(count(1).starts_with("1 слово,"), "{}", count(1));
    assert!(count(3).starts_with("3 слова,"), "{}", count(3));
    assert!(count(11).starts_with("11 слов,"), "{}", count(11));
}

#[test]
fn a_locale_names_its_language() {
    for (locale, language) in [
        ("ru_RU.UTF-8", Some(Language::Russian)),
        ("ru", Some(Language::Russian)),
        ("en-GB", Some(Language::English)),
        ("C.UTF-8", None),
        ("rum", None),
    ] {
        assert_eq!(Language::from_tag(locale), language, "{locale}");
    }
}
