//! What went wrong, by a stable code and what a text for people has to name. The texts stand in
//! `locales/*/station.ftl` and `store.ftl` under the code.

use openline_store::StoreError;

/// A trouble. Carried to whoever knows the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Stable; what programs compare.
    pub code: &'static str,
    /// Name and value of each blank in the text.
    pub arguments: Vec<(&'static str, String)>,
}

impl Trouble {
    /// A trouble that names nothing.
    pub fn new(code: &'static str) -> Self {
        Self {
            code,
            arguments: Vec::new(),
        }
    }

    /// Fills a blank.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }
}

impl From<&StoreError> for Trouble {
    fn from(error: &StoreError) -> Self {
        Self {
            code: error.code(),
            arguments: error.arguments(),
        }
    }
}
