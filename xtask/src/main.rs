//! `cargo xtask`: the project's own checks and runs, so that a person and CI type the same words.

mod bench;
mod ci;
mod fuzz;
mod repo;
mod run;
mod sim;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own checks and runs.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

const EXAMPLES: &str = "Examples:
  cargo xtask test                        set up what is needed and pass the tests
  cargo xtask test --all                  what CI runs: also what needs root, namespaces, long worlds
  cargo xtask test --only clippy          one step of it
  cargo xtask tidy                        the rules of the house, in a few seconds
  cargo xtask sim --seeds 2000            the seeded world; --help says more
  cargo xtask bench text                  side by side with the limit and with peers
  cargo xtask fuzz --seconds 20           every fuzz target for 20 seconds
  cargo xtask ci                          what CI will say of the last commit, in a fresh clone";

#[derive(Subcommand)]
enum Task {
    /// Check the rules of the house: layers, purity, sizes, requirements, words, links, languages
    Tidy(tidy::Args),
    /// Set up what is needed and pass the tests
    Test(test::Args),
    /// Run the seeded world (arguments are passed on to openline-sim)
    Sim(sim::Args),
    /// Measure side by side (arguments are passed on to openline-bench)
    Bench(bench::Args),
    /// Fuzz the decoders and the core's input
    Fuzz(fuzz::Args),
    /// Run .ci/run on a fresh clone of the last commit, as CI does
    Ci,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Tidy(args) => tidy::main(&args),
        Task::Test(args) => test::main(&args),
        Task::Sim(args) => sim::main(&args),
        Task::Bench(args) => bench::main(&args),
        Task::Fuzz(args) => fuzz::main(&args),
        Task::Ci => ci::main(),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::FAILURE
    })
}
