//! Frames on a line, and bundles, against the files in `vectors/line` and `vectors/bundle`, which an independent program made from the specification alone
//! (`interop/make_vectors`). Nothing here writes them.
//!
//! What each invalid one shows, its name says; together: OL-801 OL-802 OL-803 OL-811.

use std::path::Path;

use openline_net::bundle;
use openline_net::framing::{Damage, Deframer, encode};
use serde_json::Value;

fn vectors(folder: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../vectors")
        .join(folder);
    let files = std::fs::read_dir(folder).expect("a folder of vectors");
    let read = |path: &Path| {
        let text = std::fs::read_to_string(path).expect("a vector");
        let name = path.file_stem().expect("a name").to_string_lossy();
        (
            name.into_owned(),
            serde_json::from_str(&text).expect("JSON"),
        )
    };
    files
        .map(|file| read(&file.expect("a file").path()))
        .collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("hexadecimal");
    let pair = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(pair).collect()
}

fn taken(line: &[u8]) -> Vec<Result<Vec<u8>, Damage>> {
    let mut taken = Vec::new();
    Deframer::default().take(line, |it| taken.push(it.map(<[u8]>::to_vec)));
    taken
}

#[test]
fn every_frame_is_written_and_read_as_its_vector_says() {
    let vectors = vectors("line/valid");
    assert!(vectors.len() >= 9, "vectors are missing");
    for (name, vector) in vectors {
        let (line, frame) = (bytes(&vector["bytes"]), bytes(&vector["gives"]["frame"]));
        assert_eq!(encode(&frame), line, "{name}");
        assert_eq!(taken(&line), [Ok(frame)], "{name}");
    }
}

#[test]
fn what_is_no_frame_is_dropped_for_the_reason_that_its_vector_names_and_the_next_one_is_taken() {
    let vectors = vectors("line/invalid");
    assert!(vectors.len() >= 15, "vectors are missing");
    for (name, vector) in vectors {
        let why = match vector["refused_for"].as_str() {
            Some("size") => Damage::Size,
            Some("garbled") => Damage::Garbled,
            other => panic!("{name}: {other:?}"),
        };
        let next = vec![7; 40];
        let line = [bytes(&vector["bytes"]), encode(&next)].concat();
        assert_eq!(taken(&line), [Err(why), Ok(next)], "{name}");
    }
}

#[test]
fn every_bundle_is_read_as_its_vector_says() {
    let vectors = vectors("bundle/valid");
    assert!(vectors.len() >= 8, "vectors are missing");
    for (name, vector) in vectors {
        let frames = vector["gives"]["frames"].as_array().expect("frames");
        let frames: Vec<_> = frames.iter().map(bytes).collect();
        let read = bundle::read(&bytes(&vector["bytes"])).expect("a bundle");
        assert_eq!(read.frames, frames, "{name}");
        let promised = vector["gives"]["promised"].as_u64();
        assert_eq!(Some(read.promised), promised, "{name}");
    }
}

#[test]
fn what_is_no_bundle_is_refused() {
    let vectors = vectors("bundle/invalid");
    assert!(vectors.len() >= 8, "vectors are missing");
    for (name, vector) in vectors {
        let read = bundle::read(&bytes(&vector["bytes"]));
        assert_eq!(read, Err(bundle::NotABundle), "{name}");
    }
}
