//! Every numbered requirement of `spec/` has a test, and every number in the code is in `spec/`.
//!
//! A requirement is a heading `### OL-nnn title`. A test names the numbers that it shows in its doc
//! comment; a test file, a test module or a file of the simulator may name them in its `//!` lines.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};

use super::finding::Finding;
use super::functions::{docs, functions};
use super::source::{RustFile, is_for_tests};
use crate::repo::{TextFile, Tree};

/// What a number looks like: this, then digits.
const PREFIX: &str = concat!("OL", "-");
/// The checker speaks of numbers in general.
const NOT_ABOUT_US: &str = "xtask/";

/// Compares the numbers in `spec/` with those in the tests and in the rest of the code.
pub fn check(tree: &Tree, files: &[RustFile<'_>]) -> Vec<Finding> {
    let (known, mut findings) = in_spec(tree);
    let tested: BTreeSet<String> = files.iter().flat_map(in_tests).collect();
    for (id, place) in &known {
        if !tested.contains(id) {
            findings.push(Finding::new(
                place,
                format!("no test names {id}"),
                format!(
                    "write the test that fails when it does not hold, with `/// {id}` in its doc"
                ),
            ));
        }
    }
    findings.extend(unknown(files, &known));
    findings
}

/// How many requirements there are, for the report.
pub fn report(tree: &Tree) -> String {
    format!("{} numbered requirements in spec/", in_spec(tree).0.len())
}

/// The place of each requirement; one that is defined twice is a finding.
fn in_spec(tree: &Tree) -> (BTreeMap<String, String>, Vec<Finding>) {
    let mut known = BTreeMap::new();
    let mut findings = Vec::new();
    let spec = tree
        .with_ending("md")
        .filter(|file| file.path.starts_with("spec/"));
    for (id, place) in spec.flat_map(headings) {
        if let Some(first) = known.insert(id.clone(), place.clone()) {
            findings.push(Finding::new(
                &place,
                format!("{id} is defined a second time; first at {first}"),
                "give one of the two a new number; numbers are never used again",
            ));
        }
    }
    (known, findings)
}

fn headings(file: &TextFile) -> Vec<(String, String)> {
    let numbered = file.text.lines().enumerate().filter_map(|(index, line)| {
        let title = line.strip_prefix("### ")?;
        let id = ids(title).next()?;
        title
            .starts_with(&id)
            .then(|| (id, format!("{}:{}", file.path, index + 1)))
    });
    numbered.collect()
}

/// The numbers that tests of this file say they show.
fn in_tests(file: &RustFile<'_>) -> Vec<String> {
    let of_functions = functions(&file.ast)
        .into_iter()
        .filter(|f| f.is_test)
        .map(|f| f.docs);
    let is_test_file = file.test_only || file.path.starts_with("sim/");
    let of_file = is_test_file.then(|| docs(&file.ast.attrs));
    let mut modules = TestModules(Vec::new());
    modules.visit_file(&file.ast);
    let texts = of_functions.chain(of_file).chain(modules.0);
    texts
        .flat_map(|text| ids(&text).collect::<Vec<_>>())
        .collect()
}

/// Collects the docs of the modules that are compiled for tests only.
struct TestModules(Vec<String>);

impl<'ast> Visit<'ast> for TestModules {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if is_for_tests(&module.attrs) {
            self.0.push(docs(&module.attrs));
        }
        visit::visit_item_mod(self, module);
    }
}

fn unknown(files: &[RustFile<'_>], known: &BTreeMap<String, String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files
        .iter()
        .filter(|file| !file.path.starts_with(NOT_ABOUT_US))
    {
        for (index, line) in file.text.lines().enumerate() {
            for id in ids(line).filter(|id| !known.contains_key(id)) {
                findings.push(Finding::at(
                    file.path,
                    index + 1,
                    format!("{id} is not a requirement in spec/"),
                    "name the requirement that is meant, or write it down in spec/",
                ));
            }
        }
    }
    findings
}

/// All numbers in a text, in their order.
fn ids(text: &str) -> impl Iterator<Item = String> {
    text.split(PREFIX).skip(1).filter_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (digits.len() >= 3).then(|| format!("{PREFIX}{digits}"))
    })
}

#[cfg(test)]
mod tests {
    use super::super::source::parse;
    use super::*;

    const SPEC: &str = "# Entries\n### OL-001 Canonical form\nSee OL-002.\n### OL-002 Order\n";

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let tree = Tree::of(files);
        check(&tree, &parse(&tree).0)
            .into_iter()
            .map(|finding| finding.what)
            .collect()
    }

    #[test]
    fn a_requirement_without_a_test_is_named() {
        let test = "/// Shows OL-001.\n#[test] fn a() {}\n/// OL-002 in passing.\nfn b() {}";
        assert_eq!(
            found(&[("spec/a.md", SPEC), ("a.rs", test)]),
            ["no test names OL-002"]
        );
    }

    #[test]
    fn a_property_a_test_file_and_a_test_module_may_name_requirements() {
        let property = "proptest! { /// OL-001\n #[test] fn a(x in 0..9) {} }";
        let file = "//! Covers OL-002.\nfn helper() {}";
        assert!(
            found(&[
                ("spec/a.md", SPEC),
                ("a.rs", property),
                ("c/tests/b.rs", file)
            ])
            .is_empty()
        );
        let module = "#[cfg(test)] mod t { //! OL-001, OL-002\n }";
        assert!(found(&[("spec/a.md", SPEC), ("a.rs", module)]).is_empty());
    }

    #[test]
    fn the_docs_of_the_program_are_no_test() {
        let program = "//! Covers OL-001, OL-002.\nfn helper() {}";
        assert_eq!(
            found(&[("spec/a.md", SPEC), ("crates/wire/src/a.rs", program)]).len(),
            2
        );
    }

    #[test]
    fn a_number_that_spec_does_not_know_is_named_with_its_line() {
        let tree = Tree::of(&[("a.rs", "fn a() {}\n// OL-077\n")]);
        assert_eq!(check(&tree, &parse(&tree).0)[0].place, "a.rs:2");
    }

    #[test]
    fn one_number_for_two_requirements_is_refused() {
        let found = found(&[
            ("spec/a.md", "### OL-001 A\n"),
            ("spec/b.md", "### OL-001 B\n"),
        ]);
        assert_eq!(
            found[0],
            "OL-001 is defined a second time; first at spec/a.md:1"
        );
    }
}
