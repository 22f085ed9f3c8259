//! `cargo xtask fuzz`: runs the fuzz targets through cargo-fuzz and a nightly compiler.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::repo;
use crate::run;

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
    if let Some(missing) = missing() {
        bail!("{missing}");
    }
    match &args.target {
        Some(target) => run_one(target, args.seconds)?,
        None => run_all(args.seconds)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What keeps the targets from running on this machine, with what to do about it.
pub fn missing() -> Option<&'static str> {
    if !repo::root().join("fuzz/Cargo.toml").exists() {
        return Some("there is no fuzz/Cargo.toml\n  do: run this at the top of the tree");
    }
    if !has_nightly() {
        return Some(
            "fuzzing needs a nightly compiler\n  do: rustup toolchain install nightly --profile minimal",
        );
    }
    if !run::answers(run::nightly_cargo().args(["fuzz", "--version"])) {
        return Some("cargo-fuzz is not installed\n  do: cargo install --locked cargo-fuzz");
    }
    None
}

/// Whether the compiler that cargo-fuzz needs is installed.
pub fn has_nightly() -> bool {
    run::answers(run::nightly_cargo().arg("--version"))
}

/// Runs every target in turn.
pub fn run_all(seconds: u32) -> Result<()> {
    let listed = run::output(run::nightly_cargo().args(["fuzz", "list"]))?;
    for target in listed.lines() {
        run_one(target, seconds)?;
    }
    Ok(())
}

fn run_one(target: &str, seconds: u32) -> Result<()> {
    // libFuzzer writes what it finds into the first folder; the committed corpus stays as it is.
    let found = repo::root().join("target/fuzz-corpus").join(target);
    fs::create_dir_all(&found).with_context(|| format!("cannot make {}", found.display()))?;
    let committed = format!("fuzz/corpus/{target}");
    let mut command = run::nightly_cargo();
    command.args(["fuzz", "run", target]).arg(&found);
    if repo::root().join(&committed).exists() {
        command.arg(&committed);
    }
    run::succeed(command.args(["--", &format!("-max_total_time={seconds}")]))
}
