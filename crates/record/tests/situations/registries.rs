//! `spec/registries.md` and the verifier use the same words.

use std::collections::BTreeSet;

use openline_record::finding::{Fault, Field};

/// The first column of the table under a heading.
fn words(heading: &str) -> BTreeSet<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/registries.md");
    let text = std::fs::read_to_string(path).expect("the registries");
    let lines = text
        .lines()
        .skip_while(|line| *line != format!("## {heading}"));
    let section = lines.skip(1).take_while(|line| !line.starts_with("## "));
    let rows = section.filter(|line| line.starts_with("| ")).skip(1);
    let word = |line: &str| line.split('|').nth(1).map(|word| word.trim().to_owned());
    rows.filter_map(word).collect()
}

/// OL-345
#[test]
fn every_word_for_a_fault_is_registered() {
    let fields = Field::ALL.iter().map(|field| field.word().to_owned());
    assert_eq!(words("Fields of findings"), fields.collect());
    let faults = Fault::WORDS.iter().map(|word| (*word).to_owned());
    assert_eq!(words("Faults"), faults.collect());
}
