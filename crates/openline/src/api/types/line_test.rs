//! Tests of the line, as the API shows them.

use serde::{Deserialize, Serialize};

/// An entry of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestEntry {
    /// Its id.
    pub entry: String,
    /// Its short name at this station; none if the store can't be read now.
    pub short: Option<String>,
    /// When this station stored it, by its own clock.
    pub at_ms: u64,
}

/// What was read of a test's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestAnswer {
    /// Id of the entry.
    pub entry: String,
    /// The person; empty for a machine.
    pub name: String,
    /// When this station stored it, by its own clock.
    pub at_ms: u64,
    /// Whether it is what was sent.
    pub right: bool,
}

/// A test of the line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    /// Id of the entry that began it.
    pub call_up: String,
    /// Whether our side did.
    pub ours: bool,
    /// Its place in the timetable, in cadences since 1970 by the clock of who began it; none if a person asked for it.
    pub turn: Option<u64>,
    /// When the call-up was stored here.
    pub called_ms: u64,
    /// The same in RFC 3339.
    pub called: String,
    /// How far it has come: `called-up`, `ready`, `texted`. What came of one of ours: `passed`, `garbled`, `no-ready`, `no-answer`, or
    /// `cut-short` (our station ended before it could say); of theirs: `read` (by our machine).
    pub state: String,
    /// It was missed, and an announced silence explains it.
    pub excused: bool,
    /// The word of the called side that it is there.
    pub ready: Option<TestEntry>,
    /// The text.
    pub text: Option<TestEntry>,
    /// What the called side's machine read.
    pub by_machine: Option<TestAnswer>,
    /// What a person there read. Neither of the two says anything of the other.
    pub by_person: Option<TestAnswer>,
    /// If it passed: from the call-up to the machine's answer.
    pub took_ms: Option<u64>,
    /// Ours: no person there answered in his time.
    pub nobody_read: bool,
}

/// How many tests one side began, of those that the station knows by heart, and what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestCounts {
    /// Call-ups.
    pub began: u64,
    /// Whose text a machine answered: ours in time and rightly, theirs by ours.
    pub by_machine: u64,
    /// Whose text a person answered.
    pub by_person: u64,
}

/// A turn of theirs that passed without a call-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissedTurn {
    /// When that was certain, by our clock.
    pub at_ms: u64,
    /// An announced silence explains it.
    pub excused: bool,
}

/// The tests of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tests {
    /// How often one side or the other begins one.
    pub cadence_ms: u64,
    /// How long one has until the machine's answer.
    pub lasts_ms: u64,
    /// Whether the last one in which the other side had a part was missed or garbled, and no silence explains it.
    pub missed: bool,
    /// When our next turn begins; now, if it has begun and we have not called up.
    pub next_ours_ms: u64,
    /// The same in RFC 3339.
    pub next_ours: String,
    /// When theirs begins, likewise.
    pub next_theirs_ms: u64,
    /// The same in RFC 3339.
    pub next_theirs: String,
    /// Their call-up is missed when it is not here by then.
    pub theirs_by_ms: u64,
    /// The same in RFC 3339.
    pub theirs_by: String,
    /// Turns of ours since the station began that passed without a call-up: it slept.
    pub ours_missed: u64,
    /// The last turn of theirs since then that did.
    pub theirs_missed: Option<MissedTurn>,
    /// Of tests that our side began.
    pub ours: TestCounts,
    /// Of theirs.
    pub theirs: TestCounts,
    /// The latest first; in `status` at most 8.
    pub latest: Vec<Test>,
}

/// A test is to begin now. Takes an operator's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTest {
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// A person has read the text of a test of theirs. Takes an operator's name: a program can't read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTestRead {
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}
