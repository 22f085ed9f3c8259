//! Sets up what the steps need and this machine lacks.

use anyhow::Result;

use crate::run;

/// Cargo subcommands that come with the toolchain, and the rustup component of each.
const COMPONENTS: [(&str, &str); 2] = [("fmt", "rustfmt"), ("clippy", "clippy")];

/// Installs what is missing; with `--all` the tools that only the long run needs, too.
pub fn install(all: bool) -> Result<()> {
    for (subcommand, component) in COMPONENTS {
        if !has(subcommand) {
            run::succeed(run::program("rustup").args(["component", "add", component]))?;
        }
    }
    if all && !has("deny") {
        install_crate("cargo-deny")?;
    }
    if all && has_nightly() && !has("fuzz") {
        install_crate("cargo-fuzz")?;
    }
    Ok(())
}

fn has(subcommand: &str) -> bool {
    let found = run::answers(run::cargo().args([subcommand, "--version"]));
    println!(
        "cargo {subcommand}: {}",
        if found { "here" } else { "missing" }
    );
    found
}

fn has_nightly() -> bool {
    run::answers(run::nightly_cargo().arg("--version"))
}

fn install_crate(name: &str) -> Result<()> {
    println!("installing {name}; this takes some minutes, once for each machine");
    run::succeed(run::cargo().args(["install", "--locked", "--quiet", name]))
}
