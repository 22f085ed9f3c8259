//! The called side's machine, in each of its boots: a ring is held until the caller is heard saying that it is open,
//! then a bell sounds, then a person answers, and the caller's outcome ends it.
//!
//! The table is the machine: what stands in [`TABLE`] is what [`step`] does, and `docs/rings.md` is drawn from it.

/// How far the ring has come here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It came, and may be hours old: no bell sounds.
    Held,
    /// The bell sounds; that it rings is signed.
    Rings,
    /// An answer is signed; what it was worth the outcome will say.
    Answering,
    /// No bell sounds any more, and no answer is taken.
    Over,
}

/// What happens to it. The first four are what a fresh echo of the caller that names the ring as open means, by how a
/// ring of our own boot stands that crosses it (OL-532, OL-533).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// None of ours is in its way.
    Open,
    /// Ours is larger and undecided: it gives way.
    OursYields,
    /// Ours is smaller and undecided: it goes on, and this one is about to be merged into it.
    OursGoesOn,
    /// Ours is smaller and was accepted: the two are talking.
    OursTalks,
    /// A person answers.
    Answer,
    /// The caller's outcome came.
    Outcome,
    /// Its time is over by our clock.
    Expiry,
    /// A later boot of the caller's node names the caller as gone (OL-514).
    CallerGone,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing.
    Nothing,
    /// Write that it rings.
    SignRinging,
    /// Write that it rings, that ours is merged into it, and that it is accepted, together.
    SignRingingMergeAndAccept,
    /// Write the person's answer.
    SignAnswer,
    /// Tell the person that nothing rings.
    NotRinging,
    /// Tell the person that it is answered or over.
    TooLate,
    /// Whoever handed this in has lost count: nothing is done.
    Impossible,
}

/// A row: in this state, upon this event, go to that state and do this.
pub type Row = (State, Event, State, Action);

/// All states.
pub const STATES: [State; 4] = [State::Held, State::Rings, State::Answering, State::Over];

/// All events.
pub const EVENTS: [Event; 8] = [
    Event::Open,
    Event::OursYields,
    Event::OursGoesOn,
    Event::OursTalks,
    Event::Answer,
    Event::Outcome,
    Event::Expiry,
    Event::CallerGone,
];

/// The machine: every state with every event.
#[rustfmt::skip] // a table
pub const TABLE: [Row; 32] = {
    use Action::{Impossible, NotRinging, Nothing, SignAnswer, SignRinging, SignRingingMergeAndAccept, TooLate};
    use State::{Answering, Held, Over, Rings};
    [
        (Held, Event::Open, Rings, SignRinging),
        (Held, Event::OursYields, Answering, SignRingingMergeAndAccept),
        (Held, Event::OursGoesOn, Held, Nothing),
        (Held, Event::OursTalks, Over, Nothing),
        (Held, Event::Answer, Held, NotRinging),
        (Held, Event::Outcome, Over, Nothing),
        (Held, Event::Expiry, Over, Nothing),
        (Held, Event::CallerGone, Over, Nothing),

        // Ours can't be on its way beside one that rings here: a boot does not call who is calling it (OL-533).
        (Rings, Event::Open, Rings, Nothing),
        (Rings, Event::OursYields, Rings, Impossible),
        (Rings, Event::OursGoesOn, Rings, Impossible),
        (Rings, Event::OursTalks, Rings, Impossible),
        (Rings, Event::Answer, Answering, SignAnswer),
        (Rings, Event::Outcome, Over, Nothing),
        (Rings, Event::Expiry, Over, Nothing),
        (Rings, Event::CallerGone, Over, Nothing),

        (Answering, Event::Open, Answering, Nothing),
        (Answering, Event::OursYields, Answering, Impossible),
        (Answering, Event::OursGoesOn, Answering, Impossible),
        (Answering, Event::OursTalks, Answering, Impossible),
        (Answering, Event::Answer, Answering, TooLate),
        (Answering, Event::Outcome, Over, Nothing),
        (Answering, Event::Expiry, Over, Nothing),
        (Answering, Event::CallerGone, Over, Nothing),

        (Over, Event::Open, Over, Nothing),
        (Over, Event::OursYields, Over, Nothing),
        (Over, Event::OursGoesOn, Over, Nothing),
        (Over, Event::OursTalks, Over, Nothing),
        (Over, Event::Answer, Over, TooLate),
        (Over, Event::Outcome, Over, Nothing),
        (Over, Event::Expiry, Over, Nothing),
        (Over, Event::CallerGone, Over, Nothing),
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

    /// OL-522: it is said once that it rings, and once what a person answers.
    #[test]
    fn no_way_through_the_machine_signs_anything_twice() {
        let rank = |state: State| state as usize;
        for (state, event, next, action) in TABLE {
            assert!(rank(next) >= rank(state), "{state:?} {event:?} goes back");
            let signs = matches!(
                action,
                Action::SignRinging | Action::SignRingingMergeAndAccept | Action::SignAnswer
            );
            assert!(!signs || next != state, "{state:?} {event:?} signs again");
        }
    }

    /// OL-521: nothing but an echo makes a bell sound.
    #[test]
    fn only_a_fresh_echo_lets_it_ring() {
        for (state, event, next, _) in TABLE {
            let begins = state == State::Held && matches!(next, State::Rings | State::Answering);
            let echo = matches!(event, Event::Open | Event::OursYields);
            assert!(!begins || echo, "{event:?}");
        }
    }

    /// OL-523
    #[test]
    fn outcome_expiry_and_a_caller_that_is_gone_end_it() {
        for state in STATES {
            for event in [Event::Outcome, Event::Expiry, Event::CallerGone] {
                assert_eq!(step(state, event), (State::Over, Action::Nothing));
            }
            assert!(step(State::Over, Event::Answer).1 == Action::TooLate);
        }
    }
}
