//! `cargo xtask bench`: builds the program and the bench for speed and hands over the arguments.

use std::process::ExitCode;

use anyhow::Result;

use crate::repo;
use crate::run;

/// Arguments of the bench.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask bench text            two stations in two network namespaces (needs root)
  cargo xtask bench text --smoke    the same in a minute, to see that it runs
  cargo xtask bench peers           LXMF and XMPP beside openline (needs root, and prosody)")]
pub struct Args {
    /// Passed on to openline-bench as they are
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

/// Builds and runs; the exit code is the bench's. It measures the release binary beside its own.
pub fn main(args: &Args) -> Result<ExitCode> {
    run::succeed(run::cargo().args(["build", "--release"]).args(PACKAGES))?;
    if args.rest.first().is_some_and(|what| what == "flood") {
        run::succeed(run::cargo().args(["build", "--release"]).args(CHANGED_PEER))?;
    }
    if args.rest.first().is_some_and(|what| what == "peers") {
        set_up_peers()?;
    }
    let bench = repo::release_binary("openline-bench");
    run::pass_on(run::program(bench).args(&args.rest))
}

/// The others' libraries, apart from the machine's own.
fn set_up_peers() -> Result<()> {
    let python = repo::root().join(PEERS).join("bin/python");
    if !python.exists() {
        run::succeed(run::program("python3").args(["-m", "venv", PEERS]))?;
    }
    let pip = ["-m", "pip", "install", "--quiet", "--requirement"];
    run::succeed(
        run::program(&python)
            .args(pip)
            .arg("bench/peers/requirements.txt"),
    )
}

const PEERS: &str = "target/peers";

const PACKAGES: [&str; 4] = ["--package", "openline", "--package", "openline-bench"];

/// The station of a hostile party: it needs the core, which the bench itself knows nothing of.
const CHANGED_PEER: [&str; 4] = ["--package", "openline-bench", "--example", "changed_peer"];
