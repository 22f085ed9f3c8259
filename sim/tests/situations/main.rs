//! Real cores on the seeded world and on seeded links, as situations.

mod alarms;
mod contacts;
mod copies;
mod corpora;
mod couriers;
mod exercises;
mod files;
mod liars;
mod line_tests;
mod link;
mod lossy_link;
mod lying_peer;
mod moved;
mod observer;
mod one_way;
mod records;
mod ringing;
mod rosters;
mod silence;
mod thin;
mod two_bearers;
mod two_stations;
