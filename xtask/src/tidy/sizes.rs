//! Files and functions stay small; the figures by which the field's best are compared are reported.

use super::finding::Finding;
use super::functions::{Function, functions};
use super::source::RustFile;

/// Longest file, tests included, in lines.
const FILE_LINES: usize = 500;
/// Longest function, tests included, from `fn` to its closing brace.
const FUNCTION_LINES: usize = 60;
/// Six levels of rustfmt's four spaces.
const DEEP: usize = 24;

/// Every file and function that is too long.
pub fn check(files: &[RustFile<'_>]) -> Vec<Finding> {
    let long_files = files.iter().filter_map(check_file);
    let long_functions = files.iter().flat_map(|file| {
        let all = functions(&file.ast).into_iter();
        all.filter(|function| function.lines() > FUNCTION_LINES)
            .map(|function| too_long(file.path, &function))
    });
    long_files.chain(long_functions).collect()
}

fn check_file(file: &RustFile<'_>) -> Option<Finding> {
    let lines = file.text.lines().count();
    (lines > FILE_LINES).then(|| {
        Finding::new(
            file.path,
            format!("{lines} lines; at most {FILE_LINES}"),
            "find the second mechanism in it and give it a file of its own, tests with it",
        )
    })
}

fn too_long(path: &str, function: &Function) -> Finding {
    Finding::at(
        path,
        function.first_line,
        format!(
            "`{}` has {} lines; at most {FUNCTION_LINES}",
            function.name,
            function.lines()
        ),
        "keep the branches here and move each arm's work into a function named after it",
    )
}

/// The figures of the style table, for the core's program and for everything.
pub fn report(files: &[RustFile<'_>]) -> Vec<String> {
    let core: Vec<_> = files.iter().filter(|file| file.is_core()).collect();
    let all: Vec<_> = files.iter().collect();
    [("core", core, false), ("all", all, true)]
        .into_iter()
        .filter(|(_, files, _)| !files.is_empty())
        .map(|(name, files, with_tests)| figures(name, &files, with_tests))
        .collect()
}

fn figures(name: &str, files: &[&RustFile<'_>], with_tests: bool) -> String {
    let mut sizes: Vec<_> = files
        .iter()
        .map(|f| (f.text.lines().count(), f.path))
        .collect();
    sizes.sort_unstable();
    let mut lengths: Vec<_> = files
        .iter()
        .flat_map(|file| functions(&file.ast))
        .filter(|function| with_tests || !function.for_tests)
        .map(|function| (function.lines(), function.name))
        .collect();
    lengths.sort_unstable();
    let (largest, path) = sizes.last().copied().unwrap_or_default();
    let (longest, function) = lengths.last().cloned().unwrap_or_default();
    format!(
        "{name:<5} {} files, median {}, largest {largest} ({path}); {} functions, p90 {}, \
         longest {longest} ({function}); indented 6 levels or more {:.2} %",
        sizes.len(),
        quantile(&sizes, 50),
        lengths.len(),
        quantile(&lengths, 90),
        deep_share(files),
    )
}

/// The smallest length that `percent` of the sorted values do not exceed.
fn quantile<T>(sorted: &[(usize, T)], percent: usize) -> usize {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted
        .get(rank.saturating_sub(1))
        .map_or(0, |(lines, _)| *lines)
}

/// Per cent of the lines with text that begin six levels deep.
fn deep_share(files: &[&RustFile<'_>]) -> f64 {
    let lines = || {
        files
            .iter()
            .flat_map(|file| file.text.lines())
            .filter(|line| !line.trim().is_empty())
    };
    let deep = lines()
        .filter(|line| line.len() - line.trim_start().len() >= DEEP)
        .count();
    100.0 * deep as f64 / lines().count().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::super::source::parse;
    use super::*;
    use crate::repo::Tree;

    fn check_text(text: &str) -> Vec<Finding> {
        let tree = Tree::of(&[("crates/wire/src/a.rs", text)]);
        check(&parse(&tree).0)
    }

    fn function_of(lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    step();\n".repeat(lines - 2))
    }

    #[test]
    fn a_function_of_sixty_lines_passes_and_of_sixty_one_does_not() {
        assert!(check_text(&function_of(60)).is_empty());
        let found = check_text(&function_of(61));
        assert_eq!(found[0].place, "crates/wire/src/a.rs:1");
        assert_eq!(found[0].what, "`long` has 61 lines; at most 60");
    }

    #[test]
    fn a_long_function_cannot_hide_in_a_test_or_a_macro() {
        let hidden = format!("proptest! {{\n{}}}\n", function_of(61));
        assert_eq!(check_text(&hidden).len(), 1);
        assert_eq!(
            check_text(&format!("#[cfg(test)] mod t {{\n{}}}", function_of(61))).len(),
            1
        );
    }

    #[test]
    fn a_file_of_five_hundred_lines_passes_and_one_more_does_not() {
        assert!(check_text(&"//\n".repeat(500)).is_empty());
        assert_eq!(
            check_text(&"//\n".repeat(501))[0].what,
            "501 lines; at most 500"
        );
    }

    #[test]
    fn the_figures_name_the_ninth_of_ten_functions() {
        let text: String = (2..12).map(function_of).collect();
        let tree = Tree::of(&[("crates/wire/src/a.rs", &text)]);
        let report = report(&parse(&tree).0);
        assert!(
            report[0].contains("10 functions, p90 10, longest 11 (long)"),
            "{}",
            report[0]
        );
    }
}
