//! The demo tells its whole story, and every claim in it was checked.

use crate::program::{ok, run};

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
        "parties", "cards", "charter", "open", "flash", "crash", "return", "record", "forgery",
    ];
    assert_eq!(names, story);
    for step in &steps {
        let claims = step["claims"].as_array().expect("claims");
        assert!(!claims.is_empty(), "{step}");
        for claim in claims {
            assert_ne!(claim["en"], claim["ru"], "in both languages: {claim}");
        }
    }
    // The homes are kept, and usable.
    let moscow = directory.path().join("kept/moscow").display().to_string();
    ok(run(directory.path(), &["verify", &moscow]));
}
