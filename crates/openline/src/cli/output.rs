//! What the commands print with `--json`, where it is not the station's own form ([`crate::api::types`]).
//!
//! Other programs build on these shapes: fields are added, never renamed or given another meaning. They are
//! explained, with examples that a test reads, in `docs/json.md`.

use serde::{Deserialize, Serialize};

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
    /// The file for the other party, if this step makes one.
    pub output: Option<String>,
}

/// What `verify` found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Whether all that is held is as it was signed.
    pub sound: bool,
    /// One for each line.
    pub records: Vec<Record>,
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
    /// One digest over the record: equal at two parties that hold the same entries.
    pub digest: String,
    /// How far each chain is proven.
    pub chains: Vec<Chain>,
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
