//! What can be wrong with a home. All of it is for its owner to mend; nothing has been half written.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

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
    /// A file is not what it should be.
    #[error("{} is damaged: {why}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
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
            Self::Exists { .. } => "home-exists",
            Self::Exposed { .. } => "home-exposed",
            Self::ForeignOwner { .. } => "home-foreign-owner",
            Self::InUse { .. } => "home-in-use",
            Self::Damaged { .. } => "home-damaged",
            Self::RootOffline { .. } => "root-offline",
            Self::NoKey { .. } => "no-key",
        }
    }

    /// What fills the blanks of its message.
    pub fn blanks(&self) -> Vec<(&'static str, String)> {
        let path = |path: &Path| ("path", path.display().to_string());
        match self {
            Self::Io {
                path: at, source, ..
            } => vec![path(at), ("why", source.to_string())],
            Self::Missing { path: at }
            | Self::Exists { path: at }
            | Self::InUse { path: at }
            | Self::RootOffline { path: at } => vec![path(at)],
            Self::Exposed { path: at, mode } => vec![path(at), ("mode", format!("{mode:o}"))],
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

    pub(crate) fn damaged(path: &Path, why: impl ToString) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            why: why.to_string(),
        }
    }

    pub(crate) fn leaf(error: openline_seal::AgreementError) -> Self {
        Self::NoKey {
            why: error.to_string(),
        }
    }
}
