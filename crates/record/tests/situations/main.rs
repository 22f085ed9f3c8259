//! Records, as situations: made, exported, verified, and falsified in every way that the vectors name.

mod cut_rings;
mod record_file;
mod registries;
mod restarts;
mod support;
mod vectors;
mod verify;
