//! The machine of a contact: from the outcome that accepted to its end. Its events come in any order, and lead to one state.
//!
//! The table is the machine: what stands in [`TABLE`] is what [`step`] does, and `docs/contacts.md` is drawn from it.

/// How far the contact has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nobody has said yet that the codes agreed.
    Verifying,
    /// The caller's person has.
    CallerAgreed,
    /// The called side's person has.
    CalledAgreed,
    /// Both have: there may be proposals.
    Verified,
    /// Somebody closed it.
    Closed,
    /// Somebody said that the codes differed, or a nonce was not the one that was committed to.
    CodesDiffered,
}

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// The caller's person says that the codes agreed.
    CallerAgrees,
    /// The called side's person says so.
    CalledAgrees,
    /// The codes differed.
    Differ,
    /// A person closes it.
    Close,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing.
    Nothing,
    /// Proposals count from now on.
    LetPropose,
    /// Sound the alarm, on both sides.
    RaiseAlarm,
}

/// A row: in this state, upon this event, go to that state and do this.
pub type Row = (State, Event, State, Action);

/// All states.
pub const STATES: [State; 6] = [
    State::Verifying,
    State::CallerAgreed,
    State::CalledAgreed,
    State::Verified,
    State::Closed,
    State::CodesDiffered,
];

/// All events.
pub const EVENTS: [Event; 4] = [
    Event::CallerAgrees,
    Event::CalledAgrees,
    Event::Differ,
    Event::Close,
];

/// The machine: every state with every event.
#[rustfmt::skip] // a table
pub const TABLE: [Row; 24] = {
    use Action::{LetPropose, Nothing, RaiseAlarm};
    use Event::{CalledAgrees, CallerAgrees, Close, Differ};
    use State::{CalledAgreed, CallerAgreed, Closed, CodesDiffered, Verified, Verifying};
    [
        (Verifying, CallerAgrees, CallerAgreed, Nothing),
        (Verifying, CalledAgrees, CalledAgreed, Nothing),
        (Verifying, Differ, CodesDiffered, RaiseAlarm),
        (Verifying, Close, Closed, Nothing),

        (CallerAgreed, CallerAgrees, CallerAgreed, Nothing),
        (CallerAgreed, CalledAgrees, Verified, LetPropose),
        (CallerAgreed, Differ, CodesDiffered, RaiseAlarm),
        (CallerAgreed, Close, Closed, Nothing),

        (CalledAgreed, CallerAgrees, Verified, LetPropose),
        (CalledAgreed, CalledAgrees, CalledAgreed, Nothing),
        (CalledAgreed, Differ, CodesDiffered, RaiseAlarm),
        (CalledAgreed, Close, Closed, Nothing),

        (Verified, CallerAgrees, Verified, Nothing),
        (Verified, CalledAgrees, Verified, Nothing),
        (Verified, Differ, CodesDiffered, RaiseAlarm),
        (Verified, Close, Closed, Nothing),

        (Closed, CallerAgrees, Closed, Nothing),
        (Closed, CalledAgrees, Closed, Nothing),
        (Closed, Differ, CodesDiffered, RaiseAlarm),
        (Closed, Close, Closed, Nothing),

        (CodesDiffered, CallerAgrees, CodesDiffered, Nothing),
        (CodesDiffered, CalledAgrees, CodesDiffered, Nothing),
        (CodesDiffered, Differ, CodesDiffered, Nothing),
        (CodesDiffered, Close, CodesDiffered, Nothing),
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

    fn after(events: &[Event]) -> State {
        let first = State::Verifying;
        events
            .iter()
            .fold(first, |state, event| step(state, *event).0)
    }

    /// Every way of up to five events.
    fn ways() -> Vec<Vec<Event>> {
        let mut ways = vec![Vec::new()];
        let mut at = 0;
        while at < ways.len() {
            if ways[at].len() < 5 {
                for event in EVENTS {
                    ways.push([ways[at].as_slice(), &[event]].concat());
                }
            }
            at += 1;
        }
        ways
    }

    /// OL-625: there is no way round either side's word.
    #[test]
    fn only_both_words_verify() {
        for way in ways() {
            let both = [Event::CallerAgrees, Event::CalledAgrees];
            let bad = [Event::Differ, Event::Close];
            let is_verified = after(&way) == State::Verified;
            let should =
                both.iter().all(|it| way.contains(it)) && !bad.iter().any(|it| way.contains(it));
            assert_eq!(is_verified, should, "{way:?}");
        }
    }

    /// OL-626: once and for all, and with an alarm, once.
    #[test]
    fn codes_that_differ_are_never_forgotten() {
        for state in STATES {
            let (next, action) = step(state, Event::Differ);
            assert_eq!(next, State::CodesDiffered);
            assert_eq!(action == Action::RaiseAlarm, state != State::CodesDiffered);
        }
        for event in EVENTS {
            let (next, _) = step(State::CodesDiffered, event);
            assert_eq!(next, State::CodesDiffered);
        }
    }

    /// OL-645 OL-627
    #[test]
    fn the_order_of_events_does_not_matter() {
        for way in ways() {
            let mut sorted = way.clone();
            sorted.sort();
            assert_eq!(after(&way), after(&sorted), "{way:?}");
        }
    }
}
