//! What there is an alarm for, how long it has to last, and how it follows from what is held and heard.

use std::collections::BTreeSet;

use openline_wire::ids::PartyId;

use crate::watch::book::Duty;

/// What there is an alarm for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// No fresh echo, and no silence announced.
    NoSignOfLife,
    /// A way that had answered does not any more, while another works: the line hangs by fewer than it should.
    WayCut,
    /// The last test of the line was missed or garbled.
    TestMissed,
    /// Nobody is on watch.
    NobodyOnWatch,
    /// The officer on watch has not confirmed in time.
    PresenceOverdue,
    /// Two watches of one party stand.
    WatchDoubled,
    /// Nobody is planned for a time that comes soon.
    RosterGap,
    /// A shift has begun, and its officer is not on watch.
    ShiftNotTaken,
    /// A ring ended as unanswered (one for our own party, or as unreachable), and none was accepted since.
    RingUnanswered,
    /// More is sent than is taken in.
    Flood,
    /// Proof of misbehaviour is on record.
    Misbehaviour,
    /// Two boots of one node live.
    Clone,
    /// The verifying codes of this line and the peer's do not agree.
    NumberMismatch,
}

/// An alarm's name: what for, and about whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What for.
    pub cause: Cause,
    /// About which party.
    pub party: PartyId,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::NoSignOfLife,
        Self::WayCut,
        Self::TestMissed,
        Self::NobodyOnWatch,
        Self::PresenceOverdue,
        Self::WatchDoubled,
        Self::RosterGap,
        Self::ShiftNotTaken,
        Self::RingUnanswered,
        Self::Flood,
        Self::Misbehaviour,
        Self::Clone,
        Self::NumberMismatch,
    ];

    /// The word of the registry.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoSignOfLife => "no-sign-of-life",
            Self::WayCut => "way-cut",
            Self::TestMissed => "test-missed",
            Self::NobodyOnWatch => "nobody-on-watch",
            Self::PresenceOverdue => "presence-overdue",
            Self::WatchDoubled => "watch-doubled",
            Self::RosterGap => "roster-gap",
            Self::ShiftNotTaken => "shift-not-taken",
            Self::RingUnanswered => "ring-unanswered",
            Self::Flood => "flood",
            Self::Misbehaviour => "misbehaviour",
            Self::Clone => "clone",
            Self::NumberMismatch => "number-mismatch",
        }
    }

    /// The cause of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.word() == word)
    }

    /// For how long it has to last before an alarm is raised, in milliseconds.
    pub fn raised_after(self) -> u64 {
        match self {
            Self::NoSignOfLife => 30_000,
            Self::WayCut | Self::NobodyOnWatch | Self::WatchDoubled | Self::RosterGap => 60_000,
            _ => 0,
        }
    }

    /// For how long it has to be absent before the alarm is cleared, in milliseconds; none if never.
    pub fn cleared_after(self) -> Option<u64> {
        match self {
            Self::NoSignOfLife => Some(15_000),
            Self::WayCut | Self::RosterGap | Self::Flood => Some(60_000),
            Self::Clone => Some(300_000),
            Self::Misbehaviour | Self::NumberMismatch => None,
            _ => Some(0),
        }
    }
}

/// What is held and heard about a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The party.
    pub party: PartyId,
    /// Whether it is our own: nobody is asked whether he hears himself.
    pub is_own: bool,
    /// Whether it was heard within the charter's limit, or has announced that it will not be. Right after a start, when
    /// there was no time for an answer yet, it counts as heard.
    pub is_alive: bool,
    /// Whether one of the ways to it is cut while another works. While nobody can tell, it is as it was.
    pub is_way_cut: bool,
    /// Whether the last test in which it had a part was missed or garbled, and none has passed since.
    pub test_missed: bool,
    /// Whether anybody of it is on watch.
    pub duty: Duty,
    /// Whether two of its watches stand.
    pub is_doubled: bool,
    /// Whether nobody is planned for a time that comes soon.
    pub roster_gap: bool,
    /// Whether a shift has begun whose officer is not on watch.
    pub shift_untaken: bool,
    /// Whether it left a ring unanswered and has accepted none since.
    pub ring_unanswered: bool,
    /// Whether it sends more than is taken in.
    pub floods: bool,
    /// Whether proof of its misbehaviour is on record.
    pub misbehaved: bool,
    /// Whether two boots of one of its nodes live.
    pub is_cloned: bool,
    /// Whether it signed another safety number, or other verifying codes were read to us.
    pub number_differs: bool,
}

impl Evidence {
    /// What there is an alarm for now. Of a party that is not heard it is not said that its officer is late: nobody can tell.
    pub fn causes(&self) -> BTreeSet<Key> {
        let is_heard = self.is_own || self.is_alive;
        let all = [
            (Cause::NoSignOfLife, !is_heard),
            (Cause::WayCut, self.is_way_cut),
            (Cause::TestMissed, self.test_missed),
            (Cause::NobodyOnWatch, self.duty == Duty::Nobody),
            (
                Cause::PresenceOverdue,
                self.duty == Duty::Overdue && is_heard,
            ),
            (Cause::WatchDoubled, self.is_doubled && self.is_own),
            (Cause::RosterGap, self.roster_gap && self.is_own),
            (Cause::ShiftNotTaken, self.shift_untaken && self.is_own),
            (Cause::RingUnanswered, self.ring_unanswered),
            (Cause::Flood, self.floods),
            (Cause::Misbehaviour, self.misbehaved),
            (Cause::Clone, self.is_cloned),
            (Cause::NumberMismatch, self.number_differs),
        ];
        let party = self.party;
        let holding = all.into_iter().filter(|(_, holds)| *holds);
        holding.map(|(cause, _)| Key { cause, party }).collect()
    }
}
