//! How the tests of a line stand, as people and programs are shown it.

use openline_wire::ids::{Author, EntryId};

use super::schedule::Figures;

/// How far a test has come, or what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Called up; nobody is known to be ready.
    Called,
    /// The called side's station is there.
    Ready,
    /// The text is written.
    Texted,
    /// Theirs: our machine has answered the text.
    Read,
    /// Ours: their machine read what was sent, in time.
    Passed,
    /// Ours: their machine read something else.
    Garbled,
    /// Ours: nobody was ready in time.
    NoReady,
    /// Ours: nobody answered the text in time.
    NoAnswer,
    /// Ours: the boot that called up ended before it could say.
    CutShort,
}

impl State {
    /// The word used in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Called => "called-up",
            Self::Ready => "ready",
            Self::Texted => "texted",
            Self::Read => "read",
            Self::Passed => "passed",
            Self::Garbled => "garbled",
            Self::NoReady => "no-ready",
            Self::NoAnswer => "no-answer",
            Self::CutShort => "cut-short",
        }
    }
}

/// An entry, and when it was stored here by our wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The entry.
    pub entry: EntryId,
    /// When.
    pub at: u64,
}

impl Held {
    pub(super) fn new(entry: EntryId, at: u64) -> Self {
        Self { entry, at }
    }
}

/// What was read of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The entry.
    pub entry: EntryId,
    /// The person; empty for a machine.
    pub by: String,
    /// When it was stored here, by our wall clock.
    pub at: u64,
    /// Whether it is what was sent.
    pub is_right: bool,
}

/// A test of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The entry that began it.
    pub call_up: EntryId,
    /// Who wrote that.
    pub began: Author,
    /// Whether our party did.
    pub is_ours: bool,
    /// Its place in the timetable; none if a person asked for it.
    pub turn: Option<u64>,
    /// When the call-up was stored here, by our wall clock.
    pub called: u64,
    /// The ready that its text follows, or the first.
    pub ready: Option<Held>,
    /// Its text.
    pub text: Option<Held>,
    /// What the called side's machine read.
    pub by_machine: Option<Answered>,
    /// What a person there read. Neither of the two says anything of the other.
    pub by_person: Option<Answered>,
    /// How far it has come.
    pub state: State,
    /// It was missed, and an announced silence explains it.
    pub is_excused: bool,
    /// If it passed: from the call-up to the answer, in milliseconds.
    pub took_ms: Option<u64>,
    /// Ours: no person there answered in his time.
    pub nobody_read: bool,
}

/// The other party's turn passed without a call-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// When that was certain, by our wall clock.
    pub at: u64,
    /// An announced silence explains it.
    pub is_excused: bool,
}

/// The tests of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tests {
    /// How often, and how long.
    pub figures: Figures,
    /// Our party's place in the charter, and how many there are: its turns are those that leave this remainder.
    pub place: u64,
    /// See `place`.
    pub parties: u64,
    /// Those that are remembered, the latest first.
    pub latest: Vec<Shown>,
    /// Our own turns that passed without a call-up since this boot began: it slept.
    pub ours_missed: u64,
    /// The last turn of theirs that passed so since then.
    pub theirs_missed: Option<Missed>,
    /// Their next call-up is missed when it is not here by then, by our wall clock.
    pub theirs_by: u64,
    /// Whether the last test in which the other party had a part was missed or garbled, and no silence explains it.
    pub is_missed: bool,
}

impl Tests {
    /// The last test that one side began.
    pub fn last(&self, is_ours: bool) -> Option<&Shown> {
        self.latest.iter().find(|it| it.is_ours == is_ours)
    }

    /// When one side's next turn begins by the wall clock; now, if it has begun and no call-up for it is here.
    pub fn next(&self, is_ours: bool, wall: u64) -> u64 {
        let cadence = self.figures.cadence;
        let turns = self.latest.iter().filter(|it| it.is_ours == is_ours);
        let last = turns.filter_map(|it| it.turn).max();
        let is_theirs = |turn: &u64| (turn % self.parties == self.place) == is_ours;
        let now = wall / cadence;
        let mut coming = (now..).filter(is_theirs).filter(|turn| Some(*turn) != last);
        let turn = coming.next().unwrap_or(now);
        turn.saturating_mul(cadence).max(wall)
    }
}
