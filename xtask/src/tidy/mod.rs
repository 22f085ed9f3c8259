//! `cargo xtask tidy`: the rules of the house that a compiler does not know. Each check is a file.

mod finding;
mod fluent;
mod format;
mod functions;
mod layers;
mod links;
mod picture;
mod planted;
mod purity;
mod requirements;
mod sizes;
mod source;
mod words;

use std::process::ExitCode;

use anyhow::Result;

use crate::repo::{self, Tree};
use finding::Finding;

/// Arguments of the checks.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask tidy            check everything
  cargo xtask tidy --quiet    say only what is wrong")]
pub struct Args {
    /// Leave out the figures
    #[arg(long)]
    quiet: bool,
}

/// Runs every check and prints what each found.
pub fn main(args: &Args) -> Result<ExitCode> {
    Ok(if check(args.quiet)? {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whether every check is content; what is wrong is printed.
pub fn is_tidy() -> Result<bool> {
    check(false)
}

fn check(quiet: bool) -> Result<bool> {
    let tree = Tree::read(&repo::root())?;
    let metadata = layers::metadata()?;
    let (files, unreadable) = source::parse(&tree);
    let checks = [
        ("sources", unreadable),
        ("layers", layers::check(&metadata)),
        ("planted", planted::check(&metadata)),
        ("purity", purity::check(&files)),
        ("sizes", sizes::check(&files)),
        ("requirements", requirements::check(&tree, &files)),
        ("words", words::check(&tree)),
        ("links", links::check(&tree)),
        ("languages", fluent::check(&tree)),
        ("format", format::check()),
    ];
    if !quiet {
        sizes::report(&files)
            .iter()
            .for_each(|line| println!("{line}"));
        println!("{}", requirements::report(&tree));
    }
    Ok(conclude(&checks))
}

fn conclude(checks: &[(&str, Vec<Finding>)]) -> bool {
    for (check, findings) in checks {
        findings
            .iter()
            .for_each(|finding| println!("{check}: {finding}"));
    }
    let broken: Vec<_> = checks
        .iter()
        .filter(|(_, findings)| !findings.is_empty())
        .map(|(check, findings)| format!("{check} {}", findings.len()))
        .collect();
    match broken.as_slice() {
        [] => println!("tidy: {} checks, all in order", checks.len()),
        broken => println!("tidy: broken rules: {}", broken.join(", ")),
    }
    broken.is_empty()
}
