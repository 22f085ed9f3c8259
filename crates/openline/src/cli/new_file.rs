//! Files that a command makes for a person. None is ever written over another, and none is ever half there.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::failure::{Exit, Failure};
use crate::home::{HomeError, files};

/// Makes sure, before any work is done, that no file stands in the way.
pub fn refuse_existing(path: &Path) -> Result<(), Failure> {
    match path.symlink_metadata() {
        Ok(_) => Err(exists(path)),
        Err(_) => Ok(()),
    }
}

/// A file for its owner alone that is written beside its place and put there once all of it is on the disk. If it is
/// dropped before that, nothing is left.
pub struct Draft {
    file: NamedTempFile,
    path: PathBuf,
}

impl Draft {
    /// An empty one; refused if there is a file in its place.
    pub fn beside(path: &Path) -> Result<Self, Failure> {
        refuse_existing(path)?;
        let made = NamedTempFile::new_in(files::parent(path));
        // Only the kind of the error: its words would name a file that nobody asked for.
        let file = made.map_err(|error| failed(path, error.kind().into()))?;
        let path = path.to_owned();
        Ok(Self { file, path })
    }

    /// One that holds these bytes, on the disk.
    pub fn with(path: &Path, bytes: &[u8]) -> Result<Self, Failure> {
        let mut draft = Self::beside(path)?;
        let file = draft.file();
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        written.map_err(|error| failed(path, error))?;
        Ok(draft)
    }

    /// To write into.
    pub fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Puts it into its place, durably.
    pub fn place(self) -> Result<(), Failure> {
        let path = self.path;
        let error = |error: std::io::Error| failed(&path, error);
        self.file.as_file().sync_all().map_err(error)?;
        let placed = self.file.persist_noclobber(&path);
        placed.map_err(|refused| error(refused.error))?;
        if let Err(refused) = files::sync_folder(&files::parent(&path)) {
            // Whether it would be there after a power cut, nobody knows: so it is not there.
            let _ = std::fs::remove_file(&path);
            return Err(error(refused));
        }
        Ok(())
    }
}

fn failed(path: &Path, error: std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::AlreadyExists => exists(path),
        _ => HomeError::io(path, "write")(error).into(),
    }
}

fn exists(path: &Path) -> Failure {
    Failure::new(Exit::Failed, "error-file-exists").with("path", path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_puts_there_meanwhile_stays_and_the_draft_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("offer.line");
        let draft = Draft::with(&path, b"an offer").expect("room");
        std::fs::write(&path, "a diary").expect("room");
        draft.place().expect_err("it is there");
        assert_eq!(std::fs::read(&path).expect("a file"), b"a diary");
        assert_eq!(std::fs::read_dir(folder.path()).expect("it").count(), 1);
    }
}
