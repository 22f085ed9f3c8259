//! Words that do not belong into what is kept: promises for later, tests that are switched off, and
//! paths of one person's machine.

use super::finding::Finding;
use crate::repo::{TextFile, Tree};

/// This file has to spell them out.
const EXEMPT: &str = "xtask/src/tidy/words.rs";

/// A word and what to do instead.
type Word = (&'static str, &'static str);

const DO_IT_NOW: &str = "do it now, or leave it out cleanly and open an issue";
const USE_RELATIVE: &str = "name it relative to the top of the tree, or take it as an argument";

const MAKE_A_FRESH_ONE: &str = "make a fresh folder (tempfile, mktemp -d); others can guess this";
const RUN_IT: &str = "make it pass everywhere, or give it to `cargo xtask test --all` as a step";

const WORDS: &[Word] = &[
    ("TODO", DO_IT_NOW),
    ("FIXME", DO_IT_NOW),
    ("XXX", DO_IT_NOW),
    ("todo!(", DO_IT_NOW),
    ("unimplemented!(", DO_IT_NOW),
    ("#[ignore", RUN_IT),
    ("/work/", USE_RELATIVE),
    ("/tmp/", MAKE_A_FRESH_ONE),
    ("../shared", USE_RELATIVE),
    ("/root/", USE_RELATIVE),
];

/// Reads every text file.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let files = tree.texts.iter().filter(|file| file.path != EXEMPT);
    files.flat_map(check_file).collect()
}

fn check_file(file: &TextFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        for (word, remedy) in WORDS.iter().filter(|(word, _)| stands_in(line, word)) {
            let what = format!("`{word}` does not belong here");
            findings.push(Finding::at(&file.path, index + 1, what, *remedy));
        }
    }
    findings
}

/// Whether the word is in the line, and not as a part of a longer word or folder name.
fn stands_in(line: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].ends_with(joins);
        let after = line[start + word.len()..].starts_with(joins);
        !(before || after && word.ends_with(joins))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        check(&Tree::of(&[("docs/a.md", text)])).len()
    }

    #[test]
    fn each_word_is_found() {
        for (word, _) in WORDS {
            assert_eq!(found(&format!("see {word} here")), 1, "{word}");
        }
    }

    #[test]
    fn a_word_inside_another_is_left_alone() {
        assert_eq!(found("TODOS, mastodon_TODO, XXXL, art/work.md, artwork"), 0);
    }

    #[test]
    fn the_line_is_named() {
        let found = check(&Tree::of(&[("a.rs", "fn f() {\n    todo!()\n}")]));
        assert_eq!(found[0].place, "a.rs:2");
    }
}
