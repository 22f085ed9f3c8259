//! How often each action is drawn; the last of each table only where somebody lies.

use super::Action;
use super::contacts::Wish;
use crate::history::About;

/// What is drawn in such a history.
pub(super) fn of(about: About) -> &'static [(Action, u64)] {
    match about {
        About::Anything => ANYTHING,
        About::Rings => RINGS,
    }
}

/// How few and how many actions it has.
pub(super) fn actions(about: About) -> (u64, u64) {
    match about {
        About::Anything => (20, 100),
        About::Rings => (5, 30),
    }
}

const ANYTHING: &[(Action, u64)] = &[
    (Action::Say, 300),
    (Action::Note, 20),
    (Action::Receipt, 80),
    (Action::Silence, 15),
    (Action::Ring, 60),
    (Action::AnswerRing, 70),
    (Action::WithdrawRing, 15),
    (Action::Contact(Wish::Any), 60),
    (Action::TestNow, 30),
    (Action::TestRead, 30),
    (Action::Watch, 40),
    (Action::Roster, 15),
    (Action::Exercise, 40),
    (Action::Suspend, 5),
    (Action::Resume, 20),
    (Action::Alarm, 40),
    (Action::Crash, 25),
    (Action::CrashWithin, 35),
    (Action::SwitchOn, 40),
    (Action::Backup, 25),
    (Action::Restore, 14),
    (Action::Copy, 8),
    (Action::TakeAway, 10),
    (Action::FillDisk, 10),
    (Action::SetClock, 20),
    (Action::Cut, 30),
    (Action::Weather, 30),
    (Action::OneWay, 12),
    (Action::Replay, 40),
    (Action::Courier, 40),
    (Action::Noise, 10),
    (Action::Sleep, 6),
    (Action::Addresses, 8),
    (Action::Lie, 150),
];

const RINGS: &[(Action, u64)] = &[
    (Action::Ring, 200),
    (Action::AnswerRing, 200),
    (Action::WithdrawRing, 40),
    (Action::Say, 30),
    (Action::Exercise, 30),
    (Action::Suspend, 5),
    (Action::Resume, 15),
    (Action::Crash, 40),
    (Action::CrashWithin, 60),
    (Action::SwitchOn, 60),
    (Action::Backup, 15),
    (Action::Restore, 12),
    (Action::Copy, 10),
    (Action::TakeAway, 10),
    (Action::FillDisk, 10),
    (Action::SetClock, 20),
    (Action::Cut, 60),
    (Action::Weather, 60),
    (Action::OneWay, 10),
    (Action::Replay, 30),
    (Action::Sleep, 3),
    (Action::Lie, 60),
];
