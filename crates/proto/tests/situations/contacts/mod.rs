//! Contacts between Washington and Moscow: they compare codes, propose, read back and confirm, and one of them may lie.

mod orders;
mod proposals;
mod stations;
mod verifying;
