//! What a record proves: one Merkle tree for each chain, the rules that link its entries, and the
//! verifier that anybody can run offline over an exported record.
//!
//! Pure, like `openline-wire`, the only crate of ours that it needs: entries, keys and bytes go in,
//! findings and a report come out. It never says "complete", only "complete to X, beyond unknown"
//! (rule 8).

#![forbid(unsafe_code)]
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

pub mod attempts;
pub mod chain;
mod claims;
mod coverage;
pub mod equivocation;
pub mod export;
pub mod finding;
mod finish;
pub mod grounds;
pub mod report;
pub mod ring;
mod runs;
mod strand;
pub mod tree;
pub mod verify;

#[cfg(test)]
#[allow(dead_code, reason = "a part of it is used here")]
#[path = "../tests/situations/support/author.rs"]
mod testing;
