//! An exercise as people see it: each line of what is practised says so, in their language, and what is meant stands apart.

use crate::program::{Sides, message, ok, run, run_with_input, until};

const TEXT: &str = "A fire is reported in the engine room of the northern ferry.\n\nThe crew of the ferry has begun to fight it, and two boats stand by.";

/// OL-794: no line that is copied out of what a screen shows of an exercise looks as if it were meant.
#[test]
fn every_line_of_what_is_practised_says_so_in_either_language() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let refused = run_with_input(&sides.moscow, &["--json", "say", "--exercise"], TEXT);
    assert_eq!(refused.error(), "no-exercise");
    let argument = run(
        &sides.moscow,
        &["--json", "exercise", "propose", "--for", "2h", "A fire"],
    );
    assert_eq!(
        argument.code, 2,
        "what is exercised does not go on the command line"
    );
    let propose = [
        "exercise",
        "propose",
        "--for",
        "2h",
        "--stdin",
        "--as",
        "Lt. Orlova",
    ];
    ok(run_with_input(&sides.moscow, &propose, "A fire at sea"));
    let show = |home| ok(run(home, &["exercise", "show"])).out;
    until("it is proposed", || {
        show(&sides.washington).contains("A fire at sea")
    });
    ok(run(
        &sides.washington,
        &["exercise", "accept", "--as", "Maj. Jones"],
    ));
    until("it runs", || show(&sides.moscow).contains("in force"));
    let status = run(&sides.moscow, &["status"]).out;
    for part in [
        "EXERCISE in force since",
        "until",
        "Lt. Orlova",
        "Maj. Jones",
    ] {
        assert!(status.contains(part), "{part}: {status}");
    }

    let say = ["say", "--flash", "--exercise", "--wait", "stored"];
    ok(run_with_input(&sides.moscow, &say, TEXT));
    let entry = message(&sides.washington, TEXT).expect("it is stored there");
    assert_eq!(entry["mark"], "exercise");
    assert!(entry["exercise"].is_string(), "{entry}");
    let short = entry["short"].as_str().expect("a short name");
    for (language, word) in [("en", "EXERCISE ┃"), ("ru", "УЧЕНИЕ ┃")] {
        let traffic = ok(run(&sides.washington, &["--lang", language, "traffic"])).out;
        let practised = traffic.lines().skip_while(|line| !line.contains(short));
        let practised: Vec<&str> = practised.take(4).collect();
        assert_eq!(practised.len(), 4, "{traffic}");
        for line in practised {
            assert!(line.starts_with(word), "{line}");
        }
        let shown = ok(run(&sides.washington, &["--lang", language, "show", short])).out;
        let whole = shown.lines().take_while(|line| !line.is_empty());
        let whole: Vec<&str> = whole.collect();
        assert!(whole.len() > 3, "{shown}");
        assert!(whole.iter().all(|line| line.starts_with(word)), "{shown}");
    }

    let reply = ["say", "--flash", "--reply-to", short, "--wait", "stored"];
    ok(run_with_input(
        &sides.washington,
        &reply,
        "A real fire, now.",
    ));
    until("it is told first", || {
        let status = run(&sides.moscow, &["status"]).out;
        let (real, exercise) = (
            status.find("REAL, NOT AN"),
            status.find("EXERCISE in force"),
        );
        real.is_some() && real < exercise
    });
    let traffic = ok(run(&sides.moscow, &["traffic"])).out;
    let real = traffic
        .lines()
        .skip_while(|line| !line.contains("════ REAL"));
    let real: Vec<&str> = real.collect();
    assert!(
        real[1].contains("REAL") && !real[1].contains('┃'),
        "{traffic}"
    );
    assert!(real[2].contains("A real fire, now."), "{traffic}");

    ok(run(
        &sides.moscow,
        &["exercise", "end", "--as", "Lt. Orlova"],
    ));
    until("it is over", || {
        show(&sides.washington).contains("none runs")
    });
    let over = ok(run(
        &sides.washington,
        &["--lang", "ru", "exercise", "show"],
    ))
    .out;
    assert!(over.contains("не идёт"), "{over}");
}
