//! The words and bytes that both sides of a line must agree on: ids, limits, canonical encoding,
//! entries and their signatures, identity files.
//!
//! Pure: no clock, no randomness, no I/O. Everything that comes from outside passes a limit in
//! [`limits`] before it is read, and one door before it is believed ([`entry::SignedEntry::verify`]).

#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

pub mod address;
pub mod attachment;
pub mod card;
pub mod cbor;
pub mod charter;
pub mod codes;
pub mod compress;
pub mod cose;
pub mod entry;
pub mod fact;
pub mod grid;
pub mod haste;
pub mod header;
pub mod ids;
pub mod key;
pub mod ladder;
pub mod language;
pub mod limits;
pub mod names;
pub mod office;
pub mod opening;
pub mod place;
pub mod root;
pub mod safety;
pub mod tape;
pub mod terms;
pub mod text;
pub mod zoned;

#[cfg(test)]
mod testing;
