//! What counts as shown to a person, and what reaches his terminal.

use std::fs::File;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::program::{Sides, finish, message, ok, openline, run, run_with_input, stages, until};

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

/// Situation 6, without any escape code.
#[test]
fn a_text_padded_to_look_like_a_header_stays_behind_the_margin() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let forged = "M-29  17:40:00Z  FLASH  Washington";
    let text = format!(
        "calm{}{forged}\n{forged}\n-- Washington: OPEN",
        " ".repeat(76)
    );
    ok(run_with_input(
        &sides.washington,
        &["say", "--wait", "stored"],
        &text,
    ));
    for arguments in [&["traffic"][..], &["show", "M-1"]] {
        let mut command = openline(&sides.moscow);
        let shown = ok(finish(command.args(arguments).env("COLUMNS", "80"))).out;
        let of_text = shown
            .lines()
            .filter(|line| line.contains("M-29") || line.contains("-- "));
        let of_text: Vec<_> = of_text.collect();
        assert_eq!(of_text.len(), 3, "{shown}");
        for line in of_text {
            assert!(line.starts_with("    │ "), "{line:?}");
            assert!(line.chars().count() <= 80, "{line:?}");
        }
    }
}

#[test]
fn no_sign_of_life_counts_from_the_last_sign() {
    let sides = Sides::opened();
    let [_washington, moscow] = sides.connected();
    moscow.kill();
    until("no sign of life", || {
        run(&sides.washington, &["status"]).code == 11
    });
    let line = run(&sides.washington, &["--json", "status"]).object()["lines"][0].clone();
    let alive = line["alive_as_of"].as_str().expect("a time");
    assert!(line["since"].as_str().expect("a time") > alive);
    let alive = format!("since {}Z", alive[..19].replace('T', " "));
    let told = run(&sides.washington, &["--lang", "en", "status"]).out;
    assert!(
        told.lines()
            .next()
            .is_some_and(|line| line.contains(&alive)),
        "{told}"
    );
}

#[test]
fn an_entry_is_found_however_its_name_is_typed() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    ok(run_with_input(
        &sides.washington,
        &["say", "--wait", "stored"],
        "hello",
    ));
    let id = message(&sides.moscow, "hello").expect("it")["id"].clone();
    let id = id.as_str().expect("an id");
    for name in ["M-1", "m-1", "M1", "М-1", &id[..8], &id[..8].to_uppercase()] {
        let shown = ok(run(&sides.moscow, &["--json", "show", name])).object();
        assert_eq!(shown["id"], id, "{name}");
    }
    let shown = ok(run(&sides.moscow, &["--lang", "en", "show", "M-1"])).out;
    let names = format!("M-1 at this station alone; {} at both sides", &id[..8]);
    assert!(shown.contains(&names), "{shown}");
    for wrong in ["", "M-2", "zzz"] {
        let ran = run(&sides.moscow, &["--json", "show", wrong]);
        assert_eq!(
            (ran.code, ran.error().as_str()),
            (1, "no-such-entry"),
            "{wrong:?}"
        );
    }
}

#[test]
fn an_answer_says_what_it_answers_and_only_a_message_can_be_answered() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    ok(run_with_input(
        &sides.washington,
        &["say", "--wait", "stored"],
        "Ready?",
    ));
    let answer = ["say", "--reply-to", "M-1", "--wait", "stored"];
    ok(run_with_input(&sides.moscow, &answer, "Ready."));
    for home in [&sides.washington, &sides.moscow] {
        let told = ok(run(home, &["--lang", "en", "traffic"])).out;
        assert!(told.contains("in reply to M-1"), "{told}");
    }
    let ran = run_with_input(
        &sides.moscow,
        &["--json", "say", "--reply-to", "E-1"],
        "No.",
    );
    assert_eq!((ran.code, ran.error().as_str()), (1, "not-a-message"));
    assert!(message(&sides.moscow, "No.").is_none());
}

#[test]
fn the_record_can_be_read_while_no_station_runs() {
    let sides = Sides::opened();
    let [_washington, moscow] = sides.connected();
    ok(run_with_input(
        &sides.washington,
        &["say", "--wait", "stored"],
        "hello",
    ));
    moscow.kill();
    let told = ok(run(&sides.moscow, &["--lang", "en", "traffic"]));
    assert!(told.out.contains("hello"), "{}", told.out);
    assert!(told.out.contains("shown to nobody: M-1"), "{}", told.out);
    assert!(told.err.contains("read from the disk"), "{}", told.err);
    let shown = ok(run(&sides.moscow, &["--json", "show", "M-1"]));
    assert_eq!(shown.object()["text"], "hello");
    assert!(shown.err.contains("read-from-disk"), "{}", shown.err);
}

#[test]
fn a_list_says_the_date_once_and_what_is_not_on_their_disk() {
    let sides = Sides::opened();
    let _washington = sides.start_washington();
    for text in ["one", "two"] {
        ok(run_with_input(&sides.washington, &["say"], text));
    }
    let told = ok(run(&sides.washington, &["--lang", "en", "traffic"])).out;
    assert!(told.starts_with("== 20"), "{told}");
    assert!(told.matches("\n== ").count() <= 1, "{told}");
    assert_eq!(told.matches("not on their disk yet").count(), 2, "{told}");
}

/// A program that reads counts as nobody: somebody must say that a person has read.
#[test]
fn without_a_terminal_nothing_is_signed_as_read_by_itself() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let wait = ["say", "--wait", "stored"];
    ok(run_with_input(&sides.washington, &wait, "hello"));
    let sign = ["--json", "sign-read", "M-1", "--as", "Lt. Orlova"];
    let refused = run(&sides.moscow, &sign);
    assert_eq!(
        (refused.code, refused.error().as_str()),
        (2, "sign-read-needs-yes")
    );
    let nobody = run(&sides.moscow, &["--json", "sign-read", "M-1", "--yes"]);
    assert_eq!((nobody.code, nobody.error().as_str()), (2, "who-reads"));
    let entry = message(&sides.moscow, "hello").expect("it");
    assert_eq!(entry["not_shown"], true);
    for name in ["station", "Washington", "ВАШИНГТОН"] {
        let sign = ["--json", "sign-read", "M-1", "--as", name, "--yes"];
        assert_eq!(
            run(&sides.moscow, &sign).error(),
            "actor-name-of-another",
            "{name}"
        );
        let say = ["--json", "say", "--as", name];
        let said = run_with_input(&sides.moscow, &say, "It is me.");
        assert_eq!(said.error(), "actor-name-of-another", "{name}");
    }
}

#[test]
fn nobody_signs_twice_that_he_has_read() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    ok(run_with_input(
        &sides.washington,
        &["say", "--wait", "stored"],
        "hello",
    ));
    let signed = ok(run(
        &sides.moscow,
        &["sign-read", "M-1", "--as", "Lt. Orlova", "--yes"],
    ));
    assert!(
        signed.out.contains("hello") && signed.out.contains("Washington"),
        "{}",
        signed.out
    );
    let again = run(
        &sides.moscow,
        &["--json", "sign-read", "M-1", "--as", "Lt. Orlova", "--yes"],
    );
    assert_eq!((again.code, again.error().as_str()), (1, "signed-already"));
    ok(run(
        &sides.moscow,
        &["sign-read", "M-1", "--as", "Lt. Petrov", "--yes"],
    ));
}

#[test]
fn a_language_that_is_not_spoken_is_refused_but_a_party_may_have_any() {
    let folder = tempfile::tempdir().expect("a directory");
    let home = folder.path().join("paris");
    let init = ["--lang", "fr", "init", "--name", "Paris"];
    ok(run(&home, &init));
    for command in [["--json", "status"], ["--json", "doctor"]] {
        let ran = run(&home, &[&["--lang", "fr"], &command[..]].concat());
        assert_eq!((ran.code, ran.error().as_str()), (2, "language-not-spoken"));
        assert!(ran.err.contains("en and ru"), "{}", ran.err);
    }
}
