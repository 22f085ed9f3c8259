//! Rings: one side calls an office of the other, which accepts, declines, puts it off or does not answer, and both
//! can prove which (`spec/rings.md`).
//!
//! Each decision has one owner (rule 5): a boot of the called side decides that it rings there and what it answers, the
//! boot that rang decides how it ended. [`caller`] and [`called`] are these two machines, each a table; [`held`] is what
//! is known of a ring, whoever owns it; [`book`] hands what happens on a line to all of them;
//! [`seen`] is what an author had seen when he wrote.

pub mod book;
pub mod called;
pub mod caller;

pub use openline_record::ring::{Rings, held, seen};
