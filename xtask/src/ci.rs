//! `cargo xtask ci`: what CI will say of the last commit, on a clone that has nothing but what is committed.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::repo;
use crate::run;

/// Clones the last commit below `target` and runs `.ci/run` there.
pub fn main() -> Result<ExitCode> {
    let clone = repo::root().join("target/ci-clone");
    if clone.exists() {
        fs::remove_dir_all(&clone)
            .with_context(|| format!("cannot remove the last clone, {}", clone.display()))?;
    }
    run::succeed(
        run::program("git")
            .args(["clone", "--quiet", "."])
            .arg(&clone),
    )?;
    let mut script = run::program("bash");
    script.arg(".ci/run").current_dir(&clone).env("CI", "true");
    // The clone's own cargo must find the clone's workspace, not the one that runs this task.
    for name in [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_TARGET_DIR",
    ] {
        script.env_remove(name);
    }
    run::pass_on(&mut script)
}
