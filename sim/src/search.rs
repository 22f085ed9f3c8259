//! Looks for a world that notices a planted bug by the rule that it breaks. A panic does not count, nor does a world
//! that fails without the bug.

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use openline_sim::history::{self, About, Failure};
use openline_sim::sabotage::Planted;

use crate::many::Seeds;

/// Worlds that a bug may survive.
const MOST: u64 = 2_000;

/// Plants one after another and prints who found it.
pub fn all_are_found(bugs: &[Planted], from: u64, threads: u64) -> ExitCode {
    let began = Instant::now();
    let seeds = Seeds {
        from,
        many: MOST,
        threads,
    };
    let found = bugs.iter().filter(|bug| is_found(**bug, seeds)).count();
    let time = began.elapsed();
    println!("{found} of {} planted bugs found, {time:.0?}", bugs.len());
    if found < bugs.len() {
        println!(
            "  do: the world is too weak; give it a rule, weather or an action that shows the bug"
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn is_found(bug: Planted, seeds: Seeds) -> bool {
    let first = first_finder(bug, seeds);
    match &first {
        Some(Failure {
            seed, violation, ..
        }) => println!(
            "{}: found by \"{}\" at seed {seed}, after {} worlds\n  {}",
            bug.word(),
            violation.rule,
            seed - seeds.from + 1,
            violation.what
        ),
        None => println!(
            "{}: NOT FOUND by rule {} in {} worlds",
            bug.word(),
            bug.rule(),
            seeds.many
        ),
    }
    first.is_some()
}

/// The lowest seed whose world breaks the rule with the bug and none without.
fn first_finder(bug: Planted, seeds: Seeds) -> Option<Failure> {
    let about = bug.shows_in();
    let first: Mutex<Option<Failure>> = Mutex::new(None);
    seeds.each(|seed| {
        let is_before = |first: &Option<Failure>| first.as_ref().is_none_or(|f| seed < f.seed);
        if !first.lock().is_ok_and(|first| is_before(&first)) {
            return false;
        }
        let Err(failure) = history::run(seed, about, bug, false) else {
            return true;
        };
        let number = failure.violation.rule.split(' ').next();
        let is_sound = || history::run(seed, about, Planted::Nothing, false).is_ok();
        if number == Some(bug.rule()) && is_sound() {
            if let Ok(mut first) = first.lock()
                && is_before(&first)
            {
                *first = Some(*failure);
            }
            return false;
        }
        true
    });
    first.into_inner().ok().flatten()
}
