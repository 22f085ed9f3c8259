//! What a check found: where, what is wrong, and what to do now.

use std::fmt;

/// One broken rule at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// A path, with `:line` where there is one.
    pub place: String,
    /// What is wrong, with what was expected and what was found.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl Finding {
    pub fn new(place: &str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            place: place.to_owned(),
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    pub fn at(path: &str, line: usize, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(&format!("{path}:{line}"), what, remedy)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  do: {}", self.place, self.what, self.remedy)
    }
}
