//! What must hold is in `openline_fuzz`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| openline_fuzz::run(env!("CARGO_BIN_NAME"), data));
