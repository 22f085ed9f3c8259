//! The ceremony that opens a line, in three steps with two files carried between them.
//!
//! ```text
//! Washington                          carried                  Moscow
//! open_line(card of Moscow)    ---->  to-moscow.line     ----> accept_line
//!   Proposal::write                                              Invitation::accept(number)
//! finish_line                  <----  to-washington.line <----
//!   Reply::finish(number)
//! ```
//!
//! Each step has two halves. The first reads, checks everything and shows (card, charter, safety number)
//! and makes nothing. The second takes the safety number that the person compared and commits, whole or not
//! at all. There is no way past the number. The accepting station may start after `accept`, the opener's
//! after `finish`; [`load_lines`] then gives each what it needs.

mod accept;
mod channel;
mod charter_file;
mod error;
mod finish;
mod folder;
mod inspect;
mod lookalike;
mod open;
mod own;
mod setup;
mod signed;

pub use accept::{Given, Invitation, accept_line, answer_given};
pub use charter_file::{CharterFileError, DEFAULT_CHARTER, charter_from_toml};
pub use error::CeremonyError;
pub use finish::{Reply, finish_line};
pub use folder::{erase_opening_secrets, write_answer_again, write_offer_again};
pub use inspect::{Inspected, inspect};
pub use lookalike::{Lookalike, look_alike, lookalikes};
pub use open::{Carried, Proposal, open_line};
pub use setup::{
    Compared, LineParty, LineSetup, Lines, Tapes, WaitingLine, damaged_lines_peer, load_lines,
};
pub use signed::Signed;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod words_test;
