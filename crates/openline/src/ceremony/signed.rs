//! A line file that is signed, and of which nothing is kept yet: whoever has to write it somewhere makes sure of that
//! first, so that a full disk leaves no line whose file nobody has.

use openline_wire::ids::LineId;
use zeroize::Zeroizing;

use super::{Carried, CeremonyError};
use crate::home::Home;

/// A file of the line's folder, as it will be.
pub(super) type Content = (&'static str, Zeroizing<Vec<u8>>);

/// A file to be carried, and what the home must keep of it.
pub struct Signed<'h> {
    pub(super) home: &'h Home,
    pub(super) line: LineId,
    pub(super) contents: Vec<Content>,
    pub(super) file: Zeroizing<Vec<u8>>,
}

impl Signed<'_> {
    /// The file, for its owner alone: it holds a tape.
    pub fn file(&self) -> &[u8] {
        &self.file
    }

    /// Keeps in the home what is needed to go on, all of it or nothing.
    pub fn keep(self) -> Result<Carried, CeremonyError> {
        let line = self.line;
        let _lock = self.home.ceremony_lock()?;
        if self.home.line_folder(line).is_some() {
            return Err(CeremonyError::OfferUsed { line });
        }
        let contents = self.contents.iter();
        let contents: Vec<(&str, &[u8])> = contents
            .map(|(name, bytes)| (*name, bytes.as_slice()))
            .collect();
        self.home.create_line(line, &contents)?;
        let file = self.file;
        Ok(Carried { line, file })
    }
}

/// A file of the folder.
pub(super) fn content(name: &'static str, bytes: &[u8]) -> Content {
    (name, Zeroizing::new(bytes.to_vec()))
}
