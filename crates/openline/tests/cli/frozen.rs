//! A station that is there and does not answer: every command says so within seconds, and none waits for ever.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::program::{Ran, Sides, Station, ok, run, run_with_input, until};

/// More than any call may take, on a slow machine too.
const SOON: Duration = Duration::from_secs(20);

fn signal(station: &Station, signal: Signal) {
    let pid = i32::try_from(station.pid()).ok().and_then(Pid::from_raw);
    kill_process(pid.expect("a process"), signal).expect("a process of ours");
}

fn soon(what: impl FnOnce() -> Ran) -> Ran {
    let began = Instant::now();
    let ran = what();
    assert!(began.elapsed() < SOON, "after {:?}", began.elapsed());
    ran
}

#[test]
fn every_command_says_that_a_frozen_station_does_not_answer_and_names_its_process() {
    let sides = Sides::opened();
    let station = sides.start_moscow();
    signal(&station, Signal::STOP);
    for arguments in [
        &["--json", "status"][..],
        &["--json", "traffic"],
        &["--json", "show", "M-1"],
        &["--json", "follow"],
        &["--json", "say"],
    ] {
        let ran = soon(|| run_with_input(&sides.moscow, arguments, "Do you hear us?"));
        assert_eq!((ran.code, ran.error().as_str()), (3, "station-silent"));
        assert!(ran.err.contains(&station.pid().to_string()), "{}", ran.err);
    }
    let hasty = ["--json", "say", "--timeout", "1s"];
    let ran = soon(|| run_with_input(&sides.moscow, &hasty, "Do you hear us?"));
    assert_eq!((ran.code, ran.error().as_str()), (4, "time-ran-out"));
    let ran = soon(|| run(&sides.moscow, &["--json", "doctor"]));
    let checks = ran.object()["checks"].as_array().cloned().expect("checks");
    let result = |name: &str| {
        let mut all = checks.iter();
        all.find(|it| it["check"] == name)
            .map(|it| it["result"].clone())
    };
    assert_eq!(ran.code, 1);
    assert_eq!(result("station"), Some("wrong".into()));
    assert_eq!(result("store"), Some("good".into()), "the others stand too");
    signal(&station, Signal::CONT);
    ok(run(&sides.moscow, &["traffic"]));
}

#[test]
fn a_silence_that_was_not_announced_is_not_ended_and_the_end_of_one_reads_as_its_end() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let end = ["--json", "silence", "end"];
    let refused = run(&sides.moscow, &end);
    assert_eq!((refused.code, refused.error().as_str()), (1, "no-silence"));
    ok(run(&sides.moscow, &["silence", "announce", "--for", "10m"]));
    until("it is in force", || {
        let status = run(&sides.moscow, &["--json", "status"]).object();
        !status["lines"][0]["announced_here"].is_null()
    });
    ok(run(&sides.moscow, &end));
    until("Washington reads it", || {
        let read = run(&sides.washington, &["--lang", "en", "traffic"]).out;
        read.contains("ended its announced silence") && read.matches("will be silent").count() == 1
    });
}
