//! Tests of the line as a person uses them: what the commands print, and the codes they end with.

use std::path::Path;

use serde_json::Value;

use crate::program::{Sides, ok, run, until};

fn tests(home: &Path) -> Value {
    ok(run(home, &["--json", "test", "schedule"])).object()
}

/// The side whose turn it was not when the line opened, and the other one; once that test is over.
fn by_turn(sides: &Sides) -> (&Path, &Path) {
    let began = |home: &Path| tests(home)["ours"]["by_machine"] == 1;
    let (one, other) = (sides.washington.as_path(), sides.moscow.as_path());
    until("the first test has passed", || began(one) || began(other));
    match began(one) {
        true => (other, one),
        false => (one, other),
    }
}

/// OL-709 OL-751: every two hours, and an officer confirms every half hour at least.
#[test]
fn the_charter_says_how_often_the_line_is_tested_and_an_officer_confirms() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    until("it is taken up", || {
        run(&sides.moscow, &["test", "schedule"]).code == 0
    });
    assert_eq!(tests(&sides.moscow)["cadence_ms"], 7_200_000);
    let open = |every: &[&str]| {
        let words = ["--json", "watch", "open", "--as", "Lt. Orlova"];
        run(&sides.moscow, &[&words, every].concat())
    };
    assert_eq!(
        open(&["--confirm-every", "31m"]).error(),
        "watch-too-seldom"
    );
    ok(open(&[]));
}

#[test]
fn a_person_tests_the_line_and_another_one_reads_what_came() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let (asks, answers) = by_turn(&sides);
    let nobody = run(asks, &["--json", "test", "now"]);
    assert_eq!(nobody.error(), "operator-required");
    let said = ok(run(asks, &["test", "now", "--as", "Maj. Jones"])).out;
    assert!(
        said.contains("Passed: ") && said.contains(" ms after"),
        "{said}"
    );
    let again = run(asks, &["--json", "test", "now", "--as", "Maj. Jones"]);
    assert_eq!(again.error(), "test-too-soon");

    let timetable = || ok(run(answers, &["test", "schedule"])).out;
    until("it may be read", || timetable().contains(" test read "));
    let read = |more: &[&str]| run(answers, &[&["--json", "test", "read"], more].concat());
    assert_eq!(read(&[]).error(), "who-reads");
    assert_eq!(read(&["--as", "Lt. Orlova"]).error(), "sign-read-needs-yes");
    ok(read(&["--as", "Lt. Orlova", "--yes"]));
    assert_eq!(
        read(&["--as", "Lt. Orlova", "--yes"]).error(),
        "no-test-to-read"
    );

    let seen = || ok(run(asks, &["--lang", "ru", "test", "schedule"])).out;
    until("it is known who read it", || {
        seen().contains("«Lt. Orlova»")
    });
    assert!(
        seen().contains("Пройдена") && seen().contains("человек там прочёл 1"),
        "{}",
        seen()
    );
    let status = run(asks, &["status"]).out;
    assert!(status.contains("Our last test of the line, "), "{status}");
    let traffic = ok(run(asks, &["traffic"])).out;
    for part in [
        "calls up, as a person asked",
        "calls up by the timetable",
        "its machine read",
        "a person read",
        "TEST",
    ] {
        assert!(traffic.contains(part), "{part}: {traffic}");
    }
    let all = ok(run(asks, &["--json", "traffic"])).json();
    let of = |kind: &str| all.iter().filter(|entry| entry["kind"] == kind).count();
    let kinds = ["call-up", "ready", "test-text", "test-answer", "unknown"];
    assert_eq!(kinds.map(of), [2, 2, 2, 3, 0]);
}
