//! Rings and the watch as a person uses them: what the commands print, and the codes they end with.

use std::path::Path;
use std::process::{Child, Stdio};

use crate::program::{Ran, Sides, finish, ok, openline, run, run_with_input, until};

/// `ring start`, still waiting.
struct Calling(Child);

fn start(home: &Path, more: &[&str]) -> Calling {
    let mut command = openline(home);
    command.args(["ring", "start", "--to", "watch"]).args(more);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    Calling(command.spawn().expect("the program"))
}

impl Calling {
    fn ended(self) -> (i32, String) {
        let output = self.0.wait_with_output().expect("an end");
        let code = output.status.code().expect("an exit, no signal");
        (code, String::from_utf8(output.stdout).expect("UTF-8"))
    }
}

fn list(home: &Path) -> String {
    ok(run(home, &["ring", "list"])).out
}

fn rings(home: &Path) {
    until("it rings", || list(home).contains("RINGS HERE"));
}

fn answer(home: &Path, how: &[&str], why: &str) -> Ran {
    let by = ["--stdin", "--as", "Lt. Orlova"];
    run_with_input(home, &[&["ring"], how, &by[..]].concat(), why)
}

#[test]
fn who_rings_is_told_how_it_ended_by_whom_and_why() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let calling = start(&sides.washington, &["--urgent"]);
    rings(&sides.moscow);
    let nobody = run(&sides.moscow, &["--json", "ring", "decline", "R-1"]);
    assert_eq!(nobody.error(), "operator-required");
    let declined = ["decline", "--call-back-at", "2099-01-01T04:00Z"];
    ok(answer(&sides.moscow, &declined, "The head is on his way."));
    let (code, said) = calling.ended();
    assert_eq!(code, 10, "{said}");
    for part in [
        "FLASH",
        "Declined",
        "Lt. Orlova",
        "2099-01-01 04:00:00Z",
        "The head is on his way.",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let again = answer(&sides.moscow, &["accept", "R-1"], "");
    assert_ne!(again.code, 0, "it is decided");

    let calling = start(&sides.moscow, &[]);
    rings(&sides.washington);
    ok(answer(&sides.washington, &["accept"], ""));
    let (code, said) = calling.ended();
    assert_eq!(code, 0, "{said}");
    let russian = ok(run(&sides.moscow, &["--lang", "ru", "ring", "list"])).out;
    assert!(
        russian.contains("Принят") && russian.contains("Отклонён"),
        "{russian}"
    );
    let traffic = ok(run(&sides.moscow, &["traffic"])).out;
    assert!(
        traffic.contains("R-1") && traffic.contains("decided R-1: declined"),
        "{traffic}"
    );
    let shown = ok(run(&sides.washington, &["show", "R-1"])).out;
    assert!(
        shown.contains("How it stands") && !shown.contains("not on their disk"),
        "{shown}"
    );
}

#[test]
fn nobody_comes_and_a_ring_that_is_taken_back_end_with_their_codes_and_the_record_proves_it() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let (code, said) = start(&sides.washington, &["--for", "5s"]).ended();
    assert_eq!(code, 12, "{said}");
    let calling = start(&sides.washington, &[]);
    rings(&sides.moscow);
    ok(run(&sides.washington, &["ring", "withdraw"]));
    assert_eq!(calling.ended().0, 14);
    let wrong = run(
        &sides.washington,
        &["--json", "ring", "start", "--to", "king"],
    );
    assert_eq!(wrong.error(), "no-such-office");

    let record = sides.at("rings.olr");
    ok(run(&sides.moscow, &["export", "-o", &record]));
    let verified = ok(run(&sides.moscow, &["verify", &record])).out;
    assert!(verified.contains("it rang there"), "{verified}");
    let verified = ok(run(&sides.moscow, &["--json", "verify", &record])).object();
    let proven = verified["records"][0]["rings"].as_array().expect("rings");
    let states: Vec<_> = proven.iter().map(|ring| ring["state"].clone()).collect();
    assert_eq!(states, ["unanswered", "withdrawn"]);
    assert!(
        proven
            .iter()
            .all(|ring| ring["ringing"]["name"] == "Moscow"),
        "{proven:?}"
    );
}

#[test]
fn the_watch_is_said_by_name_and_status_says_who_is_there() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let watch = |home: &Path, words: &[&str]| {
        let mut command = openline(home);
        finish(command.arg("watch").args(words))
    };
    ok(watch(&sides.moscow, &["open", "--as", "Lt. Orlova"]));
    ok(watch(
        &sides.moscow,
        &["hand-over", "--to", "Capt. Volkov", "--as", "Lt. Orlova"],
    ));
    let seen = || ok(run(&sides.washington, &["watch", "roster"])).out;
    until("Washington sees it", || seen().contains("Capt. Volkov"));
    assert!(seen().contains("Lt. Orlova") && seen().contains("Nobody is on watch here"));
    ok(watch(&sides.moscow, &["take-over", "--as", "Capt. Volkov"]));
    until("he took over", || !seen().contains("Lt. Orlova"));
    let status = run(&sides.moscow, &["--lang", "ru", "status"]).out;
    assert!(
        status.contains("На дежурстве здесь: «Capt. Volkov»"),
        "{status}"
    );
    let suspended = ["suspend", "--reason", "ordered", "--as", "Capt. Volkov"];
    ok(run(&sides.moscow, &suspended));
    let status = || run(&sides.washington, &["status"]).out;
    until("Washington sees that it is suspended", || {
        status().contains("SUSPENDED by Moscow")
    });
    let refused = run_with_input(
        &sides.washington,
        &["--json", "say", "--stdin"],
        "About the budget",
    );
    assert_ne!(refused.code, 0, "{}", refused.out);
    ok(run(&sides.moscow, &["resume", "--as", "Capt. Volkov"]));
}
