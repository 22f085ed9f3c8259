//! Both records verify and are equal; a changed byte is named.

use crate::program::{Sides, message, ok, run, run_with_input, until};

#[test]
fn both_sides_export_the_same_record_and_anybody_can_verify_it() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    ok(run_with_input(
        &sides.washington,
        &["say", "--flash", "--wait", "stored"],
        "once",
    ));
    until("the digests agree", || {
        digest(&sides, &sides.washington) == digest(&sides, &sides.moscow)
    });
    let stranger = sides.directory.path().join("no-home");
    let found = ok(run(
        &stranger,
        &["--json", "verify", &sides.at("record.olr")],
    ))
    .object();
    assert_eq!(found["sound"], true);
}

fn digest(sides: &Sides, home: &std::path::Path) -> String {
    let record = sides.at("record.olr");
    ok(run(home, &["--json", "export", "-o", &record]));
    let found = ok(run(home, &["--json", "verify", &record])).object();
    found["records"][0]["digest"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_flipped_byte_is_named_by_party_sequence_and_field_and_exits_six() {
    let sides = Sides::opened();
    let _stations = sides.connected();
    let text = "The rocket is a research flight.";
    ok(run_with_input(
        &sides.washington,
        &["say", "--flash", "--wait", "stored"],
        text,
    ));
    let flash = message(&sides.moscow, text).expect("the flash");
    let record = sides.at("record.olr");
    ok(run(&sides.moscow, &["export", "-o", &record]));
    let mut bytes = std::fs::read(&record).expect("the record");
    let place = bytes
        .windows(text.len())
        .position(|window| window == text.as_bytes());
    bytes[place.expect("the text stands in the record")] ^= 1;
    std::fs::write(&record, bytes).expect("the record");

    let ran = run(&sides.moscow, &["--json", "verify", &record]);
    assert_eq!(ran.code, 6);
    let finding = ran.object()["records"][0]["findings"][0].clone();
    assert_eq!(finding["party"], flash["author"]["party"]);
    assert_eq!(finding["sequence"], flash["sequence"]);
    assert_eq!(finding["field"], "body");
    assert_eq!(finding["name"], "Washington");
}

#[test]
fn a_home_verifies_while_its_station_runs_and_after_it_was_killed() {
    let sides = Sides::opened();
    let [washington, _moscow] = sides.connected();
    ok(run_with_input(
        &sides.washington,
        &["say", "--wait", "stored"],
        "hello",
    ));
    let home = sides.washington.display().to_string();
    ok(run(&sides.moscow, &["verify", &home]));
    washington.kill();
    ok(run(&sides.moscow, &["verify", &home]));
}

#[test]
fn what_is_no_record_is_called_so() {
    let sides = Sides::offered();
    let ran = run(
        &sides.moscow,
        &["--json", "verify", &sides.at("charter.toml")],
    );
    assert_eq!((ran.code, ran.error().as_str()), (6, "no-record"));
}

#[test]
fn the_doctor_finds_a_home_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let sides = Sides::opened();
    let healthy = ok(run(&sides.moscow, &["--json", "doctor"])).object();
    assert_eq!(healthy["healthy"], true);
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&sides.moscow, open).expect("permissions");
    let ran = run(&sides.moscow, &["--json", "doctor"]);
    assert_eq!(ran.code, 1);
    let checks = ran.object()["checks"].as_array().cloned().expect("checks");
    let wrong: Vec<_> = checks
        .iter()
        .filter(|check| check["result"] == "wrong")
        .collect();
    assert_eq!(wrong.len(), 1);
    assert_eq!(wrong[0]["check"], "home");
    assert_ne!(wrong[0]["do"], "");
}
