//! The machine of a boot that is called up: ready, then what was read, by machine and apart from it by a person.
//!
//! The table is the machine: what stands in [`TABLE`] is what [`step`] does, and `docs/watch.md` is drawn from it.

/// How far the test has come here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The call-up came.
    Called,
    /// It is signed that this boot is there.
    Ready,
    /// The machine has answered the text.
    ByMachine,
    /// A person has answered as well.
    ByPerson,
    /// The call-up was passed over.
    PassedOver,
}

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// It may be answered.
    InTime,
    /// It came too soon after the one before (OL-754).
    TooSoon,
    /// The text that follows our ready.
    Text,
    /// A person has read it.
    Person,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing.
    Nothing,
    /// Write that this boot is there.
    SignReady,
    /// Write what the machine read.
    SignByMachine,
    /// Write what the person read, in his name.
    SignByPerson,
    /// Tell the person that there is no text.
    NothingToRead,
    /// Tell the person that it was answered.
    Answered,
    /// Whoever handed this in has lost count: nothing is done.
    Impossible,
}

/// A row: in this state, upon this event, go to that state and do this.
pub type Row = (State, Event, State, Action);

/// All states.
pub const STATES: [State; 5] = [
    State::Called,
    State::Ready,
    State::ByMachine,
    State::ByPerson,
    State::PassedOver,
];

/// All events.
pub const EVENTS: [Event; 4] = [Event::InTime, Event::TooSoon, Event::Text, Event::Person];

/// The machine: every state with every event.
#[rustfmt::skip] // a table
pub const TABLE: [Row; 20] = {
    use Action::{Answered, Impossible, Nothing, NothingToRead, SignByMachine, SignByPerson, SignReady};
    use State::{ByMachine, ByPerson, Called, PassedOver, Ready};
    [
        (Called, Event::InTime, Ready, SignReady),
        (Called, Event::TooSoon, PassedOver, Nothing),
        (Called, Event::Text, Called, Impossible), // no ready of ours that it could follow
        (Called, Event::Person, Called, NothingToRead),

        (Ready, Event::InTime, Ready, Impossible), // one event for each call-up
        (Ready, Event::TooSoon, Ready, Impossible),
        (Ready, Event::Text, ByMachine, SignByMachine),
        (Ready, Event::Person, Ready, NothingToRead),

        (ByMachine, Event::InTime, ByMachine, Impossible),
        (ByMachine, Event::TooSoon, ByMachine, Impossible),
        (ByMachine, Event::Text, ByMachine, Nothing), // a second text for one ready
        (ByMachine, Event::Person, ByPerson, SignByPerson),

        (ByPerson, Event::InTime, ByPerson, Impossible),
        (ByPerson, Event::TooSoon, ByPerson, Impossible),
        (ByPerson, Event::Text, ByPerson, Nothing),
        (ByPerson, Event::Person, ByPerson, Answered),

        (PassedOver, Event::InTime, PassedOver, Impossible),
        (PassedOver, Event::TooSoon, PassedOver, Impossible),
        (PassedOver, Event::Text, PassedOver, Impossible),
        (PassedOver, Event::Person, PassedOver, NothingToRead),
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

    /// OL-754 OL-755
    #[test]
    fn ready_and_each_answer_are_signed_once() {
        for (state, event, next, action) in TABLE {
            use Action::{SignByMachine, SignByPerson, SignReady};
            let signs = matches!(action, SignReady | SignByMachine | SignByPerson);
            assert!(
                next as usize >= state as usize,
                "{state:?} {event:?} goes back"
            );
            assert!(!signs || next != state, "{state:?} {event:?} signs again");
        }
    }

    /// OL-755: nobody has read what did not come.
    #[test]
    fn a_person_answers_a_text_that_came_and_nothing_else() {
        for state in STATES {
            let signs = step(state, Event::Person).1 == Action::SignByPerson;
            assert_eq!(signs, state == State::ByMachine);
        }
    }
}
