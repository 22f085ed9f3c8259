//! Writes the corpora of `fuzz/` from real encodings, and the states that its target `mls` stands on. Called by hand
//! only; what the fuzzer found is kept beside them. Cards and line files are those of `vectors/identity`.
//!
//!     cargo run -p openline-sim --example make_corpora

mod channel;
mod frames;
mod people;
mod scripts;

#[path = "../../../fuzz/src/lib.rs"]
#[allow(dead_code, reason = "only what the corpora are made of")]
mod fuzz;

use std::path::{Path, PathBuf};

/// A target's name, an input's name, the input.
pub type Input = (&'static str, &'static str, Vec<u8>);

fn main() -> std::io::Result<()> {
    let mls = channel::mls();
    for (name, state) in &mls.states {
        std::fs::write(root().join("fuzz/fixtures").join(name), state)?;
    }
    let files = files_of_people()?;
    let made = [
        people::inputs(),
        frames::inputs(),
        channel::inputs(),
        scripts::inputs(),
        mls.inputs,
    ];
    for (target, name, input) in made.into_iter().flatten() {
        write(target, name, &input)?;
    }
    for (target, name, input) in files {
        write(target, &name, &input)?;
    }
    Ok(())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn write(target: &str, name: &str, input: &[u8]) -> std::io::Result<()> {
    let folder = root().join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(name), input)
}

/// Of the vectors: small ones of each kind, and what is inside the line files.
fn files_of_people() -> std::io::Result<Vec<(&'static str, String, Vec<u8>)>> {
    let mut files = Vec::new();
    for folder in ["valid", "invalid"] {
        for file in std::fs::read_dir(root().join("vectors/identity").join(folder))? {
            let path = file?.path();
            let text = |part: Option<&std::ffi::OsStr>| {
                part.map(|part| part.to_string_lossy().into_owned())
                    .unwrap_or_default()
            };
            let (name, kind) = (text(path.file_stem()), text(path.extension()));
            let target = match kind.as_str() {
                "card" => "card",
                "charter" => "charter",
                "line" => "line_file",
                _ => continue,
            };
            let bytes = std::fs::read(&path)?;
            if target == "line_file" && folder == "valid" {
                files.extend(people::inside(&name, &bytes));
            }
            let is_chosen =
                target == "charter" || folder == "valid" || people::CHOSEN.contains(&name.as_str());
            if is_chosen && bytes.len() < 16 * 1024 {
                files.push((target, name, bytes));
            }
        }
    }
    Ok(files)
}
