//! What can be wrong with a home. All of it is for its owner to mend; nothing has been half written.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::i18n::reason;

/// Why a home, or a file in it, can't be used.
#[derive(Debug, Error)]
pub enum HomeError {
    /// The operating system refused.
    #[error("can't {doing} {}: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried: a verb.
        doing: &'static str,
        /// Its reason.
        source: io::Error,
    },
    /// There is no home here.
    #[error("no home at {}", .path.display())]
    Missing {
        /// Where one was looked for.
        path: PathBuf,
    },
    /// A file, or a device, is no home.
    #[error("{} is no home", .path.display())]
    NoHome {
        /// What was named.
        path: PathBuf,
    },
    /// A home, or something else, is here already.
    #[error("{} exists already", .path.display())]
    Exists {
        /// Where one was to be made.
        path: PathBuf,
    },
    /// Others than the owner can read it.
    #[error("{} has mode {mode:o}: others can read it", .path.display())]
    Exposed {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It belongs to another user than the one who runs this program.
    #[error("{} belongs to user {owner}, not to user {us}", .path.display())]
    ForeignOwner {
        /// The file or folder.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// Who we are.
        us: u32,
    },
    /// A station runs on this home.
    #[error("another station runs on {}", .path.display())]
    InUse {
        /// The home.
        path: PathBuf,
    },
    /// Something else than a file was named, where a file is read.
    #[error("{} is no file but a {kind}", .path.display())]
    NoFile {
        /// What was named.
        path: PathBuf,
        /// What it is: a word.
        kind: &'static str,
    },
    /// A file is longer than any of its sort.
    #[error("{} has over {limit} bytes", .path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// The most that one has.
        limit: usize,
    },
    /// A file is not what it should be.
    #[error("{} is damaged: {why}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it: the id of our words for it, `reason-...`.
        why: String,
    },
    /// A key of another home lies where one of ours should: nobody would believe what it signs.
    #[error("{} is not a key that this home's card certifies", .path.display())]
    ForeignKey {
        /// The file.
        path: PathBuf,
    },
    /// The root keys were moved away, as they should be; this step needs them.
    #[error("the root keys are not at {}", .path.display())]
    RootOffline {
        /// Where they were looked for.
        path: PathBuf,
    },
    /// The operating system gave no random numbers, or the cryptographic library failed.
    #[error("no new key could be made: {why}")]
    NoKey {
        /// The reason.
        why: String,
    },
}

impl HomeError {
    /// A stable name for messages and for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "home-io",
            Self::Missing { .. } => "home-missing",
            Self::NoHome { .. } => "home-is-none",
            Self::Exists { .. } => "home-exists",
            Self::Exposed { .. } => "home-exposed",
            Self::ForeignOwner { .. } => "home-foreign-owner",
            Self::InUse { .. } => "home-in-use",
            Self::NoFile { .. } => "file-is-none",
            Self::TooLong { .. } => "file-too-long",
            Self::Damaged { .. } => "home-damaged",
            Self::ForeignKey { .. } => "home-foreign-key",
            Self::RootOffline { .. } => "root-offline",
            Self::NoKey { .. } => "no-key",
        }
    }

    /// What fills the blanks of its message.
    pub fn blanks(&self) -> Vec<(&'static str, String)> {
        let path = |path: &Path| ("path", path.display().to_string());
        match self {
            Self::Io {
                path: at,
                doing,
                source,
            } => {
                let doing = match *doing {
                    "read" | "look at" | "list" | "open" => "read",
                    _ => "write",
                };
                vec![
                    path(at),
                    ("doing", doing.to_owned()),
                    ("why", reason::of(source)),
                ]
            }
            Self::Missing { path: at }
            | Self::NoHome { path: at }
            | Self::Exists { path: at }
            | Self::InUse { path: at }
            | Self::ForeignKey { path: at }
            | Self::RootOffline { path: at } => vec![path(at)],
            Self::Exposed { path: at, mode } => vec![
                path(at),
                ("mode", format!("{mode:o}")),
                ("how", exposure(*mode).to_owned()),
            ],
            Self::ForeignOwner {
                path: at,
                owner,
                us,
            } => {
                vec![
                    path(at),
                    ("owner", owner.to_string()),
                    ("us", us.to_string()),
                ]
            }
            Self::NoFile { path: at, kind } => vec![path(at), ("kind", (*kind).to_owned())],
            Self::TooLong { path: at, limit } => vec![path(at), ("limit", limit.to_string())],
            Self::Damaged { path: at, why } => vec![path(at), ("why", why.clone())],
            Self::NoKey { why } => vec![("why", why.clone())],
        }
    }

    /// Makes an error of one of the operating system's; keeps callers short.
    pub(crate) fn io(path: &Path, doing: &'static str) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            path: path.clone(),
            doing,
            source,
        }
    }

    pub(crate) fn no_file(path: &Path, kind: &'static str) -> Self {
        let path = path.to_owned();
        Self::NoFile { path, kind }
    }

    /// `why` is the id of our words for it: see [`reason`].
    pub(crate) fn damaged(path: &Path, why: &str) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            why: why.to_owned(),
        }
    }

    pub(crate) fn leaf(error: openline_seal::AgreementError) -> Self {
        Self::NoKey {
            why: error.to_string(),
        }
    }
}

/// What others can do, the worst of it.
fn exposure(mode: u32) -> &'static str {
    match () {
        () if mode & 0o022 != 0 => "write",
        () if mode & 0o044 != 0 => "read",
        () => "enter",
    }
}
