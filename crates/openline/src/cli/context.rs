//! What every command is given: the home, the reader's language, and how to print for him.

use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use openline_wire::names;

use super::args::Global;
use super::exercise;
use super::failure::{Exit, Failure};
use super::interrupt::Watch;
use super::layout;
use super::paint::Paint;
use crate::api::types::Status;
use crate::client::Client;
use crate::i18n::{Args, Catalog, Language};

/// What every command is given.
pub struct Context<'a> {
    /// The party's home.
    pub home: PathBuf,
    /// Whether `--home` named it.
    pub is_home_named: bool,
    /// Whether to print JSON instead of words.
    pub json: bool,
    /// The tag after `--lang`, as given.
    pub tag: Option<String>,
    /// The words of the reader's language.
    pub words: &'a Catalog,
    /// Colours, where standard output shows them.
    pub paint: Paint,
    /// Whether what is said is about something practised.
    practised: AtomicBool,
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
            is_home_named: global.home.is_some(),
            json: global.json,
            tag: global.lang.clone(),
            words,
            paint: Paint::for_stdout(),
            practised: AtomicBool::new(false),
        })
    }

    /// From now on it is about something with this mark: of an exercise each line says that it is one (OL-794).
    pub fn speaks_of(&self, mark: &str) {
        self.practised.store(mark == "exercise", Ordering::Relaxed);
    }

    /// A way to the home's station.
    pub fn client(&self) -> Client {
        Client::new(&self.home).in_language(self.words.language().tag())
    }

    /// What a command that we advise begins with: where this one was given a home, the next one needs it too.
    pub fn program(&self) -> String {
        self.named_program(false)
            .unwrap_or_else(|| "openline".to_owned())
    }

    /// The same, if a home was named: for a station, whose words others read in another folder, with the whole path.
    pub fn named_program(&self, is_for_others: bool) -> Option<String> {
        let whole = std::path::absolute(&self.home).ok();
        let home = whole.filter(|_| is_for_others);
        let home = home.as_deref().unwrap_or(&self.home);
        let named = self.is_home_named.then(|| for_shell(home))?;
        Some(format!("openline --home {named}"))
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
        let line = crate::json::to_string(value)
            .expect("our types have string keys and no failing fields");
        self.print(line)
    }

    /// Prints a message of the catalog, cut to the screen.
    pub fn say(&self, id: &str, blanks: &Args<'_>) -> Result<(), Failure> {
        self.tell(&self.words.fill(id, blanks))
    }

    /// Prints words of ours, cut to the screen.
    pub fn tell(&self, words: &str) -> Result<(), Failure> {
        if self.practised.load(Ordering::Relaxed) {
            let lines = words.lines().map(str::to_owned).collect();
            let framed = exercise::framed(self, "exercise", lines);
            return framed.iter().try_for_each(|line| self.print(line));
        }
        self.print(layout::said(words, std::io::stdout()))
    }

    /// Whether a person sits at both ends: he can be asked.
    pub fn is_attended(&self) -> bool {
        !self.json && std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
    }

    /// Acts as the one who is named, as whoever sits here and says his name, or where nobody does as the operating system's user.
    pub fn acting(&self, operator: Option<String>) -> Result<Client, Failure> {
        Ok(self.acting_as(self.named(operator)?))
    }

    /// The name of the one who is named, or of whoever sits here; none where nobody does.
    pub fn named(&self, operator: Option<String>) -> Result<Option<String>, Failure> {
        match operator {
            None if self.is_attended() => {
                let _interrupts = Watch::begin(self, "error-interrupted-unsent");
                Ok(Some(self.ask_name()?))
            }
            operator => Ok(operator),
        }
    }

    /// A way to the station for whoever has this name.
    pub fn acting_as(&self, name: Option<String>) -> Client {
        match name {
            Some(name) => self.client().as_actor(name),
            None => self.client(),
        }
    }

    /// Before a person types anything: where no line is open, it would be for nothing. A station without its store
    /// has no lines either, and says why by itself.
    pub fn refuse_no_line(&self, status: &Status) -> Result<(), Failure> {
        match status.lines.is_empty() && status.station.state == "running" {
            true => {
                Err(Failure::new(Exit::Failed, "error-no-line").with("openline", self.program()))
            }
            false => Ok(()),
        }
    }

    /// Asks a person for one line.
    pub fn ask(&self, question: &str) -> Result<String, Failure> {
        let mut stdout = std::io::stdout().lock();
        let question = layout::said(question, std::io::stdout());
        let _ = write!(stdout, "{question} ").and_then(|()| stdout.flush());
        let mut answer = String::new();
        let stdin = std::io::stdin();
        let read = stdin.read_line(&mut answer);
        read.map_err(|error| Failure::file("standard input", &error))?;
        Ok(answer.trim().to_owned())
    }

    /// Asks a person for one line that may stay empty. Whoever ends the input instead wants nothing sent.
    pub fn ask_or_leave(&self, question: &str) -> Result<String, Failure> {
        let answer = self.ask_unless_ended(question)?;
        answer.ok_or_else(|| Failure::new(Exit::Interrupted, "error-interrupted-unsent"))
    }

    /// Asks a person whether he means what stands before him, until he answers yes or no. Only the whole word signs.
    pub fn ask_yes(&self, question: &str) -> Result<bool, Failure> {
        loop {
            let answer = self.ask_or_leave(question)?.to_lowercase();
            let is = |word: &str, id: &str| answer == word || answer == self.words.text(id);
            match (is("yes", "word-yes"), is("no", "word-no")) {
                (true, _) => return Ok(true),
                (_, true) => return Ok(false),
                _ => self.say("ask-yes-or-no", &[])?,
            }
        }
    }

    /// Asks who sits here until he gives a name, or ends the input.
    pub fn ask_name(&self) -> Result<String, Failure> {
        let question = self.words.text("ask-name");
        while let Some(name) = self.ask_unless_ended(&question)? {
            if names::is_acceptable(&name) {
                return Ok(name);
            }
            self.say("ask-name-again", &[])?;
        }
        Err(Failure::new(Exit::Usage, "error-nobody-named"))
    }

    /// Asks a person for one line; none if he ended the input instead (Ctrl-D).
    pub fn ask_unless_ended(&self, question: &str) -> Result<Option<String>, Failure> {
        let mut stdout = std::io::stdout().lock();
        let question = layout::said(question, std::io::stdout());
        let _ = write!(stdout, "{question} ").and_then(|()| stdout.flush());
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer);
        if read.map_err(|error| Failure::file("standard input", &error))? == 0 {
            // Nobody typed the end of the line.
            let _ = writeln!(stdout);
            return Ok(None);
        }
        Ok(Some(answer.trim().to_owned()))
    }
}

/// The language to speak: what was asked for, if we speak it, else that of the environment, else English.
pub fn language(tag: Option<&str>) -> Language {
    tag.and_then(Language::from_tag)
        .or_else(Language::of_environment)
        .unwrap_or(Language::English)
}

/// A path as a shell takes it for one word.
fn for_shell(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+,@%:=".contains(c);
    match path.chars().all(is_plain) {
        true => path,
        false => format!("'{}'", path.replace('\'', "'\\''")),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_with_a_space_in_its_path_stays_one_word_in_a_command() {
        assert_eq!(for_shell(Path::new("/srv/линия-1")), "/srv/линия-1");
        assert_eq!(for_shell(Path::new("/a b/it's")), "'/a b/it'\\''s'");
    }
}
