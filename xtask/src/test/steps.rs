//! The steps of a test run, in order. What is quick and says most comes first. All run in the dev profile, with overflow
//! checks, and build the whole workspace with the same features: whoever tests, newcomer or CI, compiles every library
//! once. Only the last step builds the program as people install it.

use std::process::Command;

use anyhow::{Result, bail};

use super::{demo, interop, tools};
use crate::{fuzz, repo, run, tidy};

/// One step.
pub struct Step {
    pub name: &'static str,
    /// What it shows when it passes.
    pub shows: &'static str,
    pub only_with_all: bool,
    pub take: Take,
}

/// Takes a step; the argument says whether `--all` was asked for. A step that can't be taken here has failed.
type Take = fn(bool) -> Result<()>;

/// All steps.
#[rustfmt::skip] // a table
pub const STEPS: &[Step] = &[
    step("tools", "rustfmt and clippy are here", set_up),
    step("tidy", "the rules of the house and rustfmt", keep_tidy),
    long("clippy", "no warning in any target", clippy),
    step("tests", "unit, property, situation and corpus tests", tests),
    long("docs", "the documentation builds, its links hold", docs),
    step("demo", "the demo tells its story to the end", demo),
    step("world", "no seed of the world breaks an invariant", world),
    long("sabotage", "the world and the model of rings find every planted bug", sabotage),
    long("rings", "the model of rings within larger bounds", rings),
    long("bench", "two stations in two network namespaces", bench),
    long("interop", "the vectors, checked from the specification alone", interop),
    long("deny", "licences, bans and sources of all libraries", deny),
    long("fuzz", "5 seconds of each fuzz target", fuzz_targets),
    long("release", "the program as people install it tells the demo's story", release),
];

const fn step(name: &'static str, shows: &'static str, take: Take) -> Step {
    Step {
        name,
        shows,
        only_with_all: false,
        take,
    }
}

const fn long(name: &'static str, shows: &'static str, take: Take) -> Step {
    Step {
        name,
        shows,
        only_with_all: true,
        take,
    }
}

/// The corpora are replayed by the tests; this shows that the targets build and find nothing at once.
const SECONDS_OF_FUZZING: u32 = 5;

fn set_up(_all: bool) -> Result<()> {
    tools::add_components()
}

fn keep_tidy(_all: bool) -> Result<()> {
    if !tidy::is_tidy()? {
        bail!("the tree is not tidy\n  do: what stands behind each `do:` above");
    }
    Ok(())
}

fn clippy(_all: bool) -> Result<()> {
    passes(run::cargo().args("clippy --workspace --all-targets -- -D warnings".split(' ')))
}

/// Half of the tests wait for processes, ttys and clocks more than they compute.
const TESTS_A_CORE: usize = 2;

/// cargo-nextest, where it is installed, runs them faster; it leaves out the documentation's tests.
fn tests(_all: bool) -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let at_once = (cores * TESTS_A_CORE).to_string();
    if run::answers(run::cargo().args(["nextest", "--version"])) {
        let options = "nextest run --workspace --no-fail-fast --failure-output immediate-final";
        let mut command = run::cargo();
        command.args(options.split(' '));
        run::succeed(command.args(["--test-threads", &at_once]))?;
        return passes(run::cargo().args(["test", "--workspace", "--doc"]));
    }
    let mut command = run::cargo();
    command.args(["test", "--workspace"]);
    passes(command.env("RUST_TEST_THREADS", at_once))
}

fn docs(_all: bool) -> Result<()> {
    let mut command = run::cargo();
    passes(command.args(["doc", "--workspace", "--no-deps"]).env(
        "RUSTDOCFLAGS",
        "-D warnings -A rustdoc::private_intra_doc_links",
    ))
}

fn demo(_all: bool) -> Result<()> {
    demo::take(repo::dev_binary("openline"))
}

fn release(_all: bool) -> Result<()> {
    passes(run::cargo().args(["build", "--release"]))?;
    demo::take(repo::release_binary("openline"))
}

fn world(all: bool) -> Result<()> {
    build()?;
    passes(sim().args(["--seeds", if all { "1000" } else { "100" }]))
}

fn sabotage(_all: bool) -> Result<()> {
    let planted = ["--features", "openline-sim/sabotage"];
    let mut command = run::cargo();
    command.args(["build", "--workspace", "--bin", "openline-sim"]);
    passes(command.args(["--test", MODEL_OF_RINGS]).args(planted))?;
    passes(sim().arg("--sabotage"))?;
    passes(model_of_rings().args(planted).arg("planted"))
}

const MODEL_OF_RINGS: &str = "ring_model";

fn rings(_all: bool) -> Result<()> {
    passes(model_of_rings().env("OPENLINE_RINGS", "large"))
}

fn model_of_rings() -> Command {
    let mut command = run::cargo();
    command.args(["test", "--workspace", "--test", MODEL_OF_RINGS]);
    command
}

/// The programs, of libraries that are there. Without `--workspace` and `--tests` cargo would build these anew, with other features.
fn build() -> Result<()> {
    passes(run::cargo().args(["build", "--workspace", "--bins", "--tests"]))
}

fn bench(_all: bool) -> Result<()> {
    build()?;
    passes(measures().args(["text", "--smoke"]))?;
    // A long stream goes through to its end: no test of the core has as many entries, and real disks and sockets.
    passes(measures().args(["throughput", "--entries", "30000", "--print"]))
}

fn interop(_all: bool) -> Result<()> {
    interop::take()
}

fn deny(_all: bool) -> Result<()> {
    tools::install("deny", "cargo-deny")?;
    passes(run::cargo().args(["deny", "check", "licenses", "bans", "sources"]))
}

fn fuzz_targets(_all: bool) -> Result<()> {
    fuzz::run_all(SECONDS_OF_FUZZING, fuzz::QUICK)
}

fn passes(command: &mut Command) -> Result<()> {
    run::succeed(command)
}

fn sim() -> Command {
    run::program(repo::dev_binary("openline-sim"))
}

fn measures() -> Command {
    run::program(repo::dev_binary("openline-bench"))
}
