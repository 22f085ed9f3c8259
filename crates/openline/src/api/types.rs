//! What goes over the control socket, as JSON: shared by the station, its client and the command line.
//!
//! Other programs build on these shapes. Fields are added, never renamed or given another meaning; who reads
//! them must ignore fields that he does not know. Ids are lower-case hexadecimal; words (`flash`, `read`,
//! `no-sign-of-life`) are those of the protocol's registries; a time stands twice, as milliseconds since 1970
//! (`…_ms`) and in RFC 3339. `crates/openline/api/openapi.json` says the same for machines.

mod addresses;
mod alarm;
mod contact;
mod courier;
mod exercise;
mod fact;
mod file;
mod line_test;
mod not_shown;
mod ring;
mod roster;
mod station;
mod watch;

use serde::{Deserialize, Serialize};

pub use addresses::{NewAddresses, Reachable};
pub use alarm::{Alarm, AlarmHook, Alarms, NewAcknowledgement, NewShelving};
pub use contact::{Contact, Contacts, NewSettlement, NewTerms, NewVerified, Proposal, Terms};
pub use courier::{
    BundleGiven, BundleTaken, Courier, CourierFolder, CourierLine, ENTRIES_HEADER, LEFT_HEADER,
    Unbundled, UnbundledLine,
};
pub use exercise::{BrokeIn, Exercise, ExerciseSigned, NewExercise};
pub use fact::Fact;
pub use file::{File, Files, NamedFile};
pub use line_test::{
    MissedTurn, NewTest, NewTestRead, Test, TestAnswer, TestCounts, TestEntry, Tests,
};
pub use not_shown::{NotShown, NotShownEntry};
pub use ring::{NewAnswer, NewRing, NewWithdrawal, Offer, Office, Ring, RingAnswer, Rings, Said};
pub use roster::{Gap, NewRoster, NewShift, PartyRoster, Planned, Roster, Rosters, Shift};
pub use station::{Bearer, Carried, Drops, Gone, Station, Way};
pub use watch::{NewSuspension, NewWatch, Officer, OnWatch, Suspension};

/// The header that names who acts: UTF-8, percent-encoded (RFC 3986 section 2.1).
pub const ACTOR_HEADER: &str = "x-openline-actor";

/// The verdict on a line that the station could not take up: its `trouble` says why.
pub const NOT_TAKEN_UP: &str = "not-taken-up";

/// One boot of one node of one party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Party id.
    pub party: String,
    /// Node id.
    pub node: String,
    /// Boot id.
    pub boot: String,
    /// The party's name in the caller's language. A label, never an identity.
    pub name: String,
}

/// Who acted, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// His name; empty for the station itself.
    pub name: String,
    /// `station`, `claimed`, `unix-user` or `passkey`.
    pub attestation: String,
    /// What attested him.
    pub evidence: String,
}

/// A stage that an entry of ours or theirs has reached. None implies the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// `stored`, `shown` or `read`.
    pub stage: String,
    /// Whose station says so.
    pub who: Author,
    /// The person, for `shown` and `read`.
    pub actor: Actor,
    /// When this station learnt it, by its own clock.
    pub our_ms: u64,
    /// When it was said, by the clock of the one who said it.
    pub their_ms: u64,
}

/// A silence that an entry announces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// Begin, by the announcer's clock.
    pub from_ms: u64,
    /// End, likewise.
    pub until_ms: u64,
    /// `restart`, `maintenance` or `other`.
    pub reason: String,
}

/// An entry, as this station holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Its short name at this station, such as `M-41`: the initial of its party and its cursor.
    pub short: String,
    /// The line.
    pub line: String,
    /// Who signed it.
    pub author: Author,
    /// Whether our party did.
    pub ours: bool,
    /// `urgent`, `traffic` or `service`.
    pub stream: String,
    /// Its place in its author's stream, from 0.
    pub sequence: u64,
    /// `start`, `message`, `receipt`, `silence`, `number-compared`, `service-note`, `ring`, `ringing`, `answer`,
    /// `outcome`, `verifying`, `verified`, `proposal`, `read-back`, `settlement`, `contact-closed`, `roster`, `watch-opened`, `presence`, `hand-over`, `hand-over-withdrawn`, `take-over`, `watch-closed`, `suspended`,
    /// `resumed`, `call-up`, `ready`, `test-text`, `test-answer`, `exercise-proposed`, `exercise-accepted`, `exercise-ended`, `reachable-at` or `unknown`.
    pub kind: String,
    /// `routine`, `priority`, `immediate` or `flash`.
    pub precedence: String,
    /// `real`, `exercise` or `test`.
    pub mark: String,
    /// Of what is marked as an exercise: the exercise in which it stands, by the id of the entry that accepted that. None if it
    /// stands in none: then it counts for nothing, and is shown as outside an exercise.
    #[serde(default)]
    pub exercise: Option<String>,
    /// It is meant, and answers a text of an exercise, or came while one runs.
    #[serde(default)]
    pub breaks_in: bool,
    /// BCP 47 tag of the text.
    pub lang: Option<String>,
    /// The words; none if the entry has none or they were erased.
    pub text: Option<String>,
    /// The files that go with a message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<NamedFile>,
    /// Why the words that belong here are not: `withheld` or `unreadable`. Nobody can sign that he read such a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_state: Option<String>,
    /// Id of the entry that it answers.
    pub reply_to: Option<String>,
    /// Its short name at this station, if it is held here.
    #[serde(default)]
    pub reply_to_short: Option<String>,
    /// Who acted.
    pub actor: Actor,
    /// What it says beyond its text.
    #[serde(default)]
    pub fact: Fact,
    /// By the author's clock.
    pub time_ms: u64,
    /// The same in RFC 3339.
    pub time: String,
    /// When this station stored it, by its own clock.
    pub received_ms: u64,
    /// The same in RFC 3339.
    pub received: String,
    /// Its place in the order in which this station stored the line's entries.
    pub cursor: u64,
    /// The stages it has reached so far, of a message.
    #[serde(default)]
    pub stages: Vec<Stage>,
    /// A message of theirs of which nobody here has signed that it was shown to him, or that he has read it.
    #[serde(default)]
    pub not_shown: bool,
}

/// A page of entries, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entries {
    /// The entries.
    pub entries: Vec<Entry>,
    /// The cursor to go on `after`; none at the end.
    pub next: Option<u64>,
    /// How many more there are here that are damaged, or not as they were written, and can't be read.
    #[serde(default)]
    pub unreadable: u64,
}

/// Which entries to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntriesQuery {
    /// Only those received here at this time or later, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<u64>,
    /// Only those with a greater cursor; `from` means the same, as for events.
    #[serde(default, alias = "from", skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// Only messages of the other side that were shown to nobody yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_shown: Option<bool>,
    /// At most so many; 200 unless told, at most 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// A text to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMessage {
    /// The words.
    pub text: String,
    /// BCP 47 tag; our party's first language unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// `routine` unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precedence: Option<String>,
    /// `real` unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// Id or short name of the entry that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// Files that go with it, handed in before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<NamedFile>,
    /// Who acts, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// A repeated call with the same key sends nothing and gives the first answer. Remembered until the
    /// station restarts, for the last 4096 keys. Not for streams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

/// What happened to a text: one object for each step, in the order in which they happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageEvent {
    /// `stored-here`, `stored`, `shown`, `read`, or `refused`. `shown` and `read` are told of the last 65,536
    /// texts of a stream.
    pub event: String,
    /// Which text of the stream, from 0.
    pub index: u64,
    /// The entry's id; none if it was refused.
    pub entry: Option<String>,
    /// Its short name.
    pub short: Option<String>,
    /// Whose station says so.
    pub who: Option<Author>,
    /// The person: who sent, or to whom it was shown, or who read it.
    pub actor: Option<Actor>,
    /// How the person is attested; `station` where the station itself says so.
    pub attestation: String,
    /// By this station's clock.
    pub our_ms: u64,
    /// By the clock of the one who says so.
    pub their_ms: Option<u64>,
    /// Since the station took the text, by a clock that never jumps.
    pub elapsed_ms: u64,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Problem>,
}

/// "These messages have reached this stage here." Takes an operator's name: a program can't see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewReceipt {
    /// `shown` or `read`.
    pub stage: String,
    /// Ids or short names of messages of the other party, at most 64.
    pub entries: Vec<String>,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// "We shall be silent."
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSilence {
    /// From now on for so many milliseconds.
    pub for_ms: u64,
    /// `restart`, `maintenance` or `other`.
    pub reason: String,
    /// In words, may be empty.
    #[serde(default)]
    pub text: String,
    /// BCP 47 tag of the words; our party's first language unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Who, if the header does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
}

/// A call was carried out, and what it made is on disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Id of the entry that it made, if it made one.
    pub entry: Option<String>,
    /// Its short name.
    pub short: Option<String>,
}

/// Why a call was not carried out, for a person and for a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable word for programs.
    pub error: String,
    /// What happened, in the caller's language.
    pub what: String,
    /// What to do now.
    #[serde(rename = "do")]
    pub do_now: String,
}

/// A silence in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// Who announced it.
    pub by: Author,
    /// When the announcement was stored here, by our clock; 0 of a station that does not say.
    #[serde(default)]
    pub said_ms: u64,
    /// The same in RFC 3339.
    #[serde(default)]
    pub said: String,
    /// End, by the announcer's clock.
    pub until_ms: u64,
    /// The same in RFC 3339.
    pub until: String,
    /// `restart`, `maintenance` or `other`.
    pub reason: String,
}

/// Frames that keep coming from the other station's address, and that our keys can't open. Anybody can send such.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unopened {
    /// The first since the other station was heard, by our clock.
    pub since_ms: u64,
    /// The same in RFC 3339.
    pub since: String,
    /// The last.
    pub last_ms: u64,
    /// The same in RFC 3339.
    pub last: String,
}

/// Whether the safety number was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberCompared {
    /// Our party signed it.
    pub ours: bool,
    /// Theirs did.
    pub theirs: bool,
}

/// A party of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Its id.
    pub party: String,
    /// Its name in the caller's language.
    pub name: String,
    /// Whether it is ours.
    pub ours: bool,
}

/// A line and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id.
    pub line: String,
    /// The other party's name in the caller's language.
    pub name: String,
    /// Its parties, ours first; none if the line's files are too damaged to tell.
    pub parties: Vec<Party>,
    /// `opening`, `open`, `degraded`, `not-heard-yet`, `no-sign-of-life` or `announced-silence`; `not-taken-up` if there
    /// is `trouble`.
    pub verdict: String,
    /// Since when, by our clock.
    pub since_ms: u64,
    /// The same in RFC 3339.
    pub since: String,
    /// The other station was alive at some moment not before this one.
    pub alive_as_of_ms: Option<u64>,
    /// The same in RFC 3339.
    pub alive_as_of: Option<String>,
    /// The boot that answered last.
    pub peer: Option<Author>,
    /// Why not `open`: `tape-only`, `loss`, `cloned`, `misbehaviour`.
    pub shortcomings: Vec<String>,
    /// The silence of the other party's in force.
    pub announced: Option<Announced>,
    /// The silence of the other party's that is over, and it was not heard since.
    #[serde(default)]
    pub overrun: Option<Announced>,
    /// The silence that our own party announced, while it lasts.
    #[serde(default)]
    pub announced_here: Option<Announced>,
    /// What comes from the other station's address instead of a sign of life, and our keys can't open.
    #[serde(default)]
    pub unopened: Option<Unopened>,
    /// Smoothed round trip of the way in use.
    pub round_trip_ms: Option<u64>,
    /// Share of our frames that did not arrive, in thousandths.
    pub loss_permille: Option<u64>,
    /// The peer's clock less ours.
    pub clock_offset_ms: Option<i64>,
    /// How often the channel was set up anew.
    pub generation: u64,
    /// The channel's epoch; 0 is the tape key.
    pub epoch: u64,
    /// Whether the safety number was compared.
    pub number_compared: NumberCompared,
    /// Entries of ours that the other side has not confirmed.
    pub unconfirmed: u64,
    /// Cursor of the last entry that is stored; none if the store can't be read now.
    #[serde(default)]
    pub cursor: Option<u64>,
    /// What of theirs was shown to nobody yet; none if the store can't be read now.
    #[serde(default)]
    pub not_shown: Option<NotShown>,
    /// The ways to the other station.
    #[serde(default)]
    pub ways: Vec<Way>,
    /// Its alarms, first those that nobody has acknowledged.
    #[serde(default)]
    pub alarms: Vec<Alarm>,
    /// Who is on watch, for our party first; none if the line is not taken up.
    #[serde(default)]
    pub watch: Vec<OnWatch>,
    /// Who is to be on watch, for our party first; none if the line is not taken up.
    #[serde(default)]
    pub planned: Vec<Planned>,
    /// Suspensions in force.
    #[serde(default)]
    pub suspended: Vec<Suspension>,
    /// Exercises that are proposed or in force.
    #[serde(default)]
    pub exercises: Vec<Exercise>,
    /// Where nodes announced that they can be reached, those of our party first; a node that never did is not here.
    #[serde(default)]
    pub reachable: Vec<Reachable>,
    /// Its tests; none if the line is not taken up.
    #[serde(default)]
    pub tests: Option<Tests>,
    /// Its last rings, the latest first, at most 16; none if the store can't be read now.
    #[serde(default)]
    pub rings: Vec<Ring>,
    /// Contacts that are not over, and the last ones, the latest first; none if the store can't be read now.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Why the station could not take the line up, and what to do; all else about it is then unknown.
    #[serde(default)]
    pub trouble: Option<Problem>,
    /// What happened since the station started that deserves attention, the latest first.
    #[serde(default)]
    pub notices: Vec<Notice>,
}

/// What deserves attention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `misbehaved`, `restored` (a node runs again from an older disk), `cloned` (two boots of one node run at
    /// one time), `keys-asked` (we ask for a new generation of keys) or `keys-renewed` (there is one).
    pub what: String,
    /// When it was met, by our clock; the last time, if often.
    pub at_ms: u64,
    /// How often it was met since the start.
    #[serde(default = "once")]
    pub count: u64,
    /// Whose boot.
    pub by: Author,
    /// For `cloned`, the other boot.
    pub other: Option<Author>,
    /// For `misbehaved`, what: see [`Evidence::what`].
    pub misbehaviour: Option<String>,
}

/// A station that does not count has met each notice once.
fn once() -> u64 {
    1
}

/// Everything that `status` knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The station.
    pub station: Station,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// Proof of a party's misbehaviour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The line.
    pub line: String,
    /// Whose.
    pub by: Author,
    /// `equivocation`, `forked-chain`, `false-heads`, `bad-signature`, `malformed`, `stranger`, `excess` or
    /// `divergence`.
    pub what: String,
    /// When it was met, by our clock.
    pub at_ms: u64,
    /// The signed entries that prove it, canonical CBOR in hexadecimal.
    pub proof: Vec<String>,
}
