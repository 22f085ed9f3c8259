//! Rings and the watch as a person uses them: what the commands print, and the codes they end with.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::program::{Ran, Sides, finish, ok, openline, run, run_with_input, until};

/// `ring start`, still waiting.
struct Calling(Child);

fn start(home: &Path, more: &[&str]) -> Calling {
    start_saying(home, more, "")
}

/// With words that are piped in: nobody has to say so.
fn start_saying(home: &Path, more: &[&str], words: &str) -> Calling {
    let mut command = openline(home);
    command.args(["ring", "start", "--to", "watch"]).args(more);
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut calling = command.spawn().expect("the program");
    let mut input = calling.stdin.take().expect("a pipe");
    input.write_all(words.as_bytes()).expect("words");
    Calling(calling)
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
    let calling = start_saying(&sides.washington, &["--urgent"], "Two aircraft met.");
    rings(&sides.moscow);
    assert!(list(&sides.moscow).contains("Two aircraft met."));
    let nobody = run(&sides.moscow, &["--json", "ring", "decline", "R-1"]);
    assert_eq!(nobody.error(), "operator-required");
    let declined = ["ring", "decline", "--call-back-at", "2h"];
    let declined = [&declined[..], &["--as", "Lt. Orlova"]].concat();
    ok(run_with_input(
        &sides.moscow,
        &declined,
        "The head is on his way.",
    ));
    let listed = list(&sides.washington);
    for part in ["Two aircraft met.", "The head is on his way."] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let (code, said) = calling.ended();
    assert_eq!(code, 10, "{said}");
    for part in [
        "FLASH",
        "Declined",
        "Lt. Orlova",
        "To be called back",
        "The head is on his way.",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let again = answer(&sides.moscow, &["accept", "R-1"], "");
    assert_ne!(again.code, 0, "it is decided");

    let calling = start(&sides.moscow, &[]);
    rings(&sides.washington);
    let accepted = ok(answer(&sides.washington, &["accept"], "")).out;
    let (code, said) = calling.ended();
    assert_eq!(code, 0, "{said}");
    both_are_told_the_next_step(&accepted, &said);
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

/// The code, and the command by which it is compared.
fn both_are_told_the_next_step(accepted: &str, said: &str) {
    let short = |out: &str| {
        let name = out.split("contact verify ").nth(1);
        name.unwrap_or_else(|| panic!("{out}")).trim().to_owned()
    };
    assert!(
        accepted.contains("Code ") && said.contains("Code "),
        "{said}"
    );
    assert_eq!(short(accepted), short(said), "the next step, on both sides");
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
    let opened = ok(watch(&sides.moscow, &["open", "--as", "Lt. Orlova"])).out;
    assert!(opened.contains("Confirm that you are here by "), "{opened}");
    let another = watch(&sides.moscow, &["open", "--as", "Capt. Volkov"]);
    for part in ["already: “Lt. Orlova”", "watch take-over"] {
        assert!(another.err.contains(part), "{}", another.err);
    }
    ok(watch(
        &sides.moscow,
        &["hand-over", "--to", "Capt. Volkov", "--as", "Lt. Orlova"],
    ));
    let seen = || ok(run(&sides.washington, &["watch", "show"])).out;
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
    ok(run_with_input(
        &sides.moscow,
        &suspended,
        "By order of the ministry",
    ));
    let status = || run(&sides.washington, &["status"]).out;
    until("Washington sees that it is suspended", || {
        status().contains("SUSPENDED by Moscow") && status().contains("By order of the ministry")
    });
    let refused = run_with_input(
        &sides.washington,
        &["--json", "say", "--stdin"],
        "About the budget",
    );
    assert_eq!(refused.code, 5, "{}", refused.out);
    ok(run(&sides.moscow, &["resume", "--as", "Capt. Volkov"]));
}

/// A line of a roster: from and until so many hours from now.
fn shift(from: i64, until: i64, officer: &str) -> String {
    let at = |hours: i64| {
        let time = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(hours);
        time.strftime("%Y-%m-%dT%H:%MZ").to_string()
    };
    format!("{}, {}, {officer}\n", at(from), at(until))
}

/// `watch roster …` in Moscow.
fn roster(sides: &Sides, words: &[&str]) -> Ran {
    let mut command = openline(&sides.moscow);
    finish(command.args(["watch", "roster"]).args(words))
}

/// Moscow plans this.
fn plan(sides: &Sides, text: &str) -> Ran {
    let file = sides.at("roster.txt");
    std::fs::write(&file, text).expect("a file");
    roster(sides, &["set", &file, "--as", "Lt. Orlova"])
}

#[test]
fn a_file_that_is_no_roster_is_refused_and_so_is_taking_back_none() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    assert_eq!(plan(&sides, "# nobody yet\n").code, 2);
    let refused = plan(&sides, "2026-11-29T08:00, 2026-11-29T20:00Z, Lt. Orlova\n");
    assert_eq!(refused.code, 2);
    for part in ["Line 1", "no zone"] {
        assert!(refused.err.contains(part), "{}", refused.err);
    }
    let last_year = plan(&sides, "2025-11-29T08:00Z, 2025-11-29T20:00Z, Lt. Orlova\n");
    assert_eq!(
        (last_year.code, last_year.err.contains("is over")),
        (2, true)
    );
    let decades = plan(&sides, "2062-11-29T08:00Z, 2062-11-29T20:00Z, Lt. Orlova\n");
    assert_eq!(
        (decades.code, decades.err.contains("a year from now")),
        (2, true)
    );
    let none = roster(&sides, &["withdraw", "--as", "Lt. Orlova"]);
    assert_ne!(none.code, 0);
    assert!(none.err.contains("no roster"), "{}", none.err);
}

#[test]
fn a_roster_from_a_file_is_shown_on_both_sides_with_its_gaps() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let days = shift(-1, 3, "Lt. Orlova") + &shift(4, 40, "Capt. Volkov");
    let set = ok(plan(&sides, &days)).out;
    assert!(set.contains("2 shifts") && set.contains("NOBODY"), "{set}");
    assert!(set.contains("sees it as soon as it has it"), "{set}");
    assert!(!set.contains("in place of"), "nothing was planned: {set}");
    let again = ok(plan(&sides, &days)).out;
    assert!(again.contains("in place of what was planned"), "{again}");
    let shown = || ok(run(&sides.washington, &["watch", "roster", "show"])).out;
    until("Washington sees it", || shown().contains("Capt. Volkov"));
    let table = shown();
    assert!(
        table.contains("“Lt. Orlova”  NOW") && table.contains("NOBODY"),
        "{table}"
    );
    assert!(table.contains("We have no roster"), "{table}");
    let status = run(&sides.moscow, &["--lang", "ru", "status"]).out;
    assert!(status.contains("дежурить НЕКОМУ"), "{status}");
    let seen = ok(run(
        &sides.washington,
        &["--json", "watch", "roster", "show"],
    ))
    .object();
    let theirs = &seen["parties"][1];
    assert_eq!(theirs["planned"]["state"], "gap");
    assert_eq!(
        theirs["rosters"][0]["shifts"].as_array().map(Vec::len),
        Some(2)
    );
    let traffic = run(&sides.washington, &["traffic"]).out;
    assert!(
        traffic.contains("plans who is on watch: 2 shifts"),
        "{traffic}"
    );

    ok(roster(&sides, &["withdraw", "--as", "Lt. Orlova"]));
    until("Washington sees that it is taken back", || {
        shown().contains("Moscow has published no roster")
    });
}

/// The officer who plans reads his own clock, the other side another one.
#[test]
fn a_roster_is_shown_by_the_readers_clock_and_in_utc() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let day = |days: i64| {
        let time = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
        time.strftime("%Y-%m-%d").to_string()
    };
    let (today, next) = (day(2), day(3));
    let shift = format!("{today}T08:00+03:00, {today}T20:00+03:00, Lt. Orlova\n");
    let set = ok(plan(&sides, &shift)).out;
    let utc = format!("({today} 05:00Z – {today} 17:00Z)");
    assert!(set.contains(&utc) && set.contains("Lt. Orlova"), "{set}");
    for (zone, here) in [
        ("<+10>-10", format!("{today} 15:00 – {next} 03:00 +10:00")),
        ("<-05>5", format!("{today} 00:00 – {today} 12:00 -05:00")),
    ] {
        let mut command = openline(&sides.moscow);
        let shown = command.args(["watch", "roster", "show"]).env("TZ", zone);
        let shown = ok(finish(shown)).out;
        assert!(
            shown.contains(&here) && shown.contains(&utc),
            "{zone}: {shown}"
        );
    }
}
