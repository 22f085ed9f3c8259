//! Alarms as a person uses them: what the commands print, and the codes they end with.

use std::path::Path;

use crate::program::{Ran, Sides, ok, openline, run, until};
use crate::window::Window;

const ALARM: &str = "ring-unanswered/moscow";

fn listed(home: &Path) -> String {
    ok(run(home, &["alarm", "list"])).out
}

fn alarm(home: &Path, words: &[&str]) -> Ran {
    let by = ["--as", "Lt. Orlova"];
    run(home, &[&["alarm"], words, &by[..]].concat())
}

/// Washington rings, and nobody comes.
pub fn nobody_comes(sides: &Sides) {
    let mut ringing = openline(&sides.washington);
    let ringing = ringing.args(["ring", "start", "--to", "watch", "--for", "5s"]);
    let rung = ringing.output().expect("the program");
    assert_eq!(rung.status.code(), Some(12), "nobody answered");
    until("the alarm", || listed(&sides.moscow).contains(ALARM));
}

/// OL-773 OL-774
#[test]
fn an_alarm_says_what_to_do_and_is_acknowledged_and_put_aside_by_name() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    // So that on a slow day there is no other alarm.
    for home in [&sides.washington, &sides.moscow] {
        ok(run(home, &["watch", "open", "--as", "Lt. Orlova"]));
    }
    assert_eq!(listed(&sides.moscow).trim(), "No alarm.");
    nobody_comes(&sides);
    let status = run(&sides.moscow, &["status"]);
    assert_eq!(status.code, 15, "{}", status.out);
    let told = status.out.lines().nth(1).unwrap_or_default();
    assert!(told.contains("ALARM") && told.contains(ALARM), "{told}");
    let advised = status.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let there = format!("openline --home {} ring list", sides.moscow.display());
    assert!(advised.contains(&there), "{advised}");
    let russian = ok(run(&sides.moscow, &["--lang", "ru", "alarm", "list"])).out;
    for part in ["ТРЕВОГА ring-unanswered/москва", "alarm ack"] {
        assert!(russian.contains(part), "{russian}");
    }

    let nobody = run(&sides.moscow, &["--json", "alarm", "ack", ALARM]);
    assert_eq!(nobody.error(), "operator-required");
    let none = run(&sides.moscow, &["--json", "alarm", "ack", "clone"]);
    assert_eq!(none.error(), "no-such-alarm");
    let wrong = alarm(&sides.moscow, &["shelve", ALARM, "--for", "1d"]);
    assert!(wrong.code != 0 && wrong.err.contains("eight hours"));
    ok(alarm(&sides.moscow, &["shelve", ALARM, "--for", "1h"]));
    assert!(listed(&sides.moscow).contains("put aside by “Lt. Orlova”"));
    assert_eq!(run(&sides.moscow, &["status"]).code, 0, "somebody knows");
    ok(alarm(
        &sides.moscow,
        &["unshelve", "ring-unanswered/москва"],
    ));
    assert_eq!(run(&sides.moscow, &["status"]).code, 15, "it is back");
    ok(alarm(&sides.moscow, &["ack", "ring-unanswered"]));
    let listed = listed(&sides.moscow);
    assert!(listed.contains("acknowledged by “Lt. Orlova”"), "{listed}");
    assert_eq!(run(&sides.moscow, &["status"]).code, 0);
    let shown = ok(run(&sides.moscow, &["--json", "alarm", "list"])).object();
    assert_eq!(shown["alarms"][0]["name"], ALARM);
    assert_eq!(shown["alarms"][0]["state"], "acknowledged");
    // What alarms one side is not told to the other, which has its own.
    let theirs = run(&sides.washington, &["status"]);
    assert_eq!(theirs.code, 15, "{}", theirs.out);
}

/// Nobody acknowledges anything by a restart; and what is well with a machine is not all well.
#[test]
fn an_alarm_that_stands_is_named_by_doctor_and_after_a_restart_as_acknowledged_before() {
    let sides = Sides::opened();
    let [_washington, moscow] = sides.connected();
    nobody_comes(&sides);
    let doctor = run(&sides.moscow, &["doctor"]).out;
    assert!(
        doctor.contains("alarms stand: ") && doctor.contains(ALARM),
        "{doctor}"
    );
    ok(alarm(&sides.moscow, &["ack", ALARM]));
    moscow.kill();
    let window = Window::open(&sides.moscow, &sides.addresses[1], "en");
    window.shows(&format!("Alarm {ALARM} stands, acknowledged "));
    let told = window.text();
    assert!(told.contains("by “Lt. Orlova”."), "{told}");
    assert!(!told.contains("is acknowledged."), "{told}");
}
