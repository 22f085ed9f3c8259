//! A peer that lies: it has its node's key and its channel, and says with them what no honest station says. Each
//! lie is named, what proves it is kept within bounds, and our side goes on: a text in the other direction arrives.

mod chains;
mod crowds;
mod flood;
mod frames;
mod pulls;
mod world;
