//! The core is sans-IO: in layers 0 to 2 there is no clock, no randomness, no I/O, no thread, no
//! `async`, no `unsafe`, and no container whose order differs from run to run.

mod reader;

use super::finding::Finding;
use super::source::RustFile;

/// A path, or the end or middle of one, that the core may not name, and what to do instead.
type Banned = (&'static str, &'static str);

const PASS_TIME_IN: &str =
    "take the time as an argument; a plain length of time is core::time::Duration";
const PASS_BYTES_IN: &str =
    "take the random bytes as an argument, or draw from a seed that is passed in";
const ASK_THE_DRIVER: &str = "put out a command and let the driver in layer 3 or 4 carry it out";
const SAFE_ONLY: &str = "write it in safe Rust, or move it to layer 3 with its reason";
const USE_ORDERED: &str = "use BTreeMap or BTreeSet: their order is the same in every run";

const BANNED: &[Banned] = &[
    ("std::time", PASS_TIME_IN),
    ("Instant::now", PASS_TIME_IN),
    ("SystemTime", PASS_TIME_IN),
    ("rand", PASS_BYTES_IN),
    ("getrandom", PASS_BYTES_IN),
    ("OsRng", PASS_BYTES_IN),
    ("RandomState", USE_ORDERED),
    ("HashMap", USE_ORDERED),
    ("HashSet", USE_ORDERED),
    ("std::fs", ASK_THE_DRIVER),
    ("std::net", ASK_THE_DRIVER),
    ("std::env", ASK_THE_DRIVER),
    ("std::process", ASK_THE_DRIVER),
    ("std::thread", ASK_THE_DRIVER),
    ("tokio", ASK_THE_DRIVER),
];

/// What a core crate's root must say, so that the compiler and clippy hold the line too.
const ROOT_LINTS: &[&str] = &[
    "forbid(unsafe_code)",
    "disallowed_methods",
    "disallowed_types",
];

/// Reads the program of the core; its tests may use what they like.
pub fn check(files: &[RustFile<'_>]) -> Vec<Finding> {
    let core = files.iter().filter(|file| file.is_core());
    core.flat_map(|file| reader::read(file).into_iter().chain(check_root(file)))
        .collect()
}

fn check_root(file: &RustFile<'_>) -> Option<Finding> {
    let said = file.text.replace(' ', "");
    let missing: Vec<_> = ROOT_LINTS
        .iter()
        .filter(|lint| !said.contains(*lint))
        .collect();
    (file.path.ends_with("src/lib.rs") && !missing.is_empty()).then(|| {
        Finding::new(
            file.path,
            format!("a core crate's root does not set the lints {missing:?}"),
            "add #![forbid(unsafe_code)] and \
             #![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]",
        )
    })
}

/// The first rule that a path breaks. A lone lower-case word is a variable, not a path.
fn banned(segments: &[String]) -> Option<&'static Banned> {
    let is_variable = segments.len() == 1
        && segments[0]
            .chars()
            .next()
            .is_some_and(|first| first.is_ascii_lowercase());
    let path = format!("::{}::", segments.join("::"));
    BANNED
        .iter()
        .find(|rule| !is_variable && path.contains(&format!("::{}::", rule.0)))
}

#[cfg(test)]
mod tests {
    use super::super::source::parse;
    use super::*;
    use crate::repo::Tree;

    fn found(path: &str, text: &str) -> Vec<String> {
        let tree = Tree::of(&[(path, text)]);
        check(&parse(&tree).0)
            .into_iter()
            .map(|finding| finding.what)
            .collect()
    }

    fn in_core(text: &str) -> Vec<String> {
        found("crates/proto/src/ring.rs", text)
    }

    #[test]
    fn each_way_to_break_purity_is_found_once() {
        let cases = [
            ("use std::time::Duration;", "std::time"),
            ("use std::{fmt, fs};", "std::fs"),
            ("use std::net::*;", "std::net"),
            ("fn f() { std::env::var(NAME); }", "std::env"),
            ("fn f() { let t = Instant::now(); }", "Instant::now"),
            ("fn f(t: SystemTime) {}", "SystemTime"),
            ("fn f() { rand::random() }", "rand"),
            ("use aws_lc_rs::rand;", "rand"),
            ("struct S { m: HashMap<u8, u8> }", "HashMap"),
            ("async fn f() {}", "async"),
            ("fn f() { async { 1 } }", "async"),
            ("fn f() { unsafe { g() } }", "unsafe"),
            ("unsafe impl Send for S {}", "unsafe"),
            ("fn f() { vec![std::thread::spawn(g)]; }", "std::thread"),
        ];
        for (text, word) in cases {
            assert_eq!(
                in_core(text),
                [format!("`{word}` in a core crate")],
                "{text}"
            );
        }
    }

    #[test]
    fn comments_tests_and_other_crates_are_left_alone() {
        assert!(in_core("// std::time\n/// HashMap\nfn f() {}").is_empty());
        assert!(in_core("#[cfg(test)] mod tests { use std::time::Instant; }").is_empty());
        assert!(in_core("fn f(rand: u64) -> u64 { rand }").is_empty());
        assert!(in_core("use core::time::Duration;").is_empty());
        assert!(in_core("use rand_chacha::ChaCha12Rng;").is_empty());
        assert!(found("crates/net/src/udp.rs", "use std::net::UdpSocket;").is_empty());
        assert!(found("crates/wire/examples/train.rs", "use std::fs;").is_empty());
        assert!(found("crates/wire/tests/files.rs", "use std::fs;").is_empty());
    }

    #[test]
    fn a_root_without_its_lints_is_found() {
        assert_eq!(found("crates/wire/src/lib.rs", "//! Ids.").len(), 1);
        assert_eq!(
            found("crates/wire/src/lib.rs", "#![forbid(unsafe_code)]").len(),
            1
        );
        let whole = "#![forbid(unsafe_code)]\n#![cfg_attr(not(test), \
                     deny(clippy::disallowed_methods, clippy::disallowed_types))]";
        assert!(found("crates/wire/src/lib.rs", whole).is_empty());
    }
}
