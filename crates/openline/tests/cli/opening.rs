//! Two parties open a line, or do not.

use std::path::Path;

use crate::program::{Sides, ok, run, run_with_room};

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
fn an_answer_that_was_lost_is_written_again_by_the_same_command() {
    let sides = Sides::offered();
    let first = ok(sides.accept(&sides.number)).object();
    assert_eq!(first["again"], false);
    let answer = std::fs::read(sides.at("answer.line")).expect("the answer");
    let wrong = sides.accept(&"1".repeat(60));
    assert_eq!(wrong.error(), "safety-number-differs");
    for is_lost in [true, false] {
        if is_lost {
            std::fs::remove_file(sides.at("answer.line")).expect("the answer");
        }
        let again = ok(sides.accept(&sides.number)).object();
        assert_eq!(again["again"], true);
        assert_eq!(again["line"], first["line"]);
        let same = std::fs::read(sides.at("answer.line")).expect("the answer");
        assert!(same == answer, "the same bytes");
    }
}

#[test]
fn an_answer_whose_tape_the_station_has_taken_over_is_not_written_again() {
    let sides = Sides::opened();
    drop(sides.connected());
    std::fs::remove_file(sides.at("answer.line")).expect("the answer");
    let ran = sides.accept(&sides.number);
    assert_eq!((ran.code, ran.error().as_str()), (1, "answer-erased"));
    assert!(!Path::new(&sides.at("answer.line")).exists());
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

/// What is in a folder besides what was there before.
fn names(folder: &Path) -> Vec<String> {
    let items = std::fs::read_dir(folder).expect("a folder");
    let name = |item: std::io::Result<std::fs::DirEntry>| item.expect("a name").file_name();
    let mut names: Vec<_> = items
        .map(|item| name(item).to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn on_a_full_disk_neither_an_offer_nor_an_answer_is_half_made() {
    let sides = Sides::offered();
    let (there, offers) = (
        names(sides.directory.path()),
        names(&sides.washington.join("lines")),
    );
    let (card, second) = (sides.at("ru.card"), sides.at("second.line"));
    let open = ["--json", "line", "open", "--with", &card, "-o", &second];
    let (offer, answer) = (sides.at("offer.line"), sides.at("answer.line"));
    let number = sides.number.as_str();
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
    for room in [0, 100] {
        let ran = run_with_room(&sides.washington, &open, room);
        assert_eq!((ran.code, ran.error().as_str()), (1, "home-io"), "{room}");
        let ran = run_with_room(&sides.moscow, &accept, room);
        assert_eq!((ran.code, ran.error().as_str()), (1, "home-io"), "{room}");
        assert_eq!(names(sides.directory.path()), there);
        assert_eq!(names(&sides.washington.join("lines")), offers);
        assert!(is_empty(&sides.moscow.join("lines")));
    }
    // There is room again, and the same commands do it.
    ok(run(&sides.washington, &open));
    ok(run(&sides.moscow, &accept));
}

#[test]
fn where_the_home_takes_nothing_no_offer_is_left_outside() {
    let sides = Sides::offered();
    let (card, second) = (sides.at("ru.card"), sides.at("second.line"));
    let lines = sides.washington.join("lines");
    std::fs::remove_dir_all(&lines).expect("a folder");
    // Nobody can make a folder there, not even root.
    std::os::unix::fs::symlink("/proc", &lines).expect("a link");
    let there = names(sides.directory.path());
    let ran = run(
        &sides.washington,
        &["--json", "line", "open", "--with", &card, "-o", &second],
    );
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(names(sides.directory.path()), there);
}

#[test]
fn a_file_that_is_not_there_is_called_so_in_the_readers_language() {
    let sides = Sides::offered();
    let missing = sides.at("no-such.line");
    let ran = run(&sides.moscow, &["--lang", "ru", "card", "show", &missing]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("такого файла или папки нет"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("os error"), "{}", ran.err);
    let ran = run(&sides.moscow, &["card", "show", &missing]);
    assert!(ran.err.contains("can't be read:"), "{}", ran.err);
    assert!(!ran.err.contains("half written"), "{}", ran.err);
    let nowhere = sides.at("no-such-folder/our.card");
    let ran = run(&sides.moscow, &["card", "export", &nowhere]);
    assert!(ran.err.contains("can't be written:"), "{}", ran.err);
}

#[test]
fn a_name_that_is_like_an_id_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let home = directory.path().join("home");
    for name in ["-", "deadbeef", "0123456789"] {
        let ran = run(&home, &["--json", "init", "--name", name]);
        assert_eq!((ran.code, ran.error().as_str()), (2, "name-like-an-id"));
        assert!(!home.exists());
    }
}

#[test]
fn a_mistake_in_a_charter_file_is_told_with_its_line_in_the_readers_language() {
    let sides = Sides::offered();
    let charter = sides.at("wrong.toml");
    for (text, line, says) in [
        (
            "tape_required = true\n\nechos = 1\n",
            3,
            "поля «echos» в уставе нет",
        ),
        ("tape_required = true\n", 1, "не хватает поля «office»"),
        (
            "tape_required = true\nmodes = [\n",
            2,
            "не по правилам TOML",
        ),
    ] {
        std::fs::write(&charter, text).expect("room");
        let (card, output) = (sides.at("ru.card"), sides.at("x.line"));
        let open = [
            "line",
            "open",
            "--with",
            &card,
            "--charter",
            &charter,
            "-o",
            &output,
        ];
        let ran = run(&sides.washington, &[&["--lang", "ru"], &open[..]].concat());
        assert_eq!(ran.code, 1, "{}", ran.err);
        let place = format!("Строка {line}: ");
        assert!(
            ran.err.contains(&place) && ran.err.contains(says),
            "{}",
            ran.err
        );
    }
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
