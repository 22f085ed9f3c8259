//! The crisis line's program: the party's home, the ceremony that opens a line, the station, its control API and
//! client, the command line and the demo.

pub mod api;
pub mod ceremony;
pub mod cli;
pub mod client;
mod demo;
pub mod home;
pub mod i18n;
pub mod ndjson;
pub mod station;
