//! The crisis line's program: the party's home and the ceremony that opens a line.

pub mod ceremony;
pub mod home;
