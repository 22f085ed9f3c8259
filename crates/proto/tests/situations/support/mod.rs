//! What several groups of situations share.

pub mod desk;
pub mod drawing;
pub mod two;
