//! `spec/registries.md` and the code say the same.

use std::collections::BTreeMap;

use openline_wire::codes::{
    Answer, Answerer, Attestation, Comparison, Ending, Kind, Mark, Mode, PlaceForm, Precedence,
    Settled, SilenceReason, Stage, Stream, Suite, SuspensionReason, VerifyingStep,
};

/// The codes and words of the table under a heading.
fn table(heading: &str) -> BTreeMap<u64, String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/registries.md");
    let text = std::fs::read_to_string(path).expect("the registries");
    let lines = text
        .lines()
        .skip_while(|line| *line != format!("## {heading}"));
    let section = lines.skip(1).take_while(|line| !line.starts_with("## "));
    let row = |line: &str| {
        let mut cells = line.split('|').skip(1).map(str::trim);
        let code = cells.next()?.parse().ok()?;
        Some((code, cells.next()?.to_owned()))
    };
    let rows: Vec<(u64, String)> = section.filter_map(row).collect();
    let table: BTreeMap<_, _> = rows.iter().cloned().collect();
    assert_eq!(table.len(), rows.len(), "{heading}: a code stands twice");
    assert!(!table.is_empty(), "{heading}: no table");
    table
}

macro_rules! codes {
    ($type:ident) => {
        $type::ALL
            .iter()
            .map(|v| (v.code(), v.word().to_owned()))
            .collect::<BTreeMap<_, _>>()
    };
}

/// OL-303
#[test]
fn every_code_is_registered_and_every_registered_code_is_known() {
    assert_eq!(table("Streams"), codes!(Stream));
    assert_eq!(table("Precedences"), codes!(Precedence));
    assert_eq!(table("Marks"), codes!(Mark));
    assert_eq!(table("Stages"), codes!(Stage));
    assert_eq!(table("Attestations"), codes!(Attestation));
    assert_eq!(table("Silence reasons"), codes!(SilenceReason));
    assert_eq!(table("Answers"), codes!(Answer));
    assert_eq!(table("Endings"), codes!(Ending));
    assert_eq!(table("Verifying steps"), codes!(VerifyingStep));
    assert_eq!(table("Comparisons"), codes!(Comparison));
    assert_eq!(table("Settlements"), codes!(Settled));
    assert_eq!(table("Place forms"), codes!(PlaceForm));
    assert_eq!(table("Suspension reasons"), codes!(SuspensionReason));
    assert_eq!(table("Answerers"), codes!(Answerer));
    assert_eq!(table("Suites"), codes!(Suite));
    assert_eq!(table("Modes"), codes!(Mode));
}

/// OL-308
#[test]
fn the_kinds_are_those_of_the_registry() {
    let known = Kind::KNOWN
        .iter()
        .map(|kind| (kind.code(), kind.word().to_owned()));
    assert_eq!(table("Kinds"), known.collect());
}
