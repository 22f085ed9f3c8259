//! What is carried by hand, as the API shows it.

use serde::{Deserialize, Serialize};

/// The response header that tells how many entries a bundle holds.
pub const ENTRIES_HEADER: &str = "x-openline-entries";

/// The response header that tells how many more entries wait than the bundle holds.
pub const LEFT_HEADER: &str = "x-openline-left";

/// How it stands with what is carried by hand, for each line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Courier {
    /// The lines.
    pub lines: Vec<CourierLine>,
    /// The folders that the station watches.
    #[serde(default)]
    pub folders: Vec<CourierFolder>,
}

/// A folder that is watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourierFolder {
    /// Where.
    pub path: String,
    /// Whether bundles are taken in from there; else they are put there.
    pub reads: bool,
    /// Bundles that were taken in or put there since the station started.
    pub files: u64,
    /// When the last of them was, by our clock.
    pub last_ms: Option<u64>,
    /// Why the folder can't be used now; null if it can.
    pub why: Option<String>,
}

/// The same for one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourierLine {
    /// The line's id.
    pub line: String,
    /// What the line is called.
    pub name: String,
    /// Entries of ours that the other side has not confirmed: a bundle made now would hold them.
    pub waiting: u64,
    /// The last bundle that was made here.
    pub given: Option<BundleGiven>,
    /// The last bundle that was taken in here.
    pub taken: Option<BundleTaken>,
    /// Bundles go this way, and none has come back for thirty days, or not since the first was made that long ago.
    #[serde(default)]
    pub unproven: bool,
}

/// A bundle that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleGiven {
    /// When, by our clock.
    pub at_ms: u64,
    /// Entries in it.
    pub entries: u64,
    /// Entries that did not fit into it.
    pub left: u64,
}

/// A bundle that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleTaken {
    /// When, by our clock.
    pub at_ms: u64,
    /// When it was sealed, by the clock of whoever sealed it.
    pub sealed_ms: Option<u64>,
    /// Entries that were new here.
    pub fresh: u64,
    /// Entries that were held already.
    pub held: u64,
    /// Entries that were not taken: there is no room for them now, or they are not what they should be.
    pub left: u64,
}

/// What a file that somebody brought held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unbundled {
    /// Frames that were whole in it.
    pub frames: u64,
    /// Frames that it says that it had, and that are damaged or missing.
    pub missing: u64,
    /// Frames that no line here has keys for.
    pub strange: u64,
    /// Long entries, of this bundle or earlier ones, that wait for pieces of theirs: another copy may bring them.
    pub unfinished: u64,
    /// What the others held, line by line.
    pub lines: Vec<UnbundledLine>,
}

/// What was in it for one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnbundledLine {
    /// The line's id.
    pub line: String,
    /// What the line is called.
    pub name: String,
    /// What came of it.
    #[serde(flatten)]
    pub taken: BundleTaken,
}
