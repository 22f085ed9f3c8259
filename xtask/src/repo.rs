//! The project's own files: where the tree begins, which files are in it, what they say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Folders that hold what was built or found, never what was written.
const NOT_OURS: &[&str] = &[
    ".git",
    "target",
    "corpus",
    "artifacts",
    "coverage",
    "node_modules",
];

/// Endings of the files whose text is read; others are known by their path alone.
const TEXT: &[&str] = &[
    "rs", "md", "toml", "ftl", "cddl", "sh", "py", "yml", "yaml", "service",
];

/// The top of the working tree.
pub fn root() -> PathBuf {
    // Cargo sets the variable when it runs us; the constant serves a binary that is started by hand.
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map_or(here.clone(), Path::to_path_buf)
}

/// Where cargo puts a release binary of this workspace.
pub fn release_binary(name: &str) -> PathBuf {
    target().join("release").join(name)
}

/// Where it puts one that it built for the tests.
pub fn dev_binary(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

fn target() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root().join(target)
}

/// One text file; `path` is relative to the top, with `/` between the parts.
pub struct TextFile {
    pub path: String,
    pub text: String,
}

/// All files of the project, read once and given to every check.
#[derive(Default)]
pub struct Tree {
    /// Every file, also those that hold no text.
    pub paths: BTreeSet<String>,
    /// The files whose text is read, by path.
    pub texts: Vec<TextFile>,
}

impl Tree {
    /// Reads the tree below `top`.
    pub fn read(top: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.read_folder(top, "")?;
        tree.texts.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    /// The text files with this ending (without the dot).
    pub fn with_ending<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = &'a TextFile> {
        self.texts
            .iter()
            .filter(move |file| ending_of(&file.path) == ending)
    }

    /// Whether a file or a folder of that path exists.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        path.is_empty()
            || self.paths.contains(path)
            || self
                .paths
                .range(folder.clone()..)
                .next()
                .is_some_and(|p| p.starts_with(&folder))
    }

    fn read_folder(&mut self, top: &Path, folder: &str) -> Result<()> {
        let at = top.join(folder);
        let entries = fs::read_dir(&at).with_context(|| format!("cannot list {}", at.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() {
                name.clone()
            } else {
                format!("{folder}/{name}")
            };
            if entry.file_type()?.is_dir() {
                if !NOT_OURS.contains(&name.as_str()) {
                    self.read_folder(top, &path)?;
                }
            } else {
                self.add_file(top, path)?;
            }
        }
        Ok(())
    }

    fn add_file(&mut self, top: &Path, path: String) -> Result<()> {
        if TEXT.contains(&ending_of(&path)) || path == ".ci/run" {
            let at = top.join(&path);
            let text = fs::read_to_string(&at)
                .with_context(|| format!("cannot read {} as UTF-8 text", at.display()))?;
            self.texts.push(TextFile {
                path: path.clone(),
                text,
            });
        }
        self.paths.insert(path);
        Ok(())
    }
}

fn ending_of(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

#[cfg(test)]
impl Tree {
    /// A tree of made-up files for tests.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let texts = files
            .iter()
            .map(|&(path, text)| TextFile {
                path: path.to_owned(),
                text: text.to_owned(),
            })
            .collect();
        Self {
            paths: files.iter().map(|&(path, _)| path.to_owned()).collect(),
            texts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_exists_when_a_file_lies_below_it() {
        let tree = Tree::of(&[("docs/decisions/README.md", "")]);
        assert!(tree.has("docs/decisions"));
        assert!(tree.has("docs/"));
        assert!(!tree.has("docs/dec"));
    }

    #[test]
    fn the_tree_holds_the_workspace_manifest_and_nothing_that_was_built() {
        let tree = Tree::read(&root()).unwrap();
        assert!(tree.has("Cargo.toml"));
        assert!(
            tree.with_ending("toml")
                .any(|file| file.path == "Cargo.toml")
        );
        assert!(!tree.has("target"));
    }
}
