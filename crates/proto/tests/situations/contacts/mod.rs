//! Contacts between Washington and Moscow: they compare codes, propose, read back and confirm, and one of them may lie.

mod lapsed;
mod orders;
mod proposals;
mod stations;
mod verifying;
