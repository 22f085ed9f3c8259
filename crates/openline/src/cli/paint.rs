//! Colours for a terminal, where somebody sees them.

use std::io::IsTerminal as _;

/// Colours, or none: where nobody sees them, or where NO_COLOR is set (no-color.org).
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// For standard output.
    pub fn for_stdout() -> Self {
        Self::new(std::io::stdout().is_terminal())
    }

    /// For standard error.
    pub fn for_stderr() -> Self {
        Self::new(std::io::stderr().is_terminal())
    }

    fn new(is_terminal: bool) -> Self {
        let set = |name| {
            std::env::var_os(name).is_some_and(|value: std::ffi::OsString| !value.is_empty())
        };
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            on: is_terminal && !set("NO_COLOR") && !dumb,
        }
    }

    /// Whether anything is coloured.
    pub fn is_on(self) -> bool {
        self.on
    }

    /// As it is.
    pub fn plain(self, text: &str) -> String {
        text.to_owned()
    }

    /// As it should be.
    pub fn good(self, text: &str) -> String {
        self.wrap("32", text)
    }

    /// Wrong, or urgent.
    pub fn bad(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    /// Worth a look.
    pub fn doubtful(self, text: &str) -> String {
        self.wrap("33", text)
    }

    /// Beside the point.
    pub fn quiet(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// The point.
    pub fn strong(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// SGR (ECMA-48 section 8.3.117).
    fn wrap(self, code: &str, text: &str) -> String {
        match self.on {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }
}
