//! `cargo xtask sim`: builds the seeded world for speed and hands it the arguments.

use std::process::ExitCode;

use anyhow::Result;

use crate::run;

/// Arguments of the seeded world.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask sim --seeds 2000          worlds 0 to 1999
  cargo xtask sim --seeds 1 --from 17   replay world 17
  cargo xtask sim --sabotage            every planted bug must be found")]
pub struct Args {
    /// Passed on to openline-sim as they are
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

/// Builds and runs; the exit code is the world's.
pub fn main(args: &Args) -> Result<ExitCode> {
    run::pass_on(
        run::cargo()
            .args([
                "run",
                "--quiet",
                "--release",
                "--package",
                "openline-sim",
                "--",
            ])
            .args(&args.rest),
    )
}
