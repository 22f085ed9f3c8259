//! Alarms: a state that follows from what is held and heard, acknowledged and shelved by people (`spec/watch.md`, OL-771 to
//! OL-775). [`cause`] says what there is an alarm for; [`machine`] is the life of one alarm, a table; [`book`] keeps all of them.
//!
//! The terms are those of ISA-18.2 and IEC 62682: what is raised is acknowledged or shelved, and what goes away before
//! anybody has acknowledged it stays as cleared and not acknowledged.

pub mod book;
pub mod cause;
pub mod machine;
