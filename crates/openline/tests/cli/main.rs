//! The program as a person and a script use it: real processes, real homes, one situation a test.

mod alarming;
mod asking;
mod carried;
mod contacting;
mod damage;
mod demo;
mod exercising;
mod following;
mod frozen;
mod json;
mod listening;
mod opening;
mod program;
mod proving;
mod reading;
mod ringing;
mod saying;
mod secrets;
mod taking_up;
mod terminal;
mod testing;
mod window;
mod withheld;
