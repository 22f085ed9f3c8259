//! Bugs can be planted in the seeded world alone: no other manifest turns that on, and no default does.

use super::finding::Finding;
use super::layers::{Metadata, Package};

/// The feature, and the one crate that may pass it on.
const FEATURE: &str = "sabotage";
const WORLD: &str = "openline-sim";

/// Reads the features of all manifests.
pub fn check(metadata: &Metadata) -> Vec<Finding> {
    metadata.packages.iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<Finding> {
    let asked = package.dependencies.iter().filter_map(|dependency| {
        let asks = dependency.features.iter().any(|name| name == FEATURE);
        asks.then(|| format!("asks {} for planted bugs", dependency.name))
    });
    let passed = package.features.iter().filter_map(|(feature, on)| {
        let may = package.name == WORLD && feature == FEATURE;
        let passes = on.iter().any(|name| name == FEATURE || ends_so(name));
        (passes && !may).then(|| format!("its feature `{feature}` turns planted bugs on"))
    });
    asked
        .chain(passed)
        .map(|what| {
            Finding::new(
                &package.name,
                what,
                format!("only the feature `{FEATURE}` of {WORLD} may, and it is off by default"),
            )
        })
        .collect()
}

fn ends_so(name: &str) -> bool {
    name.rsplit_once('/').is_some_and(|(_, of)| of == FEATURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, asks: &[&str], feature: &str, on: &[&str]) -> usize {
        let package = serde_json::json!({
            "name": name,
            "dependencies": [
                { "name": "openline-seal", "kind": null, "path": "", "features": asks }
            ],
            "features": { feature: on },
        });
        let package = serde_json::from_value(package).expect("a manifest as cargo writes it");
        check_package(&package).len()
    }

    #[test]
    fn the_world_may_pass_the_feature_on() {
        assert_eq!(found(WORLD, &[], FEATURE, &["openline-seal/sabotage"]), 0);
    }

    #[test]
    fn a_default_a_dependency_and_another_crate_may_not_turn_it_on() {
        let seal = ["openline-seal/sabotage"];
        assert_eq!(found(WORLD, &[], "default", &[FEATURE]), 1);
        assert_eq!(found(WORLD, &[FEATURE], FEATURE, &seal), 1);
        assert_eq!(
            found("openline", &[], "extras", &["openline-seal?/sabotage"]),
            1
        );
        assert_eq!(found("openline-store", &[], FEATURE, &seal), 1);
    }
}
