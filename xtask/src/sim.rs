//! `cargo xtask sim`: builds the seeded world for speed and hands it the arguments.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::run;

/// Arguments of the seeded world, which has its own help.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Args {
    /// Passed on to openline-sim as they are
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

/// Builds and runs; the exit code is the world's.
pub fn main(args: &Args) -> Result<ExitCode> {
    let args: Vec<&str> = args.rest.iter().map(String::as_str).collect();
    run::pass_on(&mut world(&args))
}

/// The command that builds the world and runs it. Only for planted bugs is it built so that they can be planted.
pub fn world(args: &[&str]) -> Command {
    let mut command = run::cargo();
    command.args(["run", "--quiet", "--release", "--package", "openline-sim"]);
    if args.contains(&"--sabotage") {
        command.args(["--features", "sabotage"]);
    }
    command.arg("--").args(args);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(args: &[&str]) -> bool {
        world(args).get_args().any(|word| word == "--features")
    }

    #[test]
    fn bugs_can_be_planted_only_where_they_are_asked_for() {
        assert!(features(&["--sabotage"]));
        assert!(!features(&["--seeds", "2000"]));
    }
}
