//! The crisis line's program: station, control API and its client, command line, demo.

pub mod api;
pub mod ceremony;
pub mod cli;
pub mod client;
mod demo;
pub mod home;
pub mod i18n;
pub mod ndjson;
pub mod station;
