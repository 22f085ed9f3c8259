//! Writes `vectors/entry` and `vectors/record` from fixed keys and times, so that every run writes the
//! same bytes. Nothing in the tests calls it: they only read what it has written, and so does
//! `interop/check_vectors.py`, which knows the specification and none of this code.
//!
//!     cargo run -p openline-record --example make_vectors

mod contacts;
mod defects;
mod exercises;
mod forgeries;
mod line_tests;
mod reachable;
mod records;
mod rings;
mod rosters;
#[allow(dead_code, reason = "a part of it is used here")]
#[path = "../../tests/situations/support/mod.rs"]
mod support;
mod valid;
mod watch;

use std::path::{Path, PathBuf};

use serde_json::Value;

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors");
    let entries = root.join("entry");
    for (name, vector) in valid::all() {
        write_json(&entries.join("valid"), name, &vector)?;
    }
    for (name, vector) in defects::all()
        .into_iter()
        .chain(rings::defects())
        .chain(contacts::defects())
        .chain(watch::defects())
        .chain(rosters::defects())
        .chain(line_tests::defects())
        .chain(exercises::defects())
        .chain(reachable::defects())
        .chain(forgeries::all())
    {
        write_json(&entries.join("invalid"), name, &vector)?;
    }
    for (name, file, expected) in records::all() {
        let directory = root.join("record");
        write_json(&directory, name, &expected)?;
        std::fs::write(path(&directory, name, "olr"), file)?;
    }
    Ok(())
}

fn write_json(directory: &Path, name: &str, value: &Value) -> std::io::Result<()> {
    std::fs::create_dir_all(directory)?;
    std::fs::write(path(directory, name, "json"), format!("{value:#}\n"))
}

fn path(directory: &Path, name: &str, extension: &str) -> PathBuf {
    directory.join(name).with_extension(extension)
}

/// Lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
