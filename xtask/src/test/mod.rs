//! `cargo xtask test`: sets up what the tests need and takes every step of them, with its time.

mod demo;
mod interop;
mod steps;
pub mod tools;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use steps::{STEPS, Step};

/// Arguments of the test run.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask test                  unprivileged, in about ten minutes
  cargo xtask test --all            as root, as CI does it
  cargo xtask test --only demo      one step, also of those that only --all takes
  cargo xtask test --list           the steps and what each shows")]
pub struct Args {
    /// Also what needs root, network namespaces, further tools, and long worlds
    #[arg(long)]
    all: bool,
    /// Take one step only
    #[arg(long, value_name = "STEP")]
    only: Option<String>,
    /// Name the steps and end
    #[arg(long)]
    list: bool,
}

/// A step that was taken.
struct Taken {
    name: &'static str,
    time: Duration,
    outcome: Result<()>,
}

/// Takes the steps in order, all of them even when one fails, and sums up.
pub fn main(args: &Args) -> Result<ExitCode> {
    if args.list {
        STEPS
            .iter()
            .for_each(|step| println!("{}", described(step)));
        return Ok(ExitCode::SUCCESS);
    }
    let taken: Vec<_> = chosen(args)?
        .into_iter()
        .map(|step| take(step, args.all))
        .collect();
    Ok(conclude(&taken))
}

fn chosen(args: &Args) -> Result<Vec<&'static Step>> {
    let Some(name) = &args.only else {
        return Ok(STEPS
            .iter()
            .filter(|step| args.all || !step.only_with_all)
            .collect());
    };
    match STEPS.iter().find(|step| step.name == name) {
        Some(step) => Ok(vec![step]),
        None => bail!("there is no step `{name}`\n  do: cargo xtask test --list"),
    }
}

fn described(step: &Step) -> String {
    let when = if step.only_with_all {
        " (only with --all)"
    } else {
        ""
    };
    format!("{:<9} {}{when}", step.name, step.shows)
}

fn take(step: &'static Step, all: bool) -> Taken {
    println!("\n=== {}: {}", step.name, step.shows);
    let begun = Instant::now();
    let outcome = (step.take)(all);
    let time = begun.elapsed();
    if let Err(error) = &outcome {
        println!("FAILED: {}", first_line(error));
    }
    Taken {
        name: step.name,
        time,
        outcome,
    }
}

/// The errors once more and whole: of a long log often only the end is read, or kept.
fn conclude(taken: &[Taken]) -> ExitCode {
    for step in taken {
        if let Err(error) = &step.outcome {
            println!("\n=== what failed in {}\n{error:#}", step.name);
        }
    }
    println!("\n=== sum");
    taken.iter().for_each(|step| println!("{}", told(step)));
    let (line, code) = counted(taken);
    println!("{line}");
    code
}

fn first_line(error: &anyhow::Error) -> String {
    let whole = format!("{error:#}");
    whole.lines().next().unwrap_or_default().to_owned()
}

fn told(step: &Taken) -> String {
    let (word, more) = match &step.outcome {
        Ok(()) => ("passed", String::new()),
        Err(_) => (
            "FAILED",
            format!("again: cargo xtask test --only {}", step.name),
        ),
    };
    let line = format!(
        "{word:<8} {:<9} {:>7.1} s  {more}",
        step.name,
        step.time.as_secs_f64()
    );
    line.trim_end().to_owned()
}

/// The last line, for people and for programs that read it, and the exit code.
fn counted(taken: &[Taken]) -> (String, ExitCode) {
    let failed = taken.iter().filter(|step| step.outcome.is_err()).count();
    let passed = taken.len() - failed;
    let code = if failed == 0 && passed > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    };
    (format!("{passed} passed, {failed} failed"), code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(outcome: Result<()>) -> Taken {
        Taken {
            name: "demo",
            time: Duration::from_millis(1500),
            outcome,
        }
    }

    #[test]
    fn one_failed_step_fails_the_run_and_says_how_to_repeat_it() {
        let broken = step(Err(anyhow::anyhow!("broke")));
        assert_eq!(
            told(&broken),
            "FAILED   demo          1.5 s  again: cargo xtask test --only demo"
        );
        let (line, code) = counted(&[step(Ok(())), broken]);
        assert_eq!(line, "1 passed, 1 failed");
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
    }

    #[test]
    fn a_run_that_tested_nothing_fails() {
        let (_, code) = counted(&[]);
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
    }

    #[test]
    fn without_all_nothing_needs_root() {
        let args = Args {
            all: false,
            only: None,
            list: false,
        };
        let names: Vec<_> = chosen(&args)
            .unwrap()
            .iter()
            .map(|step| step.name)
            .collect();
        assert!(names.contains(&"demo") && !names.contains(&"bench"));
    }
}
