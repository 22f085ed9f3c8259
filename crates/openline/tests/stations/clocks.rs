//! Wall clocks that are wrong, jump, and go back.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::copies::until_held;
use crate::pair::{PATIENCE, Pair, Side, message};

const DAY_MS: i64 = 86_400_000;

/// A library that makes the wall clock of a process wrong, compiled from `wall_clock.c`.
fn wrong_clock(folder: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stations/wall_clock.c");
    let library = folder.join("wall_clock.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-Wall", "-Werror", "-o"]);
    let compiled = compiler.arg(&library).arg(source).status().unwrap();
    assert!(compiled.success());
    library
}

/// Waits until a station says that the line is open and the other clock so much ahead. An offset is a figure: it is
/// shown to whoever asks.
async fn until_shown(side: &Side, ahead_ms: i64) {
    let is_near = |shown: i64| (shown - ahead_ms).abs() < DAY_MS / 4;
    let shown = async {
        loop {
            let status = side.client().status().await.unwrap();
            let line = &status.lines[0];
            if line.verdict == "open" && line.clock_offset_ms.is_some_and(is_near) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    let shown = tokio::time::timeout(PATIENCE, shown).await;
    shown.unwrap_or_else(|_| panic!("{ahead_ms} ms are not shown"));
}

/// OL-452
#[tokio::test]
async fn moscows_clock_is_a_day_ahead_then_a_day_behind_and_texts_pass_all_the_time() {
    let mut pair = Pair::open();
    let folder = tempfile::tempdir().unwrap();
    let seconds = folder.path().join("seconds");
    fs::write(&seconds, "86400").unwrap();
    let mut command = pair.moscow.command();
    command.env("LD_PRELOAD", wrong_clock(folder.path()));
    pair.moscow.start_as(command.env("WALL_CLOCK", &seconds));
    pair.washington.start();
    for (offset, text) in [
        (1, "ahead"),
        (-1, "behind"),
        (0, "right"),
        (-20_000, "in 1971"),
    ] {
        fs::write(&seconds, (offset * DAY_MS / 1_000).to_string()).unwrap();
        until_shown(&pair.washington, offset * DAY_MS).await;
        until_shown(&pair.moscow, -offset * DAY_MS).await;
        for (from, to) in [
            (&pair.washington, &pair.moscow),
            (&pair.moscow, &pair.washington),
        ] {
            let sent = from
                .client()
                .say("-", &message(text, "flash"))
                .await
                .unwrap();
            until_held(to, &sent.entry.unwrap()).await;
        }
    }
    assert!(pair.moscow.stop());
    fs::write(&seconds, "-3600").unwrap();
    pair.moscow.start_as(&mut command);
    pair.moscow
        .until("open again", |line| line.verdict == "open")
        .await;
}
