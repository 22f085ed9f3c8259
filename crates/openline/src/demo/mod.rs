//! `openline demo`: two hostile parties, two station processes, one line, on this machine.
//!
//! The story is told by what happens: the demo runs this program as a person would, reads what it answers, and
//! prints a claim only after it has found it to be true. A claim that turns out false ends the demo.

use std::path::{Path, PathBuf};

use tokio::signal::unix::{SignalKind, signal};

use crate::cli::args::Demo;
use crate::cli::context::Context;
use crate::cli::failure::{Exit, Failure};

mod columns;
mod crash;
mod flash;
mod opening;
mod party;
mod proof;
mod screen;
mod talk;

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
    let temporary = temporary_directory()?;
    let directory = match &args.keep {
        Some(directory) => kept_directory(directory)?,
        None => temporary.path().to_owned(),
    };
    let mut story = Story {
        screen: Screen::new(context),
        washington: Party::new(&WASHINGTON, &directory)?,
        moscow: Party::new(&MOSCOW, &directory)?,
        directory: &directory,
    };
    tokio::select! {
        told = tell(&mut story) => told?,
        () = interrupted() => return Ok(()),
    }
    if args.once {
        return Ok(());
    }
    story.invite()?;
    interrupted().await;
    Ok(())
}

async fn tell(story: &mut Story<'_>) -> Result<(), Failure> {
    story.screen.curtain()?;
    story.open().await?;
    let first = story.flash().await?;
    story.crash_and_return(&first).await?;
    story.prove(&first)?;
    story.screen.end_step()
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

fn temporary_directory() -> Result<tempfile::TempDir, Failure> {
    let made = tempfile::Builder::new().prefix("openline-demo-").tempdir();
    made.map_err(|error| Failure::file(std::env::temp_dir(), &error))
}

/// The directory to keep, whole: what is pasted from the screen must work elsewhere.
fn kept_directory(directory: &Path) -> Result<PathBuf, Failure> {
    std::fs::create_dir_all(directory)
        .and_then(|()| directory.canonicalize())
        .map_err(|error| Failure::file(directory, &error))
}

/// Ctrl-C, or a polite request to end.
async fn interrupted() {
    let wait_for = |kind| async move {
        match signal(kind) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = wait_for(SignalKind::interrupt()) => {}
        () = wait_for(SignalKind::terminate()) => {}
    }
}
