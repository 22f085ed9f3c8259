//! Exercises: two parties agree to practise, and say so beforehand (`spec/exercises.md`).
//!
//! An exercise is a proposal of one party and an acceptance of another; either ends it. What is written in it names it and bears its
//! mark, which is signed and can't be taken off. [`book`] is what is held of the exercises of a line, and says which is in force;
//! [`stands`] tells whether an entry that came belongs to one.

pub mod book;
pub mod request;
pub mod stands;
