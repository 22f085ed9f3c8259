//! Runs the worlds of many seeds, and says how to see a failing one again.

mod many;
#[cfg(feature = "sabotage")]
mod search;

use std::process::ExitCode;

use clap::Parser;
use openline_sim::history::{self, About, Failure};
use openline_sim::sabotage::Planted;

use many::Seeds;

/// The seeded world: two stations in histories of loss, crashes, restores, copies and lies, held against a model.
#[derive(Parser)]
#[command(name = "cargo xtask sim", version, after_help = EXAMPLES)]
struct Args {
    /// How many worlds to run, with scripted keys
    #[arg(long, default_value_t = 0, value_name = "N")]
    seeds: u64,
    /// How many worlds to run with MLS's own keys
    #[arg(long, default_value_t = 0, value_name = "N")]
    real_mls: u64,
    /// The first of them
    #[arg(long, default_value_t = 0, value_name = "SEED")]
    from: u64,
    /// Short histories of rings, with cuts and crashes in their midst
    #[arg(long, conflicts_with_all = ["real_mls", "sabotage"])]
    rings: bool,
    /// Worlds run side by side
    #[arg(long, default_value_t = 2, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=256))]
    threads: u64,
    /// Run this world alone
    #[arg(long, value_name = "SEED", conflicts_with_all = ["seeds", "real_mls", "from"])]
    seed: Option<u64>,
    /// Print all that happens in it
    #[arg(long, requires = "seed")]
    trace: bool,
    /// Plant one bug after another; each must be found by a rule within 2,000 worlds
    #[arg(long, conflicts_with_all = ["seeds", "real_mls"])]
    sabotage: bool,
    /// Plant this bug alone
    #[arg(long, requires = "sabotage", value_parser = bug)]
    bug: Option<Planted>,
}

const EXAMPLES: &str = "Examples:
  cargo xtask sim --seeds 2000                worlds 0 to 1999
  cargo xtask sim --seeds 100 --from 5000     worlds 5000 to 5099
  cargo xtask sim --seed 34 --trace           world 34 again, and all that happens in it
  cargo xtask sim --rings --seeds 100000      a hundred thousand short histories of rings
  cargo xtask sim --real-mls 100              worlds 0 to 99 with MLS (its keys differ in each run)
  cargo xtask sim --sabotage                  every planted bug must be found
  cargo xtask sim --sabotage --bug undated-echo --seed 7 --trace";

fn bug(word: &str) -> Result<Planted, String> {
    Planted::from_word(word).ok_or_else(|| {
        let words = Planted::BUGS.map(Planted::word);
        format!("no such bug\n  do: take one of {}", words.join(", "))
    })
}

fn main() -> ExitCode {
    let args = Args::parse();
    if args.sabotage && !cfg!(feature = "sabotage") {
        eprintln!("no bug can be planted in this build of the world");
        eprintln!("  do: cargo xtask sim --sabotage, which builds one where they can");
        return ExitCode::from(2);
    }
    if let Some(seed) = args.seed {
        return one(seed, &args);
    }
    #[cfg(feature = "sabotage")]
    if args.sabotage {
        let bugs = args.bug.map_or(Planted::BUGS.to_vec(), |bug| vec![bug]);
        return search::all_are_found(&bugs, args.from, args.threads);
    }
    if args.seeds + args.real_mls == 0 {
        eprintln!("no world was asked for");
        eprintln!("  do: cargo xtask sim --seeds 2000, or --help for more");
        return ExitCode::from(2);
    }
    run(&args)
}

fn run(args: &Args) -> ExitCode {
    let seeds = |many| Seeds {
        from: args.from,
        many,
        threads: args.threads,
    };
    let about = about(args);
    let rings = if args.rings { " --rings" } else { "" };
    let mut failed = seeds(args.seeds).run(
        |seed| history::run(seed, about, Planted::Nothing, false),
        |seed| format!("cargo xtask sim{rings} --seed {seed} --trace"),
    );
    failed += seeds(args.real_mls).run(history::run_mls, |seed| {
        format!("cargo xtask sim --real-mls 1 --from {seed} (with other keys)")
    });
    println!(
        "{} passed, {failed} failed",
        args.seeds + args.real_mls - failed
    );
    ExitCode::from(u8::from(failed > 0))
}

fn about(args: &Args) -> About {
    match args.bug {
        Some(bug) => bug.shows_in(),
        None if args.rings => About::Rings,
        None => About::Anything,
    }
}

fn one(seed: u64, args: &Args) -> ExitCode {
    let planted = args.bug.unwrap_or_default();
    match history::run(seed, about(args), planted, args.trace) {
        Ok(trace) => {
            trace.iter().for_each(|line| println!("{line}"));
            println!("seed {seed} passed");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            failure.trace.iter().for_each(|line| println!("{line}"));
            println!("{}", said(&failure));
            ExitCode::FAILURE
        }
    }
}

/// What was broken, in a line.
fn said(failure: &Failure) -> String {
    let Failure {
        seed, violation, ..
    } = failure;
    format!("seed {seed}: {}: {}", violation.rule, violation.what)
}
