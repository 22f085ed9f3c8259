//! Two real stations on one machine: processes, sockets, disks. What befalls them.

#![allow(clippy::unwrap_used, reason = "a test may fail by unwrapping")]

mod alarms;
mod api;
mod clocks;
mod contacts;
mod copies;
mod couriers;
mod crash;
mod disk;
mod exercises;
mod failback;
mod files;
mod flood;
mod line_tests;
mod moved;
mod pair;
mod relay;
mod rings;
mod serial;
mod steady;
mod strangers;
mod talk;
mod tls;
mod watch;
mod ways;
