//! The machine of the boot that called up: from the call-up to what came of the test.
//!
//! The table is the machine: what stands in [`TABLE`] is what [`step`] does, and `docs/watch.md` is drawn from it.

/// How far the test has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Called up.
    Called,
    /// The text is written.
    Texted,
    /// The machine has answered; a person may still.
    ByMachine,
    /// A person has answered, and his entry came first; the machine's may still come.
    ByPerson,
    /// Nothing changes any more.
    Over,
}

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// A boot of the other party is there.
    Ready,
    /// Its machine read what was sent.
    Right,
    /// Its machine read something else.
    Wrong,
    /// A person there has read it.
    Person,
    /// The machine's time is over by our clock.
    Expiry,
    /// The person's time is over by our clock.
    PersonExpiry,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing.
    Nothing,
    /// Write the text.
    SignText,
    /// Tell that the test has passed.
    Passed,
    /// Tell that another text was read than was sent.
    Garbled,
    /// Tell that nobody was there.
    NoReady,
    /// Tell that the text was not answered.
    NoAnswer,
    /// Tell who has read it.
    PersonAnswered,
    /// Tell that nobody has read it.
    NobodyAnswered,
    /// Whoever handed this in has lost count: nothing is done.
    Impossible,
}

/// A row: in this state, upon this event, go to that state and do this.
pub type Row = (State, Event, State, Action);

/// All states.
pub const STATES: [State; 5] = [
    State::Called,
    State::Texted,
    State::ByMachine,
    State::ByPerson,
    State::Over,
];

/// All events.
pub const EVENTS: [Event; 6] = [
    Event::Ready,
    Event::Right,
    Event::Wrong,
    Event::Person,
    Event::Expiry,
    Event::PersonExpiry,
];

/// The machine: every state with every event.
#[rustfmt::skip] // a table
pub const TABLE: [Row; 30] = {
    use Action::{
        Garbled, Impossible, NoAnswer, NoReady, NobodyAnswered, Nothing, Passed, PersonAnswered, SignText,
    };
    use State::{ByMachine, ByPerson, Called, Over, Texted};
    [
        (Called, Event::Ready, Texted, SignText),
        (Called, Event::Right, Called, Impossible), // there is no text yet
        (Called, Event::Wrong, Called, Impossible),
        (Called, Event::Person, Called, Impossible),
        (Called, Event::Expiry, Over, NoReady),
        (Called, Event::PersonExpiry, Called, Impossible),

        (Texted, Event::Ready, Texted, Nothing), // another boot's: one text only
        (Texted, Event::Right, ByMachine, Passed),
        (Texted, Event::Wrong, ByMachine, Garbled),
        (Texted, Event::Person, ByPerson, PersonAnswered),
        (Texted, Event::Expiry, Over, NoAnswer),
        (Texted, Event::PersonExpiry, Texted, Impossible), // the machine's time is shorter

        (ByMachine, Event::Ready, ByMachine, Nothing),
        (ByMachine, Event::Right, ByMachine, Nothing),
        (ByMachine, Event::Wrong, ByMachine, Nothing), // the first answer counts
        (ByMachine, Event::Person, Over, PersonAnswered),
        (ByMachine, Event::Expiry, ByMachine, Nothing),
        (ByMachine, Event::PersonExpiry, Over, NobodyAnswered),

        (ByPerson, Event::Ready, ByPerson, Nothing),
        (ByPerson, Event::Right, Over, Passed),
        (ByPerson, Event::Wrong, Over, Garbled),
        (ByPerson, Event::Person, ByPerson, Nothing),
        (ByPerson, Event::Expiry, Over, NoAnswer),
        (ByPerson, Event::PersonExpiry, ByPerson, Nothing),

        (Over, Event::Ready, Over, Nothing),
        (Over, Event::Right, Over, Nothing),
        (Over, Event::Wrong, Over, Nothing),
        (Over, Event::Person, Over, Nothing),
        (Over, Event::Expiry, Over, Nothing),
        (Over, Event::PersonExpiry, Over, Nothing),
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

    /// OL-754
    #[test]
    fn a_text_goes_out_once_and_only_upon_a_ready() {
        for (state, event, next, action) in TABLE {
            let is_first = state == State::Called && event == Event::Ready;
            assert_eq!(action == Action::SignText, is_first, "{state:?} {event:?}");
            assert!(next != State::Called || state == State::Called);
        }
    }

    /// OL-755: what the machine read and whether a person read it are two things, in either order.
    #[test]
    fn a_person_and_the_machine_answer_apart_from_each_other() {
        let all = |events: [Event; 2]| {
            let (state, first) = step(State::Texted, events[0]);
            let (state, second) = step(state, events[1]);
            assert_eq!(state, State::Over);
            [first, second]
        };
        use Action::{Garbled, Passed, PersonAnswered};
        use Event::{Person, Right, Wrong};
        assert_eq!(all([Right, Person]), [Passed, PersonAnswered]);
        assert_eq!(all([Person, Right]), [PersonAnswered, Passed]);
        assert_eq!(all([Wrong, Person]), [Garbled, PersonAnswered]);
        assert_eq!(all([Person, Wrong]), [PersonAnswered, Garbled]);
    }

    /// OL-756
    #[test]
    fn what_comes_when_it_is_over_changes_nothing() {
        for event in EVENTS {
            assert_eq!(step(State::Over, event), (State::Over, Action::Nothing));
        }
        for state in [State::Called, State::Texted, State::ByPerson] {
            assert_eq!(step(state, Event::Expiry).0, State::Over);
        }
    }
}
