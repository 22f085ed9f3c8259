//! Runs other programs from the top of the tree and says which one failed and how to repeat it.

use std::ffi::OsStr;
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::repo;

/// A command that runs at the top of the tree.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(repo::root());
    command
}

/// The cargo that started this task, so that all steps use one toolchain.
pub fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Cargo of the nightly toolchain; through rustup, because a toolchain's own cargo does not know `+nightly`.
pub fn nightly_cargo() -> Command {
    let mut command = program("rustup");
    command.args(["run", "nightly", "cargo"]);
    command
}

/// Runs to the end with the output shown; anything but success is an error.
pub fn succeed(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("{}", failed(command, status));
    }
    Ok(())
}

/// Runs to the end with the output shown and passes the exit code on.
pub fn pass_on(command: &mut Command) -> Result<ExitCode> {
    let code = status(command)?.code();
    Ok(code
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Whether the program is there and answers with success; its output is not shown.
pub fn answers(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// The standard output of a command that must succeed. It is shown when the command fails.
pub fn output(command: &mut Command) -> Result<String> {
    let begun = command.stderr(Stdio::inherit()).output();
    let output = begun.with_context(|| not_started(command))?;
    if !output.status.success() {
        print!("{}", String::from_utf8_lossy(&output.stdout));
        bail!("{}", failed(command, output.status));
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` wrote bytes that are not UTF-8", shown(command)))
}

fn status(command: &mut Command) -> Result<ExitStatus> {
    command.status().with_context(|| not_started(command))
}

fn failed(command: &Command, status: ExitStatus) -> String {
    format!(
        "`{}` ended with {status}\n  do: read its output above",
        shown(command)
    )
}

fn not_started(command: &Command) -> String {
    format!(
        "`{}` could not be started\n  do: install or build it",
        shown(command)
    )
}

/// The command as a person would type it, with cargo's whole path shortened.
fn shown(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit('/').next().unwrap_or_default().to_owned();
    let words = command
        .get_args()
        .map(|word| word.to_string_lossy().into_owned());
    std::iter::once(name)
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_is_named_with_its_arguments() {
        let error = succeed(program("/usr/bin/env").args(["false"])).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("`env false` ended with exit status: 1")
        );
    }

    #[test]
    fn a_program_that_is_not_there_does_not_answer() {
        assert!(!answers(&mut program("no-such-program-here")));
    }
}
