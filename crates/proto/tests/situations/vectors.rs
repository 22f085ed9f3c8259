//! Bodies against the files in `vectors/channel`, which an independent program made from the specification alone
//! (`interop/make_vectors`). Nothing here writes them.
//!
//! What each invalid one shows, its name says; together: OL-401 OL-402 OL-403 OL-426.

use std::path::Path;

use openline_proto::bodies::{self, Body};
use openline_wire::cbor::Canonical as _;
use serde_json::Value;

fn vectors(folder: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../vectors/channel")
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
    let all = files.map(|file| read(&file.expect("a file").path()));
    all.filter(|(_, vector): &(String, Value)| vector["object"] == "bodies")
        .collect()
}

fn bytes(vector: &Value) -> Vec<u8> {
    let text = vector["bytes"].as_str().expect("hexadecimal");
    let pair = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(pair).collect()
}

fn kind(body: &Body) -> &'static str {
    match body {
        Body::Have(_) => "have",
        Body::Entries(_) => "entries",
        Body::Want(_) => "want",
        Body::Fragment(_) => "fragment",
        Body::Keys(_) => "keys",
        Body::Pull(_) => "pull",
        Body::Piece(_) => "piece",
        Body::Confirm(_) => "confirm",
    }
}

#[test]
fn every_valid_frame_is_read_as_the_bodies_that_its_vector_names() {
    let vectors = vectors("valid");
    assert!(vectors.len() >= 28, "vectors are missing");
    for (name, vector) in vectors {
        let read = bodies::read_all(&bytes(&vector)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let kinds: Vec<_> = read.iter().map(kind).collect();
        assert_eq!(serde_json::json!(kinds), vector["gives"]["kinds"], "{name}");
        let written: Vec<u8> = read.iter().flat_map(|body| body.to_bytes()).collect();
        assert_eq!(written, bytes(&vector), "{name}");
    }
}

#[test]
fn every_invalid_frame_is_refused() {
    let vectors = vectors("invalid");
    assert!(vectors.len() >= 53, "vectors are missing");
    let taken = |(name, vector): (String, Value)| {
        let read = bodies::read_all(&bytes(&vector));
        read.is_ok().then_some(name)
    };
    let taken: Vec<_> = vectors.into_iter().filter_map(taken).collect();
    assert!(taken.is_empty(), "taken: {taken:?}");
}
