//! What counts as shown to a person, and what reaches his terminal.

use std::fs::File;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::program::{Sides, message, ok, openline, run, run_with_input, stages, until};

/// Situation 3.
#[test]
fn follow_piped_into_a_file_all_night_counts_nothing_as_shown() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    for json in [&[][..], &["--json"]] {
        let path = sides.at("night.log");
        let log = File::create(&path).expect("a file");
        let mut night = openline(&sides.moscow)
            .args(json)
            .args(["follow", "--from", "0"])
            .stdout(log)
            .spawn()
            .expect("the program");
        let text = format!("good night {}", json.len());
        ok(run_with_input(
            &sides.washington,
            &["say", "--flash", "--wait", "stored"],
            &text,
        ));
        until("the log has it", || {
            std::fs::read_to_string(&path)
                .expect("the log")
                .contains(&text)
        });
        // Whatever follow would send, it would have sent before the next entry: wait for that one too.
        ok(run_with_input(
            &sides.washington,
            &["say", "--wait", "stored"],
            "the next",
        ));
        until("the log has the next", || {
            std::fs::read_to_string(&path)
                .expect("the log")
                .contains("the next")
        });
        night.kill().expect("a process");
        night.wait().expect("an end");
        let entry = message(&sides.washington, &text).expect("our own flash");
        assert_eq!(stages(&entry), ["stored"]);
    }
}

/// `script` gives the program a terminal; its input is what is typed there.
#[test]
fn follow_on_a_terminal_asks_for_a_name_and_then_counts_as_shown() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let program = env!("CARGO_BIN_EXE_openline");
    let command = format!("{program} --home {} follow", sides.moscow.display());
    let screen = sides.at("screen");
    let mut terminal = Command::new("script")
        .args([
            "--quiet",
            "--return",
            "--flush",
            "--command",
            &command,
            &screen,
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("script(1), of util-linux");
    let on_screen =
        |text: &str| std::fs::read_to_string(&screen).is_ok_and(|screen| screen.contains(text));
    until("it asks who sits there", || on_screen("Your name"));
    let mut keyboard = terminal.stdin.take().expect("a keyboard");
    writeln!(keyboard, "Lt. Orlova").expect("a key stroke");
    until("the line's state is on the screen", || on_screen("OPEN"));
    let arguments = ["--json", "say", "--flash", "--wait", "shown"];
    let events = ok(run_with_input(&sides.washington, &arguments, "Look up.")).json();
    let shown = events.last().expect("an event");
    assert_eq!(
        (shown["event"].as_str(), shown["actor"]["name"].as_str()),
        (Some("shown"), Some("Lt. Orlova"))
    );
    assert!(on_screen("Look up."));
    terminal.kill().expect("a process");
    terminal.wait().expect("an end");
}

/// Situation 6.
#[test]
fn an_escape_code_in_a_text_does_not_reach_the_terminal() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let text = "calm\u{1b}[2J\u{202e}sea";
    ok(run_with_input(
        &sides.washington,
        &["say", "--wait", "stored"],
        text,
    ));
    for arguments in [&["traffic"][..], &["show", "M-1"]] {
        let shown = ok(run(&sides.moscow, arguments)).out;
        assert!(shown.contains("calm\u{fffd}[2J\u{fffd}sea"), "{shown}");
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
    }
    assert!(
        message(&sides.moscow, text).is_some(),
        "a program gets the text as it is"
    );
}

#[test]
fn names_and_verdicts_come_in_the_readers_language() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let russian = run(&sides.washington, &["--lang", "ru", "status"]).out;
    assert!(russian.starts_with("Москва: ОТКРЫТА"), "{russian}");
    let english = run(&sides.washington, &["--lang", "en", "status"]).out;
    assert!(english.starts_with("Moscow: OPEN"), "{english}");
}

#[test]
fn a_cut_line_says_that_it_cannot_tell_why_and_monitoring_sees_eleven() {
    let sides = Sides::opened();
    let [_washington, moscow] = sides.connected();
    moscow.kill();
    until("no sign of life", || {
        run(&sides.washington, &["status"]).code == 11
    });
    let told = run(&sides.washington, &["--lang", "en", "status"]).out;
    assert!(told.contains("CANNOT TELL WHY"), "{told}");
}
