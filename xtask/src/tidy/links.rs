//! Every relative link in the documents points to a file that exists, and to a heading in it; and
//! every page of `docs/` and `spec/` is linked from another, so that a reader can come to it.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::finding::Finding;
use crate::repo::{TextFile, Tree};

/// What one document links to and what can be linked to in it.
#[derive(Default)]
struct Document {
    /// Line and target.
    links: Vec<(usize, String)>,
    anchors: BTreeSet<String>,
}

/// Reads all Markdown files and follows their links inside the tree.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let documents: BTreeMap<&str, Document> = tree
        .with_ending("md")
        .map(|file| (file.path.as_str(), read(file)))
        .collect();
    let mut findings = Vec::new();
    for (path, document) in &documents {
        for (line, target) in &document.links {
            if let Some((what, remedy)) = broken(path, target, tree, &documents) {
                findings.push(Finding::at(path, *line, what, remedy));
            }
        }
    }
    findings.extend(unreachable(&documents));
    findings
}

/// Pages that no other page links to.
fn unreachable(documents: &BTreeMap<&str, Document>) -> Vec<Finding> {
    let mut linked = BTreeSet::new();
    for (from, document) in documents {
        let targets = document.links.iter().filter_map(|(_, target)| {
            let file = target.split('#').next().unwrap_or_default();
            resolve(from, file)
        });
        linked.extend(targets.filter(|path| path != from));
    }
    let pages = documents
        .keys()
        .filter(|path| path.starts_with("docs/") || path.starts_with("spec/"));
    let lost = pages.filter(|path| !linked.contains(**path));
    lost.map(|path| {
        let remedy = "link to it from the page where a reader would look for it";
        Finding::new(path, "no other page links to this one", remedy)
    })
    .collect()
}

/// What is wrong with a link, if anything.
fn broken(
    from: &str,
    target: &str,
    tree: &Tree,
    documents: &BTreeMap<&str, Document>,
) -> Option<(String, &'static str)> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() {
        Some(from.to_owned())
    } else {
        resolve(from, file)
    };
    let Some(path) = path.filter(|path| tree.has(path)) else {
        return Some((
            format!("the link `{target}` leads nowhere"),
            "correct the path",
        ));
    };
    let known = documents
        .get(path.as_str())
        .is_none_or(|to| to.anchors.contains(anchor));
    (!anchor.is_empty() && !known).then(|| {
        (
            format!("there is no heading `#{anchor}` in {path}"),
            "correct the anchor",
        )
    })
}

/// The path that a link means; none if it leaves the tree.
fn resolve(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn read(file: &TextFile) -> Document {
    let mut document = Document::default();
    let mut heading: Option<String> = None;
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    for (event, range) in Parser::new_ext(&file.text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                document.add_heading(&heading.take().unwrap_or_default());
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                let line = file.text[..range.start].matches('\n').count() + 1;
                document.links.push((line, dest_url.into_string()));
            }
            Event::Html(html) | Event::InlineHtml(html) => document.add_html_anchor(&html),
            _ => {}
        }
    }
    document
}

impl Document {
    /// A second heading of the same words gets `-1`, a third `-2`.
    fn add_heading(&mut self, heading: &str) {
        let slug = slug(heading);
        let numbered = (1..).map(|number| format!("{slug}-{number}"));
        let free = std::iter::once(slug.clone())
            .chain(numbered)
            .find(|s| !self.anchors.contains(s));
        self.anchors.extend(free);
    }

    fn add_html_anchor(&mut self, html: &str) {
        let ids = html
            .split("id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        self.anchors.extend(ids.map(str::to_owned));
    }
}

/// The anchor that forges make of a heading.
fn slug(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase)
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files))
            .into_iter()
            .map(|f| format!("{} {}", f.place, f.what))
            .collect()
    }

    #[test]
    fn a_link_to_a_file_that_is_not_there_is_named_with_its_line() {
        let found = found(&[("a.md", "# A\n\nSee [b](b.md).\n")]);
        assert_eq!(found, ["a.md:3 the link `b.md` leads nowhere"]);
    }

    #[test]
    fn a_link_that_leaves_the_tree_is_refused() {
        assert_eq!(found(&[("README.md", "[x](../secret.md)")]).len(), 1);
    }

    #[test]
    fn links_to_files_folders_headings_and_the_web_are_followed() {
        let spec = "# Frames\n## The `key id`, looked up\n<a id=\"old\"></a>\n## Same\n## Same\n";
        let readme = "[a](docs) [b](./docs/spec.md#the-key-id-looked-up) [c](https://x.example/y)\n\
                      [d](docs/spec.md#old) [e](docs/spec.md#same-1) [f](#top)\n\n# Top\n";
        assert!(found(&[("README.md", readme), ("docs/spec.md", spec)]).is_empty());
    }

    #[test]
    fn a_heading_that_was_renamed_breaks_the_link() {
        let found = found(&[("a.md", "[b](b.md#frames)"), ("b.md", "# Cells")]);
        assert_eq!(found, ["a.md:1 there is no heading `#frames` in b.md"]);
    }

    #[test]
    fn a_page_that_only_links_to_itself_is_lost() {
        let page = ("docs/a.md", "# A\n[top](#a) [top](a.md)\n");
        assert_eq!(
            found(&[page]),
            ["docs/a.md no other page links to this one"]
        );
        assert!(found(&[page, ("README.md", "[a](docs/a.md#a)")]).is_empty());
    }

    #[test]
    fn code_is_not_a_link() {
        assert!(found(&[("a.md", "`[x](y.md)`\n\n    [x](y.md)\n")]).is_empty());
    }
}
