//! The watch of each party, and suspensions of the line (`spec/watch.md`).
//!
//! A watch belongs to a party and not to a boot: any boot of the party may write of it, and it outlives them. So that a
//! hand-over is decided once all the same, one entry decides it, the take-over, by what its author knew (rule 5). [`machine`]
//! is what a person may do in which state; [`known`] tells what an entry knows; [`watches`] is what is held of one party;
//! [`book`] hands what happens on a line to all of them; [`suspension`] says what a suspended line still carries;
//! [`roster`] holds who is to be on watch when, and [`clock`] whether the clock on the wall can be believed.

pub mod book;
pub mod clock;
pub mod known;
pub mod machine;
pub mod roster;
pub mod suspension;
pub mod watches;
