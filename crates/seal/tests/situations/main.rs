//! Channels between two stations, as situations: opening, rotation, restarts, bundles, and what a forger tries.

mod bundles;
mod common;
mod frames;
mod generations;
mod opening;
mod restarts;
mod rotation;
mod salts;
mod verifying;
