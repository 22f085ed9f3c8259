//! The words and bytes that both sides of a line must agree on: ids, limits, canonical encoding,
//! entries and their signatures, identity files.
//!
//! Pure: no clock, no randomness, no I/O.

pub mod ids;
