//! One history from its seed to its end.

use std::panic::{AssertUnwindSafe, catch_unwind};

use openline_proto::config::Cadences;
use openline_seal::Agreement;

use crate::invariants::Violation;
use crate::node::{opened_line, opened_mls_line};
use crate::sabotage::Planted;
use crate::world::World;

/// What happened, if it was to be written down.
pub type Trace = Vec<String>;

/// How a history went wrong.
#[derive(Debug)]
pub struct Failure {
    /// Its seed.
    pub seed: u64,
    /// What was violated.
    pub violation: Violation,
    /// What happened, if it was to be written down.
    pub trace: Trace,
}

/// What happens in a history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum About {
    /// All that may befall a line.
    #[default]
    Anything,
    /// Short, and mostly of rings, with cuts and crashes in their midst.
    Rings,
}

/// Runs one seed with scripted keys; the same seed is the same history.
pub fn run(seed: u64, about: About, planted: Planted, traced: bool) -> Result<Trace, Box<Failure>> {
    let nodes = opened_line(Cadences::default());
    play(World::new(seed, about, nodes, planted, traced))
}

/// Runs one seed with MLS. The world's choices are those of the seed, the keys are not.
pub fn run_mls(seed: u64) -> Result<Trace, Box<Failure>> {
    let nodes = opened_mls_line(Cadences::default()).map_err(|error| {
        let (rule, what) = ("the line opens", error.to_string());
        let violation = Violation { rule, what };
        let trace = Vec::new();
        Box::new(Failure {
            seed,
            violation,
            trace,
        })
    })?;
    let (about, planted) = (About::Anything, Planted::Nothing);
    play(World::new(seed, about, nodes, planted, false))
}

fn play<A: Agreement>(mut world: World<A>) -> Result<Trace, Box<Failure>> {
    let (seed, planted) = (world.seed, world.planted);
    let live = AssertUnwindSafe(|| {
        world.live();
        if world.violation.is_none() {
            world.heal();
        }
    });
    let lived = planted.during(|| catch_unwind(live));
    if let Err(panic) = lived {
        let said = panic.downcast_ref::<String>().cloned();
        let what = said.or(panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        world.judge(Err(Violation {
            rule: "no panic",
            what: what.unwrap_or_default(),
        }));
    }
    let trace = world.trace().to_vec();
    match world.violation.take() {
        None => Ok(trace),
        Some(violation) => Err(Box::new(Failure {
            seed,
            violation,
            trace,
        })),
    }
}
