//! Tests of the line: both sides know that it works before they need it (`spec/watch.md`, OL-741 to OL-759).
//!
//! [`schedule`] says when a test is due and when one was missed; [`initiator`] and [`responder`] are the two machines of one
//! test, each a table; [`corpus`] has the texts and chooses; [`book`] hands what happens to all of them; [`history`] keeps what came
//! of each, to be [`shown`].

pub mod book;
pub mod corpus;
pub mod history;
pub mod initiator;
pub mod responder;
pub mod schedule;
pub mod shown;
pub mod told;
