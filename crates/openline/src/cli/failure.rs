//! Why a command did not do what was asked: an exit code, and two parts for a person.
//!
//! Sources: the command line (exit 2: read the usage), the station (3: start it; 4: wait; 5: the charter), the
//! record (6: keep it, ask who changed it), and files and keys (1: the second part says what to do).

use std::io::Write;
use std::path::Path;

use fluent_bundle::FluentValue;
use openline_store::StoreError;
use openline_wire::names;

use super::layout;
use super::paint::Paint;
use crate::api::types::Problem;
use crate::ceremony::CeremonyError;
use crate::home::HomeError;
use crate::i18n::{Catalog, reason};

/// How the program ends. Other programs build on these numbers: see `docs/json.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done; for `status`, the line is open, or silent as announced.
    Done = 0,
    /// Something else than below; the message says what.
    Failed = 1,
    /// The command line is not understood.
    Usage = 2,
    /// No station answers.
    NoStation = 3,
    /// Time ran out: nothing is lost, and what is not on their disk is still queued.
    TimeRanOut = 4,
    /// The charter, or the protocol, forbids it.
    Forbidden = 5,
    /// A record does not verify.
    VerificationFailed = 6,
    /// `status`: the line is opening or degraded. `ring`: see [`Exit::DECLINED`].
    Degraded = 10,
    /// `status`: no sign of life, or none yet since the start. `ring`: see [`Exit::LATER`].
    NoSignOfLife = 11,
    /// `ring start` only: it rang there, and nobody answered.
    Unanswered = 12,
    /// `ring start` only: nothing showed that it rang there.
    Unreachable = 13,
    /// `ring start` only: withdrawn, merged into one of theirs, or broken off.
    CameToNothing = 14,
    /// `status` only: an alarm that nobody has acknowledged.
    Alarm = 15,
    /// Interrupted while it waited (Ctrl-C): 128 and the number of the signal, as a shell would have it.
    Interrupted = 130,
}

impl Exit {
    /// `ring start` only: they declined.
    pub const DECLINED: Self = Self::Degraded;
    /// `ring start` only: they put it off.
    pub const LATER: Self = Self::NoSignOfLife;
}

/// A failure: an exit code, and the words for it.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    words: Words,
}

/// Where the words of a failure come from.
#[derive(Debug)]
enum Words {
    /// A message of ours and its blanks.
    Ours(&'static str, Vec<(&'static str, FluentValue<'static>)>),
    /// The station's, in the reader's language already.
    Stations(Box<Problem>),
    /// Nobody is there to read any.
    None,
}

impl Failure {
    /// A failure that `locales/*/*.ftl` describes under `id`, with what to do in `.do`.
    pub fn new(exit: Exit, id: &'static str) -> Self {
        Self {
            exit,
            words: Words::Ours(id, Vec::new()),
        }
    }

    /// Fills a blank.
    pub fn with(mut self, name: &'static str, value: impl Into<FluentValue<'static>>) -> Self {
        if let Words::Ours(_, blanks) = &mut self.words {
            blanks.push((name, value.into()));
        }
        self
    }

    /// Fills the blank `why` with the words of an error.
    pub fn because(self, why: impl std::fmt::Display) -> Self {
        let why = names::for_screen(&why.to_string());
        self.with("why", why)
    }

    /// Fills a blank with what somebody typed.
    pub fn naming(self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.with(name, names::for_screen(value.as_ref()))
    }

    /// A failure of another part of the program, which has its words under its own code.
    pub fn coded(exit: Exit, code: &'static str, blanks: Vec<(&'static str, String)>) -> Self {
        let shown = |(name, value): (_, String)| (name, names::for_screen(&value).into());
        Self {
            exit,
            words: Words::Ours(code, blanks.into_iter().map(shown).collect()),
        }
    }

    /// A file could not be read or written.
    pub fn file(path: impl AsRef<Path>, why: &std::io::Error) -> Self {
        Self::new(Exit::Failed, "error-file")
            .with("path", path.as_ref().display().to_string())
            .with("reason", reason::word(why))
            .because(reason::of(why))
    }

    /// The station said no.
    pub fn stations(exit: Exit, problem: Problem) -> Self {
        Self {
            exit,
            words: Words::Stations(Box::new(problem)),
        }
    }

    /// Ends with a code and no words: because they were printed already, or nobody reads them.
    pub fn silent(exit: Exit) -> Self {
        Self {
            exit,
            words: Words::None,
        }
    }

    /// The exit code.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// A stable word for programs, what happened, and what to do now.
    pub fn problem(&self, words: &Catalog) -> Option<Problem> {
        match &self.words {
            Words::Ours(id, blanks) => {
                let blanks: Vec<_> = blanks.iter().map(|it| readable(words, it)).collect();
                Some(Problem {
                    error: id.trim_start_matches("error-").to_owned(),
                    what: words.fill(id, &blanks),
                    do_now: words.attribute(id, "do", &blanks).unwrap_or_default(),
                })
            }
            Words::Stations(problem) => Some((**problem).clone()),
            Words::None => None,
        }
    }

    /// Tells a person one that has its words already, where there is no catalog.
    pub fn tell_people(&self) {
        if let Words::Stations(problem) = &self.words {
            // As below.
            let _ = write_for_people(&mut std::io::stderr().lock(), problem);
        }
    }

    /// Tells it on standard error. That nobody may be listening there is no reason to fail anew.
    pub fn tell(&self, words: &Catalog, json: bool) {
        let Some(problem) = self.problem(words) else {
            return;
        };
        let mut stderr = std::io::stderr().lock();
        let _ = match json {
            true => write_for_programs(&mut stderr, &problem, self.exit),
            false => write_for_people(&mut stderr, &problem),
        };
    }
}

/// A blank in the reader's language, where the operating system has filled it.
fn readable(
    words: &Catalog,
    (name, value): &(&'static str, FluentValue<'static>),
) -> (&'static str, FluentValue<'static>) {
    match value {
        FluentValue::String(why) if *name == "why" => (name, reason::in_words(words, why).into()),
        value => (name, value.clone()),
    }
}

/// What is printed on standard error with `--json`.
#[derive(serde::Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    problem: &'a Problem,
    exit: u8,
}

impl From<HomeError> for Failure {
    fn from(error: HomeError) -> Self {
        Self::coded(Exit::Failed, error.code(), error.blanks())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::coded(Exit::Failed, error.code(), error.arguments())
    }
}

impl From<CeremonyError> for Failure {
    fn from(error: CeremonyError) -> Self {
        let exit = match error {
            // The one thing that must never be waved through.
            CeremonyError::NumberDiffers { .. } => Exit::VerificationFailed,
            _ => Exit::Failed,
        };
        Self::coded(exit, error.code(), error.blanks())
    }
}

fn write_for_programs(out: &mut impl Write, problem: &Problem, exit: Exit) -> std::io::Result<()> {
    let report = Report {
        problem,
        exit: exit as u8,
    };
    writeln!(out, "{}", crate::json::to_string(&report)?)
}

fn write_for_people(out: &mut impl Write, problem: &Problem) -> std::io::Result<()> {
    let said = |text: &str| layout::said(text, std::io::stderr());
    let name = Paint::for_stderr().bad("openline:");
    writeln!(out, "{}", said(&format!("{name} {}", problem.what)))?;
    for line in problem.do_now.lines() {
        writeln!(out, "{}", said(&format!("  {line}")))?;
    }
    Ok(())
}
