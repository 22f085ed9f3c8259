//! `cargo xtask fuzz`: runs the fuzz targets through cargo-fuzz.
//!
//! The sanitizer and the coverage that libFuzzer needs are unstable flags of the compiler. Nightly takes them as it is; the
//! stable compiler takes them too, and has the sanitizer's runtime, once it is told to (`RUSTC_BOOTSTRAP`). So no
//! machine needs a toolchain that it does not have already.

use std::fs;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};

use crate::test::tools;
use crate::{repo, run};

/// Arguments of the fuzz runs.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask fuzz                          every target, 60 seconds each
  cargo xtask fuzz entry --seconds 600      one target for ten minutes")]
pub struct Args {
    /// The target; without it, every target in turn
    target: Option<String>,
    /// Seconds for each target
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// Runs one target or all; a crash is an error and its input stays in `fuzz/artifacts`.
pub fn main(args: &Args) -> Result<ExitCode> {
    match &args.target {
        Some(target) => {
            set_up()?;
            run_one(target, args.seconds, THOROUGH)?;
        }
        None => run_all(args.seconds, THOROUGH)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// How the targets are built, as options of `cargo fuzz run`.
type Build = &'static [&'static str];

/// For hours: optimised, and what the C libraries do with memory is watched.
const THOROUGH: Build = &[];

/// For seconds: most of a short run would be spent on compiling all libraries for speed, with the sanitizer.
pub const QUICK: Build = &["--dev", "--sanitizer", "none"];

/// Runs every target in turn.
pub fn run_all(seconds: u32, build: Build) -> Result<()> {
    set_up()?;
    let listed = run::output(cargo().args(["fuzz", "list"]))?;
    if listed.lines().next().is_none() {
        bail!("there is no fuzz target\n  do: cargo fuzz list");
    }
    for target in listed.lines() {
        run_one(target, seconds, build)?;
    }
    Ok(())
}

fn set_up() -> Result<()> {
    println!(
        "compiler: {}",
        if has_nightly() {
            "nightly"
        } else {
            "stable, with RUSTC_BOOTSTRAP=1"
        }
    );
    tools::install("fuzz", "cargo-fuzz")
}

/// Cargo of the compiler that the targets are built with.
fn cargo() -> Command {
    if has_nightly() {
        return run::nightly_cargo();
    }
    let mut command = run::cargo();
    command.env("RUSTC_BOOTSTRAP", "1");
    command
}

fn has_nightly() -> bool {
    run::answers(run::nightly_cargo().arg("--version"))
}

fn run_one(target: &str, seconds: u32, build: Build) -> Result<()> {
    // libFuzzer writes what it finds into the first folder; the committed corpus stays as it is.
    let found = repo::root().join("target/fuzz-corpus").join(target);
    fs::create_dir_all(&found).with_context(|| format!("cannot make {}", found.display()))?;
    let mut command = cargo();
    command.args(["fuzz", "run"]).args(build).arg(target);
    command.arg(&found);
    command.arg(format!("fuzz/corpus/{target}"));
    let options = [
        format!("-max_total_time={seconds}"),
        // Longer than any input of the corpora; one that takes ten seconds hangs.
        "-max_len=65536".to_owned(),
        "-timeout=10".to_owned(),
    ];
    run::succeed(command.arg("--").args(options))
}
