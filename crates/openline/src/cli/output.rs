//! What the commands print with `--json`, where it is not the station's own form ([`crate::api::types`]).
//!
//! Other programs build on these shapes: fields are added, never renamed or given another meaning. They are
//! explained, with examples that a test reads, in `docs/json.md`.

use openline_wire::ids::LineId;
use serde::{Deserialize, Serialize};

use crate::api::types::{Bearer, CourierLine, Status, Unbundled, Way};

mod ring_proof;

pub use ring_proof::{Proof, RingClaim, RingProof};

/// The bearers of a station: `bearers`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bearers {
    /// As in the status, in the order of its addresses.
    pub bearers: Vec<BearerWithWays>,
    /// Addresses to which frames go and from which nothing comes back.
    pub send_only: Vec<String>,
    /// Couriers that were given something, or brought something, line by line; null if the station can't read its disk now.
    #[serde(default)]
    pub couriers: Option<Vec<CourierLine>>,
}

/// A bearer, and what it is used for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BearerWithWays {
    /// The bearer.
    #[serde(flatten)]
    pub bearer: Bearer,
    /// The ways of the lines that lead over it.
    pub ways: Vec<WayOfLine>,
}

/// A way, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayOfLine {
    /// The line's id.
    pub line: String,
    /// What the line is called.
    pub name: String,
    /// The verdict on the line, as in its status.
    pub verdict: String,
    /// Nobody has answered on it for thirty days, or not since the station started that long ago.
    pub unproven: bool,
    /// The way.
    #[serde(flatten)]
    pub way: Way,
}

/// A card or a line file: `card show`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardFile {
    /// `card`, `offer` or `answer`.
    pub file: String,
    /// The card, or the card of the line file's sender.
    pub card: Card,
    /// The safety number with our card; none if there is no home, or if it is our own card.
    pub safety_number: Option<String>,
    /// In a line file: the line's id.
    pub line: Option<String>,
    /// In a line file: the rules.
    pub charter: Option<Charter>,
    /// What to look twice at in the card's names.
    pub warnings: Vec<NameWarning>,
}

/// A name on a card that may be taken for something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameWarning {
    /// `ours`: it looks like a name of ours; `another`: of another party here; `mixed`: a word of several alphabets.
    pub warning: String,
    /// The name.
    pub name: String,
    /// In words.
    pub what: String,
}

/// A party's public identity, as its card says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Party id.
    pub party: String,
    /// Its name in the reader's language.
    pub name: String,
    /// All its names.
    pub names: Vec<Name>,
    /// The languages that it writes in, the usual one first.
    pub languages: Vec<String>,
    /// Grows with each card of the party.
    pub serial: u64,
    /// When it was made, milliseconds since 1970.
    pub issued_ms: u64,
    /// The nodes that speak for it.
    pub nodes: Vec<String>,
    /// Where it may be reached.
    pub addresses: Vec<String>,
    /// SHA-256 of the card.
    pub digest: String,
}

/// The rules of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charter {
    /// SHA-256 of the charter.
    pub digest: String,
    /// Its parties.
    pub parties: Vec<Member>,
    /// Who can be called.
    pub offices: Vec<Office>,
    /// How often a quiet line is echoed.
    pub echo_ms: u64,
    /// After how long without an echo there is no sign of life.
    pub silent_after_ms: u64,
    /// How long a key lives.
    pub rotate_ms: u64,
    /// The longest time after which an officer on watch confirms that he is there.
    pub presence_ms: u64,
    /// How often the line is tested.
    pub test_ms: u64,
    /// Words in a FLASH or IMMEDIATE text.
    pub urgent_words: u64,
    /// Bytes in a FLASH or IMMEDIATE text.
    pub urgent_bytes: u64,
    /// Bytes in any text.
    pub text_bytes: u64,
    /// Days after which a text may be erased; none: never.
    pub retention_days: Option<u64>,
    /// Whether the line opens only with hand-carried tapes.
    pub tape_required: bool,
    /// What the line may be used for.
    pub modes: Vec<String>,
    /// Which marks entries may bear.
    pub marks: Vec<String>,
}

/// A party of a charter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Party id.
    pub party: String,
    /// Its name in the reader's language.
    pub name: String,
    /// The languages that it writes in, the usual one first.
    pub languages: Vec<String>,
}

/// An office that can be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Party id.
    pub party: String,
    /// The office's id, such as `watch`.
    pub office: String,
    /// Its name in the reader's language.
    pub name: String,
    /// Its level; 1 is the watch.
    pub level: u64,
    /// Offices of the other side, as `party/office`.
    pub counterparts: Vec<String>,
    /// Offices of its own side that answer for it, first choice first.
    pub substitutes: Vec<String>,
}

/// A name and its language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// BCP 47 tag.
    pub lang: String,
    /// The name.
    pub name: String,
}

/// A party was made: `init`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Its home.
    pub home: String,
    /// Party id.
    pub party: String,
    /// Node id.
    pub node: String,
}

/// A file was written: `card export`, `export`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Where.
    pub path: String,
    /// How long.
    pub bytes: u64,
}

/// A file that goes with a message was written: `file save`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFile {
    /// Where.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
}

/// A bundle was written: `courier export`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundled {
    /// Where.
    pub path: String,
    /// How long.
    pub bytes: u64,
    /// Entries in it.
    pub entries: u64,
    /// Entries that did not fit.
    pub left: u64,
}

/// What a file held that somebody brought: `courier import`, one object for each file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleFile {
    /// Which file.
    pub path: String,
    /// What came of it.
    #[serde(flatten)]
    pub taken: Unbundled,
}

/// A step of opening a line was done: `line open`, `line accept`, `line finish`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// `offered`, `accepted` or `finished`.
    pub step: String,
    /// The line's id.
    pub line: String,
    /// The other party's card.
    pub card: Card,
    /// The safety number of both cards.
    pub safety_number: String,
    /// The rules.
    pub charter: Charter,
    /// What to look twice at in the card's names.
    pub warnings: Vec<NameWarning>,
    /// The file for the other party, if this step makes one.
    pub output: Option<String>,
    /// Whether the step was taken before, and only its file was written once more.
    pub again: bool,
    /// After `accept` and `finish`: `taken-up` by the running station, `not-taken-up` by it, or `not-running`.
    pub station: Option<String>,
}

/// What `verify` found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Whether all that is held is as it was signed.
    pub sound: bool,
    /// How far what was signed proves whose records these are: of the records' words the least.
    pub identity: String,
    /// One for each line.
    pub records: Vec<Record>,
}

/// What `status` says: the station's own words, and what only the home's files tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholeStatus {
    /// The station and its lines.
    #[serde(flatten)]
    pub status: Status,
    /// Lines that we offered and that wait for their answers.
    pub waiting: Vec<NotRunning>,
    /// Lines that are complete here, and that the running station does not have.
    pub left_out: Vec<NotRunning>,
}

/// A line that the station knows nothing of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotRunning {
    /// The line.
    pub line: String,
    /// What the other party is called.
    pub name: String,
}

impl NotRunning {
    /// A line with the party of this name.
    pub fn new(line: LineId, name: String) -> Self {
        let line = line.to_string();
        Self { line, name }
    }
}

/// What `verify` says of one line's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The line.
    pub line: String,
    /// Whether all that is held is as it was signed.
    pub sound: bool,
    /// Entries that verified.
    pub entries: u64,
    /// Those of them whose text or other body is not here; what was signed still commits to it.
    pub withheld: u64,
    /// Which they are, the first 1000.
    pub withheld_entries: Vec<Withheld>,
    /// One digest over the record: equal at two parties that hold the same entries under the same charter. None if the
    /// record is not sound: it is taken over what was signed, which a changed text does not change.
    pub digest: Option<String>,
    /// SHA-256 of the charter that the record is held under.
    pub charter: Option<String>,
    /// The parties who signed that they compared the safety number, and with it charter and cards. Of the others
    /// nothing signed proves either.
    pub compared_by: Vec<String>,
    /// `proven` if all parties whose entries are here are among them, `partly` if some are, `unproven` if none is.
    pub identity: String,
    /// How far each chain is proven.
    pub chains: Vec<Chain>,
    /// What is proven of rings, the last 1000.
    pub rings: Vec<RingProof>,
    /// How many more there were before these.
    pub rings_left_out: u64,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Findings beyond those listed.
    pub findings_left_out: u64,
    /// Places that their author signed twice.
    pub equivocations: u64,
    /// Starts that do not cover what is held of their own node.
    pub divergences: u64,
    /// Entries that are named but not held; no fault.
    pub missing: u64,
    /// Which of them are gaps between entries of a chain.
    pub gaps: Vec<Gap>,
}

/// An entry whose text or other body is not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// The party.
    pub party: String,
    /// Its name in the reader's language, where its card is at hand.
    pub name: Option<String>,
    /// The node.
    pub node: String,
    /// The boot.
    pub boot: String,
    /// `urgent`, `traffic` or `service`.
    pub stream: String,
    /// Its place there.
    pub sequence: u64,
    /// Its name at the reader's own station, if that holds the line.
    pub short: Option<String>,
}

/// Entries of a chain that are not held while later ones are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The party.
    pub party: String,
    /// Its name in the reader's language, where its card is at hand.
    pub name: Option<String>,
    /// The node.
    pub node: String,
    /// The boot.
    pub boot: String,
    /// `urgent`, `traffic` or `service`.
    pub stream: String,
    /// The first place not held.
    pub first: u64,
    /// The last one.
    pub last: u64,
}

/// How far a chain is proven: complete to `size`, beyond unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// The party.
    pub party: String,
    /// Its name in the reader's language, where its card is at hand.
    pub name: Option<String>,
    /// The node.
    pub node: String,
    /// The boot.
    pub boot: String,
    /// `urgent`, `traffic` or `service`.
    pub stream: String,
    /// Entries from the first on.
    pub size: u64,
    /// RFC 6962 root of their tree.
    pub root: String,
    /// Somebody's signed word that there are more.
    pub claimed: Option<Claim>,
}

/// An entry in the record says that a chain is longer than it is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Entries that the chain has, at least.
    pub size: u64,
    /// The party that signed it.
    pub party: String,
    /// Its name in the reader's language, where its card is at hand.
    pub name: Option<String>,
    /// The boot whose entry says so.
    pub boot: String,
    /// The stream of that entry.
    pub stream: String,
    /// Its place there.
    pub sequence: u64,
}

/// Something wrong in a record: where, and what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The party, if it is an entry's or a chain's.
    pub party: Option<String>,
    /// Its name in the reader's language, where its card is at hand.
    pub name: Option<String>,
    /// The node.
    pub node: Option<String>,
    /// The boot.
    pub boot: Option<String>,
    /// `urgent`, `traffic` or `service`.
    pub stream: Option<String>,
    /// The entry's place in the stream.
    pub sequence: Option<u64>,
    /// The entry's short name at the reader's own station, if that holds it.
    pub short: Option<String>,
    /// Which part of the entry or file.
    pub field: String,
    /// A stable word.
    pub fault: String,
    /// In words.
    pub what: String,
}

/// What `doctor` found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Whether nothing is wrong; advice does not count.
    pub healthy: bool,
    /// Each thing that was looked at.
    pub checks: Vec<Check>,
}

/// What `doctor --salvage` brought into a new record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Salvaged {
    /// Entries that were intact.
    pub entries: u64,
    /// Entries that could not be read, or were not as they were written.
    pub unreadable: u64,
    /// Places of the chains that are missing now, as far as the damaged record told.
    pub missing: u64,
    /// The folder in which the damaged record is kept.
    pub aside: String,
}

/// One thing that `doctor` looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// A stable word.
    pub check: String,
    /// `good`, `advice`, `wrong` or `unknown`.
    pub result: String,
    /// What was found.
    pub what: String,
    /// What to do now; none if it is good.
    #[serde(rename = "do")]
    pub do_now: Option<String>,
}

/// A step of the demo's story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoStep {
    /// A stable word.
    pub step: String,
    /// When it was over, since the demo began.
    pub at_ms: u64,
    /// What was found to be true.
    pub claims: Vec<DemoClaim>,
}

/// Something that the demo did and checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoClaim {
    /// A stable word.
    pub claim: String,
    /// In English.
    pub en: String,
    /// In Russian.
    pub ru: String,
}
