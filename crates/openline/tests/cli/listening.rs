//! Where a station is told to listen, and can't.

use std::path::Path;
use std::process::Stdio;

use crate::program::{Ran, Sides, ok, openline, run, until};

/// A station that is started where it can't listen. It ends by itself.
fn started_at(sides: &Sides, address: &str) -> Ran {
    run(
        &sides.washington,
        &["--json", "station", "--listen", address],
    )
}

/// Both sentences, in a language.
fn told(sides: &Sides, language: &str, address: &str) -> String {
    let ran = run(
        &sides.washington,
        &["--lang", language, "station", "--listen", address],
    );
    ran.err.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_address_of_no_bearer_is_refused_with_one_of_each() {
    let sides = Sides::opened();
    for wrong in [
        "tcp://127.0.0.1:1",
        "serial:///dev/",
        "serial://tty?rate=75",
    ] {
        assert_eq!(
            started_at(&sides, wrong).error(),
            "listen-address",
            "{wrong}"
        );
    }
    let english = told(&sides, "en", "serial:ttyUSB0");
    assert!(
        english.contains("udp://0.0.0.0:7600")
            && english.contains("serial:///dev/ttyUSB0?rate=9600"),
        "{english}"
    );
}

#[test]
fn a_tty_without_a_rate_is_told_which_rates_there_are() {
    let sides = Sides::opened();
    for wrong in ["serial:///dev/ttyS0", "serial:///dev/ttyS0?rate=9601"] {
        assert_eq!(started_at(&sides, wrong).error(), "serial-rate", "{wrong}");
    }
    for language in ["en", "ru"] {
        let said = told(&sides, language, "serial:///dev/ttyS0");
        assert!(
            said.contains("75, 110, ") && said.contains("115200"),
            "{said}"
        );
    }
}

#[test]
fn a_tty_that_is_not_there_or_is_none_is_refused() {
    let sides = Sides::opened();
    let nothing = format!("serial://{}?rate=9600", sides.at("ttyUSB0"));
    let file = format!("serial://{}?rate=9600", sides.at("offer.line"));
    for wrong in [&nothing, &file] {
        assert_eq!(
            started_at(&sides, wrong).error(),
            "serial-refused",
            "{wrong}"
        );
    }
    let english = told(&sides, "en", &nothing);
    assert!(
        english.contains("no such file") && english.contains("plugged in"),
        "{english}"
    );
}

/// Beside a network the station starts without it, and says so wherever somebody looks.
#[test]
fn a_tty_that_is_not_there_takes_no_network_with_it() {
    let sides = Sides::opened();
    let nothing = format!("serial://{}?rate=9600", sides.at("ttyUSB0"));
    let mut command = openline(&sides.washington);
    command.args([
        "station",
        "--listen",
        &sides.addresses[0],
        "--listen",
        &nothing,
    ]);
    let mut station = command.stdout(Stdio::null()).spawn().expect("the program");
    let status = || run(&sides.washington, &["status"]).out;
    until("it says what is gone", || status().contains("IS GONE"));
    let said = ["--json", "doctor"];
    let doctor = run(&sides.washington, &said).object();
    let checks = doctor["checks"].as_array().cloned().unwrap_or_default();
    let is_named = checks
        .iter()
        .any(|it| it["check"] == "bearer" && it["result"] == "wrong");
    assert!(is_named, "{doctor}");
    station.kill().expect("it ran");
    station.wait().expect("an end");
}

#[test]
fn a_line_that_no_line_is_called_is_refused() {
    let sides = Sides::opened();
    let wrong = format!("serial://{}?rate=9600&line=Paris", sides.at("ttyUSB0"));
    assert_eq!(started_at(&sides, &wrong).error(), "serial-line");
    let english = told(&sides, "en", &wrong);
    assert!(
        english.contains("leave \"&line=\" out") || english.contains("Leave \"&line=\" out"),
        "{english}"
    );
    let russian = told(&sides, "ru", &wrong);
    assert!(russian.contains("Уберите «&line=»"), "{russian}");
}

/// Washington opens a line with a third party.
fn with_a_line_to_paris() -> Sides {
    let sides = Sides::opened();
    let [home, card, offer, answer] =
        ["paris", "fr.card", "to-paris", "to-us"].map(|it| sides.at(it));
    let (paris, washington) = (Path::new(&home), &sides.washington);
    ok(run(
        paris,
        &[
            "init",
            "--name",
            "Paris",
            "--name-ru",
            "Париж",
            "--lang",
            "en",
        ],
    ));
    ok(run(paris, &["card", "export", &card]));
    let shown = ok(run(washington, &["--json", "card", "show", &card])).object();
    let number = shown["safety_number"].as_str().expect("a number");
    let compared = ["--safety-number", number];
    ok(run(
        washington,
        &["line", "open", "--with", &card, "-o", &offer],
    ));
    let accept = ["line", "accept", &offer, "-o", &answer];
    ok(run(paris, &[&accept[..], &compared].concat()));
    ok(run(
        washington,
        &[&["line", "finish", &answer][..], &compared].concat(),
    ));
    sides
}

#[test]
fn where_there_are_several_lines_a_tty_must_name_its_own() {
    let sides = with_a_line_to_paris();
    let tty = format!("serial://{}?rate=9600", sides.at("ttyUSB0"));
    assert_eq!(started_at(&sides, &tty).error(), "serial-line");
    let english = told(&sides, "en", &tty);
    assert!(
        english.contains("Moscow (") && english.contains("Paris ("),
        "{english}"
    );
    // The line is found; there is no such tty.
    for name in ["Moscow", "париж"] {
        let named = started_at(&sides, &format!("{tty}&line={name}"));
        assert_eq!(named.error(), "serial-refused", "{name}");
    }
}
