//! The caller's machine: from the ring to its one outcome. Owned by the boot that rang, and by no other (rule 5).
//!
//! The table is the machine: what stands in [`TABLE`] is what [`step`] does, and `docs/rings.md` is drawn from it.

use openline_wire::codes::Ending;

/// How far the ring has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nothing shows that it rings there.
    Calling,
    /// A boot of the called side signed that it rings.
    Ringing,
    /// The outcome is written, or on its way to the disk.
    Decided,
}

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// A boot of the called side signed that it rings.
    Ringing,
    /// A boot that signed so accepts.
    Accept,
    /// A boot that signed so declines.
    Decline,
    /// A boot that signed so puts it off.
    Later,
    /// An answer by a boot of which no ringing is held: it waits for that.
    EarlyAnswer,
    /// A person takes it back.
    Withdraw,
    /// Its time is over by our clock.
    Expiry,
    /// A smaller ring of theirs crosses it, and rings here (OL-532).
    Crossed,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing.
    Nothing,
    /// Write the outcome.
    Decide(Ending),
    /// Tell the person that it was decided before.
    TooLate,
    /// Whoever handed this in has lost count: nothing is done.
    Impossible,
}

/// A row: in this state, upon this event, go to that state and do this.
pub type Row = (State, Event, State, Action);

/// All states.
pub const STATES: [State; 3] = [State::Calling, State::Ringing, State::Decided];

/// All events.
pub const EVENTS: [Event; 8] = [
    Event::Ringing,
    Event::Accept,
    Event::Decline,
    Event::Later,
    Event::EarlyAnswer,
    Event::Withdraw,
    Event::Expiry,
    Event::Crossed,
];

/// The machine: every state with every event.
#[rustfmt::skip] // a table
pub const TABLE: [Row; 24] = {
    use Action::{Decide, Impossible, Nothing, TooLate};
    use State::{Calling, Decided};
    [
        (Calling, Event::Ringing, State::Ringing, Nothing),
        (Calling, Event::Accept, Calling, Impossible),
        (Calling, Event::Decline, Calling, Impossible),
        (Calling, Event::Later, Calling, Impossible),
        (Calling, Event::EarlyAnswer, Calling, Nothing),
        (Calling, Event::Withdraw, Decided, Decide(Ending::Withdrawn)),
        (Calling, Event::Expiry, Decided, Decide(Ending::Unreachable)),
        (Calling, Event::Crossed, Decided, Decide(Ending::Merged)),

        (State::Ringing, Event::Ringing, State::Ringing, Nothing),
        (State::Ringing, Event::Accept, Decided, Decide(Ending::Accepted)),
        (State::Ringing, Event::Decline, Decided, Decide(Ending::Declined)),
        (State::Ringing, Event::Later, Decided, Decide(Ending::Later)),
        (State::Ringing, Event::EarlyAnswer, State::Ringing, Nothing),
        (State::Ringing, Event::Withdraw, Decided, Decide(Ending::Withdrawn)),
        (State::Ringing, Event::Expiry, Decided, Decide(Ending::Unanswered)),
        (State::Ringing, Event::Crossed, Decided, Decide(Ending::Merged)),

        (Decided, Event::Ringing, Decided, Nothing),
        (Decided, Event::Accept, Decided, Nothing),
        (Decided, Event::Decline, Decided, Nothing),
        (Decided, Event::Later, Decided, Nothing),
        (Decided, Event::EarlyAnswer, Decided, Nothing),
        (Decided, Event::Withdraw, Decided, TooLate),
        (Decided, Event::Expiry, Decided, Nothing),
        (Decided, Event::Crossed, Decided, Impossible),
    ]
};

/// Every pair stands in the table once, in order: so [`step`] finds it by counting.
const _: () = {
    let mut at = 0;
    while at < TABLE.len() {
        assert!(TABLE[at].0 as usize == at / EVENTS.len());
        assert!(TABLE[at].1 as usize == at % EVENTS.len());
        at += 1;
    }
    assert!(TABLE.len() == STATES.len() * EVENTS.len());
};

/// What the machine does in a state upon an event.
pub const fn step(state: State, event: Event) -> (State, Action) {
    let (_, _, next, action) = TABLE[state as usize * EVENTS.len() + event as usize];
    (next, action)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-511
    #[test]
    fn what_is_decided_is_never_decided_again() {
        for event in EVENTS {
            let (next, action) = step(State::Decided, event);
            assert_eq!(next, State::Decided, "{event:?}");
            assert!(!matches!(action, Action::Decide(_)), "{event:?}");
        }
    }

    /// OL-511: each way to be decided ends there at once.
    #[test]
    fn a_ring_that_gets_its_outcome_is_decided() {
        for (state, event, next, action) in TABLE {
            let decides = matches!(action, Action::Decide(_));
            let becomes = next == State::Decided && state != State::Decided;
            assert_eq!(decides, becomes, "{state:?} {event:?}");
        }
    }

    /// OL-513
    #[test]
    fn nobody_came_in_time() {
        let ended = |state| step(state, Event::Expiry).1;
        assert_eq!(ended(State::Calling), Action::Decide(Ending::Unreachable));
        assert_eq!(ended(State::Ringing), Action::Decide(Ending::Unanswered));
    }
}
