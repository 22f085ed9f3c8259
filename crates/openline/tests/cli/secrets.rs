//! After a secret message: nothing of it where others could read it (situation 8).

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Sides, message, ok, openline, run, until};

/// Not a word of it may be found.
const SECRET: &str = "zanzibar quicksilver heliotrope";

#[test]
fn after_a_secret_message_nothing_of_it_lies_about() {
    let sides = Sides::opened();
    let stations = sides.connected();
    let text = sides.at("text");
    fs::write(&text, SECRET).expect("a file");
    let mut say = openline(&sides.washington)
        .args(["say", "--flash", "--wait", "read"])
        .stdin(fs::File::open(&text).expect("the text"))
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("the program");
    until("it is at Moscow", || {
        message(&sides.moscow, SECRET).is_some()
    });
    fs::remove_file(&text).expect("the text");

    let processes = [say.id(), stations[0].pid(), stations[1].pid()];
    for pid in processes {
        is_silent_in_the_process_list(pid);
        leaves_no_core(pid);
    }
    let short = message(&sides.moscow, SECRET).expect("the message")["short"].clone();
    let short = short.as_str().expect("a short name");
    ok(run(
        &sides.moscow,
        &["sign-read", short, "--as", "Lt. Orlova", "--yes"],
    ));
    assert!(say.wait().expect("an end").success());

    // A copy made while the station runs, journal and all; then a crash, and a start from what it left.
    let copy = sides.directory.path().join("copy");
    fs::create_dir(&copy).expect("a folder");
    for path in all_files(&sides.moscow) {
        let name = path.file_name().expect("a name");
        fs::copy(&path, copy.join(name)).expect("a copy");
    }
    let [washington, moscow] = stations;
    moscow.kill();
    let moscow = sides.start_moscow();
    until("it is still at Moscow", || {
        message(&sides.moscow, SECRET).is_some()
    });
    for station in [&washington, &moscow] {
        is_silent_in_the_process_list(station.pid());
    }
    drop((washington, moscow));
    nothing_lies_in(sides.directory.path());
}

fn is_silent_in_the_process_list(pid: u32) {
    for file in ["cmdline", "environ"] {
        let seen = fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
        assert!(!has_part_of_secret(&seen), "/proc/{pid}/{file}");
    }
}

fn leaves_no_core(pid: u32) {
    let limits = fs::read_to_string(format!("/proc/{pid}/limits")).expect("the limits");
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let words: Vec<_> = core.expect("a limit").split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{words:?}");
}

/// Homes with their databases and journals, a copy, and what the stations printed.
fn nothing_lies_in(folder: &Path) {
    let files = all_files(folder);
    assert!(
        files.iter().any(|path| path.ends_with("record.db")),
        "{files:?}"
    );
    for name in ["moscow.stderr", "copy/record.db", "copy/record.db-wal"] {
        assert!(
            files.iter().any(|path| path.ends_with(name)),
            "{name}: {files:?}"
        );
    }
    for path in files {
        assert!(
            !has_part_of_secret(&fs::read(&path).expect("a file")),
            "{}",
            path.display()
        );
    }
}

#[test]
fn every_file_of_a_home_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let sides = Sides::opened();
    let _stations = sides.connected();
    for path in all_files(&sides.moscow)
        .into_iter()
        .chain([sides.moscow.clone()])
    {
        let mode = fs::symlink_metadata(&path)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", path.display());
    }
}

fn has_part_of_secret(bytes: &[u8]) -> bool {
    let mut words = SECRET.split(' ');
    words.any(|word| {
        bytes
            .windows(word.len())
            .any(|window| window == word.as_bytes())
    })
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for item in fs::read_dir(folder).expect("a folder") {
        let path = item.expect("an item").path();
        if path.is_dir() {
            files.extend(all_files(&path));
        } else if path.is_file() {
            files.push(path);
        }
    }
    files
}
