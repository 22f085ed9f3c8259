//! Imports go down only: every dependency of every crate is in the picture or is an error.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::finding::Finding;
use super::picture::{ALLOWED, ALLOWED_IN_TESTS, Allowed, CORE, PICTURE, Row};
use crate::run;

/// Where the tables are, for the remedy.
const TABLES: &str = "xtask/src/tidy/picture.rs";

/// What `cargo metadata` says of the workspace.
#[derive(Deserialize)]
pub struct Metadata {
    pub(super) packages: Vec<Package>,
}

#[derive(Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) dependencies: Vec<Dependency>,
    /// Each feature, and what it turns on.
    pub(super) features: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// None for an ordinary one, else `dev` or `build`.
    kind: Option<String>,
    /// Set for a crate of the workspace.
    path: Option<String>,
    /// Features that it asks for.
    pub(super) features: Vec<String>,
}

impl Dependency {
    fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// Asks cargo for the manifests of the workspace.
pub fn metadata() -> Result<Metadata> {
    let json = run::output(run::cargo().args([
        "metadata",
        "--format-version",
        "1",
        "--no-deps",
        "--offline",
    ]))?;
    serde_json::from_str(&json).context("cargo metadata wrote something else than its JSON")
}

/// Compares the manifests with the picture, both ways.
pub fn check(metadata: &Metadata) -> Vec<Finding> {
    let mut findings: Vec<Finding> = metadata.packages.iter().flat_map(check_package).collect();
    findings.extend(unused_rows(metadata));
    findings
}

fn check_package(package: &Package) -> Vec<Finding> {
    let Some(row) = PICTURE.iter().find(|row| row.name == package.name) else {
        return vec![Finding::new(
            &package.name,
            "this crate is not in the picture of the layers",
            format!("add its row to {TABLES}, to ARCHITECTURE.md, and a page to docs/decisions/"),
        )];
    };
    let wrong = package
        .dependencies
        .iter()
        .filter_map(|dependency| match &dependency.path {
            Some(_) => check_inside(row, dependency),
            None if CORE.contains(&row.name) => check_outside(row, dependency),
            None => None,
        });
    wrong.collect()
}

fn check_inside(row: &Row, dependency: &Dependency) -> Option<Finding> {
    let in_picture = row.imports.contains(&dependency.name.as_str());
    let in_free_tests = row.free_tests && dependency.is_for_tests();
    (!in_picture && !in_free_tests).then(|| {
        Finding::new(
            row.name,
            format!(
                "imports {}; the picture lets it import {:?}",
                dependency.name, row.imports
            ),
            "move the code to the layer where both may see it, or pass the value in",
        )
    })
}

fn check_outside(row: &Row, dependency: &Dependency) -> Option<Finding> {
    let is_in = |table: &[Allowed]| {
        table
            .iter()
            .any(|allowed| allowed.name == dependency.name && allowed.by.contains(&row.name))
    };
    let allowed = is_in(ALLOWED) || (dependency.is_for_tests() && is_in(ALLOWED_IN_TESTS));
    (!allowed).then(|| {
        Finding::new(
            row.name,
            format!(
                "imports {}, which a core crate may not bring in",
                dependency.name
            ),
            format!("do without it, or add it to {TABLES} with the reason"),
        )
    })
}

/// A row that nobody needs any more would let a dependency come back unseen.
fn unused_rows(metadata: &Metadata) -> Vec<Finding> {
    let used: BTreeSet<(&str, &str)> = metadata
        .packages
        .iter()
        .flat_map(|p| {
            p.dependencies
                .iter()
                .map(|d| (p.name.as_str(), d.name.as_str()))
        })
        .collect();
    let rows = ALLOWED
        .iter()
        .flat_map(|allowed| allowed.by.iter().map(move |by| (*by, allowed)));
    rows.filter(|(by, allowed)| !used.contains(&(*by, allowed.name)))
        .map(|(by, allowed)| {
            Finding::new(
                TABLES,
                format!(
                    "{by} may import {} ({}), but does not",
                    allowed.name, allowed.reason
                ),
                format!("take {by} out of that row"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, Option<&str>, bool)]) -> Package {
        let dependencies = dependencies
            .iter()
            .map(|&(name, kind, inside)| Dependency {
                name: name.to_owned(),
                kind: kind.map(str::to_owned),
                path: inside.then(String::new),
                features: Vec::new(),
            })
            .collect();
        Package {
            name: name.to_owned(),
            dependencies,
            features: BTreeMap::new(),
        }
    }

    #[test]
    fn a_bearer_that_reaches_for_the_core_is_refused() {
        let found = check_package(&package("openline-net", &[("openline-proto", None, true)]));
        assert!(found[0].what.starts_with("imports openline-proto"));
        assert!(check_package(&package("openline-net", &[("socket2", None, false)])).is_empty());
    }

    #[test]
    fn a_clock_or_a_runtime_in_the_core_is_refused() {
        for name in ["tokio", "rusqlite", "getrandom", "jiff"] {
            let found = check_package(&package("openline-proto", &[(name, None, false)]));
            assert_eq!(found.len(), 1, "{name}");
        }
    }

    #[test]
    fn a_library_allowed_to_one_core_crate_is_refused_to_another() {
        assert!(check_package(&package("openline-seal", &[("mls-rs", None, false)])).is_empty());
        assert_eq!(
            check_package(&package("openline-wire", &[("mls-rs", None, false)])).len(),
            1
        );
    }

    #[test]
    fn a_test_library_is_refused_to_the_program() {
        let in_tests = package("openline-wire", &[("proptest", Some("dev"), false)]);
        let in_program = package("openline-wire", &[("proptest", None, false)]);
        assert!(check_package(&in_tests).is_empty());
        assert_eq!(check_package(&in_program).len(), 1);
    }

    #[test]
    fn only_the_tests_of_the_bench_may_import_the_core() {
        let in_tests = package("openline-bench", &[("openline-wire", Some("dev"), true)]);
        let in_program = package("openline-bench", &[("openline-wire", None, true)]);
        assert!(check_package(&in_tests).is_empty());
        assert_eq!(check_package(&in_program).len(), 1);
    }

    #[test]
    fn a_crate_outside_the_picture_and_a_row_without_a_user_are_named() {
        let metadata = Metadata {
            packages: vec![package("openline-telex", &[])],
        };
        let found = check(&metadata);
        assert!(found.iter().any(|f| f.place == "openline-telex"));
        assert!(
            found
                .iter()
                .any(|f| f.what.contains("openline-seal may import mls-rs "))
        );
    }
}
