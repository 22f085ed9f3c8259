//! The folder of one line. Its files tell how far its opening has come:
//!
//! ```text
//! offer        the signed part of the offer; while there is no answer, ours waits for one
//! answer       the signed part of the answer; the line is open
//! compared     who compared the safety number here, and when
//! peer.card    the other party's card that the line is opened with
//! tape.receiving, tape.sending    until the channel has taken them over
//! key-package  on the accepting side: its private part, until the channel has taken it over
//! ```
//!
//! A folder appears whole; finishing it is one rename, of `answer`, after everything else is there.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use openline_wire::ids::LineId;
use openline_wire::limits;
use rustix::fs::{FlockOperation, flock};
use zeroize::Zeroizing;

use super::{Home, HomeError, files};

/// The folder of one line.
#[derive(Clone, Debug)]
pub struct LineFolder {
    line: LineId,
    path: PathBuf,
}

/// Held while a line is opened, so that two commands at once do not use one file twice.
pub struct CeremonyLock {
    _folder: File,
}

impl Home {
    /// The folders of all lines, in ascending order of id.
    pub fn line_folders(&self) -> Result<Vec<LineFolder>, HomeError> {
        let lines = self.lines();
        let failed = HomeError::io(&lines, "list");
        let mut found = Vec::new();
        for item in fs::read_dir(&lines).map_err(&failed)? {
            let name = item.map_err(&failed)?.file_name();
            // Anything else is a draft that a power cut left behind.
            found.extend(name.to_str().and_then(LineId::from_hex));
        }
        found.sort();
        Ok(found.into_iter().map(|line| self.folder(line)).collect())
    }

    /// The folder of a line, if there is one.
    pub fn line_folder(&self, line: LineId) -> Option<LineFolder> {
        let folder = self.folder(line);
        folder.path.is_dir().then_some(folder)
    }

    /// What is wrong with a line of which entries are stored and that is not open: its answer, or all of it, is gone.
    pub fn line_without_files(&self, line: LineId) -> HomeError {
        let folder = self.folder(line).path;
        HomeError::damaged(&folder.join("answer"), "reason-not-found")
    }

    /// Makes the folder of a line with all that it begins with, at once.
    pub fn create_line(
        &self,
        line: LineId,
        contents: &[(&str, &[u8])],
    ) -> Result<LineFolder, HomeError> {
        let folder = self.folder(line);
        let draft = files::sibling(&folder.path)?;
        let made =
            fill(&draft, contents).and_then(|()| files::move_folder(&draft, &[], &folder.path));
        if made.is_err() {
            let _ = fs::remove_dir_all(&draft);
        }
        made.map(|()| folder)
    }

    /// Takes back a line that was made a moment ago and that nobody else has heard of: as if it had never been.
    pub fn withdraw_line(&self, line: LineId) -> Result<(), HomeError> {
        let folder = self.folder(line);
        let aside = files::sibling(&folder.path)?;
        // Gone in one step; what is left of it after a power cut is a draft.
        fs::rename(&folder.path, &aside).map_err(HomeError::io(&folder.path, "erase"))?;
        for name in ["tape.receiving", "tape.sending", "key-package"] {
            files::erase(&aside.join(name))?;
        }
        fs::remove_dir_all(&aside).map_err(HomeError::io(&aside, "erase"))
    }

    /// Waits until no other command opens a line.
    pub fn ceremony_lock(&self) -> Result<CeremonyLock, HomeError> {
        let lines = self.lines();
        let folder = File::open(&lines).map_err(HomeError::io(&lines, "open"))?;
        flock(&folder, FlockOperation::LockExclusive)
            .map_err(|error| HomeError::io(&lines, "lock")(error.into()))?;
        Ok(CeremonyLock { _folder: folder })
    }

    fn lines(&self) -> PathBuf {
        self.path().join("lines")
    }

    fn folder(&self, line: LineId) -> LineFolder {
        let path = self.lines().join(line.to_string());
        LineFolder { line, path }
    }
}

fn fill(draft: &Path, contents: &[(&str, &[u8])]) -> Result<(), HomeError> {
    files::make_folder(draft)?;
    contents
        .iter()
        .try_for_each(|(name, bytes)| files::write_draft(&draft.join(name), bytes))
}

impl LineFolder {
    /// Which line.
    pub fn line(&self) -> LineId {
        self.line
    }

    /// Where it is: other parts of a station keep what they know of the line here, too.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it has a file.
    pub fn has(&self, name: &str) -> bool {
        self.path.join(name).exists()
    }

    /// A file, if it is there.
    pub fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, HomeError> {
        if !self.has(name) {
            return Ok(None);
        }
        files::read(&self.path.join(name), limits::FILE).map(Some)
    }

    /// Adds or replaces a file.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), HomeError> {
        files::write(&self.path.join(name), bytes)
    }

    /// Overwrites and removes a file, if it is there.
    pub fn erase(&self, name: &str) -> Result<(), HomeError> {
        files::erase(&self.path.join(name))
    }
}
