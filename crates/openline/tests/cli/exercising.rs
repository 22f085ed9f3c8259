//! An exercise as people see it: each line of what is practised says so, in their language, and what is meant stands apart.

use std::path::Path;
use std::process::Stdio;

use crate::program::{Ran, Sides, message, ok, openline, run, run_with_input, until};

const TEXT: &str = "A fire is reported in the engine room of the northern ferry.\n\nThe crew of the ferry has begun to fight it, and two boats stand by.";

fn show(home: &Path) -> String {
    ok(run(home, &["exercise", "show"])).out
}

/// Moscow proposes, Washington accepts.
fn agree(sides: &Sides) {
    let propose = ["exercise", "propose", "--for", "2h"];
    let on_the_line = [&["--json"], &propose[..], &["A fire"]].concat();
    let argument = run(&sides.moscow, &on_the_line);
    assert_eq!(argument.code, 2, "every user can read the command line");
    let by = ["--stdin", "--as", "Lt. Orlova"];
    let propose = [&propose[..], &by].concat();
    let proposed = ok(run_with_input(&sides.moscow, &propose, "A fire at sea")).out;
    let ours = sides.moscow.display().to_string();
    assert!(
        !proposed.contains(&ours),
        "it is for their machine: {proposed}"
    );
    let is_proposed = || show(&sides.washington).contains("A fire at sea");
    until("it is proposed", is_proposed);
    let home = format!(
        "openline --home {} exercise accept",
        sides.washington.display()
    );
    assert!(
        show(&sides.washington).contains(&home),
        "as it can be typed"
    );
    let accept = ["exercise", "accept", "--as", "Maj. Jones"];
    ok(run(&sides.washington, &accept));
    until("it runs", || show(&sides.moscow).contains("in force"));
}

/// OL-794: no line that is copied out of what a screen shows of an exercise looks as if it were meant.
#[test]
fn every_line_of_what_is_practised_says_so_in_either_language() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let refused = run_with_input(&sides.moscow, &["--json", "say", "--exercise"], TEXT);
    assert_eq!(refused.error(), "no-exercise");
    agree(&sides);
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
        let of = |command: &[&str]| {
            let typed = [&["--lang", language], command].concat();
            ok(run(&sides.washington, &typed)).out
        };
        let waits = of(&["status"]);
        let waits = waits.lines().find(|it| it.contains("1 FLASH"));
        let mark = word.trim_end_matches(" ┃");
        assert!(waits.is_some_and(|it| it.contains(&format!("{short} {mark}"))));
        let traffic = of(&["traffic"]);
        let practised = traffic.lines().skip_while(|line| !line.contains(short));
        let practised: Vec<&str> = practised.take(4).collect();
        let shown = of(&["show", short]);
        let shown: Vec<&str> = shown.lines().take_while(|it| !it.is_empty()).collect();
        for lines in [practised, shown] {
            assert!(lines.len() > 3, "{lines:?}");
            assert!(lines.iter().all(|it| it.starts_with(word)), "{lines:?}");
        }
    }
}

/// OL-794: nor does what a command answers to whoever takes part in it.
#[test]
fn every_answer_about_what_is_practised_says_so() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    agree(&sides);
    let is_framed = |ran: &Ran| {
        let mut lines = ran.out.lines().filter(|line| !line.is_empty());
        lines.clone().count() > 0 && lines.all(|line| line.starts_with("EXERCISE ┃"))
    };
    let say = ["say", "--flash", "--exercise", "--wait", "stored"];
    let said = ok(run_with_input(&sides.moscow, &say, TEXT));
    assert!(is_framed(&said), "{}", said.out);
    let entry = message(&sides.washington, TEXT).expect("it is stored there");
    let short = entry["short"].as_str().expect("a short name");
    let read = ["sign-read", short, "--yes", "--as", "Maj. Jones"];
    let read = ok(run(&sides.washington, &read));
    assert!(is_framed(&read), "{}", read.out);

    let mut start = openline(&sides.moscow);
    let start = start.args([
        "ring",
        "start",
        "--to",
        "watch",
        "--exercise",
        "--for",
        "1m",
    ]);
    let start = start.args(["--as", "Lt. Orlova"]).stdin(Stdio::null());
    let start = start.stdout(Stdio::piped()).stderr(Stdio::piped());
    let caller = start.spawn().expect("the program");
    let rings = || {
        let status = run(&sides.washington, &["--json", "status"]).object();
        status["lines"][0]["rings"][0]["rings_here"] == true
    };
    until("it rings", rings);
    let accept = ["ring", "accept", "--as", "Maj. Jones"];
    let accepted = ok(run(&sides.washington, &accept));
    assert!(is_framed(&accepted), "{}", accepted.out);
    let output = caller.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}");
    let mut lines = told.lines().filter(|line| !line.is_empty());
    assert!(lines.all(|line| line.starts_with("EXERCISE ┃")), "{told}");
}

/// OL-791
#[test]
fn what_is_meant_stands_apart_and_is_told_first() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    agree(&sides);
    let say = ["say", "--exercise", "--wait", "stored"];
    ok(run_with_input(&sides.moscow, &say, "A fire."));
    let entry = message(&sides.washington, "A fire.").expect("it is stored there");
    let short = entry["short"].as_str().expect("a short name");
    let reply = ["say", "--flash", "--reply-to", short, "--wait", "stored"];
    ok(run_with_input(
        &sides.washington,
        &reply,
        "A real fire, now.",
    ));
    until("it is told first", || {
        let status = run(&sides.moscow, &["status"]).out;
        let real = status.find("REAL, NOT AN");
        real.is_some() && real < status.find("EXERCISE in force")
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
    let is_over = || show(&sides.washington).contains("none runs");
    until("it is over", is_over);
    let over = ok(run(
        &sides.washington,
        &["--lang", "ru", "exercise", "show"],
    ))
    .out;
    assert!(over.contains("не идёт"), "{over}");
}

/// A bell that is practised stands below an alarm that is meant.
#[test]
fn what_is_practised_rings_below_what_is_meant() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    crate::alarming::nobody_comes(&sides);
    agree(&sides);
    let mut start = openline(&sides.washington);
    let start = start.args([
        "ring",
        "start",
        "--to",
        "watch",
        "--exercise",
        "--for",
        "1m",
    ]);
    let start = start.args(["--as", "Maj. Jones"]).stdin(Stdio::null());
    let mut caller = start.stdout(Stdio::null()).spawn().expect("the program");
    let status = || run(&sides.moscow, &["status"]).out;
    until("it rings", || status().contains("RINGS HERE"));
    let told = status();
    let practised = told.find("RINGS HERE");
    let alarm = told.find("ALARM ring-unanswered/moscow");
    assert!(alarm.is_some() && alarm < practised, "{told}");
    let _ = caller.kill();
    let _ = caller.wait();
}
