//! Two parties open a line, or do not.

use std::path::Path;

use crate::program::{Sides, ok, run};

#[test]
fn two_homes_open_a_line_with_nobody_at_the_keyboard() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let status = run(&sides.moscow, &["--json", "status"]).object();
    assert_eq!(status["lines"][0]["name"], "Washington");
    assert_eq!(status["lines"][0]["number_compared"]["theirs"], true);
}

#[test]
fn both_sides_compute_the_same_safety_number() {
    let sides = Sides::offered();
    let shown = ok(run(
        &sides.moscow,
        &["--json", "card", "show", &sides.at("offer.line")],
    ))
    .object();
    assert_eq!(shown["safety_number"], sides.number.as_str());
    assert_eq!(shown["file"], "offer");
}

#[test]
fn a_wrong_safety_number_makes_nothing() {
    let sides = Sides::offered();
    let other_digit = if sides.number.starts_with('1') {
        "2"
    } else {
        "1"
    };
    let ran = sides.accept(&format!("{other_digit}{}", &sides.number[1..]));
    assert_eq!(
        (ran.code, ran.error().as_str()),
        (6, "safety-number-differs")
    );
    assert!(is_empty(&sides.moscow.join("lines")));
    assert!(!Path::new(&sides.at("answer.line")).exists());
    ok(sides.accept(&sides.number));
}

#[test]
fn without_a_number_and_without_a_person_nothing_is_made() {
    let sides = Sides::offered();
    let arguments = [
        "--json",
        "line",
        "accept",
        &sides.at("offer.line"),
        "-o",
        &sides.at("answer.line"),
    ];
    let ran = run(&sides.moscow, &arguments);
    assert_eq!(
        (ran.code, ran.error().as_str()),
        (2, "safety-number-needed")
    );
    assert!(is_empty(&sides.moscow.join("lines")));
}

#[test]
fn there_is_no_way_to_say_yes_without_the_number() {
    let sides = Sides::offered();
    for yes in ["--yes", "-y", "--force"] {
        let ran = run(
            &sides.moscow,
            &["line", "accept", &sides.at("offer.line"), "-o", "x", yes],
        );
        assert_eq!(ran.code, 2, "{yes}");
    }
}

#[test]
fn an_offer_is_accepted_once() {
    let sides = Sides::opened();
    std::fs::remove_file(sides.at("answer.line")).expect("the answer");
    let ran = sides.accept(&sides.number);
    assert_eq!((ran.code, ran.error().as_str()), (1, "offer-used"));
}

#[test]
fn a_file_that_is_in_the_way_is_not_overwritten() {
    let sides = Sides::offered();
    std::fs::write(sides.at("answer.line"), "a diary").expect("a file");
    let ran = sides.accept(&sides.number);
    assert_eq!((ran.code, ran.error().as_str()), (1, "file-exists"));
    assert_eq!(
        std::fs::read(sides.at("answer.line")).expect("the file"),
        b"a diary"
    );
    assert!(is_empty(&sides.moscow.join("lines")));
}

#[test]
fn a_name_with_escape_or_direction_codes_is_refused() {
    let directory = tempfile::TempDir::new().expect("a directory");
    let home = directory.path().join("home");
    for name in ["Mos\u{1b}[31mcow", "woc\u{202e}Mos"] {
        let ran = run(&home, &["--json", "init", "--name", name]);
        assert_eq!((ran.code, ran.error().as_str()), (2, "name"));
        assert!(!home.exists());
    }
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder)
        .expect("a folder")
        .next()
        .is_none()
}
