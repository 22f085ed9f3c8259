//! The fuzz targets' corpora, replayed: what once was found stays found, with an ordinary compiler.
//!
//! OL-301 OL-326 OL-360 OL-401

#[path = "../../../fuzz/src/lib.rs"]
mod fuzz;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Inputs that a corpus has at least.
const LEAST: usize = 10;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz")
        .join(name)
}

fn names(folder: &Path) -> BTreeSet<String> {
    let files = std::fs::read_dir(folder).expect("a folder");
    let name = |path: PathBuf| path.file_stem().map(|s| s.to_string_lossy().into_owned());
    files
        .filter_map(|file| name(file.expect("a file").path()))
        .collect()
}

/// A program without a corpus, a corpus without a program, or either without a line in the table of targets.
#[test]
fn every_target_has_a_program_and_a_corpus_and_is_replayed() {
    let replayed: BTreeSet<String> = fuzz::TARGETS
        .iter()
        .map(|(name, _)| name.to_string())
        .collect();
    assert_eq!(names(&folder("fuzz_targets")), replayed);
    assert_eq!(names(&folder("corpus")), replayed);
    let manifest = std::fs::read_to_string(folder("Cargo.toml")).expect("the manifest");
    for name in &replayed {
        let path = format!("path = \"fuzz_targets/{name}.rs\"");
        assert!(
            manifest.contains(&path),
            "fuzz/Cargo.toml does not build {name}"
        );
    }
}

#[test]
fn every_corpus_is_replayed() {
    for (target, _) in fuzz::TARGETS {
        let inputs = std::fs::read_dir(folder("corpus").join(target)).expect("a corpus");
        let mut replayed = 0;
        for input in inputs {
            let path = input.expect("an input").path();
            println!("{}", path.display());
            fuzz::run(target, &std::fs::read(&path).expect("an input"));
            replayed += 1;
        }
        assert!(replayed >= LEAST, "{target}: only {replayed} inputs");
    }
}
