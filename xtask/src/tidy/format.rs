//! The sources look as rustfmt writes them, those of the fuzz targets too.

use super::finding::Finding;
use crate::{repo, run};

/// Asks rustfmt and shows its differences.
pub fn check() -> Vec<Finding> {
    let mut manifests = vec!["Cargo.toml"];
    if repo::root().join("fuzz/Cargo.toml").exists() {
        manifests.push("fuzz/Cargo.toml");
    }
    let wrong = manifests.into_iter().filter(|manifest| {
        let arguments = ["fmt", "--all", "--check", "--manifest-path", manifest];
        run::succeed(run::cargo().args(arguments)).is_err()
    });
    wrong
        .map(|manifest| {
            Finding::new(
                manifest,
                "rustfmt would write this workspace otherwise, or is not installed",
                format!(
                    "cargo fmt --all --manifest-path {manifest} (rustup component add rustfmt)"
                ),
            )
        })
        .collect()
}
