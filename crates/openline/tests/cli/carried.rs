//! What is carried here: cards whose names deceive the eye, and things that are no files at all.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Ran, Sides, ok, run};

/// The card of another party with this name.
fn card_named(sides: &Sides, name: &str) -> String {
    let home = PathBuf::from(sides.at("stranger"));
    if home.exists() {
        std::fs::remove_dir_all(&home).expect("ours");
    }
    ok(run(&home, &["init", "--name", name, "--lang", "en"]));
    let card = sides.at("stranger.card");
    let _ = std::fs::remove_file(&card);
    ok(run(&home, &["card", "export", &card]));
    card
}

fn warnings(ran: Ran) -> Vec<String> {
    let shown = ok(ran).object();
    let warnings = shown["warnings"].as_array().expect("a list");
    let word = |it: &Value| it["warning"].as_str().unwrap_or_default().to_owned();
    warnings.iter().map(word).collect()
}

#[test]
fn a_card_named_like_a_party_here_or_like_ourselves_is_shown_with_a_warning() {
    let sides = Sides::offered();
    for (name, expected) in [
        ("Moscow", vec!["another"]),
        ("MOSCOW", vec!["another"]),
        ("Washington", vec!["ours"]),
        ("Мoscow", vec!["another", "mixed"]),
        ("Lоndon", vec!["mixed"]),
        ("London", vec![]),
    ] {
        let card = card_named(&sides, name);
        let shown = run(&sides.washington, &["--json", "card", "show", &card]);
        assert_eq!(warnings(shown), expected, "{name}");
    }
}

#[test]
fn the_card_that_a_line_stands_on_is_no_lookalike_of_itself() {
    let sides = Sides::opened();
    for (home, card) in [
        (&sides.washington, "ru.card"),
        (&sides.washington, "en.card"),
    ] {
        let shown = run(home, &["--json", "card", "show", &sides.at(card)]);
        assert_eq!(warnings(shown), Vec::<String>::new(), "{card}");
    }
}

#[test]
fn opening_a_line_with_a_lookalike_warns_before_the_number() {
    let sides = Sides::offered();
    let card = card_named(&sides, "Mоscow");
    for (lang, title) in [("en", "LOOK TWICE"), ("ru", "ПРИСМОТРИТЕСЬ")] {
        let file = sides.at(&format!("{lang}.line"));
        let open = ["--lang", lang, "line", "open", "--with", &card, "-o", &file];
        let said = ok(run(&sides.washington, &open)).out;
        let number = said.rfind("\n    ").expect("a safety number");
        let warned = said.find(title).expect("a warning");
        assert!(warned < number, "{said}");
        assert!(said.contains("M\u{a0}+\u{a0}о\u{a0}+\u{a0}scow"), "{said}");
    }
}

#[test]
fn accepting_an_offer_of_a_lookalike_warns() {
    let sides = Sides::opened();
    card_named(&sides, "Washingtоn");
    let (stranger, offer) = (PathBuf::from(sides.at("stranger")), sides.at("false.line"));
    let open = ["line", "open", "--with", &sides.at("ru.card"), "-o", &offer];
    ok(run(&stranger, &open));
    let answer = sides.at("false-answer.line");
    let shown = run(&sides.moscow, &["--json", "card", "show", &offer]);
    let number = shown.object()["safety_number"].clone();
    let number = number.as_str().expect("a number");
    let accept = [
        "--json",
        "line",
        "accept",
        &offer,
        "-o",
        &answer,
        "--safety-number",
        number,
    ];
    let accepted = run(&sides.moscow, &accept);
    assert_eq!(warnings(accepted), ["another", "mixed"]);
    let finish = [
        "--json",
        "line",
        "finish",
        &answer,
        "--safety-number",
        number,
    ];
    assert_eq!(warnings(run(&stranger, &finish)), Vec::<String>::new());
}

/// Refused with this word, at once and whatever stands behind the name.
fn refused(home: &Path, arguments: &[&str], word: &str) {
    let ran = run(home, &[&["--json"], arguments].concat());
    assert_eq!(ran.error(), word, "{arguments:?}");
}

#[test]
fn a_pipe_a_device_and_a_folder_are_no_files_to_read() {
    let sides = Sides::offered();
    let pipe = sides.at("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from(0o600),
        0,
    )
    .expect("a pipe");
    let (card, out) = (sides.at("ru.card"), sides.at("new.line"));
    for path in [pipe.as_str(), "/dev/zero", "/"] {
        let home = &sides.washington;
        refused(home, &["card", "show", path], "file-is-none");
        refused(home, &["line", "accept", path, "-o", &out], "file-is-none");
        let open = [
            "line",
            "open",
            "--with",
            &card,
            "-o",
            &out,
            "--charter",
            path,
        ];
        refused(home, &open, "file-is-none");
        if path != "/" {
            refused(home, &["verify", path], "file-is-none");
        }
    }
    assert!(!Path::new(&out).exists());
}

#[test]
fn a_file_that_is_too_long_is_called_that_and_not_damaged() {
    let sides = Sides::offered();
    let long = sides.at("long");
    let file = std::fs::File::create(&long).expect("a file");
    file.set_len(1 << 40).expect("a hole");
    let home = &sides.washington;
    refused(home, &["card", "show", &long], "file-too-long");
    let card = sides.at("ru.card");
    let open = [
        "line",
        "open",
        "--with",
        &card,
        "-o",
        "x",
        "--charter",
        &long,
    ];
    refused(home, &open, "file-too-long");
}

#[test]
fn a_wrong_number_is_not_answered_with_the_right_one() {
    let sides = Sides::offered();
    let wrong = "00000-".repeat(12);
    let ran = sides.accept(wrong.trim_end_matches('-'));
    assert_eq!(ran.code, 6);
    for group in sides.number.split('-') {
        assert!(
            !ran.err.contains(group) && !ran.out.contains(group),
            "{}",
            ran.err
        );
    }
}

#[test]
fn what_is_no_card_is_called_so_in_the_readers_language_without_jargon() {
    let sides = Sides::offered();
    std::fs::write(sides.at("junk"), [0xD2; 300]).expect("a file");
    let russian = |c: char| ('а'..='я').contains(&c);
    for (lang, is_russian) in [("en", false), ("ru", true)] {
        let show = ["--lang", lang, "card", "show", &sides.at("junk")];
        let ran = run(&sides.washington, &show);
        assert_eq!(ran.code, 1, "{}", ran.err);
        for jargon in ["CBOR", "COSE", "reason-", "{"] {
            assert!(!ran.err.contains(jargon), "{}", ran.err);
        }
        let what = ran.err.lines().next().unwrap_or_default().to_owned();
        let latin = what.trim_start_matches("openline:");
        assert_eq!(latin.contains(russian), is_russian, "{what}");
        assert_eq!(
            latin.contains(|c: char| c.is_ascii_alphabetic()),
            !is_russian,
            "{what}"
        );
    }
}
