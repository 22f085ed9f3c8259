//! The program as a person and a script use it: real processes, real homes, one situation a test.

mod demo;
mod json;
mod opening;
mod program;
mod proving;
mod reading;
mod saying;
mod secrets;
