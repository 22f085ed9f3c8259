//! A line on its way: an offer that waits, and a line that is completed while the station runs.

use std::path::Path;

use serde_json::Value;

use crate::program::{Ran, Sides, Station, is_open, ok, run, run_with_input, until};

fn finish(sides: &Sides, answer: &str, options: &[&str]) -> Ran {
    let answer = sides.at(answer);
    let step = ["line", "finish", &answer, "--safety-number", &sides.number];
    run(&sides.washington, &[options, &step].concat())
}

fn checks(home: &Path) -> (Ran, Vec<Value>) {
    let ran = run(home, &["--json", "doctor"]);
    let checks = ran.object()["checks"].as_array().cloned();
    (ran, checks.expect("checks"))
}

fn has(checks: &[Value], check: &str) -> bool {
    checks.iter().any(|it| it["check"] == check)
}

/// The command of a home, as it stands in advice.
fn command(home: &Path, rest: &str) -> String {
    format!("openline --home {} {rest}", home.display())
}

#[test]
fn a_line_that_is_completed_while_both_stations_run_comes_up_without_a_restart() {
    let sides = Sides::offered();
    let stations = [sides.start_washington(), sides.start_moscow()];
    let accepted = ok(sides.accept(&sides.number)).object();
    assert_eq!(accepted["station"], "taken-up");
    let finished = ok(finish(&sides, "answer.line", &[])).out;
    assert!(
        finished.contains("The station has taken it up."),
        "{finished}"
    );
    let next = command(&sides.washington, "status");
    assert!(finished.contains(&next), "{finished}");
    for (home, station) in [&sides.washington, &sides.moscow]
        .into_iter()
        .zip(&stations)
    {
        until("the line is open", || is_open(home));
        let status = run(home, &["--json", "status"]).object();
        assert_eq!(status["station"]["pid"], station.pid());
    }
}

#[test]
fn an_offer_that_waits_is_told_to_programs_too() {
    let sides = Sides::offered();
    let _station = sides.start_washington();
    let status = run(&sides.washington, &["--json", "status"]).object();
    assert_eq!(status["waiting"][0]["name"], "Moscow");
    assert_eq!(status["left_out"], serde_json::json!([]));
}

#[test]
fn where_no_station_runs_the_next_command_starts_it_for_the_same_home() {
    let sides = Sides::offered();
    let accepted = ok(sides.accept(&sides.number)).object();
    assert_eq!(accepted["station"], "not-running");
    let next = command(&sides.washington, "station --listen");
    for language in ["en", "ru"] {
        let folder = sides.directory.path();
        let copy = folder.join(language);
        copy_folder(&sides.washington, &copy);
        let answer = sides.at("answer.line");
        let step = ["--lang", language, "line", "finish", &answer];
        let step = [&step[..], &["--safety-number", &sides.number]].concat();
        let ran = ok(run(&copy, &step));
        let next = next.replace(
            &sides.washington.display().to_string(),
            &copy.display().to_string(),
        );
        assert!(ran.out.contains(&next), "{}", ran.out);
    }
}

fn copy_folder(from: &Path, to: &Path) {
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .args([from, to])
        .status();
    assert!(copied.expect("cp").success());
}

/// Its socket is out of reach for a moment, as that of a station of an older version is for good.
#[test]
fn a_line_that_the_running_station_does_not_have_is_named_by_status_and_doctor() {
    let sides = Sides::offered();
    let station = sides.start_moscow();
    let (socket, aside) = (
        sides.moscow.join("control.sock"),
        sides.moscow.join("aside"),
    );
    std::fs::rename(&socket, &aside).expect("the socket");
    ok(sides.accept(&sides.number));
    std::fs::rename(&aside, &socket).expect("the socket");
    for (language, said) in [("en", "Stop the station"), ("ru", "Остановите станцию")]
    {
        let ran = run(&sides.moscow, &["--lang", language, "status"]);
        assert_eq!(ran.code, 1, "{}", ran.out);
        assert!(ran.out.contains(said), "{}", ran.out);
        let ran = run(&sides.moscow, &["--lang", language, "doctor"]);
        assert_eq!(ran.code, 1, "{}", ran.out);
        assert!(ran.out.contains(said), "{}", ran.out);
    }
    station.kill();
    let _station = sides.start_moscow();
    let ran = run(&sides.moscow, &["status"]);
    assert!(!ran.out.contains("NOT TAKEN UP"), "{}", ran.out);
}

#[test]
fn an_offer_that_waits_for_its_answer_is_told_and_how_to_finish_it() {
    let sides = Sides::offered();
    let _station = sides.start_washington();
    for (language, told, none, file) in [
        (
            "en",
            "Moscow: an offer of a line waits",
            "No line yet",
            "FILE",
        ),
        (
            "ru",
            "Москва: предложение линии ждёт",
            "Линии ещё нет",
            "ФАЙЛ",
        ),
    ] {
        let ran = run(&sides.washington, &["--lang", language, "status"]);
        let next = command(&sides.washington, &format!("line finish {file}"));
        assert!(ran.out.contains(told), "{}", ran.out);
        // Cut to the screen, it goes on in the next line.
        let words: Vec<_> = ran.out.split_whitespace().collect();
        assert!(words.join(" ").contains(&next), "{}", ran.out);
        assert!(!ran.out.contains(none), "{}", ran.out);
    }
    let (ran, checks) = checks(&sides.washington);
    assert!(
        has(&checks, "waiting") && !has(&checks, "lines"),
        "{}",
        ran.out
    );
}

#[test]
fn in_a_home_without_a_line_each_command_says_that_none_is_open() {
    let sides = Sides::offered();
    let _station = sides.start_moscow();
    for arguments in [
        &["follow"][..],
        &["traffic"],
        &["say"],
        &["silence", "announce", "--for", "10m"],
    ] {
        for (language, said) in [
            ("en", "No line is open"),
            ("ru", "не открыто ни одной линии"),
        ] {
            let arguments = [&["--lang", language], arguments].concat();
            let ran = run_with_input(&sides.moscow, &arguments, "a text");
            assert_eq!(ran.code, 1, "{arguments:?}");
            assert!(ran.err.contains(said), "{arguments:?}: {}", ran.err);
        }
        let arguments = [&["--json"], arguments].concat();
        let ran = run_with_input(&sides.moscow, &arguments, "a text");
        assert_eq!(ran.error(), "no-line", "{arguments:?}");
    }
}

#[test]
fn of_several_lines_the_names_and_short_ids_are_listed() {
    let sides = Sides::opened();
    let offer = [
        "line",
        "open",
        "--with",
        &sides.at("ru.card"),
        "-o",
        &sides.at("second.line"),
    ];
    ok(run(&sides.washington, &offer));
    let accept = [
        "line",
        "accept",
        &sides.at("second.line"),
        "-o",
        &sides.at("second-answer.line"),
    ];
    let number = ["--safety-number", &sides.number];
    ok(run(&sides.moscow, &[&accept[..], &number].concat()));
    let second = ok(finish(&sides, "second-answer.line", &["--json"])).object();
    let id = second["line"].as_str().expect("an id").to_owned();
    let names_it = |station: Option<Station>| {
        for (language, name) in [("en", "Moscow"), ("ru", "Москва")] {
            let ran = run(&sides.washington, &["--lang", language, "traffic"]);
            let choice = format!("{name} ({})", &id[..8]);
            assert!(ran.err.contains(&choice), "{}", ran.err);
            assert!(!ran.err.contains(&id), "{}", ran.err);
        }
        drop(station);
    };
    names_it(Some(sides.start_washington()));
    names_it(None);
    ok(run(&sides.washington, &["traffic", "--line", &id[..8]]));
}
