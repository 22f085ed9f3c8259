//! Files that go with messages, as the API shows them.

use serde::{Deserialize, Serialize};

/// What a message says of a file that goes with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedFile {
    /// What its author calls it: a label, never a path.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The RFC 6962 tree hash over its chunks of 32,768 bytes.
    pub root: String,
}

/// A file that goes with a message, as it stands here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// The message's id.
    pub entry: String,
    /// Its short name at this station.
    pub short: String,
    /// Which of its files, from 1.
    pub number: u64,
    /// Whether our party sent it.
    pub ours: bool,
    /// What its author calls it.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The RFC 6962 tree hash over its chunks.
    pub root: String,
    /// `ours`: the other side has not said that it has all of it; `delivered`: it has; `lacking`: theirs, and not whole yet; `whole`;
    /// `wrong`: what came was not what they signed; `removed`: its bytes are not here any more.
    pub state: String,
    /// Bytes that are here.
    pub held: u64,
}

/// The files of a line, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Files {
    /// The files.
    pub files: Vec<File>,
}
