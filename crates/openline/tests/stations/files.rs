//! Files that go with messages, between two real stations and disks.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::pair::{Pair, Side};

/// Bytes that differ everywhere, with a word in them that is looked for.
fn bytes(len: usize) -> Vec<u8> {
    let mut state = 7u32;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let mut bytes: Vec<u8> = (0..len).map(next).collect();
    bytes[..WORD.len()].copy_from_slice(WORD);
    bytes
}

const WORD: &[u8] = b"the kestrel flies at noon";

fn path(pair: &Pair, name: &str) -> PathBuf {
    pair.washington.home.with_file_name(name)
}

/// Says something with a file, as a person's program would.
fn send(side: &Side, file: &std::path::Path) {
    let mut command = side.program();
    command.args(["say", "--stdin", "--wait", "stored", "--attach"]);
    command.arg(file).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"With it the plan.").unwrap();
    drop(input);
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success(), "{ended:?}");
}

fn files(side: &Side) -> Vec<Value> {
    let listed: Value = serde_json::from_str(&side.printed(&["--json", "file", "list"])).unwrap();
    listed["files"].as_array().unwrap().clone()
}

async fn until(side: &Side, state: &str) -> Value {
    loop {
        let files = files(side);
        if let Some(file) = files.into_iter().find(|file| file["state"] == state) {
            return file;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// OL-471, OL-473
#[tokio::test]
async fn a_plan_goes_with_a_text_and_is_written_there_as_it_was() {
    let pair = Pair::running().await;
    let (plan, there) = (path(&pair, "plan.pdf"), path(&pair, "theirs.pdf"));
    let bytes = bytes(1_500_000);
    fs::write(&plan, &bytes).unwrap();
    send(&pair.washington, &plan);
    let whole = until(&pair.moscow, "whole").await;
    assert_eq!(
        (whole["name"].as_str(), whole["held"].as_u64()),
        (Some("plan.pdf"), Some(1_500_000))
    );
    until(&pair.washington, "delivered").await;
    let shown = pair.moscow.printed(&["traffic"]);
    assert!(shown.contains("File 1: plan.pdf, 1.5 MB"), "{shown}");
    let russian = pair.moscow.printed(&["--lang", "ru", "file", "list"]);
    assert!(russian.contains("Он здесь целиком"), "{russian}");
    let output = there.display().to_string();
    let saved = pair.moscow.run(&["file", "save", "M-1", "-o", &output]);
    assert!(saved.status.success(), "{saved:?}");
    assert!(fs::read(&there).unwrap() == bytes, "it is as it was");
    // No second time over the same file, and none that there is not.
    assert!(
        !pair
            .moscow
            .run(&["file", "save", "M-1", "-o", &output])
            .status
            .success()
    );
    let none = pair
        .moscow
        .run(&["file", "save", "M-1", "--number", "2", "-o", "never"]);
    assert!(
        String::from_utf8(none.stderr)
            .unwrap()
            .contains("No file 2 goes with")
    );
    for side in [&pair.washington, &pair.moscow] {
        lies_nowhere(side);
    }
    let removed = pair
        .moscow
        .run(&["file", "remove", "M-1", "--as", "Lt. Orlova"]);
    assert!(removed.status.success(), "{removed:?}");
    until(&pair.moscow, "removed").await;
    let gone = pair.moscow.run(&["file", "save", "M-1", "-o", "never"]);
    let why = String::from_utf8(gone.stderr).unwrap();
    assert!(why.contains("not here any more"), "{why}");
}

/// Neither the bytes nor the name of the file can be read in any file of the home.
fn lies_nowhere(side: &Side) {
    for entry in fs::read_dir(&side.home).unwrap() {
        let path = entry.unwrap().path();
        let Ok(bytes) = fs::read(&path) else {
            continue;
        };
        for word in [WORD, b"plan.pdf"] {
            let is_there = bytes.windows(word.len()).any(|it| it == word);
            assert!(
                !is_there,
                "{} has {}",
                path.display(),
                String::from_utf8_lossy(word)
            );
        }
    }
}

/// OL-473: what is lacking comes after whatever befell either side.
#[tokio::test]
async fn a_file_goes_on_though_both_stations_die_while_it_comes() {
    let mut pair = Pair::running().await;
    let plan = path(&pair, "plan.bin");
    fs::write(&plan, bytes(20_000_000)).unwrap();
    send(&pair.washington, &plan);
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        pair.moscow.kill();
        pair.moscow.start();
        tokio::time::sleep(Duration::from_millis(300)).await;
        pair.washington.kill();
        pair.washington.start();
    }
    until(&pair.moscow, "whole").await;
    let there = path(&pair, "there.bin").display().to_string();
    assert!(
        pair.moscow
            .run(&["file", "save", "M-1", "-o", &there])
            .status
            .success()
    );
    assert!(fs::read(&there).unwrap() == fs::read(&plan).unwrap());
}

/// What can't be sent is said before anybody types, and nothing goes.
#[tokio::test]
async fn what_is_no_file_is_refused_before_the_text() {
    let pair = Pair::running().await;
    let empty = path(&pair, "empty.pdf").display().to_string();
    fs::write(&empty, "").unwrap();
    let large = path(&pair, "large.pdf");
    fs::File::create(&large)
        .unwrap()
        .set_len((64 << 20) + 1)
        .unwrap();
    let large = large.display().to_string();
    for (file, why) in [(&empty, "is empty"), (&large, "is larger than 67.1 MB")] {
        let refused = pair.washington.run(&["say", "--stdin", "--attach", file]);
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && said.contains(why), "{said}");
    }
    assert!(files(&pair.washington).is_empty());
}
