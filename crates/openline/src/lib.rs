//! The crisis line's program: the party's home, the ceremony that opens a line, the station, its control API and
//! client, the command line and the demo.

// The product has no planted bugs: with the world's feature `sabotage` on in the same build, this does not compile.
const _: () = assert!(!openline_seal::sabotage::planted(
    openline_seal::sabotage::Bug::SignatureUnchecked
));

pub mod api;
pub mod ceremony;
pub mod cli;
pub mod client;
mod demo;
pub mod home;
pub mod i18n;
mod json;
pub mod ndjson;
pub mod station;
