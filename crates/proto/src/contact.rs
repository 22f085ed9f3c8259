//! Contacts: what follows when a ring was accepted. Both watches compare a code, and only then one side proposes, the other
//! reads back, and the first confirms (`spec/contacts.md`).
//!
//! Each decision has one owner (rule 5): each boot says whether the codes agreed, the boot that proposed says what becomes of its
//! proposal. [`state`] and [`proposal`] are these two machines, each a table; [`held`] is what is known of a contact and
//! [`view`] the state that follows from it; [`typed`] is the one way in which terms come from a person; [`book`] keeps all
//! contacts of a line and says what may be done now.

pub mod book;
pub mod held;
pub mod proposal;
pub mod request;
pub mod shown;
pub mod state;
pub mod typed;
pub mod view;
