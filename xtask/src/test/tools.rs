//! Sets up what a step needs and this machine lacks.

use anyhow::Result;

use crate::run;

/// Cargo subcommands that come with the toolchain, and the rustup component of each.
const COMPONENTS: [(&str, &str); 2] = [("fmt", "rustfmt"), ("clippy", "clippy")];

/// Adds the toolchain's own tools.
pub fn add_components() -> Result<()> {
    for (subcommand, component) in COMPONENTS {
        if !has(subcommand) {
            run::succeed(run::program("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

/// Installs the crate that brings a cargo subcommand, unless it is here.
pub fn install(subcommand: &str, name: &str) -> Result<()> {
    if has(subcommand) {
        return Ok(());
    }
    println!("installing {name}: some minutes, once for each machine");
    // Not optimised: what they do here takes seconds, and to optimise them would take many minutes.
    run::succeed(run::cargo().args(["install", "--locked", "--quiet", "--debug", name]))
}

fn has(subcommand: &str) -> bool {
    let found = run::answers(run::cargo().args([subcommand, "--version"]));
    println!(
        "cargo {subcommand}: {}",
        if found { "here" } else { "missing" }
    );
    found
}
