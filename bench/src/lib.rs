//! openline side by side with the limits of the machine and of the link.
//!
//! It drives the program as a user would, by its command line and its JSON events, so a figure includes everything
//! that a user waits for. All that it assumes about them stands in [`openline_cli`].

pub mod bed;
pub mod linkem;
pub mod links;
pub mod machine;
pub mod markdown;
pub mod probe;
pub mod statistics;
