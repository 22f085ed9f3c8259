//! The Rust files of the tree, parsed once, each known as program or test.

use std::collections::BTreeSet;

use syn::{Attribute, Item, Meta};

use super::finding::Finding;
use crate::repo::{TextFile, Tree};

/// The crates of layers 0 to 2: no clock, no randomness, no I/O.
pub const CORE: &[&str] = &[
    "crates/wire/src/",
    "crates/record/src/",
    "crates/seal/src/",
    "crates/proto/src/",
];

/// One parsed file.
pub struct RustFile<'a> {
    pub path: &'a str,
    pub text: &'a str,
    pub ast: syn::File,
    /// The whole file is compiled for tests only.
    pub test_only: bool,
}

impl RustFile<'_> {
    /// Whether the file is part of the core's program, not of its tests.
    pub fn is_core(&self) -> bool {
        !self.test_only && CORE.iter().any(|folder| self.path.starts_with(folder))
    }
}

/// Parses every Rust file; one that does not parse is a finding.
pub fn parse(tree: &Tree) -> (Vec<RustFile<'_>>, Vec<Finding>) {
    let mut files = Vec::new();
    let mut findings = Vec::new();
    for TextFile { path, text } in tree.with_ending("rs") {
        match syn::parse_file(text) {
            Ok(ast) => files.push(RustFile {
                path,
                text,
                ast,
                test_only: is_in_test_folder(path),
            }),
            Err(error) => findings.push(Finding::at(
                path,
                error.span().start().line,
                format!("this is not Rust that can be read: {error}"),
                "make it compile",
            )),
        }
    }
    mark_test_modules(&mut files);
    (files, findings)
}

/// Whether these attributes keep the item out of the program: `#[test]`, `#[cfg(test)]`, `#[cfg(all(test, ..))]`.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| is_test_marker(attribute) || is_cfg_test(attribute))
}

/// Whether the attribute makes a function a test: `#[test]`, `#[tokio::test]` and the like.
pub fn is_test_marker(attribute: &Attribute) -> bool {
    attribute
        .path()
        .segments
        .last()
        .is_some_and(|segment| segment.ident == "test")
}

/// The attributes of an item; kinds that a program cannot hide behind `cfg(test)` have none.
pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else {
        return false;
    };
    let condition = list.tokens.to_string().replace(' ', "");
    list.path.is_ident("cfg") && (condition == "test" || condition.starts_with("all(test,"))
}

fn is_in_test_folder(path: &str) -> bool {
    path.contains("/tests/") || path.contains("/benches/") || path.starts_with("tests/")
}

/// A file brought in by `#[cfg(test)] mod name;` is a test, and so is all below it.
fn mark_test_modules(files: &mut [RustFile<'_>]) {
    let modules: BTreeSet<String> = files.iter().flat_map(test_modules).collect();
    for file in files {
        let is_named = modules.contains(file.path.trim_end_matches(".rs"));
        let is_below = modules
            .iter()
            .any(|module| file.path.starts_with(&format!("{module}/")));
        file.test_only |= is_named || is_below;
    }
}

/// The paths, without ending, of the modules that this file declares for tests only.
fn test_modules(file: &RustFile<'_>) -> Vec<String> {
    let folder = module_folder(file.path);
    let declared = file.ast.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.content.is_none() && is_for_tests(&module.attrs) => {
            Some(format!("{folder}/{}", module.ident))
        }
        _ => None,
    });
    declared.collect()
}

/// Where the submodules of a file lie: beside a crate or folder root, below any other file.
fn module_folder(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name {
        "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
        _ => path.trim_end_matches(".rs").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_declared_for_tests_makes_its_file_a_test() {
        let tree = Tree::of(&[
            (
                "crates/wire/src/entry.rs",
                "#[cfg(test)] mod vectors; mod header;",
            ),
            ("crates/wire/src/entry/vectors.rs", ""),
            ("crates/wire/src/entry/header.rs", ""),
            ("crates/wire/tests/situations.rs", ""),
        ]);
        let (files, _) = parse(&tree);
        let tests: Vec<_> = files
            .iter()
            .filter(|f| f.test_only)
            .map(|f| f.path)
            .collect();
        assert_eq!(
            tests,
            [
                "crates/wire/src/entry/vectors.rs",
                "crates/wire/tests/situations.rs"
            ]
        );
    }

    #[test]
    fn a_file_that_does_not_parse_is_named_with_its_line() {
        let tree = Tree::of(&[("a.rs", "fn good() {}\nfn bad( {}\n")]);
        let (_, findings) = parse(&tree);
        assert_eq!(findings[0].place, "a.rs:2");
    }
}
