//! What must hold for any bytes from outside, target by target.
//!
//! The programs in `fuzz_targets/` call [`run`] with what libFuzzer makes up; `sim/tests/situations/corpora.rs` replays the
//! corpora through the same functions with an ordinary compiler. A decoder never panics, and takes only the one
//! form that it would write itself.

use openline_wire::cbor::Canonical;

pub mod bundle;
pub mod channel;
pub mod core_bodies;
pub mod core_driver;
pub mod core_input;
pub mod core_peer;
pub mod frames;
pub mod identity;
pub mod input;
pub mod line;
pub mod mls;
pub mod record;
pub mod rings;
pub mod texts;

/// A target's name, that of its program and of its corpus, and what is run on each input.
pub type Target = (&'static str, fn(&[u8]));

/// All targets, in ascending order of name.
pub const TARGETS: &[Target] = &[
    ("address", texts::address),
    ("bodies", frames::bodies),
    ("bundle", bundle::bundle),
    ("card", identity::card),
    ("charter", identity::charter),
    ("compressed", texts::compressed),
    ("core_input", core_input::core_input),
    ("entry", record::entry),
    ("fact", texts::fact),
    ("frame", channel::frame),
    ("header", record::header),
    ("key_message", channel::key_message),
    ("line", line::line),
    ("line_file", identity::line_file),
    ("mls", mls::mls),
    ("opening", identity::opening),
    ("packed", frames::packed),
    ("record_file", record::record_file),
    ("snapshot", channel::snapshot),
    ("tape", identity::tape),
    ("text", texts::text),
];

/// Runs one target on one input.
pub fn run(target: &str, data: &[u8]) {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    let (_, run) = found.unwrap_or_else(|| panic!("no target is called {target}"));
    run(data);
}

/// Bytes that are a value at all are the bytes that it would write.
fn is_read_in_one_form<T: Canonical>(data: &[u8]) {
    if let Ok(value) = T::from_bytes(data) {
        assert_eq!(value.to_bytes(), data);
    }
}

/// A value that another reader has read already.
fn reads<T: Canonical>(data: &[u8]) -> T {
    T::from_bytes(data).expect("it was read before")
}
