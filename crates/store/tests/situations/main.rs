//! A home on a disk, as situations: crashes, full disks, damage, hand-edited rows, and what must never be read in it.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod alarms;
mod common;
mod crash;
mod damage;
mod disk;
mod hand_edited;
mod lost;
mod opening;
mod reading;
mod record;
mod secret;
