//! `openline demo`: two hostile parties, two station processes, one line, on this machine.
//!
//! The story is told by what happens: the demo runs this program as a person would, reads what it answers, and
//! prints a claim only after it has found it to be true. A claim that turns out false ends the demo.

use std::path::{Path, PathBuf};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::args::Demo;
use crate::cli::context::Context;
use crate::cli::failure::{Exit, Failure};

mod columns;
mod contact;
mod crash;
mod flash;
mod opening;
mod party;
mod proof;
mod rings;
mod screen;
mod talk;
mod watch;

use party::{MOSCOW, Party, WASHINGTON};
use screen::Screen;

/// The stage and the two who play.
struct Story<'a> {
    screen: Screen<'a>,
    washington: Party,
    moscow: Party,
    directory: &'a Path,
}

/// Tells the story; then, unless it is for once, keeps both stations running for those who want to take part.
pub async fn run(context: &Context<'_>, args: Demo) -> Result<(), Failure> {
    // Before there is a key: from here on a Ctrl-C ends the demo, and does not leave its homes behind.
    let mut ending = Ending::listen()?;
    let stage = Stage::new(args.keep.as_deref())?;
    let mut story = Story {
        screen: Screen::new(context),
        washington: Party::new(&WASHINGTON, &stage.directory)?,
        moscow: Party::new(&MOSCOW, &stage.directory)?,
        directory: &stage.directory,
    };
    tokio::select! {
        biased;
        () = ending.asked_for() => return Err(stage.stopped_early()),
        told = tell(&mut story) => told?,
    }
    if !args.once {
        story.invite()?;
        ending.asked_for().await;
    }
    drop(story);
    stage.clear(&Screen::new(context), args.once)
}

async fn tell(story: &mut Story<'_>) -> Result<(), Failure> {
    story.screen.curtain()?;
    story.open().await?;
    let first = story.flash().await?;
    story.rings().await?;
    story.watch().await?;
    story.crash_and_return(&first).await?;
    story.prove(&first).await?;
    story.screen.end_step().await
}

impl Story<'_> {
    /// How to take part from two other terminals.
    fn invite(&self) -> Result<(), Failure> {
        self.screen.aside("demo-take-part", &[])?;
        for (party, arguments) in [
            (&self.moscow, "follow"),
            (&self.washington, "say --flash --wait read"),
            (&self.washington, "status --watch"),
        ] {
            self.screen.line("")?;
            self.screen
                .line(&format!("  {}", party.command_line(arguments)))?;
        }
        self.screen.line("")?;
        self.screen.aside("demo-until", &[])
    }
}

/// Ends the demo with an error unless what it is about to claim is so.
fn require(is_so: bool, claim: &'static str) -> Result<(), Failure> {
    match is_so {
        true => Ok(()),
        false => Err(Failure::new(Exit::Failed, "error-demo-not-true").with("claim", claim)),
    }
}

/// Where both homes are: for the demo's time only, or to be kept.
struct Stage {
    directory: PathBuf,
    temporary: Option<tempfile::TempDir>,
}

impl Stage {
    fn new(keep: Option<&Path>) -> Result<Self, Failure> {
        if let Some(directory) = keep {
            return Ok(Self {
                directory: kept_directory(directory)?,
                temporary: None,
            });
        }
        let made = tempfile::Builder::new().prefix("openline-demo-").tempdir();
        let made = made.map_err(|error| Failure::file(std::env::temp_dir(), &error))?;
        Ok(Self {
            directory: made.path().to_owned(),
            temporary: Some(made),
        })
    }

    /// The story did not come to its end, and nobody may take it for told.
    fn stopped_early(&self) -> Failure {
        let kept = match self.temporary {
            Some(_) => "none".to_owned(),
            None => self.directory.display().to_string(),
        };
        Failure::new(Exit::Failed, "error-demo-stopped").with("kept", kept)
    }

    /// Both stations are stopped. Says what becomes of the homes, once it is so.
    fn clear(self, screen: &Screen<'_>, once: bool) -> Result<(), Failure> {
        let Some(temporary) = self.temporary else {
            screen.aside("demo-kept", &[])?;
            return screen.line(&format!("      {}", self.directory.display()));
        };
        let erased = temporary.close();
        erased.map_err(|error| Failure::file(&self.directory, &error))?;
        match once {
            true => Ok(()),
            false => screen.aside("demo-gone", &[]),
        }
    }
}

/// The directory to keep, whole: what is pasted from the screen must work elsewhere. A home that stands there
/// already is nobody's to play with.
fn kept_directory(directory: &Path) -> Result<PathBuf, Failure> {
    let failed = |error| Failure::file(directory, &error);
    std::fs::create_dir_all(directory).map_err(failed)?;
    let is_empty = std::fs::read_dir(directory)
        .map_err(failed)?
        .next()
        .is_none();
    match is_empty {
        true => directory.canonicalize().map_err(failed),
        false => Err(Failure::new(Exit::Failed, "error-demo-keep")
            .with("path", directory.display().to_string())),
    }
}

/// Listens for Ctrl-C, for a terminal that is closed, and for a polite request to end.
struct Ending([Signal; 4]);

impl Ending {
    fn listen() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(|error| Failure::file("signal", &error));
        Ok(Self([
            listen(SignalKind::interrupt())?,
            listen(SignalKind::terminate())?,
            listen(SignalKind::hangup())?,
            listen(SignalKind::quit())?,
        ]))
    }

    async fn asked_for(&mut self) {
        let [interrupt, terminate, hangup, quit] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
            _ = quit.recv() => {}
        }
    }
}
