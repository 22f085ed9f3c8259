//! Two real stations on one machine: processes, sockets, disks. What befalls them.

#![allow(clippy::unwrap_used, reason = "a test may fail by unwrapping")]

mod api;
mod crash;
mod disk;
mod pair;
mod talk;
