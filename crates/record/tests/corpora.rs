//! The fuzz targets' corpora, replayed: what once was found stays found, with an ordinary compiler.
//!
//! OL-301 OL-326 OL-360

#[path = "../../../fuzz/src/record.rs"]
mod record;

use std::path::Path;

/// Every input of a target's corpus.
fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target);
    let inputs = std::fs::read_dir(folder).expect("a corpus");
    let mut replayed = 0;
    for input in inputs {
        let path = input.expect("an input").path();
        run(&std::fs::read(&path).expect("an input"));
        replayed += 1;
    }
    assert!(replayed >= 10, "{target}: only {replayed} inputs");
}

#[test]
fn the_corpus_of_headers_is_replayed() {
    replay("header", record::header);
}

#[test]
fn the_corpus_of_entries_is_replayed() {
    replay("entry", record::entry);
}

#[test]
fn the_corpus_of_record_files_is_replayed() {
    replay("record_file", record::record_file);
}
