//! What a person may do about his party's watch, by how it stands.
//!
//! The table is the machine: what stands in [`TABLE`] is what [`step`] does, and `docs/watch.md` is drawn from it. The state is
//! not kept anywhere: it follows from the entries held ([`super::watches`]), also when other boots wrote them.

/// How the watch of a party stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nobody is on watch.
    Nobody,
    /// One officer is.
    OnWatch,
    /// One officer is, and has named who is to come.
    HandingOver,
    /// Two watches stand, begun by boots that did not hear each other (OL-714).
    Doubled,
}

/// What a person asks for. That he is the one who may, was seen to before: the officer, or the person who was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// To be on watch.
    Open,
    /// The same, in place of whoever is.
    Replace,
    /// The officer is there.
    Confirm,
    /// The officer goes, and names who comes.
    HandOver,
    /// The officer takes that back.
    Withdraw,
    /// Who was named is on watch from now on.
    TakeOver,
    /// The officer goes, and nobody comes.
    Close,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Write that a watch begins, and ends those that stand.
    SignOpened,
    /// Write that the officer is there.
    SignPresence,
    /// Write who is to come.
    SignHandOver,
    /// Write that this is taken back.
    SignWithdrawn,
    /// Write that he is on watch.
    SignTakeOver,
    /// Write that the watch ends.
    SignClosed,
    /// Tell the person that nobody is on watch.
    NobodyIsOnWatch,
    /// Tell the person who is.
    SomebodyIsOnWatch,
    /// Tell the person that nobody was named.
    NothingIsHandedOver,
    /// Tell the person that two are on watch, and that one is to take the place of both first.
    TwoAreOnWatch,
}

/// A row: in this state, upon this event, go to that state and do this.
pub type Row = (State, Event, State, Action);

/// All states.
pub const STATES: [State; 4] = [
    State::Nobody,
    State::OnWatch,
    State::HandingOver,
    State::Doubled,
];

/// All events.
pub const EVENTS: [Event; 7] = [
    Event::Open,
    Event::Replace,
    Event::Confirm,
    Event::HandOver,
    Event::Withdraw,
    Event::TakeOver,
    Event::Close,
];

/// The machine: every state with every event.
#[rustfmt::skip] // a table
pub const TABLE: [Row; 28] = {
    use Action::{
        NobodyIsOnWatch, NothingIsHandedOver, SignClosed, SignHandOver, SignOpened, SignPresence, SignTakeOver,
        SignWithdrawn, SomebodyIsOnWatch, TwoAreOnWatch,
    };
    use State::{Doubled, HandingOver, Nobody, OnWatch};
    [
        (Nobody, Event::Open, OnWatch, SignOpened),
        (Nobody, Event::Replace, OnWatch, SignOpened),
        (Nobody, Event::Confirm, Nobody, NobodyIsOnWatch),
        (Nobody, Event::HandOver, Nobody, NobodyIsOnWatch),
        (Nobody, Event::Withdraw, Nobody, NothingIsHandedOver),
        (Nobody, Event::TakeOver, Nobody, NothingIsHandedOver),
        (Nobody, Event::Close, Nobody, NobodyIsOnWatch),

        (OnWatch, Event::Open, OnWatch, SomebodyIsOnWatch),
        (OnWatch, Event::Replace, OnWatch, SignOpened),
        (OnWatch, Event::Confirm, OnWatch, SignPresence),
        (OnWatch, Event::HandOver, HandingOver, SignHandOver),
        (OnWatch, Event::Withdraw, OnWatch, NothingIsHandedOver),
        (OnWatch, Event::TakeOver, OnWatch, NothingIsHandedOver),
        (OnWatch, Event::Close, Nobody, SignClosed),

        (HandingOver, Event::Open, HandingOver, SomebodyIsOnWatch),
        (HandingOver, Event::Replace, OnWatch, SignOpened),
        (HandingOver, Event::Confirm, HandingOver, SignPresence),
        (HandingOver, Event::HandOver, HandingOver, SignHandOver), // the later one counts
        (HandingOver, Event::Withdraw, OnWatch, SignWithdrawn),
        (HandingOver, Event::TakeOver, OnWatch, SignTakeOver),
        (HandingOver, Event::Close, Nobody, SignClosed),

        (Doubled, Event::Open, Doubled, SomebodyIsOnWatch),
        (Doubled, Event::Replace, OnWatch, SignOpened),
        (Doubled, Event::Confirm, Doubled, SignPresence),
        (Doubled, Event::HandOver, Doubled, TwoAreOnWatch),
        (Doubled, Event::Withdraw, Doubled, TwoAreOnWatch),
        (Doubled, Event::TakeOver, Doubled, TwoAreOnWatch),
        (Doubled, Event::Close, Doubled, TwoAreOnWatch),
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

impl Action {
    /// Whether an entry is written.
    pub fn signs(self) -> bool {
        use Action::{NobodyIsOnWatch, NothingIsHandedOver, SomebodyIsOnWatch, TwoAreOnWatch};
        !matches!(
            self,
            NobodyIsOnWatch | SomebodyIsOnWatch | NothingIsHandedOver | TwoAreOnWatch
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OL-717: nothing changes without an entry that says so.
    #[test]
    fn a_watch_changes_by_a_signed_entry_only() {
        for (state, event, next, action) in TABLE {
            assert!(
                state == next || action.signs(),
                "{state:?} {event:?} {next:?}"
            );
        }
    }

    /// OL-714: two officers are never reduced to one by one of them alone.
    #[test]
    fn only_a_watch_that_takes_the_place_of_both_ends_a_doubled_one() {
        for event in EVENTS {
            let ends = step(State::Doubled, event).0 != State::Doubled;
            assert_eq!(ends, event == Event::Replace, "{event:?}");
        }
    }

    /// OL-712
    #[test]
    fn a_hand_over_alone_leaves_somebody_on_watch() {
        let (handing, action) = step(State::OnWatch, Event::HandOver);
        assert_eq!(
            (handing, action),
            (State::HandingOver, Action::SignHandOver)
        );
        let (taken, action) = step(handing, Event::TakeOver);
        assert_eq!((taken, action), (State::OnWatch, Action::SignTakeOver));
    }
}
