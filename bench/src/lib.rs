//! openline side by side with the limits of the machine and of the link.
//!
//! It drives the program as a user would, by its command line and its JSON events, so a figure includes everything
//! that a user waits for. All that it assumes about them stands in [`openline_cli`].

pub mod bed;
pub mod conversation;
pub mod files;
pub mod flood;
pub mod idle;
pub mod linkem;
pub mod links;
pub mod machine;
pub mod markdown;
pub mod openline_cli;
pub mod pair;
pub mod peers;
pub mod probe;
pub mod process;
pub mod recorder;
pub mod rings;
pub mod slow_relay;
pub mod statistics;
pub mod strangers;
pub mod text;
pub mod texts;
pub mod throughput;
pub mod ways;
