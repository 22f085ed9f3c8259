//! Tables in Markdown, and their place in `docs/benchmarks.md`.

use std::path::Path;

use anyhow::{Context, Result, bail};

/// A table whose rows are as wide as its head.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With these columns.
    #[must_use]
    pub fn new(head: &[&str]) -> Self {
        let rule = vec!["---".to_owned(); head.len()];
        Self {
            rows: vec![head.iter().map(ToString::to_string).collect(), rule],
        }
    }

    /// One row more.
    pub fn row(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.rows[0].len());
        self.rows.push(cells);
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.rows
            .iter()
            .try_for_each(|cells| writeln!(out, "| {} |", cells.join(" | ")))
    }
}

/// Puts `text` between `<!-- name -->` and `<!-- /name -->` of a file, in place of what was there.
///
/// # Errors
/// No such file or no such place in it.
pub fn write_between_markers(file: &Path, name: &str, text: &str) -> Result<()> {
    let where_it_is = || file.display().to_string();
    let old = std::fs::read_to_string(file).with_context(where_it_is)?;
    let new = between_markers(&old, name, text).with_context(where_it_is)?;
    std::fs::write(file, new).with_context(where_it_is)
}

fn between_markers(old: &str, name: &str, text: &str) -> Result<String> {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let Some((before, rest)) = old.split_once(&begin) else {
        bail!("no line {:?}", begin.trim())
    };
    let Some((_, after)) = rest.split_once(&end) else {
        bail!("no line {end:?} after {:?}", begin.trim())
    };
    Ok(format!("{before}{begin}\n{}\n\n{end}{after}", text.trim()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_new_run_replaces_the_old_one_and_nothing_else() {
        let page = "# Figures\n<!-- bench:text -->\nold\n<!-- /bench:text -->\nend\n";
        let once = between_markers(page, "bench:text", "new\n").unwrap();
        assert_eq!(
            once,
            "# Figures\n<!-- bench:text -->\n\nnew\n\n<!-- /bench:text -->\nend\n"
        );
        assert_eq!(between_markers(&once, "bench:text", "new").unwrap(), once);
    }

    #[test]
    fn a_page_without_the_markers_is_left_alone() {
        assert!(between_markers("# Figures\n", "bench:text", "new").is_err());
        assert!(between_markers("<!-- bench:text -->\n", "bench:text", "new").is_err());
    }

    #[test]
    fn a_table_has_a_head_a_rule_and_rows() {
        let mut table = Table::new(&["link", "p50"]);
        table.row(vec!["L0".to_owned(), "1".to_owned()]);
        assert_eq!(
            table.to_string(),
            "| link | p50 |\n| --- | --- |\n| L0 | 1 |\n"
        );
    }
}
