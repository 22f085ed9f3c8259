//! Alarms of running stations: who is told of them, who acknowledges them, and what lamps and horns are told.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use openline::api::types::{
    Alarm, AlarmHook, Line, NewAcknowledgement, NewAnswer, NewRing, NewShelving,
};
use openline::client::ClientError;

use crate::pair::{PATIENCE, Pair, Side};

const CAUSE: &str = "ring-unanswered";

/// A program made of a shell's lines, in a folder of its own.
fn program(folder: &Path, lines: &str) -> PathBuf {
    let path = folder.join("lamp");
    std::fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// Somebody who takes what is posted, and gives it on.
fn listener() -> (String, Receiver<String>) {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/alarms", socket.local_addr().unwrap());
    let (sender, posted) = channel();
    std::thread::spawn(move || {
        for stream in socket.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut line, mut length) = (String::new(), 0);
            while reader.read_line(&mut line).unwrap() > 2 {
                let lower = line.to_ascii_lowercase();
                let value = lower.strip_prefix("content-length:");
                length = value.map_or(length, |value| value.trim().parse().unwrap());
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let answer = "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer.as_bytes()).unwrap();
            if sender.send(String::from_utf8(body).unwrap()).is_err() {
                return;
            }
        }
    });
    (address, posted)
}

/// Both run, Moscow's with more options, and the line is open.
async fn start(pair: &mut Pair, more: &[&str]) {
    pair.washington.start();
    let mut command = pair.moscow.command();
    command.args(more).env("DUTY_PASSWORD", "kestrel");
    pair.moscow.start_as(&mut command);
    for side in [&pair.washington, &pair.moscow] {
        side.until("open", |line| line.verdict == "open").await;
    }
}

async fn ring(side: &Side) -> String {
    let ring = NewRing {
        to: "watch".to_owned(),
        for_ms: Some(5_000),
        ..NewRing::default()
    };
    let rung = side.client().ring("-", &ring).await.unwrap();
    rung.entry.unwrap()
}

fn of<'a>(line: &'a Line, cause: &str) -> Option<&'a Alarm> {
    line.alarms.iter().find(|alarm| alarm.cause == cause)
}

/// Waits until Moscow's alarm stands so.
async fn until(side: &Side, state: &str) -> Alarm {
    let is_so = |line: &Line| of(line, CAUSE).is_some_and(|alarm| alarm.state == state);
    let line = side.until(state, is_so).await;
    of(&line, CAUSE).unwrap().clone()
}

/// Waits until Moscow has called a program or an address so often, or has failed to.
async fn hooked(side: &Side, is_so: impl Fn(&AlarmHook) -> bool) -> Vec<AlarmHook> {
    let began = Instant::now();
    loop {
        let hooks = side.client().status().await.unwrap().station.alarm_hooks;
        if hooks.iter().all(&is_so) {
            return hooks;
        }
        assert!(began.elapsed() < PATIENCE, "{hooks:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn by(name: &str) -> NewAcknowledgement {
    NewAcknowledgement {
        actor: Some(name.to_owned()),
    }
}

/// The states that were told of the alarm, in their order.
fn states(told: &str) -> Vec<String> {
    let alarms = told.lines().map(|line| {
        let alarm: Alarm = serde_json::from_str(line).unwrap();
        assert_eq!(alarm.party.name, "Moscow");
        alarm
    });
    let of_cause = alarms.filter(|alarm| alarm.cause == CAUSE);
    of_cause.map(|alarm| alarm.state).collect()
}

/// OL-771 OL-773: each change is told on, in order, to a program and to an address.
#[tokio::test]
async fn a_ring_that_nobody_answers_lights_a_lamp_until_somebody_knows_and_one_is_accepted() {
    let mut pair = Pair::open();
    let folder = tempfile::tempdir().unwrap();
    let told = folder.path().join("told");
    let seen = folder.path().join("seen");
    let lines = format!(
        "cat >> {}; echo \"$1 $2 $(pwd)\" >> {1}; env >> {1}",
        told.display(),
        seen.display()
    );
    let lamp = program(folder.path(), &lines);
    let (address, posted) = listener();
    let run = lamp.display().to_string();
    start(&mut pair, &["--alarm-run", &run, "--alarm-post", &address]).await;
    ring(&pair.washington).await;
    let alarm = until(&pair.moscow, "raised").await;
    assert_eq!(alarm.name, "ring-unanswered/moscow");
    until(&pair.washington, "raised").await;
    let moscow = pair.moscow.client();
    let named = (CAUSE, "Москва");
    let acknowledged = moscow
        .acknowledge_alarm("-", named, &by("Lt. Orlova"))
        .await;
    assert_eq!(acknowledged.unwrap().state, "acknowledged");

    let ring = ring(&pair.washington).await;
    let rings = |line: &Line| line.rings.iter().any(|it| it.ring == ring && it.rings_here);
    pair.moscow.until("it rings", rings).await;
    let accept = NewAnswer {
        answer: "accept".to_owned(),
        actor: Some("Lt. Orlova".to_owned()),
        ..NewAnswer::default()
    };
    moscow.answer_ring("-", &ring, &accept).await.unwrap();
    pair.moscow
        .until("over", |line| of(line, CAUSE).is_none())
        .await;
    let hooks = hooked(&pair.moscow, |hook| hook.calls >= 3).await;
    assert!(hooks.iter().all(|hook| hook.failures == 0), "{hooks:?}");
    let wanted = ["raised", "acknowledged", "quiet"];
    assert_eq!(states(&std::fs::read_to_string(&told).unwrap()), wanted);
    let posted: Vec<String> = posted.try_iter().collect();
    assert_eq!(states(&posted.join("\n")), wanted);
    let seen = std::fs::read_to_string(&seen).unwrap();
    assert!(seen.contains("ring-unanswered raised /\n"), "{seen}");
    assert!(
        seen.contains("PATH=") && !seen.contains("kestrel"),
        "{seen}"
    );
}

/// What hangs is ended with all that it started, the station goes on meanwhile, and both are told.
#[tokio::test]
async fn a_lamp_that_hangs_and_an_address_where_nobody_listens_are_told_as_such() {
    let mut pair = Pair::open();
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    let lines = format!("sleep 1000 & echo $! >> {}; sleep 1000", pids.display());
    let run = program(folder.path(), &lines).display().to_string();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let address = format!("http://{}/", nobody.unwrap());
    start(&mut pair, &["--alarm-run", &run, "--alarm-post", &address]).await;
    ring(&pair.washington).await;
    until(&pair.moscow, "raised").await;
    let asked = NewShelving {
        for_s: 3_600,
        actor: Some("Lt. Orlova".to_owned()),
    };
    let moscow = pair.moscow.client();
    let shelved = moscow.shelve_alarm("-", (CAUSE, "Moscow"), &asked).await;
    assert!(
        shelved.unwrap().until_ms.is_some(),
        "the station waits for no lamp"
    );
    let hooks = hooked(&pair.moscow, |hook| hook.trouble.is_some()).await;
    let troubles: Vec<_> = hooks.iter().flat_map(|hook| &hook.trouble).collect();
    let words: Vec<_> = troubles.iter().map(|it| it.error.as_str()).collect();
    assert_eq!(words, ["alarm-program-late", "alarm-not-posted"]);
    assert!(troubles.iter().all(|it| !it.do_now.is_empty()));
    let started = std::fs::read_to_string(&pids).unwrap();
    let first: i32 = started.lines().next().unwrap().parse().unwrap();
    let is_alive = || {
        let state = std::fs::read_to_string(format!("/proc/{first}/stat"));
        state.is_ok_and(|state| !state.contains(") Z "))
    };
    let began = Instant::now();
    while is_alive() {
        assert!(began.elapsed() < PATIENCE, "{first} was left behind");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[test]
fn a_lamp_that_is_not_there_and_an_address_with_a_password_are_refused_at_the_start() {
    let pair = Pair::unopened();
    for (more, code) in [
        (["--alarm-run", "/nonexistent/lamp"], "alarm-program"),
        (["--alarm-run", "/etc/passwd"], "alarm-program"),
        (
            ["--alarm-post", "http://duty:kestrel@lamps/"],
            "alarm-address",
        ),
        (["--alarm-post", "https://lamps/"], "alarm-address"),
    ] {
        let output = pair.moscow.command().args(more).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains(&format!("\"{code}\"")), "{error}");
    }
}

fn is_refused<T: std::fmt::Debug>(result: &Result<T, ClientError>, code: &str) -> bool {
    matches!(result, Err(ClientError::Refused(problem)) if problem.error == code)
}

/// OL-773 OL-774 OL-775
#[tokio::test]
async fn only_a_person_acknowledges_and_that_outlives_the_stations_end() {
    let mut pair = Pair::running().await;
    ring(&pair.washington).await;
    until(&pair.washington, "raised").await;
    let named = (CAUSE, "Moscow");
    let client = pair.washington.client();
    let nobody = NewAcknowledgement::default();
    let refused = client.acknowledge_alarm("-", named, &nobody).await;
    assert!(is_refused(&refused, "operator-required"), "{refused:?}");
    let refused = client.unshelve_alarm("-", named, &by("Col. Miller")).await;
    assert!(is_refused(&refused, "alarm-not-raised"), "{refused:?}");
    let long = NewShelving {
        for_s: 86_400,
        actor: Some("Col. Miller".to_owned()),
    };
    let refused = client.shelve_alarm("-", named, &long).await;
    assert!(is_refused(&refused, "alarm-shelve-time"), "{refused:?}");
    for unknown in [("no-such-cause", "Moscow"), (CAUSE, "Paris")] {
        let refused = client
            .acknowledge_alarm("-", unknown, &by("Col. Miller"))
            .await;
        assert!(is_refused(&refused, "no-such-alarm"), "{refused:?}");
    }
    let done = client
        .acknowledge_alarm("-", named, &by("Col. Miller"))
        .await;
    done.unwrap();
    let refused = client
        .acknowledge_alarm("-", named, &by("Maj. Jones"))
        .await;
    assert!(is_refused(&refused, "alarm-done"), "{refused:?}");
    pair.washington.kill();
    pair.washington.start();
    let alarm = until(&pair.washington, "acknowledged").await;
    assert_eq!(alarm.by.unwrap().name, "Col. Miller");
    let listed = pair.washington.client().alarms("-").await.unwrap();
    assert!(listed.alarms.iter().any(|alarm| alarm.cause == CAUSE));
}
