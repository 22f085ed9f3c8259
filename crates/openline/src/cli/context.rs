//! What every command is given: the home, the reader's language, and how to print for him.

use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;

use openline_wire::names;

use super::args::Global;
use super::failure::{Exit, Failure};
use super::paint::Paint;
use crate::client::Client;
use crate::i18n::{Args, Catalog, Language};

/// What every command is given.
pub struct Context<'a> {
    /// The party's home.
    pub home: PathBuf,
    /// Whether to print JSON instead of words.
    pub json: bool,
    /// The tag after `--lang`, as given.
    pub tag: Option<String>,
    /// The words of the reader's language.
    pub words: &'a Catalog,
    /// Colours, where standard output shows them.
    pub paint: Paint,
}

impl<'a> Context<'a> {
    /// Reads the options that all commands share, and the environment.
    pub fn new(global: &Global, words: &'a Catalog) -> Result<Self, Failure> {
        let home = match &global.home {
            Some(home) => home.clone(),
            None => {
                default_home().ok_or_else(|| Failure::new(Exit::Usage, "error-no-home-given"))?
            }
        };
        Ok(Self {
            home,
            json: global.json,
            tag: global.lang.clone(),
            words,
            paint: Paint::for_stdout(),
        })
    }

    /// A way to the home's station.
    pub fn client(&self) -> Client {
        Client::new(&self.home).in_language(self.words.language().tag())
    }

    /// Prints one line on standard output.
    pub fn print(&self, line: impl AsRef<str>) -> Result<(), Failure> {
        let mut stdout = std::io::stdout().lock();
        let written = writeln!(stdout, "{}", line.as_ref()).and_then(|()| stdout.flush());
        written.map_err(|error| match error.kind() {
            std::io::ErrorKind::BrokenPipe => Failure::silent(Exit::Done),
            _ => Failure::file("standard output", &error),
        })
    }

    /// Prints one JSON object on one line.
    pub fn print_json(&self, value: &impl serde::Serialize) -> Result<(), Failure> {
        let line =
            serde_json::to_string(value).expect("our types have string keys and no failing fields");
        self.print(line)
    }

    /// Prints a message of the catalog.
    pub fn say(&self, id: &str, blanks: &Args<'_>) -> Result<(), Failure> {
        self.print(self.words.fill(id, blanks))
    }

    /// Whether a person sits at both ends: he can be asked.
    pub fn is_attended(&self) -> bool {
        !self.json && std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
    }

    /// Asks a person for one line.
    pub fn ask(&self, question: &str) -> Result<String, Failure> {
        let mut stdout = std::io::stdout().lock();
        let _ = write!(stdout, "{question} ").and_then(|()| stdout.flush());
        let mut answer = String::new();
        let stdin = std::io::stdin();
        let read = stdin.read_line(&mut answer);
        read.map_err(|error| Failure::file("standard input", &error))?;
        Ok(answer.trim().to_owned())
    }

    /// Asks who sits here until he gives a name.
    pub fn ask_name(&self) -> Result<String, Failure> {
        let question = self.words.text("ask-name");
        for _ in 0..3 {
            let name = self.ask(&question)?;
            if names::is_acceptable(&name) {
                return Ok(name);
            }
        }
        Err(Failure::new(Exit::Usage, "error-no-name"))
    }
}

/// The language to speak: what was asked for, if we speak it, else that of the environment, else English.
pub fn language(tag: Option<&str>) -> Language {
    tag.and_then(Language::from_tag)
        .or_else(Language::of_environment)
        .unwrap_or(Language::English)
}

/// The platform's data directory (XDG Base Directory Specification).
fn default_home() -> Option<PathBuf> {
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let data = absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")));
    data.map(|data| data.join("openline"))
}
