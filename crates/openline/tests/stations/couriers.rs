//! What is carried by hand between two real stations, of which one is off whenever the other is on.

use std::fs;
use std::path::PathBuf;

use openline::api::types::Line;
use serde_json::Value;

use crate::pair::{Pair, Side, message};

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(side: &Side, arguments: &[&str]) -> Value {
    let output = side.run(&[&["--json"], arguments].concat());
    // How a line is has an exit code of its own.
    let is_fine = output.status.success() || arguments[0] == "status";
    assert!(is_fine, "{arguments:?}: {}", words(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn file(pair: &Pair, name: &str) -> String {
    let path: PathBuf = pair.washington.home.with_file_name(name);
    path.display().to_string()
}

/// Both have talked, both are off, and Washington has written two texts that Moscow does not have.
async fn parted() -> Pair {
    let mut pair = Pair::running().await;
    let is_open = |line: &Line| line.verdict == "open" && line.unconfirmed == 0;
    pair.washington.until("open", is_open).await;
    assert!(pair.moscow.stop());
    let client = pair.washington.client();
    for (text, precedence) in [("The bridge is closed.", "flash"), ("A report.", "routine")] {
        client.say("-", &message(text, precedence)).await.unwrap();
    }
    pair
}

/// OL-462, OL-463, and what people read.
#[tokio::test]
async fn texts_arrive_by_courier_and_are_known_to_have_by_another() {
    let mut pair = parted().await;
    let there = file(&pair, "to-moscow.bundle");
    washington_makes_one(&pair, &there);
    pair.washington.stop();
    pair.moscow.start();
    moscow_takes_it_in(&pair, &there);
    let back = file(&pair, "to-washington.bundle");
    let told = pair.moscow.printed(&["courier", "export", "-o", &back]);
    let next = "Have it carried to the other side's station";
    assert!(told.contains(next), "{told}");
    pair.moscow.stop();

    pair.washington.start();
    let flash = json(&pair.washington, &["show", "M-1"]);
    assert_eq!(flash["stages"].as_array().map(Vec::len), Some(0), "{flash}");
    json(&pair.washington, &["courier", "import", &back]);
    let flash = json(&pair.washington, &["show", "M-1"]);
    assert_eq!(flash["stages"][0]["stage"], "stored", "{flash}");
    let state = pair.washington.printed(&["courier", "status"]);
    for part in ["Last bundle made", "Last brought from them"] {
        assert!(state.contains(part), "{state}");
    }
}

fn washington_makes_one(pair: &Pair, there: &str) {
    let waiting = json(&pair.washington, &["courier", "status"])["lines"][0]["waiting"].clone();
    assert!(waiting.as_u64() >= Some(2));
    let made = json(&pair.washington, &["courier", "export", "-o", there]);
    assert!(made["entries"].as_u64() >= Some(2), "{made}");
    assert_eq!(made["left"], 0, "{made}");
    let again = pair.washington.run(&["courier", "export", "-o", there]);
    assert_eq!(again.status.code(), Some(1), "written over");
    let own = pair.washington.run(&["courier", "import", there]);
    assert_eq!(own.status.code(), Some(1));
    let why = words(&own.stderr);
    assert!(why.contains("No line here can open"), "{why}");
}

/// Half of it, then all, then once more.
fn moscow_takes_it_in(pair: &Pair, there: &str) {
    let bytes = fs::read(there).unwrap();
    let half = file(pair, "half.bundle");
    fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let several = pair.moscow.run(&["courier", "import", "not-there", &half]);
    assert_eq!(several.status.code(), Some(1));
    let damaged = words(&several.stdout);
    assert!(damaged.contains("IS DAMAGED OR NOT WHOLE"), "{damaged}");
    let why = words(&several.stderr);
    assert!(
        why.contains("not-there") && why.contains("Not all was taken in"),
        "{why}"
    );
    let taken = json(&pair.moscow, &["courier", "import", there]);
    assert_eq!(
        (&taken["missing"], &taken["strange"]),
        (&0.into(), &0.into())
    );
    let twice = json(&pair.moscow, &["courier", "import", there]);
    assert_eq!(twice["lines"][0]["fresh"], 0, "{twice}");
    let traffic = pair.moscow.printed(&["traffic"]);
    for text in ["The bridge is closed.", "A report."] {
        assert!(traffic.contains(text), "{traffic}");
    }
    // On the word of a bag nobody lives.
    let status = json(&pair.moscow, &["status"]);
    assert_ne!(status["lines"][0]["verdict"], "open", "{status}");
    let russian = pair.moscow.printed(&["--lang", "ru", "courier", "status"]);
    assert!(russian.contains("От них последний привезён"), "{russian}");
}

/// A folder each way that something else carries on: no bearer, and either way may be late.
#[tokio::test]
async fn stations_that_watch_folders_hear_of_one_another_without_any_bearer() {
    let mut pair = parted().await;
    pair.washington.stop();
    let folders = ["one", "other"].map(|name| {
        let folder = file(&pair, name);
        fs::create_dir(&folder).unwrap();
        folder
    });
    // Moscow listens where Washington does not look for it.
    pair.moscow.listen_at(vec!["udp://127.0.0.1:0".to_owned()]);
    pair.washington
        .listen_at(vec!["udp://127.0.0.1:0".to_owned()]);
    // Longer than any bundle, and the newest there: it keeps no other waiting.
    for folder in &folders {
        let long = fs::File::create(format!("{folder}/long.bundle")).unwrap();
        long.set_len(1 << 40).unwrap();
    }
    for (side, at) in [(&mut pair.washington, 0), (&mut pair.moscow, 1)] {
        let mut command = side.command();
        command.args([
            "--write-bundles",
            &folders[at],
            "--read-bundles",
            &folders[1 - at],
        ]);
        side.start_as(&mut command);
    }
    let deadline = tokio::time::Instant::now() + crate::pair::PATIENCE;
    loop {
        let flash = json(&pair.washington, &["show", "M-1"]);
        if flash["stages"][0]["stage"] == "stored" {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{flash}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let traffic = pair.moscow.printed(&["traffic"]);
    assert!(
        traffic.contains("The bridge is closed.") && traffic.contains("A report."),
        "{traffic}"
    );
    let status = json(&pair.washington, &["status"]);
    assert_ne!(status["lines"][0]["verdict"], "open", "{status}");
    fs::remove_dir_all(&folders[0]).unwrap();
    loop {
        let shown = pair.washington.printed(&["courier", "status"]);
        if shown.contains("IT CAN'T BE USED NOW") {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{shown}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

/// Nothing waits for a courier, since the line is open; the folders are used all the same, so that both sides know whether they work.
#[tokio::test]
async fn folders_are_exercised_while_nothing_waits_for_them() {
    let mut pair = Pair::running().await;
    let is_open = |line: &Line| line.verdict == "open" && line.unconfirmed == 0;
    pair.washington.until("open", is_open).await;
    let folders = ["one", "other"].map(|name| {
        let folder = file(&pair, name);
        fs::create_dir(&folder).unwrap();
        folder
    });
    for (side, at) in [(&mut pair.washington, 0), (&mut pair.moscow, 1)] {
        side.stop();
        let mut command = side.command();
        command.args(["--write-bundles", &folders[at]]);
        command.args(["--read-bundles", &folders[1 - at]]);
        side.start_as(&mut command);
    }
    let deadline = tokio::time::Instant::now() + crate::pair::PATIENCE;
    for side in [&pair.washington, &pair.moscow] {
        loop {
            let line = json(side, &["courier", "status"])["lines"][0].clone();
            if line["given"].is_object() && line["taken"].is_object() {
                assert_eq!(line["unproven"], false, "{line}");
                break;
            }
            assert!(tokio::time::Instant::now() < deadline, "{line}");
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        let shown = json(side, &["bearers"]);
        assert!(shown["couriers"][0]["taken"].is_object(), "{shown}");
        let told = side.printed(&["bearers"]);
        assert!(told.contains("Last bundle made"), "{told}");
    }
}

/// OL-440: Moscow's station may only listen. It has everything, sends nothing, and a courier brings its word back.
#[tokio::test]
async fn a_station_that_may_only_listen_has_everything_and_sends_nothing() {
    let mut pair = parted().await;
    pair.washington.stop();
    let [_, port] = pair.ports();
    let address = format!("udp://127.0.0.1:{port}");
    pair.washington
        .listen_at(vec!["udp://127.0.0.1:0".to_owned()]);
    let mut command = pair.washington.command();
    command.args(["--send-only", &address]);
    pair.washington.start_as(&mut command);
    pair.moscow.listen_at(Vec::new());
    let mut command = pair.moscow.command();
    command.args(["--receive-only", &address]);
    pair.moscow.start_as(&mut command);
    let deadline = tokio::time::Instant::now() + crate::pair::PATIENCE;
    loop {
        let traffic = pair.moscow.printed(&["traffic"]);
        if traffic.contains("The bridge is closed.") && traffic.contains("A report.") {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{traffic}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let silent = &json(&pair.moscow, &["bearers"])["bearers"][0];
    assert_eq!(
        (&silent["receive_only"], &silent["sent"]["frames"]),
        (&true.into(), &0.into())
    );
    let shown = pair.washington.printed(&["bearers"]);
    assert!(
        shown.contains("in one direction") && shown.contains(&address),
        "{shown}"
    );
    for side in [&pair.washington, &pair.moscow] {
        let status = json(side, &["status"]);
        assert_ne!(status["lines"][0]["verdict"], "open", "{status}");
    }
    let flash = json(&pair.washington, &["show", "M-1"]);
    assert_eq!(flash["stages"].as_array().map(Vec::len), Some(0), "{flash}");
    let back = file(&pair, "to-washington.bundle");
    json(&pair.moscow, &["courier", "export", "-o", &back]);
    json(&pair.washington, &["courier", "import", &back]);
    let flash = json(&pair.washington, &["show", "M-1"]);
    assert_eq!(flash["stages"][0]["stage"], "stored", "{flash}");
}

/// A stranger's file, a text, a folder, nothing: each is named for what it is, and the station goes on.
#[tokio::test]
async fn what_is_no_bundle_of_ours_is_refused_with_its_reason() {
    let pair = parted().await;
    let path = file(&pair, "letter.txt");
    fs::write(&path, "Dear colleagues").unwrap();
    let refused = pair.washington.run(&["courier", "import", &path]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        words(&refused.stderr).contains("The file is no bundle."),
        "{}",
        words(&refused.stderr)
    );
    let noise = file(&pair, "noise.bundle");
    let mut bytes = b"openline bundle 1 3\n".to_vec();
    bytes.extend((0..3000u32).map(|at| (at * 7919 % 251) as u8));
    fs::write(&noise, bytes).unwrap();
    let strange = pair.washington.run(&["courier", "import", &noise]);
    assert_eq!(strange.status.code(), Some(1));
    for wrong in [
        file(&pair, "not-there"),
        pair.washington.home.display().to_string(),
    ] {
        let refused = pair.washington.run(&["courier", "import", &wrong]);
        assert_eq!(refused.status.code(), Some(1), "{wrong}");
    }
    let status = json(&pair.washington, &["status"]);
    assert_eq!(status["station"]["state"], "running");
}
