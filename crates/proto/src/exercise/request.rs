//! What a person asks for about exercises, and why it is not done.

use openline_wire::ids::EntryId;

/// What a person asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// To exercise for so many milliseconds from now on, at most [`openline_wire::limits::EXERCISE_MS`].
    Propose(u64),
    /// To take part in what the other side proposed.
    Accept(EntryId),
    /// To end what is in force; or else to drop what is proposed, by either side.
    End,
}

/// Why what a person asks for is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDone {
    /// One is in force.
    Runs,
    /// Our side has proposed one that nobody has accepted yet.
    ProposedAlready,
    /// No such exercise is proposed by the other side.
    NoSuchProposal,
    /// It is our own proposal: the other side accepts it.
    OurProposal,
    /// It was ended, or its time is over.
    Over,
    /// None is in force, and none is proposed.
    NothingToEnd,
}
