//! `docs/json.md` says what is printed: its examples are read into the very types that are printed.

use openline::api::types::{
    Accepted, Alarm, Alarms, Contacts, Courier, Entry, Files, MessageEvent, Problem, Ring, Rings,
    Rosters, Tests,
};
use openline::cli::output::{
    Bearers, BundleFile, Bundled, CardFile, DemoStep, Diagnosis, Made, Opening, Salvaged,
    SavedFile, Verification, WholeStatus, Written,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const DOCUMENT: &str = include_str!("../../../../docs/json.md");

/// The examples: JSON in fences, each under the heading that names its type in back quotes.
fn examples() -> Vec<(String, Value)> {
    let mut examples = Vec::new();
    let mut heading = String::new();
    let mut example: Option<String> = None;
    for line in DOCUMENT.lines() {
        if line.starts_with('#') {
            heading = line.rsplit('`').nth(1).unwrap_or_default().to_owned();
        }
        example = match (line, example) {
            ("```json", _) => Some(String::new()),
            ("```", Some(text)) => {
                let value = serde_json::from_str(&text)
                    .unwrap_or_else(|error| panic!("{heading}: {error}"));
                examples.push((heading.clone(), value));
                None
            }
            (line, Some(text)) => Some(text + line + "\n"),
            (_, None) => None,
        };
    }
    examples
}

/// Read and written again, an example has the same keys: none is unknown, none is missing.
fn keeps_its_keys<T: DeserializeOwned + Serialize>(name: &str, example: &Value) {
    let read: T =
        serde_json::from_value(example.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let written = serde_json::to_value(&read).expect("JSON");
    assert_eq!(keys(&written), keys(example), "{name}");
}

/// Every key with the path to it.
fn keys(value: &Value) -> Vec<String> {
    let mut all = match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| {
                let below = keys(value)
                    .into_iter()
                    .map(move |rest| format!("{key}.{rest}"));
                std::iter::once(key.clone()).chain(below)
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(keys).collect(),
        _ => Vec::new(),
    };
    all.sort();
    all.dedup();
    all
}

#[test]
fn every_example_in_the_document_is_what_the_program_prints() {
    let examples = examples();
    for (name, example) in &examples {
        let check = match name.as_str() {
            "Accepted" => keeps_its_keys::<Accepted>,
            "Alarm" => keeps_its_keys::<Alarm>,
            "Alarms" => keeps_its_keys::<Alarms>,
            "Bearers" => keeps_its_keys::<Bearers>,
            "Bundled" => keeps_its_keys::<Bundled>,
            "BundleFile" => keeps_its_keys::<BundleFile>,
            "CardFile" => keeps_its_keys::<CardFile>,
            "Contacts" => keeps_its_keys::<Contacts>,
            "Courier" => keeps_its_keys::<Courier>,
            "DemoStep" => keeps_its_keys::<DemoStep>,
            "Diagnosis" => keeps_its_keys::<Diagnosis>,
            "Entry" => keeps_its_keys::<Entry>,
            "Files" => keeps_its_keys::<Files>,
            "Made" => keeps_its_keys::<Made>,
            "MessageEvent" => keeps_its_keys::<MessageEvent>,
            "Opening" => keeps_its_keys::<Opening>,
            "Problem" => keeps_its_keys::<Problem>,
            "Ring" => keeps_its_keys::<Ring>,
            "Rings" => keeps_its_keys::<Rings>,
            "Rosters" => keeps_its_keys::<Rosters>,
            "Tests" => keeps_its_keys::<Tests>,
            "SavedFile" => keeps_its_keys::<SavedFile>,
            "Salvaged" => keeps_its_keys::<Salvaged>,
            "Status" => keeps_its_keys::<WholeStatus>,
            "Verification" => keeps_its_keys::<Verification>,
            "Written" => keeps_its_keys::<Written>,
            other => panic!("an example under {other:?}, which is no type of ours"),
        };
        let mut example = example.clone();
        if name == "Problem" {
            // Added by the command line, beside the station's own form.
            assert!(
                example
                    .as_object_mut()
                    .is_some_and(|it| it.remove("exit").is_some())
            );
        }
        check(name, &example);
    }
    let mut documented: Vec<_> = examples.into_iter().map(|(name, _)| name).collect();
    documented.sort();
    documented.dedup();
    assert_eq!(documented.len(), 26, "{documented:?}");
}

#[test]
fn every_exit_code_is_documented() {
    for code in [
        "0", "1", "2", "3", "4", "5", "6", "10", "11", "12", "13", "14", "15",
    ] {
        assert!(DOCUMENT.contains(&format!("| {code} |")), "{code}");
    }
}
