//! Runs the worlds of many seeds, and says how to see a failing one again.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use openline_sim::history::{self, Failure};
use openline_sim::sabotage::Planted;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (mut seeds, mut from, mut threads, mut seed, mut traced, mut mls) =
        (0u64, 0u64, 2u64, None, false, 0u64);
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|value| value.parse().ok());
        match arg.as_str() {
            "--seeds" => seeds = number().unwrap_or(0),
            "--from" => from = number().unwrap_or(0),
            "--threads" => threads = number().unwrap_or(2),
            "--seed" => seed = number(),
            "--trace" => traced = true,
            "--real-mls" => mls = number().unwrap_or(0),
            _ => return ExitCode::from(2),
        }
    }
    if let Some(seed) = seed {
        return one(seed, traced);
    }
    let failed = many(from, seeds, threads, |seed| {
        history::run(seed, Planted::Nothing, false)
    });
    let failed = failed + many(from, mls, threads, history::run_mls);
    println!("{} passed, {failed} failed", seeds + mls - failed);
    ExitCode::from(u8::from(failed > 0))
}

fn one(seed: u64, traced: bool) -> ExitCode {
    match history::run(seed, Planted::Nothing, traced) {
        Ok(()) => {
            println!("seed {seed} passed");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            failure.trace.iter().for_each(|line| println!("{line}"));
            report(&failure);
            ExitCode::FAILURE
        }
    }
}

fn many(
    from: u64,
    seeds: u64,
    threads: u64,
    run: impl Fn(u64) -> Result<(), Box<Failure>> + Sync,
) -> u64 {
    let (next, failed, began) = (AtomicU64::new(from), AtomicU64::new(0), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from + seeds {
                        return;
                    }
                    if let Err(failure) = run(seed) {
                        failed.fetch_add(1, Ordering::Relaxed);
                        report(&failure);
                    }
                    let done = seed - from + 1;
                    if done.is_multiple_of(100) {
                        eprintln!("{done} of {seeds} in {:.0?}", began.elapsed());
                    }
                }
            });
        }
    });
    failed.into_inner()
}

fn report(failure: &Failure) {
    println!(
        "seed {}: {}: {}",
        failure.seed, failure.violation.rule, failure.violation.what
    );
    println!("  again: cargo xtask sim --seed {} --trace", failure.seed);
}
