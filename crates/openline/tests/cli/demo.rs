//! The demo tells its whole story, and every claim in it was checked.

use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use crate::program::{ok, openline, run, until};

#[test]
fn the_demo_tells_its_story_to_the_end() {
    let directory = tempfile::TempDir::new().expect("a directory");
    let keep = directory.path().join("kept").display().to_string();
    let ran = ok(run(
        directory.path(),
        &["--json", "demo", "--once", "--keep", &keep],
    ));
    let steps = ran.json();
    let names: Vec<_> = steps.iter().map(|step| step["step"].clone()).collect();
    let story = [
        "parties", "cards", "charter", "open", "flash", "ring", "watch", "crash", "return",
        "record", "forgery",
    ];
    assert_eq!(names, story);
    for step in &steps {
        let claims = step["claims"].as_array().expect("claims");
        assert!(!claims.is_empty(), "{step}");
        for claim in claims {
            assert_ne!(claim["en"], claim["ru"], "in both languages: {claim}");
            let text = claim["en"].as_str().unwrap_or_default();
            assert!(!text.ends_with(':'), "what is compared is missing: {claim}");
        }
    }
    // The homes are kept, and usable.
    let moscow = directory.path().join("kept/moscow").display().to_string();
    ok(run(directory.path(), &["verify", &moscow]));
}

#[test]
fn a_demo_that_is_stopped_in_the_middle_leaves_no_key_behind() {
    let directory = tempfile::TempDir::new().expect("a directory");
    let stage = directory.path().join("tmp");
    std::fs::create_dir(&stage).expect("a folder");
    let mut command = openline(directory.path());
    command.args(["--json", "demo", "--once"]);
    command.env("TMPDIR", &stage).stderr(Stdio::piped());
    let demo = command.stdout(Stdio::null()).spawn().expect("the program");
    let is_empty = || {
        std::fs::read_dir(&stage)
            .expect("a folder")
            .next()
            .is_none()
    };
    until("there is a home", || !is_empty());
    let pid = Pid::from_child(&demo);
    kill_process(pid, Signal::INT).expect("a process");
    let ran = demo.wait_with_output().expect("an end");
    assert_eq!(ran.status.code(), Some(1), "it has not told its story");
    let error = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(error.contains("\"demo-stopped\""), "{error}");
    assert!(is_empty());
}

#[test]
fn the_demo_plays_with_no_home_that_is_there_already() {
    let directory = tempfile::TempDir::new().expect("a directory");
    let home = directory.path().join("washington");
    ok(run(&home, &["init", "--name", "Washington"]));
    let keep = directory.path().display().to_string();
    let ran = run(&home, &["--json", "demo", "--once", "--keep", &keep]);
    assert_eq!((ran.code, ran.error().as_str()), (1, "demo-keep"));
}
