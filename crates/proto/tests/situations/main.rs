//! The machines of the core, as situations: rings, watches, contacts, alarms, exercises, tests of the line.

mod alarms;
mod contact_tables;
mod contacts;
mod exercises;
mod frames;
mod line_tests;
mod marks;
mod ring_tables;
mod rings;
mod rosters;
mod support;
mod suspension;
mod vectors;
mod watch;
mod watch_order;
mod watch_tables;
