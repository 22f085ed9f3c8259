//! The life of one alarm.
//!
//! The table is the machine: what stands in [`TABLE`] is what [`step`] does, and `docs/watch.md` is drawn from it.

/// How an alarm stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// There is none.
    Quiet,
    /// Raised, and nobody has acknowledged it.
    Raised,
    /// Raised, and somebody knows.
    Acknowledged,
    /// Its cause is gone, and nobody has acknowledged that it was there.
    Cleared,
    /// Somebody has put it aside for a time.
    Shelved,
}

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// Its cause has lasted long enough.
    Raise,
    /// Its cause was absent long enough.
    Clear,
    /// It happened once more, while the cause lasts: who acknowledged it did not know of this one.
    Again,
    /// A person acknowledges it.
    Acknowledge,
    /// A person puts it aside.
    Shelve,
    /// It is put aside no longer, and its cause lasts.
    BackRaised,
    /// It is put aside no longer, and its cause is gone.
    BackQuiet,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Nothing.
    Nothing,
    /// Lamps and horns begin.
    Sound,
    /// Horns stop.
    Silence,
    /// Tell the person that there is nothing of the kind.
    NotRaised,
    /// Tell the person that somebody did it.
    Done,
    /// Whoever handed this in has lost count: nothing is done.
    Impossible,
}

/// A row: in this state, upon this event, go to that state and do this.
pub type Row = (State, Event, State, Action);

/// All states.
pub const STATES: [State; 5] = [
    State::Quiet,
    State::Raised,
    State::Acknowledged,
    State::Cleared,
    State::Shelved,
];

/// All events.
pub const EVENTS: [Event; 7] = [
    Event::Raise,
    Event::Clear,
    Event::Again,
    Event::Acknowledge,
    Event::Shelve,
    Event::BackRaised,
    Event::BackQuiet,
];

impl State {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Raised => "raised",
            Self::Acknowledged => "acknowledged",
            Self::Cleared => "cleared",
            Self::Shelved => "shelved",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        STATES.into_iter().find(|state| state.word() == word)
    }
}

/// The machine: every state with every event.
#[rustfmt::skip] // a table
pub const TABLE: [Row; 35] = {
    use Action::{Done, Impossible, NotRaised, Nothing, Silence, Sound};
    use State::{Acknowledged, Cleared, Quiet, Raised, Shelved};
    [
        (Quiet, Event::Raise, Raised, Sound),
        (Quiet, Event::Clear, Quiet, Nothing),
        (Quiet, Event::Again, Quiet, Impossible),
        (Quiet, Event::Acknowledge, Quiet, NotRaised),
        (Quiet, Event::Shelve, Quiet, NotRaised),
        (Quiet, Event::BackRaised, Quiet, Impossible),
        (Quiet, Event::BackQuiet, Quiet, Impossible),

        (Raised, Event::Raise, Raised, Nothing),
        (Raised, Event::Clear, Cleared, Silence),
        (Raised, Event::Again, Raised, Nothing),
        (Raised, Event::Acknowledge, Acknowledged, Silence),
        (Raised, Event::Shelve, Shelved, Silence),
        (Raised, Event::BackRaised, Raised, Impossible),
        (Raised, Event::BackQuiet, Raised, Impossible),

        (Acknowledged, Event::Raise, Acknowledged, Nothing),
        (Acknowledged, Event::Clear, Quiet, Nothing),
        (Acknowledged, Event::Again, Raised, Sound),
        (Acknowledged, Event::Acknowledge, Acknowledged, Done),
        (Acknowledged, Event::Shelve, Shelved, Nothing),
        (Acknowledged, Event::BackRaised, Acknowledged, Impossible),
        (Acknowledged, Event::BackQuiet, Acknowledged, Impossible),

        (Cleared, Event::Raise, Raised, Sound),
        (Cleared, Event::Clear, Cleared, Nothing),
        (Cleared, Event::Again, Cleared, Impossible),
        (Cleared, Event::Acknowledge, Quiet, Nothing),
        (Cleared, Event::Shelve, Cleared, NotRaised),
        (Cleared, Event::BackRaised, Cleared, Impossible),
        (Cleared, Event::BackQuiet, Cleared, Impossible),

        (Shelved, Event::Raise, Shelved, Nothing),
        (Shelved, Event::Clear, Shelved, Nothing),
        (Shelved, Event::Again, Shelved, Nothing), // for its time it is silent, whatever comes
        (Shelved, Event::Acknowledge, Shelved, Done), // who shelved it knows
        (Shelved, Event::Shelve, Shelved, Done), // it comes back first, so no time is ever prolonged
        (Shelved, Event::BackRaised, Raised, Sound),
        (Shelved, Event::BackQuiet, Quiet, Nothing),
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

    /// OL-773: from *raised* no way leads to *quiet* but over a person.
    #[test]
    fn no_alarm_vanishes_before_a_person_has_seen_it() {
        let by_itself = [Event::Raise, Event::Clear, Event::Again];
        let mut reached = vec![State::Raised];
        for _ in STATES {
            let next = reached
                .iter()
                .flat_map(|state| by_itself.map(|it| step(*state, it).0));
            reached = next.chain(reached.clone()).collect();
        }
        assert!(!reached.contains(&State::Quiet) && !reached.contains(&State::Acknowledged));
        assert_eq!(step(State::Cleared, Event::Acknowledge).0, State::Quiet);
    }

    /// OL-773: acknowledged once, raised again, it is to be acknowledged again.
    #[test]
    fn an_acknowledgement_ends_with_the_alarm() {
        let (state, _) = step(State::Acknowledged, Event::Clear);
        assert_eq!(step(state, Event::Raise), (State::Raised, Action::Sound));
    }

    /// OL-773: an acknowledgement is of what there was then.
    #[test]
    fn what_happens_once_more_is_to_be_acknowledged_anew() {
        let again = step(State::Acknowledged, Event::Again);
        assert_eq!(again, (State::Raised, Action::Sound));
    }

    /// OL-774
    #[test]
    fn what_is_shelved_is_silent_and_comes_back() {
        for event in EVENTS {
            let (next, action) = step(State::Shelved, event);
            let comes_back = matches!(event, Event::BackRaised | Event::BackQuiet);
            assert_eq!(next != State::Shelved, comes_back, "{event:?}");
            assert_eq!(action == Action::Sound, event == Event::BackRaised);
        }
    }
}
