//! Homes whose files were damaged, exchanged or lost: every command says so, and none passes over it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::program::{Ran, Sides, openline, run, run_with_input};

/// Moscow's station ran once, so that there is a record.
fn recorded() -> Sides {
    let sides = Sides::opened();
    sides.start_moscow().kill();
    sides
}

/// The folder of Moscow's only line.
fn line_folder(sides: &Sides) -> PathBuf {
    let mut folders = fs::read_dir(sides.moscow.join("lines")).expect("lines");
    folders.next().expect("a line").expect("a folder").path()
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).expect("a file");
}

fn say(sides: &Sides) -> Ran {
    let arguments = ["--json", "say", "--line", "Washington"];
    run_with_input(&sides.moscow, &arguments, "Do you hear us?")
}

/// What the doctor finds wrong with Moscow's home, but that no station runs.
fn wrong(sides: &Sides) -> Vec<(String, String)> {
    let found = run(&sides.moscow, &["--json", "doctor"]).object();
    let checks = found["checks"].as_array().cloned().expect("checks");
    let wrong = checks
        .into_iter()
        .filter(|check| check["result"] == "wrong" && check["check"] != "station");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    wrong
        .map(|check| (text(&check["check"]), text(&check["what"])))
        .collect()
}

#[test]
fn a_line_with_a_damaged_file_stays_listed_and_nothing_about_it_is_called_sound() {
    let sides = recorded();
    flip(&line_folder(&sides).join("offer"));
    let home = sides.moscow.display().to_string();
    let verified = run(&sides.moscow, &["--json", "verify", &home]);
    assert_eq!(verified.code, 6, "{}", verified.out);
    let record = verified.object()["records"][0].clone();
    assert_eq!(
        (&record["sound"], &record["entries"]),
        (&false.into(), &0.into())
    );
    assert_eq!(record["findings"][0]["field"], "line-files");
    let exported = run(
        &sides.moscow,
        &["--json", "export", "-o", &sides.at("x.olr")],
    );
    assert_eq!(exported.error(), "home-damaged");

    let _station = sides.start_moscow();
    let status = run(&sides.moscow, &["--json", "status", "--line", "Washington"]);
    assert_eq!(status.code, 1, "{}", status.err);
    let line = status.object()["lines"][0].clone();
    assert_eq!(line["verdict"], "not-taken-up");
    assert_eq!(line["trouble"]["error"], "home-damaged");
    let what = line["trouble"]["what"].as_str().unwrap_or_default();
    assert!(what.contains("/offer"), "the file is named: {what}");
    assert!(!what.contains("reason-"), "in words: {what}");
    assert_eq!(say(&sides).error(), "line-not-taken-up");
}

#[test]
fn a_line_whose_answer_is_gone_is_no_waiting_offer_once_it_has_a_record() {
    let sides = recorded();
    fs::remove_file(line_folder(&sides).join("answer")).expect("removed");
    let home = sides.moscow.display().to_string();
    assert_eq!(run(&sides.moscow, &["verify", &home]).code, 6);
    let wrong = wrong(&sides);
    assert!(
        wrong.iter().any(|(_, what)| what.contains("/answer")),
        "{wrong:?}"
    );
    let _station = sides.start_moscow();
    assert_eq!(run(&sides.moscow, &["status"]).code, 1);
}

/// The channel is gone, and the tapes that could renew it: the station knows the line and can't work on it.
fn without_keys() -> Sides {
    let sides = recorded();
    fs::remove_file(sides.moscow.join("channel.db")).expect("removed");
    for file in fs::read_dir(line_folder(&sides)).expect("files") {
        let path = file.expect("a file").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !["offer", "answer", "compared", "peer.card"].contains(&name.as_ref()) {
            fs::remove_file(&path).expect("removed");
        }
    }
    sides
}

#[test]
fn of_a_line_that_is_not_taken_up_status_says_why_and_invents_nothing() {
    let sides = without_keys();
    let _station = sides.start_moscow();
    let status = run(&sides.moscow, &["status"]);
    assert_eq!(status.code, 1, "{}", status.out);
    assert!(
        status.out.contains("Washington: NOT TAKEN UP"),
        "{}",
        status.out
    );
    assert!(status.out.contains("tapes"), "{}", status.out);
    for invented in ["OPENING", "1970", "safety number", "on their disk"] {
        assert!(!status.out.contains(invented), "{invented}: {}", status.out);
    }
}

#[test]
fn whoever_writes_to_a_line_that_is_not_taken_up_is_told_which_and_why() {
    let sides = without_keys();
    let _station = sides.start_moscow();
    for lang in ["en", "ru"] {
        let silence = ["--lang", lang, "silence", "announce", "--for", "10m"];
        let said = ["--lang", lang, "say"];
        let said = run_with_input(&sides.moscow, &said, "Do you hear us?");
        for refused in [said, run(&sides.moscow, &silence)] {
            assert_eq!(refused.code, 1, "{}", refused.err);
            let err = &refused.err;
            assert!(!err.contains('{'), "a blank was not filled: {err}");
        }
    }
}

#[test]
fn a_station_with_another_homes_key_does_not_start_and_the_doctor_names_the_key() {
    let sides = recorded();
    let node = |home: &Path| home.join("secrets/node");
    fs::copy(node(&sides.washington), node(&sides.moscow)).expect("copied");
    let arguments = ["--json", "station", "--listen", &sides.addresses[1]];
    assert_eq!(run(&sides.moscow, &arguments).error(), "home-foreign-key");
    let wrong = wrong(&sides);
    let (check, what) = &wrong[0];
    assert_eq!(check, "keys");
    assert!(what.contains("secrets/node"), "{what}");
}

#[test]
fn a_damaged_channels_file_is_named_by_the_doctor_and_what_he_says_helps() {
    let sides = recorded();
    let channels = sides.moscow.join("channel.db");
    fs::write(&channels, vec![b'x'; 8_192]).expect("written");
    let found = wrong(&sides);
    assert_eq!((found.len(), found[0].0.as_str()), (1, "channels"));
    fs::rename(&channels, sides.at("kept.db")).expect("moved");
    assert!(wrong(&sides).is_empty());
    let _station = sides.start_moscow();
}

#[test]
fn a_damaged_record_is_salvaged_in_its_place_and_kept_beside_it() {
    let sides = recorded();
    let record = sides.moscow.join("record.db");
    let home = sides.moscow.display().to_string();
    let salvage = |more: &[&str]| {
        let arguments = ["--json", "doctor", "--salvage"].iter().chain(more);
        run(&sides.moscow, &arguments.copied().collect::<Vec<_>>())
    };
    assert_eq!(salvage(&[]).error(), "salvage-needs-yes");
    let verified = run(&sides.moscow, &["--json", "verify", &home]).object()["records"][0].clone();
    let done = salvage(&["--yes"]).object();
    assert_eq!(done["entries"], verified["entries"], "{done}");
    assert_eq!(
        (&done["unreadable"], &done["missing"]),
        (&0.into(), &0.into())
    );
    let aside = PathBuf::from(done["aside"].as_str().unwrap_or_default());
    assert!(aside.join("record.db").exists());
    assert_eq!(run(&sides.moscow, &["verify", &home]).code, 0);

    fs::write(&record, vec![b'x'; 8_192]).expect("written");
    assert_eq!(salvage(&["--yes"]).error(), "salvage-nothing");
    assert_eq!(fs::read(&record).expect("untouched"), vec![b'x'; 8_192]);
}

#[test]
fn a_file_that_is_named_as_a_home_is_called_none() {
    let sides = Sides::offered();
    let file = sides.at("charter.toml");
    let ran = run(Path::new(&file), &["--json", "status"]);
    assert_eq!((ran.code, ran.error().as_str()), (3, "home-is-none"));
}

#[test]
fn a_lost_record_is_missed_by_doctor_and_station() {
    let sides = recorded();
    assert!(wrong(&sides).is_empty());
    for file in ["record.db", "record.db-wal", "record.db-shm"] {
        let _ = fs::remove_file(sides.moscow.join(file));
    }
    assert_eq!(wrong(&sides)[0].0, "store");
    let arguments = ["--json", "station", "--listen", &sides.addresses[1]];
    assert_eq!(run(&sides.moscow, &arguments).error(), "store-record-lost");
    let home = sides.moscow.display().to_string();
    assert_ne!(run(&sides.moscow, &["verify", &home]).code, 0);
}

#[test]
fn a_card_of_the_other_party_that_somebody_exchanged_or_removed_is_named() {
    let sides = recorded();
    let card = line_folder(&sides).join("peer.card");
    let whole = fs::read(&card).expect("a card");
    let aside = card.with_extension("aside");
    let ours = fs::read(sides.moscow.join("identity.card")).expect("a card");
    for altered in [Some(ours), Some(Vec::new()), None] {
        match altered {
            Some(bytes) => fs::write(&card, bytes).expect("written"),
            None => fs::rename(&card, &aside).expect("moved"),
        }
        let found = wrong(&sides);
        assert!(
            found.iter().any(|(_, what)| what.contains("/peer.card")),
            "{found:?}"
        );
        let _station = sides.start_moscow();
        let line = run(&sides.moscow, &["--json", "status"]).object()["lines"][0].clone();
        assert_eq!(line["verdict"], "not-taken-up");
        let what = line["trouble"]["what"].as_str().unwrap_or_default();
        assert!(
            what.contains("/peer.card") && !what.contains("reason-"),
            "{what}"
        );
    }
    fs::rename(&aside, &card).expect("moved");
    fs::write(&card, whole).expect("written");
    let found = wrong(&sides);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn an_emptied_reminder_of_the_record_is_named_by_doctor_and_station() {
    let sides = recorded();
    let reminder = sides.moscow.join("record.made");
    fs::write(&reminder, b"").expect("emptied");
    let advice = || {
        let found = run(&sides.moscow, &["--json", "doctor"]).object();
        let checks = found["checks"].as_array().cloned().expect("checks");
        checks
            .into_iter()
            .find(|check| check["check"] == "reminder")
    };
    let named = advice().expect("named");
    assert_eq!(named["result"], "advice");
    let mut command = openline(&sides.moscow);
    command.args(["station", "--listen", &sides.addresses[1]]);
    let mut station = command.stdout(Stdio::piped()).spawn().expect("a station");
    let said = BufReader::new(station.stdout.take().expect("a pipe")).lines();
    let said: Vec<_> = said.take(2).map(|line| line.expect("a line")).collect();
    station.kill().expect("a process");
    station.wait().expect("an end");
    assert!(said[1].contains("record.made"), "{said:?}");
    assert!(advice().is_none());
}
