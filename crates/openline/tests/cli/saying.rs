//! A text goes out, or is refused with the reason.

use crate::program::{Sides, finish, message, ok, openline, run, run_with_input, stages, until};

#[test]
fn a_flash_is_stored_then_shown_then_read() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let said = run_with_input(
        &sides.washington,
        &["--json", "say", "--flash", "--wait", "stored"],
        "Do you see it?",
    );
    let events = ok(said).json();
    let names: Vec<_> = events.iter().map(|event| event["event"].clone()).collect();
    assert_eq!(names, ["stored-here", "stored"]);

    let held = message(&sides.moscow, "Do you see it?").expect("the flash at Moscow");
    assert_eq!(
        (held["precedence"].as_str(), held["ours"].as_bool()),
        (Some("flash"), Some(false))
    );
    let short = held["short"].as_str().expect("a short name");
    ok(run(
        &sides.moscow,
        &["sign-read", short, "--as", "Lt. Orlova", "--yes"],
    ));
    until("Washington knows who read it", || {
        let entry = message(&sides.washington, "Do you see it?").expect("our own flash");
        let read = entry["stages"].as_array().expect("stages").iter();
        read.filter(|it| it["stage"] == "read")
            .any(|it| it["actor"]["name"] == "Lt. Orlova")
    });
}

/// None implies the next: who signs *read* has not thereby been shown it.
#[test]
fn read_does_not_make_it_shown() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    ok(run_with_input(
        &sides.washington,
        &["say", "--wait", "stored"],
        "hello",
    ));
    let short = message(&sides.moscow, "hello").expect("at Moscow")["short"].clone();
    let short = short.as_str().expect("a short name");
    ok(run(
        &sides.moscow,
        &["sign-read", short, "--as", "Lt. Orlova", "--yes"],
    ));
    until("it is read", || {
        let entry = message(&sides.washington, "hello").expect("our own");
        stages(&entry) == ["stored", "read"]
    });
}

#[test]
fn a_text_on_the_command_line_is_refused_and_says_why() {
    let sides = Sides::opened();
    let ran = run(
        &sides.washington,
        &["--json", "say", "--flash", "top secret"],
    );
    assert_eq!(
        (ran.code, ran.error().as_str()),
        (2, "text-on-the-command-line")
    );
    assert!(ran.err.contains("process list"), "{}", ran.err);
    assert!(!ran.err.contains("top secret"), "the text is not repeated");
    let russian = run(
        &sides.moscow,
        &["--lang", "ru", "say", "совершенно секретно"],
    );
    assert_eq!(russian.code, 2);
    assert!(
        russian.err.contains("в списке процессов"),
        "{}",
        russian.err
    );
}

#[test]
fn without_a_station_the_exit_code_is_three() {
    let sides = Sides::opened();
    for arguments in [
        &["--json", "status"][..],
        &["--json", "follow"],
        &["--json", "say", "--stdin"],
    ] {
        let ran = run(&sides.washington, arguments);
        assert_eq!(
            (ran.code, ran.error().as_str()),
            (3, "no-station"),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_flash_of_two_hundred_and_one_words_is_refused_with_the_reason() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let text = "go ".repeat(201);
    let ran = run_with_input(&sides.washington, &["say", "--flash"], &text);
    assert_eq!(ran.code, 5, "{}", ran.err);
    assert!(ran.err.contains("201"), "{}", ran.err);
    ok(run_with_input(
        &sides.washington,
        &["say", "--priority"],
        &text,
    ));
}

#[test]
fn when_time_runs_out_the_text_is_still_queued_and_goes_out_later() {
    let sides = Sides::opened();
    let _washington = sides.start_washington();
    let arguments = ["--json", "say", "--wait", "stored", "--timeout", "1s"];
    let ran = run_with_input(&sides.washington, &arguments, "later");
    assert_eq!((ran.code, ran.error().as_str()), (4, "time-ran-out"));
    let _moscow = sides.start_moscow();
    until("it arrives", || message(&sides.moscow, "later").is_some());
}

#[test]
fn many_texts_go_one_a_line_and_each_step_is_told_once() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let input: String = (0..20).map(|n| format!("text {n}\n")).collect();
    let arguments = ["--json", "say", "--stdin", "--wait", "stored"];
    let events = ok(run_with_input(&sides.washington, &arguments, &input)).json();
    for step in ["stored-here", "stored"] {
        let mut told: Vec<_> = events
            .iter()
            .filter(|event| event["event"] == step)
            .map(|event| event["index"].as_u64().expect("an index"))
            .collect();
        told.sort_unstable();
        assert_eq!(told, (0..20).collect::<Vec<u64>>(), "{step}");
    }
    assert!(message(&sides.moscow, "text 19").is_some());
}

#[test]
fn a_text_from_an_input_that_never_ends_is_refused_and_not_waited_for() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    let zeros = || std::fs::File::open("/dev/zero").expect("zeros");
    let mut one = openline(&sides.washington);
    let one = finish(one.args(["--json", "say", "--flash"]).stdin(zeros()));
    assert_eq!((one.code, one.error().as_str()), (5, "text"), "{}", one.err);
    let mut many = openline(&sides.washington);
    let many = finish(many.args(["--json", "say", "--stdin"]).stdin(zeros()));
    assert_eq!(
        (many.code, many.error().as_str()),
        (1, "file"),
        "{}",
        many.err
    );
}

#[test]
fn a_piped_text_that_is_too_long_is_refused_with_its_real_size_and_never_cut() {
    let sides = Sides::opened();
    let _station = sides.start_washington();
    // White space where a reader that stops at the limit would take it for the end.
    let spaced = "a".repeat(32_768) + " " + &"b".repeat(11_231);
    let cyrillic = "ж".repeat(22_000);
    for text in [spaced.as_str(), &cyrillic, &"c".repeat(200_000)] {
        let ran = run_with_input(&sides.washington, &["say"], text);
        assert_eq!(ran.code, 5, "{}", ran.err);
        let digits: String = ran.err.chars().filter(char::is_ascii_digit).collect();
        assert!(digits.contains(&text.len().to_string()), "{}", ran.err);
    }
    let texts = crate::program::traffic(&sides.washington);
    assert!(texts.iter().all(|entry| entry["kind"] != "message"));
}

#[test]
fn when_only_shown_is_missing_it_is_not_called_queued() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let arguments = ["say", "--wait", "shown", "--timeout", "5s"];
    let ran = run_with_input(&sides.washington, &arguments, "nobody looks");
    assert_eq!(ran.code, 4, "{}", ran.err);
    // However slow the machine is: what was told before decides.
    let is_there = ran.out.contains("on Moscow's disk");
    assert_eq!(
        ran.err.contains("is on their disk, but"),
        is_there,
        "{}",
        ran.err
    );
    assert_eq!(ran.err.contains("still queued"), !is_there, "{}", ran.err);
}

#[test]
fn a_mistyped_home_is_called_missing_and_nobody_is_told_to_start_a_station_there() {
    let sides = Sides::opened();
    let nowhere = sides.directory.path().join("washingtom");
    for arguments in [&["--json", "status"][..], &["--json", "traffic"]] {
        let ran = run(&nowhere, arguments);
        assert_eq!((ran.code, ran.error().as_str()), (3, "home-missing"));
    }
}

#[test]
fn a_doctor_does_not_call_an_open_line_without_a_station_healthy() {
    let sides = Sides::opened();
    let ran = run(&sides.washington, &["--json", "doctor"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    let checks = ran.object()["checks"].clone();
    let mut checks = checks.as_array().expect("checks").iter();
    let station = checks.find(|it| it["check"] == "station").expect("a check");
    assert_eq!(station["result"], "wrong");
}
