//! The machine of a proposal: from its words to what becomes of it. Owned by the boot that proposed (rule 5); what the other side reads
//! back decides nothing.
//!
//! The table is the machine: what stands in [`TABLE`] is what [`step`] does, and `docs/contacts.md` is drawn from it.

/// How far the proposal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nobody has read it back.
    Open,
    /// What was read back last is what was proposed.
    ReadBack,
    /// It is not.
    ReadDifferently,
    /// Its author has confirmed the read-back: both are bound.
    Confirmed,
    /// Another proposal stands in its place.
    Corrected,
    /// It was taken back.
    Withdrawn,
    /// The contact was over before its author confirmed it.
    Lapsed,
}

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// The other side reads back what was proposed.
    ReadRight,
    /// The other side reads back something else.
    ReadWrong,
    /// Its author confirms what was read back last.
    Confirm,
    /// Its author proposes something in its place.
    Correct,
    /// Its author takes it back.
    Withdraw,
    /// Its author's station holds what ended the contact.
    Lapse,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing.
    Nothing,
    /// Write it.
    Settle,
    /// Tell the person that nobody has read it back yet.
    NotReadBack,
    /// Tell the person that it was read back differently.
    ReadDifferently,
    /// Tell the person that it was settled before.
    TooLate,
}

/// A row: in this state, upon this event, go to that state and do this.
pub type Row = (State, Event, State, Action);

/// All states.
pub const STATES: [State; 7] = [
    State::Open,
    State::ReadBack,
    State::ReadDifferently,
    State::Confirmed,
    State::Corrected,
    State::Withdrawn,
    State::Lapsed,
];

/// All events.
pub const EVENTS: [Event; 6] = [
    Event::ReadRight,
    Event::ReadWrong,
    Event::Confirm,
    Event::Correct,
    Event::Withdraw,
    Event::Lapse,
];

/// The machine: every state with every event.
#[rustfmt::skip] // a table
pub const TABLE: [Row; 42] = {
    use Action::{NotReadBack, Nothing, Settle, TooLate};
    use Event::{Confirm, Correct, Lapse, ReadRight, ReadWrong, Withdraw};
    use State::{Confirmed, Corrected, Lapsed, Open, ReadBack, ReadDifferently, Withdrawn};
    [
        (Open, ReadRight, ReadBack, Nothing),
        (Open, ReadWrong, ReadDifferently, Nothing),
        (Open, Confirm, Open, NotReadBack),
        (Open, Correct, Corrected, Settle),
        (Open, Withdraw, Withdrawn, Settle),
        (Open, Lapse, Lapsed, Settle),

        (ReadBack, ReadRight, ReadBack, Nothing),
        (ReadBack, ReadWrong, ReadDifferently, Nothing),
        (ReadBack, Confirm, Confirmed, Settle),
        (ReadBack, Correct, Corrected, Settle),
        (ReadBack, Withdraw, Withdrawn, Settle),
        (ReadBack, Lapse, Lapsed, Settle),

        (ReadDifferently, ReadRight, ReadBack, Nothing),
        (ReadDifferently, ReadWrong, ReadDifferently, Nothing),
        (ReadDifferently, Confirm, ReadDifferently, Action::ReadDifferently),
        (ReadDifferently, Correct, Corrected, Settle),
        (ReadDifferently, Withdraw, Withdrawn, Settle),
        (ReadDifferently, Lapse, Lapsed, Settle),

        (Confirmed, ReadRight, Confirmed, TooLate),
        (Confirmed, ReadWrong, Confirmed, TooLate),
        (Confirmed, Confirm, Confirmed, TooLate),
        (Confirmed, Correct, Confirmed, TooLate),
        (Confirmed, Withdraw, Confirmed, TooLate),
        (Confirmed, Lapse, Confirmed, TooLate),

        (Corrected, ReadRight, Corrected, TooLate),
        (Corrected, ReadWrong, Corrected, TooLate),
        (Corrected, Confirm, Corrected, TooLate),
        (Corrected, Correct, Corrected, TooLate),
        (Corrected, Withdraw, Corrected, TooLate),
        (Corrected, Lapse, Corrected, TooLate),

        (Withdrawn, ReadRight, Withdrawn, TooLate),
        (Withdrawn, ReadWrong, Withdrawn, TooLate),
        (Withdrawn, Confirm, Withdrawn, TooLate),
        (Withdrawn, Correct, Withdrawn, TooLate),
        (Withdrawn, Withdraw, Withdrawn, TooLate),
        (Withdrawn, Lapse, Withdrawn, TooLate),

        (Lapsed, ReadRight, Lapsed, TooLate),
        (Lapsed, ReadWrong, Lapsed, TooLate),
        (Lapsed, Confirm, Lapsed, TooLate),
        (Lapsed, Correct, Lapsed, TooLate),
        (Lapsed, Withdraw, Lapsed, TooLate),
        (Lapsed, Lapse, Lapsed, TooLate),
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

    /// OL-643 OL-642
    #[test]
    fn nothing_is_confirmed_but_what_was_read_back_last() {
        for (state, event, next, _) in TABLE {
            if next == State::Confirmed && state != State::Confirmed {
                assert_eq!((state, event), (State::ReadBack, Event::Confirm));
            }
        }
        assert_eq!(
            step(State::ReadBack, Event::ReadWrong).0,
            State::ReadDifferently
        );
    }

    /// OL-643
    #[test]
    fn what_is_settled_is_never_settled_again() {
        let settled = [
            State::Confirmed,
            State::Corrected,
            State::Withdrawn,
            State::Lapsed,
        ];
        for state in settled {
            for event in EVENTS {
                assert_eq!(step(state, event), (state, Action::TooLate), "{event:?}");
            }
        }
    }
}
